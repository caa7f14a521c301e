using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Policies;

/// <summary>Lists purchasing policies with the labels that they accept, by code.</summary>
/// <remarks>
/// With <c>accepts</c> or <c>category</c> a policy is listed when a line of it, in force on the date, accepts the label for some product of
/// the category; a line with <c>recognisedBy</c> is followed to the labels that it leads to.
/// </remarks>
public static class ListPolicies
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/policies", HandleAsync)
        .WithExample($$"""{ "items": [{{GetPolicy.Example}}], "next": null }""")
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.Ambiguous);

    private static async Task<Reply<Page<GetPolicy.Response>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Q" example="furniture">Words that occur in code, authority or names.</param>
    /// <param name="Jurisdiction" example="CN">ISO 3166-1, or <c>EU</c>, <c>UN</c>: the policies of it.</param>
    /// <param name="Accepts" example="cel">Code or alias of a scheme: the policies that accept it.</param>
    /// <param name="Category" example="it.imaging">Own code, <c>cpv:…</c> or <c>unspsc:…</c>: the policies that accept some label for it.</param>
    /// <param name="AsOf">The date on which lines are in force; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(
        Paging Paging,
        string? Q = null,
        string? Jurisdiction = null,
        string? Accepts = null,
        string? Category = null,
        AsOf? AsOf = null,
        KnownAt? KnownAt = null) : IRequest<Page<GetPolicy.Response>>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Q).IsText(Limits.Line);
            RuleFor(r => r.Jurisdiction).IsCountry();
            RuleFor(r => r.Accepts).IsText(Limits.Line);
            RuleFor(r => r.Category).IsText(Limits.Line);
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetPolicy.Response>>
    {
        public Task<Page<GetPolicy.Response>> Handle(Request request, CancellationToken cancel) => registries.PageAsync(
            request.Paging, request.KnownAt, request.AsOf?.Day ?? Http.AsOf.Today(clock), (registry, day) => Rows(registry, request, day), row => [row.Code], cancel);

        private static IEnumerable<GetPolicy.Response> Rows(RegistryAt registry, Request request, DateOnly day)
        {
            var words = new SearchWords(request.Q);
            var accepting = Accepting(registry, request, day);
            return
                from policy in registry.Policies.Values
                let entry = policy.Entry
                where request.Jurisdiction is null || entry.Jurisdiction == request.Jurisdiction
                where accepting is null || accepting.Contains(entry.Code!)
                where words.AreIn([entry.Code, entry.Authority, .. entry.Names?.Values ?? []])
                select GetPolicy.Response.Of(policy, day);
        }

        /// <summary>The policies that accept what is asked for; null when nothing is asked.</summary>
        private static HashSet<string>? Accepting(RegistryAt registry, Request request, DateOnly day)
        {
            if (request.Accepts is null && request.Category is null)
            {
                return null;
            }

            var labels = request.Accepts is null ? null : registry.Graph.CountsAs(FindScheme.Find(registry, "accepts", request.Accepts));
            var category = request.Category is null ? null : FindCategory.Find(registry, "category", request.Category);
            return AcceptedLabels.On(registry.Graph, day, category)
                .Where(a => a.Grant.Policy is not null && (labels is null || labels.Contains(a.Recognised, StringComparer.Ordinal)))
                .Select(a => a.Grant.Policy!.Code)
                .ToHashSet(StringComparer.Ordinal);
        }
    }
}
