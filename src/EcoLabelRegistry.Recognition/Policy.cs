namespace EcoLabelRegistry.Recognition;

/// <summary>A purchasing policy: the labels that an authority accepts, per category. It recognises, and is never recognised.</summary>
/// <param name="Code">The registry's code.</param>
/// <param name="Accepts">Its lines, in the order of the text.</param>
public sealed record Policy(string Code, IReadOnlyList<PolicyLine> Accepts)
{
    /// <summary>True for invented data.</summary>
    public bool Sample { get; init; }
}

/// <summary>One accepted label, or "whatever this scheme recognises". Exactly one of <see cref="Scheme"/> and <see cref="RecognisedBy"/> is given.</summary>
public sealed record PolicyLine
{
    /// <summary>Code of the accepted scheme.</summary>
    public string? Scheme { get; init; }

    /// <summary>Code of the scheme whose recognition the policy accepts; its outcome is that of a full grant, whatever the level below.</summary>
    public string? RecognisedBy { get; init; }

    /// <summary>Weakest level of the step below that is accepted; null means any level with an effect.</summary>
    public Level? MinLevel { get; init; }

    /// <summary>True when a grant with an effect must run the other way too, on the date and in the same agreement.</summary>
    public bool Reciprocal { get; init; }

    /// <summary>Categories covered, with those below them; empty means all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Standards accepted; empty means all.</summary>
    public IReadOnlyList<GrantedStandard> Standards { get; init; } = [];

    /// <summary>Lowest tier accepted; null means any.</summary>
    public string? MinTier { get; init; }

    /// <summary>First day; null means always.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Last day; null means open.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>Conditions of the line.</summary>
    public IReadOnlyList<GrantCondition> Conditions { get; init; } = [];
}
