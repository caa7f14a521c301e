using System.Data.Common;
using EcoLabelRegistry.Database;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Keeps this server at the newest revision, whoever wrote it: another server says so at once where the engine can, and asking finds out where it cannot.</summary>
/// <remarks>
/// The only one that asks. Whoever else follows the log waits for <see cref="Registries.Next"/>: the snapshot, which may be busy for long with loading, event
/// streams, deliveries.
/// </remarks>
public sealed class FollowLog(Registries registries, Snapshots snapshots, DbDataSource database, ILogger<FollowLog> logger) : BackgroundService
{
    // Servers see each other's writes within a second.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BeforeRetry = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _news = new(0);

    /// <inheritdoc />
    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        ListenAsync(stoppingToken),
        AgainAndAgainAsync(AskAsync, "The log cannot be followed at the moment, and is tried again until it can: {Cause}", 1, stoppingToken),
        AgainAndAgainAsync(HoldAsync, "The snapshot cannot follow the log and tries again until it can: {Cause}", 64, stoppingToken)); // loading is much work for nothing

    private async Task<bool> AskAsync(CancellationToken cancel)
    {
        await registries.FollowAsync(cancel);
        await _news.WaitAsync(Poll, cancel);
        return true;
    }

    private async Task<bool> HoldAsync(CancellationToken cancel)
    {
        var next = registries.Next;
        if (!await snapshots.FollowAsync(cancel))
        {
            return false;
        }

        await next.WaitAsync(cancel);
        return true;
    }

    /// <summary>Repeats until it says that there is nothing left to do. What fails is tried again, after ever longer pauses; the first failure in a row is logged.</summary>
    private async Task AgainAndAgainAsync(Func<CancellationToken, Task<bool>> follow, string warning, int longest, CancellationToken cancel)
    {
        var failures = 0;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (!await follow(cancel))
                {
                    return;
                }

                failures = 0;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (failures++ == 0)
                {
#pragma warning disable CA2254 // one of two constants of this class
                    logger.LogWarning(warning, failure.Message);
#pragma warning restore CA2254
                }

                await Task.Delay(BeforeRetry * Math.Min(1 << Math.Min(failures - 1, 30), longest), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (!await database.ListenAsync(() => _news.Release(), cancel))
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or DbException or TimeoutException or IOException or ObjectDisposedException)
            {
                await Task.Delay(BeforeRetry, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // asking goes on meanwhile
            }
        }
    }
}
