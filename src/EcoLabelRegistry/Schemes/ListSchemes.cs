using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Schemes;

/// <summary>Lists schemes, by code.</summary>
public static class ListSchemes
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/schemes", HandleAsync)
        .WithExample($$"""{ "items": [{{GetScheme.Example}}], "next": null }""")
        .Refuses(ProblemCode.UnknownLabelBody, ProblemCode.UnknownScheme, ProblemCode.Ambiguous);

    private static async Task<Reply<Page<GetScheme.Response>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Q" example="blauer engel">Words that occur in code, names or aliases.</param>
    /// <param name="Body" example="geca">Code of a label body: its schemes.</param>
    /// <param name="Parent" example="sgls">Code or alias of a scheme: its sub-schemes.</param>
    /// <param name="Country" example="DE">ISO 3166-1, or <c>EU</c>, <c>UN</c>: the schemes of it.</param>
    /// <param name="IsoType" example="I"><c>I</c>, <c>I-like</c>, <c>II</c>, <c>III</c> or <c>none</c>.</param>
    /// <param name="Kind">Scheme, or set of criteria that certifies nothing.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(
        Paging Paging,
        string? Q = null,
        string? Body = null,
        string? Parent = null,
        string? Country = null,
        string? IsoType = null,
        SchemeKind? Kind = null,
        KnownAt? KnownAt = null) : IRequest<Page<GetScheme.Response>>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Q).IsText(Limits.Line);
            RuleFor(r => r.Body).IsText(Limits.Line);
            RuleFor(r => r.Parent).IsText(Limits.Line);
            RuleFor(r => r.Country).IsCountry();
            RuleFor(r => r.IsoType).IsOneOf(PutScheme.IsoTypes);
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetScheme.Response>>
    {
        public Task<Page<GetScheme.Response>> Handle(Request request, CancellationToken cancel) =>
            registries.PageAsync(request.Paging, request.KnownAt, AsOf.Today(clock), (registry, _) => Rows(registry, request), row => [row.Code!], cancel);

        private static IEnumerable<GetScheme.Response> Rows(RegistryAt registry, Request request)
        {
            registry.LabelBodies.Require(Thing.LabelBody, "body", request.Body);
            var parent = request.Parent is null ? null : FindScheme.Find(registry, "parent", request.Parent);
            var words = new SearchWords(request.Q);
            return
                from scheme in registry.Schemes.Values
                let entry = scheme.Entry
                where request.Body is null || entry.Body == request.Body
                where parent is null || entry.Parent == parent
                where request.Country is null || (entry.Countries ?? []).Contains(request.Country, StringComparer.Ordinal)
                where request.IsoType is null || entry.IsoType == request.IsoType
                where request.Kind is null || (entry.Kind ?? SchemeKind.Scheme) == request.Kind
                where words.AreIn([entry.Code, .. entry.Names?.Values ?? [], .. entry.Aliases ?? []])
                select new GetScheme.Response(scheme);
        }
    }
}
