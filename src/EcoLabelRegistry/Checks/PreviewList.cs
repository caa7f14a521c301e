using System.Text;
using EcoLabelRegistry.Checks.Lists;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Checks;

/// <summary>Looks at the start of a list before it is asked: in which form it is, what its columns are taken for, its first rows.</summary>
/// <remarks>
/// It reads with the readers of <see cref="CheckMany"/>, so that what is shown is what will be asked. Of a table of text the first 64 KiB are enough; a workbook, a catalogue
/// and a tender can only be read whole.
/// </remarks>
public static class PreviewList
{
    /// <summary>How many rows are shown.</summary>
    public const int Shown = 5;

    private const int ShownOfLine = 200;
    private const int Mega = 1 << 20;

    /// <summary>A request whose body is a list, or its start.</summary>
    /// <param name="Http">The request.</param>
    /// <param name="IsPart">True when the list goes on behind what is sent.</param>
    internal sealed record Request(HttpContext Http, bool IsPart) : IRequest<Response>;

    /// <summary>What is known of a list before it is asked.</summary>
    public sealed record Response
    {
        /// <summary>The media type, with its character set, under which it is asked; null where it is none that is taken.</summary>
        public string? ContentType { get; init; }

        /// <summary>True when nothing can be said before the whole of it is there.</summary>
        public bool NeedsWhole { get; init; }

        /// <summary>What is wrong with it.</summary>
        public Message? Fault { get; init; }

        /// <summary>Its first lines, of a list that is not taken.</summary>
        public IReadOnlyList<string> Lines { get; init; } = [];

        /// <summary>Its columns.</summary>
        public IReadOnlyList<ListColumn> Columns { get; init; } = [];

        /// <summary>Its first rows.</summary>
        public IReadOnlyList<IReadOnlyList<string>> Rows { get; init; } = [];

        /// <summary>How many rows it has; null for a text, whose rows are counted as they pass.</summary>
        public int? Count { get; init; }

        /// <summary>True for a table, whose columns may be taken for something else than they are called.</summary>
        public bool IsTable { get; init; }
    }

    /// <summary>A column.</summary>
    /// <param name="Name">As the list calls it.</param>
    /// <param name="Meaning">What it is taken for, as <c>columns</c> of a check names it; null for one that is kept and not looked at.</param>
    public sealed record ListColumn(string Name, string? Meaning);

    /// <summary>Everything that a column may be taken for, by name.</summary>
    public static IReadOnlyList<string> Meanings { get; } = [.. Enum.GetValues<Column>().Select(TableColumns.NameOf)];

    /// <summary>Refuses what <see cref="CheckMany"/> would refuse of a table for its columns alone.</summary>
    /// <param name="columns">What each column is, as <c>columns</c> of a check has it.</param>
    /// <param name="names">What the columns are called.</param>
    /// <param name="defaults">What holds for every row.</param>
    /// <exception cref="RefusalException">No column selects anything, or nobody is asked.</exception>
    public static void Demand(string columns, IReadOnlyList<string> names, CheckMany.Defaults defaults) =>
        TableColumns.Of(names, TableColumns.Asked(columns)).Demand(defaults, int.MaxValue);

    internal sealed class Handler(Snapshots snapshots, TimeProvider clock, RegistryOptions settings) : IRequestHandler<Request, Response>
    {
        private readonly ChecksOptions _limits = settings.Checks;

        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            var body = new ListBody(request.Http, (long)_limits.MaxDocumentMegabytes * Mega, TimeSpan.FromSeconds(_limits.StallSeconds));
            var start = await StartAsync(body, cancel);
            try
            {
                return start.Length == 0 ? throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.body-empty")) : ListForm.Of(start) switch
                {
                    CheckMany.CsvType => await TextAsync(body, request.IsPart, cancel),
                    _ when request.IsPart => new() { NeedsWhole = true },
                    CheckMany.SheetType => await SheetAsync(body, cancel),
                    CheckMany.XmlType => await ItemsAsync(CheckMany.XmlType, ReadCatalogue.Read(await body.WholeAsync(cancel), null), cancel),
                    _ => await ItemsAsync(CheckMany.JsonType, Items(await body.WholeAsync(cancel)), cancel),
                };
            }
            catch (RefusalException refusal) when (refusal.ProblemCode.Status() is >= 400 and < 500 and not StatusCodes.Status408RequestTimeout)
            {
                return new() { Fault = refusal.Faults.Count > 0 ? refusal.Faults[0].Message : refusal.Detail, Lines = start.Length > 0 && ListForm.IsText(start) ? ListForm.FirstLines(start, Shown, ShownOfLine) : [] };
            }
        }

