using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>The one way in which anything is written: one write, one revision, one entry in the hash-chained log, in one transaction.</summary>
public sealed class ChangeLog(DbDataSource database, Registries registries, Snapshots snapshots, TimeProvider clock) : IDisposable
{
    // Taking the next revision locks the one row of the registry (SQLite: the whole database) until the commit. This is what orders writers.
    private const string NextRevision = "update registry set revision = revision + 1 returning revision";

    private const string LastEntry = "select at, hash from change where revision = @Revision";

    private readonly SemaphoreSlim _oneWriter = new(1, 1);
    private readonly AsyncLocal<Batch?> _batch = new();

    /// <summary>Runs one write. What it throws undoes all of it; if it appends nothing, nothing is written.</summary>
    /// <returns>What <paramref name="work"/> returned, after the commit (inside a batch: before it).</returns>
    public async Task<T> WriteAsync<T>(Func<Write, Task<T>> work, CancellationToken cancel)
    {
        if (_batch.Value is { } batch)
        {
            return await RunAsync(batch, work);
        }

        T result = default!;
        await BatchAsync(async () => result = await RunAsync(_batch.Value!, work), cancel);
        return result;
    }

    /// <summary>Runs one write that its actor may make: asked again under the write lock, so that nothing changes in between.</summary>
    public Task<T> WriteAsync<T>(IWriteRequest request, Func<Write, Task<T>> work, CancellationToken cancel) => WriteAsync(
        async write =>
        {
            await request.DemandAsync(write);
            return await work(write);
        },
        cancel);

    /// <summary>Looks at the registry as it stands: inside a batch as the batch has left it.</summary>
    public async Task LookAsync(Func<IRegistryView, ValueTask> look, CancellationToken cancel)
    {
        if (_batch.Value is { } batch)
        {
            await look(batch);
            return;
        }

        await using var reading = await registries.ReadAsync(null, cancel);
        await look(reading);
    }

    /// <summary>True inside a batch: what is written there is seen by its own connection alone, until the batch commits.</summary>
    public bool IsBatching => _batch.Value is not null;

