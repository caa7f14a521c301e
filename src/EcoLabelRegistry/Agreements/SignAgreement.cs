using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Signs a text, or an accession, for the schemes of the caller's body. The last signature lets it take effect.</summary>
/// <remarks>
/// A signature covers the hash of the text in canonical JSON, so that nobody can say later that he signed something else. Under an agreement that
/// the registrar attests, it confirms the record.
/// </remarks>
public static class SignAgreement
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/agreements/{code}/signatures", HandleAsync)
        .WithBodyExample("""{ "textHash": "e37d3924d524efe77b975bf5a213ed269e011a053ebe573b2e2769f8faa7017e" }""")
        .WithExample("""{ "textHash": "e37d3924d524efe77b975bf5a213ed269e011a053ebe573b2e2769f8faa7017e", "schemes": ["green-seal"], "awaits": [], "revision": 414 }""")
        .Refuses(ProblemCode.NotPossible);

    private static async Task<WriteReply<Response>> HandleAsync(
        Parameters<Address> address, Body<Signature> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(new Request(address.Value.Code, body.Value.TextHash, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(written, written.Revision, Subjects.Of(RecordKind.Agreement, address.Value.Code));
    }

    /// <param name="Code" example="geca-green-seal-2026">Code of the agreement.</param>
    public sealed record Address(string Code);

    /// <summary>A signature.</summary>
    /// <param name="TextHash">Hash of what is signed; may be absent while no amendment or accession waits.</param>
    public sealed record Signature(string? TextHash = null);

    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="TextHash">Hash of what is signed.</param>
    /// <param name="Actor">Who signs.</param>
    /// <param name="IfMatch">What he demands of the agreement.</param>
    public sealed record Request(string Agreement, string? TextHash, Actor Actor, Precondition? IfMatch = null) : IRequest<Response>, IOwnedByRecords
    {
        /// <inheritdoc />
        public void Demand(RegistryAt registry)
        {
            // A newcomer signs his own accession by asking for it; he is among those whom it needs.
            var entry = registry.Agreements.GetValueOrDefault(Agreement)?.Entry;
            if (Actor.LabelBody is null
                || (entry is not null && Actor.SchemesAmong(registry, entry.PartySchemes.Concat(entry.Documents.SelectMany(d => d.Needs ?? []))).Count == 0))
            {
                throw Refusal.Forbidden(Subjects.Of(RecordKind.Agreement, Agreement));
            }

            if (entry is null)
            {
                throw Refusal.NotFound(Thing.Agreement, Agreement);
            }
        }
    }

    /// <summary>What was signed.</summary>
    /// <param name="TextHash">Hash of the text or accession.</param>
    /// <param name="Schemes">Codes of the schemes for which it was signed.</param>
    /// <param name="Awaits">Codes of the schemes whose signatures are still missing; with none it stands.</param>
    /// <param name="Revision">The revision that this made.</param>
    public sealed record Response(string TextHash, IReadOnlyList<string> Schemes, IReadOnlyList<string> Awaits, long Revision);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.TextHash).IsText(Limits.Line);
    }

    internal sealed class Handler(ChangeLog log, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var recorded = write.Registry.Agreements[request.Agreement];
                var before = recorded.Entry;
                var document = Find(before, request, write.Registry);
                AgreementLife.DemandSignature(before, document, AsOf.Today(clock), "textHash");
                request.IfMatch?.Demand(recorded.Revision);
                var schemes = request.Actor.SchemesAmong(write.Registry, document.Missing);
                var after = before.Sign(document.TextHash!, schemes, write.At, request.Actor);
                await write.PutAsync(RecordKind.Agreement, request.Agreement, after);
                await write.AppendAsync(request.Actor, "agreement-signed", Subjects.Of(RecordKind.Agreement, request.Agreement), new JsonObject
                {
                    ["textHash"] = document.TextHash,
                    ["schemes"] = new JsonArray([.. schemes.Select(s => JsonValue.Create(s))]),
                });
                return new Response(
                    document.TextHash!, schemes, [.. after.Documents.First(d => d.TextHash == document.TextHash).Missing], write.Revision);
            },
            cancel);

        /// <summary>The one that he names; else the first text, while nothing else waits that could be meant.</summary>
        private static ISignedDocument Find(AgreementEntry agreement, Request request, RegistryAt registry)
        {
            var waiting = agreement.Documents.Where(d => request.Actor.SchemesAmong(registry, d.Missing).Count > 0).ToList();
            if (request.TextHash is { } hash)
            {
                return waiting.Find(d => d.TextHash == hash) ?? throw NoSuchText();
            }

            return waiting.Exists(d => !ReferenceEquals(d, agreement.Texts![0]))
                ? throw Refusal.Invalid("textHash", new Message("fault.several-texts"))
                : waiting.Count == 1 ? waiting[0] : throw NoSuchText();
        }

        private static RefusalException NoSuchText() => Refusal.NotPossible("textHash", new Message("fault.no-such-text"));
    }
}
