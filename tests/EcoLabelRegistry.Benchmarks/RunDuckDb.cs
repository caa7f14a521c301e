using System.Diagnostics;
using System.Globalization;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>DuckDB in a process of Node's, with the facts in its memory: joins a CSV with them and writes a CSV.</summary>
internal sealed class RunDuckDb : IAsyncDisposable
{
    private const string Package = "@duckdb/node-api@1.5.6-r.1";

    private const string Script = """
        import { DuckDBInstance } from '@duckdb/node-api';
        import { createInterface } from 'node:readline';
        const instance = await DuckDBInstance.create(':memory:');
        const connection = await instance.connect();
        for await (const line of createInterface({ input: process.stdin })) {
          try {
            await connection.run(JSON.parse(line));
            console.log('done');
          } catch (failure) {
            console.log(JSON.stringify(String(failure)));
          }
        }
        """;

    // What a buyer would write who has the certificates and the agreements as tables.
    private const string Join = """
        copy (
            select o.*,
                case when c.gtin is null then 'unknown'
                     when c.valid_from > date '2025-06-01' or c.valid_until < date '2025-06-01' then 'no'
                     when c.scheme = o."recognisedBy" then 'yes'
                     when g.level like 'full-%' then 'yes'
                     when g.level is not null then 'partly'
                     else 'no' end as answer,
                c.scheme as certificate_scheme, c.number as certificate_number, g.agreement, g.level
            from read_csv('LINES', header = true, all_varchar = true) o
            left join certificate c on c.gtin = o.gtin
            left join accepted g on g.recognised = c.scheme and g.recogniser = o."recognisedBy" and g.effective_from <= date '2025-06-01'
        ) to 'ANSWERS' (header, delimiter ',')
        """;

    private readonly Process _process;

    private RunDuckDb(Process process) => _process = process;

    /// <summary>Installs it where the data is, starts it and loads the facts.</summary>
    public static async Task<RunDuckDb> StartAsync(BenchmarkData data, RegistrySize size)
    {
        var folder = Directory.CreateDirectory(Path.Combine(data.Folder, "duckdb")).FullName;
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            using var install = Process.Start(new ProcessStartInfo("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error", Package]))!;
            await install.WaitForExitAsync();
            if (install.ExitCode != 0)
            {
                throw new InvalidOperationException($"{Package} could not be installed.");
            }
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "join.mjs"), Script);
        var duck = new RunDuckDb(Process.Start(new ProcessStartInfo("node", ["join.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!);
        var certificates = data.MakeFile(FormattableString.Invariant($"certificates-{size.Certificates}-{size.Schemes}.csv"), writer => MakeRegistry.WriteCertificates(writer, size));
        var grants = data.MakeFile(FormattableString.Invariant($"grants-{size.Schemes}-{size.Grants}.csv"), writer => MakeRegistry.WriteGrants(writer, size));
        await duck.ExecuteAsync($"create table certificate as select * from read_csv('{certificates}', header = true, types = {{'gtin': 'VARCHAR'}})");
        await duck.ExecuteAsync($"create table accepted as select * from read_csv('{grants}', header = true)");
        return duck;
    }

    /// <summary>Joins a list and writes the answers.</summary>
    public Task RunAsync(string lines, string answers) =>
        ExecuteAsync(Join.Replace("LINES", lines, StringComparison.Ordinal).Replace("ANSWERS", answers, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ExecuteAsync(string sql)
    {
        await _process.StandardInput.WriteLineAsync(System.Text.Json.JsonSerializer.Serialize(sql));
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync();
        if (answer != "done")
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"DuckDB: {answer}"));
        }
    }
}
