using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EcoLabelRegistry.Products;

/// <summary>What makes two texts the same product or the same number, and what makes one findable.</summary>
public static class ProductIdentity
{
    private static readonly SearchValues<char> Dropped = SearchValues.Create("./\\_·・。");

    /// <summary>A text as identity takes it: NFKC, trimmed. Case and punctuation are kept.</summary>
    public static string Of(string text) => text.Normalize(NormalizationForm.FormKC).Trim();

    /// <summary>Id of the product with this brand and model; null unless both are given.</summary>
    public static string? IdOf(string? brand, string? model) =>
        brand is null || model is null ? null : "p-" + Hash(Of(brand) + "\n" + Of(model));

    /// <summary>Id of the certificate with this scheme and number (or key).</summary>
    public static string CertificateId(string scheme, string? number, string? key) =>
        scheme + "-" + Hash(number is null ? "key\n" + Of(key!) : "number\n" + Of(number));

    /// <summary>
    /// A text for finding only: case and width folded; blanks, hyphens, dots, slashes, underscores and brackets dropped;
    /// never <c>+</c> or <c>#</c>, which tell schemes and models apart. A text of nothing else stays as identity takes it.
    /// </summary>
    public static string FindKey(string text)
    {
        var identity = Of(text);
        var key = new StringBuilder(identity.Length);
        foreach (var letter in identity)
        {
            var dropped = Dropped.Contains(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.SpaceSeparator
                or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.DashPunctuation or UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation;
            if (!dropped)
            {
                key.Append(char.ToLowerInvariant(letter));
            }
        }

        return key.Length == 0 ? identity : key.ToString();
    }

    /// <summary>The find key of a product; the separator cannot occur in a find key.</summary>
    public static string FindKey(string brand, string model) => FindKey(brand) + "\n" + FindKey(model);

    // 80 bits: two of a million products collide once in about 10^12 registries.
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 10));
}
