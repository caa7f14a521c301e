namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>The rules of a grant, one by one: each with the reason that it gives and the case beside it that holds.</summary>
public sealed class GrantJudgementTests
{
    private const string Today = "2020-01-01";

    private static readonly Grant Grant = Given.Grant("cel", "geca");

    private static readonly Standard Paint = new("geca-pc", "geca", "PC") { Editions = [new Edition("2012"), new Edition("2017")] };

    // 1. The certificate counts.
    [Theory]
    [InlineData("2014-12-31", Reason.CertificateNotYetValid)]
    [InlineData("2019-01-01", Reason.CertificateExpired)]
    [InlineData("2016-01-01", Reason.CertificateSuspended)]
    [InlineData("2017-01-01", Reason.CertificateWithdrawn)]
    public void A_certificate_that_is_not_valid_fails_with_its_standing(string date, Reason reason)
    {
        var answer = new TestRegistry().With(Given.Bilateral(Grant))
            .With(Given.Certificate(until: "2018-12-31")
                .WithEvent(CertificateEventType.Suspended, "2016-01-01").WithEvent(CertificateEventType.Reinstated, "2016-02-01")
                .WithEvent(CertificateEventType.Withdrawn, "2017-01-01").WithEvent(CertificateEventType.Reinstated, "2017-02-01"))
            .Ask("cel", date);

        Assert.Equal(Outcome.NotCertified, answer.Outcome);
        Assert.Equal([new ReasonAbout(reason, SubjectOfReason.Certificate, "geca:C-1")], answer.Reasons);
        Assert.Equal([reason], answer.Certificates.Single().Reasons);
        Assert.Equal([reason], answer.Nearest!.Reasons);
    }

    [Theory]
    [InlineData("2016-12-31", Outcome.NotCertified)]
    [InlineData("2017-01-01", Outcome.Recognised)]
    [InlineData("2018-12-31", Outcome.Recognised)]
    [InlineData("2019-01-01", Outcome.NotCertified)]
    public void A_product_counts_from_its_first_day_on_the_certificate_to_its_last(string date, Outcome outcome)
    {
        var certificate = Given.Certificate() with
        {
            Lines = [new ProductLine("acme-gloss", "coatings", Given.Date("2017-01-01"), Given.Date("2018-12-31"))],
        };
        var answer = Ask(certificate, Grant, date);

        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(outcome == Outcome.Recognised ? [] : [Reason.ProductNotOnCertificate], Codes(answer));
    }

    [Fact]
    public void A_real_certificate_for_another_product_is_not_a_certificate_of_this_one()
    {
        var registry = new TestRegistry().With(Given.Bilateral(Grant)).With(Given.Certificate());
        var subject = registry.Product with { Candidates = [new Candidate(Given.Certificate(), [])] };

        var answer = registry.Ask(subject, "cel", Today);

        Assert.Equal(Outcome.NotCertified, answer.Outcome);
        Assert.Equal([Reason.ProductNotOnCertificate], Codes(answer));
        Assert.Null(answer.Nearest);
    }

    [Fact]
    public void A_certificate_counts_only_in_its_territories()
    {
        var registry = new TestRegistry().With(Given.Bilateral(Grant)).With(Given.Certificate() with { Territories = ["GB", "FR-IDF"] });

        Assert.Equal(Outcome.Recognised, registry.Ask("cel", Today, q => q with { Territory = "GB-NIR" }).Outcome);
        var answer = registry.Ask("cel", Today, q => q with { Territory = "FR" });
        Assert.Equal(Outcome.NotCertified, answer.Outcome);
        Assert.Equal([Reason.TerritoryOutOfScope], Codes(answer));
    }

