using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>P6: from the start of the service, published and compiled ahead of time as its README says, to its first right answer.</summary>
internal static class MeasureStart
{
    private const string Project = "src/EcoLabelRegistry";

    public static async Task<Row> RunAsync(BenchmarkData data, Settings settings)
    {
        var folder = Path.Combine(data.Folder, "published");
        using (var publish = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--no-self-contained", "-p:PublishReadyToRun=true", "-o", folder, "--nologo", "-v", "q"]))!)
        {
            await publish.WaitForExitAsync();
            if (publish.ExitCode != 0)
            {
                throw new InvalidOperationException($"{Project} could not be published: start this where that folder lies.");
            }
        }

        var database = await data.SqliteAsync(settings.Size);
        var seconds = new List<double>();
        for (var i = 0; i < settings.Pairs; i++)
        {
            seconds.Add((await FirstAnswerAsync(Path.Combine(folder, "EcoLabelRegistry"), database)).TotalSeconds);
        }

        var median = Median(seconds);
        return new Row(
            "P6",
            string.Create(CultureInfo.InvariantCulture, $"the same, published and compiled ahead of time ({seconds.Min():0.00} to {seconds.Max():0.00} s)"),
            Seconds(TimeSpan.FromSeconds(median)), "", "", "2 s", median < 2);
    }

    private static async Task<TimeSpan> FirstAnswerAsync(string program, string database)
    {
        var port = RunServer.FreePort();
        var clock = Stopwatch.StartNew();
        using var service = Process.Start(new ProcessStartInfo(
            program, [$"--urls=http://127.0.0.1:{port}", $"--Registry:Database={database}", "--Registry:Seed=none", "--Registry:Snapshot:MaxMegabytes=8192"])
        {
            RedirectStandardOutput = true, // its log is not what is measured
            UseShellExecute = false,
        })!;
        service.OutputDataReceived += (_, _) => { };
        service.BeginOutputReadLine();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        while (true)
        {
            try
            {
                var answer = await http.GetStringAsync(MeasureAll.Question);
                if (!answer.Contains("\"outcome\":\"unknown\"", StringComparison.Ordinal))
                {
                    var first = clock.Elapsed;
                    service.Kill();
                    await service.WaitForExitAsync();
                    return first;
                }
            }
            catch (HttpRequestException) when (!service.HasExited)
            {
                // Not listening yet.
            }

            await Task.Delay(20);
        }
    }
}
