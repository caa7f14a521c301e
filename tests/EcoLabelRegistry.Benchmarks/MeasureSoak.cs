using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>Five minutes at full speed while registers are replaced again and again: memory and the slowest answers, from the first minute to the last.</summary>
internal static class MeasureSoak
{
    private const int Minutes = 5;
    private const int Window = 10; // seconds
    private const int Schemes = 5;

    public static async Task<IEnumerable<Row>> RunAsync(BenchmarkData data, Settings settings)
    {
        var (database, _) = await data.CopyAsync(settings.Size);
        await using var server = await RunServer.StartAsync(database, MeasureAll.Question);
        var script = RunWrk.Script(settings.Size);
        using var stop = new CancellationTokenSource();
        var replaced = 0;
        var replacing = Task.Run(async () =>
        {
            for (var turn = 0; !stop.IsCancellationRequested; turn++)
            {
                await ReplaceAsync(server, turn % Schemes, FormattableString.Invariant($"edition {turn / Schemes % 2}"), settings.Size);
                replaced++;
            }
        });
        var windows = new List<(double Memory, double P99, double PerSecond)>();
        for (var i = 0; i < Minutes * 60 / Window; i++)
        {
            var load = await RunWrk.RunAsync(server.Port, script, settings.Connections, Window);
            windows.Add((server.ResidentMegabytes, load.P99, load.PerSecond));
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{(i + 1) * Window} s: {load.PerSecond:N0}/s, p99 {load.P99:N0} µs, {server.ResidentMegabytes:N0} MiB, {replaced} registers replaced"));
        }

        await stop.CancelAsync();
        await replacing;
        File.Delete(script);
        const int minute = 60 / Window;
        var (first, last) = (windows.Take(minute).ToList(), windows.TakeLast(minute).ToList());
        // Memory goes up and down with the garbage collector; what counts is whether its middle rises once the first minute has filled what it fills.
        var (memoryFirst, memoryLast) = (Median(windows.Skip(minute).Take(minute).Select(w => w.Memory)), Median(last.Select(w => w.Memory)));
        var (p99First, p99Last) = (Median(first.Select(w => w.P99)), Median(last.Select(w => w.P99)));
        return
        [
            new Row("soak", $"{Minutes} minutes, {Count((long)windows.Sum(w => w.PerSecond * Window))} checks, {replaced} registers replaced: median memory of the last minute over the second", Mib(memoryLast), Mib(memoryFirst),
                string.Create(CultureInfo.InvariantCulture, $"{memoryLast / memoryFirst:0.00}"), "≤ 1.05", memoryLast <= memoryFirst * 1.05),
            new Row("soak", "p99 of the last minute over the first (medians of ten seconds)", Micros(p99Last), Micros(p99First),
                string.Create(CultureInfo.InvariantCulture, $"{p99Last / p99First:0.00}"), "≤ 2.0", p99Last <= 2 * p99First),
        ];
    }

    /// <summary>A whole register of the size that each scheme has, in which every holder is another than the time before.</summary>
    private static async Task ReplaceAsync(RunServer server, int scheme, string edition, RegistrySize size)
    {
        using var buffer = new MemoryStream();
        await using (var rows = new StreamWriter(buffer, new UTF8Encoding(false), leaveOpen: true))
        {
            MakeRegistry.WriteRegister(rows, size.Certificates / size.Schemes, scheme, edition);
        }

        using var body = new ByteArrayContent(buffer.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        await server.WriteAsync(HttpMethod.Put, $"/v1/schemes/{MakeRegistry.Scheme(scheme)}/register?maxWithdraw=100", body);
    }
}
