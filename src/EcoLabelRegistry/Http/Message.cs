using EcoLabelRegistry.Resources;

namespace EcoLabelRegistry.Http;

/// <summary>A sentence for a person, not yet in a language: the key of a text and what fills its placeholders.</summary>
public sealed record Message(string Key, params object?[] Values)
{
    /// <summary>The sentence in a language.</summary>
    public string In(Language language) => Texts.Of(Key, language, Values);
}
