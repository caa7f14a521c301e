using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Categories;

/// <summary>A product category, as recorded.</summary>
public record CategoryEntry : Sourced
{
    /// <summary>Dotted code.</summary>
    public string? Code { get; init; }

    /// <summary>Code of the category above.</summary>
    public string? Parent { get; init; }

    /// <summary>Names by language.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>What other classifications call it.</summary>
    public CategoryCodes? Codes { get; init; }

    /// <summary>What a decision needs of it.</summary>
    public Category ToModel() => new(Code!, Parent);
}

/// <summary>Codes of other classifications.</summary>
/// <param name="Cpv">CPV 2008, with or without the check digit.</param>
/// <param name="Unspsc">UNSPSC, eight digits.</param>
public sealed record CategoryCodes(IReadOnlyList<string>? Cpv = null, IReadOnlyList<string>? Unspsc = null);
