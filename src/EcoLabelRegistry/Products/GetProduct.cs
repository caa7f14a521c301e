using System.Text.Json.Serialization;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Products;

/// <summary>Shows a product with its certificates and their standing on a date.</summary>
/// <remarks>A product is a brand and a model. Whether anybody recognises one of its certificates is the work of a check.</remarks>
public static class GetProduct
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/products/{id}", HandleAsync)
        .WithExample("""
            {
              "id": "p-93fc56e22692c3490803", "brand": "RISOGRAPH", "model": "MF935", "gtins": [], "category": "it.digital-duplicator", "names": null,
              "certificates": [
                { "id": "eco-mark-780077197d1be3d01844", "scheme": "eco-mark", "number": "17 133 003", "key": null, "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)",
                  "standing": "valid", "unconfirmed": true, "listed": true, "category": "it.digital-duplicator", "from": null, "until": null,
                  "standard": "eco-mark-no-133", "edition": "1", "tier": null, "validFrom": null, "validUntil": null, "confirmedOn": "2019-10-25",
                  "territories": null, "sample": null } ],
              "revision": 584, "asOf": "2019-11-01",
              "related": [ { "scheme": "cel", "certificate": null, "key": "riso-mf9350c", "model": "MF9350C", "relation": "granted abroad on the basis of this certificate" } ],
              "objections": [], "objectionCount": 0
            }
            """);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Computed(found.Value, found.Revision, found.Value.Revision);
    }

    /// <param name="Id" example="p-93fc56e22692c3490803">The registry's id.</param>
    /// <param name="AsOf">The date of the standings; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string Id, AsOf? AsOf = null, KnownAt? KnownAt = null) : IRequest<Read<Response>>;

    /// <summary>A product on record.</summary>
    public sealed record Response : ProductOnDate
    {
        public Response()
        {
        }

        internal Response(ProductOnDate product)
            : base(product)
        {
        }

        /// <summary>The date of the standings.</summary>
        [JsonPropertyOrder(1)]
        public DateOnly AsOf { get; init; }

        /// <summary>The same machine on other certificates, under another model or holder: information that never counts.</summary>
        [JsonPropertyOrder(1)]
        public IReadOnlyList<AnsweredRelation> Related { get; init; } = [];

        /// <summary>The first objections to it, those without an answer before the others; all are at <c>/v1/objections?about=</c>.</summary>
        [JsonPropertyOrder(1)]
        public IReadOnlyList<ObjectionBeside> Objections { get; init; } = [];

        /// <summary>How many objections to it there are.</summary>
        [JsonPropertyOrder(1)]
        public long ObjectionCount { get; init; }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Read<Response>>
    {
        public async Task<Read<Response>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(request.KnownAt, cancel);
            var product = await reading.ProductAsync(request.Id) ?? throw Refusal.NotFound(Thing.Product, request.Id);
            var certificates = await reading.ByProductAsync(product.Id);
            var day = request.AsOf?.Day ?? Http.AsOf.Today(clock);
            var objections = await reading.ObjectionsAsync(Subjects.OfProduct(product.Id));
            var response = new Response(new ProductOnDate(reading.Registry, product, certificates, day))
            {
                AsOf = day,
                Objections = objections.Items,
                ObjectionCount = objections.Count,
                Related = WriteAnswer.Related(FindSubject.OfProduct(product, certificates)),
            };
            return new(response, reading.Revision);
        }
    }
}
