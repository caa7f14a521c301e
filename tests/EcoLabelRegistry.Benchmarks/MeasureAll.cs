using System.Globalization;

using static EcoLabelRegistry.Benchmarks.Figures;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>Measures everything and prints one table.</summary>
internal static class MeasureAll
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (Settings.Read(args) is not { } settings)
        {
            return 2;
        }

        var rows = new List<Row>();
        await using var data = await BenchmarkData.OpenAsync(settings);
        if (settings.Wants("P4"))
        {
            rows.AddRange(Engine());
        }

        if (settings.Wants("P1") || settings.Wants("P2") || settings.Wants("P6"))
        {
            await using var server = await RunServer.StartAsync(await data.SqliteAsync(settings.Size), Question);
            if (settings.Wants("P6"))
            {
                rows.AddRange(Memory(server, settings));
            }

            if (settings.Wants("P1"))
            {
                rows.AddRange(await BareAsync(server, settings));
            }

            if (settings.Wants("P2"))
            {
                rows.Add(await JoinAsync(server, data, settings));
            }

            if (settings.Wants("P6"))
            {
                rows.Add(new Row("P6", "resident memory after the load", Mib(server.ResidentMegabytes), "", "", "400 MiB", server.ResidentMegabytes < 400));
            }
        }

        if (settings.Wants("P6"))
        {
            rows.Add(await MeasureStart.RunAsync(data, settings));
        }

        if (settings.Wants("P5"))
        {
            rows.Add(await GrowthAsync("1,000,000 certificates over 10,000", settings.Size, settings.Size with { Certificates = 10_000 }, data, settings));
            rows.Add(await GrowthAsync("5,000 grants over 50", settings.Size, settings.Size with { Grants = 50 }, data, settings));
        }

        if (settings.Wants("P3"))
        {
            rows.Add(await MeasureList.RunAsync(data, settings));
        }

        if (settings.Wants("P7"))
        {
            rows.AddRange(await MeasureRegister.RunAsync(data, settings));
        }

        if (settings.Wants("P8"))
        {
            rows.Add(await MeasureWrites.RunAsync(data, settings));
        }

        if (settings.Asks("match"))
        {
            rows.AddRange(await MeasureMatch.RunAsync(data, settings));
        }

        if (settings.Asks("storm"))
        {
            rows.AddRange(await MeasureStorm.RunAsync(data, settings));
        }

        if (settings.Asks("soak"))
        {
            rows.AddRange(await MeasureSoak.RunAsync(data, settings));
        }

        if (settings.Asks("growth"))
        {
            await MeasureGrowth.RunAsync(data, settings);
        }

        Print(rows);
        return 0;
    }

    // Of the first certificate, whose number and GTIN every size has.
    internal static string Question => $"/v1/check?recognisedBy={MakeRegistry.Scheme(1)}&gtin={MakeRegistry.Gtin(0)}&asOf=2025-06-01";

    private static IEnumerable<Row> Memory(RunServer server, Settings settings)
    {
        yield return new Row("P6", "start to first right answer", Seconds(server.FirstAnswer), "", "", "2 s", server.FirstAnswer.TotalSeconds < 2);
        yield return new Row("P6", "start to snapshot held", Seconds(server.Held), "", "", "15 s", server.Held.TotalSeconds < 15);
        yield return new Row(
            "P6", string.Create(CultureInfo.InvariantCulture, $"resident memory, {settings.Size.Certificates:N0} certificates"), Mib(server.ResidentMegabytes), "", "", "400 MiB",
            server.ResidentMegabytes < 400);
    }

    private static async Task<IEnumerable<Row>> BareAsync(RunServer server, Settings settings)
    {
        var random = new Random(1);
        var bytes = new List<int>();
        for (var i = 0; i < 1_000; i++)
        {
            var n = random.Next(settings.Size.Certificates);
            var recogniser = MakeRegistry.Scheme(((n % settings.Size.Schemes) + 1 + random.Next(2 * settings.Size.Grants / settings.Size.Schemes)) % settings.Size.Schemes);
            bytes.Add((await server.Http.GetByteArrayAsync($"/v1/check?recognisedBy={recogniser}&gtin={MakeRegistry.Gtin(n)}&asOf=2025-06-01")).Length);
        }

        var mean = (int)bytes.Average();
        await server.SetBareBodyAsync(mean);
        var script = RunWrk.Script(settings.Size);
        await RunWrk.RunAsync(server.Port, script, settings.Connections, settings.Seconds); // warm
        await RunWrk.RunAsync(server.BarePort, script, settings.Connections, settings.Seconds);
        var pairs = await Pairs.RunAsync(
            settings.Pairs,
            () => RunWrk.RunAsync(server.Port, script, settings.Connections, settings.Seconds),
            () => RunWrk.RunAsync(server.BarePort, script, settings.Connections, settings.Seconds));
        File.Delete(script);
        var speed = pairs.Ratio(l => l.PerSecond);
        var latency = pairs.Ratio(l => l.P99);
        return
        [
            new Row("P1", $"GET /v1/check against a bare endpoint, {mean} bytes", PerSecond(pairs.Ours(l => l.PerSecond)), PerSecond(pairs.Theirs(l => l.PerSecond)),
                speed.ToString(), "≥ 0.80", speed.Median >= 0.80),
            new Row("P1", "its p99", Micros(pairs.Ours(l => l.P99)), Micros(pairs.Theirs(l => l.P99)), latency.ToString(), "≤ 1.3", latency.Median <= 1.3),
        ];
    }

    private static async Task<Row> JoinAsync(RunServer server, BenchmarkData data, Settings settings)
    {
        var join = await data.JoinAsync(settings.Size);
        var script = RunWrk.Script(settings.Size);
        await RunWrk.RunAsync(server.Port, script, settings.Connections, settings.Seconds); // warm
        var pairs = await Pairs.RunAsync(
            settings.Pairs,
            async () => (await RunWrk.RunAsync(server.Port, script, settings.Connections, settings.Seconds)).PerSecond,
            () => join.RunAsync(settings.Connections, settings.Seconds));
        File.Delete(script);
        var ratio = pairs.Ratio(p => p);
        return new Row(
            "P2", "the same against a prepared join in PostgreSQL", PerSecond(pairs.Ours(p => p)), PerSecond(pairs.Theirs(p => p)), ratio.ToString(), "≥ 2.5", ratio.Median >= 2.5);
    }

    private static async Task<Row> GrowthAsync(string what, RegistrySize large, RegistrySize small, BenchmarkData data, Settings settings)
    {
        await using var ours = await RunServer.StartAsync(await data.SqliteAsync(large), Question);
        await using var theirs = await RunServer.StartAsync(await data.SqliteAsync(small), Question);
        var (script, other) = (RunWrk.Script(large), RunWrk.Script(small));
        await RunWrk.RunAsync(ours.Port, script, 1, settings.Seconds);
        await RunWrk.RunAsync(theirs.Port, other, 1, settings.Seconds);
        var pairs = await Pairs.RunAsync(
            settings.Pairs, () => RunWrk.RunAsync(ours.Port, script, 1, settings.Seconds), () => RunWrk.RunAsync(theirs.Port, other, 1, settings.Seconds));
        File.Delete(script);
        File.Delete(other);
        var ratio = pairs.Ratio(l => l.P50);
        return new Row("P5", "median latency, " + what, Micros(pairs.Ours(l => l.P50)), Micros(pairs.Theirs(l => l.P50)), ratio.ToString(), "≤ 1.2", ratio.Median <= 1.2);
    }

    private static IEnumerable<Row> Engine()
    {
        foreach (var (what, time, bytes) in MeasureEngine.Run())
        {
            yield return new Row(
                "P4", $"one decision, one certificate, 5,000 grants: {what}", string.Create(CultureInfo.InvariantCulture, $"{time:0} ns, {bytes} B"), "", "", "1 µs, 1 KiB",
                time < 1_000 && bytes < 1_024);
        }
    }

    private static void Print(List<Row> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine("| | what | ours | measured against | ratio (least to most) | goal | |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var row in rows)
        {
            Console.WriteLine($"| {row.Id} | {row.What} | {row.Ours} | {row.Theirs} | {row.Ratio} | {row.Goal} | {(row.IsMet ? "met" : "missed")} |");
        }

        Console.WriteLine();
        Console.WriteLine(Machine.Describe());
    }
}

