using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using EcoLabelRegistry.Database;
using Microsoft.Data.Sqlite;
using Npgsql;
using static EcoLabelRegistry.Tests.Registers.RegisterCalls;

namespace EcoLabelRegistry.Tests.Registers;

public sealed class SqliteKilledImport : KilledImportTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-killed-").FullName;

    protected override string Database => $"Data Source={Path.Combine(_folder, "registry.db")}";

    public override Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}

public sealed class PostgreSqlKilledImport : KilledImportTests
{
    private readonly string _name = "killed_" + Guid.NewGuid().ToString("n");

    protected override string Database => new NpgsqlConnectionStringBuilder(PostgreSqlRegistry.TestServer) { Database = _name }.ConnectionString;

    public override Task InitializeAsync() => ExecuteAsync($"create database {_name}");

    public override Task DisposeAsync() => ExecuteAsync($"drop database {_name} with (force)");

    private static async Task ExecuteAsync(string sql)
    {
        await using var server = NpgsqlDataSource.Create(PostgreSqlRegistry.TestServer);
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>The program as a process of its own: killed in the middle of an import, and with little memory.</summary>
public abstract partial class KilledImportTests : IAsyncLifetime
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("REGISTRY_TEST_KILLS") ?? "5", CultureInfo.InvariantCulture);

    protected abstract string Database { get; }

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public abstract Task DisposeAsync();

    [Fact]
    public async Task Killed_at_any_moment_an_import_is_there_whole_or_not_at_all()
    {
        const int Rows = 2000;
        var random = new Random(20261125);
        var version = 0;
        TimeSpan takes;
        using (var service = await ServiceAsync())
        {
            await FillAsync(service);
            await service.PutAsync(Register(Rows, version));
            var watch = Stopwatch.StartNew();
            await service.PutAsync(Register(Rows, ++version));
            takes = watch.Elapsed;
        }

        var (old, whole) = (0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            using (var service = await ServiceAsync())
            {
                var import = service.PutAsync(Register(Rows, version + 1));
                await Task.Delay(takes * (random.NextDouble() * 1.1));
                service.Kill();
                await Record.ExceptionAsync(() => import);
            }

            using var after = await ServiceAsync();
            var holders = await HoldersAsync();
            var found = Assert.Single(holders);
            Assert.Equal(Rows, found.Count);
            Assert.Contains(found.Holder, new[] { $"Holder {version}", $"Holder {version + 1}" });
            var isWhole = found.Holder == $"Holder {version + 1}";
            _ = isWhole ? whole++ : old++;
            version += isWhole ? 1 : 0;
            var proof = await after.GetAsync("/v1/changes/verify");
            Assert.True(proof.GetProperty("valid").GetBoolean(), proof.ToString());
            Assert.Equal(version + 1, (await after.GetAsync("/v1/changes?after=5&limit=1000")).Items().Count);
            await TimePassesAsync();
        }

        using var last = await ServiceAsync();
        Assert.Equal($"0/{Rows}/0/0", (await last.PutAsync(Register(Rows, version + 1))).Counts());
        Assert.Equal(Kills, old + whole);
    }

