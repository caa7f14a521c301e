using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Keys;

/// <summary>Makes a key. It is shown in this answer alone; what is stored is its hash.</summary>
/// <remarks>
/// A label body's key writes whatever is the body's and signs for its schemes; a key made at a policy is its authority's, and writes every policy of
/// that authority. The registrar makes the first one; its owner makes the next and revokes the old.
/// </remarks>
public static class IssueKey
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/label-bodies/{code}/keys", (Parameters<Address> address, Body<NewKey> key, Caller caller, IMediator mediator, CancellationToken cancel) =>
            HandleAsync(KeyOwner.Body, address.Value.Code, key.Value, caller, mediator, cancel)).Documented("IssueBodyKey");
        routes.MapPost("/policies/{code}/keys", (Parameters<Address> address, Body<NewKey> key, Caller caller, IMediator mediator, CancellationToken cancel) =>
            HandleAsync(KeyOwner.Authority, address.Value.Code, key.Value, caller, mediator, cancel)).Documented("IssueAuthorityKey");
    }

    private static void Documented(this IEndpointConventionBuilder endpoint, string name) => endpoint
        .WithName(name)
        .WithBodyExample("""{ "name": "Register upload, 2027", "expires": "2027-12-31" }""")
        .WithExample("""
            { "id": "5f1c0a9be2d34f77", "key": "elr_5f1c0a9be2d34f77_q0Zr3o0F0nS1vVgkW3cJm4tYh8d2u6sX9aLbE7pNfQk", "expires": "2028-01-01T00:00:00Z", "revision": 413 }
            """)
        .Refuses(ProblemCode.NotFound, ProblemCode.KeyAlreadyShown);

    private static async Task<WriteReply<Response>> HandleAsync(
        KeyOwner owner, string code, NewKey key, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var made = await mediator.Send(new Request(owner, code, key, caller.Actor), cancel);
        return Reply.Wrote(made, made.Revision, $"{owner.AddressOf(code)}/keys/{made.Id}");
    }

    /// <param name="Code" example="geca">Code of the label body, or of a policy of the authority.</param>
    public sealed record Address(string Code);

    /// <summary>What is asked for.</summary>
    /// <param name="Name">What its owner calls it, to tell it from others.</param>
    /// <param name="Expires">An instant, or a date, which is included; never unless given.</param>
    public sealed record NewKey(string? Name = null, KeyExpiry? Expires = null);

    /// <param name="Owner">What kind of owner.</param>
    /// <param name="Code">Code of the label body, or of a policy of the authority.</param>
    /// <param name="Key">What is asked for.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(KeyOwner Owner, string Code, NewKey Key, Actor Actor) : IRequest<Response>, IWriteRequest
    {
        /// <inheritdoc />
        public ValueTask DemandAsync(IRegistryView view)
        {
            Owner.Demand(view.Registry, Code, Actor);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A new key.</summary>
    /// <param name="Id">By which it is listed and revoked.</param>
    /// <param name="Key">The secret: kept by its owner, shown here alone.</param>
    /// <param name="Expires">The first instant at which it is no longer valid; null for never.</param>
    /// <param name="Revision">The revision that this made.</param>
    public sealed record Response(string Id, string Key, DateTimeOffset? Expires, long Revision) : IShownOnce;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(r => r.Key.Name).Required().IsText(Limits.Line).OverridePropertyName("name");
            RuleFor(r => r.Key.Expires).Must(e => e is not { } given || given.End > clock.GetUtcNow()).Says(_ => new Message("fault.expires-past"))
                .OverridePropertyName("expires");
        }
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Response>
    {
        private const string Insert = """
            insert into api_key (id, owner, name, secret_hash, issued_by, issued_at, expires_at)
            values (@Id, @Owner, @Name, @Hash, @IssuedBy, @At, @ExpiresAt)
            """;

        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var key = ApiKey.Make();
                await write.ExecuteAsync(Insert, new
                {
                    key.Id,
                    Owner = request.Owner.ActorOf(write.Registry, request.Code).Code,
                    request.Key.Name,
                    key.Hash,
                    IssuedBy = request.Actor.Code,
                    write.At,
                    ExpiresAt = request.Key.Expires is { } expires ? Change.Instant(expires.End) : null,
                });
                await write.AppendAsync(request.Actor, "key-issued", $"{request.Owner.AddressOf(request.Code)}/keys/{key.Id}", new JsonObject
                {
                    ["id"] = key.Id,
                    ["name"] = request.Key.Name,
                    ["expires"] = request.Key.Expires?.ToString(),
                });
                return new Response(key.Id, key.Text, request.Key.Expires?.End, write.Revision);
            },
            cancel);
    }
}
