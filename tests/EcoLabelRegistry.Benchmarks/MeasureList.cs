using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>P3: a list of offers as CSV, answered as CSV, against DuckDB joining the same files.</summary>
internal static class MeasureList
{
    /// <summary>The date of every question.</summary>
    public const string AsOf = "2025-06-01";

    public static async Task<Row> RunAsync(BenchmarkData data, Settings settings)
    {
        var lines = Lines(data, settings);
        await using var server = await RunServer.StartAsync(await data.SqliteAsync(settings.Size), MeasureAll.Question);
        await using var duck = await RunDuckDb.StartAsync(data, settings.Size);
        var ours = Path.Combine(data.Folder, "answers.csv");
        var theirs = Path.Combine(data.Folder, "answers-duckdb.csv");
        await AskAsync(server, lines, ours); // warm
        await duck.RunAsync(lines, theirs);
        Verify(ours, theirs, settings.Lines);
        var pairs = await Pairs.RunAsync(settings.Pairs, () => TimeAsync(() => AskAsync(server, lines, ours)), () => TimeAsync(() => duck.RunAsync(lines, theirs)));
        var ratio = pairs.Ratio(t => t);
        return new Row(
            "P3", $"POST /v1/checks, a CSV of {Count(settings.Lines)} lines, against a join in DuckDB", Seconds(pairs.Ours(t => t)), Seconds(pairs.Theirs(t => t)), ratio.ToString(), "≤ 1.0",
            ratio.Median <= 1);
    }

    /// <summary>Offers from a fixed seed: one in ten names a GTIN that nobody has; every other recogniser accepts the certificate's scheme.</summary>
    public static string Lines(BenchmarkData data, Settings settings) => data.MakeFile(
        FormattableString.Invariant($"lines-{settings.Lines}-{settings.Size.Certificates}-{settings.Size.Schemes}-{settings.Size.Grants}.csv"),
        writer =>
        {
            var random = new Random(3);
            var accepts = Math.Max(1, settings.Size.Grants / settings.Size.Schemes);
            writer.Write("id,gtin,recognisedBy,quantity,spend\n");
            for (var i = 0; i < settings.Lines; i++)
            {
                var certificate = random.Next(settings.Size.Certificates);
                var recogniser = (certificate + 1 + random.Next(2 * accepts)) % settings.Size.Schemes;
                var gtin = MakeRegistry.Gtin(random.Next(10) == 0 ? settings.Size.Certificates + certificate : certificate);
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{i},{gtin},{MakeRegistry.Scheme(recogniser)},{random.Next(1, 100)},{random.Next(100, 100_000) / 100m}\n"));
            }
        });

    /// <summary>Sends the list as a stream and writes the answer as it comes.</summary>
    /// <returns>The revision that all of it was answered at.</returns>
    public static async Task<long> AskAsync(RunServer server, string lines, string answers)
    {
        await using var list = new FileStream(lines, new FileStreamOptions { Mode = FileMode.Open, Options = FileOptions.Asynchronous, BufferSize = 1 << 16 });
        using var body = new StreamContent(list, 1 << 16) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/checks?asOf=" + AsOf) { Content = body };
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var file = new FileStream(answers, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 });
        await answer.Content.CopyToAsync(file);
        return long.Parse(answer.Headers.GetValues("Registry-Revision").Single(), CultureInfo.InvariantCulture);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>What is measured must be the same answer: yes, partly, no or unknown for each line. DuckDB does not keep the order of the lines; that is not asked of it.</summary>
    private static void Verify(string ours, string theirs, int lines)
    {
        var answers = new Dictionary<string, string>(lines, StringComparer.Ordinal);
        foreach (var line in File.ReadLines(ours).Skip(1))
        {
            var cells = line.TrimStart('\uFEFF').Split(',');
            answers.Add(cells[0], cells[5]);
        }

        var same = File.ReadLines(theirs).Skip(1).Select(l => l.Split(',')).Count(cells => answers.TryGetValue(cells[0], out var answer) && answer == cells[5]);
        if (answers.Count != lines || same != lines)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{answers.Count} lines came back of {lines}, and the two agree on {same}."));
        }
    }
}
