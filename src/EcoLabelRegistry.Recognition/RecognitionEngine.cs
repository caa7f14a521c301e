namespace EcoLabelRegistry.Recognition;

/// <summary>Answers whether what is asked about is recognised, and says why.</summary>
/// <remarks>Pure: no clock, no database, no randomness, no culture. The same arguments always give the same answer, on any thread.</remarks>
public static class RecognitionEngine
{
    /// <summary>Decides one question against one revision of the registry.</summary>
    /// <param name="graph">Everything but certificates, all read at the same revision.</param>
    /// <param name="subject">The certificates asked about, read at the same revision; their order changes nothing.</param>
    /// <param name="question">Who is asked, and on which calendar date.</param>
    /// <returns>The answer; a no is a result, never an exception.</returns>
    /// <exception cref="ArgumentException">The recogniser is a scheme or policy that is not in the graph. A body without schemes recognises nothing.</exception>
    public static RecognitionAnswer Decide(RecognitionGraph graph, RecognitionSubject subject, RecognitionQuestion question)
    {
        MustBeIn(graph, question.Recogniser);
        return !subject.OnRecord ? Unknown(graph, subject, question)
            : CategoriesToWeigh(subject, question) is { } categories ? Weakest(graph, subject, question, categories)
            : Known(graph, subject, question, hasSeveralCategories: false);
    }

    private static void MustBeIn(RecognitionGraph graph, Recogniser recogniser)
    {
        var isKnown = recogniser.Kind switch
        {
            RecogniserKind.Scheme => graph.Schemes.ContainsKey(recogniser.Code),
            RecogniserKind.Policy => graph.Policies.ContainsKey(recogniser.Code),
            RecogniserKind.Body => true,
        };
        if (!isKnown)
        {
            throw new ArgumentException($"No {Code.Of(recogniser.Kind)} '{recogniser.Code}' is in the graph.", nameof(recogniser));
        }
    }

    private static RecognitionAnswer Known(
        RecognitionGraph graph, RecognitionSubject subject, RecognitionQuestion question, bool hasSeveralCategories)
    {
        var findings = new Findings(graph, question);
        for (var i = 0; i < subject.Candidates.Count; i++)
        {
            findings.Judge(subject.Candidates[i], subject.Kind);
        }

        findings.Sort();
        var outcome = findings.Outcome;
        var isYes = outcome.Answer() == Answer.Yes;
        var coverage = Registers.Of(findings.Certificates, graph);
        return new RecognitionAnswer(
            outcome,
            findings.Paths.Count > 0 ? findings.Paths[0].Path.HoldsUntil : null,
            findings.ListPaths(),
            findings.Certificates,
            isYes ? [] : ReasonsOf.All(findings),
            findings.Paths.Count > 0 ? null : Miss.Nearest(findings.Misses ?? []),
            coverage,
            WarningsOf.Answer(subject, findings, outcome, coverage, hasSeveralCategories));
    }

    private static RecognitionAnswer Unknown(RecognitionGraph graph, RecognitionSubject subject, RecognitionQuestion question)
    {
        var coverage = Registers.OfRecognised(graph, question, subject.MissingFromRegisterOf);
        return new RecognitionAnswer(
            Outcome.Unknown,
            null,
            [],
            [],
            subject.MissingFromRegisterOf is { } scheme && graph.CoverageOf(scheme).Register == RegisterCoverage.Full
                ? [new ReasonAbout(Reason.CertificateNotInRegister, SubjectOfReason.Scheme, scheme)]
                : [],
            null,
            coverage,
            WarningsOf.Unknown(subject, question, graph, coverage));
    }

    /// <summary>A certificate alone, whose lines differ in category when none is asked, is as good as the category in which it is weakest.</summary>
    private static RecognitionAnswer Weakest(
        RecognitionGraph graph, RecognitionSubject subject, RecognitionQuestion question, IReadOnlyList<string?> categories)
    {
        RecognitionAnswer? weakest = null;
        foreach (var category in categories)
        {
            var ofCategory = subject with
            {
                Candidates = [.. subject.Candidates.Select(c => c with { Lines = [.. c.Lines.Where(l => l.Category == category)] })],
            };
            var answer = Known(graph, ofCategory, question, hasSeveralCategories: true);
            weakest = weakest is null || IsWeaker(answer, weakest) ? answer : weakest;
        }

        return weakest!;
    }

    /// <summary>The categories of the lines that are on the certificate on the date, else of all its lines; null unless there are several to weigh.</summary>
    private static List<string?>? CategoriesToWeigh(RecognitionSubject subject, RecognitionQuestion question)
    {
        if (subject.Kind != SubjectKind.Certificate || question.Category is not null)
        {
            return null;
        }

        var lines = subject.Candidates.SelectMany(c => c.Lines).ToList();
        var day = new Day(question.AsOf);
        var onDay = lines.Where(l => day.IsWithin(l.From, l.Until)).ToList();
        var categories = (onDay.Count > 0 ? onDay : lines)
            .Select(l => l.Category).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return categories.Count > 1 ? categories : null;
    }

    /// <summary>Worse outcome, then weaker best path; of equal ones the first category stays.</summary>
    private static bool IsWeaker(RecognitionAnswer answer, RecognitionAnswer other) =>
        answer.Outcome != other.Outcome
            ? answer.Outcome > other.Outcome
            : answer.Paths.Count > 0 && FoundPath.CompareStrength(answer.Paths[0], other.Paths[0]) > 0;
}
