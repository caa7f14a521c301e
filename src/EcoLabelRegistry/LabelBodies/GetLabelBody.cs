using System.Text.Json.Serialization;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.LabelBodies;

/// <summary>Shows a label body as recorded.</summary>
/// <remarks>
/// Owner, criteria setter, certifier and awarding body of a scheme can be different bodies: the scheme tells them apart.
/// A renamed body names the one that it succeeded.
/// </remarks>
public static class GetLabelBody
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/label-bodies/{code}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Recorded(found.Value, found.Revision, found.Value.Revision);
    }

    /// <param name="Code" example="geca">Code of the label body.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string Code, KnownAt? KnownAt = null) : IRequest<Read<Response>>;

    /// <summary>A label body on record.</summary>
    public sealed record Response : LabelBodyEntry
    {
        public Response()
        {
        }

        internal Response(Recorded<LabelBodyEntry> recorded)
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
            registries.ReadAsync(request.KnownAt, registry => new Response(registry.LabelBodies.Named(Thing.LabelBody, request.Code)), cancel);
    }

    /// <summary>A true answer, for the contract.</summary>
    internal const string Example = """
        {
          "code": "geca", "names": { "en": "Good Environmental Choice Australia Ltd", "zh": "澳大利亚良好环境选择有限公司" }, "country": "AU",
          "website": "https://geca.eco", "successorOf": "aela",
          "sources": [
            {
              "title": "GECA: updated scheme rules (2014-05-13)",
              "address": "https://geca.eco/news-and-events/geca-updates-scheme-rules/", "published": "2014-05-13",
              "readOn": "2026-11-22", "confidence": "secondary"
            }
          ],
          "confidence": "secondary",
          "notes": "Owns the scheme; conformity assessment bodies accredited by JAS-ANZ certify. Signed its first agreements under the name of AELA.",
          "sample": null, "revision": 127
        }
        """;
}
