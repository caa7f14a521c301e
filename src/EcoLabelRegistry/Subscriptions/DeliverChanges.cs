using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Delivers the log to subscribers: each in the order of the log, at least once, by one server of several.</summary>
/// <remarks>
/// A subscription is one place in the log and the delivery under way. Whoever delivers holds a lease on its row, which ends by itself when the server is lost.
/// What is yet to come is not stored: a subscriber that is away for long costs nothing but its place.
/// </remarks>
public sealed class DeliverChanges(
    DbDataSource database, Registries registries, SendDelivery send, RegistryOptions settings, TimeProvider clock, ILogger<DeliverChanges> log) : BackgroundService
{
    private const string Due = """
        select s.id, s.filter, s.after_revision as AfterRevision,
            (select count(*) from delivery d where d.subscription = s.id and d.state = 'pending') as Pending
        from subscription s
        where (s.resume_at is null or s.resume_at <= @Now)
            and (s.lease_holder is null or s.lease_holder = @Me or s.lease_until <= @Now)
        order by s.id
        """;

    private const string Lease = """
        update subscription set lease_holder = @Me, lease_until = @Until
        where id = @Id and (lease_holder is null or lease_holder = @Me or lease_until <= @Now)
        returning url, filter, secret, after_revision as AfterRevision
        """;

    private const string Release = "update subscription set lease_holder = null, lease_until = null where id = @Id and lease_holder = @Me";

    private const string OldestPending = """
        select revision, attempts from delivery
        where subscription = @Id and state = 'pending'
        order by revision
        limit 1
        """;

    private const string Advance = "update subscription set after_revision = @Revision where id = @Id and lease_holder = @Me and after_revision < @Revision";

    private const string PassOver = """
        update subscription set after_revision = @Revision
        where id = @Id and after_revision < @Revision and lease_holder is null
            and not exists (select 1 from delivery d where d.subscription = subscription.id and d.state = 'pending')
        """;

    private const string Insert = "insert into delivery (subscription, revision, state, attempts) values (@Id, @Revision, 'pending', 0)";

    private const string Wait = "update subscription set resume_at = @ResumeAt where id = @Id and lease_holder = @Me";

    private const string Record = """
        update delivery set state = @State, attempts = @Attempts, tried_at = @At, status = @Status, failure = @Failure
        where subscription = @Id and revision = @Revision
        """;

    private const string Forget = "delete from delivery where state = 'delivered' and tried_at < @Before";

    private const int PageLength = 100;
    private const int MostAtOnce = 32;
    private const int MostInOneGo = 100;
    private const int SkippedTogether = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AfterDefect = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KeptDelivered = TimeSpan.FromDays(30);
    private static readonly TimeSpan ForgetsEach = TimeSpan.FromHours(1);

    private readonly string _me = Guid.NewGuid().ToString("n");
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    // Up to where this server has found nothing for a subscription. Saves a write for each entry that concerns nobody.
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);
    private DateTimeOffset _forgotten;
    private string _lastStarted = "";
    private bool _isLost;

    private string Now => Change.Instant(clock.GetUtcNow());

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = registries.Next;
            try
            {
                await StartDueAsync(stoppingToken);
                await ForgetOldAsync();
                _isLost = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                if (!_isLost)
                {
                    log.LogWarning("Deliveries cannot be looked for at the moment, and this is tried again: {Cause}", failure.Message);
                }

                _isLost = true;
            }

            // The end of a wait is found by looking; many writes at once are one reason to look.
            await Task.WhenAny(next, Task.Delay(Pause, stoppingToken));
            await Task.WhenAny(Task.Delay(Breath, stoppingToken));
        }

        await Task.WhenAll(_running.Values);
    }

    private async Task StartDueAsync(CancellationToken cancel)
    {
        var skipped = new List<(string Id, long Revision)>();
        await FindDueAsync(skipped, cancel);
        foreach (var (id, revision) in skipped)
        {
            await using var db = await database.OpenConnectionAsync(cancel);
            await db.ExecuteAsync(PassOver, new { Id = id, Revision = revision });
        }
    }

    private async Task FindDueAsync(List<(string Id, long Revision)> skipped, CancellationToken cancel)
    {
        await using var reading = await registries.ReadAsync(null, cancel);
        var due = (await reading.Db.QueryAsync<DueRow>(Due, new { Now, Me = _me }, reading.Transaction)).AsList();
        foreach (var gone in _seen.Keys.Except(due.Select(row => row.Id), StringComparer.Ordinal).ToList())
        {
            _seen.Remove(gone);
        }

        var sieve = new SieveChanges(reading);

        // Where not all can run at once, those after the last one started come first: nobody is always the last.
        foreach (var row in due.Where(row => !_running.ContainsKey(row.Id)).OrderBy(row => string.CompareOrdinal(row.Id, _lastStarted) <= 0))
        {
            if (_running.Count >= MostAtOnce)
            {
                break;
            }

            if (row.Pending > 0 || await HasNewAsync(reading, sieve, row, skipped, cancel))
            {
                Start(row.Id, cancel);
                _lastStarted = row.Id;
            }
        }
    }

    /// <summary>Looks through what is new for a subscription: true when something concerns it, or there is so much that it is to be gone on with.</summary>
    private async Task<bool> HasNewAsync(Reading reading, SieveChanges sieve, DueRow row, List<(string Id, long Revision)> skipped, CancellationToken cancel)
    {
        var after = Math.Max(row.AfterRevision, _seen.GetValueOrDefault(row.Id));
        if (after >= reading.Revision)
        {
            return false;
        }

        var filter = RecordJson.Read<ChangeFilter>(row.Filter);
        var page = await ReadChanges.AfterAsync(reading.Db, reading.Transaction, after, reading.Revision, PageLength);
        foreach (var change in page)
        {
            cancel.ThrowIfCancellationRequested();
            if (await sieve.PassesAsync(change, filter))
            {
                return true;
            }
        }

        if (page.Count == PageLength)
        {
            return true; // the delivery itself goes through long stretches
        }

        _seen[row.Id] = reading.Revision;
        if (reading.Revision - row.AfterRevision >= SkippedTogether)
        {
            skipped.Add((row.Id, reading.Revision));
        }

        return false;
    }

    private void Start(string id, CancellationToken cancel)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[id] = RunAsync();
        start.SetResult();

        async Task RunAsync()
        {
            await start.Task; // so that it cannot end before it is known to run
            try
            {
                await DeliverAsync(id, cancel);
            }
            finally
            {
                _running.TryRemove(id, out _);
            }
        }
    }

    private async Task DeliverAsync(string id, CancellationToken cancel)
    {
        try
        {
            for (var i = 0; i < MostInOneGo && !cancel.IsCancellationRequested; i++)
            {
                if (await LeaseAsync(id) is not { } subscription || await NextAsync(id, subscription, cancel) is not { } next
                    || !await TryAsync(id, subscription, next, cancel))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The service stops. An attempt that was cut off is made again by whoever holds the lease next.
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or OperationCanceledException)
        {
            log.LogWarning("Subscription {Subscription} is delivered to later: {Cause}", id, failure.Message);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "Subscription {Subscription} could not be delivered to", id);
            await TryWriteAsync(id, Wait, new { Id = id, Me = _me, ResumeAt = Change.Instant(clock.GetUtcNow() + AfterDefect) });
        }
        finally
        {
            await TryWriteAsync(id, Release, new { Id = id, Me = _me });
        }
    }

    /// <summary>Takes the lease, or renews it: one attempt and what is written about it fit into it.</summary>
    private async Task<Subscription?> LeaseAsync(string id)
    {
        await using var db = await database.OpenConnectionAsync();
        var now = clock.GetUtcNow();
        var until = now + TimeSpan.FromSeconds(settings.Webhooks.LeaseSeconds + settings.Webhooks.TimeoutSeconds);
        return await db.QuerySingleOrDefaultAsync<Subscription>(Lease, new { Id = id, Me = _me, Now = Change.Instant(now), Until = Change.Instant(until) });
    }

    /// <summary>What is to be delivered next; null when nothing is, or the lease was lost.</summary>
    private async Task<Next?> NextAsync(string id, Subscription subscription, CancellationToken cancel)
    {
        var filter = RecordJson.Read<ChangeFilter>(subscription.Filter);
        for (var after = subscription.AfterRevision; ;)
        {
            var (next, isNew, last) = await FindAsync(id, filter, after, cancel);
            if (next is not null && !isNew)
            {
                return next;
            }

            if (last == after)
            {
                return null;
            }

            if (!await AdvanceAsync(id, last, insert: next is not null))
            {
                return null;
            }

            if (next is not null)
            {
                return next;
            }

            after = last;
        }
    }

    // The transaction ends before anything is written or sent.
    private async Task<(Next? Next, bool IsNew, long Last)> FindAsync(string id, ChangeFilter filter, long after, CancellationToken cancel)
    {
        await using var reading = await registries.ReadAsync(null, cancel);
        if (await reading.Db.QuerySingleOrDefaultAsync<Pending>(OldestPending, new { Id = id }, reading.Transaction) is { } pending)
        {
            var change = (await ReadChanges.AfterAsync(reading.Db, reading.Transaction, pending.Revision - 1, pending.Revision, 1)).Single();
            return (new(change, pending.Attempts), false, after);
        }

        var sieve = new SieveChanges(reading);
        foreach (var change in await ReadChanges.AfterAsync(reading.Db, reading.Transaction, after, reading.Revision, PageLength))
        {
            after = change.Revision;
            if (await sieve.PassesAsync(change, filter))
            {
                return (new(change, 0), true, after);
            }
        }

        return (null, true, after);
    }

    private async Task<bool> AdvanceAsync(string id, long revision, bool insert)
    {
        await using var db = await database.OpenConnectionAsync();
        await using var tx = await db.BeginTransactionAsync();
        var place = new { Id = id, Me = _me, Revision = revision };
        if (await db.ExecuteAsync(Advance, place, tx) == 0)
        {
            return false;
        }

        if (insert)
        {
            await db.ExecuteAsync(Insert, place, tx);
        }

        await tx.CommitAsync();
        return true;
    }

    /// <summary>Tries one delivery, and writes down how it went.</summary>
    /// <returns>True when the next may follow at once.</returns>
    private async Task<bool> TryAsync(string id, Subscription subscription, Next next, CancellationToken cancel)
    {
        var delivery = SubscriptionRows.DeliveryId(id, next.Change.Revision);
        var sent = await send.SendAsync(subscription.Url, subscription.Secret, delivery, next.Change, cancel);
        var attempts = next.Attempts + 1;
        var state = sent.Failure is null ? DeliveryState.Delivered : attempts < settings.Webhooks.Attempts ? DeliveryState.Pending : DeliveryState.Dead;
        var resumeAt = state == DeliveryState.Pending ? Change.Instant(clock.GetUtcNow() + WaitAfter(attempts)) : null;
        if (sent.Failure is { } failure)
        {
            log.LogInformation("Delivery {Delivery} failed ({Failure}, {Status}), attempt {Attempt}: {State}", delivery, Code.Of(failure), sent.Status, attempts, Code.Of(state));
        }

        await using var db = await database.OpenConnectionAsync(CancellationToken.None);
        await using var tx = await db.BeginTransactionAsync(CancellationToken.None);
        if (await db.ExecuteAsync(Wait, new { Id = id, Me = _me, ResumeAt = resumeAt }, tx) == 0)
        {
            return false; // ended meanwhile, or another server's by now, which makes the attempt again
        }

        await db.ExecuteAsync(Record, new
        {
            Id = id,
            next.Change.Revision,
            State = Code.Of(state),
            Attempts = attempts,
            At = Now,
            sent.Status,
            Failure = sent.Failure is { } why ? Code.Of(why) : null,
        }, tx);
        await tx.CommitAsync(CancellationToken.None);
        return state != DeliveryState.Pending;
    }

    /// <summary>How long to wait after so many attempts: twice as long each time up to the longest, and of that a random part from half to all, so that many do not come at once.</summary>
    private TimeSpan WaitAfter(long attempts)
    {
        var longest = Math.Min(settings.Webhooks.LongestRetrySeconds, settings.Webhooks.FirstRetrySeconds * Math.Pow(2, attempts - 1));
#pragma warning disable CA5394 // Nothing secret hangs on it.
        return TimeSpan.FromSeconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }

    private async Task ForgetOldAsync()
    {
        var now = clock.GetUtcNow();
        if (now - _forgotten < ForgetsEach)
        {
            return;
        }

        await using var db = await database.OpenConnectionAsync();
        await db.ExecuteAsync(Forget, new { Before = Change.Instant(now - KeptDelivered) });
        _forgotten = now;
    }

    private async Task TryWriteAsync(string id, string sql, object parameters)
    {
        try
        {
            await using var db = await database.OpenConnectionAsync();
            await db.ExecuteAsync(sql, parameters);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or InvalidOperationException)
        {
            log.LogWarning("The lease on subscription {Subscription} stays until it ends by itself: {Cause}", id, failure.Message);
        }
    }

    // By members, not by a constructor: SQLite tells the type of a counted column only by its first row, and often there is none.
    private sealed record DueRow
    {
        public required string Id { get; init; }

        public required string Filter { get; init; }

        public required long AfterRevision { get; init; }

        public required long Pending { get; init; }
    }

    private sealed record Subscription(string Url, string Filter, string Secret, long AfterRevision);

    private sealed record Pending(long Revision, long Attempts);

    private sealed record Next(Change Change, long Attempts);
}
