using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>Micro-benchmarks of the engine: one decision of each kind, and what it is made of.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private readonly RecognitionGraph _graph = MeasureEngine.Graph();
    private readonly RecognitionSubject _subject = MeasureEngine.Subject();
    private readonly RecognitionQuestion _covered = MeasureEngine.Question(1);
    private readonly RecognitionQuestion _uncovered = MeasureEngine.Question(100);
    private readonly RecognitionQuestion _own = MeasureEngine.Question(0);
    private readonly DateOnly _day = new(2025, 6, 1);

    /// <summary>Runs them in this process.</summary>
    /// <param name="arguments">As BenchmarkDotNet has them, for instance <c>--filter *Decide*</c>.</param>
    public static int Run(string[] arguments)
    {
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)).WithArtifactsPath(Path.Combine("artifacts", "micro-benchmarks"));
        BenchmarkSwitcher.FromTypes([typeof(EngineBenchmarks)]).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
        return 0;
    }

    [Benchmark(Description = "Decide: a grant covers the certificate")]
    public RecognitionAnswer DecideCovered() => RecognitionEngine.Decide(_graph, _subject, _covered);

    [Benchmark(Description = "Decide: no grant covers it")]
    public RecognitionAnswer DecideUncovered() => RecognitionEngine.Decide(_graph, _subject, _uncovered);

    [Benchmark(Description = "Decide: the recogniser's own certificate")]
    public RecognitionAnswer DecideOwn() => RecognitionEngine.Decide(_graph, _subject, _own);

    [Benchmark(Description = "A GTIN, read and checked")]
    public bool ReadGtin() => Gtin.TryParse("4006381333931", out _);

    [Benchmark(Description = "A partial date, read")]
    public PartialDate ReadDate() => PartialDate.Parse("2007-04");

    [Benchmark(Description = "The graph of 500 schemes and 5,000 grants, indexed")]
    public RecognitionGraph Index() => MeasureEngine.Graph();
}