    // 2. A grant exists in this direction.
    [Fact]
    public void Without_a_grant_there_is_no_agreement_and_with_the_opposite_only_it_runs_the_wrong_way()
    {
        var stranger = new TestRegistry().With(Given.Certificate()).Ask("cel", Today);
        var opposite = Ask(Given.Certificate(), Given.Grant("geca", "cel"), Today);

        Assert.Equal([new ReasonAbout(Reason.NoAgreement, SubjectOfReason.Scheme, "geca")], stranger.Reasons);
        Assert.Equal([new ReasonAbout(Reason.WrongDirection, SubjectOfReason.Scheme, "geca")], opposite.Reasons);
        Assert.Equal(Outcome.NotRecognised, opposite.Outcome);
        Assert.Null(opposite.Nearest);
    }

    [Theory]
    [InlineData(true, Outcome.Recognised)]
    [InlineData(false, Outcome.NotRecognised)]
    public void A_sub_schemes_certificate_is_its_parents_only_if_it_says_so(bool countsAsParent, Outcome outcome)
    {
        var registry = new TestRegistry()
            .With(Given.Scheme("sgls-plus") with { Parent = "sgls", CountsAsParent = countsAsParent })
            .With(Given.Bilateral(Given.Grant("cel", "sgls")))
            .With(Given.Certificate("sgls-plus"));

        Assert.Equal(outcome, registry.Ask("cel", Today).Outcome);
        Assert.Equal(countsAsParent ? Outcome.Certified : Outcome.NotRecognised, registry.Ask("sgls", Today).Outcome);
    }

    [Fact]
    public void A_parents_certificate_is_never_its_sub_schemes() =>
        Assert.Equal(Outcome.NotRecognised, new TestRegistry()
            .With(Given.Scheme("sgls-plus") with { Parent = "sgls", CountsAsParent = true })
            .With(Given.Certificate("sgls")).Ask("sgls-plus", Today).Outcome);

    // 3. The agreement is in force, both are parties, the grant's own dates hold.
    [Theory]
    [InlineData("2009-12-31", Reason.AgreementNotYetEffective)]
    [InlineData("2012-01-01", Reason.AgreementSuspended)]
    [InlineData("2019-01-01", Reason.AgreementExpired)]
    [InlineData("2020-01-01", Reason.AgreementTerminated)]
    public void An_agreement_that_is_not_in_force_fails_with_its_standing(string date, Reason reason)
    {
        var mra = Given.Bilateral(Grant).WithText(t => t with { EffectiveUntil = Given.Date("2018-12-31") })
            .WithEvent(AgreementEventType.Suspended, "2012-01-01", "cel").WithEvent(AgreementEventType.Resumed, "2013-01-01", "cel")
            .WithEvent(AgreementEventType.Terminated, "2020-01-01", "cel");

        var answer = new TestRegistry().With(mra).With(Given.Certificate(from: "2000-01-01")).Ask("cel", date);

        Assert.Equal([new ReasonAbout(reason, SubjectOfReason.Agreement, "mra")], answer.Reasons);
        Assert.Equal(new NearestMiss("geca:C-1", "mra", null, "g", [reason]), answer.Nearest, Same);
    }

    [Fact]
    public void A_proposal_recognises_nothing() =>
        Assert.Equal([Reason.AgreementProposed], Codes(
            new TestRegistry().With(Given.Bilateral(Grant).WithText(t => t with { IsSigned = false })).With(Given.Certificate()).Ask("cel", Today)));

    [Theory]
    [InlineData("2016-12-31", Reason.GrantNotYetEffective)]
    [InlineData("2017-01-01", null)]
    [InlineData("2017-12-31", null)]
    [InlineData("2018-01-01", Reason.GrantExpired)]
    public void A_grants_own_dates_hold_within_those_of_its_agreement(string date, Reason? reason)
    {
        var answer = Ask(Given.Certificate(), Grant with { From = Given.Date("2017-01-01"), Until = Given.Date("2017-12-31") }, date);

        Assert.Equal(reason is { } code ? [code] : [], Codes(answer));
    }

