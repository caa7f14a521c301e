using System.Globalization;
using System.Text;
using EcoLabelRegistry.Http;
using ExcelDataReader;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Some rows of a sheet, each with a text for every column of the header; null for one that was too long to be kept.</summary>
internal sealed record SheetRows(IReadOnlyList<string[]?> Rows) : IDisposable
{
    /// <inheritdoc />
    public void Dispose()
    {
    }
}

/// <summary>The first sheet of a workbook (<c>.xlsx</c>), read row by row. What it would unpack to is judged before anything is unpacked, and what it says of itself before the library reads it.</summary>
internal sealed class OpenSheet : IDisposable
{
    private const int Batch = 512;
    private const int MostBytes = 256 * 1024;

    private readonly FileStream _file;
    private readonly IExcelDataReader _reader;
    private readonly int _longest;
    private readonly IReadOnlySet<int> _tooLong;

    // The library asks for code page 1252 even where it needs none.
    static OpenSheet() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private OpenSheet(FileStream file, IExcelDataReader reader, int longest, IReadOnlySet<int> tooLong, IReadOnlyList<string> names) =>
        (_file, _reader, _longest, _tooLong, Names) = (file, reader, longest, tooLong, names);

    /// <summary>The texts of the first row that has any.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a workbook; the file is closed with it.</summary>
    /// <param name="file">The workbook.</param>
    /// <param name="mostUnpacked">Most bytes that it may unpack to.</param>
    /// <param name="longest">Most bytes of the texts of a row.</param>
    /// <param name="cancel">The client has gone.</param>
    /// <exception cref="RefusalException">It is none (400), is empty (400), or it or its header is longer than allowed (413).</exception>
    public static OpenSheet Open(FileStream file, long mostUnpacked, int longest, CancellationToken cancel)
    {
        IExcelDataReader? reader = null;
        try
        {
            var sent = file;
            (file, var tooLong) = Guarded(() => JudgeSheet.Judge(sent, mostUnpacked, longest, cancel));
            if (file != sent)
            {
                sent.Dispose();
            }

            var judged = file;
            judged.Position = 0;
            reader = Guarded(() => ExcelReaderFactory.CreateOpenXmlReader(judged, new ExcelReaderConfiguration { LeaveOpen = true }));
            while (Guarded(reader.Read))
            {
                cancel.ThrowIfCancellationRequested();
                var names = Texts(reader, reader.FieldCount);
                if (tooLong.Contains(reader.Depth) || Length(names) > longest)
                {
                    throw CutRows.TooLong(longest);
                }

                if (Array.FindLastIndex(names, n => n.Length > 0) is >= 0 and var last)
                {
                    return new(file, reader, longest, tooLong, names[..(last + 1)]);
                }
            }

            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.body-empty"));
        }
        catch
        {
            reader?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>How many rows the sheet has below the first, as far as it says.</summary>
    public int Count => Math.Max(0, _reader.RowCount - 1);

    /// <summary>The rows below the header, down to the last that has any text.</summary>
    public IEnumerable<SheetRows> Rows(CancellationToken cancel)
    {
        var rows = new List<string[]?>(Batch);
        string[] blank = [.. Enumerable.Repeat("", Names.Count)];
        var (empty, bytes) = (0, 0);
        while (Guarded(_reader.Read))
        {
            cancel.ThrowIfCancellationRequested();
            var row = _tooLong.Contains(_reader.Depth) ? null : Texts(_reader, Names.Count);
            if (row is not null && Array.TrueForAll(row, text => text.Length == 0))
            {
                empty++;
                continue;
            }

            var length = row is null ? 0 : Length(row);
            row = length > _longest ? null : row;
            for (; empty >= 0; empty--)
            {
                rows.Add(empty > 0 ? blank : row);
                bytes += Names.Count + (empty > 0 || row is null ? 0 : length);
                if (rows.Count == Batch || bytes >= MostBytes)
                {
                    cancel.ThrowIfCancellationRequested();
                    yield return new([.. rows]);
                    rows.Clear();
                    bytes = 0;
                }
            }

            empty = 0;
        }

        if (rows.Count > 0)
        {
            yield return new(rows);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    // The library says in many ways that a file is not what it should be.
    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is not (OutOfMemoryException or RefusalException or OperationCanceledException))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.spreadsheet"), broken);
        }
    }

    private static int Length(string[] texts) => texts.Sum(Encoding.UTF8.GetByteCount);

    private static string[] Texts(IExcelDataReader reader, int count)
    {
        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            texts[i] = i < reader.FieldCount ? Text(reader.GetValue(i)) : "";
        }

        return texts;
    }

    // A number of up to 15 digits is one that a spreadsheet keeps exactly: a GTIN comes back as its digits.
    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        double number when Math.Abs(number) < 1e15 && number == Math.Truncate(number) => ((long)number).ToString(CultureInfo.InvariantCulture),
        DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
