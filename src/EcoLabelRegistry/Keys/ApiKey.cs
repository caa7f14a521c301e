using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EcoLabelRegistry.Keys;

/// <summary>A secret of 256 random bits, with an id in front by which it is found: <c>elr_{id}_{secret}</c>.</summary>
/// <param name="Id">16 hexadecimal digits; no secret.</param>
/// <param name="Text">The whole, as its owner sends it.</param>
public sealed record ApiKey(string Id, string Text)
{
    private const string Prefix = "elr_";
    private const int IdLength = 16;

    /// <summary>SHA-256 of the whole: all that is stored. With 256 random bits nothing slower is needed.</summary>
    public string Hash => HashOf(Text);

    /// <summary>Makes a new key.</summary>
    public static ApiKey Make()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
        return new(id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}");
    }

    /// <summary>Takes a key apart; null when the text has not the form of one.</summary>
    public static ApiKey? Read(string text) =>
        text.Length > Prefix.Length + IdLength + 1 && text.StartsWith(Prefix, StringComparison.Ordinal) && text[Prefix.Length + IdLength] == '_'
            ? new(text.Substring(Prefix.Length, IdLength), text)
            : null;

    /// <summary>SHA-256 of a secret, in lower-case hexadecimal.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Compares two hashes in a time that says nothing of where they differ.</summary>
    public static bool IsSame(string hash, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(other));
}
