using System.Data.Common;
using EcoLabelRegistry.Database;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Keeps the snapshot at the newest revision, whoever wrote it: another server says so at once where the engine can, and asking finds out where it cannot.</summary>
public sealed class FollowLog(Snapshots snapshots, DbDataSource database, ILogger<FollowLog> logger) : BackgroundService
{
    // Servers see each other's writes within a second.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BeforeRetry = TimeSpan.FromSeconds(1);
    private const int LongestRetry = 64;

    private readonly SemaphoreSlim _news = new(0);

    /// <inheritdoc />
    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = ListenAsync(stoppingToken);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await snapshots.FollowAsync(stoppingToken))
                {
                    break;
                }

                failures = 0;
                await _news.WaitAsync(Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                if (failures++ == 0)
                {
                    logger.LogWarning("The snapshot cannot follow the log and tries again until it can: {Cause}", failure.Message);
                }

                await Task.Delay(BeforeRetry * Math.Min(1 << Math.Min(failures - 1, 30), LongestRetry), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await listening;
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
