using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Asks the rows of a table, whatever file it came in, and writes each with its answer.</summary>
/// <param name="columns">What the columns are.</param>
/// <param name="longest">Most bytes of a row.</param>
/// <param name="isTranscoded">True when the text came in another encoding than UTF-8.</param>
internal sealed class AnswerTable(TableColumns columns, int longest, bool isTranscoded)
{
    private static readonly RefusalException NotText = new(ProblemCode.UnreadableBody, new Message("fault.row-encoding"));

    private readonly CsvReaderOptions _options = TableColumns.Options(columns.Separator);

    /// <summary>Answers rows of CSV.</summary>
    public async Task AnswerAsync(RawRows rows, AskItem ask, Grounds grounds, Page page, CancellationToken cancel)
    {
        using var cells = new Page();
        var all = Read(rows, cells);
        Expect(all, grounds);
        var start = 0;
        foreach (var (end, item, refusal) in all)
        {
            cancel.ThrowIfCancellationRequested();
            page.Add(cells.Written.Span[start..end]);
            start = end;
            WriteTable.Answer(page, refusal is null ? await ask.AskAsync(grounds, item!) : RowAnswer.Of(refusal));
        }

        if (rows.EndsInTooLong)
        {
            Pad(page, 1);
            WriteTable.Answer(page, RowAnswer.Of(CutRows.TooLong(longest)));
        }
    }

    /// <summary>Answers rows of a sheet.</summary>
    public async Task AnswerAsync(SheetRows rows, AskItem ask, Grounds grounds, Page page, CancellationToken cancel)
    {
        foreach (var row in rows.Rows)
        {
            cancel.ThrowIfCancellationRequested();
            if (row is null)
            {
                Pad(page, 1);
                WriteTable.Answer(page, RowAnswer.Of(CutRows.TooLong(longest)));
                continue;
            }

            for (var i = 0; i < columns.Names.Count; i++)
            {
                WriteTable.Cell(page, row[i], isFirst: i == 0);
            }

            var refusal = Read(columns.Names.Count, i => row[i], out var item);
            WriteTable.Answer(page, refusal is null ? await ask.AskAsync(grounds, item!) : RowAnswer.Of(refusal));
        }
    }

    /// <summary>Reads the rows of a batch: each with the end of its cells as they go out again.</summary>
    private List<(int End, CheckMany.Item? Item, RefusalException? Refusal)> Read(RawRows rows, Page cells)
    {
        var all = new List<(int, CheckMany.Item?, RefusalException?)>(rows.Ends.Count);
        var isText = IsText(rows.Bytes.Span);
        using var csv = CsvReader.Create(rows.Bytes, _options);
        Func<int, string> cell = csv.GetString;
        while (csv.Read())
        {
            if (csv.RawRecord.IsEmpty && columns.Names.Count > 1)
            {
                continue; // an empty line; where there is one column only, it is a row whose cell is empty
            }

            Copy(csv, cells, isText || IsText(csv.RawRecord), out var refusal);
            CheckMany.Item? item = null;
            refusal ??= Read(csv.FieldCount, cell, out item);
            all.Add((cells.Length, item, refusal));
        }

        if (rows.EndsInOpenQuote)
        {
            all[^1] = (all[^1].Item1, null, CutRows.QuoteOpen());
        }

        return all;
    }

    private static void Expect(List<(int End, CheckMany.Item? Item, RefusalException? Refusal)> rows, Grounds grounds)
    {
        var gtins = new List<ulong>(rows.Count);
        foreach (var (_, item, _) in rows)
        {
            if (ulong.TryParse(item?.Gtin, NumberStyles.None, CultureInfo.InvariantCulture, out var gtin))
            {
                gtins.Add(gtin);
            }
        }

        grounds.Certificates.Expect(gtins);
    }

    private bool IsText(ReadOnlySpan<byte> bytes) => isTranscoded ? ListBody.IsText(bytes) : Utf8.IsValid(bytes);

    private void Copy(CsvReader csv, Page page, bool isText, out RefusalException? refusal)
    {
        refusal = isText ? null : NotText;
        var raw = csv.RawRecord;
        var (given, wanted) = (csv.FieldCount, columns.Names.Count);
        if (isText && given <= wanted && columns.Separator == ',' && !raw.Contains((byte)'"'))
        {
            page.Add(raw);
        }
        else
        {
            for (var i = 0; i < Math.Min(given, wanted); i++)
            {
                if (i == wanted - 1 && given > wanted)
                {
                    Last(csv, page, ref refusal);
                }
                else if (isText)
                {
                    WriteTable.Cell(page, csv.GetSpan(i), isFirst: i == 0);
                }
                else
                {
                    WriteTable.Cell(page, Encoding.UTF8.GetString(csv.GetSpan(i)), isFirst: i == 0);
                }
            }
        }

        Pad(page, Math.Max(given, 1));
    }

    /// <summary>A row may have more cells than the header. Their text stays, in the last column, so that the table stays one; such a row is not asked.</summary>
    private void Last(CsvReader csv, Page page, ref RefusalException? refusal)
    {
        var texts = Enumerable.Range(columns.Names.Count - 1, csv.FieldCount - columns.Names.Count + 1).Select(csv.GetString).ToList();
        if (texts.Skip(1).All(text => text.Length == 0))
        {
            WriteTable.Cell(page, texts[0], isFirst: columns.Names.Count == 1);
            return;
        }

        WriteTable.Cell(page, string.Join((char)columns.Separator, texts), isFirst: columns.Names.Count == 1);
        refusal ??= Refusal.Invalid("row", new Message("fault.too-many-cells", csv.FieldCount, columns.Names.Count));
    }

    private void Pad(Page page, int from)
    {
        for (var i = from; i < columns.Names.Count; i++)
        {
            page.Add((byte)',');
        }
    }

    private RefusalException? Read(int cells, Func<int, string> cell, out CheckMany.Item? item)
    {
        item = null;
        if (!TryValue<AsOf>(cells, cell, Column.AsOf, "asOf", out var asOf, out var refusal)
            || !TryValue<Level>(cells, cell, Column.MinLevel, "minLevel", out var minLevel, out refusal))
        {
            return refusal;
        }

        item = new(
            RecognisedBy: Text(cells, cell, Column.RecognisedBy),
            Gtin: Text(cells, cell, Column.Gtin),
            Brand: Text(cells, cell, Column.Brand),
            Model: Text(cells, cell, Column.Model),
            Scheme: Text(cells, cell, Column.Scheme),
            Certificate: Text(cells, cell, Column.Certificate),
            Category: Text(cells, cell, Column.Category),
            Territory: Text(cells, cell, Column.Territory),
            AsOf: asOf,
            MinLevel: minLevel);
        return null;
    }

    // Of several columns of one meaning, the first that is not empty.
    private string? Text(int cells, Func<int, string> cell, Column column)
    {
        foreach (var place in columns.PlacesOf(column))
        {
            if (place < cells && cell(place).Trim() is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    private bool TryValue<T>(int cells, Func<int, string> cell, Column column, string member, out T? value, out RefusalException? refusal)
        where T : struct
    {
        (value, refusal) = (null, null);
        if (Text(cells, cell, column) is not { } text)
        {
            return true;
        }

        if (TextValues.For(typeof(T))!.Value.Reader(text, out var read, out var fault))
        {
            value = (T)read;
            return true;
        }

        refusal = Refusal.Invalid(member, fault);
        return false;
    }
}
