using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Certificates;

/// <summary>Shows a certificate with its periods, events and product lines, and its standing on a date.</summary>
/// <remarks>
/// <c>standing</c> is that of the date asked about; <c>events</c> and <c>periods</c> are all that is recorded, past and future.
/// <c>related</c> lines are the same machine elsewhere, under another model or holder: information that never counts.
/// </remarks>
public static class GetCertificate
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/certificates/{id}", HandleAsync)
        .WithExample("""
            {
              "id": "eco-mark-780077197d1be3d01844", "scheme": "eco-mark", "number": "17 133 003", "key": null, "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)",
              "issuedBy": null, "otherNumbers": [], "asOf": "2019-11-01", "standing": "valid", "unconfirmed": true,
              "period": { "standard": "eco-mark-no-133", "edition": "1", "tier": null, "validFrom": null, "validUntil": null,
                          "firstConfirmedOn": "2019-10-25", "confirmedOn": "2019-10-25" },
              "periods": [ { "standard": "eco-mark-no-133", "edition": "1", "tier": null, "validFrom": null, "validUntil": null,
                             "firstConfirmedOn": "2019-10-25", "confirmedOn": "2019-10-25" } ],
              "events": [],
              "products": [
                { "product": "p-93fc56e22692c3490803", "brand": "RISOGRAPH", "model": "MF935", "gtins": [], "category": "it.digital-duplicator", "names": null,
                  "from": null, "until": null, "listed": true,
                  "related": [ { "scheme": "cel", "certificate": null, "key": "riso-mf9350c", "model": "MF9350C", "relation": "granted abroad on the basis of this certificate", "id": "cel-33ae54f66b814e3bf085" } ],
                  "sources": null, "confidence": null, "notes": null, "sample": null } ],
              "sites": null, "territories": null,
              "surveillance": { "lastAudit": null, "intervalMonths": null, "dueBy": null, "overdue": null },
              "objections": [], "objectionCount": 0,
              "revision": 584,
              "sources": [ { "title": "JEA press release 2019: first product using the Eco Mark - China MRA",
                             "address": "https://prtimes.jp/main/html/rd/p/000000006.000040964.html", "published": "2019-10-25", "readOn": "2026-11-22", "confidence": "verified" } ],
              "confidence": "verified", "notes": null, "sample": null
            }
            """);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Computed(found.Value, found.Revision, found.Value.Revision);
    }

    /// <param name="Id" example="eco-mark-780077197d1be3d01844">The registry's id.</param>
    /// <param name="AsOf">The date of the standing; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string Id, AsOf? AsOf = null, KnownAt? KnownAt = null) : IRequest<Read<Response>>;

    /// <summary>A certificate on record.</summary>
    public sealed record Response : Sourced
    {
        /// <summary>The registry's id, made of scheme and number.</summary>
        public required string Id { get; init; }

        /// <summary>Code of the scheme that granted it.</summary>
        public required string Scheme { get; init; }

        /// <summary>The scheme's own text; null where no source prints one.</summary>
        public string? Number { get; init; }

        /// <summary>What stands in for a number that no source prints.</summary>
        public string? Key { get; init; }

        /// <summary>Who holds the licence, as the source names it.</summary>
        public string? Holder { get; init; }

        /// <summary>The office that issued it, as the source names it.</summary>
        public string? IssuedBy { get; init; }

        /// <summary>Further numbers under which it is known.</summary>
        public required IReadOnlyList<string> OtherNumbers { get; init; }

        /// <summary>The date of the standing.</summary>
        public DateOnly AsOf { get; init; }

        /// <summary>Standing on the date.</summary>
        public CertificateStanding Standing { get; init; }

        /// <summary>True when the date is later than the last report that shows it valid, and it has no end.</summary>
        public bool Unconfirmed { get; init; }

        /// <summary>The period judged: that of the date, or before the first one the one that comes.</summary>
        public CertificatePeriodEntry? Period { get; init; }

        /// <summary>Every period, by start; a renewal adds one.</summary>
        public required IReadOnlyList<CertificatePeriodEntry> Periods { get; init; }

        /// <summary>Suspensions, reinstatements and withdrawals, in the order recorded.</summary>
        public required IReadOnlyList<CertificateEventEntry> Events { get; init; }

        /// <summary>Product lines; a line keeps its place.</summary>
        public required IReadOnlyList<Line> Products { get; init; }

        /// <summary>Production sites; null when none are listed.</summary>
        public IReadOnlyList<Site>? Sites { get; init; }

        /// <summary>Where it counts, ISO 3166; empty is everywhere, null is not known.</summary>
        public IReadOnlyList<string>? Territories { get; init; }

        /// <summary>The surveillance audits.</summary>
        public required Surveillance Surveillance { get; init; }

        /// <summary>The first objections to it, those without an answer before the others; all are at <c>/v1/objections?about=</c>.</summary>
        public IReadOnlyList<ObjectionBeside> Objections { get; init; } = [];

        /// <summary>How many objections to it there are.</summary>
        public long ObjectionCount { get; init; }

        /// <summary>The revision that last wrote it.</summary>
        public long Revision { get; init; }
    }

    /// <summary>A product line of a certificate.</summary>
    public sealed record Line : Sourced
    {
        /// <summary>Id of the product; null for a line that names none.</summary>
        public string? Product { get; init; }

        /// <summary>Brand, as the source has it.</summary>
        public string? Brand { get; init; }

        /// <summary>Model, as the source has it.</summary>
        public string? Model { get; init; }

        /// <summary>GTINs as given.</summary>
        public required IReadOnlyList<string> Gtins { get; init; }

        /// <summary>Code of the category.</summary>
        public string? Category { get; init; }

        /// <summary>Names by language.</summary>
        public IReadOnlyDictionary<string, string>? Names { get; init; }

        /// <summary>First day on the certificate; null from its start.</summary>
        public PartialDate? From { get; init; }

        /// <summary>Last day on the certificate; null to its end.</summary>
        public PartialDate? Until { get; init; }

        /// <summary>True when the line is on the certificate on the date.</summary>
        public bool Listed { get; init; }

        /// <summary>The same machine on other certificates.</summary>
        public required IReadOnlyList<Relation> Related { get; init; }
    }

    /// <summary>A line of another certificate for the same machine.</summary>
    /// <param name="Scheme">Code of the scheme.</param>
    /// <param name="Certificate">Its number.</param>
    /// <param name="Key">Its key, where no number is printed.</param>
    /// <param name="Model">The model there.</param>
    /// <param name="How">How the two are related, as the source says.</param>
    /// <param name="Id">The certificate's id; null when it is not on record.</param>
    public sealed record Relation(
        string? Scheme, string? Certificate, string? Key, string? Model, [property: System.Text.Json.Serialization.JsonPropertyName("relation")] string? How, string? Id);

    /// <summary>The surveillance audits of a certificate.</summary>
    /// <param name="LastAudit">Day of the last one; null when none is recorded.</param>
    /// <param name="IntervalMonths">Months between two, as the scheme has it; null when not known.</param>
    /// <param name="DueBy">Last day for the next one; null unless both are known.</param>
    /// <param name="Overdue">True when the date is later; null unless both are known.</param>
    public sealed record Surveillance(PartialDate? LastAudit, int? IntervalMonths, DateOnly? DueBy, bool? Overdue);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Read<Response>>
    {
        public async Task<Read<Response>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(request.KnownAt, cancel);
            var found = await reading.ByIdAsync(request.Id) ?? throw Refusal.NotFound(Thing.Certificate, request.Id);
            var onDate = CertificateOnDate.Of(reading.Registry, found, request.AsOf?.Day ?? Http.AsOf.Today(clock));
            var objections = await reading.ObjectionsAsync(Subjects.OfCertificate(request.Id));
            var shown = Describe(reading.Registry, found, onDate, await RelatedAsync(reading, found.Entry)) with
            {
                Objections = objections.Items,
                ObjectionCount = objections.Count,
            };
            return new(shown, reading.Revision);
        }

        /// <summary>Which of the related certificates are on record: their ids.</summary>
        private static async Task<IReadOnlyDictionary<RelatedLine, string>> RelatedAsync(Reading reading, CertificateEntry entry)
        {
            var ids = new Dictionary<RelatedLine, string>();
            foreach (var related in (entry.Products ?? []).SelectMany(line => line.Related ?? []).Distinct())
            {
                var found = related switch
                {
                    { Certificate: { } number } => await reading.ByNumberAsync(related.Scheme!, number),
                    { Key: { } key } when await reading.ByKeyAsync(related.Scheme!, key) is { } kept => [kept],
                    _ => [],
                };
                if (found is [var one])
                {
                    ids[related] = one.Entry.Id!;
                }
            }

            return ids;
        }

        private static Response Describe(RegistryAt registry, RecordedCertificate found, CertificateOnDate onDate, IReadOnlyDictionary<RelatedLine, string> related)
        {
            var entry = found.Entry;
            return new Response
            {
                Id = entry.Id!,
                Scheme = entry.Scheme!,
                Number = entry.Number,
                Key = entry.Key,
                Holder = entry.Holder,
                IssuedBy = entry.IssuedBy,
                OtherNumbers = entry.OtherNumbers ?? [],
                AsOf = onDate.Date,
                Standing = onDate.State.Standing,
                Unconfirmed = onDate.State.IsUnconfirmed,
                Period = onDate.Period,
                Periods = entry.Periods ?? [],
                Events = entry.Events ?? [],
                Products = [.. (entry.Products ?? []).Select((line, i) => new Line
                {
                    Product = found.Model.Lines[i].Product,
                    Brand = line.Brand,
                    Model = line.Model,
                    Gtins = line.Gtins ?? [],
                    Category = line.Category,
                    Names = line.Names,
                    From = line.From,
                    Until = line.Until,
                    Listed = onDate.Lists(line),
                    Related = [.. (line.Related ?? []).Select(r => new Relation(r.Scheme, r.Certificate, r.Key, r.Model, r.Relation, related.GetValueOrDefault(r)))],
                    Sources = line.Sources,
                    Confidence = line.Confidence,
                    Notes = line.Notes,
                    Sample = line.Sample,
                })],
                Sites = entry.Sites,
                Territories = entry.Territories,
                Surveillance = Audits(entry.LastAudit, registry.Schemes[entry.Scheme!].Entry.SurveillanceMonths, onDate.Date),
                Revision = found.Revision,
                Sources = entry.Sources,
                Confidence = entry.Confidence,
                Notes = entry.Notes,
                Sample = entry.Sample,
            };
        }

        private static Surveillance Audits(PartialDate? lastAudit, int? months, DateOnly date)
        {
            var dueBy = lastAudit is { } audit && months is { } interval ? audit.LastDay.AddMonths(interval) : (DateOnly?)null;
            return new Surveillance(lastAudit, months, dueBy, dueBy is null ? null : date > dueBy);
        }
    }
}
