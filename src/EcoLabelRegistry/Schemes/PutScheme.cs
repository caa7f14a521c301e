using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Schemes;

/// <summary>Writes a scheme.</summary>
public static class PutScheme
{
    internal static readonly string[] IsoTypes = ["I", "I-like", "II", "III", "none"];

    private static readonly PutRecord<SchemeEntry> Record = new(RecordKind.Scheme, e => e.Code, (e, code) => e with { Code = code }, r => r.Schemes);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/schemes/{code}", HandleAsync)
        .WithBodyExample(BodyExample)
        .WithExample("""{ "revision": 413, "created": true }""")
        .Refuses(ProblemCode.UnknownLabelBody, ProblemCode.UnknownScheme, ProblemCode.NotPossible, ProblemCode.Taken);

    private static Task<WriteReply<Written>> HandleAsync(
        Parameters<Address> address, Body<SchemeEntry> body, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Record.AnswerAsync(address.Value.Code, body, entry => new Request(entry, caller.Actor, caller.IfMatch, address.Value.Code), mediator, cancel);

    /// <param name="Code" example="sgls-plus">Code of the record, as in the address.</param>
    public sealed record Address(string Code);

    /// <param name="Entry">All of it.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the record.</param>
    /// <param name="Address">The code in the address, which is that of the entry.</param>
    public sealed record Request(SchemeEntry Entry, Actor Actor, Precondition? IfMatch = null, string? Address = null) : IRequest<Written>, IWriteRequest
    {
        /// <inheritdoc />
        public ValueTask DemandAsync(IRegistryView view)
        {
            var stored = Record.Stored(view, Entry);
            return Record.Demand(
                Actor.IsRegistrar || (Actor.LabelBody is { } body && (stored is null || stored.Body == body) && (Entry.Body is null || Entry.Body == body)),
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

        private sealed class Entry : SourcedRules<SchemeEntry>
        {
            public Entry()
            {
                RuleFor(e => e.Code).Required().IsCode();
                RuleFor(e => e.Body).Required().IsCode();
                RuleFor(e => e.Names).Required().IsTextByLanguage();
                RuleFor(e => e.Parent).IsCode();
                RuleFor(e => e.Roles!.Owner).IsText(Limits.Line).When(e => e.Roles is not null);
                RuleFor(e => e.Roles!.Criteria).IsText(Limits.Line).When(e => e.Roles is not null);
                RuleFor(e => e.Roles!.Certifier).IsText(Limits.Line).When(e => e.Roles is not null);
                RuleFor(e => e.Roles!.Awards).IsText(Limits.Line).When(e => e.Roles is not null);
                RuleFor(e => e.Aliases).IsListOfDistinct();
                RuleForEach(e => e.Aliases).Required().IsText(Limits.Line);
                RuleFor(e => e.Countries).IsListOfDistinct();
                RuleForEach(e => e.Countries).Required().IsCountry();
                RuleFor(e => e.IsoType).IsOneOf(IsoTypes);
                RuleFor(e => e.Website).IsText(Limits.Line);
                RuleFor(e => e.Tiers).IsListOfDistinct();
                RuleForEach(e => e.Tiers).Required().IsText(Limits.Line);
                RuleFor(e => e.SurveillanceMonths).IsBetween(1, 1200);
                RuleFor(e => e.Register!.Coverage).Required().When(e => e.Register is not null);
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) =>
            Record.WriteAsync(log, request.Entry, request, request.IfMatch, Check, cancel);

        private static void Check(RegistryAt registry, SchemeEntry entry)
        {
            registry.LabelBodies.Require(Thing.LabelBody, "body", entry.Body);
            Consistency.RefuseCycle("parent", entry.Code!, entry.Parent, c => registry.Schemes.GetValueOrDefault(c)?.Entry.Parent);
            registry.Schemes.Require(Thing.Scheme, "parent", entry.Parent);
            RefuseTakenNames(registry, entry);
        }

        /// <summary>A name that means another scheme already would lead a buyer to the wrong one.</summary>
        private static void RefuseTakenNames(RegistryAt registry, SchemeEntry entry)
        {
            var others = registry.Schemes.Values.Select(s => s.Entry).Where(s => s.Code != entry.Code)
                .SelectMany(s => (s.Aliases ?? []).Prepend(s.Code!)).ToHashSet(StringComparer.Ordinal);
            if (others.Contains(entry.Code!))
            {
                throw Refusal.Taken("code", entry.Code!);
            }

            for (var i = 0; i < (entry.Aliases?.Count ?? 0); i++)
            {
                if (others.Contains(entry.Aliases![i]))
                {
                    throw Refusal.Taken($"aliases[{i}]", entry.Aliases[i]);
                }
            }
        }
    }

    private const string BodyExample = """
        {
          "body": "sec", "names": { "en": "Singapore Green Labelling Scheme Plus", "zh": "新加坡绿色标志计划升级版" }, "parent": "sgls", "countsAsParent": false,
          "roles": { "owner": "sec", "certifier": "sec" }, "aliases": ["SGLS+"], "countries": ["SG"], "isoType": "I", "launched": "2017",
          "surveillanceMonths": 12, "register": { "coverage": "partial", "asOf": "2019-05-30" }
        }
        """;
}
