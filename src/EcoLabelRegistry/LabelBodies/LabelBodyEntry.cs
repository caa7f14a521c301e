using EcoLabelRegistry.Changes;

namespace EcoLabelRegistry.LabelBodies;

/// <summary>An organisation behind one or more schemes, as recorded.</summary>
public record LabelBodyEntry : Sourced
{
    /// <summary>Lower kebab-case.</summary>
    public string? Code { get; init; }

    /// <summary>Names by language.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>ISO 3166-1, or <c>EU</c>, <c>UN</c>.</summary>
    public string? Country { get; init; }

    /// <summary>Address of its site.</summary>
    public string? Website { get; init; }

    /// <summary>Code of the body that it succeeded.</summary>
    public string? SuccessorOf { get; init; }
}
