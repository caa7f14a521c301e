using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Matches;

/// <summary>Finds products and certificates by what somebody typed: brand, model, holder, number and scheme, in any order, with typing errors.</summary>
/// <remarks>
/// Case, width, blanks and punctuation make no difference; Chinese and Japanese need no blanks. Candidates come with a score from 0 to 1 and with what
/// was found in which text; of one score they come in the order of their names. All that is on record is found, whatever its standing today: whether
/// it counts is the work of a check, which takes nothing from here by itself.
/// </remarks>
public static class FindMatches
{
    private const int DefaultLimit = 10;
    private const int MostCandidates = 100;

    // A candidate is taken for the only one when it fits so well, and the next one fits less by so much.
    private const double LeastChosen = 0.8;
    private const double Lead = 0.1;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/match", HandleAsync)
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.Ambiguous)
        .WithExample("""
            {
              "candidates": [
                {
                  "kind": "product", "score": 0.947,
                  "product": { "id": "p-93fc56e22692c3490803", "brand": "RISOGRAPH", "model": "MF935", "category": "it.digital-duplicator", "names": null },
                  "certificate": null, "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)",
                  "matched": [
                    { "query": "Risogarph", "field": "brand", "text": "RISOGRAPH", "score": 0.889 },
                    { "query": "ＭＦ-935", "field": "model", "text": "MF935", "score": 1 } ],
                  "sample": null
                }
              ],
              "chosen": {
                "kind": "product", "score": 0.947,
                "product": { "id": "p-93fc56e22692c3490803", "brand": "RISOGRAPH", "model": "MF935", "category": "it.digital-duplicator", "names": null },
                "certificate": null, "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)",
                "matched": [
                  { "query": "Risogarph", "field": "brand", "text": "RISOGRAPH", "score": 0.889 },
                  { "query": "ＭＦ-935", "field": "model", "text": "MF935", "score": 1 } ],
                "sample": null
              },
              "more": false,
              "revision": 584
            }
            """);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Computed(found, found.Revision);
    }

    /// <param name="Q" example="Risogarph ＭＦ-935">What was typed, at most 200 letters.</param>
    /// <param name="Scheme" example="eco-mark">Code or alias of a scheme: its certificates alone, and the products on them.</param>
    /// <param name="Category" example="it.imaging">Own code, <c>cpv:…</c> or <c>unspsc:…</c>: products with a line in it, and the certificates with such a line.</param>
    /// <param name="Limit" example="10">Most candidates, 1 to 100; 10 unless given.</param>
    public sealed record Request(string Q, string? Scheme = null, string? Category = null, int? Limit = null) : IRequest<Response>;

    /// <summary>What may have been meant.</summary>
    /// <param name="Candidates">The candidates, the likeliest first.</param>
    /// <param name="Chosen">
    /// The first candidate where it is safe to take: its model or number was typed whole, nothing with a digit and no abbreviation was guessed, and no other
    /// candidate fits nearly as well. Null where somebody must choose.
    /// </param>
    /// <param name="More">True when more fit than are shown, or may: so much is called like it that not all was looked at. Say more, or ask for more.</param>
    /// <param name="Revision">The registry's revision.</param>
    public sealed record Response(IReadOnlyList<Candidate> Candidates, Candidate? Chosen, bool More, long Revision);

    /// <summary>What may have been meant.</summary>
    /// <param name="Kind">A certificate where its number was found, or where it names no product; else a product.</param>
    /// <param name="Score">How well it fits, from 0 to 1: 1 when texts of it were typed whole, and nothing else.</param>
    /// <param name="Product">The product; of a certificate the one that was found too, or its only one.</param>
    /// <param name="Certificate">The certificate; null for a product.</param>
    /// <param name="Holder">Who holds the certificate that was found, as the source names it.</param>
    /// <param name="Matched">What was found of what was typed, in the order typed.</param>
    /// <param name="Sample">True for invented data.</param>
    public sealed record Candidate(
        CandidateKind Kind, double Score, MatchedProduct? Product, MatchedCertificate? Certificate, string? Holder, IReadOnlyList<MatchedPart> Matched, bool? Sample);

    /// <summary>A product on record.</summary>
    /// <param name="Id">The registry's id.</param>
    /// <param name="Brand">Brand, as the source has it.</param>
    /// <param name="Model">Model, as the source has it.</param>
    /// <param name="Category">Code of the category of the line that was found.</param>
    /// <param name="Names">Names by language, as that line has them.</param>
    public sealed record MatchedProduct(string Id, string Brand, string Model, string? Category, IReadOnlyDictionary<string, string>? Names);

    /// <summary>A certificate on record.</summary>
    /// <param name="Id">The registry's id.</param>
    /// <param name="Scheme">Code of the scheme that granted it.</param>
    /// <param name="Number">The scheme's own text; null where no source prints one.</param>
    public sealed record MatchedCertificate(string Id, string Scheme, string? Number);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Q).IsText(AskedText.Longest);
            RuleFor(r => r.Scheme).IsText(Limits.Line);
            RuleFor(r => r.Category).IsText(Limits.Line);
            RuleFor(r => r.Limit).IsBetween(1, MostCandidates);
        }
    }

    internal sealed class Handler(Snapshots snapshots) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            await using var grounds = await snapshots.OpenAsync(null, cancel);
            var registry = grounds.Registry;
            var scope = SearchScope.Of(
                registry,
                request.Scheme is null ? null : FindScheme.Find(registry, "scheme", request.Scheme),
                request.Category is null ? null : FindCategory.Find(registry, "category", request.Category));
            var found = await FindRecords.FindAsync(grounds.Certificates, AskedText.Of(request.Q, registry.SchemeNames), scope);
            var ranked = found.Records
                .Select(record => (Record: record, IsCertificate: record.Line is null || record.Score.HasNumber))
                .GroupBy(one => one.IsCertificate ? one.Record.Certificate.Entry.Id! : one.Record.Line!.Product!, StringComparer.Ordinal)
                .Select(group => group.OrderByDescending(one => one.Record.Score.Score)
                    .ThenBy(one => one.Record.Certificate.Entry.Id, StringComparer.Ordinal)
                    .ThenBy(one => Place(one.Record)).First())
                .Select(best => (best.Record, best.IsCertificate, Name: NameOf(best.Record, best.IsCertificate)))
                .OrderByDescending(one => one.Record.Score.Score).ThenBy(one => one.Name, StringComparer.Ordinal)
                .ToList();
            var limit = request.Limit ?? DefaultLimit;
            var candidates = ranked.Take(limit).Select(one => Of(one.Record, one.IsCertificate)).ToList();
            var chosen = ranked is [var first, ..] && IsSafe(first.Record.Score, ranked.Skip(1).Select(next => next.Record.Score)) ? candidates[0] : null;
            return new Response(candidates, chosen, found.IsCut || ranked.Count > limit, grounds.Revision);
        }

        // What was typed letter by letter as it stands on record is meant, even if another text goes on from there.
        private static bool IsSafe(RecordScore first, IEnumerable<RecordScore> others) =>
            first is { IsSafe: true, Score: >= LeastChosen } && others.All(other => first.Score - other.Score >= Lead || (first.Score == 1 && !other.IsSafe));

        private static int Place(FoundRecord record) => record.Line is null ? -1 : record.Certificate.Entry.Products!.ToList().IndexOf(record.Line);

        /// <summary>What a candidate is ordered by: products by brand and model, then certificates by scheme and number.</summary>
        private static string NameOf(FoundRecord record, bool isCertificate)
        {
            var entry = record.Certificate.Entry;
            return isCertificate ? $"2\n{entry.Scheme}\n{(entry.Number is null ? "" : ProductIdentity.FindKey(entry.Number))}\n{entry.Id}"
                : $"1\n{ProductIdentity.FindKey(record.Line!.Brand!, record.Line.Model!)}\n{record.Line.Product}";
        }

        private static Candidate Of(FoundRecord record, bool isCertificate)
        {
            var entry = record.Certificate.Entry;
            var isNamed = !isCertificate || record.Score.Parts.Any(p => p.Field is MatchField.Brand or MatchField.Model);
            var line = isNamed ? record.Line : (entry.Products ?? []).Where(p => p.Product is not null).Take(2).ToList() is [var only] ? only : null;
            return new Candidate(
                isCertificate ? CandidateKind.Certificate : CandidateKind.Product,
                record.Score.Score,
                line is null ? null : new MatchedProduct(line.Product!, line.Brand!, line.Model!, line.Category, line.Names),
                isCertificate ? new MatchedCertificate(entry.Id!, entry.Scheme!, entry.Number) : null,
                entry.Holder,
                record.Score.Parts,
                entry.Sample == true ? true : null);
        }
    }
}

/// <summary>What a candidate is.</summary>
public enum CandidateKind
{
    /// <summary>A product: ask with its brand and model.</summary>
    Product,

    /// <summary>A certificate: ask with its scheme and number.</summary>
    Certificate,
}
