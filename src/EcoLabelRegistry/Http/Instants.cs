using System.Globalization;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Http;

/// <summary>Instants as RFC 3339 has them.</summary>
public static partial class Instants
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads an instant with its offset: <c>2026-11-22T09:30:00Z</c>, <c>2026-11-22T17:30:00.5+08:00</c>. What is finer than 100 ns is cut off.</summary>
    public static bool TryRead(string text, out DateTimeOffset instant)
    {
        instant = default;
        return Rfc3339().Match(text) is { Success: true } read
            && DateTimeOffset.TryParseExact(text.Remove(read.Groups["finer"].Index, read.Groups["finer"].Length).ToUpperInvariant(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant);
    }

    /// <summary>The instant in UTC.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,7}(?<finer>\d*))?([Zz]|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rfc3339();
}