    // 4. The level has an effect.
    [Theory]
    [InlineData(Level.FullScheme, Outcome.Recognised)]
    [InlineData(Level.FullProduct, Outcome.Recognised)]
    [InlineData(Level.CommonCriteria, Outcome.Conditional)]
    [InlineData(Level.Evidence, Outcome.Conditional)]
    [InlineData(Level.ProxyVerification, Outcome.VerificationAccepted)]
    [InlineData(Level.Audit, Outcome.VerificationAccepted)]
    [InlineData(Level.TestData, Outcome.VerificationAccepted)]
    [InlineData(Level.StandardAdoption, Outcome.NotRecognised)]
    [InlineData(Level.CriteriaAlignment, Outcome.NotRecognised)]
    [InlineData(Level.Framework, Outcome.NotRecognised)]
    [InlineData(Level.PeerReview, Outcome.NotRecognised)]
    [InlineData(Level.CapacityBuilding, Outcome.NotRecognised)]
    public void Each_level_gives_its_outcome_and_no_more(Level level, Outcome outcome)
    {
        var answer = Ask(Given.Certificate(), Grant with { Level = level }, Today);

        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(outcome == Outcome.NotRecognised ? [] : [level], answer.Paths.Select(p => p.Level!.Value));
        Assert.Equal(outcome == Outcome.NotRecognised ? [Reason.AgreementNotOperative] : [], Codes(answer));
    }

    // 5. Categories and reservations.
    [Theory]
    [InlineData("coatings.decorative", true)]
    [InlineData("coatings", true)]
    [InlineData("coatings.decor", false)]
    [InlineData("it.imaging", false)]
    [InlineData(null, false)]
    public void A_line_is_covered_in_the_grants_category_and_below_it(string? category, bool isCovered)
    {
        var answer = Ask(Given.Certificate(category: category), Grant with { Categories = ["textiles", "coatings"] }, Today);

        Assert.Equal(isCovered ? [] : [Reason.CategoryOutOfScope], Codes(answer));
    }

    [Fact]
    public void A_grant_for_a_narrower_category_than_the_lines_does_not_cover_it() =>
        Assert.Equal([Reason.CategoryOutOfScope], Codes(Ask(Given.Certificate(category: "coatings"), Grant with { Categories = ["coatings.decorative"] }, Today)));

    [Theory]
    [InlineData("coatings", true)]
    [InlineData("coatings.decorative", true)]
    [InlineData("coatings.industrial", false)]
    [InlineData("it", false)]
    public void A_category_asked_must_contain_the_lines(string asked, bool contains)
    {
        var registry = new TestRegistry().With(Given.Bilateral(Grant)).With(Given.Certificate());

        Assert.Equal(
            contains ? Outcome.Recognised : Outcome.NotRecognised, registry.Ask("cel", Today, q => q with { Category = asked }).Outcome);
        Assert.Equal(
            contains ? Outcome.Certified : Outcome.NotRecognised, registry.Ask("geca", Today, q => q with { Category = asked }).Outcome);
        Assert.Equal(
            contains ? [] : [new ReasonAbout(Reason.CategoryOutOfScope, SubjectOfReason.Certificate, "geca:C-1")],
            registry.Ask("cel", Today, q => q with { Category = asked }).Reasons);
    }

    [Fact]
    public void A_line_of_unknown_category_is_within_none_that_is_asked() =>
        Assert.Equal(Outcome.NotRecognised, new TestRegistry()
            .With(Given.Certificate(category: null)).Ask("geca", Today, q => q with { Category = "coatings" }).Outcome);

    [Theory]
    [InlineData("cel", "coatings", "geca", true)]
    [InlineData("cel", "coatings", "", true)]
    [InlineData("cel", "", "geca", true)]
    [InlineData("cel", "", "", true)]
    [InlineData("geca", "coatings", "cel", true)]
    [InlineData("geca", "coatings", "", true)]
    [InlineData("cel", "it", "geca", false)]
    [InlineData("cel", "coatings", "kel", false)]
    [InlineData("kel", "", "", false)]
    public void A_reservation_keeps_out_categories_partners_or_both_in_either_direction(string party, string category, string partner, bool isReserved)
    {
        var reservation = new Reservation(party, category.Length == 0 ? [] : [category], partner.Length == 0 ? [] : [partner]);
        var answer = new TestRegistry()
            .With(Given.Bilateral(Grant).WithText(t => t with { Reservations = [reservation] })).With(Given.Certificate()).Ask("cel", Today);

        Assert.Equal(isReserved ? [Reason.PartyReservation] : [], Codes(answer));
    }

