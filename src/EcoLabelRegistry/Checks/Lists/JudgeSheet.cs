using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Looks through the parts of a workbook that the library will read, before it does.</summary>
/// <remarks>
/// The library takes numbers and lengths on trust: it makes room for the last column that any cell names and passes every row that the number of a row leaves out, holds a
/// row whole with all texts that its cells share, and joins the pieces of a text one by one. A few hundred bytes can so ask for all memory, or for hours. Here everything passes
/// in a stream; what is kept is the length of each shared text, and which rows are too long. Where there are such rows, the library gets a copy in which they are empty, so that
/// they are their own problem and not the list's.
/// </remarks>
internal sealed class JudgeSheet
{
    /// <summary>Rows of a sheet: the format's own bound.</summary>
    public const int MostRows = 1_048_576;

    /// <summary>Columns of a sheet, the last one being XFD: the format's own bound.</summary>
    public const int MostColumns = 16_384;

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Documents = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/relationships";

    private const string WorkbookPart = "xl/workbook.xml";
    private const string RelationsPart = "xl/_rels/workbook.xml.rels";
    private const string StylesPart = "xl/styles.xml";
    private const string SharedPart = "xl/sharedStrings.xml";

    // Beside the sheet, all that the library opens.
    private static readonly string[] HeldParts = [WorkbookPart, RelationsPart, StylesPart, SharedPart];

    private const int MostParts = 10_000;

    // Parts that are held in memory may have this share of what a workbook may unpack to; the rows of a sheet pass through.
    private const int HeldShare = 8;

    // What the XML reader itself would hold: elements in each other, different names, one tag, and what a sheet says beside its rows (merged cells, widths).
    private const int Deepest = 64;
    private const int MostNames = 10_000;
    private const int LongestTag = 64 * 1024;
    private const int MostBeside = 1 << 20;

    private const int LongestIndex = 64;
    private const int CancelEach = 4096;

    private readonly long _mostUnpacked;
    private readonly int _longest;
    private readonly CancellationToken _cancel;
    private readonly List<int> _shared = [];
    private readonly HashSet<int> _tooLong = [];
    private readonly char[] _letters = new char[4096];
    private long _joined;
    private int _nodes;

    private JudgeSheet(long mostUnpacked, int longest, CancellationToken cancel) => (_mostUnpacked, _longest, _cancel) = (mostUnpacked, longest, cancel);

