namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>What a grant of common criteria or evidence leaves to prove.</summary>
public sealed class ProofLeftTests
{
    private const string Today = "2020-01-01";

    private static readonly Edition Full = new("2014")
    {
        EffectiveFrom = Given.Date("2014-01-01"),
        Completeness = CriteriaCompleteness.Full,
        Criteria =
        [
            new Criterion("5.1", Comparator.AtMost) { Parameter = "voc-content", Limit = 80, Unit = "g/L" },
            new Criterion("5.2", Comparator.Absent) { Parameter = "lead" },
            new Criterion("5.3", Comparator.Points) { Mandatory = false },
            new Criterion("3.1", Comparator.Definition),
            new Criterion("4.1", Comparator.Exemption),
            new Criterion("4.2", Comparator.Derogation) { Until = Given.Date("2030") },
        ],
    };

    private static readonly Standard Paint = new("cel-hj-2537", "cel", "HJ 2537") { Category = "coatings", Editions = [Full] };

    [Fact]
    public void Mandatory_criteria_are_listed_with_how_the_held_standard_compares_and_definitions_exemptions_and_derogations_never()
    {
        var held = new Standard("geca-pc", "geca", "PC") { Editions = [Full with { Label = "2012" }] };
        var answer = new TestRegistry().With(Paint, held)
            .With(Given.Bilateral(Given.Grant("cel", "geca", Level.Evidence)))
            .With(Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc", Edition = "2012" })).Ask("cel", Today);

        var left = answer.Paths.Single().Conditions;
        Assert.Equal(["criterion-to-prove 5.1", "criterion-to-prove 5.2"], Left(answer));
        Assert.All(left, c => Assert.Equal(("cel-hj-2537", "2014", "mra"), (c.Standard, c.Edition, c.About)));
        Assert.All(left, c => Assert.Equal(CriteriaComparison.Of(c.Criterion!, held.Editions[0], Given.Day(Today)), c.Comparison));
    }

    [Theory]
    [InlineData("2014", "5.2")]
    [InlineData(null, "5.2")]
    [InlineData("2005", "5.1,5.2")]
    public void Common_criteria_of_the_wanted_edition_are_not_left_to_prove(string? edition, string left) =>
        Assert.Equal(left.Split(',').Select(r => $"criterion-to-prove {r}"), Left(Ask(Given.Grant("cel", "geca", Level.CommonCriteria) with
        {
            CommonCriteria = [new CommonCriteria("cjk-common-cjk-01", "cel-hj-2537", edition, ["5.1"]), new CommonCriteria(null, "another", null, ["5.2"])],
        })));

    [Fact]
    public void With_everything_in_common_nothing_is_left_and_the_level_still_gives_no_plain_yes()
    {
        var answer = Ask(Given.Grant("cel", "geca", Level.CommonCriteria) with
        {
            CommonCriteria = [new CommonCriteria(null, "cel-hj-2537", null, ["5.1", "5.2"])],
        });

        Assert.Equal(Outcome.Conditional, answer.Outcome);
        Assert.Empty(answer.Paths.Single().Conditions);
    }

    [Theory]
    [InlineData(CriteriaCompleteness.Excerpt, "criteria-incomplete ")]
    [InlineData(CriteriaCompleteness.None, "criteria-not-held ")]
    public void Where_more_may_be_left_than_is_listed_the_answer_says_so(CriteriaCompleteness completeness, string said)
    {
        var paint = Paint with { Editions = [Full with { Completeness = completeness, Criteria = [Full.Criteria[0]] }] };

        Assert.Equal(
            ["criterion-to-prove 5.1", said],
            Left(new TestRegistry().With(paint).With(Given.Bilateral(Given.Grant("cel", "geca", Level.Evidence))).With(Given.Certificate()).Ask("cel", Today)));
    }

    [Fact]
    public void Without_any_standard_of_the_category_its_criteria_are_not_held()
    {
        var answer = new TestRegistry()
            .With(Paint with { Category = "coatings.industrial" }, new Standard("cel-unknown", "cel", "X") { Editions = [Full] })
            .With(Given.Bilateral(Given.Grant("cel", "geca", Level.Evidence))).With(Given.Certificate()).Ask("cel", Today);

        Assert.Equal([new PathCondition("criteria-not-held") { About = "mra" }], answer.Paths.Single().Conditions);
    }

    [Fact]
    public void Without_a_list_the_recognisers_standards_of_the_category_or_above_count_in_the_edition_in_force()
    {
        var grant = Given.Grant("cel", "geca", Level.Evidence);
        var registry = new TestRegistry()
            .With(
                Paint with { Editions = [Full with { Label = "2005", EffectiveFrom = null }, Full with { Label = "2019", EffectiveFrom = Given.Date("2019-01-01") }] },
                new Standard("cel-decorative", "cel", "D") { Category = "coatings.decorative", Editions = [Full] },
                new Standard("cel-later", "cel", "L") { Category = "coatings", Editions = [Full with { EffectiveFrom = Given.Date("2021-01-01") }] },
                new Standard("cel-ended", "cel", "E") { Category = "coatings", Editions = [Full with { EffectiveUntil = Given.Date("2019-12-31"), TransitionMonths = 12 }] },
                new Standard("kel-paint", "kel", "K") { Category = "coatings", Editions = [Full] })
            .With(Given.Bilateral(grant)).With(Given.Certificate());

        Assert.Equal(["cel-decorative 2014", "cel-hj-2537 2019"], Editions("2020-01-01"));
        Assert.Equal(["cel-decorative 2014", "cel-ended 2014", "cel-hj-2537 2005"], Editions("2018-12-31"));

        IEnumerable<string> Editions(string date) =>
            registry.Ask("cel", date).Paths.Single().Conditions.Select(c => $"{c.Standard} {c.Edition}").Distinct();
    }

    [Fact]
    public void A_document_that_was_renumbered_is_not_wanted_beside_its_successor()
    {
        var old = Paint with { Id = "cel-hj-t-201", Editions = [Full with { Label = "2005" }] };
        var renumbered = Paint with { Supersedes = "cel-hj-t-201", Editions = [Full with { EffectiveFrom = Given.Date("2014-04-01") }] };
        var registry = new TestRegistry().With(old, renumbered).With(Given.Bilateral(Given.Grant("cel", "geca", Level.Evidence)))
            .With(Given.Certificate(from: "2010-01-01"));

        Assert.Equal("cel-hj-t-201", registry.Ask("cel", "2014-03-31").Paths.Single().Conditions.Select(c => c.Standard).Distinct().Single());
        Assert.Equal("cel-hj-2537", registry.Ask("cel", "2014-04-01").Paths.Single().Conditions.Select(c => c.Standard).Distinct().Single());
    }

    [Fact]
    public void A_document_that_was_renumbered_twice_is_wanted_by_its_last_number()
    {
        var first = Paint with { Id = "cel-1994", Number = "HJBZ 4" };
        var second = Paint with { Id = "cel-2005", Number = "HJ/T 201", Supersedes = "cel-1994", Editions = [Full with { EffectiveUntil = Given.Date("2018-12-31") }] };
        var third = Paint with { Supersedes = "cel-2005", Editions = [Full with { EffectiveFrom = Given.Date("2018-07-01") }] };
        var registry = new TestRegistry().With(first, second, third).With(Given.Bilateral(Given.Grant("cel", "geca", Level.Evidence))).With(Given.Certificate());

        Assert.Equal("cel-2005", Wanted("2018-06-30"));
        Assert.Equal("cel-hj-2537", Wanted("2018-12-31"));
        Assert.Equal("cel-hj-2537", Wanted("2019-01-01"));

        string? Wanted(string date) => registry.Ask("cel", date).Paths.Single().Conditions.Select(c => c.Standard).Distinct().Single();
    }

    [Fact]
    public void A_list_says_which_standards_and_editions_are_wanted()
    {
        var other = new Standard("cel-other", "cel", "O") { Category = "it", Editions = [Full with { Criteria = [Full.Criteria[1]] }] };
        var grant = Given.Grant("cel", "geca", Level.Evidence) with
        {
            Wanted = [new WantedStandard("cel-other", null), new WantedStandard("cel-nowhere", null), new WantedStandard("cel-hj-2537", "1999")],
        };
        var answer = new TestRegistry().With(Paint, other).With(Given.Bilateral(grant)).With(Given.Certificate()).Ask("cel", Today);

        Assert.Equal(
            [
                new PathCondition("criteria-not-held") { Standard = "cel-hj-2537", Edition = "1999", About = "mra" },
                new PathCondition("criteria-not-held") { Standard = "cel-nowhere", About = "mra" },
            ],
            answer.Paths.Single().Conditions.Where(c => c.Code == "criteria-not-held"));
        Assert.Equal(["5.2"], answer.Paths.Single().Conditions.Where(c => c.Criterion is not null).Select(c => c.Criterion!.Ref));
        Assert.Equal(["cel-hj-2537", "cel-nowhere", "cel-other"], answer.Paths.Single().Conditions.Select(c => c.Standard));
    }

    [Fact]
    public void A_full_grant_and_accepted_verification_leave_no_criteria_to_prove()
    {
        Assert.Empty(Ask(Given.Grant("cel", "geca")).Paths.Single().Conditions);
        Assert.Empty(Ask(Given.Grant("cel", "geca", Level.ProxyVerification)).Paths.Single().Conditions);
    }

    private static RecognitionAnswer Ask(Grant grant) =>
        new TestRegistry().With(Paint).With(Given.Bilateral(grant)).With(Given.Certificate()).Ask("cel", Today);

    private static IEnumerable<string> Left(RecognitionAnswer answer) =>
        answer.Paths.Single().Conditions.Select(c => $"{c.Code} {c.Criterion?.Ref}");
}
