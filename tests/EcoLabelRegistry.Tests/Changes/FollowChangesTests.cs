using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Tests.Http;
using EcoLabelRegistry.Tests.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteFollowChanges(SqliteWithoutDeliveries app) : FollowChangesTests(app), IClassFixture<SqliteWithoutDeliveries>;

public sealed class PostgreSqlFollowChanges(PostgreSqlWithoutDeliveries app) : FollowChangesTests(app), IClassFixture<PostgreSqlWithoutDeliveries>;

/// <summary>The log as a stream: live, without gap, none twice. Read with a parser of its own, as a client would.</summary>
public abstract class FollowChangesTests(RegistryApp app)
{
    [Fact]
    public async Task An_entry_comes_as_an_event_when_it_is_written()
    {
        await app.SchemeAsync("live");
        await using var stream = await OpenAsync($"/v1/changes?after={await app.RevisionAsync()}");

        var revision = await PutAsync(app, "live");
        var first = await stream.NextAsync();
        var second = await PutAsync(app, "live");
        var next = await stream.NextAsync();

        Assert.Equal((revision.ToString(CultureInfo.InvariantCulture), "scheme-put"), (first.EventId, first.EventType));
        Assert.Equal((await app.GetAsync($"/v1/changes/{revision}")).ToString(), JsonElement.Parse(first.Data).ToString());
        Assert.Equal(second.ToString(CultureInfo.InvariantCulture), next.EventId);
    }

    [Fact]
    public async Task Without_a_beginning_the_stream_begins_with_the_log()
    {
        await app.SchemeAsync("whole");
        var newest = await app.RevisionAsync();
        await using var stream = await OpenAsync("/v1/changes");
        for (var revision = 1; revision <= newest; revision++)
        {
            Assert.Equal(revision.ToString(CultureInfo.InvariantCulture), (await stream.NextAsync()).EventId);
        }
    }

    [Fact]
    public async Task Who_was_cut_off_resumes_without_gap_or_double()
    {
        await app.SchemeAsync("resumed");
        var at = await app.RevisionAsync();
        string? last = null;
        await using (var stream = await OpenAsync($"/v1/changes?after={at}"))
        {
            for (var i = 0; i < 3; i++)
            {
                await PutAsync(app, "resumed");
            }

            await stream.NextAsync();
            last = (await stream.NextAsync()).EventId;
        }

        await PutAsync(app, "resumed");
        await using var again = await OpenAsync("/v1/changes?after=0", ("Last-Event-ID", last!));
        await PutAsync(app, "resumed");

        Assert.Equal((at + 2).ToString(CultureInfo.InvariantCulture), last);
        for (var revision = at + 3; revision <= at + 5; revision++)
        {
            Assert.Equal(revision.ToString(CultureInfo.InvariantCulture), (await again.NextAsync()).EventId);
        }
    }

    [Fact]
    public async Task Only_what_concerns_the_things_named_comes()
    {
        await app.SchemeAsync("wanted");
        await app.SchemeAsync("unwanted");
        await using var stream = await OpenAsync($"/v1/changes?after={await app.RevisionAsync()}&schemes=wanted");

        await PutAsync(app, "unwanted");
        var first = await PutAsync(app, "wanted");
        await PutAsync(app, "unwanted");
        var second = await PutAsync(app, "wanted");

        Assert.Equal(first.ToString(CultureInfo.InvariantCulture), (await stream.NextAsync()).EventId);
        Assert.Equal(second.ToString(CultureInfo.InvariantCulture), (await stream.NextAsync()).EventId);
    }

    [Fact]
    public async Task What_another_server_writes_comes_too()
    {
        await app.SchemeAsync("elsewhere");
        await using var stream = await OpenAsync($"/v1/changes?after={await app.RevisionAsync()}");
        await using var other = await FurtherServer.StartAsync(app);

        var revision = await PutAsync(other, "elsewhere");

        Assert.Equal(revision.ToString(CultureInfo.InvariantCulture), (await stream.NextAsync()).EventId);
    }

    [Fact]
    public async Task A_stream_on_which_nothing_happens_says_that_it_is_alive()
    {
        using var request = Request($"/v1/changes?after={await app.RevisionAsync()}");
        using var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal("retry: 2000", await lines.ReadLineAsync());
        Assert.Equal("", await lines.ReadLineAsync());
        Assert.Equal(":", await lines.ReadLineAsync());
        Assert.Equal("", await lines.ReadLineAsync());
        Assert.Equal(":", await lines.ReadLineAsync());
    }

    [Fact]
    public async Task Who_does_not_read_keeps_nobody_waiting_and_misses_nothing()
    {
        await app.SchemeAsync("unread");
        var at = await app.RevisionAsync();
        await using var stream = await OpenAsync($"/v1/changes?after={at}");
        for (var i = 0; i < 60; i++)
        {
            await app.WriteAsync("PUT", "/v1/schemes/unread", $$"""{ "body": "unread", "names": { "en": "Unread" }, "notes": "{{new string((char)('a' + (i % 26)), 10_000)}}" }""");
        }

        for (var revision = at + 1; revision <= at + 60; revision++)
        {
            Assert.Equal(revision.ToString(CultureInfo.InvariantCulture), (await stream.NextAsync()).EventId);
        }
    }

