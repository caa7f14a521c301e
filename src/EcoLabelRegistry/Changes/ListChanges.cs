using System.Globalization;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Changes;

/// <summary>Lists the change log, oldest first: every write with its actor, chained by hashes.</summary>
/// <remarks>A list ends at the revision of its first page. To go on later, ask for what comes after the last revision seen.</remarks>
public static class ListChanges
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/changes", HandleAsync)
        .WithExample($$"""{ "items": [ {{GetChange.Example}} ], "next": null }""");

    private static async Task<Reply<Page<GetChange.Response>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="After" example="0">The last revision seen: what comes after it is listed; everything unless given.</param>
    public sealed record Request(Paging Paging, RevisionNumber? After = null) : IRequest<Page<GetChange.Response>>;

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetChange.Response>>
    {
        public async Task<Page<GetChange.Response>> Handle(Request request, CancellationToken cancel)
        {
            var (paging, page) = (request.Paging, request.Paging.After);
            await using var reading = await registries.ReadAsync(null, cancel);
            var until = page?.Revision ?? reading.Revision;
            var after = page is null ? request.After?.Value ?? 0 : long.Parse(page.Key[0], CultureInfo.InvariantCulture);
            var changes = await ReadChanges.AfterAsync(reading.Db, reading.Transaction, after, until, paging.Limit + 1);
            return paging.Cut(changes.Select(GetChange.Response.Of), until, AsOf.Today(clock), row => [row.Revision.ToString(CultureInfo.InvariantCulture)]);
        }
    }
}