    [Fact]
    public async Task A_register_of_a_hundred_thousand_certificates_needs_no_more_memory_than_a_small_one()
    {
        // The heap may not grow beyond 100 MB; the certificates alone would fill it several times over. What the snapshot holds grows with the registry and is
        // another matter: without it, all that is left is the import.
        const int Certificates = 100_000;
        using var service = await ServiceAsync(("DOTNET_GCHeapHardLimit", "0x6400000"), ("DOTNET_gcServer", "0"), ("Registry__Snapshot__MaxMegabytes", "0"));
        await FillAsync(service);
        await service.PutAsync(Register(100, 0));
        var before = service.PeakMemory();

        var answer = await service.PutAsync(Register(Certificates, 0));

        Assert.Equal($"{Certificates - 100}/0/100/0", answer.Counts());
        var peak = service.PeakMemory();
        Assert.True(peak - before < 300L << 20, $"Peak memory grew from {before >> 20} to {peak >> 20} MiB."); // heap limit, 64 MiB of SQLite's pages and some
        Assert.Equal($"0/{Certificates}/0/0", (await service.PutAsync(Register(Certificates, 1))).Counts());
        Assert.True((await service.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());
        var again = service.PeakMemory();
        Assert.True(again - before < 350L << 20, $"Peak memory grew from {before >> 20} to {again >> 20} MiB.");
    }

    private static StreamContent Register(int rows, int version)
    {
        var content = new StreamContent(new Generated(rows, i =>
            $$"""{"number":"K-{{i}}","holder":"Holder {{version}}","standard":"beta-1","validFrom":"2024-01-01","products":[{"brand":"Brand {{i % 100}}","model":"Model {{i}} {{version}}","gtins":["4006381333931"],"category":"coatings.decorative"}]}"""));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(Ndjson);
        return content;
    }

    private static async Task FillAsync(Service service)
    {
        await service.WriteAsync("/v1/categories/coatings", """{"names":{"en":"Paint"}}""");
        await service.WriteAsync("/v1/categories/coatings.decorative", """{"parent":"coatings","names":{"en":"Paint"}}""");
        await service.WriteAsync("/v1/label-bodies/bureau", """{"names":{"en":"Bureau"}}""");
        await service.WriteAsync("/v1/schemes/beta", """{"body":"bureau","names":{"en":"Beta"}}""");
        await service.WriteAsync("/v1/standards/beta-1", """{"scheme":"beta","number":"beta-1","category":"coatings"}""");
    }

    private async Task<List<(string Holder, int Count)>> HoldersAsync()
    {
        await using var database = Engines.Open(Database);
        await using var db = await database.OpenConnectionAsync();
        var documents = await db.QueryAsync<string>("select data from certificate where recorded_until is null");
        return [.. documents.Select(d => JsonElement.Parse(d).Text("holder")!).GroupBy(h => h, StringComparer.Ordinal).Select(h => (h.Key, h.Count()))];
    }

    /// <summary>As if the lease of the killed server's turn had run out.</summary>
    private async Task TimePassesAsync()
    {
        await using var database = Engines.Open(Database);
        await using var db = await database.OpenConnectionAsync();
        await db.ExecuteAsync("update register_import set seen_at = '2000-01-01T00:00:00.000000Z' where ended_at is null");
    }

    private Task<Service> ServiceAsync(params (string Name, string Value)[] environment) => Service.StartAsync(Database, environment);

    private sealed partial class Service(Process process, HttpClient client) : IDisposable
    {
        public static async Task<Service> StartAsync(string database, params (string Name, string Value)[] environment)
        {
            var start = new ProcessStartInfo(
                "dotnet",
                [typeof(Program).Assembly.Location, "--urls", "http://127.0.0.1:0", "--Registry:Seed=none", $"--Registry:AdminKey={RegistrarKey}", $"--Registry:Database={database}"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            var process = Process.Start(start)!;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (Listening().Match(line) is { Success: true } address)
                {
                    _ = process.StandardOutput.ReadToEndAsync(); // or the pipe fills up and the service stands still
                    return new Service(process, new HttpClient { BaseAddress = new Uri(address.Value), Timeout = TimeSpan.FromMinutes(30) });
                }
            }

            throw new InvalidOperationException("The service did not start.");
        }

        public async Task<JsonElement> PutAsync(HttpContent register)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/schemes/beta/register?maxWithdraw=100") { Content = register };
            return await SendAsync(request);
        }

        public async Task WriteAsync(string address, string json)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            await SendAsync(request);
        }

        public Task<JsonElement> GetAsync(string address) => client.GetFromJsonAsync<JsonElement>(address);

        public void Kill() => process.Kill(); // SIGKILL

        /// <summary>The most memory that the process has held so far, in bytes. Source: proc(5), VmHWM.</summary>
        public long PeakMemory() => 1024 * long.Parse(
            File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture);

        public void Dispose()
        {
            client.Dispose();
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        private async Task<JsonElement> SendAsync(HttpRequestMessage request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RegistrarKey);
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            return JsonElement.Parse(text);
        }

        [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, 1000)]
        private static partial Regex Listening();
    }

    /// <summary>A body that is made while it is sent.</summary>
    private sealed class Generated(int rows, Func<int, string> row) : Stream
    {
        private byte[] _current = [];
        private int _at;
        private int _next;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_at == _current.Length)
            {
                if (_next == rows)
                {
                    return 0;
                }

                var text = new StringBuilder();
                for (var together = 0; together < 200 && _next < rows; together++)
                {
                    text.Append(row(_next++)).Append('\n');
                }

                (_current, _at) = (Encoding.UTF8.GetBytes(text.ToString()), 0);
            }

            var read = Math.Min(count, _current.Length - _at);
            Array.Copy(_current, _at, buffer, offset, read);
            _at += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
