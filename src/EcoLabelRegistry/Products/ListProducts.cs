using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dapper;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Matches;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Products;

/// <summary>Lists products; with a recogniser, those that qualify for it: what would I find if I tendered for this?</summary>
/// <remarks>
/// With <c>recognisedBy</c> each product is decided as a check decides it: those answered yes and partly are listed, with the best certificate,
/// its holder, the level and what is left to prove; the others are left out. Where few qualify, a page may be short, or empty, and still
/// have a next one: read on until <c>next</c> is null.
/// With <c>q</c> products are found as <c>/v1/match</c> finds them, typing errors and all, and come by score; of one score, and without <c>q</c>, by brand
/// and model. Where more hold every word than a search looks at, the list is of exactly those that hold every word, by brand and model, and whole.
/// </remarks>
public static class ListProducts
{
    // A page that looks at so many takes about a second.
    private const int MostLookedAt = 10_000;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/products", HandleAsync)
        .Refuses(ProblemCode.UnknownRecogniser, ProblemCode.UnknownCategory, ProblemCode.Ambiguous)
        .WithExample("""
            {
              "items": [
                {
                  "id": "p-93fc56e22692c3490803", "brand": "RISOGRAPH", "model": "MF935", "gtins": [], "category": "it.digital-duplicator", "names": null,
                  "certificates": [
                    { "id": "eco-mark-780077197d1be3d01844", "scheme": "eco-mark", "number": "17 133 003", "key": null, "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)",
                      "standing": "valid", "unconfirmed": true, "listed": true, "category": "it.digital-duplicator", "from": null, "until": null,
                      "standard": "eco-mark-no-133", "edition": "1", "tier": null, "validFrom": null, "validUntil": null, "confirmedOn": "2019-10-25",
                      "territories": null, "sample": null } ],
                  "revision": 584,
                  "score": 1,
                  "qualifies": {
                    "answer": "partly", "outcome": "conditional", "holdsUntil": null,
                    "best": {
                      "outcome": "conditional", "level": "common-criteria", "derived": false, "holdsUntil": null,
                      "certificate": { "id": "eco-mark-780077197d1be3d01844", "scheme": "eco-mark", "number": "17 133 003", "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)",
                                       "category": "it.digital-duplicator", "standard": "eco-mark-no-133", "edition": "1", "tier": null, "standing": "valid",
                                       "validFrom": null, "validUntil": null, "confirmedOn": "2019-10-25" },
                      "steps": [ { "agreement": "cel-ecomark-2005", "policy": null, "grant": "cel-accepts-eco-mark-digital-duplicators", "recogniser": "cel",
                                   "recognised": "eco-mark", "level": "common-criteria" } ],
                      "conditions": [ { "code": "certificate-standing-unconfirmed", "message": "No source shows that the certificate was still valid on the date. Ask for a current copy.",
                                        "standard": null, "edition": null, "ref": null, "criterion": null, "comparison": null, "why": null, "heldRef": null,
                                        "about": null } ]
                    },
                    "warnings": [ { "code": "label-still-required", "message": "This \"partly\" does not replace the recogniser's own label." } ]
                  }
                }
              ],
              "next": null
            }
            """);

