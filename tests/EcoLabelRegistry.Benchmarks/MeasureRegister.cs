using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>P7: a whole register by PUT, durable, against the sqlite3 shell importing the rows that come of it into the same tables with the same indexes.</summary>
/// <remarks>The shell gets the rows as they are stored: it judges nothing, reads no JSON, keeps no log and asks nobody who he is.</remarks>
internal static partial class MeasureRegister
{
    private static readonly string[] Tables = ["certificate", "certificate_number", "product_line", "product_gtin", "change_item"];

    public static async Task<IEnumerable<Row>> RunAsync(BenchmarkData data, Settings settings)
    {
        var certificates = settings.Size.Certificates;
        var register = data.MakeFile(FormattableString.Invariant($"register-{certificates}.ndjson"), writer => MakeRegistry.WriteRegister(writer, certificates, 1, "first"));
        string? import = null;
        var pairs = await Pairs.RunAsync(
            settings.Pairs,
            async () =>
            {
                var (database, file) = await data.CopyAsync(RegistrySize.Small);
                var figures = await PutAsync(database, register);
                import ??= Dump(data.Folder, file);
                return figures;
            },
            () => ImportAsync(data.Folder, import!));
        var (wall, processor) = (pairs.Ratio(f => f.Wall), pairs.Ratio(f => f.Processor));
        return
        [
            new Row("P7", $"PUT …/register of {Count(certificates)} certificates, durable, against the sqlite3 shell", Seconds(pairs.Ours(f => f.Wall)), Seconds(pairs.Theirs(f => f.Wall)),
                wall.ToString(), "≤ 3.0", wall.Median <= 3),
            new Row("P7", "its processor time", Seconds(pairs.Ours(f => f.Processor)), Seconds(pairs.Theirs(f => f.Processor)), processor.ToString(), "≤ 3.0", processor.Median <= 3),
        ];
    }

    private static async Task<(double Wall, double Processor)> PutAsync(string database, string register)
    {
        await using var server = await RunServer.StartAsync(database, MeasureAll.Question);
        await using var file = new FileStream(register, new FileStreamOptions { Options = FileOptions.Asynchronous, BufferSize = 1 << 16 });
        using var body = new StreamContent(file, 1 << 16) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        var before = server.ProcessorTime;
        var clock = Stopwatch.StartNew();
        await server.WriteAsync(HttpMethod.Put, $"/v1/schemes/{MakeRegistry.Scheme(1)}/register?maxWithdraw=100", body);
        return (clock.Elapsed.TotalSeconds, (server.ProcessorTime - before).TotalSeconds);
    }

    /// <summary>The rows that the register became, a file a table, and the tables with their indexes as a script of the shell.</summary>
    private static string Dump(string folder, string file)
    {
        using var db = new SqliteConnection($"Data Source={file}");
        db.Open();
        var schema = new List<string>();
        using (var command = db.CreateCommand())
        {
            command.CommandText = "select sql from sqlite_master where sql is not null and tbl_name in ('change', 'certificate', 'certificate_number', 'product_line', 'product_gtin', 'change_item')";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                // The shell imports no nulls: an open end is an empty text there, so that each index has as many rows as ours.
                schema.Add(OpenEnd().Replace(reader.GetString(0), "recorded_until = ''") + ";");
            }
        }

        var imports = new List<string>();
        foreach (var table in Tables)
        {
            var rows = Path.Combine(folder, $"shell-{table}.csv");
            imports.Add($".import --csv {rows} {table}");
            var last = table == "change_item" ? "revision" : "recorded_from";
            Shell($".mode csv\n.headers off\n.once {rows}\nselect * from {table} where {last} = (select revision from registry);\n", file);
        }

        var script = Path.Combine(folder, "shell.sql");
        File.WriteAllText(
            script,
            string.Join('\n', ["pragma journal_mode = wal;", "pragma synchronous = full;", .. schema, .. imports, "pragma wal_checkpoint(truncate);", ""]));
        return script;
    }

    private static Task<(double Wall, double Processor)> ImportAsync(string folder, string script)
    {
        var file = Path.Combine(folder, "shell.db");
        BenchmarkData.Remove(file);
        var clock = Stopwatch.StartNew();
        var processor = Shell(File.ReadAllText(script), file);
        return Task.FromResult((clock.Elapsed.TotalSeconds, processor));
    }

    /// <returns>Its processor time in seconds, which only its parent gets to know: bash tells it.</returns>
    private static double Shell(string commands, string file)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", "TIMEFORMAT='%U %S'; time sqlite3 -bail \"$0\" >/dev/null", file])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        shell.StandardInput.Write(commands);
        shell.StandardInput.Close();
        var said = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return shell.ExitCode == 0
            ? said.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)[^2..].Sum(t => double.Parse(t, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"sqlite3 failed: {said}");
    }

    [GeneratedRegex("recorded_until is null", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OpenEnd();
}
