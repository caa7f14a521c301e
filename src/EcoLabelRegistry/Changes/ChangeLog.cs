using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>The one way in which anything is written: one write, one revision, one entry in the hash-chained log, in one transaction.</summary>
/// <remarks>
/// Writes that wait for each other share a commit: one loop runs them in the open transaction, one after the other, and commits when nobody waits any more.
/// None is acknowledged before that commit; one that is refused is undone alone.
/// </remarks>
public sealed class ChangeLog(DbDataSource database, Registries registries, Snapshots snapshots, TimeProvider clock) : IDisposable
{
    // Taking the next revision locks the one row of the registry (SQLite: the whole database) until the commit. This is what orders writers.
    private const string NextRevision = "update registry set revision = revision + 1 returning revision";

    private const string LastEntry = "select at, hash from change where revision = @Revision";

    // The first of them waits for the last, and other servers wait for all.
    private const int MostInOneCommit = 64;

    private const string Savepoint = "before_this_write";

    private readonly WriterQueue _writers = new();
    private readonly AsyncLocal<Batch?> _batch = new();
    private SharedCommit? _open; // the loop alone touches it, and what is kept
    private DbConnection? _kept;

    /// <summary>How many wait to write on this server.</summary>
    internal int Waiting => _writers.Waiting;

    /// <summary>Closes the connection that is kept for writing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _kept, null)?.Dispose();

    /// <summary>Runs one write. What it throws undoes all of it; if it appends nothing, nothing is written.</summary>
    /// <param name="work">The write.</param>
    /// <param name="cancel">Ends the wait for other writers; once it commits, it commits.</param>
    /// <param name="isLong">Shares its commit with nobody, so that nobody waits for it who need not.</param>
    /// <returns>What <paramref name="work"/> returned, after the commit (inside a batch: before it).</returns>
    public async Task<T> WriteAsync<T>(Func<Write, Task<T>> work, CancellationToken cancel, bool isLong = false)
    {
        if (_batch.Value is { } batch)
        {
            return await RunAsync(batch, work);
        }

        T result = default!;
        await CommitAsync(async () => result = await RunAsync(_batch.Value!, work), isAlone: isLong, isPatient: false, cancel);
        return result;
    }

    /// <summary>Runs one write that its actor may make: asked again under the write lock, as is his key, so that nothing changes in between.</summary>
    /// <param name="request">What its actor demands.</param>
    /// <param name="work">The write.</param>
    /// <param name="cancel">Ends the wait for other writers; once it commits, it commits.</param>
    /// <param name="isLong">Shares its commit with nobody, so that nobody waits for it who need not.</param>
    public Task<T> WriteAsync<T>(IWriteRequest request, Func<Write, Task<T>> work, CancellationToken cancel, bool isLong = false) => WriteAsync(
        async write =>
        {
            await FindCaller.DemandStillAsync(request.Actor, write);
            await request.DemandAsync(write);
            return await work(write);
        },
        cancel,
        isLong);

