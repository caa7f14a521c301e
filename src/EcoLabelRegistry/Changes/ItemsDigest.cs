using System.Security.Cryptography;
using System.Text;

namespace EcoLabelRegistry.Changes;

/// <summary>The digest of a register's rows that its one entry in the log carries: SHA-256 over the digests of the rows, a line each.</summary>
public sealed class ItemsDigest : IDisposable
{
    /// <summary>The type of change that has rows.</summary>
    public const string ChangeType = "register-imported";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds the next row's digest.</summary>
    public void Add(string digest) => _hash.AppendData(Encoding.ASCII.GetBytes(digest + "\n"));

    /// <summary>The digest of all rows added, in lower-case hexadecimal.</summary>
    public string Close() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc />
    public void Dispose() => _hash.Dispose();
}
