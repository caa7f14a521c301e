namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>Which routes lead from a recogniser to a certificate: direct, onward, through a policy, for a body.</summary>
public sealed class PathSearchTests
{
    private const string Today = "2020-01-01";

    [Fact]
    public void Recognition_is_not_passed_on()
    {
        var registry = new TestRegistry()
            .With(Mra("a", Given.Grant("cel", "kel")), Mra("b", Given.Grant("kel", "geca")))
            .With(Given.Certificate());

        Assert.Equal(Outcome.Recognised, registry.Ask("kel", Today).Outcome);
        Assert.Equal([new ReasonAbout(Reason.NoAgreement, SubjectOfReason.Scheme, "geca")], registry.Ask("cel", Today).Reasons);
    }

    [Fact]
    public void A_grant_that_says_so_lets_the_recogniser_rely_on_what_its_partner_fully_recognises()
    {
        var answer = new TestRegistry()
            .With(
                Mra("a", Given.Grant("cel", "kel", Level.FullScheme, "first") with { OnwardMaxHops = 1 }),
                Mra("b", Given.Grant("kel", "geca", id: "second")))
            .With(Given.Certificate())
            .Ask("cel", Today);

        var path = Assert.Single(answer.Paths);
        Assert.True(path.Derived);
        Assert.Equal((Outcome.Recognised, Level.FullProduct), (path.Outcome, path.Level));
        Assert.Equal(
            [
                new PathStep("a", null, "first", "cel", "kel", Level.FullScheme),
                new PathStep("b", null, "second", "kel", "geca", Level.FullProduct),
            ],
            path.Steps);
    }

    [Theory]
    [InlineData(Level.FullProduct, Outcome.Recognised)]
    [InlineData(Level.FullScheme, Outcome.Recognised)]
    [InlineData(Level.CommonCriteria, Outcome.NotRecognised)]
    [InlineData(Level.Audit, Outcome.NotRecognised)]
    public void Every_step_after_the_first_is_full(Level second, Outcome outcome) =>
        Assert.Equal(outcome, new TestRegistry()
            .With(Mra("a", Given.Grant("cel", "kel") with { OnwardMaxHops = 1 }), Mra("b", Given.Grant("kel", "geca", second)))
            .With(Given.Certificate()).Ask("cel", Today).Outcome);

    [Fact]
    public void The_level_of_a_derived_path_is_its_weakest_in_whatever_step()
    {
        Assert.Equal(Level.FullProduct, new TestRegistry()
            .With(
                Mra("a", Given.Grant("cel", "kel", Level.FullScheme) with { OnwardMaxHops = 2 }),
                Mra("b", Given.Grant("kel", "tgl", Level.FullScheme) with { OnwardMaxHops = 1 }),
                Mra("c", Given.Grant("tgl", "geca", Level.FullProduct)))
            .With(Given.Certificate()).Ask("cel", Today).Paths.Single().Level);
        var answer = new TestRegistry()
            .With(Mra("a", Given.Grant("cel", "kel", Level.ProxyVerification) with { OnwardMaxHops = 1 }), Mra("b", Given.Grant("kel", "geca")))
            .With(Given.Certificate()).Ask("cel", Today);

        Assert.Equal((Outcome.VerificationAccepted, Level.ProxyVerification), (answer.Outcome, answer.Paths.Single().Level));
    }

    [Theory]
    [InlineData(2, 1, 0, Outcome.Recognised)]
    [InlineData(9, 9, 9, Outcome.Recognised)]
    [InlineData(1, 1, 0, Outcome.NotRecognised)]
    [InlineData(2, 0, 0, Outcome.NotRecognised)]
    public void Each_step_may_be_passed_on_as_far_as_it_says(int first, int second, int third, Outcome outcome) =>
        Assert.Equal(outcome, new TestRegistry()
            .With(
                Mra("a", Given.Grant("cel", "kel") with { OnwardMaxHops = first }),
                Mra("b", Given.Grant("kel", "tgl") with { OnwardMaxHops = second }),
                Mra("c", Given.Grant("tgl", "geca") with { OnwardMaxHops = third }))
            .With(Given.Certificate()).Ask("cel", Today).Outcome);

