namespace EcoLabelRegistry.Recognition.Tests;

public sealed class EditionsTests
{
    [Theory]
    [InlineData("2011-12-31", null)]
    [InlineData("2012-01-01", "v1")]
    [InlineData("2016-12-31", "v1")]
    [InlineData("2017-01-01", "v2")]
    [InlineData("2020-12-31", "v2")]
    [InlineData("2021-01-01", "v1")]
    public void The_edition_in_force_is_the_last_that_began_and_has_not_ended(string date, string? label) =>
        Assert.Equal(label, InForce(
            date,
            new Edition("v2") { EffectiveFrom = Given.Date("2017-01-01"), EffectiveUntil = Given.Date("2020-12-31"), TransitionMonths = 12 },
            new Edition("v1") { EffectiveFrom = Given.Date("2012-01-01") }));

    [Fact]
    public void Editions_that_begin_on_one_day_follow_each_other_by_successor_then_by_label()
    {
        var (nine, ten) = (new Edition("9") { SupersededBy = "10" }, new Edition("10"));

        Assert.Equal("10", InForce("2020-01-01", nine, ten));
        Assert.Equal("10", InForce("2020-01-01", ten, nine));
        Assert.Equal("b", InForce("2020-01-01", new Edition("b"), new Edition("a")));
    }

    [Fact]
    public void Their_order_in_the_record_says_nothing_of_three_that_begin_on_one_day()
    {
        // The first is followed by the third: the label alone would put it last, and the second between the two.
        Edition[] editions = [new("c") { SupersededBy = "a" }, new("a"), new("b")];

        Assert.Equal(
            ["b"],
            Enumerable.Range(0, 3).SelectMany(i => Enumerable.Range(0, 3).Where(k => k != i).Select(k => InForce("2020-01-01", editions[i], editions[k], editions[3 - i - k]))).Distinct());
    }

    [Fact]
    public void Editions_that_follow_each_other_in_a_circle_do_no_harm() =>
        Assert.Equal("b", InForce("2020-01-01", new Edition("a") { SupersededBy = "b" }, new Edition("b") { SupersededBy = "a" }));

    [Fact]
    public void A_standard_known_by_name_only_has_none_in_force() => Assert.Null(InForce("2020-01-01"));

    private static string? InForce(string date, params Edition[] editions) =>
        Editions.InForce(new Standard("s", "cel", "S") { Editions = editions }, Given.Day(date))?.Label;
}
