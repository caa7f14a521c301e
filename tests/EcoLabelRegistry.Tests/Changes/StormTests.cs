using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EcoLabelRegistry.Tests.Http;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EcoLabelRegistry.Tests.Changes;

/// <summary>The program as a process that is killed while sixteen write, and two of it on one database: nothing acknowledged is lost, nothing half there.</summary>
public sealed class StormTests
{
    private const int Writers = 16;

    /// <summary>Kills on each engine. Fifty take some minutes; each is like the others. <c>REGISTRY_TEST_KILLS</c> asks for more.</summary>
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("REGISTRY_TEST_KILLS") ?? "5", CultureInfo.InvariantCulture);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task On_SQLite_what_was_acknowledged_before_a_kill_is_there_and_nothing_is_half_there()
    {
        var folder = Directory.CreateTempSubdirectory("registry-storm-").FullName;
        await KillAgainAndAgainAsync($"Data Source={Path.Combine(folder, "registry.db")}");
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public Task On_PostgreSQL_what_was_acknowledged_before_a_kill_is_there_and_nothing_is_half_there() => WithDatabaseAsync(KillAgainAndAgainAsync);

    [Fact]
    public Task Two_servers_on_one_PostgreSQL_write_one_history_and_see_each_other() => WithDatabaseAsync(async database =>
    {
        await using var first = await Service.StartAsync(database);
        await using var second = await Service.StartAsync(database);
        await first.Http.GivenAsync();
        var acknowledged = new ConcurrentDictionary<long, string>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var (own, other) = writer % 2 == 0 ? (first, second) : (second, first);
            for (var i = 0; i < 10; i++)
            {
                var (revision, id) = (await own.Http.WriteAsync($"{writer}-{i}"))!.Value;
                Assert.True(acknowledged.TryAdd(revision, id), $"revision {revision} was given twice");

                // The other server gives nothing older than what this writer has seen.
                for (var left = Patience; ; left -= TimeSpan.FromMilliseconds(50))
                {
                    using var seen = await other.Http.SendAsync("GET", "/v1/certificates/" + id, null, null, ("Registry-Min-Revision", $"{revision}"));
                    if (seen.IsSuccessStatusCode)
                    {
                        break;
                    }

                    await seen.ProblemAsync("revision-not-reached");
                    Assert.True(left > TimeSpan.Zero, "the other server never saw the write");
                    await Task.Delay(50);
                }
            }
        }));

        foreach (var service in new[] { first, second })
        {
            await service.Http.ProveAsync(acknowledged, acknowledged.Count + 2); // the body and the scheme
        }
    });

    private static async Task KillAgainAndAgainAsync(string database)
    {
        var acknowledged = new ConcurrentDictionary<long, string>();
        var random = new Random(20261125);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var service = await Service.StartAsync(database);
            await service.Http.GivenAsync();
            await service.Http.ProveAsync(acknowledged, null);
            var started = new TaskCompletionSource();
            var storm = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
            {
                for (var i = 0; ; i++)
                {
                    if (await service.Http.WriteAsync($"{kill}-{writer}-{i}") is not { } written)
                    {
                        return; // killed
                    }

                    Assert.True(acknowledged.TryAdd(written.Revision, written.Id), $"revision {written.Revision} was given twice");
                    started.TrySetResult();
                }
            }));
            await started.Task.WaitAsync(Patience);
            await Task.Delay(random.Next(0, 300));
            service.Kill();
            await storm;
        }

        await using var last = await Service.StartAsync(database);
        await last.Http.ProveAsync(acknowledged, null);
    }

    private static async Task WithDatabaseAsync(Func<string, Task> test)
    {
        var name = "registry_storm_" + Guid.NewGuid().ToString("n");
        await ExecuteAsync($"create database {name}");
        try
        {
            await test(new NpgsqlConnectionStringBuilder(PostgreSqlRegistry.TestServer) { Database = name, MaxPoolSize = 20 }.ConnectionString);
        }
        finally
        {
            await ExecuteAsync($"drop database {name} with (force)");
        }
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var server = NpgsqlDataSource.Create(PostgreSqlRegistry.TestServer);
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The program as a process, and a client of it.</summary>
    private sealed class Service(Process process, HttpClient http) : IAsyncDisposable
    {
        public HttpClient Http => http;

        public static async Task<Service> StartAsync(string database)
        {
            var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Start).Assembly.Location, "--urls", "http://127.0.0.1:0"])
            {
                WorkingDirectory = Path.GetTempPath(),
                UseShellExecute = false,
                RedirectStandardOutput = true,
                Environment =
                {
                    ["Registry__Database"] = database,
                    ["Registry__Seed"] = "none",
                    ["Registry__AdminKey"] = Writing.RegistrarKey,
                },
            })!;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.StartsWith('{') && JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString() is { } message
                    && message.StartsWith("Now listening on: ", StringComparison.Ordinal))
                {
                    _ = process.StandardOutput.ReadToEndAsync(); // so that it never waits for a reader
                    return new(process, new HttpClient { BaseAddress = new Uri(message["Now listening on: ".Length..]), Timeout = Patience });
                }
            }

            throw new InvalidOperationException("The service did not start.");
        }

        public void Kill()
        {
            process.Kill(); // SIGKILL
            process.WaitForExit();
        }

        public ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                Kill();
            }

            http.Dispose();
            process.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

