using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Redactions;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Hands out the registry at any revision, together with a transaction that sees the certificates of that revision.</summary>
/// <remarks>
/// The newest is kept and follows the log: a reader reads the revision and what was written since, so that writes of other servers
/// on the same database are seen at once. Earlier ones are read when asked for, and the last few are kept.
/// </remarks>
public sealed class Registries(DbDataSource database, TimeProvider clock)
{
    private const int KeptEarlier = 8;

    private const string Newest = "select revision from registry";

    private const string LatestInstant = "select c.at from registry r join change c on c.revision = r.revision";

    private const string RevisionAt = "select coalesce(max(revision), 0) from change where at <= @At";

    private const string RecordsAt = """
        select kind, code, recorded_from as Revision, data
        from record
        where recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)
        """;

    private const string RecordsSince = """
        select kind, code, recorded_from as Revision, data
        from record
        where recorded_from > @After and recorded_from <= @Revision
        order by recorded_from
        """;

    private const string RedactedSince = """
        select revision, subject from change
        where revision > @After and revision <= @Revision and type = @Type
        order by revision
        """;

    private readonly Lock _earlierGate = new();
    private readonly Queue<(RegistryAt Registry, long Newest)> _earlier = [];
    private long _redacted;
    private RegistryAt _current = RegistryAt.Empty;
    private long _seen;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The newest revision that this server has shown to anybody or acknowledged. No question of now is answered at an older one.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>The newest records in memory here. Another server may have written since.</summary>
    internal RegistryAt Current => Volatile.Read(ref _current);

    /// <summary>The revision of <see cref="Current"/>.</summary>
    internal long Revision => Current.Revision;

    /// <summary>Completes when this server sees a newer revision, by its own write or by following another's. Take it before asking for <see cref="Revision"/>.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Looks for what other servers wrote, and makes the newest registry the current one.</summary>
    internal async Task FollowAsync(CancellationToken cancel)
    {
        if (await NewestAsync(cancel) > Revision)
        {
            await using var reading = await ReadAsync(null, cancel);
        }
    }

    /// <summary>The newest revision of the database.</summary>
    public async ValueTask<long> NewestAsync(CancellationToken cancel)
    {
        await using var db = await database.OpenConnectionAsync(cancel);
        return await db.ExecuteScalarAsync<long>(Newest);
    }

    /// <summary>The newest revision that this server knows of; it asks the database only when somebody has seen a newer one elsewhere.</summary>
    public async ValueTask<long> AtLeastAsync(long least, CancellationToken cancel)
    {
        if (Seen < least)
        {
            See(await NewestAsync(cancel));
        }

        return Seen;
    }

