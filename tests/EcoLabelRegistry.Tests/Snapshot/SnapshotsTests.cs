using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Text.Json;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Snapshot;
using MediatR;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Snapshot;

public sealed class SqliteSnapshots : SnapshotsTests
{
    protected override RegistryApp Make() => new EmptySqliteRegistry();
}

public sealed class PostgreSqlSnapshots : SnapshotsTests
{
    protected override RegistryApp Make() => new EmptyPostgreSqlRegistry();
}

/// <summary>Memory and database give the same answer, whoever writes meanwhile.</summary>
public abstract class SnapshotsTests : IAsyncLifetime
{
    /// <summary>Questions on each engine. A hundred thousand take some minutes and each is like the others. <c>REGISTRY_TEST_QUESTIONS</c> asks for more.</summary>
    private static readonly int Questions = int.Parse(Environment.GetEnvironmentVariable("REGISTRY_TEST_QUESTIONS") ?? "10000", CultureInfo.InvariantCulture);

    private const int Askers = 4;

    // Questions that are asked one after the other of memory before any is asked of the database. For each such turn there is one write, so
    // that the writers neither stop nor keep everybody from asking.
    private const int Turn = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private RegistryApp _app = null!;

    protected abstract RegistryApp Make();

    public async Task InitializeAsync()
    {
        _app = Make();
        await _app.InitializeAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Memory_and_database_give_the_same_bytes_during_a_storm_of_writes()
    {
        await RandomMarket.FillAsync(_app);
        await HeldAsync(_app);
        using var over = new CancellationTokenSource();
        using var turns = new SemaphoreSlim(0);
        var seed = Environment.TickCount;
        var snapshots = _app.Services.GetRequiredService<Snapshots>();
        var writers = Enumerable.Range(0, 3).Select(i => Task.Run(() => WriteAsync(new RandomMarket(seed + i), turns, over.Token))).ToList();
        var outcomes = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var (fromMemory, revisions) = (0, new ConcurrentDictionary<string, bool>(StringComparer.Ordinal));
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(asker => Task.Run(async () =>
        {
            var market = new RandomMarket(seed + 1000 + asker);
            for (var i = 0; i < Questions / Askers / Turn; i++)
            {
                turns.Release();
                await using (var grounds = await snapshots.OpenAsync(null, default))
                {
                    Interlocked.Add(ref fromMemory, grounds.AreInMemory ? Turn : 0);
                }

                var asked = new (string Question, string Language, Answered Now)[Turn];
                for (var q = 0; q < Turn; q++)
                {
                    var (question, language) = (market.Question(), market.Language());
                    asked[q] = (question, language, await AskAsync(question, language));
                }

                foreach (var (question, language, now) in asked)
                {
                    var then = await AskAsync($"{question}&knownAt={now.Revision}", language);
                    Assert.True(now == then, $"Seed {seed}, {question}, {language}\n{now}\n{then}");
                    outcomes.AddOrUpdate(now.Status == HttpStatusCode.OK ? Outcome(now.Body) : now.Status.ToString(), 1, (_, n) => n + 1);
                    revisions[now.Revision] = true;
                }
            }
        })));
        await over.CancelAsync();
        await Task.WhenAll(writers);

        // The questions met every kind of answer, many revisions, and memory: else they would prove nothing.
        Assert.True(fromMemory > Questions / 100, $"{fromMemory} of {Questions} from memory");
        Assert.True(revisions.Count > 20, $"{revisions.Count} revisions");
        Assert.Superset(
            new HashSet<string>(["certified", "recognised", "conditional", "verification-accepted", "not-recognised", "not-certified", "unknown", "Conflict"], StringComparer.Ordinal),
            outcomes.Keys.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_this_server_writes_the_next_question_sees()
    {
        await _app.FillAsync();
        await HeldAsync(_app);
        for (var i = 0; i < 50; i++)
        {
            var written = await _app.RegisterAsync(SmallRegistry.Certificate($"N-{i}", "2024-01-01", SmallRegistry.Product("Acme", $"P{i}")));
            using var answer = await _app.Client.GetAsync($"/v1/check?recognisedBy=alpha&brand=Acme&model=P{i}");
            Assert.Equal(written.Revision, Revision(answer));
            Assert.Contains("\"recognised\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_write_of_another_server_is_followed_and_can_be_demanded_at_once()
    {
        await _app.FillAsync();
        await using var other = new SecondServer(_app.Database);
        await other.InitializeAsync();
        await HeldAsync(_app);
        await HeldAsync(other);
        for (var i = 0; i < 5; i++)
        {
            var (writer, reader) = i % 2 == 0 ? (_app, (RegistryApp)other) : (other, _app);
            var written = await writer.RegisterAsync(SmallRegistry.Certificate($"N-{i}", "2024-01-01", SmallRegistry.Product("Acme", $"P{i}")));
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/check?recognisedBy=alpha&brand=Acme&model=P{i}");
            request.Headers.Add("Registry-Min-Revision", written.Revision.ToString(CultureInfo.InvariantCulture));
            using var demanded = await reader.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, demanded.StatusCode);
            Assert.True(Revision(demanded) >= written.Revision);

            await HeldAsync(reader, written.Revision);
            using var followed = await reader.Client.GetAsync($"/v1/check?recognisedBy=alpha&brand=Acme&model=P{i}");
            Assert.Equal(await demanded.Content.ReadAsStringAsync(), await followed.Content.ReadAsStringAsync());
            Assert.Contains("\"recognised\"", await followed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_register_that_takes_more_memory_than_it_may_stays_in_the_database_and_health_says_so()
    {
        await _app.FillAsync();
        await _app.RegisterAsync(SmallRegistry.Certificate("N-1", "2024-01-01", SmallRegistry.Product("Acme", "P1")));
        foreach (var (megabytes, state, health) in new[] { (1, "too-large", "degraded"), (0, "off", "up"), (64, "held", "up") })
        {
            await using var small = new SecondServer(_app.Database, megabytes);
            await small.InitializeAsync();
            var snapshot = await StateAsync(small, state);
            Assert.Equal(health, snapshot.Text("status"));
            Assert.Equal(state == "held", snapshot.GetProperty("data").TryGetProperty("revision", out _));
            var question = "/v1/check?recognisedBy=alpha&brand=Acme&model=P1&asOf=2026-05-05";
            Assert.Equal((await _app.GetAsync(question)).GetRawText(), (await small.GetAsync(question)).GetRawText());

            // It is said once, and not at every probe.
            Assert.DoesNotContain(small.Log.Entries, e => e.Level >= LogLevel.Warning && e.Category.Contains("HealthCheck", StringComparison.Ordinal));
            Assert.Equal(state == "too-large" ? 1 : 0, small.Log.Entries.Count(e => e.Level == LogLevel.Warning && e.Message.Contains("MaxMegabytes", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_register_that_outgrows_the_memory_it_may_use_goes_back_to_the_database()
    {
        await _app.FillAsync();
        await using var small = new SecondServer(_app.Database, 1);
        await small.InitializeAsync();
        await HeldAsync(small);
        await small.RegisterAsync(SmallRegistry.Certificate("N-1", "2024-01-01", SmallRegistry.Product("Acme", "P1")));

        Assert.Equal("degraded", (await StateAsync(small, "too-large")).Text("status"));
        var answer = await small.GetAsync("/v1/check?recognisedBy=alpha&brand=Acme&model=P1");
        Assert.Equal("recognised", answer.Text("outcome"));
        await small.RegisterAsync(SmallRegistry.Certificate("N-2", "2024-01-01", SmallRegistry.Product("Acme", "P2")));
        Assert.Equal("recognised", (await small.GetAsync("/v1/check?recognisedBy=alpha&brand=Acme&model=P2")).Text("outcome"));
    }

    [Fact]
    public async Task A_check_asks_no_database_once_the_registry_is_held()
    {
        await _app.FillAsync();
        await _app.RegisterAsync(SmallRegistry.Certificate("N-1", "2024-01-01", SmallRegistry.Product("Acme", "P1")));
        var source = new BreakableSource(_app.Services.GetRequiredService<DbDataSource>());
        await using var server = new SecondServer(_app.Database, source: source);
        await server.InitializeAsync();
        await HeldAsync(server);
        string[] questions =
        [
            "/v1/check?recognisedBy=alpha&brand=Acme&model=P1", "/v1/check?recognisedBy=alpha&scheme=beta&certificate=N-1", "/v1/check?recognisedBy=alpha&gtin=4006381333931",
            "/v1/check?recognisedBy=nobody&gtin=4006381333931",
        ];
        var before = await Task.WhenAll(questions.Select(q => server.GetAsync(q)));
        source.IsBroken = true;
        foreach (var (question, answer) in questions.Zip(before))
        {
            using var after = await server.Client.GetAsync(question);
            Assert.True(after.Headers.Contains("Registry-Revision"));
            var body = JsonDocument.Parse(await after.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(Without(answer, "traceId"), Without(body, "traceId"));
        }

        // Whatever asks the database says that it is gone.
        foreach (var lost in new[] { questions[0] + "&knownAt=3", "/v1/certificates", "/health/ready" })
        {
            using var refused = await server.Client.GetAsync(lost);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        source.IsBroken = false;
        var written = await _app.RegisterAsync(SmallRegistry.Certificate("N-2", "2024-01-01", SmallRegistry.Product("Acme", "P2")));
        await HeldAsync(server, written.Revision);
        Assert.Equal("recognised", (await server.GetAsync("/v1/check?recognisedBy=alpha&brand=Acme&model=P2")).Text("outcome"));
    }

    [Fact]
    public async Task A_row_that_was_changed_in_its_place_is_read_again_when_the_log_names_it()
    {
        await _app.FillAsync();
        var written = await _app.RegisterAsync(SmallRegistry.Certificate("N-1", "2024-01-01", SmallRegistry.Product("Acme", "P1")));
        await HeldAsync(_app, written.Revision);
        var question = "/v1/check?recognisedBy=alpha&scheme=beta&certificate=N-1";
        Assert.Contains("Painter Ltd", (await _app.GetAsync(question)).GetRawText(), StringComparison.Ordinal);

        await _app.WithAsync<ChangeLog, bool>(log => log.WriteAsync(
            async write =>
            {
                await write.ExecuteAsync("update certificate set data = replace(data, 'Painter Ltd', 'Nobody') where id = @Id", new { written.Id });
                await write.AppendAsync(Actor.Registrar, "certificate-redacted", Subjects.OfCertificate(written.Id), new System.Text.Json.Nodes.JsonObject());
                return true;
            },
            default));

        var answer = (await _app.GetAsync(question)).GetRawText();
        Assert.DoesNotContain("Painter Ltd", answer, StringComparison.Ordinal);
        Assert.Contains("Nobody", answer, StringComparison.Ordinal);
    }

    private async Task WriteAsync(RandomMarket market, SemaphoreSlim turns, CancellationToken over)
    {
        while (true)
        {
            try
            {
                await turns.WaitAsync(over);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await _app.WithAsync<IMediator, bool>(async mediator =>
            {
                await market.WriteAsync(mediator);
                return true;
            });
        }
    }

    private static string Outcome(string answer)
    {
        using var body = JsonDocument.Parse(answer);
        return body.RootElement.Text("outcome")!;
    }

    private async Task<Answered> AskAsync(string question, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, question);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await _app.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            // A refusal names the request in the log; it too is of one revision.
            var problem = JsonDocument.Parse(body).RootElement;
            body = problem.Text("code") + problem.Text("detail") + (problem.TryGetProperty("candidates", out var candidates) ? candidates.GetRawText() : "");
        }

        return new Answered(
            response.StatusCode, response.Headers.GetValues("Registry-Revision").Single(), response.Headers.ETag?.ToString(), body);
    }

    private static string Without(JsonElement body, string member) =>
        string.Join('\n', body.EnumerateObject().Where(p => p.Name != member).Select(p => $"{p.Name}: {p.Value.GetRawText()}"));

    private static long Revision(HttpResponseMessage answer) => long.Parse(answer.Headers.GetValues("Registry-Revision").Single(), CultureInfo.InvariantCulture);

    private static async Task HeldAsync(RegistryApp app, long revision = 0)
    {
        var snapshots = app.Services.GetRequiredService<Snapshots>();
        var until = DateTime.UtcNow + Limit;
        while (!(snapshots.Revision >= revision))
        {
            Assert.True(DateTime.UtcNow < until, $"The snapshot is {snapshots.State} at {snapshots.Revision}, not at {revision}.");
            await Task.Delay(10);
        }
    }

    private static async Task<JsonElement> StateAsync(RegistryApp app, string state)
    {
        var until = DateTime.UtcNow + Limit;
        while (true)
        {
            var snapshot = (await app.GetAsync("/health/ready")).GetProperty("parts").GetProperty("snapshot");
            if (snapshot.GetProperty("data").Text("state") == state)
            {
                return snapshot;
            }

            Assert.True(DateTime.UtcNow < until, snapshot.GetRawText());
            await Task.Delay(10);
        }
    }

    private sealed record Answered(HttpStatusCode Status, string Revision, string? Tag, string Body);

    /// <summary>One more server on a database.</summary>
    private sealed class SecondServer(string database, int? megabytes = null, DbDataSource? source = null) : RegistryApp, IAsyncDisposable
    {
        public override string Database => database;

        protected override string Seed => "none";

        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            if (megabytes is { } most)
            {
                builder.UseSetting("Registry:Snapshot:MaxMegabytes", most.ToString(CultureInfo.InvariantCulture));
            }

            if (source is not null)
            {
                builder.ConfigureTestServices(services => services.AddSingleton(source));
            }
        }
    }

    /// <summary>A database that can be lost.</summary>
    private sealed class BreakableSource(DbDataSource source) : DbDataSource
    {
        public bool IsBroken { get; set; }

        public override string ConnectionString => source.ConnectionString;

        protected override DbConnection CreateDbConnection() => IsBroken ? throw new Npgsql.NpgsqlException("The database is gone.") : source.CreateConnection();
    }
}
