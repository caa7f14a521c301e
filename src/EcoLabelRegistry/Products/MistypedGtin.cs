using System.Text;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Products;

/// <summary>A GTIN as people copy it from paper: with letters that look like digits, and with the word for it in front.</summary>
/// <param name="Digits">As many digits as a GTIN has; whether the last one fits the others is for whoever asks.</param>
/// <param name="Letters">Each letter that was taken for a digit, with that digit, in the order typed and each once; empty where only a word was left out.</param>
public sealed partial record MistypedGtin(string Digits, IReadOnlyList<(char Typed, char Meant)> Letters)
{
    private const int FewestDigits = 6;

    // What is taken for one on paper and on a screen. Letters that look like another digit in some hands only (S, B, Z) would make numbers out of words.
    private static readonly Dictionary<char, char> Looks = new() { ['O'] = '0', ['o'] = '0', ['l'] = '1', ['I'] = '1', ['i'] = '1', ['|'] = '1' };

    /// <summary>Reads a text so.</summary>
    /// <returns>Null when what remains has not the length of a GTIN, and when the text is digits alone.</returns>
    public static MistypedGtin? Of(string text)
    {
        var typed = text.Normalize(NormalizationForm.FormKC).Trim();
        var rest = Named().Match(typed) is { Success: true } named ? named.Groups["rest"].Value
            : Labelled().Match(typed) is { Success: true } labelled ? labelled.Groups["rest"].Value
            : typed;
        var digits = new StringBuilder();
        var letters = new List<(char, char)>();
        var real = 0;
        foreach (var sign in rest)
        {
            if (char.IsAsciiDigit(sign))
            {
                real++;
                digits.Append(sign);
            }
            else if (Looks.TryGetValue(sign, out var digit))
            {
                digits.Append(digit);
                if (!letters.Contains((sign, digit)))
                {
                    letters.Add((sign, digit));
                }
            }
            else if (!char.IsWhiteSpace(sign) && sign is not ('-' or '\u2010' or '\u2011'))
            {
                return null;
            }
        }

        return digits.Length is 8 or 12 or 13 or 14 && real >= FewestDigits && (letters.Count > 0 || rest.Length < typed.Length) ? new(digits.ToString(), letters) : null;
    }

    // EAN-13: 4006381333931, GTIN 4006381333931, 条码：4006381333931.
    [GeneratedRegex(
        @"^(gtin|ean|upc|jan|barcode|商品条码|条形码|条码)([ -]?(8|12|13|14|a)(?![0-9A-Za-z]))?\s*((no|nr)\b\.?)?\s*[:#]?\s*(?<rest>\S.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Named();

    // Any other word in front: Muster 4006381333931.
    [GeneratedRegex(@"^\p{L}{2,30}(\s*[:#]\s*|\s+)(?<rest>\S.*)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Labelled();
}