    private static async Task<Reply<Page<Row>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Q" example="riso mf935">Brand, model, holder, number and scheme in any order, whatever their case, width, blanks and punctuation, at most 200 letters.</param>
    /// <param name="Category" example="it.imaging">Own code, <c>cpv:…</c> or <c>unspsc:…</c>: products with a line in it; with a recogniser, only lines in it count.</param>
    /// <param name="RecognisedBy" example="cel">Code of a scheme, policy or label body that must recognise, fully or in part; <c>body:…</c> forces the body.</param>
    /// <param name="AsOf">The date that is judged; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(
        Paging Paging, string? Q = null, string? Category = null, string? RecognisedBy = null, AsOf? AsOf = null, KnownAt? KnownAt = null)
        : IRequest<Page<Row>>;

    /// <summary>A product in a list.</summary>
    public sealed record Row : ProductOnDate
    {
        public Row()
        {
        }

        internal Row(ProductOnDate product)
            : base(product)
        {
        }

        /// <summary>How well it fits <c>q</c>, from 0 to 1; null when nothing is searched for.</summary>
        [JsonPropertyOrder(1)]
        public double? Score { get; init; }

        /// <summary>How it qualifies for the recogniser; null when none is asked.</summary>
        [JsonPropertyOrder(1)]
        public Qualification? Qualifies { get; init; }
    }

    /// <summary>How a product qualifies for a recogniser.</summary>
    /// <param name="Answer">Yes or partly.</param>
    /// <param name="Outcome">What exactly.</param>
    /// <param name="HoldsUntil">Last day on which the best path keeps its outcome; null when open-ended.</param>
    /// <param name="Best">The best path: its certificate, holder and level, and what is left to prove.</param>
    /// <param name="Warnings">What keeps a buyer from a wrong conclusion.</param>
    public sealed record Qualification(Answer Answer, Outcome Outcome, DateOnly? HoldsUntil, AnsweredPath Best, IReadOnlyList<AnsweredWarning> Warnings);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Q).IsText(AskedText.Longest);
            RuleFor(r => r.Category).IsText(Limits.Line);
            RuleFor(r => r.RecognisedBy).IsText(Limits.Line);
        }
    }

    internal sealed class Handler(Registries registries, Snapshots snapshots, TimeProvider clock) : IRequestHandler<Request, Page<Row>>
    {
        private const int BatchSize = 500;

        private const string Batch = """
            select find_product as FindProduct, product as Id, brand, model, certificate, line
            from product_line
            where (find_product, product, certificate, line) > (@FindProduct, @Id, @Certificate, @Line)
              and recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)
            """;

        private const string HolderOrNumber = """

            or exists (
                select 1 from certificate c
                where c.id = product_line.certificate and c.recorded_from <= @Revision and (c.recorded_until is null or c.recorded_until > @Revision)
            """;

        private const string InOrder = "\norder by find_product, product, certificate, line limit @Limit";

        public async Task<Page<Row>> Handle(Request request, CancellationToken cancel)
        {
            var after = request.Paging.After;
            await using var reading = await registries.ReadAsync(after is null ? request.KnownAt : new KnownAt(after.Revision, null), cancel);
            var registry = reading.Registry;
            var day = after?.Day ?? request.AsOf?.Day ?? Http.AsOf.Today(clock);
            var category = request.Category is null ? null : FindCategory.Find(registry, "category", request.Category);
            var question = request.RecognisedBy is null ? null
                : new RecognitionQuestion(FindScheme.FindRecogniser(registry, "recognisedBy", request.RecognisedBy), day) { Category = category };
            var asked = request.Q is null ? null : AskedText.Of(request.Q, registry.SchemeNames);
            var ranked = asked is null || asked.Words.Count == 0 || after is { Key: not [_] } ? null : await RankAsync(reading, asked, SearchScope.Of(registry, null, category));
            return await request.Paging.SieveAsync(
                ranked is null
                    ? ScanAsync(reading, new SearchWords(request.Q), asked, after?.Key is [_, _] last ? last : null, cancel)
                    : ReadAsync(reading, ranked, after is null ? 0 : int.Parse(after.Key[0], CultureInfo.InvariantCulture), cancel),
                listed => question is not null ? Qualify(registry, listed, question) : Fit(registry, listed, category, day),
                MostLookedAt,
                reading.Revision,
                day,
                listed => listed.Key);
        }

        /// <summary>The products that were found, by score and then by name; null where more fit than are looked at.</summary>
        private async ValueTask<List<(string Id, double Score)>?> RankAsync(Reading reading, AskedText asked, SearchScope scope)
        {
            var found = await FindRecords.FindAsync(snapshots.HeldAt(reading.Revision) ?? new Grounds(reading).Certificates, asked, scope);
            return found.IsCut ? null
                : [.. found.Records.Where(r => r.Line is not null)
                    .GroupBy(r => r.Line!.Product!, StringComparer.Ordinal)
                    .Select(g => (Id: g.Key, Score: g.Max(r => r.Score.Score), Name: ProductIdentity.FindKey(g.First().Line!.Brand!, g.First().Line!.Model!)))
                    .OrderByDescending(p => p.Score).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Id, StringComparer.Ordinal)
                    .Select(p => (p.Id, p.Score))];
        }

        /// <summary>The products of a ranking with their certificates, from a place on. Their key is the place: at one revision the ranking is always the same.</summary>
        private static async IAsyncEnumerable<Listed> ReadAsync(
            Reading reading, List<(string Id, double Score)> ranked, int after, [EnumeratorCancellation] CancellationToken cancel)
        {
            for (var place = after; place < ranked.Count; place++)
            {
                cancel.ThrowIfCancellationRequested();
                var (id, score) = ranked[place];
                yield return new Listed(
                    [(place + 1).ToString(CultureInfo.InvariantCulture)], (await reading.ProductAsync(id))!, await reading.ByProductAsync(id), score);
            }
        }

        private static Row? Fit(RegistryAt registry, Listed listed, string? category, DateOnly day)
        {
            var product = new ProductOnDate(registry, listed.Product, listed.Certificates, day);
            return category is null || product.Certificates.Any(c => c.Category is { } own && registry.Graph.IsWithin(own, category)) ? new Row(product) { Score = listed.Score } : null;
        }

        private static Row? Qualify(RegistryAt registry, Listed listed, RecognitionQuestion question)
        {
            var found = FindSubject.OfProduct(listed.Product, listed.Certificates);
            var decided = RecognitionEngine.Decide(registry.Graph, found.Subject, question);
            if (decided.Outcome.Answer() is not (Answer.Yes or Answer.Partly))
            {
                return null;
            }

            var answer = WriteAnswer.Write(registry, question, found, decided with { Paths = [decided.Paths[0]] }, Language.Current);
            return new Row(new ProductOnDate(registry, listed.Product, listed.Certificates, question.AsOf))
            {
                Score = listed.Score,
                Qualifies = new Qualification(answer.Answer, answer.Outcome, answer.HoldsUntil, answer.Paths[0], answer.Warnings),
            };
        }

        /// <summary>Product by product, each with its certificates. Only those of the product before are kept, for neighbours often share theirs.</summary>
        private static async IAsyncEnumerable<Listed> ScanAsync(
            Reading reading, SearchWords words, AskedText? asked, IReadOnlyList<string>? after, [EnumeratorCancellation] CancellationToken cancel)
        {
            var kept = new Dictionary<string, RecordedCertificate>(StringComparer.Ordinal);
            await using var lines = LinesAsync(reading, words, after, cancel).GetAsyncEnumerator(cancel);
            for (var more = await lines.MoveNextAsync(); more;)
            {
                var first = lines.Current;
                var certificates = new Dictionary<string, RecordedCertificate>(StringComparer.Ordinal);
                do
                {
                    var id = lines.Current.Certificate;
                    if (!certificates.ContainsKey(id))
                    {
                        certificates[id] = kept.GetValueOrDefault(id) ?? (await reading.ByIdAsync(id))!;
                    }

                    more = await lines.MoveNextAsync();
                }
                while (more && lines.Current.Id == first.Id);
                kept = certificates;
                yield return new Listed(
                    [first.FindProduct, first.Id],
                    new Product(first.Id, first.Brand, first.Model),
                    [.. certificates.Values.OrderBy(c => c.Entry.Id, StringComparer.Ordinal)],
                    asked is null || asked.Words.Count == 0 ? null : certificates.Values.Max(c => c.LinesOf(first.Id).Max(l => ScoreMatch.Of(asked, c.Entry, l).Score)));
            }
        }

        /// <summary>The lines of products in the order of the list, a bounded batch at a time, so that memory stays flat.</summary>
        private static async IAsyncEnumerable<ListedLine> LinesAsync(
            Reading reading, SearchWords words, IReadOnlyList<string>? after, [EnumeratorCancellation] CancellationToken cancel)
        {
            var sql = Batch
                + (words.IsEmpty ? "" : $"\nand ((true{words.Sql("find_product")}){HolderOrNumber} and ((true{words.Sql("c.find_holder")}) or (true{words.Sql("c.find_number")}))))")
                + InOrder;

            // A page ends with a product; ids of certificates are lower case, digits and hyphens, so that none comes after a tilde.
            var last = after is null ? new ListedLine("", "", "", "", "", 0) : new ListedLine(after[0], after[1], "", "", "~", 0);
            for (var read = BatchSize; read == BatchSize;)
            {
                cancel.ThrowIfCancellationRequested();
                var parameters = new DynamicParameters(new { last.FindProduct, last.Id, last.Certificate, last.Line, reading.Revision, Limit = BatchSize });
                words.AddTo(parameters);
                var batch = (await reading.Db.QueryAsync<ListedLine>(sql, parameters, reading.Transaction)).AsList();
                read = batch.Count;
                foreach (var line in batch)
                {
                    yield return line;
                }

                last = read > 0 ? batch[^1] : last;
            }
        }

        private sealed record ListedLine(string FindProduct, string Id, string Brand, string Model, string Certificate, long Line);

        private sealed record Listed(IReadOnlyList<string> Key, Product Product, IReadOnlyList<RecordedCertificate> Certificates, double? Score);
    }
}