/// <summary>One row: a goal, what was measured on both sides, and the ratio with its spread.</summary>
internal sealed record Row(string Id, string What, string Ours, string Theirs, string Ratio, string Goal, bool IsMet);

/// <summary>Figures as the table shows them.</summary>
internal static class Figures
{
    public static string PerSecond(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:N0}/s");

    public static string Micros(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:N0} µs");

    public static string Mib(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:N0} MiB");

    public static string Seconds(TimeSpan value) => Seconds(value.TotalSeconds);

    public static string Seconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} s");

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>What the command was asked for.</summary>
/// <param name="Size">The registry.</param>
/// <param name="Seconds">Length of one run.</param>
/// <param name="Pairs">Runs of each side, one after the other in turn.</param>
/// <param name="Connections">Connections under load.</param>
/// <param name="Folder">Where data is kept for the next time; null throws it away.</param>
/// <param name="Lines">Lines of a list.</param>
/// <param name="Report">Where tables and drawings of the growth go.</param>
/// <param name="Rows">The rows wanted; empty is P1 to P8.</param>
internal sealed record Settings(RegistrySize Size, int Seconds, int Pairs, int Connections, string? Folder, int Lines, string Report, IReadOnlyList<string> Rows)
{
    private const string Usage = """
        usage: dotnet run --project tests/EcoLabelRegistry.Benchmarks -c Release -- [P1 … P8] [match] [storm] [soak] [growth]
                 [--seconds N] [--pairs N] [--certificates N] [--lines N] [--keep FOLDER] [--report FOLDER]
        Rows are named P1 to P8; without any, all of them are measured. match: finding with typing errors. storm: a list while bodies write, compared with single checks. soak: five minutes at
        full speed while registers are replaced. growth: by certificates and by schemes, drawn in the report's folder.
        --keep makes the data once and finds it there the next time.
               dotnet run --project tests/EcoLabelRegistry.Benchmarks -c Release -- micro [a filter of BenchmarkDotNet]
        """;

