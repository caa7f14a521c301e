using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Database;

/// <summary>The program cannot do what it was started for. The text is one line for the person who started it, and says what to do.</summary>
public sealed class StartupException(Message text, Exception? inner = null) : Exception(text.In(Language.English), inner)
{
    /// <summary>The line, in the language of whoever reads it.</summary>
    public Message Text => text;

    /// <summary>What the process ends with: 1, or 2 when it was called wrongly.</summary>
    public int ExitCode { get; init; } = 1;
}
