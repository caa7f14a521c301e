using System.Runtime.CompilerServices;
using Dapper;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Certificates;

/// <summary>Lists certificates with their standing on a date, by scheme and id.</summary>
/// <remarks>
/// Standing and category are judged certificate by certificate. Where few fit, a page may be short, or empty, and still have a next one:
/// read on until <c>next</c> is null.
/// </remarks>
public static class ListCertificates
{
    // A page that looks at so many takes about a second.
    private const int MostLookedAt = 50_000;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/certificates", HandleAsync)
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.Ambiguous)
        .WithExample("""
            {
              "items": [
                {
                  "id": "eco-mark-780077197d1be3d01844", "scheme": "eco-mark", "number": "17 133 003", "key": null, "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)",
                  "standing": "valid", "unconfirmed": true, "standard": "eco-mark-no-133", "edition": "1", "tier": null, "validFrom": null, "validUntil": null,
                  "confirmedOn": "2019-10-25", "categories": ["it.digital-duplicator"], "products": 1, "sample": null, "revision": 584
                }
              ],
              "next": null
            }
            """);

    private static async Task<Reply<Page<Row>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Scheme" example="eco-mark">Code or alias of a scheme: its certificates.</param>
    /// <param name="Number" example="17 133 003">A number, whatever its case, width, blanks and punctuation; further numbers count too.</param>
    /// <param name="Holder" example="riso">Words in the name of the holder, whatever their case, width, blanks and punctuation.</param>
    /// <param name="Standing">Standing on the date.</param>
    /// <param name="Category" example="it.imaging">Own code, <c>cpv:…</c> or <c>unspsc:…</c>: certificates with a line in it.</param>
    /// <param name="AsOf">The date of the standing; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(
        Paging Paging,
        string? Scheme = null,
        string? Number = null,
        string? Holder = null,
        CertificateStanding? Standing = null,
        string? Category = null,
        AsOf? AsOf = null,
        KnownAt? KnownAt = null) : IRequest<Page<Row>>;

    /// <summary>A certificate in a list.</summary>
    /// <param name="Id">The registry's id.</param>
    /// <param name="Scheme">Code of the scheme that granted it.</param>
    /// <param name="Number">The scheme's own text; null where no source prints one.</param>
    /// <param name="Key">What stands in for a number that no source prints.</param>
    /// <param name="Holder">Who holds the licence, as the source names it.</param>
    /// <param name="Standing">Standing on the date.</param>
    /// <param name="Unconfirmed">True when the date is later than the last report that shows it valid, and it has no end.</param>
    /// <param name="Standard">Id of the standard of the period judged.</param>
    /// <param name="Edition">Its edition.</param>
    /// <param name="Tier">The tier.</param>
    /// <param name="ValidFrom">First day of the period judged.</param>
    /// <param name="ValidUntil">Its last day; null is open-ended.</param>
    /// <param name="ConfirmedOn">The last day on which a source shows it valid.</param>
    /// <param name="Categories">Codes of the categories of its lines.</param>
    /// <param name="Products">Number of its lines on the date.</param>
    /// <param name="Sample">True for invented data.</param>
    /// <param name="Revision">The revision that last wrote it.</param>
    public sealed record Row(
        string Id,
        string Scheme,
        string? Number,
        string? Key,
        string? Holder,
        CertificateStanding Standing,
        bool Unconfirmed,
        string? Standard,
        string? Edition,
        string? Tier,
        PartialDate? ValidFrom,
        PartialDate? ValidUntil,
        PartialDate? ConfirmedOn,
        IReadOnlyList<string> Categories,
        int Products,
        bool? Sample,
        long Revision);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Scheme).IsText(Limits.Line);
            RuleFor(r => r.Number).IsText(Limits.Line);
            RuleFor(r => r.Holder).IsText(Limits.Line);
            RuleFor(r => r.Category).IsText(Limits.Line);
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<Row>>
    {
        private const int BatchSize = 200;

        private const string Batch = """
            select c.recorded_from as Revision, c.data
            from certificate c
            where c.recorded_from <= @Revision and (c.recorded_until is null or c.recorded_until > @Revision)
            """;

        private const string OfAnyScheme = "\nand (c.scheme, c.id) > (@AfterScheme, @AfterId)";

        private const string OfScheme = "\nand c.scheme = @Scheme and c.id > @AfterId";

        private const string OfNumber = """

            and c.id in (
                select id from certificate
                where find_number = @FindNumber and recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)
                union
                select certificate from certificate_number
                where find_number = @FindNumber and recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision))
            """;

        private const string InOrder = "\norder by c.scheme, c.id limit @Limit";

        public async Task<Page<Row>> Handle(Request request, CancellationToken cancel)
        {
            var after = request.Paging.After;
            await using var reading = await registries.ReadAsync(after is null ? request.KnownAt : new KnownAt(after.Revision, null), cancel);
            var registry = reading.Registry;
            var day = after?.Day ?? request.AsOf?.Day ?? Http.AsOf.Today(clock);
            var category = request.Category is null ? null : FindCategory.Find(registry, "category", request.Category);
            var holder = new SearchWords(request.Holder);
            var sql = Batch
                + (request.Scheme is null ? OfAnyScheme : OfScheme)
                + (request.Number is null ? "" : OfNumber)
                + holder.Sql("c.find_holder")
                + InOrder;
            var parameters = new DynamicParameters(new
            {
                reading.Revision,
                Scheme = request.Scheme is null ? null : FindScheme.Find(registry, "scheme", request.Scheme),
                FindNumber = request.Number is null ? null : ProductIdentity.FindKey(request.Number),
                Limit = BatchSize,
            });
            holder.AddTo(parameters);
            return await request.Paging.SieveAsync(
                ScanAsync(reading, sql, parameters, after?.Key, cancel), found => Fit(registry, found, request.Standing, category, day), MostLookedAt, reading.Revision, day, Key);
        }

        private static IReadOnlyList<string> Key(RecordedCertificate certificate) => [certificate.Entry.Scheme!, certificate.Entry.Id!];

        private static Row? Fit(RegistryAt registry, RecordedCertificate found, CertificateStanding? standing, string? category, DateOnly day)
        {
            var entry = found.Entry;
            var onDate = CertificateOnDate.Of(registry, found, day);
            var (state, period) = (onDate.State, onDate.Period);
            if (standing is not null && state.Standing != standing)
            {
                return null;
            }

            var lines = onDate.Lines().ToList();
            if (category is not null && !lines.Exists(l => l.Category is { } own && registry.Graph.IsWithin(own, category)))
            {
                return null;
            }

            return new Row(
                entry.Id!,
                entry.Scheme!,
                entry.Number,
                entry.Key,
                entry.Holder,
                state.Standing,
                state.IsUnconfirmed,
                period?.Standard,
                period?.Edition,
                period?.Tier,
                period?.ValidFrom,
                period?.ValidUntil,
                period?.ConfirmedOn,
                [.. lines.Select(l => l.Category).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                (entry.Products ?? []).Count(onDate.Lists),
                entry.Sample,
                found.Revision);
        }

        /// <summary>Reads on in the order of the list, a bounded batch at a time and a row at a time, so that memory stays flat.</summary>
        private static async IAsyncEnumerable<RecordedCertificate> ScanAsync(
            Reading reading, string sql, DynamicParameters parameters, IReadOnlyList<string>? after, [EnumeratorCancellation] CancellationToken cancel)
        {
            for (var read = BatchSize; read == BatchSize;)
            {
                parameters.Add("AfterScheme", after?[0] ?? "");
                parameters.Add("AfterId", after?[1] ?? "");
                read = 0;
                await foreach (var row in reading.Db.QueryUnbufferedAsync<CertificateRow>(sql, parameters, reading.Transaction).WithCancellation(cancel))
                {
                    var found = row.Read();
                    after = Key(found);
                    read++;
                    yield return found;
                }
            }
        }
    }
}
