namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>When a newer edition has come that a mapping does not name.</summary>
public sealed class MappingStalenessTests
{
    private static readonly Standard Held = new("geca-pc", "geca", "PC")
    {
        Editions = [new Edition("2017") { EffectiveFrom = Given.Date("2017-01-01") }, new Edition("2012") { EffectiveFrom = Given.Date("2012-01-01") }],
    };

    private static readonly Standard Wanted = new("cel-hj-2537", "cel", "HJ 2537")
    {
        Category = "coatings",
        Editions = [new Edition("2014") { EffectiveFrom = Given.Date("2014-01-01") }, new Edition("2025") { EffectiveFrom = Given.Date("2018-01-01") }],
    };

    [Theory]
    [InlineData("2016-12-31", false)]
    [InlineData("2017-01-01", true)]
    public void A_newer_edition_on_the_certificates_side_makes_it_stale_from_its_first_day(string date, bool isStale) =>
        Assert.Equal(isStale, IsStale(Grant(new GrantedStandard("geca-pc", ["2012"])), "2012", date));

    [Fact]
    public void It_is_told_where_the_newer_edition_is_the_very_reason_for_a_no()
    {
        var answer = Ask(Grant(new GrantedStandard("geca-pc", ["2012"])), "2017", "2018-01-01");

        Assert.Equal([Reason.EditionOutOfScope], answer.Reasons.Select(r => r.Reason));
        Assert.Contains(Warning.MappingStale, answer.Warnings);
    }

    [Fact]
    public void A_mapping_that_names_the_newest_edition_or_all_of_them_is_not_stale()
    {
        Assert.False(IsStale(Grant(new GrantedStandard("geca-pc", ["2012", "2017"])), "2012", "2020-01-01"));
        Assert.False(IsStale(Grant(new GrantedStandard("geca-pc", ["2012"]), new GrantedStandard("geca-pc", ["2017"])), "2012", "2020-01-01"));
        Assert.False(IsStale(Grant(new GrantedStandard("geca-pc", ["2017"])), "2017", "2020-01-01"));
        Assert.False(IsStale(Grant(new GrantedStandard("geca-pc", [])), "2012", "2020-01-01"));
        Assert.False(IsStale(Grant(new GrantedStandard("geca-pc", ["2012"]), new GrantedStandard("geca-pc", [])), "2012", "2020-01-01"));
        Assert.False(IsStale(Grant(new GrantedStandard("geca-pc", ["1999"])), "2012", "2020-01-01"));
        Assert.False(IsStale(Grant(), "2012", "2020-01-01"));
    }

    [Fact]
    public void Another_standard_in_the_list_says_nothing_about_this_certificate() =>
        Assert.False(IsStale(Grant(new GrantedStandard("geca-pc", ["2012"])) with { Standards = [new("geca-pc", ["2012", "2017"]), new("cel-hj-2537", ["2014"])] }, "2012", "2020-01-01"));

    [Fact]
    public void A_document_under_a_new_number_is_newer_than_every_edition_of_the_old()
    {
        var renumbered = new Standard("geca-paint", "geca", "Paint") { Supersedes = "geca-pc", Editions = [new Edition("1") { EffectiveFrom = Given.Date("2019-01-01") }] };
        var grant = Grant(new GrantedStandard("geca-pc", []));

        Assert.False(IsStale(grant, "2012", "2018-12-31", renumbered));
        Assert.True(IsStale(grant, "2012", "2019-01-01", renumbered));
        Assert.False(IsStale(grant with { Standards = [new("geca-pc", []), new("geca-paint", [])] }, "2012", "2019-01-01", renumbered));
        Assert.False(IsStale(grant, "2012", "2019-01-01", renumbered with { Scheme = "stranger" }));

        var answer = new TestRegistry().With(Held, renumbered).With(Given.Bilateral(grant))
            .With(Given.Certificate().WithPeriod(p => p with { Standard = "geca-paint", Edition = "1" })).Ask("cel", "2019-01-01");
        Assert.Equal([Reason.StandardOutOfScope], answer.Reasons.Select(r => r.Reason));
        Assert.Contains(Warning.MappingStale, answer.Warnings);
    }

    [Theory]
    [InlineData("2017-12-31", false)]
    [InlineData("2018-01-01", true)]
    public void A_newer_edition_on_the_recognisers_side_makes_it_stale_too(string date, bool isStale)
    {
        var grant = Given.Grant("cel", "geca", Level.CommonCriteria);

        Assert.Equal(isStale, IsStale(grant with { Wanted = [new WantedStandard("cel-hj-2537", "2014")] }, "2012", date));
        Assert.Equal(isStale, IsStale(grant with { CommonCriteria = [new CommonCriteria(null, "cel-hj-2537", "2014", ["5.1"])] }, "2012", date));
        Assert.False(IsStale(grant with { Wanted = [new WantedStandard("cel-hj-2537", null)] }, "2012", date));
        Assert.False(IsStale(grant with { CommonCriteria = [new CommonCriteria(null, "cel-hj-2537", null, ["5.1"])] }, "2012", date));
    }

    [Theory]
    [InlineData("2018-12-31", false)]
    [InlineData("2019-01-01", true)]
    public void A_document_under_a_new_number_on_the_recognisers_side_makes_it_stale_whatever_editions_are_named(string date, bool isStale)
    {
        var renumbered = new Standard("cel-new", "cel", "HJ 9") { Supersedes = "cel-hj-2537", Editions = [new Edition("1") { EffectiveFrom = Given.Date("2019-01-01") }] };
        var grant = Given.Grant("cel", "geca", Level.CommonCriteria);

        Assert.Equal(isStale, IsStale(grant with { Wanted = [new WantedStandard("cel-hj-2537", null)] }, "2012", date, renumbered));
        Assert.Equal(isStale, IsStale(grant with { CommonCriteria = [new CommonCriteria(null, "cel-hj-2537", null, ["5.1"])] }, "2012", date, renumbered));
        Assert.False(IsStale(grant with { Wanted = [new("cel-hj-2537", null), new("cel-new", null)] }, "2012", date, renumbered));
    }

    [Fact]
    public void A_step_that_is_not_next_to_the_certificate_maps_no_standards_of_it()
    {
        var first = Given.Grant("cel", "kel") with { OnwardMaxHops = 1, Standards = [new GrantedStandard("geca-pc", ["2012"])] };
        var answer = new TestRegistry().With(Held)
            .With(Given.Agreement("a", AgreementKind.Bilateral, first), Given.Agreement("b", AgreementKind.Bilateral, Given.Grant("kel", "geca")))
            .With(Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc", Edition = "2012" })).Ask("cel", "2020-01-01");

        Assert.Equal(Outcome.Recognised, answer.Outcome);
        Assert.DoesNotContain(Warning.MappingStale, answer.Warnings);
    }

    [Fact]
    public void A_grant_for_other_categories_tells_nothing_of_its_mapping() =>
        Assert.False(IsStale(Grant(new GrantedStandard("geca-pc", ["2012"])) with { Categories = ["it"] }, "2012", "2020-01-01"));

    private static Grant Grant(params GrantedStandard[] standards) => Given.Grant("cel", "geca") with { Standards = standards };

    private static bool IsStale(Grant grant, string edition, string date, params Standard[] also) =>
        Ask(grant, edition, date, also).Warnings.Contains(Warning.MappingStale);

    private static RecognitionAnswer Ask(Grant grant, string edition, string date, params Standard[] also) =>
        new TestRegistry().With(Held, Wanted).With(also).With(Given.Bilateral(grant))
            .With(Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc", Edition = edition })).Ask("cel", date);
}
