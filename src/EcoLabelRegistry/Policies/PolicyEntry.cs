using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Policies;

/// <summary>A purchasing policy, as recorded.</summary>
public sealed record PolicyEntry : Sourced
{
    /// <summary>Lower kebab-case.</summary>
    public string? Code { get; init; }

    /// <summary>The authority, as the source names it.</summary>
    public string? Authority { get; init; }

    /// <summary>Names by language.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>ISO 3166-1, or <c>EU</c>, <c>UN</c>.</summary>
    public string? Jurisdiction { get; init; }

    /// <summary>Must equivalent labels be accepted? Absent when the source does not say.</summary>
    public bool? EquivalentsAccepted { get; init; }

    /// <summary>Mandatory, preferred, recommended: the source's words.</summary>
    public string? Obligation { get; init; }

    /// <summary>The labels accepted.</summary>
    public IReadOnlyList<PolicyLineEntry>? Accepts { get; init; }

    /// <summary>The law or order that it rests on.</summary>
    public string? LegalBasis { get; init; }

    /// <summary>What a decision needs of it.</summary>
    public Policy ToModel() => new(Code!, [.. (Accepts ?? []).Select(a => a.ToModel())]) { Sample = Sample ?? false };
}

/// <summary>One accepted label, or what a scheme recognises.</summary>
public record PolicyLineEntry : Sourced
{
    /// <summary>Code of the scheme accepted.</summary>
    public string? Scheme { get; init; }

    /// <summary>Code of the scheme whose recognition is accepted.</summary>
    public string? RecognisedBy { get; init; }

    /// <summary>Weakest level accepted, with <see cref="RecognisedBy"/>.</summary>
    public Level? MinLevel { get; init; }

    /// <summary>Must recognition run both ways, with <see cref="RecognisedBy"/>?</summary>
    public bool? Reciprocal { get; init; }

    /// <summary>Codes of the categories covered; none means all.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Standards accepted; none means all.</summary>
    public IReadOnlyList<GrantedStandardEntry>? Standards { get; init; }

    /// <summary>Lowest tier accepted.</summary>
    public string? MinTier { get; init; }

    /// <summary>First day.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Last day.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>Conditions.</summary>
    public IReadOnlyList<ConditionEntry>? Conditions { get; init; }

    /// <summary>True from its first day to its last, a partial date counted from its first day as a start and to its last as an end.</summary>
    public bool IsInForce(DateOnly day) => !(From?.FirstDay > day) && !(Until?.LastDay < day);

    /// <summary>What a decision needs of it.</summary>
    public PolicyLine ToModel() => new()
    {
        Scheme = Scheme,
        RecognisedBy = RecognisedBy,
        MinLevel = MinLevel,
        Reciprocal = Reciprocal ?? false,
        Categories = Categories ?? [],
        Standards = [.. (Standards ?? []).Select(s => s.ToModel())],
        MinTier = MinTier,
        From = From,
        Until = Until,
        Conditions = [.. (Conditions ?? []).Select(c => c.ToModel())],
    };
}
