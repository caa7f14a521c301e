using EcoLabelRegistry.Recognition;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Do checks answer from memory? They answer in any case.</summary>
public sealed class SnapshotHealth(Snapshots snapshots) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        const long megabyte = 1024 * 1024;
        var state = snapshots.State;
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["state"] = Code.Of(state),
            ["certificates"] = snapshots.Certificates,
            ["megabytes"] = snapshots.Bytes / megabyte,
        };
        if (snapshots.Revision is { } revision)
        {
            data["revision"] = revision;
        }

        return Task.FromResult(state switch
        {
            SnapshotState.Held => HealthCheckResult.Healthy(data: data),
            SnapshotState.Off => HealthCheckResult.Healthy("Switched off; the database answers.", data),
            SnapshotState.Loading => HealthCheckResult.Degraded("Loading; the database answers.", data: data),
            SnapshotState.TooLarge => HealthCheckResult.Degraded("Larger than Registry:Snapshot:MaxMegabytes; the database answers.", data: data),
        });
    }
}
