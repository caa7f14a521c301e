using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Standards;

/// <summary>Sets what one standard demands beside what another wants, criterion by criterion.</summary>
/// <remarks>
/// Two criteria compare only if parameter, definition, test method, basis and dimension of unit agree; equal numbers alone say nothing. The
/// counts are per area: strict on paint does not pay for silence on noise, so there is no total. What is held here as an excerpt may say more.
/// </remarks>
public static class CompareStandards
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/standards/compare", HandleAsync)
        .WithExample("""
            {
              "held": {
                "id": "green-seal-gs-11", "scheme": "green-seal", "number": "GS-11",
                "titles": { "en": "Paints, coatings, stains and sealers", "zh": "涂料、涂层、着色剂和封闭剂" }, "category": "coatings.decorative",
                "edition": "3.1", "criteriaCompleteness": "excerpt"
              },
              "wanted": {
                "id": "eu-ecolabel-2014-312-eu", "scheme": "eu-ecolabel", "number": "2014/312/EU",
                "titles": { "en": "Indoor and outdoor paints and varnishes", "zh": "室内外涂料和清漆" }, "category": "coatings.decorative",
                "edition": "2014", "criteriaCompleteness": "excerpt"
              },
              "asOf": "2026-11-22",
              "criteria": [
                {
                  "wanted": {
                    "ref": "4-t3-voc-a", "aspect": "voc-content", "stage": "use", "parameter": "voc-content",
                    "names": { "en": "VOC content", "zh": "挥发性有机化合物（VOC）含量" },
                    "text": "Interior matt walls and ceilings (gloss below 25 at 60°): 10 g/L, ready to use, water included.",
                    "comparator": "at-most", "limit": 10, "limitMax": null, "oneOf": null, "unit": "g/L", "basis": "ready-to-use",
                    "definition": "boiling-point-250c", "method": "ISO 11890-2", "appliesTo": "interior-matt-walls", "mandatory": true,
                    "alternativeGroup": null, "until": null, "sources": null, "confidence": "secondary", "notes": null, "sample": null
                  },
                  "held": {
                    "ref": "VOC-flat", "aspect": "voc-content", "stage": "use", "parameter": "voc-content",
                    "names": { "en": "VOC content", "zh": "挥发性有机化合物（VOC）含量" },
                    "text": "Interior flat topcoat: 50 g/L, less water and exempt compounds.", "comparator": "at-most", "limit": 50,
                    "limitMax": null, "oneOf": null, "unit": "g/L", "basis": "less-water", "definition": null, "method": "EPA Method 24",
                    "appliesTo": "interior-matt-walls", "mandatory": true, "alternativeGroup": null, "until": null, "sources": null,
                    "confidence": "secondary", "notes": null, "sample": null
                  },
                  "result": "not-comparable", "why": "different-method", "message": "The two measure it by different methods."
                }
              ],
              "areas": [
                { "aspect": "voc-content", "exceeds": 0, "meets": 0, "fallsShort": 0, "isSilent": 19, "notComparable": 12 },
                { "aspect": "efficiency-in-use", "exceeds": 0, "meets": 0, "fallsShort": 0, "isSilent": 1, "notComparable": 0 }
              ],
              "notes": [
                {
                  "code": "criteria-incomplete", "standard": "green-seal-gs-11",
                  "message": "Only an excerpt of the criteria of GS-11 3.1 is held here: silence here is no proof that the document is silent."
                }
              ],
              "revision": 772
            }
            """)
        .Refuses(ProblemCode.UnknownStandard, ProblemCode.UnknownEdition);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var matrix = await mediator.Send(request.Value, cancel);
        return Reply.Computed(matrix, matrix.Revision);
    }

    /// <param name="Held" example="green-seal-gs-11">Id of the standard that a certificate was granted against.</param>
    /// <param name="Wanted" example="eu-ecolabel-2014-312-eu">Id of the standard whose criteria are to be met.</param>
    /// <param name="HeldEdition" example="3.1">Its edition; the one in force on the date unless given.</param>
    /// <param name="WantedEdition" example="2014">Its edition; the one in force on the date unless given.</param>
    /// <param name="AsOf">The date on which editions are in force and derogations run; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(
        string Held, string Wanted, string? HeldEdition = null, string? WantedEdition = null, AsOf? AsOf = null, KnownAt? KnownAt = null) : IRequest<Response>;

    /// <summary>Two editions side by side.</summary>
    /// <param name="Held">What a certificate was granted against.</param>
    /// <param name="Wanted">What is to be met.</param>
    /// <param name="AsOf">The date asked about.</param>
    /// <param name="Criteria">Every requirement of the wanted edition that is held here, in its order.</param>
    /// <param name="Areas">The counts, areas in the order in which the wanted edition first speaks of them; alternatives count once, by the best of them.</param>
    /// <param name="Notes">What keeps a reader from taking the matrix for the whole.</param>
    /// <param name="Revision">The revision of the registry that it rests on.</param>
    public sealed record Response(
        Side Held, Side Wanted, DateOnly AsOf, IReadOnlyList<Row> Criteria, IReadOnlyList<Area> Areas, IReadOnlyList<Note> Notes, long Revision);

    /// <summary>One of the two editions.</summary>
    /// <param name="Id">Id of the standard.</param>
    /// <param name="Scheme">Code of its scheme.</param>
    /// <param name="Number">The number as printed.</param>
    /// <param name="Titles">Titles by language.</param>
    /// <param name="Category">Code of the category that it is for.</param>
    /// <param name="Edition">The edition; null when none is in force on the date, or none is known.</param>
    /// <param name="CriteriaCompleteness">How completely its criteria are held here.</param>
    public sealed record Side(
        string Id,
        string Scheme,
        string Number,
        IReadOnlyDictionary<string, string>? Titles,
        string? Category,
        string? Edition,
        CriteriaCompleteness CriteriaCompleteness);

    /// <summary>A wanted criterion and how the held edition stands to it.</summary>
    /// <param name="Wanted">The criterion with its limit.</param>
    /// <param name="Held">The criterion set beside it; null when the held edition is silent, or not known.</param>
    /// <param name="Result">How the held edition stands.</param>
    /// <param name="Why">Why the two cannot be compared; null when they can.</param>
    /// <param name="Message">The same in words.</param>
    public sealed record Row(CriterionEntry Wanted, CriterionEntry? Held, Comparison Result, Incomparability? Why, string Message);

    /// <summary>How many criteria of one area came out how.</summary>
    /// <param name="Aspect">The area; null for criteria that state none.</param>
    /// <param name="Exceeds">Stricter than wanted.</param>
    /// <param name="Meets">As strict as wanted.</param>
    /// <param name="FallsShort">Less strict than wanted.</param>
    /// <param name="IsSilent">Not spoken of, as far as is held here.</param>
    /// <param name="NotComparable">Cannot be set beside what is wanted.</param>
    public sealed record Area(string? Aspect, int Exceeds, int Meets, int FallsShort, int IsSilent, int NotComparable);

    /// <summary>What is not held here of one of the two.</summary>
    /// <param name="Code"><c>criteria-incomplete</c> for an excerpt, <c>criteria-not-held</c> when nothing is held.</param>
    /// <param name="Standard">Id of the standard.</param>
    /// <param name="Message">In words.</param>
    public sealed record Note(ConditionCode Code, string Standard, string Message);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Held).Required().IsText(Limits.Line);
            RuleFor(r => r.Wanted).Required().IsText(Limits.Line);
            RuleFor(r => r.HeldEdition).IsText(Limits.Line);
            RuleFor(r => r.WantedEdition).IsText(Limits.Line);
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            var asOf = request.AsOf?.Day ?? Http.AsOf.Today(clock);
            return (await registries.ReadAsync(request.KnownAt, registry => Compare(registry, request, asOf), cancel)).Value;
        }

        private static Response Compare(RegistryAt registry, Request request, DateOnly asOf)
        {
            var held = Find(registry, "held", request.Held, request.HeldEdition, asOf);
            var wanted = Find(registry, "wanted", request.Wanted, request.WantedEdition, asOf);

            // Of an edition that is not known no criterion is held, so that nothing can be concluded from it.
            var matrix = CriteriaComparison.Matrix(wanted?.ToModel() ?? new Edition(""), held?.ToModel() ?? new Edition(""), asOf);
            return new Response(
                Side(registry, request.Held, held),
                Side(registry, request.Wanted, wanted),
                asOf,
                [.. matrix.Criteria.Select(row => new Row(
                    Criterion(wanted, row.Wanted)!,
                    Criterion(held, row.Result.Held),
                    row.Result.Result,
                    row.Result.Why,
                    row.Result.Why is { } why ? Texts.Of(why, Language.Current) : Texts.Of(row.Result.Result, Language.Current)))],
                [.. matrix.Aspects.Select(a => new Area(a.Aspect, a.Exceeds, a.Meets, a.FallsShort, a.IsSilent, a.NotComparable))],
                [.. Notes(registry, request.Held, held), .. Notes(registry, request.Wanted, wanted)],
                registry.Revision);
        }

        private static EditionEntry? Find(RegistryAt registry, string member, string id, string? label, DateOnly asOf)
        {
            registry.Standards.Require(Thing.Standard, member, id);
            var editions = registry.Standards[id].Entry.Editions ?? [];
            var asked = label ?? Editions.InForce(registry.Graph.Standards[id], asOf)?.Label;
            return asked is null ? null
                : editions.FirstOrDefault(e => e.Edition == asked)
                ?? throw Refusal.Unknown(Thing.Edition, member + "Edition", asked, editions.Select(e => e.Edition!));
        }

        private static Side Side(RegistryAt registry, string id, EditionEntry? edition)
        {
            var standard = registry.Standards[id].Entry;
            return new(id, standard.Scheme!, standard.Number!, standard.Titles, standard.Category, edition?.Edition, Completeness(edition));
        }

        private static CriterionEntry? Criterion(EditionEntry? edition, Criterion? criterion) =>
            criterion is null ? null : edition!.Criteria!.First(c => c.Ref == criterion.Ref);

        private static CriteriaCompleteness Completeness(EditionEntry? edition) => edition?.CriteriaCompleteness ?? CriteriaCompleteness.None;

        private static IEnumerable<Note> Notes(RegistryAt registry, string id, EditionEntry? edition)
        {
            var name = $"{registry.Standards[id].Entry.Number} {edition?.Edition}".Trim();
            return Completeness(edition) switch
            {
                CriteriaCompleteness.Full => [],
                CriteriaCompleteness.Excerpt => [new(ConditionCode.CriteriaIncomplete, id, Texts.Of("note.criteria-incomplete", Language.Current, name))],
                CriteriaCompleteness.None => [new(ConditionCode.CriteriaNotHeld, id, Texts.Of("note.criteria-not-held", Language.Current, name))],
            };
        }
    }
}
