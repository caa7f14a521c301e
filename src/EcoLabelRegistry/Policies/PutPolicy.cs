using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Policies;

/// <summary>Writes a purchasing policy.</summary>
public static class PutPolicy
{
    /// <summary>The edition that stands for the one in force on the date.</summary>
    public const string Current = "current";

    private static readonly PutRecord<PolicyEntry> Record = new(RecordKind.Policy, e => e.Code, (e, code) => e with { Code = code }, r => r.Policies);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/policies/{code}", HandleAsync)
        .WithBodyExample(BodyExample)
        .WithExample("""{ "revision": 413, "created": true }""")
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.UnknownStandard, ProblemCode.UnknownEdition, ProblemCode.Taken);

    private static Task<WriteReply<Written>> HandleAsync(
        Parameters<Address> address, Body<PolicyEntry> body, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Record.AnswerAsync(address.Value.Code, body, entry => new Request(entry, caller.Actor, caller.IfMatch, address.Value.Code), mediator, cancel);

    /// <param name="Code" example="tw-gp">Code of the record, as in the address.</param>
    public sealed record Address(string Code);

    /// <param name="Entry">All of it.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the record.</param>
    /// <param name="Address">The code in the address, which is that of the entry.</param>
    public sealed record Request(PolicyEntry Entry, Actor Actor, Precondition? IfMatch = null, string? Address = null) : IRequest<Written>, IWriteRequest
    {
        /// <inheritdoc />
        public ValueTask DemandAsync(IRegistryView view)
        {
            var stored = Record.Stored(view, Entry);
            return Record.Demand(
                Actor.IsRegistrar
                || (Actor.Authority is { } own && (stored is null || stored.Authority == own) && (Entry.Authority is null || Entry.Authority == own)),
                Entry);
        }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Entry).SetValidator(new Entry()).OverridePropertyName("");
            RuleFor(r => r.Entry.Code).IsThatOf(r => r.Address).OverridePropertyName("code");
        }

        private sealed class Entry : SourcedRules<PolicyEntry>
        {
            public Entry()
            {
                RuleFor(e => e.Code).Required().IsCode();
                RuleFor(e => e.Authority).Required().IsText(Limits.Line);
                RuleFor(e => e.Names).Required().IsTextByLanguage();
                RuleFor(e => e.Jurisdiction).IsCountry();
                RuleFor(e => e.Obligation).IsText(Limits.Line);
                RuleFor(e => e.LegalBasis).IsText(Limits.Page);
                RuleFor(e => e.Accepts).IsBounded();
                RuleForEach(e => e.Accepts).Required().SetValidator(new Line());
            }
        }

        private sealed class Line : SourcedRules<PolicyLineEntry>
        {
            public Line()
            {
                RuleFor(a => a.Scheme).IsCode();
                RuleFor(a => a.RecognisedBy).IsCode();
                RuleFor(a => a.Scheme).Must((line, scheme) => scheme is null != line.RecognisedBy is null)
                    .Says(_ => new Message("fault.scheme-or-recognised-by"));
                RuleFor(a => a.MinLevel).Must((line, level) => level is null || line.RecognisedBy is not null)
                    .Says(_ => new Message("fault.only-with-recognised-by"));
                RuleFor(a => a.Reciprocal).Must((line, given) => given is null || line.RecognisedBy is not null)
                    .Says(_ => new Message("fault.only-with-recognised-by"));
                RuleFor(a => a.Categories).IsListOfDistinct();
                RuleForEach(a => a.Categories).Required();
                RuleFor(a => a.MinTier).IsText(Limits.Line);
                RuleFor(a => a.Until).IsNotBefore(a => a.From, "from");
                RuleFor(a => a.Standards).AreDistinctBy(s => s.Id);
                RuleForEach(a => a.Standards).Required().SetValidator(new GrantRules.GrantedStandard());
                RuleFor(a => a.Conditions).IsBounded();
                RuleForEach(a => a.Conditions).Required().SetValidator(new GrantRules.Condition());
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) =>
            Record.WriteAsync(log, request.Entry, request, request.IfMatch, Check, cancel);

        private static void Check(RegistryAt registry, PolicyEntry entry)
        {
            var lines = entry.Accepts ?? [];
            for (var i = 0; i < lines.Count; i++)
            {
                var member = $"accepts[{i}]";
                registry.Schemes.Require(Thing.Scheme, member + ".scheme", lines[i].Scheme);
                registry.Schemes.Require(Thing.Scheme, member + ".recognisedBy", lines[i].RecognisedBy);
                registry.Categories.Require(Thing.Category, member + ".categories", lines[i].Categories);
                GrantRules.CheckStandards(registry, lines[i].Standards, lines[i].Scheme, member, currentAllowed: true);
                GrantRules.CheckTier(registry, lines[i].Scheme, lines[i].MinTier, member);
            }

            TakenNames.Refuse(registry, entry);
        }
    }

    private const string BodyExample = """
        {
          "authority": "Office of Public Procurement", "names": { "en": "Paints for public buildings" }, "jurisdiction": "AU", "equivalentsAccepted": true,
          "accepts": [{ "scheme": "geca", "categories": ["coatings"] }, { "recognisedBy": "geca", "minLevel": "evidence", "reciprocal": true }]
        }
        """;
}
