using EcoLabelRegistry.Recognition.Tests.Oracle;

namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>A graph remembers for which days its grants stand alike. Nobody can tell.</summary>
public sealed class GrantStretchTests
{
    private const int Seeds = 500;

    // Forwards, backwards and to days on both sides of what random registries record.
    private static readonly string[] Days =
    [
        "2012-06-15", "2010-01-01", "2016-12-31", "2017-01-01", "2012-06-16", "2011-02-28", "2011-03-01", "2013-01-01", "2012-12-31",
        "2014-03-31", "2014-04-01", "2012-02-29", "2012-03-01", "2009-12-31", "2013-05-05", "2013-05-04", "2012-01-01", "2015-07-01",
    ];

    [Fact]
    public void What_was_asked_about_other_days_changes_no_answer()
    {
        var outcomes = new HashSet<Outcome>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = RandomRegistry.Case(seed);
            var graph = random.Registry.ToGraph();
            foreach (var day in Days)
            {
                var asked = random.On(DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
                var answer = RecognitionEngine.Decide(graph, asked.Subject, asked.Question);

                Assert.Equal(AnswerText.Of(asked.ByOracle()), AnswerText.Of(answer));
                outcomes.Add(answer.Outcome);
            }
        }

        Assert.Equal(Enum.GetValues<Outcome>().Length, outcomes.Count);
    }
}