    /// <summary>Writes rows that belong to no revision, such as how far an import is, in a transaction of their own and in turn with the other writers.</summary>
    public async Task<T> BesideAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancel)
    {
        await _oneWriter.WaitAsync(cancel);
        try
        {
            await using var db = await database.OpenConnectionAsync(cancel);
            await using var tx = await db.BeginTransactionAsync(cancel);
            var result = await work(db, tx);
            await tx.CommitAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <summary>Runs several writes, each with a revision and an entry of its own, that commit together or not at all.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="cancel">Ends the wait for other writers; once they commit, they commit.</param>
    /// <param name="isPatient">Waits on PostgreSQL for other writers as long as it takes; else not longer than any command may take.</param>
    public async Task BatchAsync(Func<Task> writes, CancellationToken cancel, bool isPatient = false)
    {
        if (await CommitAsync(writes, isPatient, cancel) is { } revision)
        {
            await snapshots.FollowOwnAsync(revision);
            registries.See(revision);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _oneWriter.Dispose();

    /// <returns>The newest revision written; null when nothing was.</returns>
    private async Task<long?> CommitAsync(Func<Task> writes, bool isPatient, CancellationToken cancel)
    {
        await _oneWriter.WaitAsync(cancel);
        try
        {
            await using var db = await database.OpenConnectionAsync(cancel);
            await using var tx = await db.BeginTransactionAsync(cancel);
            var revision = await db.ExecuteScalarAsync<long>(
                new CommandDefinition(NextRevision, transaction: tx, commandTimeout: isPatient ? 0 : null, cancellationToken: cancel)) - 1;
            var last = await db.QuerySingleOrDefaultAsync<Last>(LastEntry, new { Revision = revision }, tx) ?? new Last("", Change.NoHash);
            var batch = new Batch(db, tx, await registries.AtAsync(db, tx, revision), last);
            _batch.Value = batch;
            await writes();
            if (batch.IsBroken)
            {
                throw new InvalidOperationException("A refused write inside a batch undoes the batch; its refusal must not be swallowed.");
            }

            if (batch.Registry.Revision == revision && !batch.HasKeptAnswer)
            {
                return null;
            }

            await db.ExecuteAsync("update registry set revision = @Revision", new { batch.Registry.Revision }, tx);
            await db.AnnounceAsync(tx);
            await tx.CommitAsync(CancellationToken.None); // a caller that gives up now could not know what became of the write
            registries.Publish(batch.Registry);
            return batch.Registry.Revision;
        }
        finally
        {
            _batch.Value = null;
            _oneWriter.Release();
        }
    }

    private async Task<T> RunAsync<T>(Batch batch, Func<Write, Task<T>> work)
    {
        // Later than every instant that anybody can have asked about so far: an instant is written to the microsecond, cut off.
        var now = Change.Instant(clock.GetUtcNow().AddMicroseconds(1));
        var at = string.CompareOrdinal(now, batch.Last.At) > 0 ? now : batch.Last.At;
        var write = new Write(batch.Db, batch.Transaction, batch.Registry, at, batch.Last.Hash);
        T result;
        try
        {
            if (IdempotentRequest.Current is { } once)
            {
                if (await once.FindAsync(batch.Db, batch.Transaction, clock.GetUtcNow()) is { } stored)
                {
                    return stored.Result<T>();
                }

                result = await work(write);
                await once.KeepAsync(batch.Db, batch.Transaction, clock.GetUtcNow(), null, result is IShownOnce ? null : RecordJson.Text(result));
                batch.HasKeptAnswer = true;
            }
            else
            {
                result = await work(write);
            }
        }
        catch
        {
            batch.IsBroken = true;
            throw;
        }

        if (write.Appended is { } hash)
        {
            batch.Registry = write.Registry.At(write.Revision);
            batch.Last = new Last(at, hash);
        }
        else if (write.IsDirty)
        {
            throw new InvalidOperationException("A write changed rows and appended no entry to the log.");
        }

        return result;
    }

    private sealed record Last(string At, string Hash);

    private sealed class Batch(DbConnection db, DbTransaction transaction, RegistryAt registry, Last last) : IRegistryView
    {
        public DbConnection Db => db;

        public DbTransaction Transaction => transaction;

        public RegistryAt Registry { get; set; } = registry;

        public Last Last { get; set; } = last;

        public bool IsBroken { get; set; }

        public bool HasKeptAnswer { get; set; }
    }
}

/// <summary>One write in progress, under the write lock: what stands now, and how to add to it.</summary>
public sealed class Write(DbConnection db, DbTransaction transaction, RegistryAt registry, string at, string previousHash) : IRegistryView
{
    private const string CloseRecord = """
        update record set recorded_until = @Revision
        where kind = @Kind and code = @Code and recorded_until is null
        """;

    private const string InsertRecord = """
        insert into record (kind, code, recorded_from, data)
        values (@Kind, @Code, @Revision, @Data)
        """;

    private const string InsertChange = """
        insert into change (revision, at, actor, type, subject, data, salts, digest, previous_hash, hash)
        values (@Revision, @At, @Actor, @Type, @Subject, @Data, @Salts, @Digest, @PreviousHash, @Hash)
        """;

    /// <summary>The connection; everything done through it belongs to <see cref="Transaction"/>.</summary>
    public DbConnection Db => db;

    /// <summary>The write transaction.</summary>
    public DbTransaction Transaction => transaction;

    /// <summary>Everything but certificates as it stands, this write's own records included.</summary>
    public RegistryAt Registry { get; private set; } = registry;

    /// <summary>The revision that this write makes.</summary>
    public long Revision { get; } = registry.Revision + 1;

    /// <summary>The instant of this write.</summary>
    public string At => at;

    /// <summary>The hash of the entry, once appended.</summary>
    internal string? Appended { get; private set; }

    /// <summary>True once rows were changed.</summary>
    internal bool IsDirty { get; private set; }

    /// <summary>Writes a new version of a record; the one before stays readable at its revisions.</summary>
    public async Task PutAsync<T>(RecordKind kind, string code, T entry)
    {
        IsDirty = true;
        var row = new { Kind = Code.Of(kind), Code = code, Revision, Data = RecordJson.Text(entry) };
        await db.ExecuteAsync(CloseRecord, row, transaction);
        await db.ExecuteAsync(InsertRecord, row, transaction);
        Registry = Registry.With(kind, code, row.Data, Revision);
    }

    /// <summary>Changes rows of certificates.</summary>
    public async Task ExecuteAsync(string sql, object parameters)
    {
        IsDirty = true;
        await db.ExecuteAsync(sql, parameters, transaction);
    }

    /// <summary>Adds rows of certificates, or those of a register to the log. The entry's data carries the digest of the latter.</summary>
    /// <returns>How many.</returns>
    public async Task<long> AddAsync(string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows, CancellationToken cancel)
    {
        IsDirty = true;
        return await BulkRows.AddAsync(db, transaction, table, columns, rows, cancel);
    }

    /// <summary>Appends the one entry of this write.</summary>
    public async Task AppendAsync(Actor actor, string type, string subject, JsonNode data)
    {
        if (Appended is not null)
        {
            throw new InvalidOperationException("One write has one entry in the log.");
        }

        var salts = PersonalData.Salt(data);
        var digest = PersonalData.Digest(data, salts)!;
        var hash = Change.HashOf(previousHash, Revision, at, actor.Code, type, subject, digest);
        await db.ExecuteAsync(InsertChange, new
        {
            Revision,
            At = at,
            Actor = actor.Code,
            Type = type,
            Subject = subject,
            Data = CanonicalJson.Text(data),
            Salts = CanonicalJson.Text(salts),
            Digest = digest,
            PreviousHash = previousHash,
            Hash = hash,
        }, transaction);
        Appended = hash;
    }
}
