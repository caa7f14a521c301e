using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EcoLabelRegistry.Http;

/// <summary>The calendar date that a question is about, from 1970 to 2199. Absent means today, UTC.</summary>
public readonly record struct AsOf(DateOnly Day) : ITextValue<AsOf>
{
    private const int FirstYear = 1970;
    private const int LastYear = 2199;

    /// <inheritdoc />
    public static ValueShape Shape { get; } = new("string", Format: "date", Example: "2026-11-22");

    /// <summary>The date as UTC has it now.</summary>
    public static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <inheritdoc />
    public static bool TryRead(string text, out AsOf value, [NotNullWhen(false)] out Message? fault)
    {
        fault = !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new Message("fault.date", text)
            : day.Year is < FirstYear or > LastYear ? new Message("fault.date-range", text) : null;
        value = new(day);
        return fault is null;
    }

    /// <inheritdoc />
    public override string ToString() => Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
