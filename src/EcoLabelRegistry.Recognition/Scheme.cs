namespace EcoLabelRegistry.Recognition;

/// <summary>How completely a scheme's register of certificates is held here.</summary>
public enum RegisterCoverage
{
    /// <summary>No certificates are held, or nothing is known of it.</summary>
    None,

    /// <summary>Some certificates are held: a missing one means nothing.</summary>
    Partial,

    /// <summary>Every certificate is held: a missing one is not in the register.</summary>
    Full,
}

/// <summary>What a scheme is.</summary>
public enum SchemeKind
{
    /// <summary>An eco-label programme that certifies products.</summary>
    Scheme,

    /// <summary>A set of common criteria, kept like a scheme; it certifies nothing.</summary>
    CriteriaSet,
}

/// <summary>An eco-label programme, as far as a decision needs it.</summary>
/// <param name="Code">Lower kebab-case: <c>sgls-plus</c>.</param>
/// <param name="Body">Code of the label body that writes for the scheme and signs.</param>
public sealed record Scheme(string Code, string Body)
{
    /// <summary>Scheme or criteria set.</summary>
    public SchemeKind Kind { get; init; }

    /// <summary>The scheme that this one is a sub-scheme of.</summary>
    public string? Parent { get; init; }

    /// <summary>True when the sub-scheme says that its certificates are its parent's as well.</summary>
    public bool CountsAsParent { get; init; }

    /// <summary>Tiers of the label, lowest first; empty when it has none.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Months between two surveillance audits; null when none are required or known.</summary>
    public int? SurveillanceMonths { get; init; }

    /// <summary>How completely the register is held here.</summary>
    public RegisterCoverage Coverage { get; init; }

    /// <summary>The day to which the register is held; null when not known.</summary>
    public PartialDate? RegisterAsOf { get; init; }

    /// <summary>True for invented data.</summary>
    public bool Sample { get; init; }
}