    /// <summary>True when a row of the table is wanted: by its name, or because none is named.</summary>
    public bool Wants(string row) => Rows.Count == 0 || Rows.Contains(row, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when something beside the table is asked for by its name.</summary>
    public bool Asks(string name) => Rows.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the arguments; null when they are wrong, which is said.</summary>
    public static Settings? Read(string[] args)
    {
        var settings = new Settings(RegistrySize.Large, 5, 5, 32, null, 1_000_000, Path.Combine("artifacts", "benchmarks"), []);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            var next = args[i] switch
            {
                "--seconds" when isNumber => settings with { Seconds = number },
                "--pairs" when isNumber => settings with { Pairs = number },
                "--certificates" when isNumber => settings with { Size = settings.Size with { Certificates = number } },
                "--keep" when value.Length > 0 => settings with { Folder = Directory.CreateDirectory(value).FullName },
                "--lines" when isNumber => settings with { Lines = number },
                "--report" when value.Length > 0 => settings with { Report = value },
                "match" or "storm" or "soak" or "growth" => settings with { Rows = [.. settings.Rows, args[i]] },
                ['P' or 'p', >= '1' and <= '8'] => settings with { Rows = [.. settings.Rows, args[i]] },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine(Usage);
                return null;
            }

            i += args[i].StartsWith("--", StringComparison.Ordinal) ? 1 : 0;
            settings = next;
        }

        return settings;
    }
}

/// <summary>Two things measured in turn.</summary>
internal sealed class Pairs<T>(List<(T Ours, T Theirs)> runs)
{
    /// <summary>Median of the ratios, with the least and the most.</summary>
    public Ratio Ratio(Func<T, double> of)
    {
        var ratios = runs.Select(r => of(r.Ours) / of(r.Theirs)).Order().ToList();
        return new Ratio(Figures.Median(ratios), ratios[0], ratios[^1]);
    }

    /// <summary>Median of ours.</summary>
    public double Ours(Func<T, double> of) => Figures.Median(runs.Select(r => of(r.Ours)));

    /// <summary>Median of the other.</summary>
    public double Theirs(Func<T, double> of) => Figures.Median(runs.Select(r => of(r.Theirs)));
}

/// <summary>Runs two things in turn, so that a busy machine is busy for both.</summary>
internal static class Pairs
{
    public static async Task<Pairs<T>> RunAsync<T>(int count, Func<Task<T>> ours, Func<Task<T>> theirs)
    {
        var runs = new List<(T, T)>();
        for (var i = 0; i < count; i++)
        {
            runs.Add((await ours(), await theirs()));
            Console.Error.WriteLine($"pair {i + 1} of {count}: {runs[^1]}");
        }

        return new Pairs<T>(runs);
    }
}

/// <summary>A ratio with its spread.</summary>
internal readonly record struct Ratio(double Median, double Least, double Most)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.00} ({Least:0.00} to {Most:0.00})");
}

/// <summary>What it ran on.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[1];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores of {cpu}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, .NET {Environment.Version}; load average of the last five minutes {load}.");
    }
}
