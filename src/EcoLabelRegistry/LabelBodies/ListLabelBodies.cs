using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.LabelBodies;

/// <summary>Lists label bodies, by code.</summary>
public static class ListLabelBodies
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/label-bodies", HandleAsync)
        .WithExample($$"""{ "items": [{{GetLabelBody.Example}}], "next": null }""");

    private static async Task<Reply<Page<GetLabelBody.Response>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Q" example="good environmental choice">Words that occur in code or names.</param>
    /// <param name="Country" example="AU">ISO 3166-1, or <c>EU</c>, <c>UN</c>: the bodies of it.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(Paging Paging, string? Q = null, string? Country = null, KnownAt? KnownAt = null) : IRequest<Page<GetLabelBody.Response>>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Q).IsText(Limits.Line);
            RuleFor(r => r.Country).IsCountry();
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetLabelBody.Response>>
    {
        public Task<Page<GetLabelBody.Response>> Handle(Request request, CancellationToken cancel) =>
            registries.PageAsync(request.Paging, request.KnownAt, AsOf.Today(clock), (registry, _) => Rows(registry, request), row => [row.Code!], cancel);

        private static IEnumerable<GetLabelBody.Response> Rows(RegistryAt registry, Request request)
        {
            var words = new SearchWords(request.Q);
            return
                from body in registry.LabelBodies.Values
                let entry = body.Entry
                where request.Country is null || entry.Country == request.Country
                where words.AreIn([entry.Code, .. entry.Names?.Values ?? []])
                select new GetLabelBody.Response(body);
        }
    }
}
