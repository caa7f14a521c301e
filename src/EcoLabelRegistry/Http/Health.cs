using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcoLabelRegistry.Http;

/// <summary>Says that the process lives.</summary>
/// <remarks>For the one who restarts it. It asks nothing of the database.</remarks>
public static class CheckLiveness
{
    /// <summary>Maps the address.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/health/live", () => new HealthReply(new Health(HealthState.Up, new Dictionary<string, PartHealth>(StringComparer.Ordinal))))
        .WithExample("""{ "status": "up", "parts": {} }""");
}

/// <summary>Says whether the service can answer, and how each part that it needs is.</summary>
/// <remarks>For the one who sends it requests: 200 when it can answer, by whatever way; 503 when it cannot.</remarks>
public static class CheckReadiness
{
    /// <summary>Maps the address. What must be well is said by the registered checks, each under its own name.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/health/ready", HandleAsync)
        .WithExample("""
            {
              "status": "degraded",
              "parts": {
                "database": { "status": "up", "description": null, "data": {} },
                "snapshot": { "status": "degraded", "description": "Loading; the database answers.", "data": { "revision": 412 } }
              }
            }
            """);

    private static async Task<HealthReply> HandleAsync(HealthCheckService checks, CancellationToken cancel)
    {
        var report = await checks.CheckHealthAsync(cancel);
        var parts = report.Entries.ToDictionary(
            part => part.Key, part => new PartHealth(Of(part.Value.Status), part.Value.Description, part.Value.Data), StringComparer.Ordinal);
        return new HealthReply(new Health(Of(report.Status), parts));
    }

    private static HealthState Of(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => HealthState.Up,
        HealthStatus.Degraded => HealthState.Degraded,
        HealthStatus.Unhealthy => HealthState.Down,
    };
}

/// <summary>How the service is.</summary>
/// <param name="Status">Up and degraded can answer; down cannot.</param>
/// <param name="Parts">Each part that an answer needs, by name.</param>
public sealed record Health(HealthState Status, IReadOnlyDictionary<string, PartHealth> Parts);

/// <summary>How one part of the service is.</summary>
/// <param name="Status">Its state.</param>
/// <param name="Description">What is the matter, for the operator.</param>
/// <param name="Data">Figures that belong to it.</param>
public sealed record PartHealth(HealthState Status, string? Description, IReadOnlyDictionary<string, object> Data);

/// <summary>How something is.</summary>
public enum HealthState
{
    /// <summary>As it should be.</summary>
    Up,

    /// <summary>It answers, by another way or more slowly.</summary>
    Degraded,

    /// <summary>It cannot answer.</summary>
    Down,
}

/// <summary>The state as an answer: never kept, and 503 when down.</summary>
public sealed class HealthReply(Health health) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc />
    public static void PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Health), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(Health), ["application/json"]));
    }

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = health.Status == HealthState.Down ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Json.WriteAsync(httpContext.Response, health, "application/json", httpContext.RequestAborted);
    }
}
