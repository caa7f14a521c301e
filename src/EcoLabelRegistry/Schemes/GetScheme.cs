using System.Text.Json.Serialization;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Schemes;

/// <summary>Shows a scheme as recorded.</summary>
/// <remarks>
/// A sub-scheme is a scheme of its own: SGLS+ (<c>sgls-plus</c>) is not SGLS (<c>sgls</c>), and <c>countsAsParent</c> says whether its
/// certificates are its parent's too.
/// </remarks>
public static class GetScheme
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/schemes/{code}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Recorded(found.Value, found.Revision, found.Value.Revision);
    }

    /// <param name="Code" example="cel">Code of the scheme.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string Code, KnownAt? KnownAt = null) : IRequest<Read<Response>>;

    /// <summary>A scheme on record.</summary>
    public sealed record Response : SchemeEntry
    {
        public Response()
        {
        }

        internal Response(Recorded<SchemeEntry> recorded)
            : base(recorded.Entry)
        {
            Kind ??= SchemeKind.Scheme;
            CountsAsParent ??= false;
            Revision = recorded.Revision;
        }

        /// <summary>The revision that last wrote it.</summary>
        [JsonPropertyOrder(1)]
        public long Revision { get; init; }
    }

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, Read<Response>>
    {
        public Task<Read<Response>> Handle(Request request, CancellationToken cancel) =>
            registries.ReadAsync(request.KnownAt, registry => new Response(registry.Schemes.Named(Thing.Scheme, request.Code)), cancel);
    }

    /// <summary>A true answer, for the contract.</summary>
    internal const string Example = """
        {
          "code": "sgls-plus", "body": "sec",
          "names": { "en": "Singapore Green Labelling Scheme Plus (enhanced, pulp and paper)", "zh": "新加坡绿色标志计划升级版（纸浆和纸）" },
          "kind": "scheme", "parent": "sgls", "countsAsParent": false,
          "roles": { "owner": "sec", "criteria": "sec", "certifier": "sec", "awards": "sec" }, "aliases": ["SGLS+", "Enhanced SGLS"],
          "countries": ["SG"], "isoType": "I", "launched": "2017", "website": "https://sgls.sec.org.sg", "tiers": null,
          "surveillanceMonths": 12, "register": { "coverage": "partial", "asOf": "2019-05-30" },
          "sources": [
            {
              "title": "CEC newsletter 2020 (EDC/CEC/GEN, zh)", "address": null, "published": "2020", "readOn": "2026-11-22",
              "confidence": "verified"
            }
          ],
          "confidence": "verified",
          "notes": "Stricter programme under SGLS for pulp and paper with its own logo, 25 audit criteria and risk-based audit; fire and peat management are checked each year.",
          "sample": null, "revision": 233
        }
        """;
}
