namespace EcoLabelRegistry.Database;

/// <summary>The service cannot start. The message is one line for the person who started it, and says what to do.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