        private static async Task<byte[]> StartAsync(ListBody body, CancellationToken cancel)
        {
            var read = await body.ReadAsync(cancel);
            while (read is { IsCompleted: false, Buffer.Length: < ListBody.Looked })
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await body.ReadAsync(cancel);
            }

            var start = System.Buffers.BuffersExtensions.ToArray(read.Buffer.Slice(0, Math.Min(ListBody.Looked, read.Buffer.Length)));
            body.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
            return start;
        }

        private async Task<Response> TextAsync(ListBody body, bool isPart, CancellationToken cancel)
        {
            await body.DecodeAsync(null, cancel);
            var cut = new CutRows(body, _limits.MaxLineKilobytes * 1024, hasQuotes: true);
            var header = await cut.FirstAsync(cancel) ?? throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.body-empty"));
            var columns = TableColumns.Read(header);
            Demand(columns.Names);
            cut.Separator = columns.Separator;
            var rows = new List<IReadOnlyList<string>>();
            var isCut = isPart;
            await foreach (var batch in cut.AllAsync(cancel))
            {
                using (batch)
                {
                    var at = 0;
                    foreach (var end in batch.Ends)
                    {
                        if (rows.Count > Shown)
                        {
                            break;
                        }

                        rows.Add(TableColumns.Cells(batch.Bytes[at..end], columns.Separator));
                        at = end;
                    }

                    if (isPart && batch.EndsInOpenQuote)
                    {
                        break; // what closes it may not have been sent; it is the last row, which is not shown
                    }
                }

                if (rows.Count > Shown)
                {
                    isCut = false; // the last row that came in may be a part of one; this one is not shown
                    break;
                }
            }

            return Table($"{CheckMany.CsvType}; charset={body.Encoding.WebName}", columns, rows.Take(isCut ? Math.Max(0, rows.Count - 1) : Shown), null);
        }

        private async Task<Response> SheetAsync(ListBody body, CancellationToken cancel)
        {
            using var sheet = OpenSheet.Open(await body.InFileAsync(cancel), (long)_limits.MaxUnpackedMegabytes * Mega, _limits.MaxLineKilobytes * 1024, cancel);
            var columns = TableColumns.Of(sheet.Names);
            Demand(columns.Names);
            return Table(CheckMany.SheetType, columns, sheet.Rows(cancel).SelectMany(batch => batch.Rows).Take(Shown).Select(row => row ?? []), sheet.Count);
        }

        private AskedItem[] Items(byte[] bytes)
        {
            using var json = ReadItems.Parse(bytes.AsMemory(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0));
            return ReadReleases.Are(json.RootElement) ? ReadReleases.Read(json.RootElement) : ReadItems.Read(json.RootElement, _limits.MaxItems).Items;
        }

        private async Task<Response> ItemsAsync(string contentType, AskedItem[] items, CancellationToken cancel)
        {
            await using var grounds = await snapshots.OpenAsync(null, cancel);
            var table = ItemTable.Of(items, new AskItem(grounds.Registry, new(), AsOf.Today(clock)));
            return new()
            {
                ContentType = contentType,
                Columns = [.. table.Names.Zip(table.Meanings, (name, meaning) => new ListColumn(name, meaning is { } column ? TableColumns.NameOf(column) : null))],
                Rows = [.. table.Items.Take(Shown).Select(item => table.Texts(item).ToList())],
                Count = items.Length,
            };
        }

        private void Demand(IReadOnlyList<string> names)
        {
            if (names.Count > _limits.MaxColumns)
            {
                throw Refusal.Invalid("header", new Message("fault.too-many-table-columns", names.Count, _limits.MaxColumns));
            }
        }

        private static Response Table(string contentType, TableColumns columns, IEnumerable<IReadOnlyList<string>> rows, int? count) => new()
        {
            ContentType = contentType,
            IsTable = true,
            Columns = [.. columns.Names.Zip(columns.Meanings, (name, meaning) => new ListColumn(name, meaning is { } column ? TableColumns.NameOf(column) : null))],
            Rows = [.. rows],
            Count = count,
        };
    }
}