    [Fact]
    public void A_line_of_unknown_category_cannot_be_shown_to_lie_outside_a_reservation() =>
        Assert.Equal([Reason.PartyReservation], Codes(new TestRegistry()
            .With(Given.Bilateral(Grant).WithText(t => t with { Reservations = [new Reservation("cel", ["it"], [])] }))
            .With(Given.Certificate(category: null)).Ask("cel", Today)));

    // 6. Standards and editions.
    [Theory]
    [InlineData("geca-pc", "2012", null)]
    [InlineData("geca-pc", "2017", Reason.EditionOutOfScope)]
    [InlineData("geca-pc", null, Reason.EditionOutOfScope)]
    [InlineData("geca-carpet", "2012", Reason.StandardOutOfScope)]
    [InlineData(null, null, Reason.StandardOutOfScope)]
    public void A_list_of_standards_names_what_it_covers(string? standard, string? edition, Reason? reason)
    {
        var answer = Ask(
            Given.Certificate().WithPeriod(p => p with { Standard = standard, Edition = edition }),
            Grant with { Standards = [new GrantedStandard("geca-pc", ["2010"]), new GrantedStandard("geca-pc", ["2012"])] },
            Today);

        Assert.Equal(reason is { } code ? [code] : [], Codes(answer));
    }

