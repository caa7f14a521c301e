using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.LabelBodies;

/// <summary>Writes a label body.</summary>
public static class PutLabelBody
{
    private static readonly PutRecord<LabelBodyEntry> Record = new(RecordKind.LabelBody, e => e.Code, (e, code) => e with { Code = code }, r => r.LabelBodies);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/label-bodies/{code}", HandleAsync)
        .WithBodyExample(BodyExample)
        .WithExample("""{ "revision": 413, "created": true }""")
        .Refuses(ProblemCode.UnknownLabelBody, ProblemCode.NotPossible, ProblemCode.Taken);

    private static Task<WriteReply<Written>> HandleAsync(
        Parameters<Address> address, Body<LabelBodyEntry> body, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Record.AnswerAsync(address.Value.Code, body, entry => new Request(entry, caller.Actor, caller.IfMatch, address.Value.Code), mediator, cancel);

    /// <param name="Code" example="geca">Code of the record, as in the address.</param>
    public sealed record Address(string Code);

    /// <param name="Entry">All of it.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the record.</param>
    /// <param name="Address">The code in the address, which is that of the entry.</param>
    public sealed record Request(LabelBodyEntry Entry, Actor Actor, Precondition? IfMatch = null, string? Address = null) : IRequest<Written>, IWriteRequest
    {
        /// <inheritdoc />
        public ValueTask DemandAsync(IRegistryView view) => Record.Demand(Actor.IsRegistrar, Entry);
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Entry).SetValidator(new Entry()).OverridePropertyName("");
            RuleFor(r => r.Entry.Code).IsThatOf(r => r.Address).OverridePropertyName("code");
        }

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
        public Task<Written> Handle(Request request, CancellationToken cancel) =>
            Record.WriteAsync(log, request.Entry, request, request.IfMatch, Check, cancel);

        private static void Check(RegistryAt registry, LabelBodyEntry entry)
        {
            Consistency.RefuseCycle("successorOf", entry.Code!, entry.SuccessorOf, c => registry.LabelBodies.GetValueOrDefault(c)?.Entry.SuccessorOf);
            registry.LabelBodies.Require(Thing.LabelBody, "successorOf", entry.SuccessorOf);
            TakenNames.Refuse(registry, entry);
        }
    }

    private const string BodyExample = """
        { "names": { "en": "Good Environmental Choice Australia Ltd", "zh": "澳大利亚良好环境选择有限公司" }, "country": "AU", "website": "https://geca.eco", "successorOf": "aela" }
        """;
}