file static class Storm
{
    /// <summary>A body with a scheme.</summary>
    public static async Task GivenAsync(this HttpClient http)
    {
        using var body = await http.SendAsync("PUT", "/v1/label-bodies/storm", """{ "names": { "en": "Storm" } }""", Writing.RegistrarKey);
        using var scheme = await http.SendAsync("PUT", "/v1/schemes/storm", """{ "body": "storm", "names": { "en": "Storm" } }""", Writing.RegistrarKey);
        Assert.True(body.IsSuccessStatusCode && scheme.IsSuccessStatusCode);
    }

    /// <summary>One write; null when the service is gone.</summary>
    public static async Task<(long Revision, string Id)?> WriteAsync(this HttpClient http, string number)
    {
        try
        {
            using var response = await http.SendAsync("POST", "/v1/certificates", $$"""
                { "scheme": "storm", "number": "{{number}}", "validFrom": "2024-01-01", "products": [{ "brand": "Storm", "model": "{{number}}" }] }
                """, Writing.RegistrarKey);
            var answer = await response.JsonAsync();
            Assert.True(response.IsSuccessStatusCode, answer.ToString());
            return (answer.GetProperty("revision").GetInt64(), answer.GetProperty("id").GetString()!);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>The chain verifies, revisions have no gap, and each acknowledged write stands whole where it was said to be.</summary>
    public static async Task ProveAsync(this HttpClient http, IReadOnlyDictionary<long, string> acknowledged, int? atMost)
    {
        using var proof = await http.GetAsync("/v1/changes/verify");
        var verified = await proof.JsonAsync();
        Assert.True(verified.GetProperty("valid").GetBoolean(), verified.ToString());
        var newest = verified.GetProperty("revision").GetInt64();
        Assert.True(atMost is null || newest <= atMost, $"{newest} revisions, of which {acknowledged.Count} were acknowledged");
        var written = new Dictionary<long, string>();
        for (var after = 0L; after < newest;)
        {
            using var page = await http.GetAsync($"/v1/changes?after={after}&limit=1000");
            foreach (var change in (await page.JsonAsync()).GetProperty("items").EnumerateArray())
            {
                Assert.Equal(++after, change.GetProperty("revision").GetInt64());
                written[after] = change.Text("subject")!;
            }
        }

        Assert.All(acknowledged, a => Assert.Equal("/v1/certificates/" + a.Value, written[a.Key]));
        foreach (var (_, subject) in written.Where(w => w.Value.StartsWith("/v1/certificates/", StringComparison.Ordinal)).TakeLast(40))
        {
            using var stands = await http.GetAsync(subject);
            var certificate = await stands.JsonAsync();
            var number = certificate.Text("number");
            using var found = await http.GetAsync($"/v1/check?recognisedBy=storm&brand=Storm&model={number}");
            Assert.Equal("yes", (await found.JsonAsync()).Text("answer"));
        }
    }
}