    /// <summary>Opens a consistent view of one revision. Dispose it to end the transaction.</summary>
    /// <exception cref="RefusalException">The moment lies in the future.</exception>
    public async Task<Reading> ReadAsync(KnownAt? knownAt, CancellationToken cancel)
    {
        var db = await database.OpenConnectionAsync(cancel);
        DbTransaction? tx = null;
        try
        {
            if (knownAt is { Instant: { } settled })
            {
                await SettleAsync(db, settled, cancel);
            }

            tx = await db.BeginReadAsync(cancel);
            var newest = await db.ExecuteScalarAsync<long>(Newest, transaction: tx);
            var revision = knownAt switch
            {
                { Revision: { } asked } => asked <= newest ? asked : throw Refusal.NotYetKnown(newest),
                { Instant: { } instant } when instant > clock.GetUtcNow() => throw Refusal.NotYetKnown(newest),
                { Instant: { } instant } => await db.ExecuteScalarAsync<long>(RevisionAt, new { At = Change.Instant(instant) }, tx),
                _ => newest,
            };
            if (revision < newest)
            {
                await AtAsync(db, tx, newest); // earlier versions that are kept may have been redacted since
            }

            See(revision);
            return new Reading(db, tx, await AtAsync(db, tx, revision), newest);
        }
        catch
        {
            if (tx is not null)
            {
                await tx.DisposeAsync();
            }

            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A write has its instant before its commit. An instant later than the newest entry is answered once no such write is under way,
    /// or the same question would have another answer after the commit.
    /// </summary>
    private static async Task SettleAsync(DbConnection db, DateTimeOffset instant, CancellationToken cancel)
    {
        if (string.CompareOrdinal(Change.Instant(instant), await db.ExecuteScalarAsync<string>(LatestInstant)) >= 0)
        {
            await db.AwaitWriterAsync(cancel);
        }
    }

    /// <summary>The registry at a revision that the transaction sees.</summary>
    internal async Task<RegistryAt> AtAsync(DbConnection db, DbTransaction tx, long revision)
    {
        var current = Volatile.Read(ref _current);
        if (revision >= current.Revision)
        {
            return revision == current.Revision ? current : Publish(await FollowAsync(db, tx, current, revision));
        }

        lock (_earlierGate)
        {
            if (_earlier.FirstOrDefault(r => r.Registry.Revision == revision && r.Newest >= _redacted).Registry is { } kept)
            {
                return kept;
            }
        }

        var newest = await db.ExecuteScalarAsync<long>(Newest, transaction: tx);
        var earlier = Apply(RegistryAt.Empty, await db.QueryAsync<Row>(RecordsAt, new { Revision = revision }, tx), revision);
        lock (_earlierGate)
        {
            _earlier.Enqueue((earlier, newest));
            if (_earlier.Count > KeptEarlier)
            {
                _earlier.Dequeue();
            }
        }

        return earlier;
    }

    /// <summary>Remembers that a revision was shown or acknowledged.</summary>
    internal void See(long revision)
    {
        while (Volatile.Read(ref _seen) is var seen && seen < revision)
        {
            Interlocked.CompareExchange(ref _seen, revision, seen);
        }
    }

    /// <summary>Lets go of what was read before a redaction, whose value may be in it.</summary>
    /// <param name="redacted">The revision of the redaction.</param>
    internal void ForgetEarlier(long redacted)
    {
        lock (_earlierGate)
        {
            _redacted = Math.Max(_redacted, redacted);
            while (_earlier.TryPeek(out var oldest) && oldest.Newest < _redacted)
            {
                _earlier.Dequeue();
            }
        }
    }

    /// <summary>Makes a newer registry the current one; an older one changes nothing.</summary>
    internal RegistryAt Publish(RegistryAt registry)
    {
        while (Volatile.Read(ref _current) is var current && current.Revision < registry.Revision)
        {
            if (Interlocked.CompareExchange(ref _current, registry, current) == current)
            {
                Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            }
        }

        return registry;
    }

    private async Task<RegistryAt> FollowAsync(DbConnection db, DbTransaction tx, RegistryAt from, long revision)
    {
        // A redaction changes versions in their place, so that nothing newer would be found. With nothing in memory yet, all of it is read anyway.
        var redactions = from.Revision == 0 ? []
            : (await db.QueryAsync<Redaction>(RedactedSince, new { After = from.Revision, Revision = revision, Type = RedactRecord.ChangeType }, tx)).AsList();
        if (redactions.Count > 0)
        {
            ForgetEarlier(redactions[^1].Revision);
        }

        return redactions.Exists(r => r.Subject.StartsWith(Subjects.Of(RecordKind.Agreement, ""), StringComparison.Ordinal))
            ? Apply(RegistryAt.Empty, await db.QueryAsync<Row>(RecordsAt, new { Revision = revision }, tx), revision)
            : Apply(from, await db.QueryAsync<Row>(RecordsSince, new { After = from.Revision, Revision = revision }, tx), revision);
    }

    private static RegistryAt Apply(RegistryAt registry, IEnumerable<Row> rows, long revision)
    {
        foreach (var row in rows)
        {
            registry = Code.TryParse<RecordKind>(row.Kind, out var kind)
                ? registry.With(kind, row.Code, row.Data, row.Revision)
                : throw new InvalidDataException($"The database holds a record of the unknown kind '{row.Kind}'.");
        }

        return registry.At(revision);
    }

    private sealed record Redaction(long Revision, string Subject);

    private sealed record Row(string Kind, string Code, long Revision, string Data);
}

/// <summary>A view of one revision: the registry in memory, and a transaction for what is asked of the database.</summary>
public sealed class Reading(DbConnection db, DbTransaction transaction, RegistryAt registry, long newestRevision) : IRegistryView, IAsyncDisposable
{
    /// <summary>The connection; everything asked through it belongs to <see cref="Transaction"/>.</summary>
    public DbConnection Db => db;

    /// <summary>The read transaction.</summary>
    public DbTransaction Transaction => transaction;

    /// <summary>Everything but certificates, at the revision asked for.</summary>
    public RegistryAt Registry => registry;

    /// <summary>The revision asked for. Rows count when <c>recorded_from &lt;= Revision and (recorded_until is null or recorded_until &gt; Revision)</c>.</summary>
    public long Revision => registry.Revision;

    /// <summary>The newest revision of the database when the transaction began.</summary>
    public long NewestRevision => newestRevision;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await db.DisposeAsync();
    }
}
