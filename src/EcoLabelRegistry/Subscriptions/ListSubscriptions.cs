using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Lists one's own subscriptions, oldest first, without their secrets.</summary>
public static class ListSubscriptions
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/subscriptions", HandleAsync)
        .WithExample($$"""{ "items": [ {{GetSubscription.Example}} ], "next": null }""")
        .IsLive();

    private static async Task<Reply<Page<GetSubscription.Response>>> HandleAsync(
        Parameters<Query> query, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Reply.Live(await mediator.Send(new Request(query.Value.Paging, caller.Actor), cancel));

    /// <param name="Paging">Which stretch.</param>
    public sealed record Query(Paging Paging);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(Paging Paging, Actor Actor) : IRequest<Page<GetSubscription.Response>>;

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetSubscription.Response>>
    {
        private const string OfOwner = $"""
            select {SubscriptionRows.Columns}
            from subscription
            where owner = @Owner and (made_at > @AfterAt or (made_at = @AfterAt and id > @AfterId))
            order by made_at, id
            limit @Limit
            """;

        public async Task<Page<GetSubscription.Response>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            var after = request.Paging.After;
            var rows = await reading.Db.QueryAsync<SubscriptionRow>(OfOwner, new
            {
                Owner = request.Actor.Code,
                AfterAt = after?.Key[0] ?? "",
                AfterId = after?.Key[1] ?? "",
                Limit = request.Paging.Limit + 1,
            }, reading.Transaction);
            return request.Paging.Cut(rows.Select(GetSubscription.Response.Of), reading.Revision, AsOf.Today(clock), row => [row.MadeAt, row.Id]);
        }
    }
}
