namespace EcoLabelRegistry.Http;

/// <summary>Tells by its first bytes what a file is that holds no table, so that whoever chose it hears what he chose.</summary>
/// <remarks>Signatures: https://en.wikipedia.org/wiki/List_of_file_signatures.</remarks>
public static class FileKind
{
    /// <summary>What the file is; null for one that may hold a table, and for what is not known.</summary>
    public static Message? Of(ReadOnlySpan<byte> start)
    {
        var key = start.StartsWith("%PDF-"u8) ? "file-kind.pdf"
            : start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) || start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || start.StartsWith("GIF8"u8)
                ? "file-kind.picture"
            : start.StartsWith(@"{\rtf"u8) ? "file-kind.document"
            : start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || start.StartsWith("Rar!"u8) || start.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF]) ? "file-kind.archive"
            : null;
        return key is null ? null : new Message(key);
    }

    /// <summary>What an archive is by the names of its parts; null for a workbook.</summary>
    public static Message? OfParts(IEnumerable<string> names)
    {
        var all = names.ToList();
        bool Has(string start) => all.Exists(name => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        return Has("xl/") ? null
            : new Message(Has("word/") || Has("ppt/") ? "file-kind.document" : Has("content.xml") ? "file-kind.open-document" : "file-kind.archive");
    }
}