    [Fact]
    public void A_path_has_three_steps_at_most() =>
        Assert.Equal(Outcome.NotRecognised, new TestRegistry()
            .With(
                Mra("a", Given.Grant("cel", "kel") with { OnwardMaxHops = 9 }),
                Mra("b", Given.Grant("kel", "tgl") with { OnwardMaxHops = 9 }),
                Mra("c", Given.Grant("tgl", "nz") with { OnwardMaxHops = 9 }),
                Mra("d", Given.Grant("nz", "geca")))
            .With(Given.Certificate()).Ask("cel", Today).Outcome);

    [Fact]
    public void Cycles_do_no_harm()
    {
        var all = new[] { "cel", "kel", "tgl", "geca" };
        var grants = all.SelectMany(a => all.Where(b => b != a).Select(b => Given.Grant(a, b, id: $"{a}-{b}") with { OnwardMaxHops = 9 })).ToArray();
        var answer = new TestRegistry().With(Given.Agreement("club", AgreementKind.Multilateral, grants)).With(Given.Certificate()).Ask("cel", Today);

        // cel-geca; over kel, over tgl; over kel and tgl, over tgl and kel. No scheme twice.
        Assert.Equal(
            ["cel-geca", "cel-kel>kel-geca", "cel-kel>kel-tgl>tgl-geca", "cel-tgl>tgl-geca", "cel-tgl>tgl-kel>kel-geca"],
            answer.Paths.Select(p => string.Join('>', p.Steps.Select(s => s.Grant))));
    }

    [Fact]
    public void An_own_certificate_is_reached_by_no_detour_and_nobody_recognises_himself()
    {
        var answer = new TestRegistry()
            .With(
                Mra("a", Given.Grant("cel", "kel") with { OnwardMaxHops = 9 }),
                Mra("b", Given.Grant("kel", "cel") with { OnwardMaxHops = 9 }),
                Mra("c", Given.Grant("cel", "cel") with { OnwardMaxHops = 9 }),
                Mra("d", Given.Grant("kel", "kel") with { OnwardMaxHops = 9 }))
            .With(Given.Certificate("cel"), Given.Certificate("kel")).Ask("cel", Today);

        Assert.Equal(["", "a"], answer.Paths.Select(p => string.Join('>', p.Steps.Select(s => s.Agreement))));
    }

    [Fact]
    public void What_any_step_leaves_to_people_makes_the_whole_conditional()
    {
        var first = Mra("a", Given.Grant("cel", "kel") with { OnwardMaxHops = 2 });
        var second = Mra("b", Given.Grant("kel", "tgl") with { OnwardMaxHops = 1 });
        var third = Mra("c", Given.Grant("tgl", "geca"));

        Assert.Equal(Outcome.Recognised, Outcome3(first, second, third));
        Assert.Equal(Outcome.Conditional, Outcome3(Unconfirmed(first), second, third));
        Assert.Equal(Outcome.Conditional, Outcome3(first, Unconfirmed(second), third));
        Assert.Equal(Outcome.Conditional, Outcome3(first, second, Unconfirmed(third)));
        Assert.Equal(Outcome.Conditional, Outcome3(WithCondition(first), second, third));
        Assert.Equal(Outcome.Conditional, Outcome3(first, WithCondition(second), third));
        Assert.Equal(Outcome.Conditional, Outcome3(first, second, WithCondition(third)));

        static Outcome Outcome3(params Agreement[] steps) => new TestRegistry().With(steps).With(Given.Certificate()).Ask("cel", Today).Outcome;

        static Agreement Unconfirmed(Agreement step) => step with { ConfirmedOn = Given.Date("2019") };

        static Agreement WithCondition(Agreement step) =>
            step.WithText(t => t with { Grants = [t.Grants[0] with { Conditions = [Given.Condition("document-required")] }] });
    }