    /// <summary>Refuses a request that is not its actor's to make, as far as can be seen without a turn to write.</summary>
    /// <remarks>
    /// Records in memory may be behind another server's by a moment. So they let through, which is judged again under the write lock, and never refuse: a
    /// refusal is the database's.
    /// </remarks>
    public async Task DemandAsync(IWriteRequest request, CancellationToken cancel)
    {
        if (_batch.Value is not null || request is not IOwnedByRecords owned || !Passes(owned))
        {
            await LookAsync(request.DemandAsync, cancel);
        }

        bool Passes(IOwnedByRecords asked)
        {
            try
            {
                asked.Demand(registries.Current);
                return true;
            }
            catch (RefusalException)
            {
                return false;
            }
        }
    }

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
        T result = default!;
        await TakeTurnAsync(new Writer(async () => result = await WriteBesideAsync(work, cancel), isAlone: true, cancel) { IsBeside = true });
        return result;
    }

    /// <summary>Runs several writes, each with a revision and an entry of its own, that commit together or not at all.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="cancel">Ends the wait for other writers; once they commit, they commit.</param>
    /// <param name="isPatient">Waits on PostgreSQL for other writers as long as it takes; else not longer than any command may take.</param>
    public Task BatchAsync(Func<Task> writes, CancellationToken cancel, bool isPatient = false) => CommitAsync(writes, isAlone: true, isPatient, cancel);

    /// <summary>Runs writes and undoes them: what would become of the registry. What would be refused is refused.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="cancel">Ends the wait for other writers.</param>
    /// <returns>The registry as it stands, and as it would be. The latter belongs to no revision: it is for looking at.</returns>
    public async Task<(RegistryAt Now, RegistryAt Then)> ForeseeAsync(Func<Task> writes, CancellationToken cancel)
    {
        var (now, then) = (RegistryAt.Empty, RegistryAt.Empty);
        try
        {
            await BatchAsync(
                async () =>
                {
                    now = _batch.Value!.Registry;
                    await writes();
                    then = _batch.Value.Registry;
                    throw new ForeseenException();
                },
                cancel);
        }
        catch (ForeseenException)
        {
            // That is what undoes it.
        }

        return (now, then);
    }

    /// <summary>Takes a turn, writes, and returns after the commit, whoever else is in it.</summary>
    private Task CommitAsync(Func<Task> writes, bool isAlone, bool isPatient, CancellationToken cancel) =>
        TakeTurnAsync(new Writer(writes, isAlone, cancel) { IsPatient = isPatient });

    private Task TakeTurnAsync(Writer writer)
    {
        writer.Cancel.ThrowIfCancellationRequested();
        if (!_writers.Enter(writer))
        {
            ThreadPool.UnsafeQueueUserWorkItem(log => _ = log.RunWritersAsync(), this, preferLocal: false);
        }

        return writer.DoneAsync();
    }

    /// <summary>Runs those who wait, one after the other, and commits when nobody is left or enough have written. It never throws.</summary>
    private async Task RunWritersAsync()
    {
        while (true)
        {
            if (_writers.Next(isLast: _open is null) is not { } writer)
            {
                if (_open is null)
                {
                    return;
                }

                await CloseAsync();
                continue;
            }

            if (writer.IsAlone)
            {
                await CloseAsync();
            }

            await RunAsync(writer);
            if (writer.IsAlone || _open?.Writers.Count >= MostInOneCommit)
            {
                await CloseAsync();
            }
        }
    }

    private async Task RunAsync(Writer writer)
    {
        try
        {
            if (writer.IsBeside)
            {
                await writer.RunAsync(writer.Writes);
                writer.End(null);
                return;
            }

            _open ??= await OpenAsync(writer);
        }
        catch (Exception failure)
        {
            writer.End(failure);
            return;
        }

        var shared = _open;
        shared.Writers.Add(writer);
        await writer.RunAsync(() => JoinAsync(shared, writer));
    }

    private async Task<T> WriteBesideAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancel)
    {
        var db = await ConnectAsync(cancel);
        var isWhole = false;
        try
        {
            await using var tx = await db.BeginTransactionAsync(cancel);
            var result = await work(db, tx);
            await tx.CommitAsync(CancellationToken.None);
            isWhole = true;
            return result;
        }
        finally
        {
            await LetGoAsync(db, isWhole);
        }
    }

    private async Task<SharedCommit> OpenAsync(Writer writer)
    {
        var db = writer.IsAlone ? await database.OpenConnectionAsync(writer.Cancel) : await ConnectAsync(writer.Cancel);
        DbTransaction? tx = null;
        try
        {
            tx = await db.BeginTransactionAsync(writer.Cancel);
            var revision = await db.ExecuteScalarAsync<long>(
                new CommandDefinition(NextRevision, transaction: tx, commandTimeout: writer.IsPatient ? 0 : null, cancellationToken: writer.Cancel)) - 1;
            var last = await db.QuerySingleOrDefaultAsync<Last>(LastEntry, new { Revision = revision }, tx) ?? new Last("", Change.NoHash);
            return new SharedCommit(db, tx, await registries.AtAsync(db, tx, revision), last);
        }
        catch
        {
            if (tx is not null)
            {
                await tx.DisposeAsync();
            }

            await LetGoAsync(db, isWhole: false);
            throw;
        }
    }

    /// <summary>The connection that all short writes go through. One whose transaction has failed is replaced.</summary>
    private async ValueTask<DbConnection> ConnectAsync(CancellationToken cancel) =>
        Interlocked.Exchange(ref _kept, null) ?? await database.OpenForWritingAsync(cancel);

    private async ValueTask LetGoAsync(DbConnection db, bool isWhole)
    {
        if (isWhole && db is WriteConnection)
        {
            _kept = db;
        }
        else
        {
            await db.DisposeAsync();
        }
    }

    /// <summary>Writes into the open transaction. What throws is undone, and only that.</summary>
    private async Task JoinAsync(SharedCommit shared, Writer writer)
    {
        var isFirst = shared.Writers.Count == 1;
        var batch = new Batch(shared.Db, shared.Transaction, shared.Registry, shared.Last);
        try
        {
            if (!isFirst)
            {
                await shared.Transaction.SaveAsync(Savepoint);
            }

            _batch.Value = batch;
            await writer.Writes();
            if (batch.IsBroken)
            {
                throw new InvalidOperationException("A refused write inside a batch undoes the batch; its refusal must not be swallowed.");
            }

            if (!isFirst)
            {
                await shared.Transaction.ReleaseAsync(Savepoint);
            }

            shared.Add(batch);
        }
        catch (Exception failure)
        {
            writer.Refused = failure;
            if (isFirst)
            {
                await EndAsync(shared);
            }
            else
            {
                await UndoAsync(shared);
            }
        }
        finally
        {
            _batch.Value = null;
        }
    }

    private async Task UndoAsync(SharedCommit shared)
    {
        try
        {
            await shared.Transaction.RollbackAsync(Savepoint);
            await shared.Transaction.ReleaseAsync(Savepoint);
        }
        catch (Exception failure)
        {
            await EndAsync(shared, failure); // the engine has given up the whole transaction (disk full, connection lost)
        }
    }

    /// <summary>Commits what is open, if anything is. A failure is told to those who wrote there, and to nobody else.</summary>
    private async Task CloseAsync()
    {
        if (_open is not { } shared)
        {
            return;
        }

        try
        {
            if (shared.HasWritten)
            {
                var (db, tx, registry) = (shared.Db, shared.Transaction, shared.Registry);
                await db.ExecuteAsync("update registry set revision = @Revision", new { registry.Revision }, tx);
                await db.AnnounceAsync(tx);
                await tx.CommitAsync(CancellationToken.None); // a caller that gives up now could not know what became of the write
                registries.Publish(registry);
            }
        }
        catch (Exception failure)
        {
            await EndAsync(shared, failure);
            return;
        }

        await EndAsync(shared);
    }

    /// <summary>Ends a transaction that was committed, or is to be undone, and tells those who wrote there, refusals too: they may rest on what others wrote in it.</summary>
    private async Task EndAsync(SharedCommit shared, Exception? failure = null)
    {
        _open = null;
        var isWhole = failure is null;
        try
        {
            await shared.Transaction.DisposeAsync();
        }
        catch (Exception lost) when (lost is DbException or InvalidOperationException or IOException)
        {
            isWhole = false; // what became of the transaction is known already; that it cannot even be ended adds nothing
        }

        try
        {
            await LetGoAsync(shared.Db, isWhole);
        }
        catch (Exception lost) when (lost is DbException or InvalidOperationException or IOException)
        {
            // Nor does a connection that cannot be closed.
        }

        if (failure is null && shared.HasWritten)
        {
            _ = AcknowledgeAsync(shared); // the next may write meanwhile
            return;
        }

        shared.Writers.ForEach(w => w.End(failure));
    }

    // Whoever has written finds what he wrote, whatever he asks next.
    private async Task AcknowledgeAsync(SharedCommit shared)
    {
        await Task.Yield();
        try
        {
            await snapshots.FollowOwnAsync(shared.Registry.Revision);
        }
        finally
        {
            registries.See(shared.Registry.Revision);
            shared.Writers.ForEach(w => w.End(null));
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

    private sealed class ForeseenException : Exception;

    /// <summary>A transaction in which several write, one after the other.</summary>
    private sealed class SharedCommit(DbConnection db, DbTransaction transaction, RegistryAt registry, Last last)
    {
        private readonly long _from = registry.Revision;
        private bool _hasKeptAnswer;

        public DbConnection Db => db;

        public DbTransaction Transaction => transaction;

        /// <summary>As the last of them has left it.</summary>
        public RegistryAt Registry { get; private set; } = registry;

        public Last Last { get; private set; } = last;

        /// <summary>Those who had their turn in it, the refused ones too.</summary>
        public List<Writer> Writers { get; } = [];

        public bool HasWritten => Registry.Revision != _from || _hasKeptAnswer;

        public void Add(Batch batch)
        {
            (Registry, Last) = (batch.Registry, batch.Last);
            _hasKeptAnswer |= batch.HasKeptAnswer;
        }
    }

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

    /// <summary>Takes a version of a record into view that was changed in its place, which only a redaction does.</summary>
    /// <param name="kind">The kind of record.</param>
    /// <param name="code">Its code.</param>
    /// <param name="data">What is left of it.</param>
    /// <param name="revision">The revision that wrote the version.</param>
    public void Reread(RecordKind kind, string code, string data, long revision) =>
        Registry = Registry.With(kind, code, data, revision).At(Registry.Revision);

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

    /// <summary>Appends the one entry of this write. Its data is used up.</summary>
    public async Task AppendAsync(Actor actor, string type, string subject, JsonNode data)
    {
        if (Appended is not null)
        {
            throw new InvalidOperationException("One write has one entry in the log.");
        }

        var entry = PersonalData.Seal(data);
        var hash = Change.HashOf(previousHash, Revision, at, actor.Code, type, subject, entry.Digest);
        await db.ExecuteAsync(InsertChange, new
        {
            Revision,
            At = at,
            Actor = actor.Code,
            Type = type,
            Subject = subject,
            entry.Data,
            entry.Salts,
            entry.Digest,
            PreviousHash = previousHash,
            Hash = hash,
        }, transaction);
        Appended = hash;
    }
}
