using System.Data.Common;
using EcoLabelRegistry.Snapshot;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcoLabelRegistry.Database;

/// <summary>Can the database be read?</summary>
public sealed class DatabaseHealth(Registries registries) : IHealthCheck
{
    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var revision = await registries.NewestAsync(cancellationToken);
            return HealthCheckResult.Healthy(data: new Dictionary<string, object>(StringComparer.Ordinal) { ["revision"] = revision });
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database cannot be reached.");
        }
    }
}
