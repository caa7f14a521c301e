using System.Globalization;
using System.Text;
using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>How the cost of a check grows: with certificates (as many as <c>--certificates</c> allows), and with schemes and their agreements. A table and drawings in the report's folder.</summary>
internal static class MeasureGrowth
{
    private static readonly int[] Certificates = [10_000, 100_000, 1_000_000, 5_000_000];
    private static readonly int[] Schemes = [50, 500, 5_000];

    /// <summary>What one registry costs.</summary>
    private sealed record Cost(RegistrySize Size, double P50, double PerSecond, double Megabytes, double FirstAnswer, double Held);

    public static async Task RunAsync(BenchmarkData data, Settings settings)
    {
        Directory.CreateDirectory(settings.Report);
        var large = RegistrySize.Large;
        var byCertificates = await MeasureAsync(Certificates.Where(c => c <= settings.Size.Certificates).Select(c => large with { Certificates = c }), data, settings);
        var bySchemes = await MeasureAsync(Schemes.Select(s => new RegistrySize(100_000, s, 10 * s)), data, settings);
        var report = new StringBuilder("# How the cost of a check grows\n\n").Append(Machine.Describe()).Append("\n\n")
            .Append(CultureInfo.InvariantCulture, $"`GET /v1/check` by random GTIN; latency with one connection, requests a second with {settings.Connections}, medians of {settings.Pairs} runs of {settings.Seconds} s.\n\n")
            .Append(CultureInfo.InvariantCulture, $"Made by `-- growth --certificates {settings.Size.Certificates} --seconds {settings.Seconds} --pairs {settings.Pairs} --report FOLDER`.\n");
        Write(report, "By certificates (500 schemes, 5,000 grants)", "certificates", byCertificates, c => c.Size.Certificates, settings.Report);
        Write(report, "By schemes (100,000 certificates, ten grants for each scheme)", "schemes", bySchemes, c => c.Size.Schemes, settings.Report);
        await File.WriteAllTextAsync(Path.Combine(settings.Report, "README.md"), report.ToString());
        Console.WriteLine(report);
    }

    private static async Task<List<Cost>> MeasureAsync(IEnumerable<RegistrySize> sizes, BenchmarkData data, Settings settings)
    {
        var costs = new List<Cost>();
        foreach (var size in sizes)
        {
            await using var server = await RunServer.StartAsync(await data.SqliteAsync(size), MeasureAll.Question);
            var script = RunWrk.Script(size);
            await RunWrk.RunAsync(server.Port, script, settings.Connections, settings.Seconds); // warm
            var latencies = new List<double>();
            var rates = new List<double>();
            for (var i = 0; i < settings.Pairs; i++)
            {
                latencies.Add((await RunWrk.RunAsync(server.Port, script, 1, settings.Seconds)).P50);
                rates.Add((await RunWrk.RunAsync(server.Port, script, settings.Connections, settings.Seconds)).PerSecond);
            }

            File.Delete(script);
            costs.Add(new Cost(size, Median(latencies), Median(rates), server.ResidentMegabytes, server.FirstAnswer.TotalSeconds, server.Held.TotalSeconds));
            Console.Error.WriteLine(costs[^1]);
        }

        return costs;
    }

    private static void Write(StringBuilder report, string title, string what, List<Cost> costs, Func<Cost, int> of, string folder)
    {
        report.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n")
            .Append(CultureInfo.InvariantCulture, $"| {what} | median latency | requests a second | resident memory | first right answer | snapshot held |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var cost in costs)
        {
            report.Append(
                CultureInfo.InvariantCulture,
                $"| {of(cost):N0} | {cost.P50:N0} µs | {cost.PerSecond:N0} | {cost.Megabytes:N0} MiB | {cost.FirstAnswer:0.0} s | {cost.Held:0.0} s |\n");
        }

        report.Append('\n');
        Draw("latency", "median latency, µs", c => c.P50);
        Draw("rate", "requests a second", c => c.PerSecond);
        Draw("memory", "resident memory, MiB", c => c.Megabytes);

        void Draw(string name, string unit, Func<Cost, double> value)
        {
            var file = $"{what}-{name}.svg";
            File.WriteAllText(Path.Combine(folder, file), DrawLine.Of(what, unit, [.. costs.Select(c => ((double)of(c), value(c)))]));
            report.Append(CultureInfo.InvariantCulture, $"![{unit} by {what}]({file})\n");
        }
    }
}
