using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Keys;

/// <summary>Tells who sends a request by the key that it shows. Reading needs none; a wrong one is refused everywhere.</summary>
public sealed class Authentication(RequestDelegate next, FindCaller find)
{
    private const string Bearer = "Bearer ";

    public Task InvokeAsync(HttpContext http)
    {
        var shown = http.Request.Headers.Authorization.ToString();
        if (shown.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateAsync(http, shown[Bearer.Length..].Trim());
        }

        // Another way of showing who one is may be a proxy's, and says nothing here.
        return http.GetEndpoint()?.Metadata.GetMetadata<NeedsKey>() is null ? next(http) : throw Refusal.Unauthorised("refusal.no-key");
    }

    private async Task AuthenticateAsync(HttpContext http, string token)
    {
        http.Features.Set(await find.ByTokenAsync(token, http.RequestAborted) ?? throw Refusal.Unauthorised("refusal.wrong-key"));
        await next(http);
    }
}

/// <summary>Finds whose a key is.</summary>
public sealed class FindCaller(DbDataSource database, RegistryOptions settings, IdentityProvider provider, KeyUses uses, TimeProvider clock)
{
    private const string ById = """
        select owner, secret_hash as SecretHash, issued_by as IssuedBy
        from api_key
        where id = @Id and revoked_at is null and (expires_at is null or expires_at > @Now)
        """;

    /// <summary>Refuses (401) a writer whose key has ended since he began: a body of any length may lie between.</summary>
    /// <param name="actor">Who writes.</param>
    /// <param name="write">His write, which nobody's revoking can come before any more.</param>
    internal static async Task DemandStillAsync(Actor actor, Write write)
    {
        if (actor.KeyId is { } id && await write.Db.QuerySingleOrDefaultAsync<Row>(ById, new { Id = id, Now = write.At }, write.Transaction) is null)
        {
            throw Refusal.Unauthorised("refusal.wrong-key");
        }
    }

    /// <summary>The caller; null when the token is no valid key.</summary>
    /// <remarks>A key is looked up each time: one that is revoked ends at once, on every server.</remarks>
    public async Task<Caller?> ByTokenAsync(string token, CancellationToken cancel)
    {
        if (settings.AdminKey is { } configured && ApiKey.IsSame(ApiKey.HashOf(token), ApiKey.HashOf(configured)))
        {
            return new(Actor.Registrar);
        }

        if (ApiKey.Read(token) is not { } key)
        {
            return await provider.FindAsync(token, cancel);
        }

        await using var db = await database.OpenConnectionAsync(cancel);
        var now = Change.Instant(clock.GetUtcNow());
        var stored = await db.QuerySingleOrDefaultAsync<Row>(ById, new { key.Id, Now = now });
        if (stored is null || !ApiKey.IsSame(stored.SecretHash, key.Hash))
        {
            return null;
        }

        uses.Note(key.Id, now);
        return new(new Actor(stored.Owner) { KeyIssuedBy = stored.IssuedBy, KeyId = key.Id });
    }

    private sealed record Row(string Owner, string SecretHash, string IssuedBy);
}
