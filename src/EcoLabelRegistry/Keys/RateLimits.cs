using System.Globalization;
using System.Threading.RateLimiting;
using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EcoLabelRegistry.Keys;

/// <summary>Keeps each client to so many requests a minute, when that is configured, and says on every answer how many are left.</summary>
/// <remarks>A caller who shows a key is counted by himself, wherever he asks from; all others by their address. Each server counts for itself.</remarks>
public sealed class RateLimits : IDisposable
{
    private const int WindowSeconds = 60;

    private readonly RequestDelegate _next;
    private readonly PartitionedRateLimiter<HttpContext>? _limiter;
    private readonly RateLimitOptions _limits;

    public RateLimits(RequestDelegate next, RegistryOptions settings)
    {
        _next = next;
        _limits = settings.RateLimit;
        if (_limits is not { PerMinute: null, PerMinuteWithKey: null })
        {
            _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http => LimitOf(http) is { } limit
                ? RateLimitPartition.GetFixedWindowLimiter(Client(http), _ => new()
                {
                    PermitLimit = limit,
                    Window = TimeSpan.FromSeconds(WindowSeconds),
                    QueueLimit = 0,
                })
                : RateLimitPartition.GetNoLimiter(""));
        }
    }

    public Task InvokeAsync(HttpContext http) =>
        _limiter is not null && IsCounted(http) ? CountAsync(http, _limiter) : _next(http);

    /// <inheritdoc />
    public void Dispose() => _limiter?.Dispose();

    private async Task CountAsync(HttpContext http, PartitionedRateLimiter<HttpContext> limiter)
    {
        using var lease = limiter.AttemptAcquire(http);
        if (LimitOf(http) is { } limit)
        {
            var left = limiter.GetStatistics(http)?.CurrentAvailablePermits ?? 0;
            http.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";q={limit};w={WindowSeconds}");
            http.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";r={left}");
        }

        if (!lease.IsAcquired)
        {
            var refusal = TooMany(lease);
            if (http.GetEndpoint()?.Metadata.GetMetadata<KeepsFormAttribute>() is null)
            {
                throw refusal;
            }

            http.Features.Set(new Exceeded(refusal));
        }

        await _next(http);
    }

    // Pages are read freely; a form that is sent is a write, or a key that is tried.
    private static bool IsCounted(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
        || (HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null);

    private int? LimitOf(HttpContext http) => Caller.Of(http) is null ? _limits.PerMinute : _limits.PerMinuteWithKey ?? _limits.PerMinute;

    /// <summary>What a page that keeps forms says in the place of what was asked of it; null for a request within the limit.</summary>
    internal static RefusalException? RefusalOf(HttpContext http) => http.Features.Get<Exceeded>()?.Refusal;

    /// <summary>429, with when to come back.</summary>
    internal static RefusalException TooMany(RateLimitLease lease)
    {
        var wait = TimeSpan.FromSeconds(lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? Math.Max(1, Math.Ceiling(left.TotalSeconds)) : WindowSeconds);
        return new(ProblemCode.TooManyRequests, new Message("refusal.too-many-requests", (int)wait.TotalSeconds)) { RetryAfter = wait };
    }

    /// <summary>Who is counted.</summary>
    internal static string Client(HttpContext http) =>
        Caller.Of(http) is { } caller ? $"key {caller.Actor.Code}" : $"address {http.Connection.RemoteIpAddress}";

    private sealed record Exceeded(RefusalException Refusal);
}

/// <summary>Marks a page that asks <see cref="RateLimits.RefusalOf"/> before it does anything, and then shows again what was typed. No other is let through beyond its limit.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KeepsFormAttribute : Attribute;
