using System.Globalization;

namespace EcoLabelRegistry.Recognition;

/// <summary>A calendar date as a source gives it: a year, a month of a year, or a day.</summary>
/// <remarks>
/// Kept as given. As a start it counts from its first day, as an end to its last; what lies between is uncertain,
/// and a path that holds only there says so (<see cref="ConditionCode.DateUncertain"/>).
/// </remarks>
public readonly record struct PartialDate
{
    private PartialDate(DateOnly firstDay, DateOnly lastDay)
    {
        FirstDay = firstDay;
        LastDay = lastDay;
    }

    /// <summary>The earliest day that the date can mean.</summary>
    public DateOnly FirstDay { get; }

    /// <summary>The latest day that the date can mean.</summary>
    public DateOnly LastDay { get; }

    /// <summary>True when the source gave the day.</summary>
    public bool IsDay => FirstDay == LastDay;

    /// <summary>A date known to the day.</summary>
    public static PartialDate Of(DateOnly day) => new(day, day);

    /// <summary>A date known to the day.</summary>
    public static implicit operator PartialDate(DateOnly day) => Of(day);

    /// <summary>Reads <c>2005</c>, <c>2007-04</c> or <c>2007-04-30</c>.</summary>
    /// <exception cref="FormatException">The text is none of these, or no date of the calendar.</exception>
    public static PartialDate Parse(string text) =>
        TryParse(text, out var date) ? date : throw new FormatException($"'{text}' is not a date: YYYY, YYYY-MM or YYYY-MM-DD.");

    /// <summary>Reads <c>2005</c>, <c>2007-04</c> or <c>2007-04-30</c>.</summary>
    /// <returns>False when the text is none of these, or no date of the calendar.</returns>
    public static bool TryParse(string? text, out PartialDate date)
    {
        date = default;
        switch (text?.Length)
        {
            case 4 when DateOnly.TryParseExact(text + "-01-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var year):
                date = new(year, new DateOnly(year.Year, 12, 31));
                return true;
            case 7 when DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month):
                date = new(month, new DateOnly(month.Year, month.Month, DateTime.DaysInMonth(month.Year, month.Month)));
                return true;
            case 10 when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day):
                date = new(day, day);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The date shifted by months, as uncertain as it was; it stops at the calendar's end.</summary>
    internal PartialDate AddMonths(int months) => new(Shift(FirstDay, months), Shift(LastDay, months));

    private static DateOnly Shift(DateOnly day, int months) =>
        day > DateOnly.MaxValue.AddMonths(-months) ? DateOnly.MaxValue : day.AddMonths(months);

    /// <summary>The date as given: <c>2005</c>, <c>2007-04</c> or <c>2007-04-30</c>.</summary>
    public override string ToString() => IsDay
        ? FirstDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : FirstDay.ToString(FirstDay.Month == LastDay.Month ? "yyyy-MM" : "yyyy", CultureInfo.InvariantCulture);
}
