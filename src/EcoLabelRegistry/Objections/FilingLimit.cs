using System.Threading.RateLimiting;
using EcoLabelRegistry.Keys;

namespace EcoLabelRegistry.Objections;

/// <summary>Keeps an address that shows no key to so many objections a minute: each is a revision, which all other writers wait for, and stays for good.</summary>
/// <remarks>Beside the limit of requests (<see cref="RateLimits"/>), which is none unless set. Each server counts for itself.</remarks>
public sealed class FilingLimit(RegistryOptions settings) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(client =>
        RateLimitPartition.GetFixedWindowLimiter(client, _ => new()
        {
            PermitLimit = settings.Objections.PerMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }));

    /// <summary>Counts one objection of a visitor.</summary>
    /// <exception cref="Http.RefusalException">He has filed as many as he may in this minute.</exception>
    public void Count(Visitor visitor)
    {
        if (visitor.Caller is not null)
        {
            return; // known, and his key can be revoked
        }

        using var lease = _limiter.AttemptAcquire(visitor.Client);
        if (!lease.IsAcquired)
        {
            throw RateLimits.TooMany(lease);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
