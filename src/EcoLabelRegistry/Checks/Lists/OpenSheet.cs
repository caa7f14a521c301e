using System.Globalization;
using System.IO.Compression;
using System.Text;
using EcoLabelRegistry.Http;
using ExcelDataReader;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Some rows of a sheet, each with a text for every column of the header.</summary>
internal sealed record SheetRows(IReadOnlyList<string[]> Rows) : IDisposable
{
    /// <inheritdoc />
    public void Dispose()
    {
    }
}

/// <summary>The first sheet of a workbook (<c>.xlsx</c>), read row by row. What it would unpack to is judged before anything is unpacked.</summary>
internal sealed class OpenSheet : IDisposable
{
    private const int Batch = 512;
    private const int MostParts = 10_000;

    // Texts that several cells share are held in memory; all else passes through.
    private const int SharedPart = 8;

    private readonly FileStream _file;
    private readonly IExcelDataReader _reader;

    // The library asks for code page 1252 even where it needs none.
    static OpenSheet() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private OpenSheet(FileStream file, IExcelDataReader reader, IReadOnlyList<string> names)
    {
        (_file, _reader, Names) = (file, reader, names);
    }

    /// <summary>The texts of the first row that has any.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a workbook; the file is closed with it.</summary>
    /// <exception cref="RefusalException">It is none (400), is empty (400), or would unpack to more than allowed (413).</exception>
    public static OpenSheet Open(FileStream file, long mostUnpacked)
    {
        IExcelDataReader? reader = null;
        try
        {
            Judge(file, mostUnpacked);
            file.Position = 0;
            reader = Guarded(() => ExcelReaderFactory.CreateOpenXmlReader(file, new ExcelReaderConfiguration { LeaveOpen = true }));
            while (Guarded(reader.Read))
            {
                var names = Texts(reader, reader.FieldCount);
                if (Array.FindLastIndex(names, n => n.Length > 0) is >= 0 and var last)
                {
                    return new(file, reader, names[..(last + 1)]);
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
    public IEnumerable<SheetRows> Rows()
    {
        var rows = new List<string[]>(Batch);
        var empty = 0;
        while (Guarded(_reader.Read))
        {
            var row = Texts(_reader, Names.Count);
            if (Array.TrueForAll(row, text => text.Length == 0))
            {
                empty++;
                continue;
            }

            for (; empty > 0; empty--)
            {
                rows.Add([.. Enumerable.Repeat("", Names.Count)]);
                if (rows.Count == Batch)
                {
                    yield return new([.. rows]);
                    rows.Clear();
                }
            }

            rows.Add(row);
            if (rows.Count >= Batch)
            {
                yield return new([.. rows]);
                rows.Clear();
            }
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

    private static void Judge(FileStream file, long mostUnpacked)
    {
        using var zip = Guarded(() => new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true));
        var parts = Guarded(() => zip.Entries);
        if (FileKind.OfParts(parts.Select(part => part.FullName)) is { } kind)
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.other-file", kind));
        }

        if (parts.Count > MostParts
            || parts.Sum(part => part.Length) > mostUnpacked
            || parts.Any(part => part.FullName.EndsWith("sharedStrings.xml", StringComparison.OrdinalIgnoreCase) && part.Length > mostUnpacked / SharedPart))
        {
            throw new RefusalException(ProblemCode.PayloadTooLarge, new Message("refusal.unpacks-too-large", mostUnpacked / (1 << 20)));
        }
    }

    // The library says in many ways that a file is not what it should be.
    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is not (OutOfMemoryException or RefusalException))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.spreadsheet"), broken);
        }
    }

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
