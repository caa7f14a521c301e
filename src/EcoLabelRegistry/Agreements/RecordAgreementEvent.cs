using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Records that an agreement was suspended, resumed, terminated, withdrawn from or contested.</summary>
/// <remarks>
/// It takes effect at the start of its date, past or future. A party acts for itself: its suspension stops every grant from it and to it, and only it
/// resumes. What a party of a multilateral agreement terminates it leaves; only a proposal, or what is not in force yet, does it reject for all. The registrar acts on the whole of
/// an agreement that he attests, until all parties have confirmed it; he contests nothing. A party contests what it has not confirmed.
/// </remarks>
public static class RecordAgreementEvent
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/agreements/{code}/events", HandleAsync)
        .WithBodyExample("""{ "type": "suspended", "effective": "2026-12-01", "reason": "The partner's audits are under review." }""")
        .WithExample("""{ "revision": 416, "created": true }""")
        .Refuses(ProblemCode.NotPossible);

    private static async Task<WriteReply<Written>> HandleAsync(
        Parameters<Address> address, Body<AgreementEventBody> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(new Request(address.Value.Code, body.Value, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(written, written.Revision, Subjects.Of(RecordKind.Agreement, address.Value.Code));
    }

    /// <param name="Code" example="geca-green-seal-2026">Code of the agreement.</param>
    public sealed record Address(string Code);

    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="Event">What happened.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the agreement.</param>
    public sealed record Request(string Agreement, AgreementEventBody Event, Actor Actor, Precondition? IfMatch = null) : IRequest<Written>, IOwnedByRecords
    {
        /// <inheritdoc />
        public void Demand(RegistryAt registry)
        {
            AgreementParties.Demand(registry, Agreement, Actor, registrarToo: true);
        }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Event).ChildRules(e =>
        {
            e.RuleFor(x => x.Type).Required();
            e.RuleFor(x => x.Effective).Required();
            e.RuleFor(x => x.Reason).IsText(Limits.Page);
            e.RuleFor(x => x.Party).IsCode();
        }).OverridePropertyName("");
    }

    internal sealed class Handler(ChangeLog log, TimeProvider clock) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var recorded = write.Registry.Agreements[request.Agreement];
                var before = recorded.Entry;
                var happened = request.Event with { Party = ActingParty(write.Registry, before, request) };
                AgreementLife.Demand(before, Act(happened.Type!.Value), happened.Party, happened.Effective!.Value.FirstDay, "type", request.Actor.IsRegistrar);
                request.IfMatch?.Demand(recorded.Revision);
                await write.PutAsync(RecordKind.Agreement, request.Agreement, before.Record(happened, AsOf.Today(clock)));
                await write.AppendAsync(
                    request.Actor,
                    "agreement-" + Code.Of(happened.Type.Value),
                    Subjects.Of(RecordKind.Agreement, request.Agreement),
                    RecordJson.Node(happened));
                return new Written(write.Revision, Created: true);
            },
            cancel);

        /// <summary>The party for which the caller acts; null where the registrar acts on the whole, or records what a party did.</summary>
        private static string? ActingParty(RegistryAt registry, AgreementEntry agreement, Request request)
        {
            if (request.Event.Party is { } named && !agreement.PartySchemes.Contains(named, StringComparer.Ordinal))
            {
                throw Refusal.Invalid("party", new Message("fault.not-a-party", named));
            }

            if (request.Actor.IsRegistrar)
            {
                return request.Event.Party;
            }

            var acting = AgreementParties.Acting(registry, agreement, request.Actor, request.Event.Party);
            return acting.Count == 1 ? acting[0] : throw Refusal.Invalid("party", new Message("fault.which-party", string.Join(", ", acting)));
        }

        private static AgreementAct Act(AgreementEventType type) => type switch
        {
            AgreementEventType.Suspended => AgreementAct.Suspend,
            AgreementEventType.Resumed => AgreementAct.Resume,
            AgreementEventType.Terminated => AgreementAct.Terminate,
            AgreementEventType.Withdrawn => AgreementAct.Withdraw,
            AgreementEventType.Contested => AgreementAct.Contest,
        };
    }
}
