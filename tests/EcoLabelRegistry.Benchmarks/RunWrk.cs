using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>What one run of wrk measured.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="P50">Median latency, in microseconds.</param>
/// <param name="P99">99th percentile, in microseconds.</param>
internal sealed record Load(double PerSecond, double P50, double P99);

/// <summary>Sends random questions with wrk: one thread, the same script to whatever is measured.</summary>
internal static partial class RunWrk
{
    /// <summary>The script: a random certificate's GTIN, asked of a recogniser that accepts its scheme every other time.</summary>
    public static string Script(RegistrySize size)
    {
        var file = Path.Combine(Path.GetTempPath(), $"questions-{Guid.NewGuid():n}.lua");
        var accepts = Math.Max(1, size.Grants / size.Schemes);
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $$"""
            local floor, random = math.floor, math.random
            math.randomseed(20261125)
            request = function()
              local n = random(0, {{size.Certificates - 1}})
              local twelve = string.format("21%010d", n)
              local sum = 0
              for i = 1, 12 do
                local d = string.byte(twelve, i) - 48
                sum = sum + (i % 2 == 0 and d * 3 or d)
              end
              local recogniser = (n % {{size.Schemes}} + random(1, {{2 * accepts}})) % {{size.Schemes}}
              return wrk.format("GET", string.format("/v1/check?recognisedBy=scheme-%03d&gtin=%s%d&asOf=2025-06-01", recogniser, twelve, (10 - sum % 10) % 10))
            end
            """));
        return file;
    }

    /// <summary>One run.</summary>
    public static async Task<Load> RunAsync(int port, string script, int connections, int seconds)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[]
        {
            "-t1", FormattableString.Invariant($"-c{connections}"), FormattableString.Invariant($"-d{seconds}s"), "--latency", "-s", script,
            FormattableString.Invariant($"http://127.0.0.1:{port}"),
        })
        {
            start.ArgumentList.Add(argument);
        }

        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"Not every question was answered:\n{output}")
            : new Load(Number(PerSecond().Match(output)), Microseconds("50%", output), Microseconds("99%", output));
    }

    private static double Number(Match match) => double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);

    private static double Microseconds(string percentile, string output)
    {
        var match = Regex.Match(output, $@"{percentile}\s+(?<number>[0-9.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        return Number(match) * match.Groups["unit"].Value switch { "us" => 1, "ms" => 1_000, _ => 1_000_000 };
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<number>[0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PerSecond();
}
