using System.Security.Cryptography;
using System.Text;

namespace EcoLabelRegistry.CommandLine;

/// <summary>The line behind the last page of a backup: the SHA-256 of all before it.</summary>
/// <remarks>
/// The chain proves the log, and SQLite that its pages hang together; neither sees one changed byte in another table. SQLite reads a file with
/// the line as if it were not there, so a backup can be opened where it is.
/// </remarks>
internal static class Seal
{
    private const string Words = "\nEcoLabelRegistry backup, SHA-256 ";
    private const int HashLength = 2 * SHA256.HashSizeInBytes;
    private const int Length = HashLength + 1;
    private const int Block = 1 << 16;

    /// <summary>Seals a file, and waits until the disk has all of it.</summary>
    public static async Task PutAsync(string file, CancellationToken cancel)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var hash = await HashAsync(stream, stream.Length, Stream.Null, cancel);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Words}{hash}\n"), cancel);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Copies a file without its seal, and waits until the disk has all of it.</summary>
    /// <returns>Whether the seal fits; null when the file has none.</returns>
    public static async Task<bool?> CopyWithoutAsync(string file, string copy, CancellationToken cancel)
    {
        await using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using var to = new FileStream(copy, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var sealedHash = await ReadAsync(from, cancel);
        from.Position = 0;
        var hash = await HashAsync(from, sealedHash is null ? from.Length : from.Length - Words.Length - Length, to, cancel);
        to.Flush(flushToDisk: true);
        return sealedHash is null ? null : sealedHash == hash;
    }

    private static async Task<string?> ReadAsync(FileStream stream, CancellationToken cancel)
    {
        var end = new byte[Words.Length + Length];
        if (stream.Length < end.Length)
        {
            return null;
        }

        stream.Position = stream.Length - end.Length;
        await stream.ReadExactlyAsync(end, cancel);
        var text = Encoding.ASCII.GetString(end);
        return text.StartsWith(Words, StringComparison.Ordinal) ? text.Substring(Words.Length, HashLength) : null;
    }

    private static async Task<string> HashAsync(FileStream from, long length, Stream to, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[Block];
        for (var left = length; left > 0;)
        {
            var read = await from.ReadAsync(block.AsMemory(0, (int)Math.Min(left, Block)), cancel);
            if (read == 0)
            {
                throw new EndOfStreamException(from.Name);
            }

            hash.AppendData(block, 0, read);
            await to.WriteAsync(block.AsMemory(0, read), cancel);
            left -= read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
