using System.Diagnostics;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>The engine alone: one decision about one certificate among 500 schemes and 5,000 grants.</summary>
internal static class MeasureEngine
{
    private const int Schemes = 500;
    private const int Accepted = 10;
    private const int Decisions = 200_000;
    private const int Runs = 7;

    /// <summary>What each kind of decision takes: nanoseconds (median of the runs) and bytes.</summary>
    public static IEnumerable<(string What, double Nanoseconds, long Bytes)> Run()
    {
        var graph = Graph();
        yield return Measure("a grant covers it", graph, Question(1));
        yield return Measure("no grant does", graph, Question(100));
    }

    /// <summary>The question whether a scheme accepts the certificate.</summary>
    public static RecognitionQuestion Question(int scheme) => new(new Recogniser(RecogniserKind.Scheme, MakeRegistry.Scheme(scheme)), new DateOnly(2025, 6, 1));

    /// <summary>A product with one certificate, of scheme 0.</summary>
    public static RecognitionSubject Subject()
    {
        var certificate = new Certificate("c", MakeRegistry.Scheme(0), "1")
        {
            Territories = [],
            Periods = [new() { From = new DateOnly(2024, 1, 1), Until = new DateOnly(2027, 1, 1), Standard = MakeRegistry.Scheme(0) + "-std", Edition = "2020" }],
            Lines = [new ProductLine("p", "paint")],
        };
        return new RecognitionSubject(SubjectKind.Product, [new Candidate(certificate, certificate.Lines)]);
    }

    private static (string What, double Nanoseconds, long Bytes) Measure(string what, RecognitionGraph graph, RecognitionQuestion question)
    {
        var subject = Subject();
        Decide(graph, subject, question);
        var times = new List<double>();
        var bytes = 0L;
        for (var run = 0; run < Runs; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.GetTimestamp();
            Decide(graph, subject, question);
            times.Add(Stopwatch.GetElapsedTime(clock).TotalNanoseconds / Decisions);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Decisions;
        }

        times.Sort();
        return (what, times[Runs / 2], bytes);
    }

    private static void Decide(RecognitionGraph graph, RecognitionSubject subject, RecognitionQuestion question)
    {
        for (var i = 0; i < Decisions; i++)
        {
            RecognitionEngine.Decide(graph, subject, question);
        }
    }

    /// <summary>500 schemes, each accepted by ten others.</summary>
    public static RecognitionGraph Graph() => new(
        1,
        [new Category("paint", null)],
        Enumerable.Range(0, Schemes).Select(i => new Scheme(MakeRegistry.Scheme(i), "bureau")),
        Enumerable.Range(0, Schemes).Select(i => new Standard(MakeRegistry.Scheme(i) + "-std", MakeRegistry.Scheme(i), "STD") { Category = "paint" }),
        Enumerable.Range(0, Schemes * Accepted).Select(i => Agreement(i % Schemes, ((i % Schemes) + 1 + (i / Schemes)) % Schemes)),
        []);

    private static Agreement Agreement(int recognised, int recogniser) => new($"{recogniser}-{recognised}", AgreementKind.Bilateral)
    {
        Parties = [new AgreementParty(MakeRegistry.Scheme(recogniser)), new AgreementParty(MakeRegistry.Scheme(recognised))],
        Texts =
        [
            new AgreementText
            {
                EffectiveFrom = new DateOnly(2021, 1, 1),
                Grants = [new Grant("g1", MakeRegistry.Scheme(recogniser), MakeRegistry.Scheme(recognised), Level.FullProduct)],
            },
        ],
    };
}
