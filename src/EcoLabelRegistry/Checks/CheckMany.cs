using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks.Lists;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;
using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Checks;

/// <summary>Asks about many products or certificates at once.</summary>
/// <remarks>
/// All rows are answered at one revision, in their order; one bad row never fails the rest. JSON takes 10,000 items; lines of JSON and CSV are streamed both ways, without
/// limit. A workbook's first sheet is read like CSV and answered as CSV. A UBL 2.1 catalogue (Peppol BIS; GTIN under scheme 0160, labels in <c>cac:Certificate</c>) and an OCDS
/// release, release package or record package (as JSON) are answered as JSON: an item that names a product or a label is checked, one with a class of CPV or UNSPSC alone gets the
/// labels that the recogniser accepts for it. Items, catalogues and releases come back as CSV where <c>Accept</c> prefers it, with <c>accepted</c> as one more column. The query's parameters hold for every row that does not say otherwise. The best selector present in a row is used: certificate, else
/// the product's id, else GTIN, else brand and model; the rest cross-checks, with the warning <c>selector-mismatch</c>. CSV needs a header row; known columns, in any case, width and
/// punctuation: <c>gtin</c> (ean, upc, 条码), <c>scheme</c> (label, ecolabel, 标志, 认证标志), <c>certificate</c> (certificate no, certificate number, cert no, licence, licence no, license, license no, 证书编号, 证书号),
/// <c>brand</c> (品牌), <c>model</c> (型号, 规格型号), <c>category</c> (品目, 类别), <c>territory</c>, <c>recognisedBy</c> (认可方), <c>asOf</c>, <c>minLevel</c>, <c>id</c> (no, 编号, 序号), <c>quantity</c>
/// (数量), <c>spend</c> (金额); or as <c>columns</c> says. UTF-8, UTF-16 and GB18030 are told apart by byte order mark, <c>charset</c> or the first 64 KiB; comma, semicolon and tab by the header. The answer is
/// the input's cells as they were, then <c>answer, outcome, certificate_scheme, certificate_number, agreement, level, conditions, holds_until, reasons, warnings</c>; a row that cannot be asked
/// has its problem's code in <c>reasons</c>, as has one that opens a quoted cell and never closes it: it ends at its line. Limits of a registry that is not set up otherwise: a document of 32 MiB, a workbook that unpacks to 512 MiB, 1,000 columns, a line of 1 MiB, 30
/// seconds without a byte. A failure after the first byte aborts the connection.
/// </remarks>
public static class CheckMany
{
    internal const string JsonType = "application/json";
    internal const string LinesType = "application/x-ndjson";
    internal const string CsvType = "text/csv";
    internal const string SheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    internal const string XmlType = "application/xml";
    private const string TextXmlType = "text/xml";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/checks", Task (Parameters<Query> query, IMediator mediator, HttpContext http, CancellationToken cancel) =>
            mediator.Send(new Sent(query.Value, http), cancel))
        .WithName(nameof(CheckMany))
        .Takes<Request>(JsonType, LinesType, CsvType, SheetType, XmlType, TextXmlType)
        .WithBodyExample(CheckManyExamples.JsonIn)
        .AlsoTakes(LinesType, CheckManyExamples.LinesIn)
        .AlsoTakes(CsvType, CheckManyExamples.CsvIn)
        .AlsoTakes(SheetType, CheckManyExamples.SheetIn)
        .AlsoTakes(XmlType, CheckManyExamples.XmlIn)
        .Produces<Response>()
        .WithExample(CheckManyExamples.JsonOut)
        .AlsoAnswers(LinesType, CheckManyExamples.LinesOut)
        .AlsoAnswers(CsvType, CheckManyExamples.CsvOut)
        .Refuses(
            ProblemCode.InvalidSelector, ProblemCode.Ambiguous, ProblemCode.UnknownRecogniser, ProblemCode.UnknownScheme, ProblemCode.UnknownCategory,
            ProblemCode.NotYetKnown, ProblemCode.NotAcceptable);

    /// <summary>What holds for every item that does not say otherwise.</summary>
    /// <param name="RecognisedBy" example="cel">Code of a scheme, policy or label body; <c>body:…</c> forces the body.</param>
    /// <param name="Scheme" example="eco-mark">Code or alias of a scheme, for items that give a certificate without one.</param>
    /// <param name="Category" example="it.digital-duplicator">Own code, <c>cpv:…</c> or <c>unspsc:…</c>; only lines in it count.</param>
    /// <param name="Territory" example="JP">ISO 3166-1 or -2; only certificates that count there count.</param>
    /// <param name="AsOf">The date asked about; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given. It holds for all items.</param>
    /// <param name="MinLevel" example="evidence">Weakest level accepted.</param>
    public sealed record Defaults(
        string? RecognisedBy = null,
        string? Scheme = null,
        string? Category = null,
        string? Territory = null,
        AsOf? AsOf = null,
        KnownAt? KnownAt = null,
        Level? MinLevel = null);

    /// <summary>What holds for the list as a whole.</summary>
    /// <param name="RecognisedBy" example="cel">Code of a scheme, policy or label body; <c>body:…</c> forces the body.</param>
    /// <param name="Scheme" example="eco-mark">Code or alias of a scheme, for items that give a certificate without one.</param>
    /// <param name="Category" example="it.digital-duplicator">Own code, <c>cpv:…</c> or <c>unspsc:…</c>; only lines in it count.</param>
    /// <param name="Territory" example="JP">ISO 3166-1 or -2; only certificates that count there count.</param>
    /// <param name="AsOf">The date asked about; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given. It holds for all items.</param>
    /// <param name="MinLevel" example="evidence">Weakest level accepted.</param>
    /// <param name="Columns" example="id,,scheme,certificate">
    /// For CSV and workbooks: what the columns are, one after the other, by their known names, whatever the header calls them; an empty place, and each after the last, is one that is kept and
    /// not looked at. Without it they go by the header.
    /// </param>
    public sealed record Query(
        string? RecognisedBy = null,
        string? Scheme = null,
        string? Category = null,
        string? Territory = null,
        AsOf? AsOf = null,
        KnownAt? KnownAt = null,
        Level? MinLevel = null,
        string? Columns = null)
    {
        /// <summary>What holds for every item that does not say otherwise.</summary>
        internal Defaults Defaults => new(RecognisedBy, Scheme, Category, Territory, AsOf, KnownAt, MinLevel);
    }

    /// <summary>Many questions.</summary>
    /// <param name="Items">The questions, in the order in which they are answered.</param>
    /// <param name="Defaults">What holds for every item that does not say otherwise.</param>
    public sealed record Request(IReadOnlyList<Item> Items, Defaults? Defaults = null);

    /// <summary>
    /// One question. The best selector present is used: scheme and certificate, else the product's id, else the GTIN, else brand and model. The rest cross-checks it,
    /// with the warning <c>selector-mismatch</c>.
    /// </summary>
    /// <param name="Id" example="1">The client's own; it comes back with the answer.</param>
    /// <param name="RecognisedBy" example="cel">Code of a scheme, policy or label body; <c>body:…</c> forces the body.</param>
    /// <param name="Gtin">8, 12, 13 or 14 digits, or a GS1 Digital Link.</param>
    /// <param name="Brand" example="RISOGRAPH">Brand, with the model.</param>
    /// <param name="Model" example="MF935">Model, with the brand.</param>
    /// <param name="Product" example="p-93fc56e22692c3490803">Id of a product.</param>
    /// <param name="Scheme" example="eco-mark">Code or alias of a scheme, with the certificate.</param>
    /// <param name="Certificate" example="17 133 003">Number of a certificate, with the scheme.</param>
    /// <param name="Category" example="it.digital-duplicator">Own code, <c>cpv:…</c> or <c>unspsc:…</c>; only lines in it count.</param>
    /// <param name="Territory" example="JP">ISO 3166-1 or -2; only certificates that count there count.</param>
    /// <param name="AsOf">The date asked about; today (UTC) unless given.</param>
    /// <param name="MinLevel" example="evidence">Weakest level accepted.</param>
    public sealed record Item(
        string? Id = null,
        string? RecognisedBy = null,
        string? Gtin = null,
        string? Brand = null,
        string? Model = null,
        string? Product = null,
        string? Scheme = null,
        string? Certificate = null,
        string? Category = null,
        string? Territory = null,
        AsOf? AsOf = null,
        Level? MinLevel = null);

    /// <summary>The answers, in the order of the questions.</summary>
    /// <param name="Revision">The revision of the registry that all of them rest on.</param>
    /// <param name="Results">One for each item.</param>
    public sealed record Response(long Revision, IReadOnlyList<Result> Results);

    /// <summary>What became of one question: the single check's answer, or a problem, or, where only a category is named, the labels accepted for it.</summary>
    public sealed record Result
    {
        /// <summary>The client's own; null where it gave none.</summary>
        public required string? Id { get; init; }

        /// <summary>Yes, partly, no or unknown.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Answer? Answer { get; init; }

        /// <summary>What exactly.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Outcome? Outcome { get; init; }

        /// <summary>The product; null when it is not on record, or where a certificate alone is asked that names none or several.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public AnsweredProduct? Product { get; init; }

        /// <summary>Who was asked.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public AnsweredRecogniser? Recogniser { get; init; }

        /// <summary>The date that the answer is about.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public DateOnly? AsOf { get; init; }

        /// <summary>The revision of the registry that it rests on.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? Revision { get; init; }

        /// <summary>Last day on which the best path keeps its outcome; null when open-ended, and for no and unknown.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public DateOnly? HoldsUntil { get; init; }

        /// <summary>Every path with an effect, best first.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<AnsweredPath>? Paths { get; init; }

        /// <summary>Every certificate judged.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<AnsweredCertificate>? Certificates { get; init; }

        /// <summary>Lines of other certificates for the same machine; information, never counted.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<AnsweredRelation>? Related { get; init; }

        /// <summary>Why not yes.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<AnsweredReason>? Reasons { get; init; }

        /// <summary>The grant that came nearest.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public AnsweredNearest? Nearest { get; init; }

        /// <summary>How completely the registers concerned are held here.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<AnsweredCoverage>? Coverage { get; init; }

        /// <summary>What keeps a buyer from a wrong conclusion.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<AnsweredWarning>? Warnings { get; init; }

        /// <summary>Why the item cannot be asked; the rest is answered all the same.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public ProblemDocument? Problem { get; init; }

        /// <summary>For an item of a catalogue or a tender that names a category alone: the labels that the recogniser accepts for it.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<AcceptedScheme>? Accepted { get; init; }
    }

    /// <summary>A label that is accepted for a category.</summary>
    /// <param name="Scheme">Code of the scheme.</param>
    /// <param name="Level">What is accepted; of two steps the weaker.</param>
    /// <param name="Outcome">The best that it can give a certificate.</param>
    /// <param name="Agreement">Code of the agreement; null for a policy.</param>
    /// <param name="Policy">Code of the policy; null for an agreement.</param>
    /// <param name="Grant">Id of the grant, or the line's place in the policy.</param>
    /// <param name="HoldsUntil">Last day given every event on record, future ones included; null when open-ended.</param>
    /// <param name="Warnings">What keeps a buyer from a wrong conclusion.</param>
    public sealed record AcceptedScheme(
        string Scheme, Level Level, Outcome Outcome, string? Agreement, string? Policy, string Grant, DateOnly? HoldsUntil, IReadOnlyList<AnsweredWarning> Warnings);

    /// <summary>A list on its way in, and the way out for its answers.</summary>
    internal sealed record Sent(Query Query, HttpContext Http) : IRequest<MediatR.Unit>;

    internal sealed class Handler(Snapshots snapshots, DbDataSource database, TimeProvider clock, RegistryOptions settings, ILogger<Handler> log)
        : IRequestHandler<Sent, MediatR.Unit>
    {
        private const int Mega = 1 << 20;

        private readonly ChecksOptions _limits = settings.Checks;

        public async Task<MediatR.Unit> Handle(Sent request, CancellationToken cancel)
        {
            var (defaults, http) = (request.Query.Defaults, request.Http);
            Demand(defaults, "");
            var asked = TableColumns.Asked(request.Query.Columns);
            var mediaType = MediaTypeHeaderValue.Parse(http.Request.ContentType).MediaType.ToString().ToLowerInvariant();
            if (asked is not null && mediaType is not (CsvType or SheetType))
            {
                throw Refusal.Invalid("columns", new Message("fault.columns-of-no-table", CsvType, SheetType));
            }

            await (mediaType switch
            {
                LinesType => LinesAsync(http, defaults, cancel),
                CsvType => CsvAsync(http, defaults, asked, cancel),
                SheetType => SheetAsync(http, defaults, asked, cancel),
                XmlType or TextXmlType => CatalogueAsync(http, defaults, cancel),
                _ => JsonAsync(http, defaults, cancel),
            });
            return MediatR.Unit.Value;
        }

        private async Task JsonAsync(HttpContext http, Defaults defaults, CancellationToken cancel)
        {
            var form = MediaTypes.Choose(http, JsonType, CsvType);
            var encoding = ListBody.Named(http.Request.ContentType);
            var bytes = await Body(http, document: true).WholeAsync(cancel);
            ListBody.DemandText(bytes, encoding);
            var utf8 = encoding is null || encoding.CodePage == Encoding.UTF8.CodePage ? bytes : Encoding.Convert(encoding, Encoding.UTF8, bytes);
            using var json = ReadItems.Parse(utf8.AsMemory(utf8.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0));
            if (ReadReleases.Are(json.RootElement))
            {
                await ItemsAsync(http, defaults, form, ReadReleases.Read(json.RootElement), orCategory: true, cancel);
                return;
            }

            var (own, items) = ReadItems.Read(json.RootElement, _limits.MaxItems);
            if (own is not null)
            {
                Demand(own, "defaults.");
            }

            await ItemsAsync(http, Join(own, defaults), form, items, orCategory: false, cancel);
        }

        private async Task CatalogueAsync(HttpContext http, Defaults defaults, CancellationToken cancel)
        {
            var form = MediaTypes.Choose(http, JsonType, CsvType);
            var encoding = ListBody.Named(http.Request.ContentType);
            var bytes = await Body(http, document: true).WholeAsync(cancel);
            ListBody.DemandText(bytes, encoding);
            var items = ReadCatalogue.Read(bytes, encoding);
            await ItemsAsync(http, defaults, form, items, orCategory: true, cancel);
        }

        private async Task ItemsAsync(HttpContext http, Defaults defaults, string form, AskedItem[] items, bool orCategory, CancellationToken cancel)
        {
            if (orCategory && defaults.RecognisedBy is null)
            {
                throw Refusal.Invalid("recognisedBy", new Message("fault.required"));
            }

            var ask = await OpenAsync(defaults, cancel);
            if (form == CsvType)
            {
                await ItemsAsCsvAsync(http, ask, items, orCategory, cancel);
                return;
            }

            var language = Language.Current;
            await AnswerAsync(
                http,
                ask,
                JsonType,
                AtOnce(ItemBatch.Of(items)),
                async (batch, grounds, page, stop) =>
                {
                    for (var i = 0; i < batch.Items.Length; i++)
                    {
                        stop.ThrowIfCancellationRequested();
                        if (i > 0 || !batch.IsFirst)
                        {
                            page.Add((byte)',');
                        }

                        await AddAsync(ask, grounds, page, batch.Items.Span[i], orCategory, language);
                    }
                },
                head => head.Add(FormattableString.Invariant($$"""{"revision":{{ask.Registry.Revision}},"results":[""")),
                tail => tail.Add("]}"u8),
                isAllIn: true,
                cancel);
        }

        private Task ItemsAsCsvAsync(HttpContext http, AskItem ask, AskedItem[] items, bool orCategory, CancellationToken cancel)
        {
            var table = ItemTable.Of(items, ask);
            return AnswerAsync(
                http,
                ask,
                CsvType,
                AtOnce(ItemBatch.Of(table.Items)),
                async (batch, grounds, page, stop) =>
                {
                    foreach (var asked in batch.Items.ToArray())
                    {
                        stop.ThrowIfCancellationRequested();
                        table.Write(page, asked);
                        WriteTable.AnswerOfItem(page, asked.Refusal is { } refusal ? RowAnswer.Of(refusal) : await ask.AskAsync(grounds, asked.Item!, orCategory));
                    }
                },
                head => WriteTable.Header(head, table.Names, WriteTable.OwnOfItems),
                null,
                isAllIn: true,
                cancel);
        }

        private async Task LinesAsync(HttpContext http, Defaults defaults, CancellationToken cancel)
        {
            MediaTypes.Choose(http, LinesType);
            if (ListBody.Named(http.Request.ContentType) is { } encoding && encoding.CodePage != Encoding.UTF8.CodePage)
            {
                throw Refusal.UnsupportedMediaType(http.Request.ContentType, [LinesType + "; charset=utf-8"]);
            }

            var ask = await OpenAsync(defaults, cancel);
            var language = Language.Current;
            var longest = _limits.MaxLineKilobytes * 1024;
            await AnswerAsync(
                http,
                ask,
                LinesType,
                new CutRows(Body(http, document: false), longest, hasQuotes: false).AllAsync(cancel),
                async (rows, grounds, page, stop) =>
                {
                    var start = 0;
                    foreach (var end in rows.Ends)
                    {
                        stop.ThrowIfCancellationRequested();
                        var line = rows.Bytes[start..end];
                        start = end;
                        if (!line.Span.TrimStart(" \t\r\n\uFEFF"u8).IsEmpty)
                        {
                            await AddAsync(ask, grounds, page, ReadItems.Read(line), orCategory: false, language);
                            page.Add((byte)'\n');
                        }
                    }

                    if (rows.EndsInTooLong)
                    {
                        WriteResults.Add(page, null, RowAnswer.Of(CutRows.TooLong(longest)), language);
                        page.Add((byte)'\n');
                    }
                },
                null,
                null,
                isAllIn: false,
                cancel);
        }

        private async Task CsvAsync(HttpContext http, Defaults defaults, IReadOnlyList<Column?>? asked, CancellationToken cancel)
        {
            MediaTypes.Choose(http, CsvType);
            var body = Body(http, document: false);
            await body.DecodeAsync(http.Request.ContentType, cancel);
            var cut = new CutRows(body, _limits.MaxLineKilobytes * 1024, hasQuotes: true);
            var header = await cut.FirstAsync(cancel) ?? throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.body-empty"));
            var columns = TableColumns.Read(header, asked);
            columns.Demand(defaults, _limits.MaxColumns, asked);
            cut.Separator = columns.Separator;
            var ask = await OpenAsync(defaults, cancel);
            var table = new AnswerTable(columns, _limits.MaxLineKilobytes * 1024, body.IsTranscoded);
            await AnswerAsync(
                http, ask, CsvType, cut.AllAsync(cancel), (rows, grounds, page, stop) => table.AnswerAsync(rows, ask, grounds, page, stop),
                head => WriteTable.Header(head, columns.Names, WriteTable.Own), null, isAllIn: false, cancel);
        }

        private async Task SheetAsync(HttpContext http, Defaults defaults, IReadOnlyList<Column?>? asked, CancellationToken cancel)
        {
            MediaTypes.Choose(http, CsvType);
            var longest = _limits.MaxLineKilobytes * 1024;
            using var sheet = OpenSheet.Open(await Body(http, document: true).InFileAsync(cancel), (long)_limits.MaxUnpackedMegabytes * Mega, longest, cancel);
            var columns = TableColumns.Of(sheet.Names, asked);
            columns.Demand(defaults, _limits.MaxColumns, asked);
            var ask = await OpenAsync(defaults, cancel);
            var table = new AnswerTable(columns, longest, isTranscoded: false);
            await AnswerAsync(
                http, ask, CsvType, AtOnce(sheet.Rows(cancel)), (rows, grounds, page, stop) => table.AnswerAsync(rows, ask, grounds, page, stop),
                head => WriteTable.Header(head, columns.Names, WriteTable.Own), null, isAllIn: true, cancel);
        }

        /// <summary>Answers all batches at one revision, and streams the pages.</summary>
        private async Task AnswerAsync<TBatch>(
            HttpContext http,
            AskItem ask,
            string mediaType,
            IAsyncEnumerable<TBatch> batches,
            Func<TBatch, Grounds, Page, CancellationToken, Task> answer,
            Action<Page>? head,
            Action<Page>? tail,
            bool isAllIn,
            CancellationToken cancel)
            where TBatch : IDisposable
        {
            var response = http.Response;
            response.ContentType = mediaType.StartsWith("text/", StringComparison.Ordinal) ? mediaType + "; charset=utf-8" : mediaType;
            response.Headers.CacheControl = "no-store";
            Revisions.Say(response, ask.Registry.Revision);
            await using var overflow = new Overflow(response.BodyWriter, (long)_limits.MaxOverflowMegabytes * Mega, TimeSpan.FromSeconds(_limits.StallSeconds), cancel);
            if (isAllIn)
            {
                overflow.AllIsIn();
            }

            var isEmpty = true;
            try
            {
                await AnswerInOrder.RunAsync(UntilAllIsInAsync(batches, overflow, cancel), AnswerBatchAsync, HandOutAsync, cancel);
                if (isEmpty && head is null)
                {
                    throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.body-empty"));
                }

                if (isEmpty)
                {
                    await AddAsync(head);
                }

                await AddAsync(tail);
                await overflow.FinishAsync();
            }
            catch (Exception failure)
            {
                await overflow.DisposeAsync();
                if (!overflow.HasBegun)
                {
                    throw;
                }

                // It must not look like a clean end.
                http.Abort();
                if (failure is not (RefusalException or OperationCanceledException or IOException))
                {
                    throw;
                }

                log.LogInformation("{Method} {Path} broken off: {Cause}", http.Request.Method, http.Request.Path, failure.Message);
            }

            async Task<Page> AnswerBatchAsync(TBatch batch, CancellationToken stop)
            {
                var page = new Page();
                try
                {
                    await using var grounds = await OpenAgainAsync(ask, stop);
                    await answer(batch, grounds, page, stop);
                    return page;
                }
                catch
                {
                    page.Dispose();
                    throw;
                }
            }

            async ValueTask HandOutAsync(Page page, CancellationToken stop)
            {
                if (page.Length == 0)
                {
                    page.Dispose();
                    return;
                }

                if (isEmpty)
                {
                    isEmpty = false;
                    await AddAsync(head);
                }

                await overflow.AddAsync(page, stop);
            }

            async ValueTask AddAsync(Action<Page>? write)
            {
                if (write is not null)
                {
                    var page = new Page();
                    write(page);
                    await overflow.AddAsync(page, cancel);
                }
            }
        }

        private static async ValueTask AddAsync(AskItem ask, Grounds grounds, Page page, AskedItem asked, bool orCategory, Language language) => WriteResults.Add(
            page, asked.Id, asked.Refusal is { } refusal ? RowAnswer.Of(refusal) : await ask.AskAsync(grounds, asked.Resolve(ask), orCategory), language);

        /// <summary>The registry that all rows are asked of.</summary>
        private async Task<AskItem> OpenAsync(Defaults defaults, CancellationToken cancel)
        {
            await using var grounds = await snapshots.OpenAsync(defaults.KnownAt, cancel);
            var ask = new AskItem(grounds.Registry, defaults, Http.AsOf.Today(clock)) { InMemory = grounds.AreInMemory ? grounds : null };
            ask.DemandDefaults();
            return ask;
        }

        // From memory all batches share the same grounds. In the database certificates are versioned, so that a later transaction sees the same ones of this
        // revision: a slow client holds no connection between two batches.
        private async Task<Grounds> OpenAgainAsync(AskItem ask, CancellationToken cancel)
        {
            if (ask.InMemory is { } held)
            {
                return held;
            }

            var db = await database.OpenConnectionAsync(cancel);
            try
            {
                return new Grounds(new Reading(db, await db.BeginReadAsync(cancel), ask.Registry, ask.Registry.Revision));
            }
            catch
            {
                await db.DisposeAsync();
                throw;
            }
        }

        private ListBody Body(HttpContext http, bool document) =>
            new(http, document ? (long)_limits.MaxDocumentMegabytes * Mega : null, TimeSpan.FromSeconds(_limits.StallSeconds));

        private static Defaults Join(Defaults? own, Defaults query) => own is null ? query : new(
            own.RecognisedBy ?? query.RecognisedBy,
            own.Scheme ?? query.Scheme,
            own.Category ?? query.Category,
            own.Territory ?? query.Territory,
            own.AsOf ?? query.AsOf,
            own.KnownAt ?? query.KnownAt,
            own.MinLevel ?? query.MinLevel);

        private static void Demand(Defaults defaults, string path)
        {
            List<Fault> faults = [];
            foreach (var (member, text) in new[] { ("recognisedBy", defaults.RecognisedBy), ("scheme", defaults.Scheme), ("category", defaults.Category) })
            {
                if (text is not null && EntryRules.FaultOf(text, Limits.Line) is { } fault)
                {
                    faults.Add(new(path + member, fault));
                }
            }

            if (defaults.Territory is { } territory && !Countries.IsTerritory(territory))
            {
                faults.Add(new(path + "territory", new Message("fault.territory", territory)));
            }

            if (faults.Count > 0)
            {
                throw Refusal.Invalid(faults);
            }
        }

        private static async IAsyncEnumerable<TBatch> UntilAllIsInAsync<TBatch>(
            IAsyncEnumerable<TBatch> batches, Overflow overflow, [EnumeratorCancellation] CancellationToken cancel)
        {
            await foreach (var batch in batches.WithCancellation(cancel))
            {
                yield return batch;
            }

            overflow.AllIsIn();
        }

        private static async IAsyncEnumerable<TBatch> AtOnce<TBatch>(IEnumerable<TBatch> batches)
        {
            foreach (var batch in batches)
            {
                await Task.Yield();
                yield return batch;
            }
        }
    }
}