    [Fact]
    public void An_agreement_that_two_steps_rest_on_is_unconfirmed_once()
    {
        var club = Given.Agreement(
            "club", AgreementKind.Multilateral, Given.Grant("cel", "kel", id: "a") with { OnwardMaxHops = 1 }, Given.Grant("kel", "geca", id: "b"));

        Assert.Equal(
            [new PathCondition("agreement-standing-unconfirmed") { About = "club" }],
            new TestRegistry().With(club with { ConfirmedOn = Given.Date("2019") }).With(Given.Certificate()).Ask("cel", Today).Paths.Single().Conditions);
    }

    [Fact]
    public void Standards_editions_and_tiers_are_asked_in_the_last_step_only_and_categories_dates_and_conditions_in_each()
    {
        var first = Given.Grant("cel", "kel") with { OnwardMaxHops = 1, Standards = [new GrantedStandard("kel-el608", [])], MinTier = "gold" };
        var second = Given.Grant("kel", "geca");
        var certificate = Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc" });

        Assert.Equal([], Reasons(first, second));
        Assert.Equal([Reason.StandardOutOfScope], Reasons(first, second with { Standards = [new GrantedStandard("geca-carpet", [])] }));
        Assert.Equal([Reason.TierBelowMinimum], Reasons(first, second with { MinTier = "gold" }));
        Assert.Equal([Reason.CategoryOutOfScope], Reasons(first with { Categories = ["it"] }, second));
        Assert.Equal([Reason.CategoryOutOfScope], Reasons(first, second with { Categories = ["it"] }));
        Assert.Equal([Reason.GrantExpired], Reasons(first with { Until = Given.Date("2019") }, second));
        Assert.Equal([Reason.GrantNotYetEffective], Reasons(first, second with { From = Given.Date("2021") }));
        Assert.Equal(["one", "two"], Answer(
            first with { Conditions = [Given.Condition("one")] }, second with { Conditions = [Given.Condition("two")] }).Paths.Single().Conditions.Select(c => c.Code));

        IEnumerable<Reason> Reasons(Grant first, Grant second) => Answer(first, second).Reasons.Select(r => r.Reason);

        RecognitionAnswer Answer(Grant first, Grant second) =>
            new TestRegistry().With(Mra("a", first), Mra("b", second)).With(certificate).Ask("cel", Today);
    }

    [Fact]
    public void The_reason_of_a_step_below_names_the_agreement_below()
    {
        var answer = new TestRegistry()
            .With(
                Mra("a", Given.Grant("cel", "kel") with { OnwardMaxHops = 1 }),
                Mra("b", Given.Grant("kel", "geca")).WithEvent(AgreementEventType.Terminated, "2019-01-01", "kel"))
            .With(Given.Certificate()).Ask("cel", Today);

        Assert.Equal([new ReasonAbout(Reason.AgreementTerminated, SubjectOfReason.Agreement, "b")], answer.Reasons);
        Assert.Equal(("b", "g"), (answer.Nearest!.Agreement, answer.Nearest.Grant));
    }

    // Bodies: any of their schemes.
    [Fact]
    public void A_body_is_asked_as_any_of_its_schemes()
    {
        var registry = new TestRegistry()
            .With(Given.Scheme("sgls") with { Body = "sgbc" }, Given.Scheme("sgbp") with { Body = "sgbc" })
            .With(Mra("a", Given.Grant("sgls", "geca", Level.Evidence)), Mra("b", Given.Grant("sgbp", "geca", Level.Audit)))
            .With(Given.Certificate());

        Assert.Equal(["sgls", "sgbp"], registry.Ask("body:sgbc", Today).Paths.Select(p => p.Steps.Single().Recogniser));
        Assert.Equal(Outcome.Certified, registry.With(Given.Certificate("sgbp")).Ask("body:sgbc", Today).Outcome);
    }

