using System.Text.Json.Nodes;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using MediatR;

namespace EcoLabelRegistry.Keys;

/// <summary>Revokes a key: from the next request on nobody writes with it, on any server.</summary>
/// <remarks>Revoking it again changes nothing. It stays in the list, and what was signed with it stays signed.</remarks>
public static class RevokeKey
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/label-bodies/{code}/keys/{id}", (Parameters<Address> address, Caller caller, IMediator mediator, CancellationToken cancel) =>
            HandleAsync(KeyOwner.Body, address.Value, caller, mediator, cancel)).Documented("RevokeBodyKey");
        routes.MapDelete("/policies/{code}/keys/{id}", (Parameters<Address> address, Caller caller, IMediator mediator, CancellationToken cancel) =>
            HandleAsync(KeyOwner.Authority, address.Value, caller, mediator, cancel)).Documented("RevokeAuthorityKey");
    }

    private static void Documented(this IEndpointConventionBuilder endpoint, string name) => endpoint
        .WithName(name)
        .WithExample("""{ "revision": 414 }""")
        .Refuses(ProblemCode.NotFound);

    private static async Task<WriteReply<Response>> HandleAsync(KeyOwner owner, Address address, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var done = await mediator.Send(new Request(owner, address.Code, address.Id, caller.Actor), cancel);
        return Reply.Wrote(done, done.Revision);
    }

    /// <param name="Code" example="geca">Code of the label body, or of a policy of the authority.</param>
    /// <param name="Id" example="5f1c0a9be2d34f77">Id of the key.</param>
    public sealed record Address(string Code, string Id);

    /// <param name="Owner">What kind of owner.</param>
    /// <param name="Code">Code of the label body, or of a policy of the authority.</param>
    /// <param name="Id">Id of the key.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(KeyOwner Owner, string Code, string Id, Actor Actor) : IRequest<Response>, IWriteRequest
    {
        /// <inheritdoc />
        public ValueTask DemandAsync(IRegistryView view)
        {
            Owner.Demand(view.Registry, Code, Actor);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>What revoking answers.</summary>
    /// <param name="Revision">The revision that this made; the registry's own when the key was revoked before.</param>
    public sealed record Response(long Revision);

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Response>
    {
        private const string Find = "select revoked_at as RevokedAt, id from api_key where id = @Id and owner = @Owner";

        private const string Revoke = "update api_key set revoked_at = @At where id = @Id";

        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var key = await write.Db.QuerySingleOrDefaultAsync<Row>(
                    Find, new { request.Id, Owner = request.Owner.ActorOf(write.Registry, request.Code).Code }, write.Transaction)
                    ?? throw Refusal.NotFound(Thing.ApiKey, request.Id);
                if (key.RevokedAt is not null)
                {
                    return new Response(write.Registry.Revision);
                }

                await write.ExecuteAsync(Revoke, new { request.Id, write.At });
                await write.AppendAsync(
                    request.Actor, "key-revoked", $"{request.Owner.AddressOf(request.Code)}/keys/{request.Id}", new JsonObject { ["id"] = request.Id });
                return new Response(write.Revision);
            },
            cancel);

        private sealed record Row(string? RevokedAt, string Id);
    }
}
