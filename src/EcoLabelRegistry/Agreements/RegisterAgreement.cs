using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Enters an agreement: proposed and signed by the caller's side, or attested by the registrar from its sources.</summary>
/// <remarks>
/// A proposal is public from now on, and gives nothing until each other party has signed its <c>textHash</c>. An attested one counts at once; each
/// answer that rests on it says so, and each party may confirm it by a signature or contest it.
/// </remarks>
public static class RegisterAgreement
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/agreements", HandleAsync)
        .WithBodyExample("""
            {
              "code": "geca-green-seal-2026", "title": { "en": "Mutual recognition of paints", "zh": "涂料互认协议" }, "kind": "bilateral",
              "parties": ["geca", "green-seal"], "effectiveFrom": "2026-12-01",
              "grants": [
                { "id": "geca-green-seal", "recogniser": "geca", "recognised": "green-seal", "level": "evidence", "categories": ["coatings"] },
                { "id": "green-seal-geca", "recogniser": "green-seal", "recognised": "geca", "level": "evidence", "categories": ["coatings"] }
              ]
            }
            """)
        .WithExample("""
            {
              "code": "geca-green-seal-2026", "textHash": "e37d3924d524efe77b975bf5a213ed269e011a053ebe573b2e2769f8faa7017e", "awaits": ["green-seal"],
              "revision": 413
            }
            """)
        .Refuses(
            ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.UnknownStandard, ProblemCode.UnknownEdition, ProblemCode.UnknownAgreement,
            ProblemCode.Taken);

    private static async Task<WriteReply<Response>> HandleAsync(Body<AgreementBody> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(new Request(body.Value, caller.Actor), cancel);
        return Reply.Wrote(written, written.Revision, Subjects.Of(RecordKind.Agreement, written.Code));
    }

    /// <param name="Body">The text, with who it binds.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(AgreementBody Body, Actor Actor) : IRequest<Response>, IOwnedByRecords
    {
        /// <inheritdoc />
        public void Demand(RegistryAt registry)
        {
            // The registrar attests, and never signs; a body proposes only what binds it. Of unknown parties nobody can say whose they are.
            var parties = Body.Parties ?? [];
            var may = Body.Attested == true ? Actor.IsRegistrar
                : Actor.LabelBody is not null
                    && (parties.Count == 0 || parties.Any(p => p is not null && !Actor.IsStrangerTo(registry, p)));
            if (!may)
            {
                throw Refusal.Forbidden("/v1/agreements");
            }
        }
    }

    /// <summary>An agreement on record.</summary>
    /// <param name="Code">Its code.</param>
    /// <param name="TextHash">What the other parties sign.</param>
    /// <param name="Awaits">Codes of the schemes whose signatures are missing.</param>
    /// <param name="Revision">The revision that this made.</param>
    public sealed record Response(string Code, string TextHash, IReadOnlyList<string> Awaits, long Revision);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Body).SetValidator(new Body()).OverridePropertyName("");

        private sealed class Body : AgreementTextRules<AgreementBody>
        {
            public Body()
            {
                RuleFor(a => a.Code).Required().IsCode();
                RuleFor(a => a.Title).Required();
                RuleFor(a => a.Kind).Required();
                RuleFor(a => a.Parties).Required().IsListOfDistinct();
                RuleForEach(a => a.Parties).Required().IsCode();
                RuleFor(a => a.Parties)
                    .Must((agreement, parties) => agreement.Kind is not AgreementKind.Bilateral || parties is null or { Count: 2 } || (parties.Count < 2 && agreement.Grants is not { Count: > 0 }))
                    .Says(_ => new Message("fault.two-parties"));
                RuleFor(a => a.Parties)
                    .Must((agreement, parties) => agreement.Kind is not AgreementKind.Multilateral || parties?.Count > 1 || agreement.Grants is not { Count: > 0 })
                    .Says(_ => new Message("fault.several-parties"));
                RuleFor(a => a.Sources).Required().When(a => a.Attested == true);
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var body = request.Body;
                var code = body.Code!;
                write.Registry.Schemes.Require(Thing.Scheme, "parties", body.Parties);
                AgreementTextConsistency.Check(write.Registry, body, body.Kind, body.Parties!);
                if (write.Registry.Agreements.ContainsKey(code))
                {
                    throw Refusal.Taken("code", code);
                }

                // Whoever proposes has signed; the registrar never does.
                var signers = request.Actor.SchemesAmong(write.Registry, body.Parties!);
                var entry = AgreementEntry.Propose(body).Sign(body.TextHash(), signers, write.At, request.Actor);
                await write.PutAsync(RecordKind.Agreement, code, entry);
                await write.AppendAsync(
                    request.Actor,
                    body.Attested == true ? "agreement-attested" : "agreement-proposed",
                    Subjects.Of(RecordKind.Agreement, code),
                    RecordJson.Node(body));
                return new Response(code, entry.Texts![0].TextHash!, body.Attested == true ? [] : [.. entry.Texts[0].Missing], write.Revision);
            },
            cancel);
    }
}
