using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>Times of <c>/v1/match</c> over loopback, one question after the other: random products and numbers, each typed with a slip or two.</summary>
internal static class MeasureMatch
{
    private const int Seed = 20_261_125;
    private const int Questions = 400;
    private const int Warming = 60;

    public static async Task<IReadOnlyList<Row>> RunAsync(BenchmarkData data, Settings settings)
    {
        await using var server = await RunServer.StartAsync(await data.SqliteAsync(settings.Size), MeasureAll.Question);
        var before = server.ResidentMegabytes;
        var (http, size) = (server.Http, settings.Size);
        var kinds = new List<(string What, bool IsMeant, Func<Random, int, ValueTask<string>> Typed)>
        {
            ("brand and model, slips", true, async (random, i) => string.Join(' ', [Slip(random, "Brand"), await BrandAsync(http, i), Slip(random, "Model"), Text(i)])),
            ("model, one digit wrong", false, (random, i) => new("Model " + Wrong(random, Text(i)))),
            ("scheme and number, slips", true, (random, i) => new(MakeRegistry.Scheme(i % size.Schemes) + " " + Slip(random, Number(i)))),
            ("holder, slips", false, (random, _) => new($"Holder {random.Next(50_000)} {Slip(random, "Manufacturing")}")),
            ("a word that all share, slips", false, (random, _) => new(Slip(random, "Brand"))),
        };
        var rows = new List<Row>();
        foreach (var (what, isMeant, typed) in kinds)
        {
            rows.Add(await AskAsync(http, what, isMeant, typed, size));
        }

        return [.. rows, new Row("match", "resident memory before, and after", $"{Mib(before)}, {Mib(server.ResidentMegabytes)}", "", "", "400 MiB", server.ResidentMegabytes < 400)];
    }

    private static async Task<Row> AskAsync(HttpClient http, string what, bool isMeant, Func<Random, int, ValueTask<string>> typed, RegistrySize size)
    {
        var random = new Random(Seed);
        var times = new List<double>();
        var found = 0;
        for (var n = 0; n < Questions + Warming; n++)
        {
            var i = random.Next(size.Certificates);
            var address = "/v1/match?q=" + Uri.EscapeDataString(await typed(random, i));
            var clock = Stopwatch.GetTimestamp();
            var answer = await http.GetByteArrayAsync(address);
            if (n >= Warming)
            {
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
                found += Has(answer, i) ? 1 : 0;
            }
        }

        times.Sort();
        var (median, p99) = (times[times.Count / 2], times[times.Count * 99 / 100]);
        return new Row(
            "match",
            string.Create(CultureInfo.InvariantCulture, $"GET /v1/match, median (p99), {Count(size.Certificates)} products: {what}{(isMeant ? $"; the one meant is shown in {100.0 * found / Questions:0.0} %" : "")}"),
            string.Create(CultureInfo.InvariantCulture, $"{median:0.0} ms ({p99:0.0} ms)"), "", "", "50 ms", median < 50);
    }

    private static bool Has(byte[] answer, int i) => JsonDocument.Parse(answer).RootElement.GetProperty("candidates").EnumerateArray().Any(candidate =>
        (candidate.GetProperty("product") is { ValueKind: JsonValueKind.Object } product && product.GetProperty("model").GetString() == "Model " + Text(i))
        || (candidate.GetProperty("certificate") is { ValueKind: JsonValueKind.Object } certificate
            && certificate.GetProperty("number").GetString() == Number(i)));

    // The brand was chosen at random when the registry was made: who asks knows it from the label.
    private static async ValueTask<string> BrandAsync(HttpClient http, int i)
    {
        using var body = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/v1/check?recognisedBy={MakeRegistry.Scheme(0)}&gtin={MakeRegistry.Gtin(i)}", UriKind.Relative)));
        return body.RootElement.GetProperty("product").GetProperty("brand").GetString()!.Split(' ')[1];
    }

    private static string Number(int i) => string.Create(CultureInfo.InvariantCulture, $"LIC-{i:0000000}");

    private static string Text(int i) => i.ToString(CultureInfo.InvariantCulture);

    /// <summary>Two letters swapped, one left out, one doubled or one replaced.</summary>
    private static string Slip(Random random, string text)
    {
        var at = random.Next(text.Length - 1);
        return random.Next(4) switch
        {
            0 => string.Concat(text.AsSpan(0, at), [text[at + 1], text[at]], text.AsSpan(at + 2)),
            1 => text.Remove(at, 1),
            2 => text.Insert(at, text[at..(at + 1)]),
            _ => string.Concat(text.AsSpan(0, at), [(char)('a' + random.Next(26))], text.AsSpan(at + 1)),
        };
    }

    private static string Wrong(Random random, string digits)
    {
        var at = random.Next(digits.Length);
        return string.Concat(digits.AsSpan(0, at), [(char)('0' + ((digits[at] - '0' + 1 + random.Next(9)) % 10))], digits.AsSpan(at + 1));
    }
}
