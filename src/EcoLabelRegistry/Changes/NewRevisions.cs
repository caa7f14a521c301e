using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Wakes whoever follows the log: at once for a write of this server, within half a second for another's.</summary>
/// <remarks>However many listen, the database is asked one small question each half second, and none while nobody listens.</remarks>
public sealed class NewRevisions(Registries registries, ILogger<NewRevisions> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private int _listeners;

    /// <summary>Waits for a revision later than one.</summary>
    /// <param name="after">The revision that is known.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>False when none came in that time.</returns>
    public async Task<bool> WaitAsync(long after, TimeSpan atMost, CancellationToken cancel)
    {
        Interlocked.Increment(ref _listeners);
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
        finally
        {
            Interlocked.Decrement(ref _listeners);
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
                if (Volatile.Read(ref _listeners) > 0)
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
}
