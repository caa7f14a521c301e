using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Categories;

/// <summary>Lists product categories, by code.</summary>
public static class ListCategories
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/categories", HandleAsync)
        .WithExample($$"""{ "items": [{{GetCategory.Example}}], "next": null }""")
        .Refuses(ProblemCode.UnknownCategory);

    private static async Task<Reply<Page<GetCategory.Response>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Q" example="printer">Words that occur in code, names or codes of other classifications.</param>
    /// <param name="Parent" example="it">Code of a category: those directly below it.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(Paging Paging, string? Q = null, string? Parent = null, KnownAt? KnownAt = null) : IRequest<Page<GetCategory.Response>>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Q).IsText(Limits.Line);
            RuleFor(r => r.Parent).IsText(Limits.Line);
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetCategory.Response>>
    {
        public Task<Page<GetCategory.Response>> Handle(Request request, CancellationToken cancel) =>
            registries.PageAsync(request.Paging, request.KnownAt, AsOf.Today(clock), (registry, _) => Rows(registry, request), row => [row.Code!], cancel);

        private static IEnumerable<GetCategory.Response> Rows(RegistryAt registry, Request request)
        {
            registry.Categories.Require(Thing.Category, "parent", request.Parent);
            var words = new SearchWords(request.Q);
            return
                from category in registry.Categories.Values
                let entry = category.Entry
                where request.Parent is null || entry.Parent == request.Parent
                where words.AreIn([entry.Code, .. entry.Names?.Values ?? [], .. entry.Codes?.Cpv ?? [], .. entry.Codes?.Unspsc ?? []])
                select new GetCategory.Response(category);
        }
    }
}