    [Fact]
    public void A_body_to_which_only_the_opposite_leads_is_told_so()
    {
        var registry = new TestRegistry()
            .With(Given.Scheme("sgls") with { Body = "sgbc" }).With(Mra("a", Given.Grant("geca", "sgls"))).With(Given.Certificate());

        Assert.Equal([Reason.WrongDirection], registry.Ask("body:sgbc", Today).Reasons.Select(r => r.Reason));
    }

    [Fact]
    public void A_body_without_schemes_recognises_nothing()
    {
        var registry = new TestRegistry().With(Given.Certificate());
        var answer = RecognitionEngine.Decide(
            registry.Graph, registry.Product, new RecognitionQuestion(new Recogniser(RecogniserKind.Body, "nobody"), Given.Day(Today)));

        Assert.Equal([Reason.NoAgreement], answer.Reasons.Select(r => r.Reason));
    }

    // Policies: their own lines.
    [Fact]
    public void A_policys_line_is_a_full_product_grant_of_its_own()
    {
        var answer = new TestRegistry()
            .With(Given.Policy(new PolicyLine { Scheme = "cel" }, new PolicyLine { Scheme = "geca" })).With(Given.Certificate()).Ask("buyer", Today);

        var path = Assert.Single(answer.Paths);
        Assert.Equal((Outcome.Recognised, Level.FullProduct, false), (path.Outcome, path.Level, path.Derived));
        Assert.Equal([new PathStep(null, "buyer", "2", "buyer", "geca", Level.FullProduct)], path.Steps);
    }

    [Fact]
    public void A_policys_line_is_judged_like_a_grant_and_a_reason_names_the_policy()
    {
        var tiered = Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc", Edition = "2012", Tier = "silver" });
        var line = new PolicyLine { Scheme = "geca" };

        Assert.Equal([], Reasons(line with { Categories = ["coatings"], Standards = [new GrantedStandard("geca-pc", ["2012"])], MinTier = "silver" }));
        Assert.Equal([Reason.CategoryOutOfScope], Reasons(line with { Categories = ["it"] }));
        Assert.Equal([Reason.StandardOutOfScope], Reasons(line with { Standards = [new GrantedStandard("geca-carpet", [])] }));
        Assert.Equal([Reason.EditionOutOfScope], Reasons(line with { Standards = [new GrantedStandard("geca-pc", ["2017"])] }));
        Assert.Equal([Reason.TierBelowMinimum], Reasons(line with { MinTier = "gold" }));
        Assert.Equal([Reason.GrantNotYetEffective], Reasons(line with { From = Given.Date("2020-01-02") }));
        Assert.Equal([Reason.GrantExpired], Reasons(line with { Until = Given.Date("2019-12-31") }));
        Assert.Equal([Reason.ConditionFailed], Reasons(line with { Conditions = [Given.Condition("outside-china", "CN")] }));
        Assert.Equal([Reason.NoAgreement], Reasons(new PolicyLine { Scheme = "cel" }));
        Assert.Equal(
            [new ReasonAbout(Reason.CategoryOutOfScope, SubjectOfReason.Policy, "buyer")], Answer(line with { Categories = ["it"] }).Reasons);
        Assert.Equal(("buyer", "1"), (Answer(line with { Categories = ["it"] }).Nearest!.Policy, Answer(line with { Categories = ["it"] }).Nearest!.Grant));

        IEnumerable<Reason> Reasons(PolicyLine line) => Answer(line).Reasons.Select(r => r.Reason);

        RecognitionAnswer Answer(PolicyLine line) => new TestRegistry()
            .With(Given.Policy(line)).With(tiered with { SiteCountries = ["CN"] }).Ask("buyer", Today);
    }

