using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Standards;

/// <summary>Writes a standard with its editions and criteria.</summary>
public static class PutStandard
{
    private static readonly PutRecord<StandardEntry> Record = new(RecordKind.Standard, e => e.Id, (e, id) => e with { Id = id }, r => r.Standards);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/standards/{id}", HandleAsync)
        .WithBodyExample(BodyExample)
        .WithExample("""{ "revision": 413, "created": true }""")
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.UnknownStandard, ProblemCode.NotPossible);

    private static Task<WriteReply<Written>> HandleAsync(
        Parameters<Address> address, Body<StandardEntry> body, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Record.AnswerAsync(address.Value.Id, body, entry => new Request(entry, caller.Actor, caller.IfMatch, address.Value.Id), mediator, cancel);

    /// <param name="Id" example="gs-11">Id of the record, as in the address.</param>
    public sealed record Address(string Id);

    /// <param name="Entry">All of it.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the record.</param>
    /// <param name="Address">The id in the address, which is that of the entry.</param>
    public sealed record Request(StandardEntry Entry, Actor Actor, Precondition? IfMatch = null, string? Address = null) : IRequest<Written>, IWriteRequest
    {
        /// <inheritdoc />
        public ValueTask DemandAsync(IRegistryView view)
        {
            var stored = Record.Stored(view, Entry);
            return Record.Demand(
                Actor.IsRegistrar
                || (Actor.LabelBody is not null && (stored is null || Actor.Owns(view.Registry, stored.Scheme)) && !Actor.IsStrangerTo(view.Registry, Entry.Scheme)),
                Entry);
        }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Entry).SetValidator(new Entry()).OverridePropertyName("");
            RuleFor(r => r.Entry.Id).IsThatOf(r => r.Address).OverridePropertyName("id");
        }

        private sealed class Entry : SourcedRules<StandardEntry>
        {
            public Entry()
            {
                RuleFor(e => e.Id).Required().IsCode();
                RuleFor(e => e.Scheme).Required().IsCode();
                RuleFor(e => e.Number).Required().IsText(Limits.Line);
                RuleFor(e => e.Titles).IsTextByLanguage();
                RuleFor(e => e.Category).IsCategoryCode();
                RuleFor(e => e.Supersedes).IsCode();
                RuleFor(e => e.Editions).AreDistinctBy(e => e.Edition);
                RuleForEach(e => e.Editions).Required().SetValidator(new Edition());
                RuleForEach(e => e.Editions)
                    .Must((standard, edition) => edition?.SupersededBy is not { } next || standard.Editions!.Any(e => e?.Edition == next))
                    .Says(edition => new Message("fault.superseded-by", edition?.SupersededBy));
            }
        }

        private sealed class Edition : SourcedRules<EditionEntry>
        {
            public Edition()
            {
                RuleFor(e => e.Edition).Required().IsText(Limits.Line);
                RuleFor(e => e.EffectiveUntil).IsNotBefore(e => e.EffectiveFrom, "effectiveFrom");
                RuleFor(e => e.TransitionMonths).IsBetween(0, 1200);
                RuleFor(e => e.SupersededBy).IsText(Limits.Line);
                RuleFor(e => e.Criteria).AreDistinctBy(c => c.Ref);
                RuleForEach(e => e.Criteria).Required().SetValidator(new Criterion());
            }
        }

        private sealed class Criterion : SourcedRules<CriterionEntry>
        {
            public Criterion()
            {
                RuleFor(c => c.Ref).Required().IsText(Limits.Line);
                RuleFor(c => c.Aspect).IsText(Limits.Line);
                RuleFor(c => c.Stage).IsText(Limits.Line);
                RuleFor(c => c.Parameter).IsCode();
                RuleFor(c => c.Names).IsTextByLanguage();
                RuleFor(c => c.Text).IsText(Limits.Page);
                // A limit may be absent: a source often says that there is one without its number.
                RuleFor(c => c.LimitMax).Must((c, max) => max is null || c.Limit is null || max >= c.Limit)
                    .Says(_ => new Message("fault.range-order"));
                RuleForEach(c => c.OneOf).Required().IsText(Limits.Line);
                RuleFor(c => c.Unit).Must(unit => unit is null || Recognition.Unit.TryParse(unit, out _)).Says(unit => new Message("fault.unit", unit));
                RuleFor(c => c.Basis).IsText(Limits.Line);
                RuleFor(c => c.Definition).IsText(Limits.Line);
                RuleFor(c => c.Method).IsText(Limits.Line);
                RuleFor(c => c.AppliesTo).IsText(Limits.Line);
                RuleFor(c => c.AlternativeGroup).IsText(Limits.Line);
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) =>
            Record.WriteAsync(log, request.Entry, request, request.IfMatch, (write, before) => CheckAsync(write, before, request), cancel);

        private static Task CheckAsync(Write write, StandardEntry? before, Request request)
        {
            var (registry, entry) = (write.Registry, request.Entry);
            registry.Schemes.Require(Thing.Scheme, "scheme", entry.Scheme);
            registry.Categories.Require(Thing.Category, "category", entry.Category);
            Consistency.RefuseCycle("supersedes", entry.Id!, entry.Supersedes, s => registry.Standards.GetValueOrDefault(s)?.Entry.Supersedes);
            registry.Standards.Require(Thing.Standard, "supersedes", entry.Supersedes);
            RefuseStrangersDocument(registry, entry, before, request.Actor);
            foreach (var edition in entry.Editions ?? [])
            {
                Consistency.RefuseCycle("editions", edition.Edition!, edition.SupersededBy, e => entry.Editions!.First(x => x.Edition == e).SupersededBy);
            }

            return before is null ? Task.CompletedTask : StillNamed.RefuseAsync(write, before, entry);
        }

        /// <summary>Whose document it is says what replaces it: else anybody could make out that what others have agreed on is out of date.</summary>
        private static void RefuseStrangersDocument(RegistryAt registry, StandardEntry entry, StandardEntry? before, Actor actor)
        {
            if (entry.Supersedes is { } older && older != before?.Supersedes && !actor.IsRegistrar
                && registry.Standards[older].Entry.Scheme is var scheme && !actor.Owns(registry, scheme))
            {
                throw Refusal.NotPossible("supersedes", new Message("refusal.supersedes-a-strangers", older, scheme));
            }
        }
    }

    private const string BodyExample = """
        {
          "scheme": "green-seal", "number": "GS-11", "titles": { "en": "Paints, coatings, stains and sealers" }, "category": "coatings",
          "editions": [
            {
              "edition": "4.2", "effectiveFrom": "2023", "criteriaCompleteness": "excerpt",
              "criteria": [
                {
                  "ref": "3.2", "aspect": "voc", "parameter": "voc", "text": "VOC of flat topcoats", "comparator": "at-most", "limit": 50, "unit": "g/L",
                  "method": "ASTM D6886", "appliesTo": "flat topcoat", "mandatory": true
                }
              ]
            }
          ]
        }
        """;
}
