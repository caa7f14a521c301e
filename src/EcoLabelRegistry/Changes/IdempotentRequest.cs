using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Changes;

/// <summary>A write that its caller may send again under the same <c>Idempotency-Key</c> without doing it twice.</summary>
/// <remarks>
/// The answer of a write that was done is stored in the write's own transaction, so that after a crash a repeated request finds either
/// both or neither.
/// </remarks>
/// <param name="Caller">Whose key it is, as the log names him: keys of two callers never meet.</param>
/// <param name="Key">The key.</param>
/// <param name="Digest">SHA-256 of method, address and body.</param>
public sealed record IdempotentRequest(string Caller, string Key, string Digest)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private const string Find = """
        select request_digest as Digest, status, answer
        from idempotent_answer
        where caller = @Caller and idempotency_key = @Key and at > @Since
        """;

    private const string Forget = "delete from idempotent_answer where at <= @Since";

    private const string Insert = """
        insert into idempotent_answer (caller, idempotency_key, request_digest, at, status, answer)
        values (@Caller, @Key, @Digest, @At, @Status, @Answer)
        """;

    // Two servers that refuse the same request at once say the same.
    private const string InsertRefusal = Insert + " on conflict (caller, idempotency_key) do nothing";

    // Writers come one after the other, so that what stands there can only be a refusal, which was given while this was being done.
    private const string InsertWrite = Insert + " on conflict (caller, idempotency_key) do update set request_digest = @Digest, at = @At, status = @Status, answer = @Answer";

    private static readonly AsyncLocal<IdempotentRequest?> Ambient = new();

    /// <summary>The request that is being answered; null when it has no key.</summary>
    public static IdempotentRequest? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>What this request was answered before; null when it is new.</summary>
    /// <exception cref="RefusalException">The key was used for another request.</exception>
    public async Task<StoredAnswer?> FindAsync(DbConnection db, DbTransaction? tx, DateTimeOffset now)
    {
        var stored = await db.QuerySingleOrDefaultAsync<StoredAnswer>(Find, new { Caller, Key, Since = Change.Instant(now - Kept) }, tx);
        return stored is null || stored.Digest == Digest ? stored : throw Refusal.IdempotencyKeyReused(Key);
    }

    /// <summary>Keeps an answer, and forgets those that are old.</summary>
    /// <param name="db">An open connection.</param>
    /// <param name="tx">The transaction of the write.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="status">The status of a refusal; null for a write that was done.</param>
    /// <param name="answer">JSON; null for what is shown only once.</param>
    public async Task KeepAsync(DbConnection db, DbTransaction? tx, DateTimeOffset now, long? status, string? answer)
    {
        await db.ExecuteAsync(Forget, new { Since = Change.Instant(now - Kept) }, tx);
        await db.ExecuteAsync(status is null ? InsertWrite : InsertRefusal, new { Caller, Key, Digest, At = Change.Instant(now), Status = status, Answer = answer }, tx);
    }

    /// <summary>An answer given before.</summary>
    /// <param name="Digest">Of the request.</param>
    /// <param name="Status">The status of a refusal; null for a write that was done.</param>
    /// <param name="Answer">JSON; null for what is shown only once.</param>
    public sealed record StoredAnswer(string Digest, long? Status, string? Answer)
    {
        /// <summary>The result of the write.</summary>
        /// <exception cref="RefusalException">It was shown once and is not kept.</exception>
        public T Result<T>() => Answer is null ? throw Refusal.KeyAlreadyShown() : RecordJson.Read<T>(Answer);
    }
}

/// <summary>The result of a write that is shown once and never stored: the secret of a key.</summary>
public interface IShownOnce;