    [Fact]
    public void A_standard_named_without_editions_covers_them_all_even_one_that_is_not_known() =>
        Assert.Equal(Outcome.Recognised, Ask(
            Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc" }), Grant with { Standards = [new GrantedStandard("geca-pc", [])] }, Today).Outcome);

    [Fact]
    public void A_certificate_that_is_still_to_begin_is_judged_by_the_standard_that_it_will_have()
    {
        var certificate = Given.Certificate() with
        {
            Periods = [Given.Period("2023-01-01") with { Standard = "other" }, Given.Period("2021-01-01") with { Standard = "geca-pc" }],
        };

        var answer = Ask(certificate, Grant with { Standards = [new GrantedStandard("geca-pc", [])] }, Today);

        Assert.Equal([Reason.CertificateNotYetValid], Codes(answer));
        Assert.Null(answer.Certificates.Single().Period);
    }

    // 7. Tiers.
    [Theory]
    [InlineData("gold", null)]
    [InlineData("silver", null)]
    [InlineData("bronze", Reason.TierBelowMinimum)]
    [InlineData("platinum", Reason.TierBelowMinimum)]
    [InlineData(null, Reason.TierBelowMinimum)]
    public void A_tier_is_at_least_the_minimum_or_below_it_when_it_is_missing(string? tier, Reason? reason)
    {
        var answer = new TestRegistry()
            .With(Given.Scheme("geca") with { Tiers = ["bronze", "silver", "gold"] })
            .With(Given.Bilateral(Grant with { MinTier = "silver" }))
            .With(Given.Certificate().WithPeriod(p => p with { Tier = tier })).Ask("cel", Today);

        Assert.Equal(reason is { } code ? [code] : [], Codes(answer));
    }

    [Theory]
    [InlineData("gold", Outcome.Recognised)]
    [InlineData("silver", Outcome.Recognised)]
    [InlineData("bronze", Outcome.NotRecognised)]
    public void A_sub_scheme_that_counts_as_its_parent_may_bring_its_own_tiers(string tier, Outcome outcome) =>
        Assert.Equal(outcome, new TestRegistry()
            .With(Given.Scheme("sub") with { Parent = "geca", CountsAsParent = true, Tiers = ["bronze", "silver", "gold"] })
            .With(Given.Bilateral(Grant with { MinTier = "silver" }))
            .With(Given.Certificate("sub").WithPeriod(p => p with { Tier = tier })).Ask("cel", Today).Outcome);

    [Theory]
    [InlineData("bronze", "silver", Outcome.NotRecognised)]
    [InlineData("silver", "bronze", Outcome.Recognised)]
    public void Where_both_put_two_tiers_in_order_that_of_the_recognised_scheme_holds(string tier, string minimum, Outcome outcome) =>
        Assert.Equal(outcome, new TestRegistry()
            .With(
                Given.Scheme("geca") with { Tiers = ["bronze", "silver"] },
                Given.Scheme("sub") with { Parent = "geca", CountsAsParent = true, Tiers = ["silver", "bronze"] })
            .With(Given.Bilateral(Grant with { MinTier = minimum }))
            .With(Given.Certificate("sub").WithPeriod(p => p with { Tier = tier })).Ask("cel", Today).Outcome);

    // 8. Conditions.
    [Theory]
    [InlineData("AU,NZ", Outcome.Recognised)]
    [InlineData("CN", Outcome.NotRecognised)]
    [InlineData("CN,CN", Outcome.NotRecognised)]
    [InlineData("CN,AU", Outcome.Conditional)]
    [InlineData("", Outcome.Conditional)]
    [InlineData(null, Outcome.Conditional)]
    public void A_condition_on_sites_is_met_failed_or_left_to_people(string? sites, Outcome outcome)
    {
        var answer = Ask(
            Given.Certificate() with { SiteCountries = sites?.Split(',', StringSplitOptions.RemoveEmptyEntries) },
            Grant with { Conditions = [Given.Condition("made-outside-china", "CN", "HK")] },
            Today);

        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(outcome == Outcome.NotRecognised ? [Reason.ConditionFailed] : [], Codes(answer));
        Assert.Equal(outcome == Outcome.Conditional ? ["made-outside-china"] : [], answer.Paths.SelectMany(p => p.Conditions).Select(c => c.Code));
    }

    [Fact]
    public void Any_other_condition_is_always_left_to_people_with_its_words_and_its_source()
    {
        var condition = Given.Condition("document-required");
        var answer = Ask(Given.Certificate(), Grant with { Conditions = [condition] }, Today);

        Assert.Equal(Outcome.Conditional, answer.Outcome);
        Assert.Equal([new PathCondition("document-required") { Stated = condition, About = "mra" }], answer.Paths.Single().Conditions);
    }

    [Fact]
    public void Accepted_verification_stays_what_it_is_with_a_condition() =>
        Assert.Equal(Outcome.VerificationAccepted, Ask(
            Given.Certificate(), Grant with { Level = Level.Audit, Conditions = [Given.Condition("document-required")] }, Today).Outcome);

    // 9. The caller's minimum level.
    [Theory]
    [InlineData(Level.FullScheme, Outcome.NotRecognised)]
    [InlineData(Level.FullProduct, Outcome.NotRecognised)]
    [InlineData(Level.Evidence, Outcome.Conditional)]
    [InlineData(Level.TestData, Outcome.Conditional)]
    public void A_level_below_the_callers_minimum_fails_and_never_concerns_the_recognisers_own(Level minimum, Outcome outcome)
    {
        var registry = new TestRegistry().With(Given.Bilateral(Grant with { Level = Level.Evidence })).With(Given.Certificate());

        var answer = registry.Ask("cel", Today, q => q with { MinLevel = minimum });

        Assert.Equal(outcome, answer.Outcome);
        Assert.Equal(outcome == Outcome.NotRecognised ? [Reason.LevelBelowMinimum] : [], Codes(answer));
        Assert.Equal(Outcome.Certified, registry.Ask("geca", Today, q => q with { MinLevel = minimum }).Outcome);
    }

    private static RecognitionAnswer Ask(Certificate certificate, Grant grant, string date) =>
        new TestRegistry().With(Paint).With(Given.Bilateral(grant)).With(certificate).Ask("cel", date);

    private static IEnumerable<Reason> Codes(RecognitionAnswer answer) => answer.Reasons.Select(r => r.Reason);

    private static bool Same(NearestMiss? expected, NearestMiss? actual) =>
        expected! with { Reasons = [] } == actual! with { Reasons = [] } && expected.Reasons.SequenceEqual(actual.Reasons);
}
