using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Changes;

/// <summary>How sure a fact is.</summary>
public enum Confidence
{
    /// <summary>Read in the named source.</summary>
    Verified,

    /// <summary>Read in a third party's text, or only in part.</summary>
    Secondary,

    /// <summary>Not read in a source.</summary>
    Unverified,
}

/// <summary>Where a fact comes from.</summary>
/// <param name="Title">What the source calls itself.</param>
/// <param name="Address">Any text; only http(s) is shown as a link.</param>
/// <param name="Published">When it was published.</param>
/// <param name="ReadOn">When it was read.</param>
/// <param name="Confidence">How sure it makes the fact.</param>
public sealed record Source(string? Title, string? Address = null, PartialDate? Published = null, PartialDate? ReadOn = null, Confidence? Confidence = null);

/// <summary>What every fact from the outside may carry.</summary>
public abstract record Sourced
{
    /// <summary>Sources, which may conflict; all are kept.</summary>
    public IReadOnlyList<Source>? Sources { get; init; }

    /// <summary>How sure the fact is.</summary>
    public Confidence? Confidence { get; init; }

    /// <summary>What a reader should know beside it.</summary>
    public string? Notes { get; init; }

    /// <summary>True for invented data; every answer that rests on it says so.</summary>
    public bool? Sample { get; init; }
}
