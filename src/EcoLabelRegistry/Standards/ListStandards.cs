using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Standards;

/// <summary>Lists standards with their editions and criteria, by id.</summary>
/// <remarks>The date hides none: a standard without an edition in force on it, or known by name only, has <c>editionInForce: null</c>.</remarks>
public static class ListStandards
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/standards", HandleAsync)
        .WithExample($$"""{ "items": [{{GetStandard.Example}}], "next": null }""")
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.Ambiguous);

    private static async Task<Reply<Page<GetStandard.Response>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Q" example="HJ 2537">Words that occur in id, number or titles.</param>
    /// <param name="Scheme" example="cel">Code or alias of a scheme: its standards.</param>
    /// <param name="Category" example="coatings">Own code, <c>cpv:…</c> or <c>unspsc:…</c>: the standards for it, for a part of it, or for more than it.</param>
    /// <param name="AsOf">The date on which an edition is in force; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(
        Paging Paging, string? Q = null, string? Scheme = null, string? Category = null, AsOf? AsOf = null, KnownAt? KnownAt = null)
        : IRequest<Page<GetStandard.Response>>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Q).IsText(Limits.Line);
            RuleFor(r => r.Scheme).IsText(Limits.Line);
            RuleFor(r => r.Category).IsText(Limits.Line);
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetStandard.Response>>
    {
        public Task<Page<GetStandard.Response>> Handle(Request request, CancellationToken cancel) => registries.PageAsync(
            request.Paging, request.KnownAt, request.AsOf?.Day ?? Http.AsOf.Today(clock), (registry, day) => Rows(registry, request, day), row => [row.Id!], cancel);

        private static IEnumerable<GetStandard.Response> Rows(RegistryAt registry, Request request, DateOnly day)
        {
            var scheme = request.Scheme is null ? null : FindScheme.Find(registry, "scheme", request.Scheme);
            var category = request.Category is null ? null : FindCategory.Find(registry, "category", request.Category);
            var words = new SearchWords(request.Q);
            return
                from standard in registry.Standards.Values
                let entry = standard.Entry
                where scheme is null || entry.Scheme == scheme
                where category is null || (entry.Category is { } own && (registry.Graph.IsWithin(own, category) || registry.Graph.IsWithin(category, own)))
                where words.AreIn([entry.Id, entry.Number, .. entry.Titles?.Values ?? []])
                select new GetStandard.Response(registry, standard, day);
        }
    }
}
