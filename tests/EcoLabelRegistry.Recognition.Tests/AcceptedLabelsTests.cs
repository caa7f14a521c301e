namespace EcoLabelRegistry.Recognition.Tests;

public sealed class AcceptedLabelsTests
{
    [Fact]
    public void Grants_of_every_level_and_lines_of_policies_are_listed_while_they_are_in_force()
    {
        var registry = new TestRegistry()
            .With(
                Given.Agreement("b", AgreementKind.Bilateral, Given.Grant("cel", "geca", Level.Framework, "talk"), Given.Grant("geca", "cel", Level.Evidence, "back")),
                Given.Agreement("a", AgreementKind.Bilateral, Given.Grant("cel", "kel") with { From = Given.Date("2020-01-02") }),
                Given.Agreement("c", AgreementKind.Bilateral, Given.Grant("cel", "tgl")).WithEvent(AgreementEventType.Terminated, "2020-01-01"))
            .With(Given.Policy(new PolicyLine { Scheme = "geca" }, new PolicyLine { Scheme = "kel", Until = Given.Date("2019") }));

        Assert.Equal(["b/back", "b/talk", "buyer/1"], On(registry, "2020-01-01"));
        Assert.Equal(["a/g", "b/back", "b/talk", "buyer/1"], On(registry, "2020-01-02"));
    }

    [Fact]
    public void A_category_narrows_them_to_grants_for_it_for_more_and_for_parts_of_it()
    {
        var registry = new TestRegistry().With(
            Given.Agreement("all", AgreementKind.Bilateral, Given.Grant("cel", "geca")),
            Given.Agreement("above", AgreementKind.Bilateral, Given.Grant("cel", "geca") with { Categories = ["it"] }),
            Given.Agreement("below", AgreementKind.Bilateral, Given.Grant("cel", "geca") with { Categories = ["coatings.decorative"] }),
            Given.Agreement("reserved", AgreementKind.Bilateral, Given.Grant("cel", "geca"))
                .WithText(t => t with { Reservations = [new Reservation("geca", ["coatings"], [])] }));

        Assert.Equal(["all/g Whole", "below/g Part"], On(registry, "2020-01-01", "coatings"));
        Assert.Equal(["above/g Whole", "all/g Whole", "reserved/g Whole"], On(registry, "2020-01-01", "it.imaging"));
    }

    [Fact]
    public void A_category_of_which_a_party_keeps_a_part_out_is_covered_in_part_and_not_at_all_when_nothing_is_left()
    {
        var registry = new TestRegistry().With(
            Given.Agreement("whole", AgreementKind.Bilateral, Given.Grant("cel", "geca"))
                .WithText(t => t with { Reservations = [new Reservation("geca", ["coatings.decorative"], [])] }),
            Given.Agreement("nothing", AgreementKind.Bilateral, Given.Grant("cel", "geca") with { Categories = ["coatings.decorative"] })
                .WithText(t => t with { Reservations = [new Reservation("cel", ["coatings.decorative"], ["geca"])] }),
            Given.Agreement("other", AgreementKind.Bilateral, Given.Grant("cel", "geca"))
                .WithText(t => t with { Reservations = [new Reservation("geca", ["coatings.decorative"], ["kel"])] }));

        Assert.Equal(["other/g Whole", "whole/g Part"], On(registry, "2020-01-01", "coatings"));
        Assert.Equal(["other/g Whole"], On(registry, "2020-01-01", "coatings.decorative"));
        Assert.Equal(["other/g", "whole/g"], On(registry, "2020-01-01"));
        Assert.Equal(["coatings.decorative"], AcceptedLabels.On(registry.Graph, Given.Day("2020-01-01")).First(a => a.Grant.Agreement!.Code == "whole").Except);
    }

    [Fact]
    public void Each_tells_its_dates_and_what_is_not_certain()
    {
        var text = Given.Text(null, Given.Grant("cel", "geca")) with { SignedOn = Given.Date("2019"), EffectiveUntil = Given.Date("2022") };
        var mra = Given.Bilateral(Given.Grant("cel", "geca")) with { Texts = [text], ConfirmedOn = Given.Date("2019-06"), Attested = true };
        var graph = new TestRegistry().With(mra).Graph;

        var early = Assert.Single(AcceptedLabels.On(graph, Given.Day("2019-03-01")));
        var late = Assert.Single(AcceptedLabels.On(graph, Given.Day("2020-01-01")));

        Assert.Equal((Given.Date("2019"), Given.Date("2022")), (early.Grant.EffectiveFrom, early.Grant.EffectiveUntil));
        Assert.Equal((true, false), (early.IsDateUncertain, early.IsUnconfirmed));
        Assert.Equal((false, true), (late.IsDateUncertain, late.IsUnconfirmed));
        Assert.Equal(Given.Day("2022-12-31"), late.HoldsUntil);
        Assert.Equal(
            [Warning.LabelStillRequired, Warning.SchemeNotPolicy, Warning.AttestedByRegistrar, Warning.EffectiveDateUnknown], late.Warnings);
    }

