using System.Text.RegularExpressions;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Categories;

/// <summary>Writes a category.</summary>
public static partial class PutCategory
{
    private static readonly PutRecord<CategoryEntry> Record = new(RecordKind.Category, e => e.Code, (e, code) => e with { Code = code }, r => r.Categories);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/categories/{code}", HandleAsync)
        .WithBodyExample(BodyExample)
        .WithExample("""{ "revision": 413, "created": true }""")
        .Refuses(ProblemCode.UnknownCategory, ProblemCode.NotPossible);

    private static Task<WriteReply<Written>> HandleAsync(
        Parameters<Address> address, Body<CategoryEntry> body, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Record.AnswerAsync(address.Value.Code, body, entry => new Request(entry, caller.Actor, caller.IfMatch, address.Value.Code), mediator, cancel);

    /// <param name="Code" example="it.imaging">Code of the record, as in the address.</param>
    public sealed record Address(string Code);

    /// <param name="Entry">All of it.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the record.</param>
    /// <param name="Address">The code in the address, which is that of the entry.</param>
    public sealed record Request(CategoryEntry Entry, Actor Actor, Precondition? IfMatch = null, string? Address = null) : IRequest<Written>, IWriteRequest
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

        private sealed class Entry : SourcedRules<CategoryEntry>
        {
            public Entry()
            {
                RuleFor(e => e.Code).Required().IsCategoryCode();
                RuleFor(e => e.Parent).IsCategoryCode();
                RuleFor(e => e.Names).Required().IsTextByLanguage();
                RuleFor(e => e.Codes!.Cpv).IsListOfDistinct().When(e => e.Codes is not null);
                RuleForEach(e => e.Codes!.Cpv).Required()
                    .Must(code => code is null || Cpv().IsMatch(code)).Says(code => new Message("fault.cpv", code)).OverridePropertyName("codes.cpv").When(e => e.Codes is not null);
                RuleFor(e => e.Codes!.Unspsc).IsListOfDistinct().When(e => e.Codes is not null);
                RuleForEach(e => e.Codes!.Unspsc).Required()
                    .Must(code => code is null || Unspsc().IsMatch(code)).Says(code => new Message("fault.unspsc", code)).OverridePropertyName("codes.unspsc").When(e => e.Codes is not null);
            }
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) =>
            Record.WriteAsync(log, request.Entry, request, request.IfMatch, Check, cancel);

        private static void Check(RegistryAt registry, CategoryEntry entry)
        {
            Consistency.RefuseCycle("parent", entry.Code!, entry.Parent, c => registry.Categories.GetValueOrDefault(c)?.Entry.Parent);
            registry.Categories.Require(Thing.Category, "parent", entry.Parent);
        }
    }

    [GeneratedRegex(@"^[0-9]{8}(-[0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cpv();

    [GeneratedRegex(@"^[0-9]{8}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unspsc();

    private const string BodyExample = """
        { "parent": "it", "names": { "en": "Imaging equipment", "zh": "影像设备" }, "codes": { "cpv": ["30120000-6"], "unspsc": [] } }
        """;
}
