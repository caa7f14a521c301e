using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Standards;

/// <summary>A criteria document with its editions, as recorded.</summary>
public record StandardEntry : Sourced
{
    /// <summary>The registry's id.</summary>
    public string? Id { get; init; }

    /// <summary>Code of the scheme whose document it is.</summary>
    public string? Scheme { get; init; }

    /// <summary>The number as printed.</summary>
    public string? Number { get; init; }

    /// <summary>Titles by language.</summary>
    public IReadOnlyDictionary<string, string>? Titles { get; init; }

    /// <summary>Code of the category that it is for.</summary>
    public string? Category { get; init; }

    /// <summary>Id of the document that it replaces under another number.</summary>
    public string? Supersedes { get; init; }

    /// <summary>Editions; none for a document known by name only.</summary>
    public IReadOnlyList<EditionEntry>? Editions { get; init; }

    /// <summary>What a decision needs of it.</summary>
    public Standard ToModel() => new(Id!, Scheme!, Number!)
    {
        Category = Category,
        Supersedes = Supersedes,
        Editions = [.. (Editions ?? []).Select(e => e.ToModel())],
        Sample = Sample ?? false,
    };
}

/// <summary>One edition, as recorded.</summary>
public sealed record EditionEntry : Sourced
{
    /// <summary>As the scheme names it.</summary>
    public string? Edition { get; init; }

    /// <summary>First day.</summary>
    public PartialDate? EffectiveFrom { get; init; }

    /// <summary>Last day, without the transition.</summary>
    public PartialDate? EffectiveUntil { get; init; }

    /// <summary>Months after the end in which its certificates still count.</summary>
    public int? TransitionMonths { get; init; }

    /// <summary>The edition that follows.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>How completely the criteria are held here.</summary>
    public CriteriaCompleteness? CriteriaCompleteness { get; init; }

    /// <summary>The criteria, in the document's order.</summary>
    public IReadOnlyList<CriterionEntry>? Criteria { get; init; }

    /// <summary>What a decision needs of it.</summary>
    public Edition ToModel() => new(Edition!)
    {
        EffectiveFrom = EffectiveFrom,
        EffectiveUntil = EffectiveUntil,
        TransitionMonths = TransitionMonths ?? 0,
        SupersededBy = SupersededBy,
        Completeness = CriteriaCompleteness ?? Recognition.CriteriaCompleteness.None,
        Criteria = [.. (Criteria ?? []).Select(c => c.ToModel())],
    };
}

/// <summary>One requirement, as recorded.</summary>
public sealed record CriterionEntry : Sourced
{
    /// <summary>Where it stands in the document.</summary>
    public string? Ref { get; init; }

    /// <summary>The area it belongs to.</summary>
    public string? Aspect { get; init; }

    /// <summary>Life-cycle stage.</summary>
    public string? Stage { get; init; }

    /// <summary>Code of what is limited.</summary>
    public string? Parameter { get; init; }

    /// <summary>Names of the parameter, by language.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>The source's words, in short.</summary>
    public string? Text { get; init; }

    /// <summary>How the parameter is limited.</summary>
    public Comparator? Comparator { get; init; }

    /// <summary>The limit, in the unit.</summary>
    public decimal? Limit { get; init; }

    /// <summary>The upper bound of a range, in the unit.</summary>
    public decimal? LimitMax { get; init; }

    /// <summary>The values allowed.</summary>
    public IReadOnlyList<string>? OneOf { get; init; }

    /// <summary>UCUM code.</summary>
    public string? Unit { get; init; }

    /// <summary>What the value refers to.</summary>
    public string? Basis { get; init; }

    /// <summary>Which definition of the parameter is used.</summary>
    public string? Definition { get; init; }

    /// <summary>Test method.</summary>
    public string? Method { get; init; }

    /// <summary>The sub-type of product it applies to.</summary>
    public string? AppliesTo { get; init; }

    /// <summary>Must it be met?</summary>
    public bool? Mandatory { get; init; }

    /// <summary>Criteria of one group are alternatives.</summary>
    public string? AlternativeGroup { get; init; }

    /// <summary>Last day of a derogation.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>What a decision needs of it.</summary>
    public Criterion ToModel() => new(Ref!, Comparator ?? Recognition.Comparator.ByReference)
    {
        Aspect = Aspect,
        Stage = Stage,
        Parameter = Parameter,
        Limit = Limit,
        LimitMax = LimitMax,
        OneOf = OneOf ?? [],
        Unit = Unit,
        Basis = Basis,
        Definition = Definition,
        Method = Method,
        AppliesTo = AppliesTo,
        Mandatory = Mandatory ?? Comparator is not Recognition.Comparator.Points,
        AlternativeGroup = AlternativeGroup,
        Until = Until,
    };
}
