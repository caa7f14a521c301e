using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using MediatR;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Ends a subscription: nothing more is delivered for it, and what it had of deliveries is gone.</summary>
public static class Unsubscribe
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/subscriptions/{id}", HandleAsync)
        .WithExample("""{ "revision": 414 }""")
        .Refuses(ProblemCode.NotFound);

    private static async Task<WriteReply<Response>> HandleAsync(Parameters<Address> address, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var done = await mediator.Send(new Request(address.Value.Id, caller.Actor), cancel);
        return Reply.Wrote(done, done.Revision);
    }

    /// <param name="Id" example="5f1c0a9be2d34f77">Id of the subscription.</param>
    public sealed record Address(string Id);

    /// <param name="Id">Id of the subscription.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(string Id, Actor Actor) : IRequest<Response>, IWriteRequest
    {
        /// <inheritdoc />
        public async ValueTask DemandAsync(IRegistryView view) => await SubscriptionRows.DemandAsync(view, Id, Actor);
    }

    /// <summary>What ending a subscription answers.</summary>
    /// <param name="Revision">The revision that this made.</param>
    public sealed record Response(long Revision);

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Response>
    {
        private const string DeleteDeliveries = "delete from delivery where subscription = @Id";

        private const string Delete = "delete from subscription where id = @Id";

        // Takes the row first: a server that delivers for it at the moment finds it gone, and adds no delivery behind its back.
        private const string Claim = "update subscription set lease_holder = null where id = @Id";

        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                await write.ExecuteAsync(Claim, new { request.Id });
                await write.ExecuteAsync(DeleteDeliveries, new { request.Id });
                await write.ExecuteAsync(Delete, new { request.Id });
                await write.AppendAsync(request.Actor, "subscription-ended", SubscriptionRows.AddressOf(request.Id), new JsonObject { ["id"] = request.Id });
                return new Response(write.Revision);
            },
            cancel);
    }
}
