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
            Record.WriteAsync(log, request.Entry, request, request.IfMatch, (write, before) => CheckAsync(write, before, request), cancel);

        private static Task CheckAsync(Write write, SchemeEntry? before, Request request)
        {
            var (registry, entry) = (write.Registry, request.Entry);
            registry.LabelBodies.Require(Thing.LabelBody, "body", entry.Body);
            Consistency.RefuseCycle("parent", entry.Code!, entry.Parent, c => registry.Schemes.GetValueOrDefault(c)?.Entry.Parent);
            registry.Schemes.Require(Thing.Scheme, "parent", entry.Parent);
            RefuseBorrowedCertificates(registry, entry, before, request.Actor);
            TakenNames.Refuse(registry, entry);
            return before is null ? Task.CompletedTask : StillNamed.RefuseAsync(write, before, entry);
        }

        /// <summary>Certificates of a scheme count as its parent's by the word of both: of one body, or of the registrar. What stands by it may be written again.</summary>
        private static void RefuseBorrowedCertificates(RegistryAt registry, SchemeEntry entry, SchemeEntry? before, Actor actor)
        {
            if (entry is { CountsAsParent: true, Parent: { } parent }
                && registry.Schemes[parent].Entry.Body is var owner && owner != entry.Body
                && !actor.IsRegistrar
                && (before?.CountsAsParent, before?.Parent, before?.Body) != (true, parent, entry.Body))
            {
                throw Refusal.NotPossible("countsAsParent", new Message("refusal.counts-as-a-strangers", parent, owner));
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
