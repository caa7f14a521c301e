using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Reads the log and proves it.</summary>
public static class ReadChanges
{
    private const string Columns = "revision, at, actor, type, subject, data, salts, digest, previous_hash as PreviousHash, hash";

    private const string Page = $"""
        select {Columns} from change
        where revision > @After and revision <= @Until
        order by revision
        limit @Limit
        """;

    private const string ItemPage = """
        select place, data, salts, digest from change_item
        where revision = @Revision and place > @After
        order by place
        limit @Limit
        """;

    private const string Newest = "select revision from registry";

    // Rows that belong to no register, which no entry's digest covers.
    private const string StrayItem = """
        select min(i.revision) from change_item i
        left join change c on c.revision = i.revision
        where c.type is null or c.type <> @ChangeType
        """;

    private const int Batch = 500;

    /// <summary>Entries after a revision, oldest first.</summary>
    public static async Task<IReadOnlyList<Change>> AfterAsync(DbConnection db, DbTransaction tx, long after, long until, int limit) =>
        (await db.QueryAsync<Change>(Page, new { After = after, Until = until, Limit = limit }, tx)).AsList();

    /// <summary>One entry; 404 when the log has none of this number.</summary>
    public static async Task<Change> ChangeAsync(this Reading reading, RevisionNumber revision) =>
        (revision.Value == 0 ? [] : await AfterAsync(reading.Db, reading.Transaction, revision.Value - 1, Math.Min(revision.Value, reading.Revision), 1)).SingleOrDefault()
        ?? throw Refusal.NotFound(Thing.Change, revision.ToString());

    /// <summary>Rows of the register that a revision wrote, in the order received.</summary>
    public static async Task<IReadOnlyList<ChangeItem>> ItemsAsync(DbConnection db, DbTransaction tx, long revision, long after, int limit) =>
        (await db.QueryAsync<ChangeItem>(ItemPage, new { Revision = revision, After = after, Limit = limit }, tx)).AsList();

    /// <summary>Proves the chain, entry by entry, and the rows of registers with it.</summary>
    /// <remarks>
    /// The chain proves that nothing in it was changed, not that nothing was cut off at its end: who keeps the head of an earlier proof
    /// sees that too, because it must still be the hash of that revision.
    /// </remarks>
    /// <param name="db">An open connection.</param>
    /// <param name="tx">A read transaction, so that the log does not grow meanwhile.</param>
    /// <param name="after">The revision to begin after; its own hash is taken as it stands.</param>
    /// <param name="cancel">Stops between two pages.</param>
    public static async Task<Verification> VerifyAsync(DbConnection db, DbTransaction tx, long after, CancellationToken cancel)
    {
        var newest = await db.ExecuteScalarAsync<long>(Newest, transaction: tx);
        var stray = await db.ExecuteScalarAsync<long?>(StrayItem, new { ItemsDigest.ChangeType }, tx);
        var head = after == 0 ? Change.NoHash : (await AfterAsync(db, tx, after - 1, after, 1)).SingleOrDefault()?.Hash;
        for (var revision = after; ;)
        {
            cancel.ThrowIfCancellationRequested();
            var page = await AfterAsync(db, tx, revision, long.MaxValue, Batch);
            foreach (var change in page)
            {
                if (change.Revision != revision + 1 || change.Revision > newest || change.Revision == stray || change.PreviousHash != head
                    || !IsIntact(change) || !await AreItemsIntactAsync(db, tx, change))
                {
                    return new Verification(false, newest, head, revision + 1);
                }

                (revision, head) = (change.Revision, change.Hash);
            }

            if (page.Count < Batch)
            {
                return revision == newest ? new Verification(true, newest, head, null) : new Verification(false, newest, head, revision + 1);
            }
        }
    }

    /// <summary>True when an entry is as it was written, as far as it can tell by itself.</summary>
    public static bool IsIntact(Change change) =>
        IsIntact(change.Data, change.Salts, change.Digest)
        && Change.HashOf(change.PreviousHash, change.Revision, change.At, change.Actor, change.Type, change.Subject, change.Digest) == change.Hash;

    private static bool IsIntact(string data, string salts, string digest)
    {
        try
        {
            // The text must be the canonical one too: a blank more is no other value, and yet not what was written.
            return Parse(data) is { } value && CanonicalJson.Text(value) == data
                && Parse(salts) is JsonObject salted && CanonicalJson.Text(salted) == salts
                && PersonalData.Digest(value, salted) == digest;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false; // what is stored is no longer JSON, or not of its shape
        }
    }

    private static JsonNode? Parse(string text) => JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });

    private static async Task<bool> AreItemsIntactAsync(DbConnection db, DbTransaction tx, Change change)
    {
        if (change.Type != ItemsDigest.ChangeType)
        {
            return true;
        }

        using var items = new ItemsDigest();
        for (long after = 0; ;)
        {
            var page = await ItemsAsync(db, tx, change.Revision, after, Batch);
            foreach (var item in page)
            {
                if (!IsIntact(item.Data, item.Salts, item.Digest))
                {
                    return false;
                }

                items.Add(item.Digest);
                after = item.Place;
            }

            if (page.Count < Batch)
            {
                return Parse(change.Data) is JsonObject data && data["digest"] is JsonValue digest && digest.GetValueKind() == JsonValueKind.String
                    && items.Close() == digest.GetValue<string>();
            }
        }
    }
}

/// <summary>One row of a register, as stored in the log.</summary>
/// <param name="Place">From 1, in the order received.</param>
/// <param name="Data">Canonical JSON.</param>
/// <param name="Salts">Salts and digests of its personal members.</param>
/// <param name="Digest">Digest of the data.</param>
public sealed record ChangeItem(long Place, string Data, string Salts, string Digest);

/// <summary>What a proof of the chain came to.</summary>
/// <param name="Valid">True when every entry is as it was written.</param>
/// <param name="Revision">The newest revision.</param>
/// <param name="Head">Hash of the last entry that was proven.</param>
/// <param name="FirstBad">The first revision that is not as it was written; null when valid.</param>
public sealed record Verification(bool Valid, long Revision, string? Head, long? FirstBad);
