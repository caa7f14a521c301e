using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Keys;

/// <summary>Lists the keys of an owner, oldest first, for himself and for the registrar. The secrets are not stored.</summary>
public static class ListKeys
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/label-bodies/{code}/keys", (Parameters<Address> address, Caller caller, IMediator mediator, CancellationToken cancel) =>
            HandleAsync(KeyOwner.Body, address.Value, caller, mediator, cancel)).Documented("ListBodyKeys");
        routes.MapGet("/policies/{code}/keys", (Parameters<Address> address, Caller caller, IMediator mediator, CancellationToken cancel) =>
            HandleAsync(KeyOwner.Authority, address.Value, caller, mediator, cancel)).Documented("ListAuthorityKeys");
    }

    private static void Documented(this IEndpointConventionBuilder endpoint, string name) => endpoint
        .WithName(name)
        .WithExample("""
            {
              "items": [
                { "id": "5f1c0a9be2d34f77", "name": "Register upload, 2027", "issuedBy": "registrar", "issuedAt": "2026-11-22T09:30:00.123456Z",
                  "expires": "2028-01-01T00:00:00.000000Z", "revokedAt": null, "lastUsedAt": "2026-11-23T08:00:00.123456Z" }
              ],
              "next": null
            }
            """)
        .Refuses(ProblemCode.NotFound);

    private static async Task<Reply<Page<Row>>> HandleAsync(KeyOwner owner, Address address, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(new Request(owner, address.Code, address.Paging, caller.Actor), cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Code" example="geca">Code of the label body, or of a policy of the authority.</param>
    public sealed record Address(Paging Paging, string Code);

    /// <param name="Owner">What kind of owner.</param>
    /// <param name="Code">Code of the label body, or of a policy of the authority.</param>
    /// <param name="Paging">Which stretch.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(KeyOwner Owner, string Code, Paging Paging, Actor Actor) : IRequest<Page<Row>>;

    /// <summary>A key, without its secret.</summary>
    /// <param name="Id">By which it is revoked.</param>
    /// <param name="Name">What its owner calls it.</param>
    /// <param name="IssuedBy">Who made it, as the log names him.</param>
    /// <param name="IssuedAt">When.</param>
    /// <param name="Expires">The first instant at which it is no longer valid; null for never.</param>
    /// <param name="RevokedAt">When it was revoked; null while it was not.</param>
    /// <param name="LastUsedAt">When it was last used, some seconds late; null for never.</param>
    public sealed record Row(string Id, string Name, string IssuedBy, string IssuedAt, string? Expires, string? RevokedAt, string? LastUsedAt);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<Row>>
    {
        private const string Keys = """
            select id, name, issued_by as IssuedBy, issued_at as IssuedAt, expires_at as Expires, revoked_at as RevokedAt, last_used_at as LastUsedAt
            from api_key
            where owner = @Owner and (issued_at > @AfterAt or (issued_at = @AfterAt and id > @AfterId))
            order by issued_at, id
            limit @Limit
            """;

        public async Task<Page<Row>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            request.Owner.Demand(reading.Registry, request.Code, request.Actor);
            var after = request.Paging.After;
            var rows = await reading.Db.QueryAsync<Row>(Keys, new
            {
                Owner = request.Owner.ActorOf(reading.Registry, request.Code).Code,
                AfterAt = after?.Key[0] ?? "",
                AfterId = after?.Key[1] ?? "",
                Limit = request.Paging.Limit + 1,
            }, reading.Transaction);
            return request.Paging.Cut(rows, reading.Revision, AsOf.Today(clock), row => [row.IssuedAt, row.Id]);
        }
    }
}
