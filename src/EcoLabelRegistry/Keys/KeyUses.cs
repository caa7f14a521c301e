using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;

namespace EcoLabelRegistry.Keys;

/// <summary>Records when each key was last used: noted in memory, written every few seconds and at the end, so that a request waits for nothing.</summary>
public sealed class KeyUses(DbDataSource database, ILogger<KeyUses> log) : BackgroundService
{
    private const string Write = "update api_key set last_used_at = @At where id = @Id and (last_used_at is null or last_used_at < @At)";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, string> _noted = new(StringComparer.Ordinal);

    /// <summary>Notes that a key was used.</summary>
    /// <param name="id">The key.</param>
    /// <param name="at">When, as the log writes instants.</param>
    public void Note(string id, string at) => _noted[id] = at;

    /// <summary>Writes what was noted so far.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        if (_noted.IsEmpty)
        {
            return;
        }

        await using var db = await database.OpenConnectionAsync(cancel);
        foreach (var use in _noted.ToArray())
        {
            await db.ExecuteAsync(Write, new { Id = use.Key, At = use.Value });
            _noted.TryRemove(use); // only if it was not used again meanwhile
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await TryFlushAsync(stoppingToken);
        }
    }

    private async Task TryFlushAsync(CancellationToken cancel)
    {
        try
        {
            await FlushAsync(cancel);
        }
        catch (Exception failure) when (failure is DbException or OperationCanceledException or TimeoutException)
        {
            log.LogWarning("The last uses of keys could not be written, and will be tried again: {Cause}", failure.Message);
        }
    }
}
