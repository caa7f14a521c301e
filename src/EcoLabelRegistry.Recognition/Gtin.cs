using System.Buffers;

namespace EcoLabelRegistry.Recognition;

/// <summary>A GS1 trade item number, compared as 14 digits with zeros in front, so that indicator digits 1 to 9 are other items.</summary>
/// <remarks>Source: GS1 General Specifications, 7.9 (check digit: weights 3 and 1 from the right), and GS1 Digital Link URI Syntax (primary key 01).</remarks>
public readonly record struct Gtin
{
    private static readonly SearchValues<char> Dropped = SearchValues.Create(" -\u00A0\u2010\u2011\u3000\uFF0D");

    private Gtin(string digits)
    {
        Digits = digits;
    }

    /// <summary>All 14 digits.</summary>
    public string Digits { get; }

    /// <summary>Reads 8, 12, 13 or 14 digits, or a GS1 Digital Link URI that carries them. Blanks and hyphens between the digits, and their width, do not matter.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static GtinFault? Read(string text, out Gtin gtin)
    {
        gtin = default;
        var given = text.Trim();
        if (given.Contains("://", StringComparison.Ordinal))
        {
            if (InLink(given) is not { } inLink)
            {
                return new(GtinFaultKind.NoGtinInLink);
            }

            given = inLink;
        }

        Span<char> all = stackalloc char[2 * 14];
        all[..14].Fill('0');
        var digits = all[14..];
        var length = 0;
        foreach (var letter in given)
        {
            // Full-width digits stand 0xFEE0 above the ASCII ones.
            var digit = letter is >= '\uFF10' and <= '\uFF19' ? (char)(letter - 0xFEE0) : letter;
            if (char.IsAsciiDigit(digit))
            {
                if (length < digits.Length)
                {
                    digits[length] = digit;
                }

                length++;
            }
            else if (!Dropped.Contains(letter))
            {
                return new(GtinFaultKind.NotDigits);
            }
        }

        if (length is not (8 or 12 or 13 or 14))
        {
            return new(GtinFaultKind.WrongLength, Length: length);
        }

        var padded = all.Slice(length, 14); // the zeros stand before the digits already
        var expected = CheckDigit(padded[..13]);
        if (padded[13] != expected)
        {
            return new(GtinFaultKind.WrongCheckDigit, CheckDigit: padded[13], Expected: expected);
        }

        gtin = new(padded.ToString());
        return null;
    }

    /// <summary>Reads a GTIN as <see cref="Read"/> does.</summary>
    /// <returns>False when the text is none.</returns>
    public static bool TryParse(string? text, out Gtin gtin)
    {
        gtin = default;
        return text is not null && Read(text, out gtin) is null;
    }

    /// <summary>The digit that makes 13 digits a GTIN.</summary>
    public static char CheckDigit(ReadOnlySpan<char> thirteen)
    {
        var sum = 0;
        for (var i = 0; i < thirteen.Length; i++)
        {
            sum += (thirteen[i] - '0') * ((thirteen.Length - i) % 2 == 1 ? 3 : 1);
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    /// <inheritdoc />
    public override string ToString() => Digits;

    // https://id.gs1.org/01/09506000134352/10/ABC: the key stands anywhere in the path, before its qualifiers.
    private static string? InLink(string link)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return null;
        }

        var parts = address.AbsolutePath.Split('/');
        var key = Array.IndexOf(parts, "01");
        return key >= 0 && key + 1 < parts.Length ? parts[key + 1] : null;
    }
}

/// <summary>What can be wrong with a GTIN.</summary>
public enum GtinFaultKind
{
    /// <summary>Something other than digits.</summary>
    NotDigits,

    /// <summary>Not 8, 12, 13 or 14 digits.</summary>
    WrongLength,

    /// <summary>The last digit does not fit the others.</summary>
    WrongCheckDigit,

    /// <summary>An address without a GTIN in it.</summary>
    NoGtinInLink,
}

/// <summary>What is wrong with a GTIN.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Length">How many digits were given, for a wrong length.</param>
/// <param name="CheckDigit">The last digit given, for a wrong check digit.</param>
/// <param name="Expected">The digit that would fit, for a wrong check digit.</param>
public sealed record GtinFault(GtinFaultKind Kind, int Length = 0, char CheckDigit = '0', char Expected = '0');
