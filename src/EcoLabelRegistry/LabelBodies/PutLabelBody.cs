using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.LabelBodies;

/// <summary>Writes a label body.</summary>
public static class PutLabelBody
{
    /// <param name="Entry">All of it.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(LabelBodyEntry Entry, Actor Actor) : IRequest<Written>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Entry).SetValidator(new Entry()).OverridePropertyName("");

        private sealed class Entry : SourcedRules<LabelBodyEntry>
        {
            public Entry()
            {
                RuleFor(e => e.Code).Required().IsCode();
                RuleFor(e => e.Names).Required().IsTextByLanguage();
                RuleFor(e => e.Country).IsCountry();
                RuleFor(e => e.Website).IsText(Limits.Line);
                RuleFor(e => e.SuccessorOf).IsCode();
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.PutAsync(
            RecordKind.LabelBody, request.Entry.Code!, request.Entry, request.Actor, r => r.LabelBodies, (r, _) => Check(r, request.Entry), cancel);

        private static void Check(RegistryAt registry, LabelBodyEntry entry)
        {
            Consistency.RefuseCycle("successorOf", entry.Code!, entry.SuccessorOf, c => registry.LabelBodies.GetValueOrDefault(c)?.Entry.SuccessorOf);
            registry.LabelBodies.Require(Thing.LabelBody, "successorOf", entry.SuccessorOf);
        }
    }
}
