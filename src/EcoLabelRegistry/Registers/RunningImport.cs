using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Registers;

/// <summary>The turn of one import: while it runs, no other import of its scheme does, on any server; and everybody can see how far it is.</summary>
/// <remarks>
/// The turn is a row of the database that is renewed every few seconds. A server that crashes renews it no more, and after <see cref="Lease"/> the
/// next import takes over. Whoever lost the turn without knowing, because it was stopped for so long, finds out in the transaction that applies: it must end its own row there.
/// </remarks>
internal sealed class RunningImport : IAsyncDisposable
{
    /// <summary>How long a turn lasts without a sign of life. Clocks of servers on one database must agree far better than that.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How often a sign of life is given.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>How long what is known of an import is kept after its start.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const string EndStale = """
        update register_import set state = @Interrupted, ended_at = @Now, version = version + 1
        where ended_at is null and seen_at < @Stale
        """;

    private const string ForgetReports = "delete from import_report where import in (select id from register_import where ended_at < @Old)";

    private const string ForgetOld = "delete from register_import where ended_at < @Old";

    private const string Begin = """
        insert into register_import (id, scheme, kind, actor, state, version, started_at, seen_at, received, checked, created, updated, unchanged, withdrawn, rejected)
        values (@Id, @Scheme, @Kind, @Actor, @State, 1, @Now, @Now, 0, 0, 0, 0, 0, 0, 0)
        on conflict do nothing
        """;

    private const string Running = "select id, seen_at as SeenAt from register_import where scheme = @Scheme and ended_at is null";

    private const string Renew = """
        update register_import
        set state = @State, seen_at = @Now, received = @Received, checked = @Checked, version = version + 1
        where id = @Id and ended_at is null
        """;

    private const string End = """
        update register_import
        set state = @State, seen_at = @Now, ended_at = @Now, received = @Received, checked = @Checked, created = @Created, updated = @Updated,
            unchanged = @Unchanged, withdrawn = @Withdrawn, rejected = @Rejected, revision = @Revision, problem = @Problem, version = version + 1
        where id = @Id and ended_at is null
        """;

    private const string AddReport = "insert into import_report (import, data) values (@Id, @Data)";

    private readonly DbDataSource _database;
    private readonly ChangeLog _log;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _showing = new(1);
    private readonly Task _beating;
    private ImportState _state = ImportState.Receiving;

    private RunningImport(string id, DbDataSource database, ChangeLog log, TimeProvider clock)
    {
        (Id, _database, _log, _clock) = (id, database, log, clock);
        _beating = Task.Run(BeatAsync);
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>How far it is.</summary>
    public ImportCounts Counts { get; } = new();

    /// <summary>Takes the turn.</summary>
    /// <exception cref="RefusalException">Another import of the scheme is running.</exception>
    public static async Task<RunningImport> BeginAsync(
        ImportRegister.Request request, DbDataSource database, ChangeLog log, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var row = new
        {
            Id = request.Import ?? Guid.CreateVersion7(now).ToString(),
            request.Scheme,
            Kind = Code.Of(request.Kind),
            Actor = request.Actor.Code,
            State = Code.Of(ImportState.Receiving),
            Interrupted = Code.Of(ImportState.Interrupted),
            Now = Change.Instant(now),
            Stale = Change.Instant(now - Lease),
            Old = Change.Instant(now - Kept),
        };
        var other = await log.BesideAsync(
            async (db, tx) =>
            {
                await db.ExecuteAsync(EndStale, row, tx);
                await db.ExecuteAsync(ForgetReports, row, tx);
                await db.ExecuteAsync(ForgetOld, row, tx);
                return await db.ExecuteAsync(Begin, row, tx) > 0 ? null : await db.QuerySingleOrDefaultAsync<Other>(Running, row, tx) ?? new Other("?", row.Now);
            },
            cancel);
        return other is null
            ? new RunningImport(row.Id, database, log, clock)
            : throw new RefusalException(ProblemCode.ImportRunning, new Message("refusal.import-running", other.Id)) { RetryAfter = Lease };
    }

    /// <summary>Goes on to another state, and shows it.</summary>
    public Task EnterAsync(ImportState state)
    {
        _state = state;
        return ShowAsync();
    }

    /// <summary>Ends the turn together with what the import writes.</summary>
    /// <exception cref="RefusalException">The turn was lost: this server was silent for so long that another import could begin.</exception>
    public async Task EndAsync(DbConnection db, DbTransaction transaction, ImportRegister.Response answer, ImportReport? report)
    {
        if (await EndAsync(db, transaction, Ending(ImportState.Done, answer, null), report) == 0)
        {
            throw new RefusalException(ProblemCode.ImportRunning, new Message("refusal.import-lost"));
        }
    }

    /// <summary>Ends the turn of an import that found nothing to write, or was only tried.</summary>
    public Task EndAsync(ImportRegister.Response answer, ImportState state, ImportReport? report) => EndBesideAsync(Ending(state, answer, null), report);

    /// <summary>Ends the turn of an import that came to nothing.</summary>
    /// <param name="refusal">Why it was refused; null when it was interrupted.</param>
    /// <param name="report">What was wrong with it.</param>
    public async Task GiveUpAsync(RefusalException? refusal, ImportReport? report)
    {
        try
        {
            await EndBesideAsync(Ending(refusal is null ? ImportState.Interrupted : ImportState.Refused, null, refusal), report);
        }
        catch (DbException)
        {
            // The database is away, which is why it came to nothing. The turn ends with its lease.
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
        _showing.Dispose();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await ShowAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The import is over.
        }
    }

    // One after the other: a beat that has read the state before must not write it after.
    private async Task ShowAsync()
    {
        await _showing.WaitAsync(_stop.Token);
        try
        {
            await using var db = await _database.OpenConnectionAsync(_stop.Token);
            await db.ExecuteAsync(new CommandDefinition(
                Renew,
                new { Id, State = Code.Of(_state), Now = Change.Instant(_clock.GetUtcNow()), Counts.Received, Counts.Checked },
                commandTimeout: 1));
        }
#pragma warning disable CA1031 // whatever hinders a sign of life, the import itself goes on
        catch (Exception failure) when (failure is not OperationCanceledException || !_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Somebody writes, or the database is away: the next sign of life tells, and nothing is lost before the lease is over.
        }
        finally
        {
            _showing.Release();
        }
    }

    private Task<int> EndBesideAsync(object ending, ImportReport? report) =>
        _log.BesideAsync((db, tx) => EndAsync(db, tx, ending, report), CancellationToken.None);

    private async Task<int> EndAsync(DbConnection db, DbTransaction transaction, object ending, ImportReport? report)
    {
        var ended = await db.ExecuteAsync(End, ending, transaction);
        if (ended > 0 && report is not null)
        {
            await db.ExecuteAsync(AddReport, new { Id, Data = report.ToJson() }, transaction);
        }

        return ended;
    }

    private object Ending(ImportState state, ImportRegister.Response? answer, RefusalException? refusal) => new
    {
        Id,
        State = Code.Of(state),
        Now = Change.Instant(_clock.GetUtcNow()),
        Received = answer?.Received ?? Counts.Received,
        Counts.Checked,
        Created = answer?.Created ?? 0,
        Updated = answer?.Updated ?? 0,
        Unchanged = answer?.Unchanged ?? 0,
        Withdrawn = answer?.Withdrawn ?? 0,
        Rejected = answer?.RejectedTotal ?? refusal?.RejectedTotal ?? 0,
        Revision = state == ImportState.Tried || answer is { Created: 0, Updated: 0, Withdrawn: 0 } ? null : answer?.Revision,
        Problem = refusal is null ? null : Code.Of(refusal.ProblemCode),
    };

    private sealed record Other(string Id, string SeenAt);
}
