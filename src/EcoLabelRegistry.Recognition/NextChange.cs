namespace EcoLabelRegistry.Recognition;

/// <summary>Finds the first day after a date on which something recorded may change.</summary>
/// <remarks>It may name a day on which nothing changes, and never misses one on which something does.</remarks>
internal struct NextChange(DateOnly after)
{
    private readonly DateOnly _after = after;

    /// <summary>The day found so far; null when nothing changes any more.</summary>
    public DateOnly? Day { get; private set; }

    /// <summary>True when some date that was looked at, past or future, is not known to the day.</summary>
    public bool HasPartialDates { get; private set; }

    /// <summary>Something begins: it may from the first day on, and has on the last.</summary>
    public void Begins(PartialDate? start)
    {
        if (start is { } day)
        {
            HasPartialDates |= !day.IsDay;
            Consider(day.FirstDay);
            Consider(day.LastDay);
        }
    }

    /// <summary>Something ends: it may have after the first day, and has after the last.</summary>
    public void Ends(PartialDate? end)
    {
        if (end is { } day)
        {
            HasPartialDates |= !day.IsDay;
            ConsiderDayAfter(day.FirstDay);
            ConsiderDayAfter(day.LastDay);
        }
    }

    /// <summary>A grant, with its agreement, changes.</summary>
    public void Changes(GrantLine line)
    {
        var stretch = line.Around(_after);
        HasPartialDates |= stretch.HasPartialDates;
        if (stretch.ChangesOn is { } day)
        {
            Consider(day);
        }
    }

    private void ConsiderDayAfter(DateOnly day)
    {
        if (day < DateOnly.MaxValue)
        {
            Consider(day.AddDays(1));
        }
    }

    private void Consider(DateOnly day)
    {
        if (day > _after && (Day is not { } found || day < found))
        {
            Day = day;
        }
    }
}
