using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Changes;

/// <summary>The number of an entry of the log, in an address.</summary>
public readonly record struct RevisionNumber(long Value) : ITextValue<RevisionNumber>
{
    /// <inheritdoc />
    public static ValueShape Shape { get; } = new("integer", Format: "int64", Example: "412", Minimum: 0);

    /// <inheritdoc />
    public static bool TryRead(string text, out RevisionNumber value, [NotNullWhen(false)] out Message? fault)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        (value, fault) = (new(number), read ? null : new Message("fault.revision", text));
        return read;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
