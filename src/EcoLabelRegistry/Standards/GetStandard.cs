using System.Text.Json.Serialization;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Standards;

/// <summary>Shows a standard with its editions and their criteria.</summary>
/// <remarks>
/// <c>editionInForce</c> is the edition in force on the date: of those begun and not ended, the one that began last. An edition says by
/// <c>criteriaCompleteness</c> how much of its criteria is held here: the five of an excerpt never mean that there are only five.
/// </remarks>
public static class GetStandard
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/standards/{id}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Computed(found.Value, found.Revision, found.Value.Revision);
    }

    /// <param name="Id" example="cel-hj-2537">Id of the standard.</param>
    /// <param name="AsOf">The date on which an edition is in force; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string Id, AsOf? AsOf = null, KnownAt? KnownAt = null) : IRequest<Read<Response>>;

    /// <summary>A standard on record.</summary>
    public sealed record Response : StandardEntry
    {
        public Response()
        {
        }

        internal Response(RegistryAt registry, Recorded<StandardEntry> recorded, DateOnly asOf)
            : base(recorded.Entry)
        {
            AsOf = asOf;
            EditionInForce = Recognition.Editions.InForce(registry.Graph.Standards[Id!], asOf)?.Label;
            Successors = [.. registry.Graph.SuccessorsOf(Id!).Select(s => s.Id)];
            Revision = recorded.Revision;
        }

        /// <summary>The date on which an edition is in force.</summary>
        [JsonPropertyOrder(1)]
        public DateOnly AsOf { get; init; }

        /// <summary>The edition in force on the date; null when none is, or none is known.</summary>
        [JsonPropertyOrder(1)]
        public string? EditionInForce { get; init; }

        /// <summary>Ids of the documents that replace it under another number.</summary>
        [JsonPropertyOrder(1)]
        public IReadOnlyList<string> Successors { get; init; } = [];

        /// <summary>The first objections to it, those without an answer before the others; all are at <c>/v1/objections?about=</c>. A list shows none.</summary>
        [JsonPropertyOrder(1)]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<ObjectionBeside>? Objections { get; init; }

        /// <summary>How many objections to it there are.</summary>
        [JsonPropertyOrder(1)]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? ObjectionCount { get; init; }

        /// <summary>The revision that last wrote it.</summary>
        [JsonPropertyOrder(1)]
        public long Revision { get; init; }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Read<Response>>
    {
        public async Task<Read<Response>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(request.KnownAt, cancel);
            var shown = new Response(
                reading.Registry, reading.Registry.Standards.Named(Thing.Standard, request.Id), request.AsOf?.Day ?? Http.AsOf.Today(clock));
            var objections = await reading.ObjectionsAsync(Subjects.Of(RecordKind.Standard, request.Id));
            return new(shown with { Objections = objections.Items, ObjectionCount = objections.Count }, reading.Revision);
        }
    }

    /// <summary>A true answer, for the contract.</summary>
    internal const string Example = """
        {
          "id": "cel-hj-2537", "scheme": "cel", "number": "HJ 2537", "titles": { "en": "Water-based coatings", "zh": "环境标志产品技术要求 水性涂料" },
          "category": "coatings.decorative", "supersedes": "cel-hj-t-201",
          "editions": [
            {
              "edition": "2014", "effectiveFrom": "2014-07-01", "effectiveUntil": null, "transitionMonths": null, "supersededBy": null,
              "criteriaCompleteness": "excerpt",
              "criteria": [
                {
                  "ref": "VOC-int", "aspect": "voc-content", "stage": "use", "parameter": "voc-content",
                  "names": { "en": "VOC content", "zh": "挥发性有机化合物（VOC）含量" }, "text": "Interior wall coating: 50 g/L.",
                  "comparator": "at-most", "limit": 50, "limitMax": null, "oneOf": null, "unit": "g/L", "basis": null,
                  "definition": null, "method": null, "appliesTo": "interior-walls", "mandatory": true, "alternativeGroup": null,
                  "until": null, "sources": null, "confidence": "secondary", "notes": null, "sample": null
                }
              ],
              "sources": null, "confidence": "secondary", "notes": null, "sample": null
            }
          ],
          "sources": [
            {
              "title": "HJ 2537-2014 summary of changes", "address": "http://www.fentijs.com/2014/zcgb_0620/7271.html",
              "published": null, "readOn": "2026-11-22", "confidence": "secondary"
            }
          ],
          "confidence": "secondary",
          "notes": "Predecessors named: HJ/T 201-2005, before it HBC 12-2002, HJBZ 4-1999, HJBZ 4-1994. The table of VOC limits by type was not reached in any copy.",
          "sample": null, "asOf": "2026-11-22", "editionInForce": "2014", "successors": [], "revision": 278
        }
        """;
}
