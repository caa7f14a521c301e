using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Subscriptions;

/// <summary>A subscriber: a server on loopback that keeps what is posted to it.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = [];
    private readonly SemaphoreSlim _arrived = new(0);

    private Receiver(WebApplication app)
    {
        _app = app;
        app.Run(TakeAsync);
    }

    /// <summary>How it answers the n-th post, counted from 1; a status, or null to leave the sender without an answer.</summary>
    public Func<int, HttpContext, int?> Answer { get; set; } = (_, _) => 204;

    public string Address => _app.Urls.Single();

    public IReadOnlyCollection<Received> Received => _received;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new Receiver(app);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits for further posts.</summary>
    /// <returns>All posts so far.</returns>
    public async Task<List<Received>> WaitAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await _arrived.WaitAsync(Patience), $"{i} of {count} came.");
        }

        return [.. _received];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers;
        _received.Enqueue(new(
            http.Request.Method, http.Request.Path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(),
            http.Request.ContentType, body.ToArray(), DateTimeOffset.UtcNow));
        var status = Answer(_received.Count, http);
        _arrived.Release();
        if (status is null)
        {
            await Task.WhenAny(Task.Delay(Timeout.Infinite, http.RequestAborted));
            return;
        }

        http.Response.StatusCode = status.Value;
    }
}

/// <summary>What was posted.</summary>
public sealed record Received(
    string Method, string Path, string Id, string Timestamp, string Signature, string? MediaType, byte[] Body, DateTimeOffset At)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Subject => Json.GetProperty("subject").GetString()!;

    /// <summary>The signature as the description has it, made without the service's own means.</summary>
    public string SignatureUnder(string secret)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        return "v1," + Convert.ToBase64String(hmac.ComputeHash([.. Encoding.UTF8.GetBytes(Id + "." + Timestamp + "."), .. Body]));
    }
}
