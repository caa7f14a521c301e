using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>A long list while label bodies write: no error, memory bounded, and a sample of its answers compared with single checks at the same revision.</summary>
internal static class MeasureStorm
{
    private const int Sampled = 10_000;
    private const int Writers = 4;

    public static async Task<IEnumerable<Row>> RunAsync(BenchmarkData data, Settings settings)
    {
        var lines = MeasureList.Lines(data, settings);
        var answers = Path.Combine(data.Folder, "storm.csv");
        var (database, _) = await data.CopyAsync(settings.Size);
        await using var server = await RunServer.StartAsync(database, MeasureAll.Question);
        using var stop = new CancellationTokenSource();
        var writes = 0;
        var most = 0.0;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await WriteAsync(server, writer, i, settings);
                Interlocked.Increment(ref writes);
            }
        })));
        var watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                most = Math.Max(most, server.ResidentMegabytes);
                await Task.Delay(100);
            }
        });
        while (Volatile.Read(ref writes) < Writers * 5)
        {
            await Task.Delay(10); // the list begins amid writes
        }

        var revision = await MeasureList.AskAsync(server, lines, answers);
        await stop.CancelAsync();
        await Task.WhenAll(writing, watching);
        var differences = await CompareAsync(server, answers, revision, settings.Lines);
        return
        [
            new Row("storm", $"a CSV of {Count(settings.Lines)} lines at revision {revision}, {Count(writes)} writes meanwhile: answers of {Count(Sampled)} that differ from the single check", Count(differences), "",
                "", "0", differences == 0),
            new Row("storm", "most resident memory meanwhile", Mib(most), "", "", "400 MiB", most < 400),
        ];
    }

    // Suspensions and reinstatements, new certificates, and a register of some hundred rows: of schemes that the list asks for.
    private static async Task WriteAsync(RunServer server, int writer, int turn, Settings settings)
    {
        var scheme = MakeRegistry.Scheme((writer * 100) % settings.Size.Schemes);
        if (turn % 50 == 49)
        {
            using var buffer = new MemoryStream();
            await using (var rows = new StreamWriter(buffer, new UTF8Encoding(false), leaveOpen: true))
            {
                MakeRegistry.WriteRegister(rows, 200, (writer * 100) % settings.Size.Schemes, FormattableString.Invariant($"edition {turn}"));
            }

            using var register = new ByteArrayContent(buffer.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
            await server.WriteAsync(HttpMethod.Patch, $"/v1/schemes/{scheme}/register", register);
            return;
        }

        var certificate = ((turn / 2 % 50) * settings.Size.Schemes) + ((writer * 100) % settings.Size.Schemes);
        using var body = new StringContent(
            $$"""{"type":"{{(turn % 2 == 0 ? "suspended" : "reinstated")}}","effective":"{{MeasureList.AsOf}}"}""", Encoding.UTF8, "application/json");
        await server.WriteAsync(HttpMethod.Post, $"/v1/certificates/{MakeRegistry.CertificateId(certificate, settings.Size)}/events", body);
    }

    private static async Task<int> CompareAsync(RunServer server, string answers, long revision, int lines)
    {
        var every = Math.Max(1, lines / Sampled);
        var sample = File.ReadLines(answers).Skip(1).Where((_, i) => i % every == 0).Take(Sampled).ToList();
        var differences = 0;
        await Parallel.ForEachAsync(sample, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (line, cancel) =>
        {
            var cells = line.Split(',');
            var single = await server.Http.GetStringAsync(
                FormattableString.Invariant($"/v1/check?gtin={cells[1]}&recognisedBy={cells[2]}&asOf={MeasureList.AsOf}&knownAt={revision}"), cancel);
            if (Expected(JsonDocument.Parse(single).RootElement) is var expected && expected != string.Join(',', cells[5..11]))
            {
                Interlocked.Increment(ref differences);
                Console.Error.WriteLine($"list:   {line}\nsingle: {expected}");
            }
        });
        return differences;
    }

    /// <summary>The first six columns that a list adds, from a single answer.</summary>
    private static string Expected(JsonElement answer)
    {
        var paths = answer.GetProperty("paths");
        var certificates = answer.GetProperty("certificates");
        JsonElement? best = paths.GetArrayLength() > 0 ? paths[0] : null;
        JsonElement? certificate = best is { } path ? path.GetProperty("certificate") : certificates.GetArrayLength() == 1 ? certificates[0] : null;
        var steps = best is { } steppedPath ? steppedPath.GetProperty("steps").EnumerateArray().Select(s => Text(s, "agreement") ?? Text(s, "policy")) : [];
        return string.Join(
            ',', Text(answer, "answer"), Text(answer, "outcome"), Text(certificate, "scheme"), Text(certificate, "number"), string.Join("; ", steps), Text(best, "level"));
    }

    private static string? Text(JsonElement? element, string member) =>
        element is { } there && there.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
