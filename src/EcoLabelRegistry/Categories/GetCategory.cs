using System.Text.Json.Serialization;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Categories;

/// <summary>Shows a product category as recorded.</summary>
/// <remarks>The tree is the registry's own and neutral; <c>codes</c> tells what other classifications call the category.</remarks>
public static class GetCategory
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/categories/{code}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Recorded(found.Value, found.Revision, found.Value.Revision);
    }

    /// <param name="Code" example="it.imaging">Code of the category.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string Code, KnownAt? KnownAt = null) : IRequest<Read<Response>>;

    /// <summary>A category on record.</summary>
    public sealed record Response : CategoryEntry
    {
        public Response()
        {
        }

        internal Response(Recorded<CategoryEntry> recorded)
            : base(recorded.Entry)
        {
            Revision = recorded.Revision;
        }

        /// <summary>The revision that last wrote it.</summary>
        [JsonPropertyOrder(1)]
        public long Revision { get; init; }
    }

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, Read<Response>>
    {
        public Task<Read<Response>> Handle(Request request, CancellationToken cancel) =>
            registries.ReadAsync(request.KnownAt, registry => new Response(registry.Categories.Named(Thing.Category, request.Code)), cancel);
    }

    /// <summary>A true answer, for the contract.</summary>
    internal const string Example = """
        {
          "code": "it.imaging", "parent": "it",
          "names": { "en": "Imaging equipment (printers, copiers, fax, multifunction)", "zh": "图像设备（打印机、复印机、传真机、多功能一体机）" },
          "codes": { "cpv": ["30121000-3", "30121100-4", "30121200-5"], "unspsc": ["43212100", "43212104", "43212105"] },
          "sources": null, "confidence": null, "notes": null, "sample": null, "revision": 57
        }
        """;
}
