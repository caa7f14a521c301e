using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Npgsql;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>A PostgreSQL of its own on a free port, with the question as a prepared join that pgbench asks.</summary>
internal sealed partial class RunPostgres : IAsyncDisposable
{
    private const string Tables = """
        create table certificate (
            gtin bigint not null, scheme int not null, number text not null, holder text not null, brand text not null, model text not null, category int not null,
            valid_from date not null, valid_until date not null);
        create table "grant" (
            agreement text not null, id text not null, recogniser int not null, recognised int not null, level text not null, effective_from date not null, effective_until date);
        """;

    private const string Indexes = """
        create index on certificate (gtin);
        create index on "grant" (recogniser, recognised);
        vacuum analyze;
        """;

    private readonly string _bin;
    private readonly string _folder;
    private readonly int _port;

    private RunPostgres(string bin, string folder, int port)
    {
        (_bin, _folder, _port) = (bin, folder, port);
    }

    private string Server => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=registry;Database=postgres");

    /// <summary>Makes a cluster and starts it, durable as it comes.</summary>
    public static async Task<RunPostgres> StartAsync()
    {
        var bin = Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin")).FirstOrDefault(File.Exists)
            ?? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin";
        var folder = Directory.CreateTempSubdirectory("postgres-").FullName;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var postgres = new RunPostgres(bin, folder, port);
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", ["postgres", folder]);
        }

        await postgres.AsOwnerAsync("initdb", "-D", folder + "/data", "-U", "registry", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        await postgres.AsOwnerAsync(
            "pg_ctl", "-D", folder + "/data", "-w", "-l", folder + "/log", "-o",
            string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c shared_buffers=512MB"), "start");
        return postgres;
    }

    /// <summary>Fills the tables with the facts of a registry of this size.</summary>
    public async Task FillAsync(RegistrySize size)
    {
        await using var source = NpgsqlDataSource.Create(Server);
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, Tables);
        await using (var rows = await connection.BeginTextImportAsync("copy certificate from stdin"))
        {
            for (var i = 0; i < size.Certificates; i++)
            {
                await rows.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{i}\t{i % size.Schemes}\tLIC-{i:0000000}\tHolder {i % 50_000} Manufacturing Co., Ltd\tBrand {i % 5_000}\tModel {i}\t{i % 40}\t2023-01-01\t2028-01-01"));
            }
        }

        var each = Math.Max(1, size.Grants / size.Schemes);
        await using (var rows = await connection.BeginTextImportAsync("copy \"grant\" from stdin"))
        {
            for (var i = 0; i < size.Grants; i++)
            {
                var recognised = i / each % size.Schemes;
                await rows.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"agreement-{i:00000}\tg1\t{(recognised + 1 + (i % each)) % size.Schemes}\t{recognised}\tfull-product\t2021-01-01\t\\N"));
            }
        }

        foreach (var statement in Indexes.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await ExecuteAsync(connection, statement);
        }

        await File.WriteAllTextAsync(_folder + "/join.sql", string.Create(CultureInfo.InvariantCulture, $"""
            \set n random(0, {size.Certificates - 1})
            \set d random(1, {2 * each})
            \set y (:n + :d) % {size.Schemes}
            select c.number, c.holder, c.brand, c.model, c.category, c.valid_from, c.valid_until, g.agreement, g.id, g.level from certificate c left join "grant" g on g.recognised = c.scheme and g.recogniser = :y and g.effective_from <= '2025-06-01' and (g.effective_until is null or g.effective_until >= '2025-06-01') where c.gtin = :n and c.valid_from <= '2025-06-01' and c.valid_until >= '2025-06-01';
            """));
    }

    /// <summary>Asks for so many seconds; answers a second.</summary>
    public async Task<double> RunAsync(int connections, int seconds)
    {
        var output = await RunAsync(
            _bin + "/pgbench",
            [
                "-n", "-M", "prepared", "-c", connections.ToString(CultureInfo.InvariantCulture), "-j", "1", "-T", seconds.ToString(CultureInfo.InvariantCulture),
                "-f", _folder + "/join.sql", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "registry", "postgres",
            ]);
        return double.Parse(Tps().Match(output).Groups["number"].Value, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await AsOwnerAsync("pg_ctl", "-D", _folder + "/data", "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // constants of this file
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    // PostgreSQL does not run as root.
    private Task<string> AsOwnerAsync(string program, params string[] arguments) => Environment.UserName == "root"
        ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", $"{_bin}/{program}", .. arguments])
        : RunAsync($"{_bin}/{program}", arguments);

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        // A server that pg_ctl leaves behind would hold a pipe open: only what is read to its end is read.
        var isServer = arguments.Contains("start", StringComparer.Ordinal);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = !isServer, UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = isServer ? "" : await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {output}");
    }

    [GeneratedRegex(@"tps = (?<number>[0-9.]+) \(without", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tps();
}
