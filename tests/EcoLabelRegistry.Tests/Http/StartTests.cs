using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dapper;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Tests.Database;
using Npgsql;

namespace EcoLabelRegistry.Tests.Http;

/// <summary>The program as an operator starts it: a process of its own.</summary>
public sealed class StartTests : IDisposable
{
    private const string Damaged = "The database file is damaged or is no SQLite database. Restore a backup, or move the file away to start anew.";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("registry-start-").FullName;

    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var service in _started)
        {
            service.Kill(); // one that has ended is left alone
            service.WaitForExit();
            service.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        await AssertFailsAsync($"Failed to bind to address {address}: address already in use. Stop what listens there, or choose another address with --urls.", "--urls", address);
    }

    [Fact]
    public Task A_setting_that_does_not_exist_is_said_in_one_line() =>
        AssertFailsAsync("Registry:Databse is no setting. Did you mean Registry:Database?", "--Registry:Databse=x");

    [Fact]
    public Task An_address_that_is_none_is_said_in_one_line() =>
        AssertFailsAsync("Invalid url: 'nonsense'. Write --urls as http://localhost:5080.", "--urls", "nonsense");

    [Fact]
    public Task An_address_of_another_machine_is_said_in_one_line() =>
        AssertFailsAsync("The address belongs to another machine. Choose one of this machine with --urls.", "--urls", "http://192.0.2.1:5080");

    [Theory]
    [InlineData("nonsense", "Registry:Database is not a connection string. Write 'Data Source=data/registry.db' or 'Host=…;Database=…'.")]
    [InlineData("Datei=x", "Registry:Database is neither 'Data Source=…' (SQLite) nor 'Host=…' (PostgreSQL). Correct the setting and start again.")]
    [InlineData("Data Source=:memory:", "Registry:Database names no file, and a registry in memory is lost between two requests. Write 'Data Source=data/registry.db'.")]
    [InlineData("Data Source=x;Mode=Memory", "Registry:Database names no file, and a registry in memory is lost between two requests. Write 'Data Source=data/registry.db'.")]
    [InlineData("Data Source=/proc/registry/registry.db", "The folder /proc/registry cannot be made. Make it writable for this user, or set Registry:Database.")]
    [InlineData("Data Source=/proc/registry.db", "The folder /proc cannot be written to. Make it writable for this user, or set Registry:Database.")]
    public Task A_database_that_cannot_be_is_said_in_one_line(string database, string line) => AssertFailsAsync(line, "--Registry:Database=" + database);

    [Theory]
    [InlineData("Data Source=x.db;Colour=red")]
    [InlineData("Host=localhost;Colour=red")]
    public Task A_word_that_the_engine_does_not_know_is_said_in_one_line(string database) => AssertFailsAsync(
        error => error.StartsWith("Registry:Database cannot be read: ", StringComparison.Ordinal) && error.Contains("colour", StringComparison.Ordinal)
            && error.EndsWith(". Correct the setting and start again." + Environment.NewLine, StringComparison.Ordinal),
        "--Registry:Database=" + database);

    [Fact]
    public async Task A_PostgreSQL_that_is_down_is_said_in_one_line()
    {
        using var nobody = Wire.Bound(0);
        await AssertFailsAsync(
            "PostgreSQL cannot be reached. Check that it runs and that Host and Port in Registry:Database are right.",
            $"--Registry:Database=Host=127.0.0.1;Port={((IPEndPoint)nobody.LocalEndPoint!).Port};Username=registry;Database=registry");
    }

    [Fact]
    public Task A_database_that_PostgreSQL_does_not_have_is_said_in_one_line() => AssertFailsAsync(
        "PostgreSQL refused: database \"no_such_registry\" does not exist. Check user, password, database and rights in Registry:Database.",
        "--Registry:Database=" + new NpgsqlConnectionStringBuilder(PostgreSqlRegistry.TestServer) { Database = "no_such_registry" }.ConnectionString);

    [Theory]
    [InlineData("insert into schema_migration values (9999, '9999_add_future', 'x', 'x')", "The database was made by a newer version of this program (migration 9999, 9999_add_future). Start that version, or restore a backup.")]
    [InlineData("drop table schema_migration", "The database is not a registry of this program. Point Registry:Database at an empty one, or at its own.")]
    [InlineData("update registry set revision = 1", "The last entry of the change log (revision 1) is missing or was changed by hand. Restore a backup.")]
    public async Task A_database_that_is_not_as_it_should_be_is_said_in_one_line(string byHand, string line)
    {
        var (file, _) = await RegistryAsync(byHand);
        await AssertFailsAsync(line, $"--Registry:Database=Data Source={file}");
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_to_is_said_in_one_line()
    {
        var file = NewFile();
        await File.WriteAllBytesAsync(file, []);
        await AssertFailsAsync("The database file or its folder is read-only. Make both writable for this user, or set Registry:Database.", $"--Registry:Database=Data Source={file};Mode=ReadOnly");
    }

    [Theory]
    [InlineData("sqlite_autoindex_change_1")]
    [InlineData("registry")]
    [InlineData("schema_migration")]
    public async Task Damage_is_said_in_one_line_wherever_it_is(string place)
    {
        var (file, page) = await RegistryAsync("update registry set revision = 1", place);
        await using (var damaged = File.OpenWrite(file))
        {
            damaged.Position = page.Position;
            await damaged.WriteAsync(Enumerable.Repeat((byte)0xff, page.Length).ToArray());
        }

        await AssertFailsAsync(Damaged, "--Registry:Database=Data Source=" + file);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_said_in_one_line()
    {
        var file = NewFile();
        await File.WriteAllTextAsync(file, new string('x', 5000));
        await AssertFailsAsync(Damaged, "--Registry:Database=Data Source=" + file);
    }

    [Fact]
    public async Task A_request_to_stop_lets_the_request_under_way_end_and_then_ends_the_program()
    {
        const string Question = """{ "recognisedBy": "nobody", "product": "p-1" }""";
        var service = Run("--urls", "http://127.0.0.1:0");
        var port = await ListensAtAsync(service);
        using var asking = new TcpClient();
        await asking.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = asking.GetStream();
        using var answer = new StreamReader(stream, Encoding.UTF8);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {Question.Length}\r\n\r\n"));
        Assert.Equal("HTTP/1.1 100 Continue", await answer.ReadLineAsync()); // the handler has begun to read the body

        using var stop = Process.Start("kill", ["-TERM", $"{service.Id}"]);
        await LineAsync(service, "Application is shutting down");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Question));
        Assert.Contains("\"code\":\"unknown-recogniser\"", await answer.ReadToEndAsync(), StringComparison.Ordinal);

        using var patience = new CancellationTokenSource(Patience);
        await service.WaitForExitAsync(patience.Token);
        Assert.Equal(0, service.ExitCode);
        Assert.Empty(await service.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task A_request_to_stop_during_the_first_start_ends_the_program_in_order_and_leaves_all_or_nothing()
    {
        var file = NewFile();
        var service = Run("--urls", "http://127.0.0.1:0", "--Registry:Seed=reference", "--Registry:Database=Data Source=" + file);
        await LineAsync(service, "computers-v8.csv"); // most of it is written, nothing is committed

        using var stop = Process.Start("kill", ["-TERM", $"{service.Id}"]);
        using var patience = new CancellationTokenSource(Patience);
        var log = await service.StandardOutput.ReadToEndAsync(patience.Token);
        await service.WaitForExitAsync(patience.Token);

        Assert.Equal(0, service.ExitCode);
        Assert.Empty(await service.StandardError.ReadToEndAsync());
        await using var database = Engines.Open($"Data Source={file};Pooling=False");
        await using var db = await database.OpenConnectionAsync();
        Assert.Equal(log.Contains("Reference registry loaded", StringComparison.Ordinal), await db.ExecuteScalarAsync<long>("select revision from registry") > 0);
    }

    [Fact]
    public async Task The_log_is_one_JSON_object_a_line_and_has_a_problem_under_its_trace_id()
    {
        var service = Run("--urls", "http://127.0.0.1:0");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{await ListensAtAsync(service)}") };
        var problem = await (await http.GetAsync("/v1/schemes/nowhere")).ProblemAsync("not-found");

        var line = JsonElement.Parse(await LineAsync(service, "/v1/schemes/nowhere refused, not-found"));
        using var stop = Process.Start("kill", ["-TERM", $"{service.Id}"]);
        using var patience = new CancellationTokenSource(Patience);
        await service.WaitForExitAsync(patience.Token);

        Assert.Equal("Information", line.Text("LogLevel"));
        Assert.Contains(line.GetProperty("Scopes").EnumerateArray(), scope =>
            scope.TryGetProperty("TraceId", out var id) && id.GetString() == problem.Text("traceId"));
    }

    private Task AssertFailsAsync(string message, params string[] arguments) => AssertFailsAsync(error => error == message + Environment.NewLine, arguments);

    private async Task AssertFailsAsync(Predicate<string> isRight, params string[] arguments)
    {
        var service = Run([.. arguments.Contains("--urls", StringComparer.Ordinal) ? [] : new[] { "--urls", "http://127.0.0.1:0" }, .. arguments]);
        using var patience = new CancellationTokenSource(Patience);
        var log = service.StandardOutput.ReadToEndAsync();
        var error = await service.StandardError.ReadToEndAsync(patience.Token);
        await service.WaitForExitAsync(patience.Token);
        Assert.True(isRight(error), error);
        Assert.Equal(1, error.Count(letter => letter == '\n'));
        Assert.NotEqual(0, service.ExitCode);
        Assert.DoesNotContain("   at ", await log, StringComparison.Ordinal);
    }

    /// <summary>A registry without entries, changed by hand, and where in its file a table or an index begins.</summary>
    private async Task<(string File, (long Position, int Length) Page)> RegistryAsync(string byHand, string place = "registry")
    {
        var file = NewFile();
        await using var database = Engines.Open($"Data Source={file};Pooling=False");
        await Migrations.ApplyAsync(database, Engine.Sqlite, CancellationToken.None);
        await using var db = await database.OpenConnectionAsync();
        var length = await db.ExecuteScalarAsync<int>("pragma page_size");
        var page = await db.ExecuteScalarAsync<long>("select rootpage from sqlite_master where name = @Place", new { Place = place });
        await db.ExecuteAsync(byHand);
        await db.ExecuteAsync("pragma wal_checkpoint(truncate)");
        return (file, ((page - 1) * length, length));
    }

    private string NewFile() => Path.Combine(_folder, Path.GetRandomFileName());

    private static async Task<int> ListensAtAsync(Process service)
    {
        var listening = JsonElement.Parse(await LineAsync(service, "Now listening on"));
        return new Uri(listening.GetProperty("State").Text("address")!).Port;
    }

    /// <summary>The next line of the log that contains the words.</summary>
    private static async Task<string> LineAsync(Process service, string words)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await service.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The service ended before it said '{words}': {await service.StandardError.ReadToEndAsync(patience.Token)}");
    }

    private Process Run(params string[] arguments)
    {
        var service = Process.Start(new ProcessStartInfo("dotnet", [typeof(Start).Assembly.Location, "--Registry:Seed=none", .. arguments])
        {
            Environment = { ["LC_ALL"] = "C" },
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _started.Add(service);
        return service;
    }
}
