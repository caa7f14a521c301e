using System.Diagnostics.CodeAnalysis;

namespace EcoLabelRegistry.Http;

/// <summary>A value that a request gives as text, in the query or as a JSON string. Once read, nobody parses it again.</summary>
public interface ITextValue<TSelf>
    where TSelf : ITextValue<TSelf>
{
    /// <summary>How the value is described to integrators.</summary>
    static abstract ValueShape Shape { get; }

    /// <summary>Reads the value.</summary>
    /// <param name="text">The text as given.</param>
    /// <param name="value">The value.</param>
    /// <param name="fault">What is wrong with it, and what would be right.</param>
    /// <returns>False when the text is no such value.</returns>
    static abstract bool TryRead(string text, [NotNullWhen(true)] out TSelf? value, [NotNullWhen(false)] out Message? fault);
}

/// <summary>A value as OpenAPI describes it.</summary>
/// <param name="Type">JSON type.</param>
/// <param name="Format">Format of OpenAPI: <c>date</c>.</param>
/// <param name="Pattern">Regular expression, anchored.</param>
/// <param name="Example">An example that is a true value.</param>
/// <param name="OneOf">The values allowed, when they are a closed list.</param>
/// <param name="Minimum">Least number.</param>
/// <param name="Maximum">Greatest number.</param>
public sealed record ValueShape(
    string Type,
    string? Format = null,
    string? Pattern = null,
    string? Example = null,
    IReadOnlyList<string>? OneOf = null,
    long? Minimum = null,
    long? Maximum = null);
