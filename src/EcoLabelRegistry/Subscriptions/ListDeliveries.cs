using System.Globalization;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Lists the deliveries of a subscription of one's own, in the order of the log; the dead letters with <c>state=dead</c>.</summary>
/// <remarks>What is yet to come has no delivery: one is made when its turn comes. One that was taken is kept for 30 days.</remarks>
public static class ListDeliveries
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/subscriptions/{id}/deliveries", HandleAsync)
        .WithExample("""
            {
              "items": [
                { "id": "5f1c0a9be2d34f77-415", "revision": 415, "state": "dead", "attempts": 12, "triedAt": "2026-11-22T12:00:00.123456Z", "status": 500, "failure": "status" }
              ],
              "next": null
            }
            """)
        .IsLive()
        .Refuses(ProblemCode.NotFound);

    private static async Task<Reply<Page<Row>>> HandleAsync(Parameters<Query> query, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Reply.Live(await mediator.Send(new Request(query.Value.Paging, query.Value.Id, query.Value.State, caller.Actor), cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Id" example="5f1c0a9be2d34f77">Id of the subscription.</param>
    /// <param name="State" example="dead">Only deliveries in this state.</param>
    public sealed record Query(Paging Paging, string Id, DeliveryState? State = null);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Id">Id of the subscription.</param>
    /// <param name="State">Only deliveries in this state.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(Paging Paging, string Id, DeliveryState? State, Actor Actor) : IRequest<Page<Row>>;

    /// <summary>An entry of the change log on its way to a subscriber.</summary>
    /// <param name="Id">As the receiver sees it in <c>webhook-id</c>.</param>
    /// <param name="Revision">The entry.</param>
    /// <param name="State">How far it is.</param>
    /// <param name="Attempts">How often it was tried, since it was last redelivered.</param>
    /// <param name="TriedAt">When it was last tried.</param>
    /// <param name="Status">What the receiver last answered; null when it did not.</param>
    /// <param name="Failure">Why the last attempt failed; null when it did not.</param>
    public sealed record Row(string Id, long Revision, DeliveryState State, int Attempts, string? TriedAt, int? Status, DeliveryFailure? Failure);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<Row>>
    {
        private const string OfSubscription = """
            select revision, state, attempts, tried_at as TriedAt, status, failure
            from delivery
            where subscription = @Id and revision > @After and (@EveryState or state = @State)
            order by revision
            limit @Limit
            """;

        public async Task<Page<Row>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            await SubscriptionRows.DemandAsync(reading, request.Id, request.Actor);
            var after = request.Paging.After;
            var rows = await reading.Db.QueryAsync<Stored>(OfSubscription, new
            {
                request.Id,
                After = after is null ? 0 : long.Parse(after.Key[0], CultureInfo.InvariantCulture),
                EveryState = request.State is null,
                State = request.State is { } state ? Code.Of(state) : "",
                Limit = request.Paging.Limit + 1,
            }, reading.Transaction);
            return request.Paging.Cut(
                rows.Select(row => row.Of(request.Id)), reading.Revision, AsOf.Today(clock), row => [row.Revision.ToString(CultureInfo.InvariantCulture)]);
        }

        private sealed record Stored(long Revision, string State, long Attempts, string? TriedAt, long? Status, string? Failure)
        {
            public Row Of(string subscription) => new(
                SubscriptionRows.DeliveryId(subscription, Revision),
                Revision,
                Code.TryParse<DeliveryState>(State, out var state) ? state : throw new InvalidDataException($"The database holds a delivery in the unknown state '{State}'."),
                (int)Attempts,
                TriedAt,
                (int?)Status,
                Code.TryParse<DeliveryFailure>(Failure, out var failure) ? failure : null);
        }
    }
}
