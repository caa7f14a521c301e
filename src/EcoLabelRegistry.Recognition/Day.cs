namespace EcoLabelRegistry.Recognition;

/// <summary>A calendar date on which something is judged, and how the partial dates of sources are read on it.</summary>
/// <param name="Date">The date.</param>
/// <param name="IsCertain">
/// False reads a start from its first day and an end to its last, which is how dates count. True reads a start from its last day and
/// an end to its first: what holds so holds whatever the source meant.
/// </param>
internal readonly record struct Day(DateOnly Date, bool IsCertain = false)
{
    /// <summary>The day from which a start counts.</summary>
    public DateOnly StartOf(PartialDate start) => IsCertain ? start.LastDay : start.FirstDay;

    /// <summary>True from the start on; a missing start is the beginning of time.</summary>
    public bool HasBegun(PartialDate? start) => start is not { } day || Date >= StartOf(day);

    /// <summary>True after the last day; a missing end never comes.</summary>
    public bool HasEnded(PartialDate? end) => end is { } day && Date > (IsCertain ? day.FirstDay : day.LastDay);

    /// <summary>True from the first to the last day, both included.</summary>
    public bool IsWithin(PartialDate? start, PartialDate? end) => HasBegun(start) && !HasEnded(end);
}