    [Theory]
    [InlineData(Level.FullScheme, Outcome.Recognised)]
    [InlineData(Level.Evidence, Outcome.Conditional)]
    [InlineData(Level.Audit, Outcome.VerificationAccepted)]
    [InlineData(Level.PeerReview, null)]
    public void The_outcome_is_the_best_that_the_level_can_give(Level level, Outcome? outcome) =>
        Assert.Equal(outcome, Assert.Single(AcceptedLabels.On(new TestRegistry().With(Given.Bilateral(Given.Grant("cel", "geca", level))).Graph, Given.Day("2020-01-01"))).Outcome);

    [Fact]
    public void A_full_grant_that_leaves_something_to_people_is_conditional_and_one_that_the_data_can_decide_is_not()
    {
        var registry = new TestRegistry().With(
            Given.Agreement("data", AgreementKind.Bilateral, Given.Grant("cel", "geca") with { Conditions = [Given.Condition("factory", "CN")] }),
            Given.Agreement("people", AgreementKind.Bilateral, Given.Grant("cel", "geca") with { Conditions = [Given.Condition("document")] }),
            Given.Agreement("late", AgreementKind.Bilateral, Given.Grant("cel", "geca")) with { ConfirmedOn = Given.Date("2019") });

        Assert.Equal(
            [("data", Outcome.Recognised), ("late", Outcome.Conditional), ("people", Outcome.Conditional)],
            AcceptedLabels.On(registry.Graph, Given.Day("2020-01-01")).Select(a => (a.Grant.Agreement!.Code, a.Outcome!.Value)));
    }

    [Fact]
    public void The_last_day_is_the_one_before_a_recorded_end_whatever_ends_it()
    {
        var amended = Given.Agreement("text", AgreementKind.Bilateral, Given.Grant("cel", "geca"));
        var registry = new TestRegistry().With(
            Given.Agreement("event", AgreementKind.Bilateral, Given.Grant("cel", "geca")).WithEvent(AgreementEventType.Terminated, "2024-03-01"),
            Given.Agreement("grant", AgreementKind.Bilateral, Given.Grant("cel", "geca") with { Until = Given.Date("2023") }),
            Given.Agreement("open", AgreementKind.Bilateral, Given.Grant("cel", "geca")),
            amended with { Texts = [amended.Texts[0], Given.Text("2022-02-02", Given.Grant("cel", "geca", id: "other"))] });

        Assert.Equal(
            [("event", "2024-02-29"), ("grant", "2023-12-31"), ("open", ""), ("text", "2022-02-01")],
            AcceptedLabels.On(registry.Graph, Given.Day("2020-01-01")).Select(a => (a.Grant.Agreement!.Code, a.HoldsUntil is { } d ? PartialDate.Of(d).ToString() : "")));
    }

    [Fact]
    public void A_policy_that_accepts_what_a_scheme_recognises_is_listed_once_for_each_label_that_this_leads_to()
    {
        var registry = new TestRegistry()
            .With(
                Given.Agreement("a", AgreementKind.Bilateral, Given.Grant("twgm", "kel", Level.Audit, "there"), Given.Grant("kel", "twgm", Level.TestData, "back")),
                Given.Agreement("b", AgreementKind.Bilateral, Given.Grant("twgm", "geca", Level.Audit, "there")),
                Given.Agreement("c", AgreementKind.Bilateral, Given.Grant("twgm", "tgl", Level.Framework, "there"), Given.Grant("tgl", "twgm", Level.Framework, "back")))
            .With(Given.Policy(new PolicyLine { RecognisedBy = "twgm", Reciprocal = true, Categories = ["coatings"] }, new PolicyLine { Scheme = "twgm" }));

        var accepted = AcceptedLabels.On(registry.Graph, Given.Day("2020-01-01")).Where(a => a.Grant.Policy is not null).ToList();

        Assert.Equal([("1", "kel"), ("2", "twgm")], accepted.Select(a => (a.Grant.Grant.Id, a.Recognised)));
        Assert.Equal((Level.Audit, Outcome.Recognised, "a"), (accepted[0].Level, accepted[0].Outcome, accepted[0].Below!.Agreement!.Code));
        Assert.Equal(["coatings"], accepted[0].Categories);
        Assert.DoesNotContain(Warning.SchemeNotPolicy, accepted[0].Warnings);
    }

    [Fact]
    public void Of_two_steps_the_categories_that_both_cover_are_listed()
    {
        var registry = new TestRegistry()
            .With(
                Given.Agreement("a", AgreementKind.Bilateral, Given.Grant("twgm", "kel") with { Categories = ["coatings.decorative", "it"] }),
                Given.Agreement("b", AgreementKind.Bilateral, Given.Grant("twgm", "geca") with { Categories = ["it"] }))
            .With(Given.Policy(new PolicyLine { RecognisedBy = "twgm", Categories = ["coatings", "it.imaging"] }));

        Assert.Equal(
            ["geca: it.imaging", "kel: coatings.decorative it.imaging"],
            AcceptedLabels.On(registry.Graph, Given.Day("2020-01-01")).Where(a => a.Below is not null)
                .Select(a => $"{a.Recognised}: {string.Join(' ', a.Categories)}").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> On(TestRegistry registry, string date, string? category = null) =>
        AcceptedLabels.On(registry.Graph, Given.Day(date), category)
            .Select(a => $"{a.Grant.Agreement?.Code ?? a.Grant.Policy!.Code}/{a.Grant.Grant.Id} {a.Extent}".TrimEnd());
}
