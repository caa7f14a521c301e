namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>How much memory one decision takes. Bytes allocated are counted, not measured: the same decision takes the same every time.</summary>
public sealed class AllocationTests
{
    private const int Schemes = 500;
    private const int Agreements = 2_500;
    private const int OneKibibyte = 1_024;

    private static readonly RecognitionGraph Graph = FiveThousandGrants();

    [Theory]
    [InlineData("certified", 7, 7, "2030-12-31")]
    [InlineData("recognised", 6, 7, "2030-12-31")]
    [InlineData("recognised", 6, 7, null)]
    [InlineData("not-recognised", 6, 300, "2030-12-31")]
    [InlineData("not-certified", 6, 7, "2022-12-31")]
    public void One_decision_on_one_certificate_among_5000_grants_takes_less_than_1_KiB(string outcome, int recogniser, int scheme, string? until)
    {
        const int Decisions = 100;
        var certificate = Given.Certificate($"scheme-{scheme}", from: "2021-01-01", until: until)
            .WithPeriod(p => p with { Standard = $"scheme-{scheme}-paint", Edition = "2020" });
        var subject = new RecognitionSubject(SubjectKind.Product, [new Candidate(certificate, certificate.Lines)]);
        var question = new RecognitionQuestion(new Recogniser(RecogniserKind.Scheme, $"scheme-{recogniser}"), new(2026, 11, 25));

        // What the first decision works out once and for all is not the decision's.
        var answer = RecognitionEngine.Decide(Graph, subject, question);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Decisions; i++)
        {
            RecognitionEngine.Decide(Graph, subject, question);
        }

        var taken = (GC.GetAllocatedBytesForCurrentThread() - before) / Decisions;
        Assert.Equal(outcome, Code.Of(answer.Outcome));
        Assert.InRange(taken, 1, OneKibibyte);
    }

    /// <summary>Each scheme has five agreements with those after it, of two grants each, by category, standard and edition.</summary>
    private static RecognitionGraph FiveThousandGrants() => new(
        1,
        [new("coatings", null), new("coatings.decorative", "coatings")],
        Enumerable.Range(0, Schemes).Select(i => Given.Scheme($"scheme-{i}")),
        Enumerable.Range(0, Schemes).Select(i => new Standard($"scheme-{i}-paint", $"scheme-{i}", "Paint")
        {
            Category = "coatings",
            Editions = [new Edition("2020") { EffectiveFrom = Given.Date("2020-01-01") }],
        }),
        Enumerable.Range(0, Agreements).Select(i => (One: i % Schemes, Other: ((i % Schemes) + 1 + (i / Schemes)) % Schemes)).Select(pair => Given.Agreement(
            $"mra-{pair.One}-{pair.Other}", AgreementKind.Bilateral, Grant(pair.One, pair.Other, "there"), Grant(pair.Other, pair.One, "back"))),
        []);

    private static Grant Grant(int recogniser, int recognised, string id) => Given.Grant($"scheme-{recogniser}", $"scheme-{recognised}", id: id) with
    {
        Categories = ["coatings"],
        Standards = [new GrantedStandard($"scheme-{recognised}-paint", ["2020"])],
    };
}
