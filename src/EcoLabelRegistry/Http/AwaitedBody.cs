using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EcoLabelRegistry.Http;

/// <summary>A body that may come as slowly as it likes, as long as it comes: only a client that sends nothing for a while is given up.</summary>
/// <param name="body">The body, not read from yet.</param>
/// <param name="patience">How long a client may send nothing.</param>
internal sealed class AwaitedBody(Stream body, TimeSpan patience) : ForwardStream
{
    /// <summary>Lets a body come slowly. The server's own rule asks for 240 bytes a second after five seconds, which cuts off whoever sends a row now and then; the caller waits only so long instead.</summary>
    /// <param name="http">A request whose body was not read from yet.</param>
    public static void LiftLeastRate(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    /// <inheritdoc />
    /// <exception cref="RefusalException">The client sends nothing for too long (408).</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(patience);
        try
        {
            return await body.ReadAsync(buffer, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Refusal.RequestTimeout();
        }
    }
}
