using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EcoLabelRegistry.Http;

/// <summary>A body that may come as slowly as it likes, as long as it comes: only a client that sends nothing for a while is given up.</summary>
/// <param name="body">The body, not read from yet.</param>
/// <param name="patience">How long a client may send nothing.</param>
internal sealed class AwaitedBody(Stream body, TimeSpan patience) : Stream
{
    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    /// <inheritdoc />
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
