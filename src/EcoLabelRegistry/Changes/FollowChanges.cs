using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Sends the log as server-sent events, live: one event for each entry, in order, none twice.</summary>
/// <remarks>
/// A follower holds a number and nothing else: what is new is read from the database a few entries at a time, and the next are read when those have gone
/// out. So whoever reads slowly keeps no writer waiting and no memory filled; whoever stops reading loses the connection and resumes.
/// </remarks>
internal sealed class FollowChanges(HttpContext http, long after, ChangeFilter filter) : IResult
{
    /// <summary>The media type.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>The header with which a client says what it received last.</summary>
    public const string LastEventId = "Last-Event-ID";

    private const int PageLength = 50;

    private readonly Registries _registries = http.RequestServices.GetRequiredService<Registries>();
    private readonly NewRevisions _new = http.RequestServices.GetRequiredService<NewRevisions>();
    private readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(http.RequestServices.GetRequiredService<RegistryOptions>().Feed.HeartbeatSeconds);
    private readonly CancellationToken _stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>The revision after which a client resumes; null when it does not say.</summary>
    /// <exception cref="RefusalException">What it says is no revision.</exception>
    public static long? Resumed(HttpRequest request)
    {
        var last = request.Headers[LastEventId];
        return last.Count == 0 || last == "" ? null
            : RevisionNumber.TryRead(last.ToString(), out var revision, out var fault) ? revision.Value
            : throw Refusal.Invalid(LastEventId, fault);
    }

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // a proxy that gathers answers would make it anything but live
        if (httpContext.WantsHeadersAlone())
        {
            return;
        }

        using var listening = _new.Listen();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, _stopping);
        try
        {
            await FollowAsync(response.BodyWriter, end.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The service stops: the stream ends between two events, and its reader resumes with another server.
        }
    }

    private async Task FollowAsync(PipeWriter writer, CancellationToken cancel)
    {
        await SendAsync(writer, "retry: 2000\n\n"u8.ToArray());
        for (var at = after; ;)
        {
            at = await SendNewAsync(writer, at, cancel);
            if (!await _new.WaitAsync(at, _heartbeat, cancel))
            {
                await SendAsync(writer, ":\n\n"u8.ToArray());
            }
        }
    }

    private async Task<long> SendNewAsync(PipeWriter writer, long at, CancellationToken cancel)
    {
        while (true)
        {
            var (passed, last, isEnd) = await ReadAsync(at, cancel);
            foreach (var change in passed)
            {
                cancel.ThrowIfCancellationRequested();
                await SendAsync(writer, Event(change));
            }

            at = last;
            if (isEnd)
            {
                return at;
            }
        }
    }

    // The transaction ends before anything is sent: a reader that takes its time must not hold a connection to the database.
    private async Task<(List<Change> Passed, long Last, bool IsEnd)> ReadAsync(long at, CancellationToken cancel)
    {
        await using var reading = await _registries.ReadAsync(null, cancel);
        var page = await ReadChanges.AfterAsync(reading.Db, reading.Transaction, at, reading.Revision, PageLength);
        var sieve = new SieveChanges(reading);
        var passed = new List<Change>();
        foreach (var change in page)
        {
            if (await sieve.PassesAsync(change, filter))
            {
                passed.Add(change);
            }
        }

        return (passed, page.Count == 0 ? at : page[^1].Revision, page.Count < PageLength);
    }

    private static byte[] Event(Change change) =>
    [
        .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {change.Revision}\nevent: {change.Type}\ndata: ")),
        .. Json.Bytes(GetChange.Response.Of(change)),
        .. "\n\n"u8,
    ];

    // A write that is called off cuts the connection, so an event that has begun is sent whole. Who does not read it is cut off by the least rate that the
    // server asks of its readers, or when its time to stop is over.
    private static async Task SendAsync(PipeWriter writer, byte[] text)
    {
        var sent = await writer.WriteAsync(text, CancellationToken.None);
        if (sent.IsCompleted)
        {
            throw new Microsoft.AspNetCore.Connections.ConnectionAbortedException();
        }
    }
}