    [Fact]
    public async Task The_stream_ends_cleanly_when_the_service_stops()
    {
        await app.SchemeAsync("stopping");
        await using var server = await FurtherServer.StartAsync(app);
        using var request = Request("/v1/changes?after=0");
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var all = response.Content.ReadAsStringAsync();

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.EndsWith("\n\n", await all, StringComparison.Ordinal); // a cut connection would throw
        Assert.DoesNotContain(server.Log.Entries, e => e.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task An_event_that_has_begun_is_sent_whole_when_the_service_stops()
    {
        await app.SchemeAsync("halfway");
        var at = await app.RevisionAsync();
        for (var i = 0; i < 250; i++) // more than the system holds for a connection, so that the server has to wait in the middle of an event
        {
            await app.WriteAsync("PUT", "/v1/schemes/halfway", $$"""{ "body": "halfway", "names": { "en": "Halfway" }, "notes": "{{new string((char)('一' + i), 10_000)}}" }""");
        }

        await using var server = await FurtherServer.StartAsync(app);
        using var reader = new TcpClient { ReceiveBufferSize = 4096 };
        await reader.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await using var stream = reader.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/changes?after={at} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"));
        for (var received = 0; received < 2048 || reader.Available > received; await Task.Delay(200)) // past the headers, and then until no more comes
        {
            received = reader.Available;
        }

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var lines = new StreamReader(stream, Encoding.UTF8);
        var all = await lines.ReadToEndAsync();

        Assert.Contains("data: ", all, StringComparison.Ordinal);
        Assert.EndsWith("\n\n\r\n0\r\n\r\n", all, StringComparison.Ordinal); // an event's end, then the answer's
        Assert.DoesNotContain(server.Log.Entries, e => e.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Who_leaves_is_forgotten_and_leaves_no_error_behind()
    {
        await ListenersAsync(0);
        var before = app.Log.Entries.Count;
        await using (var stream = await OpenAsync($"/v1/changes?after={await app.RevisionAsync()}"))
        {
            await ListenersAsync(1);
        }

        await ListenersAsync(0);
        Assert.Empty(app.Log.Entries.Skip(before).Where(e => e.Level >= LogLevel.Error).Select(e => $"{e.Message}: {e.Exception}"));
    }

    [Fact]
    public async Task The_headers_alone_can_be_asked_for()
    {
        using var request = Request("/v1/changes");
        request.Method = HttpMethod.Head;
        using var response = await app.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("/v1/changes?limit=5", null, "invalid")]
    [InlineData("/v1/changes?after=x", null, "invalid")]
    [InlineData("/v1/changes", "x", "invalid")]
    [InlineData("/v1/changes", "-1", "invalid")]
    [InlineData("/v1/changes?schemes=none", null, "unknown-scheme")]
    [InlineData("/v1/changes?agreements=none", null, "unknown-agreement")]
    [InlineData("/v1/changes?categories=none", null, "unknown-category")]
    [InlineData("/v1/changes?products=none", null, "invalid")]
    [InlineData("/v1/changes?schemes=a,,b", null, "invalid")]
    [InlineData("/v1/changes?scheme=a", null, "unknown-parameter")]
    public async Task A_stream_that_cannot_be_is_refused_before_it_begins(string address, string? lastEventId, string code)
    {
        using var request = Request(address);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await app.Client.SendAsync(request);
        await response.ProblemAsync(code);
    }

    [Fact]
    public async Task A_stream_after_a_revision_that_has_not_come_is_refused_and_a_list_is_empty()
    {
        var next = await app.RevisionAsync() + 1;
        foreach (var (address, lastEventId) in new[] { ($"/v1/changes?after={next}", null), ($"/v1/changes?after={long.MaxValue}", null), ("/v1/changes", $"{next}") })
        {
            using var request = Request(address);
            if (lastEventId is not null)
            {
                request.Headers.Add("Last-Event-ID", lastEventId);
            }

            using var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await response.ProblemAsync("revision-not-reached");
            Assert.NotNull(response.Headers.RetryAfter);
        }

        Assert.Empty((await app.GetAsync($"/v1/changes?after={long.MaxValue}")).Items());
    }

    private async Task ListenersAsync(int count)
    {
        var listened = app.Services.GetRequiredService<NewRevisions>();
        for (var i = 0; listened.Listeners != count; i++)
        {
            Assert.True(i < 600, $"{listened.Listeners} listen, not {count}.");
            await Task.Delay(100);
        }
    }

    private static HttpRequestMessage Request(string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/event-stream");
        return request;
    }

    private static async Task<long> PutAsync(RegistryApp server, string scheme) => (await server.WriteAsync(
        "PUT", $"/v1/schemes/{scheme}", $$"""{ "body": "{{scheme}}", "names": { "en": "{{Guid.NewGuid()}}" } }""")).GetProperty("revision").GetInt64();

    private async Task<OpenStream> OpenAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = Request(address);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new OpenStream(response, await response.Content.ReadAsStreamAsync());
    }

    private sealed class OpenStream(HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
        private IAsyncEnumerator<SseItem<string>>? _events;

        public async Task<SseItem<string>> NextAsync()
        {
            _events ??= SseParser.Create(body).EnumerateAsync(_patience.Token).GetAsyncEnumerator(_patience.Token);
            Assert.True(await _events.MoveNextAsync());
            return _events.Current;
        }

        public async ValueTask DisposeAsync()
        {
            await body.DisposeAsync();
            response.Dispose();
            _patience.Dispose();
        }
    }
}
