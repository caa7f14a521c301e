using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Delivers an entry again, at once and under the same id: a dead letter, or one that the receiver has lost.</summary>
/// <remarks>It goes before what is waiting. One that is pending is tried at once. This is no change of the registry and has no entry in its log.</remarks>
public static class Redeliver
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/subscriptions/{id}/deliveries/{revision}/redelivery", HandleAsync)
        .WithExample("""{ "id": "5f1c0a9be2d34f77-415", "revision": 415, "state": "pending" }""")
        .IsLive()
        .Refuses(ProblemCode.NotFound);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Address> address, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Reply.Live(await mediator.Send(new Request(address.Value.Id, address.Value.Revision, caller.Actor), cancel));

    /// <param name="Id" example="5f1c0a9be2d34f77">Id of the subscription.</param>
    /// <param name="Revision" example="415">The entry.</param>
    public sealed record Address(string Id, RevisionNumber Revision);

    /// <param name="Id">Id of the subscription.</param>
    /// <param name="Revision">The entry.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(string Id, RevisionNumber Revision, Actor Actor) : IRequest<Response>;

    /// <summary>A delivery that is tried again.</summary>
    /// <param name="Id">As the receiver sees it.</param>
    /// <param name="Revision">The entry.</param>
    /// <param name="State">How far it is now.</param>
    public sealed record Response(string Id, long Revision, DeliveryState State);

    internal sealed class Handler(DbDataSource database, Registries registries, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        private const string Renew = "update delivery set state = 'pending', attempts = 0 where subscription = @Id and revision = @Revision";

        private const string Resume = "update subscription set resume_at = null where id = @Id";

        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            await using (var reading = await registries.ReadAsync(null, cancel))
            {
                await SubscriptionRows.DemandAsync(reading, request.Id, request.Actor);
            }

            var renewed = new Response(SubscriptionRows.DeliveryId(request.Id, request.Revision.Value), request.Revision.Value, DeliveryState.Pending);
            await using var db = await database.OpenConnectionAsync(cancel);
            await using var tx = await db.BeginTransactionAsync(cancel);
            if (IdempotentRequest.Current is { } once)
            {
                if (await once.FindAsync(db, tx, clock.GetUtcNow()) is not null)
                {
                    return renewed;
                }

                await once.KeepAsync(db, tx, clock.GetUtcNow(), null, RecordJson.Text(renewed));
            }

            // The subscription first, as everybody who writes both does.
            await db.ExecuteAsync(Resume, new { request.Id }, tx);
            if (await db.ExecuteAsync(Renew, new { request.Id, Revision = request.Revision.Value }, tx) == 0)
            {
                throw Refusal.NotFound(Thing.Delivery, renewed.Id);
            }

            await tx.CommitAsync(CancellationToken.None);
            return renewed;
        }
    }
}
