using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Records that an agreement was suspended, resumed, terminated, withdrawn from or contested.</summary>
public static class RecordAgreementEvent
{
    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="Event">What happened.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(string Agreement, AgreementEventEntry Event, Actor Actor) : IRequest<Written>;

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

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            async write =>
            {
                var before = write.Registry.Agreements.GetValueOrDefault(request.Agreement)?.Entry ?? throw Refusal.NotFound(Thing.Agreement, request.Agreement);
                if (request.Event.Party is { } party && !before.PartySchemes.Contains(party, StringComparer.Ordinal))
                {
                    throw Refusal.Invalid("party", new Message("fault.not-a-party", party));
                }

                await write.PutAsync(RecordKind.Agreement, request.Agreement, before.Record(request.Event));
                await write.AppendAsync(
                    request.Actor,
                    "agreement-" + Code.Of(request.Event.Type!.Value),
                    Subjects.Of(RecordKind.Agreement, request.Agreement),
                    RecordJson.Node(request.Event));
                return new Written(write.Revision, Created: false);
            },
            cancel);
    }
}
