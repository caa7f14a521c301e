using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>The new text of an agreement: the whole of it, not what differs.</summary>
public sealed record AmendmentBody : AgreementTextBody
{
    /// <summary>The hash that a signature covers: of the agreement's code and the whole text in canonical JSON.</summary>
    public string TextHash(string agreement) => CanonicalJson.Digest(new JsonObject { ["agreement"] = agreement, ["amendment"] = RecordJson.Node(this) });

    /// <summary>The text as it is kept.</summary>
    public AgreementTextEntry ToText(string agreement, IReadOnlyList<string> needs) => new(this, TextHash(agreement), needs);
}

/// <summary>Proposes a new text for an agreement, signed by the caller's side; or the registrar attests one from its sources.</summary>
/// <remarks>
/// It takes effect on its own first day once everyone has signed it who is a party today or from that day on; who leaves by then meanwhile is no longer waited for. Until then the old text stands, and dates before that day are
/// judged by the old text for ever. Both stay readable. Of an agreement that the registrar attests he attests amendments too, with their sources: nobody signs them
/// here, so that they stand at once, and each answer says so until each party has confirmed it by a signature. Once all have confirmed the first text, they amend it.
/// </remarks>
public static class AmendAgreement
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/agreements/{code}/amendments", HandleAsync)
        .WithBodyExample("""
            {
              "title": { "en": "Mutual recognition of paints, second text" }, "effectiveFrom": "2027-01-01",
              "grants": [{ "id": "geca-green-seal", "recogniser": "geca", "recognised": "green-seal", "level": "evidence", "categories": ["coatings"] }]
            }
            """)
        .WithExample("""{ "textHash": "e37d3924d524efe77b975bf5a213ed269e011a053ebe573b2e2769f8faa7017e", "awaits": ["green-seal"], "revision": 415 }""")
        .Refuses(
            ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.UnknownStandard, ProblemCode.UnknownEdition, ProblemCode.UnknownAgreement,
            ProblemCode.NotPossible, ProblemCode.Taken);

    private static async Task<WriteReply<Response>> HandleAsync(
        Parameters<Address> address, Body<AmendmentBody> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(new Request(address.Value.Code, body.Value, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(written, written.Revision, Subjects.Of(RecordKind.Agreement, address.Value.Code));
    }

    /// <param name="Code" example="geca-green-seal-2026">Code of the agreement.</param>
    public sealed record Address(string Code);

    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="Body">The new text.</param>
    /// <param name="Actor">Who proposes it.</param>
    /// <param name="IfMatch">What he demands of the agreement.</param>
    public sealed record Request(string Agreement, AmendmentBody Body, Actor Actor, Precondition? IfMatch = null) : IRequest<Response>, IOwnedByRecords
    {
        /// <inheritdoc />
        public void Demand(RegistryAt registry)
        {
            AgreementParties.Demand(registry, Agreement, Actor, registrarToo: true);
        }
    }

    /// <summary>A text that waits for signatures.</summary>
    /// <param name="TextHash">What the other parties sign.</param>
    /// <param name="Awaits">Codes of the schemes whose signatures are missing; with none it stands.</param>
    /// <param name="Revision">The revision that this made.</param>
    public sealed record Response(string TextHash, IReadOnlyList<string> Awaits, long Revision);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Body).SetValidator(new Body()).OverridePropertyName("");
            RuleFor(r => r.Body.Sources).Required().OverridePropertyName("sources").When(r => r.Actor.IsRegistrar);
        }

        private sealed class Body : AgreementTextRules<AmendmentBody>
        {
            public Body() => RuleFor(a => a.EffectiveFrom).Required();
        }
    }

    internal sealed class Handler(ChangeLog log, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var recorded = write.Registry.Agreements[request.Agreement];
                var before = recorded.Entry;
                var body = request.Body.Title is null ? request.Body with { Title = before.Text.Title } : request.Body;
                var today = AsOf.Today(clock);
                var from = body.EffectiveFrom!.Value.FirstDay;
                var parties = before.PartiesFrom(from < today ? from : today).ToList();
                AgreementTextConsistency.Check(write.Registry, body, before.Kind, parties);
                RefuseIdsOfWaiting(before, body);
                Consistency.RefuseCycle("parent", request.Agreement, body.Parent, c => write.Registry.Agreements.GetValueOrDefault(c)?.Entry.Text.Parent);
                var isAttested = request.Actor.IsRegistrar;

                // A party acts now; the registrar records what was agreed then, of an agreement that may be over.
                var party = isAttested ? null : Acting(write.Registry, before, request.Actor, today);
                AgreementLife.Demand(before, AgreementAct.Amend, party, isAttested ? from : today, "", isAttested);
                var text = body.ToText(request.Agreement, parties) with { Attested = isAttested ? true : null };
                if (before.Documents.Any(d => d.TextHash == text.TextHash))
                {
                    throw Refusal.Taken("textHash", text.TextHash!);
                }

                request.IfMatch?.Demand(recorded.Revision);
                var signers = request.Actor.SchemesAmong(write.Registry, parties);
                var after = before.Amend(text).Sign(text.TextHash!, signers, write.At, request.Actor);
                await write.PutAsync(RecordKind.Agreement, request.Agreement, after);
                await write.AppendAsync(request.Actor, "agreement-amended", Subjects.Of(RecordKind.Agreement, request.Agreement), RecordJson.Node(body));
                return new Response(text.TextHash!, isAttested ? [] : [.. after.Texts![^1].Missing], write.Revision);
            },
            cancel);

        /// <summary>The first of the caller's schemes that can amend; else one of them, so that it is said why not.</summary>
        private static string Acting(RegistryAt registry, AgreementEntry agreement, Actor actor, DateOnly today)
        {
            var own = AgreementParties.Acting(registry, agreement, actor, null);
            return own.FirstOrDefault(scheme => AgreementLife.WhyNot(agreement, AgreementAct.Amend, scheme, today) is null) ?? own[0];
        }

        /// <summary>The lines of an accession that waits will stand beside this text. Those of one that stands are this text's to say anew.</summary>
        private static void RefuseIdsOfWaiting(AgreementEntry agreement, AmendmentBody body)
        {
            var waiting = (agreement.Accessions ?? []).Where(a => !a.IsSigned).SelectMany(a => a.Grants ?? []).Select(g => g.Id).ToHashSet(StringComparer.Ordinal);
            for (var i = 0; i < (body.Grants?.Count ?? 0); i++)
            {
                if (waiting.Contains(body.Grants![i].Id))
                {
                    throw Refusal.Invalid($"grants[{i}].id", new Message("fault.repeated-in-accession", body.Grants[i].Id));
                }
            }
        }
    }
}
