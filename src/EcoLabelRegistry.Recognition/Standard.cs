namespace EcoLabelRegistry.Recognition;

/// <summary>A scheme's criteria document for a category, known by its number; it appears in editions.</summary>
/// <param name="Id">The registry's id.</param>
/// <param name="Scheme">Code of the scheme whose document it is.</param>
/// <param name="Number">The document's number as printed: <c>HJ 2537</c>.</param>
public sealed record Standard(string Id, string Scheme, string Number)
{
    /// <summary>The category that the document is for; null when not known.</summary>
    public string? Category { get; init; }

    /// <summary>Id of the document that this one replaces under another number.</summary>
    public string? Supersedes { get; init; }

    /// <summary>Editions as recorded; empty for a document known by name only.</summary>
    public IReadOnlyList<Edition> Editions { get; init; } = [];

    /// <summary>True for invented data.</summary>
    public bool Sample { get; init; }
}

/// <summary>How completely an edition's criteria are held here.</summary>
public enum CriteriaCompleteness
{
    /// <summary>None are held.</summary>
    None,

    /// <summary>Some are held: five of them never mean that only five exist.</summary>
    Excerpt,

    /// <summary>All are held.</summary>
    Full,
}

/// <summary>One edition of a standard.</summary>
/// <param name="Label">The edition as the scheme names it: <c>2014</c>, <c>6.4</c>.</param>
public sealed record Edition(string Label)
{
    /// <summary>First day; null when not known, and then it counts from the beginning.</summary>
    public PartialDate? EffectiveFrom { get; init; }

    /// <summary>Last day of the edition itself, its transition not included; null while open.</summary>
    public PartialDate? EffectiveUntil { get; init; }

    /// <summary>Months after the end in which certificates of the edition still count; 0 when none is stated.</summary>
    public int TransitionMonths { get; init; }

    /// <summary>Label of the edition of the same standard that follows.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>How completely the criteria are held here.</summary>
    public CriteriaCompleteness Completeness { get; init; }

    /// <summary>The criteria held, in the document's order.</summary>
    public IReadOnlyList<Criterion> Criteria { get; init; } = [];
}

/// <summary>How a criterion limits its parameter (a closed list).</summary>
public enum Comparator
{
    /// <summary>At most the limit.</summary>
    AtMost,

    /// <summary>Below the limit.</summary>
    Below,

    /// <summary>At least the limit.</summary>
    AtLeast,

    /// <summary>Above the limit.</summary>
    Above,

    /// <summary>Exactly the limit.</summary>
    Equal,

    /// <summary>From the limit to the maximum, both included.</summary>
    Between,

    /// <summary>Between the limit and the maximum, neither included.</summary>
    BetweenExclusive,

    /// <summary>Must be there or be done.</summary>
    Present,

    /// <summary>Must not be there or be done.</summary>
    Absent,

    /// <summary>Not found by the method, whose detection limit matters.</summary>
    NotDetected,

    /// <summary>One of the values listed.</summary>
    OneOf,

    /// <summary>At least so many times in the unit's period.</summary>
    Frequency,

    /// <summary>Points towards a total; never mandatory by itself.</summary>
    Points,

    /// <summary>A limit that another document sets.</summary>
    ByReference,

    /// <summary>A definition; nothing to prove.</summary>
    Definition,

    /// <summary>An exemption; nothing to prove.</summary>
    Exemption,

    /// <summary>A time-limited relief; nothing to prove.</summary>
    Derogation,
}

/// <summary>One requirement of an edition, as typed values.</summary>
/// <param name="Ref">Where it stands in the document: <c>5.3</c>. Unique in the edition.</param>
/// <param name="Comparator">How the parameter is limited.</param>
public sealed record Criterion(string Ref, Comparator Comparator)
{
    /// <summary>The area it belongs to: hazardous substances, energy. Comparisons count by it.</summary>
    public string? Aspect { get; init; }

    /// <summary>Life-cycle stage.</summary>
    public string? Stage { get; init; }

    /// <summary>The registry's code of what is limited: <c>voc-content</c>. Criteria of different parameters never compare.</summary>
    public string? Parameter { get; init; }

    /// <summary>The limit, in <see cref="Unit"/>; the lower bound of a range.</summary>
    public decimal? Limit { get; init; }

    /// <summary>The upper bound of a range, in <see cref="Unit"/>.</summary>
    public decimal? LimitMax { get; init; }

    /// <summary>The values allowed by <see cref="Recognition.Comparator.OneOf"/>.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>Unit as a UCUM code: <c>g/L</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>What the value refers to: <c>ready-to-use</c>, <c>fibre-mass</c>.</summary>
    public string? Basis { get; init; }

    /// <summary>Which definition of the parameter is used: <c>boiling-point-250c</c>.</summary>
    public string? Definition { get; init; }

    /// <summary>Test method: <c>ISO 11890-2</c>.</summary>
    public string? Method { get; init; }

    /// <summary>The sub-type of product it applies to; null for all.</summary>
    public string? AppliesTo { get; init; }

    /// <summary>True when it must be met; false for points and options.</summary>
    public bool Mandatory { get; init; } = true;

    /// <summary>Criteria of one group are alternatives: one of them suffices.</summary>
    public string? AlternativeGroup { get; init; }

    /// <summary>Last day of a derogation.</summary>
    public PartialDate? Until { get; init; }
}