    /// <summary>Judges a workbook, and empties the rows of its first sheet that are too long.</summary>
    /// <param name="file">The workbook.</param>
    /// <param name="mostUnpacked">Most bytes that it may unpack to.</param>
    /// <param name="longest">Most letters in the texts of a row.</param>
    /// <param name="cancel">The client has gone.</param>
    /// <returns>The workbook to read, another file where rows had to be emptied; and which rows those are, by their place from 0.</returns>
    /// <exception cref="RefusalException">It would unpack to more than allowed (413), or it is none (400).</exception>
    public static (FileStream File, IReadOnlySet<int> TooLong) Judge(FileStream file, long mostUnpacked, int longest, CancellationToken cancel)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var parts = zip.Entries;
        if (FileKind.OfParts(parts.Select(part => part.FullName)) is { } kind)
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.other-file", kind));
        }

        if (parts.Count > MostParts || parts.Sum(part => part.Length) > mostUnpacked)
        {
            throw new RefusalException(ProblemCode.PayloadTooLarge, new Message("refusal.unpacks-too-large", Megabytes(mostUnpacked)));
        }

        foreach (var held in HeldParts)
        {
            if (Find(zip, held)?.Length > mostUnpacked / HeldShare)
            {
                throw new RefusalException(ProblemCode.PayloadTooLarge, new Message("refusal.part-unpacks-too-large", Megabytes(mostUnpacked / HeldShare), held));
            }
        }

        return new JudgeSheet(mostUnpacked, longest, cancel).Judge(file, zip);
    }

    private (FileStream File, IReadOnlySet<int> TooLong) Judge(FileStream file, ZipArchive zip)
    {
        var first = Read(Find(zip, WorkbookPart), FirstSheet);
        var target = Read(Find(zip, RelationsPart), reader => Target(reader, first?.Id));
        var sheet = first is null || string.IsNullOrEmpty(target) ? null
            : Find(zip, target.StartsWith("/xl/", StringComparison.OrdinalIgnoreCase) ? target[1..] : "xl/" + target);
        Read(Find(zip, StylesPart), LookThrough);
        Read(Find(zip, SharedPart), ReadShared);
        Read(sheet, ReadRows);
        return (_tooLong.Count == 0 ? file : WithoutLongRows(zip, sheet!), _tooLong);
    }

    // As the library finds them.
    private static ZipArchiveEntry? Find(ZipArchive zip, string name) =>
        zip.Entries.FirstOrDefault(part => part.FullName.Replace('\\', '/').Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Megabytes(long bytes) => (bytes / (double)(1 << 20)).ToString("0.###", CultureInfo.InvariantCulture);

    private static bool Is(XmlReader reader, string name, string space = Main) => reader.LocalName == name && reader.NamespaceURI == space;

    private static RefusalException Damaged() => new(ProblemCode.UnreadableBody, new Message("fault.spreadsheet"));

    private static T? Read<T>(ZipArchiveEntry? part, Func<XmlReader, T> read)
    {
        if (part is null)
        {
            return default;
        }

        using var reader = Open(part);
        return read(reader);
    }

    private static XmlReader Open(ZipArchiveEntry part) => XmlReader.Create(new ShortTags(part.Open()), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
        NameTable = new FewNames(),
    });

    private bool Next(XmlReader reader)
    {
        if (++_nodes % CancelEach == 0)
        {
            _cancel.ThrowIfCancellationRequested();
        }

        return reader.Read() && (reader.Depth <= Deepest ? true : throw Damaged());
    }

    private Sheet? FirstSheet(XmlReader reader)
    {
        Sheet? first = null;
        for (var (isWorkbook, isList) = (false, false); Next(reader);)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                isWorkbook = reader.Depth == 0 ? Is(reader, "workbook") : isWorkbook;
                isList = reader.Depth == 1 ? Is(reader, "sheets") : isList;
                first ??= isWorkbook && isList && reader.Depth == 2 && Is(reader, "sheet") ? new Sheet(reader.GetAttribute("id", Documents)) : null;
            }
        }

        return first;
    }

    private string? Target(XmlReader reader, string? id)
    {
        string? target = null;
        for (var isList = false; Next(reader);)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                isList = reader.Depth == 0 ? Is(reader, "Relationships", Package) : isList;
                target = isList && reader.Depth == 1 && Is(reader, "Relationship", Package) && reader.GetAttribute("Id") == id ? reader.GetAttribute("Target") : target;
            }
        }

        return target;
    }

    private bool LookThrough(XmlReader reader)
    {
        while (Next(reader))
        {
        }

        return true;
    }

    private bool ReadShared(XmlReader reader)
    {
        var (length, isText) = (0, false);
        while (Next(reader))
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.Depth == 1 && Is(reader, "si"):
                    length = 0;
                    if (reader.IsEmptyElement)
                    {
                        _shared.Add(0);
                    }

                    break;
                case XmlNodeType.Element:
                    isText = Is(reader, "t") && !reader.IsEmptyElement;
                    break;
                case XmlNodeType.EndElement when reader.Depth == 1 && Is(reader, "si"):
                    _shared.Add(length);
                    break;
                case XmlNodeType.EndElement:
                    Join(isText ? length : 0);
                    isText = false;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when isText:
                    length += Pass(reader, null);
                    break;
            }
        }

        return true;
    }

    private bool ReadRows(XmlReader reader)
    {
        var row = new Row();
        var raw = new StringBuilder();
        var (hasRows, isInRows, isText, isShared, beside, cells) = (false, false, false, false, 0, 0);
        var (inRow, inText) = (0L, 0);
        while (Next(reader))
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.Depth <= 1:
                    isInRows = reader.Depth == 1 && Is(reader, "sheetData");
                    hasRows = hasRows && isInRows ? throw Damaged() : hasRows || isInRows;
                    (isText, inText) = (!isInRows, 0);
                    break;
                case XmlNodeType.Element when !isInRows:
                    (isText, inText) = (++beside > MostBeside ? throw Damaged() : true, 0);
                    break;
                case XmlNodeType.Element when reader.Depth == 2 && Is(reader, "row"):
                    (cells, inRow) = row.Begin(reader.GetAttribute("r")) ? (0, 0) : (cells, inRow);
                    break;
                case XmlNodeType.Element when reader.Depth == 3 && Is(reader, "c"):
                    DemandColumn(reader.GetAttribute("r"), ++cells);
                    isShared = reader.GetAttribute("t") == "s";
                    break;
                case XmlNodeType.Element:
                    isText = (Is(reader, "v") || Is(reader, "t")) && !reader.IsEmptyElement;
                    if (reader.Depth == 4)
                    {
                        inText = 0;
                        raw.Clear();
                    }

                    break;
                case XmlNodeType.EndElement:
                    Join(isInRows && isText ? inText : 0);
                    isText = !isInRows;
                    if (isInRows && isShared && reader.Depth == 4)
                    {
                        inRow += raw.Length >= LongestIndex ? _longest + 1L
                            : int.TryParse(raw.ToString(), NumberStyles.Any, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < _shared.Count ? _shared[index] : 0;
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when isText:
                    var length = Pass(reader, isInRows && isShared ? raw : null);
                    (inText, inRow) = (inText + length, inRow + length);
                    break;
            }

            if (isInRows ? inRow > _longest : inText > _longest)
            {
                _ = isInRows ? _tooLong.Add(row.Place) : throw Damaged();
            }
        }

        return true;
    }

    /// <summary>Lets a text pass, and says how many letters it has.</summary>
    private int Pass(XmlReader reader, StringBuilder? first)
    {
        var length = 0;
        for (int read; (read = reader.ReadValueChunk(_letters, 0, _letters.Length)) > 0; length += read)
        {
            _cancel.ThrowIfCancellationRequested();
            first?.Append(_letters, 0, Math.Min(read, Math.Max(0, LongestIndex - first.Length)));
        }

        return length;
    }

    // The library copies what it has of a text for each piece that it adds.
    private void Join(int length)
    {
        _joined += length;
        if (_joined > _mostUnpacked * HeldShare)
        {
            throw new RefusalException(ProblemCode.PayloadTooLarge, new Message("refusal.unpacks-too-large", Megabytes(_mostUnpacked)));
        }
    }

    private static void DemandColumn(string? reference, int cells)
    {
        var letters = reference.AsSpan().IndexOfAnyExceptInRange('A', 'Z');
        var column = 0;
        for (var i = 0; i < letters && column <= MostColumns; i++)
        {
            column = (column * 26) + (reference![i] - 'A' + 1);
        }

        if (cells > MostColumns || column > MostColumns || (reference is not null && (letters <= 0 || reference.AsSpan(letters).ContainsAnyExceptInRange('0', '9'))))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.sheet-column", Shown(reference)));
        }
    }

    private static string Shown(string? text) => text is { Length: > 20 } ? text[..20] + "…" : text ?? "";

    private FileStream WithoutLongRows(ZipArchive zip, ZipArchiveEntry sheet)
    {
        var copy = TemporaryFile.Create();
        try
        {
            using var to = new ZipArchive(copy, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var part in HeldParts.Select(name => Find(zip, name)).Append(sheet).OfType<ZipArchiveEntry>())
            {
                using var target = to.CreateEntry(part.FullName, CompressionLevel.Fastest).Open();
                if (part != sheet)
                {
                    using var source = part.Open();
                    source.CopyTo(target);
                    continue;
                }

                using var reader = Open(part);
                using var writer = XmlWriter.Create(target, new XmlWriterSettings { NewLineHandling = NewLineHandling.Entitize });
                CopyRows(reader, writer);
            }

            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private void CopyRows(XmlReader reader, XmlWriter writer)
    {
        var row = new Row();
        for (var isThere = Next(reader); isThere;)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var isRow = reader.Depth == 2 && Is(reader, "row");
                    _ = isRow && row.Begin(reader.GetAttribute("r"));
                    writer.WriteStartElement(reader.Prefix, reader.LocalName, reader.NamespaceURI);
                    writer.WriteAttributes(reader, defattr: false);
                    if (reader.IsEmptyElement)
                    {
                        writer.WriteEndElement();
                    }
                    else if (isRow && _tooLong.Contains(row.Place))
                    {
                        writer.WriteEndElement();
                        reader.Skip();
                        isThere = !reader.EOF;
                        continue;
                    }

                    break;
                case XmlNodeType.EndElement:
                    writer.WriteFullEndElement();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    CopyText(reader, writer);
                    break;
            }

            isThere = Next(reader);
        }
    }

    // A letter of two code units is written whole.
    private void CopyText(XmlReader reader, XmlWriter writer)
    {
        var kept = 0;
        for (int read; (read = reader.ReadValueChunk(_letters, kept, _letters.Length - kept)) > 0;)
        {
            var length = kept + read;
            kept = char.IsHighSurrogate(_letters[length - 1]) ? 1 : 0;
            writer.WriteChars(_letters, 0, length - kept);
            _letters[0] = _letters[length - 1];
        }
    }

    private sealed record Sheet(string? Id);

    /// <summary>Where a row stands among all that the library gives: in the place that its number says, and never before one that came earlier.</summary>
    private sealed class Row
    {
        private int _number;

        public int Place { get; private set; } = -1;

        /// <summary>Goes on to the next row element; false when it is of the same row still.</summary>
        public bool Begin(string? given)
        {
            var number = int.TryParse(given, NumberStyles.Integer, CultureInfo.InvariantCulture, out var read) ? read : _number + 1;
            if (number is < 1 or > MostRows)
            {
                throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.sheet-row", number, MostRows));
            }

            if (number == _number)
            {
                return false;
            }

            (_number, Place) = (number, Math.Max(Place + 1, number - 1));
            return true;
        }
    }

    /// <summary>Names that an XML reader keeps, for as long as it reads.</summary>
    private sealed class FewNames : NameTable
    {
        private int _count;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? (++_count <= MostNames ? base.Add(key, start, len) : throw Damaged());

        public override string Add(string key) => Get(key) ?? (++_count <= MostNames ? base.Add(key) : throw Damaged());
    }

    /// <summary>Ends with the first tag that is longer than any that a spreadsheet writes: an XML reader holds each whole.</summary>
    private sealed class ShortTags(Stream inner) : ForwardStream
    {
        private byte _quote;
        private bool _isTag;
        private bool _isRemark;
        private int _length;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Look(buffer[..read]);
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private void Look(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                _isRemark = _isTag && (_length == 0 ? bytes[0] == '!' : _isRemark); // an apostrophe in it quotes nothing
                var at = !_isTag ? bytes.IndexOf((byte)'<') : _isRemark ? bytes.IndexOf((byte)'>') : _quote != 0 ? bytes.IndexOf(_quote) : bytes.IndexOfAny((byte)'"', (byte)'\'', (byte)'>');
                _length += _isTag ? at < 0 ? bytes.Length : at + 1 : 0;
                if (_length > LongestTag)
                {
                    throw Damaged();
                }

                if (at < 0)
                {
                    return;
                }

                (_isTag, _quote, _length) = !_isTag ? (true, (byte)0, 0) : _quote != 0 ? (true, (byte)0, _length) : bytes[at] == '>' ? (false, (byte)0, 0) : (true, bytes[at], _length);
                bytes = bytes[(at + 1)..];
            }
        }
    }
}
