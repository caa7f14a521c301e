using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Keys;

/// <summary>Until when a key is valid: an instant, or a calendar date, which is included (UTC).</summary>
/// <param name="End">The first instant at which it is no longer valid.</param>
public readonly record struct KeyExpiry(DateTimeOffset End) : ITextValue<KeyExpiry>
{
    /// <inheritdoc />
    public static ValueShape Shape { get; } = new("string", Example: "2027-12-31");

    /// <inheritdoc />
    public static bool TryRead(string text, out KeyExpiry value, [NotNullWhen(false)] out Message? fault)
    {
        var read = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue;
        var end = read ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : default;
        read = read || Instants.TryRead(text, out end);
        (value, fault) = (new(end), read ? null : new Message("fault.key-expiry", text));
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Instants.Text(End);
}
