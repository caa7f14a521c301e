using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EcoLabelRegistry.Changes;

/// <summary>One entry of the log, as stored.</summary>
/// <param name="Revision">Its number; the log has no gaps.</param>
/// <param name="At">Instant, RFC 3339 in UTC with microseconds; never earlier than that of the entry before.</param>
/// <param name="Actor">Who wrote: <c>registrar</c>, or <c>body:geca</c>.</param>
/// <param name="Type">What kind of write: <c>scheme-put</c>.</param>
/// <param name="Subject">Address of what was written: <c>/v1/schemes/cel</c>.</param>
/// <param name="Data">Canonical JSON.</param>
/// <param name="Salts">Salts and digests of the personal members of <paramref name="Data"/>.</param>
/// <param name="Digest">Digest of the data that the chain covers.</param>
/// <param name="PreviousHash">Hash of the entry before; 64 zeros before the first.</param>
/// <param name="Hash">Hash over the previous hash and everything above but data and salts.</param>
public sealed record Change(
    long Revision,
    string At,
    string Actor,
    string Type,
    string Subject,
    string Data,
    string Salts,
    string Digest,
    string PreviousHash,
    string Hash)
{
    /// <summary>What stands before the first entry.</summary>
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The hash of an entry: SHA-256, in lower-case hexadecimal, of its members joined by line feeds.</summary>
    public static string HashOf(string previousHash, long revision, string at, string actor, string type, string subject, string digest) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{previousHash}\n{revision}\n{at}\n{actor}\n{type}\n{subject}\n{digest}"))));

    /// <summary>How an instant is written in the log.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
