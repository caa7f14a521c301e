using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>P8: certificates one by one from sixteen writers, each acknowledged when durable, against one raw writer that commits row by row.</summary>
internal static class MeasureWrites
{
    private const int Writers = 16;

    public static async Task<Row> RunAsync(BenchmarkData data, Settings settings)
    {
        var (database, _) = await data.CopyAsync(RegistrySize.Small);
        await using var server = await RunServer.StartAsync(database, MeasureAll.Question);
        var written = 0;
        await WriteAsync(15); // until what is compiled at first use is compiled for good
        var pairs = await Pairs.RunAsync(settings.Pairs, () => WriteAsync(settings.Seconds), () => Task.FromResult(Commit(data.Folder, settings.Seconds)));
        var ratio = pairs.Ratio(r => r);
        return new Row(
            "P8", $"POST /v1/certificates from {Writers} writers, against one raw SQLite writer with synchronous=full", PerSecond(pairs.Ours(r => r)), PerSecond(pairs.Theirs(r => r)),
            ratio.ToString(), "≥ 1.0", ratio.Median >= 1);

        async Task<double> WriteAsync(int seconds)
        {
            var before = written;
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
            {
                while (clock.Elapsed.TotalSeconds < seconds)
                {
                    using var body = new StringContent(Certificate(Interlocked.Increment(ref written)), Encoding.UTF8, "application/json");
                    await server.WriteAsync(HttpMethod.Post, "/v1/certificates", body);
                }
            })));
            return (written - before) / clock.Elapsed.TotalSeconds;
        }
    }

    private static string Certificate(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"scheme":"{{MakeRegistry.Scheme(1)}}","number":"ONE-{{number}}","holder":"Holder {{number % 1_000}}","standard":"{{MakeRegistry.Scheme(1)}}-std","edition":"2020","validFrom":"2024-01-01","validUntil":"2028-01-01","territories":[],"products":[{"brand":"Brand {{number % 100}}","model":"One {{number}}","gtins":["{{MakeRegistry.Gtin(800_000_000 + number)}}"]}]}""");

    private static double Commit(string folder, int seconds)
    {
        var file = Path.Combine(folder, "raw.db");
        BenchmarkData.Remove(file);
        using var db = new SqliteConnection($"Data Source={file};Pooling=False");
        db.Open();
        Execute("pragma journal_mode = wal");
        Execute("pragma synchronous = full");
        Execute("create table certificate (number integer primary key, data text not null)");
        using var insert = db.CreateCommand();
        insert.CommandText = "insert into certificate (number, data) values (@number, @data)";
        var (numberIs, dataIs) = (insert.Parameters.Add("@number", SqliteType.Integer), insert.Parameters.Add("@data", SqliteType.Text));
        var clock = Stopwatch.StartNew();
        var number = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            (numberIs.Value, dataIs.Value) = (++number, Certificate(number));
            insert.ExecuteNonQuery();
        }

        return number / clock.Elapsed.TotalSeconds;

        void Execute(string sql)
        {
            using var command = db.CreateCommand();
#pragma warning disable CA2100 // constants of this method
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
