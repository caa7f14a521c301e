using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Wakes whoever follows the log: at once for a write of this server, within half a second for another's.</summary>
/// <remarks>However many listen, the database is asked one small question each half second, and none while nobody listens.</remarks>
public sealed class NewRevisions(Registries registries, ILogger<NewRevisions> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private int _listeners;

    /// <summary>How many listen.</summary>
    internal int Listeners => Volatile.Read(ref _listeners);

    /// <summary>Listens until it is disposed: so long, what other servers write is looked for.</summary>
    public IDisposable Listen() => new Listener(this);

    /// <summary>Waits for a revision later than one.</summary>
    /// <param name="after">The revision that is known.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>False when none came in that time.</returns>
    public async Task<bool> WaitAsync(long after, TimeSpan atMost, CancellationToken cancel)
    {
        try
        {
            for (var next = registries.Next; registries.Revision <= after; next = registries.Next)
            {
                await next.WaitAsync(atMost, cancel);
            }

            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        var lost = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (Listeners > 0)
                {
                    lost = await TryFollowAsync(lost, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the service.
        }
    }

    private async Task<bool> TryFollowAsync(bool wasLost, CancellationToken cancel)
    {
        try
        {
            if (await registries.NewestAsync(cancel) > registries.Revision)
            {
                await using var reading = await registries.ReadAsync(null, cancel);
            }

            return false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (!wasLost)
            {
                log.LogWarning("The log cannot be followed at the moment, and is tried again: {Cause}", failure.Message);
            }

            return true;
        }
    }

    private sealed class Listener : IDisposable
    {
        private readonly NewRevisions _revisions;

        public Listener(NewRevisions revisions)
        {
            _revisions = revisions;
            Interlocked.Increment(ref revisions._listeners);
        }

        public void Dispose() => Interlocked.Decrement(ref _revisions._listeners);
    }
}