    [Theory]
    [InlineData("2012", "2016-12-31", Outcome.Recognised)]
    [InlineData("2012", "2017-01-01", Outcome.NotRecognised)]
    [InlineData("2017", "2017-01-01", Outcome.Recognised)]
    [InlineData(null, "2017-01-01", Outcome.NotRecognised)]
    public void A_policy_may_accept_the_edition_in_force_on_the_date(string? edition, string date, Outcome outcome)
    {
        var standard = new Standard("geca-pc", "geca", "PC")
        {
            Editions = [new Edition("2017") { EffectiveFrom = Given.Date("2017-01-01") }, new Edition("2012") { EffectiveFrom = Given.Date("2012-01-01") }],
        };
        var answer = new TestRegistry().With(standard)
            .With(Given.Policy(new PolicyLine { Scheme = "geca", Standards = [new GrantedStandard("geca-pc", ["current"])] }))
            .With(Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc", Edition = edition })).Ask("buyer", date);

        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(edition == "2012" && outcome == Outcome.Recognised ? Given.Day("2016-12-31") : null, answer.HoldsUntil);
    }

    // Policies: whatever a scheme recognises.
    [Theory]
    [InlineData(Level.FullProduct, Outcome.Recognised)]
    [InlineData(Level.CommonCriteria, Outcome.Recognised)]
    [InlineData(Level.TestData, Outcome.Recognised)]
    [InlineData(Level.Framework, Outcome.NotRecognised)]
    public void A_policy_that_accepts_what_a_scheme_recognises_gives_the_outcome_of_a_full_grant_whatever_the_level(Level level, Outcome outcome)
    {
        var answer = Taiwan(new PolicyLine { RecognisedBy = "twgm" }, Given.Grant("twgm", "geca", level)).Ask("buyer", Today);

        Assert.Equal(outcome, answer.Outcome);
        if (outcome == Outcome.Recognised)
        {
            var path = Assert.Single(answer.Paths);
            Assert.Equal((true, level), (path.Derived, path.Level));
            Assert.Empty(path.Conditions);
            Assert.Equal(
                [new PathStep(null, "buyer", "1", "buyer", "twgm", Level.FullProduct), new PathStep("mra", null, "g", "twgm", "geca", level)], path.Steps);
        }
    }

    [Theory]
    [InlineData(Level.Evidence, Outcome.Recognised)]
    [InlineData(Level.ProxyVerification, Outcome.NotRecognised)]
    public void A_policy_may_ask_for_a_minimum_level_of_the_step_below(Level level, Outcome outcome)
    {
        var answer = Taiwan(new PolicyLine { RecognisedBy = "twgm", MinLevel = Level.Evidence }, Given.Grant("twgm", "geca", level)).Ask("buyer", Today);

        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(
            outcome == Outcome.Recognised ? [] : [new ReasonAbout(Reason.LevelBelowMinimum, SubjectOfReason.Policy, "buyer")], answer.Reasons);
    }

    [Fact]
    public void A_reciprocal_policy_asks_for_a_grant_with_an_effect_the_other_way_in_the_same_agreement_on_the_date()
    {
        var line = new PolicyLine { RecognisedBy = "twgm", Reciprocal = true };
        var there = Given.Grant("twgm", "geca", Level.Evidence, "there");
        var back = Given.Grant("geca", "twgm", Level.TestData, "back");

        Assert.Equal([], Reasons(Taiwan(line, there, back)));
        Assert.Equal([Reason.ConditionFailed], Reasons(Taiwan(line, there)));
        Assert.Equal([Reason.ConditionFailed], Reasons(Taiwan(line, there, back with { Level = Level.Framework })));
        Assert.Equal([Reason.ConditionFailed], Reasons(Taiwan(line, there, back with { Until = Given.Date("2019-12-31") })));
        Assert.Equal([Reason.ConditionFailed], Reasons(Taiwan(line, there).With(Mra("another", back))));
        Assert.Equal(
            Given.Day("2020-06-30"), Taiwan(line, there, back with { Until = Given.Date("2020-06-30") }).Ask("buyer", Today).HoldsUntil);

        IEnumerable<Reason> Reasons(TestRegistry registry) => registry.Ask("buyer", Today).Reasons.Select(r => r.Reason);
    }

    [Fact]
    public void Criteria_to_prove_in_the_step_below_are_dropped_and_conditions_standing_and_uncertain_dates_stay()
    {
        var grant = Given.Grant("twgm", "geca", Level.CommonCriteria) with { Conditions = [Given.Condition("document-required")] };
        var mra = Given.Bilateral(grant).WithText(t => t with { EffectiveFrom = Given.Date("2020") }) with { ConfirmedOn = Given.Date("2019-06") };
        var answer = new TestRegistry().With(mra).With(Given.Policy(new PolicyLine { RecognisedBy = "twgm" })).With(Given.Certificate()).Ask("buyer", "2020-03-01");

        Assert.Equal(Outcome.Conditional, answer.Outcome);
        Assert.Equal(
            ["document-required", "agreement-standing-unconfirmed", "date-uncertain"], answer.Paths.Single().Conditions.Select(c => c.Code));
    }

    [Fact]
    public void What_a_policy_accepts_from_a_scheme_is_what_it_recognises_and_not_its_own_certificates_nor_what_it_relies_on_onward()
    {
        var registry = new TestRegistry()
            .With(Given.Policy(new PolicyLine { RecognisedBy = "twgm" }))
            .With(Mra("a", Given.Grant("twgm", "kel") with { OnwardMaxHops = 1 }), Mra("b", Given.Grant("kel", "geca")));

        Assert.Equal(Outcome.NotRecognised, registry.With(Given.Certificate("twgm")).Ask("buyer", Today).Outcome);
        Assert.Equal(Outcome.NotRecognised, registry.With(Given.Certificate("geca")).Ask("buyer", Today).Outcome);
        Assert.Equal(Outcome.Recognised, registry.With(Given.Certificate("kel")).Ask("buyer", Today).Outcome);
    }

    [Fact]
    public void What_a_policys_line_asks_of_the_certificate_holds_in_two_steps_too()
    {
        var grant = Given.Grant("twgm", "geca");

        Assert.Equal([Reason.StandardOutOfScope], Reasons(new PolicyLine { RecognisedBy = "twgm", Standards = [new GrantedStandard("geca-carpet", [])] }));
        Assert.Equal([Reason.TierBelowMinimum], Reasons(new PolicyLine { RecognisedBy = "twgm", MinTier = "gold" }));
        Assert.Equal([Reason.CategoryOutOfScope], Reasons(new PolicyLine { RecognisedBy = "twgm", Categories = ["it"] }));
        Assert.Equal([Reason.GrantExpired], Reasons(new PolicyLine { RecognisedBy = "twgm", Until = Given.Date("2019") }));

        IEnumerable<Reason> Reasons(PolicyLine line) => Taiwan(line, grant).Ask("buyer", Today).Reasons.Select(r => r.Reason);
    }

    [Fact]
    public void A_policy_whose_scheme_has_only_the_opposite_agreement_is_told_so() =>
        Assert.Equal(
            [new ReasonAbout(Reason.WrongDirection, SubjectOfReason.Scheme, "geca")],
            Taiwan(new PolicyLine { RecognisedBy = "twgm" }, Given.Grant("geca", "twgm")).Ask("buyer", Today).Reasons);

    private static Agreement Mra(string code, Grant grant) => Given.Agreement(code, AgreementKind.Bilateral, grant);

    private static TestRegistry Taiwan(PolicyLine line, params Grant[] grants) =>
        new TestRegistry().With(Given.Policy(line)).With(Given.Bilateral(grants)).With(Given.Certificate());
}
