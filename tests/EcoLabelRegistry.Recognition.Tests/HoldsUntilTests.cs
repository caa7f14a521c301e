namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>The last day of an outcome, given every recorded event; and dates that are known in part.</summary>
public sealed class HoldsUntilTests
{
    private static readonly Agreement Mra = Given.Bilateral(Given.Grant("cel", "geca"));

    [Fact]
    public void With_nothing_recorded_to_come_an_answer_is_open_ended() => Assert.Null(Until(Mra, Given.Certificate()));

    [Fact]
    public void The_first_of_all_ends_ends_the_answer()
    {
        var certificate = Given.Certificate(until: "2025-12-31");
        var line = certificate.Lines[0];

        Assert.Equal("2025-12-31", Until(Mra, certificate));
        Assert.Equal("2024-06-30", Until(Mra, certificate with { Lines = [line with { Until = Given.Date("2024-06-30") }] }));
        Assert.Equal("2023-03-31", Until(Mra, certificate.WithEvent(CertificateEventType.Suspended, "2023-04-01")));
        Assert.Equal("2023-03-31", Until(Mra, certificate.WithEvent(CertificateEventType.Withdrawn, "2023-04-01")));
        Assert.Equal("2022-12-31", Until(Mra.WithText(t => t with { EffectiveUntil = Given.Date("2022-12-31") }), certificate));
        Assert.Equal("2022-05-31", Until(Mra.WithEvent(AgreementEventType.Terminated, "2022-06-01", "cel"), certificate));
        Assert.Equal("2022-05-31", Until(Mra.WithEvent(AgreementEventType.Suspended, "2022-06-01", "cel"), certificate));
        Assert.Equal("2021-12-31", Until(Given.Bilateral(Given.Grant("cel", "geca") with { Until = Given.Date("2021-12-31") }), certificate));
        Assert.Equal("2021-01-31", Until(Mra with { ConfirmedOn = Given.Date("2021-01") }, certificate));
        Assert.Equal("2024-12-31", Until(Mra with { Texts = [.. Mra.Texts, Given.Text("2025-01-01")] }, certificate));
    }

    [Fact]
    public void A_renewal_on_the_next_day_carries_the_answer_on_and_a_gap_ends_it()
    {
        var seamless = Given.Certificate() with { Periods = [Given.Period("2015-01-01", "2020-12-31"), Given.Period("2021-01-01", "2023-12-31")] };
        var gap = Given.Certificate() with { Periods = [Given.Period("2015-01-01", "2020-12-31"), Given.Period("2021-02-01", "2023-12-31")] };

        Assert.Equal("2023-12-31", Until(Mra, seamless));
        Assert.Equal("2020-12-31", Until(Mra, gap));
    }

    [Fact]
    public void A_product_that_comes_back_on_the_next_day_never_left()
    {
        var certificate = Given.Certificate() with
        {
            Lines = [new("acme", "coatings", null, Given.Date("2020-06-30")), new("acme", "coatings", Given.Date("2020-07-01"), Given.Date("2020-12-31"))],
        };

        Assert.Equal("2020-12-31", Until(Mra, certificate));
    }

    [Fact]
    public void A_grant_that_an_amendment_keeps_goes_on_and_one_that_it_weakens_changes_the_outcome()
    {
        var kept = Mra with { Texts = [.. Mra.Texts, Given.Text("2022-01-01", Given.Grant("cel", "geca"))] };
        var weakened = Mra with { Texts = [.. Mra.Texts, Given.Text("2022-01-01", Given.Grant("cel", "geca", Level.Audit))] };
        var ending = Mra with { Texts = [.. Mra.Texts, Given.Text("2022-01-01", Given.Grant("cel", "geca") with { Until = Given.Date("2022-03-31") })] };

        Assert.Null(Until(kept, Given.Certificate()));
        Assert.Equal("2021-12-31", Until(weakened, Given.Certificate()));
        Assert.Equal("2022-03-31", Until(ending, Given.Certificate()));
    }

    [Fact]
    public void A_party_that_leaves_ends_the_answer_for_its_pairs_only()
    {
        var club = Given.Agreement("club", AgreementKind.Multilateral, Given.Grant("cel", "geca"), Given.Grant("cel", "kel", id: "k"));

        Assert.Equal("2021-12-31", Until(club.WithEvent(AgreementEventType.Withdrawn, "2022-01-01", "geca"), Given.Certificate()));
        Assert.Null(Until(club.WithEvent(AgreementEventType.Withdrawn, "2022-01-01", "kel"), Given.Certificate()));
    }

    [Fact]
    public void Without_an_end_the_editions_end_and_transition_end_the_answer()
    {
        var standard = new Standard("geca-pc", "geca", "PC")
        {
            Editions = [new Edition("2012") { EffectiveUntil = Given.Date("2020-06-30"), TransitionMonths = 12 }],
        };
        var registry = new TestRegistry().With(standard).With(Mra).With(Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc", Edition = "2012" }));

        Assert.Equal(Given.Day("2021-06-30"), registry.Ask("cel", "2020-01-01").HoldsUntil);
        Assert.Equal(Outcome.Recognised, registry.Ask("cel", "2021-06-30").Outcome);
        Assert.Equal(Outcome.NotCertified, registry.Ask("cel", "2021-07-01").Outcome);
    }

    [Fact]
    public void An_own_certificate_holds_until_it_is_no_longer_confirmed()
    {
        var registry = new TestRegistry().With(Given.Certificate(from: null)
            .WithPeriod(p => p with { FirstConfirmedOn = Given.Date("2016-03-01"), LastConfirmedOn = Given.Date("2019-10-25") }));

        var before = registry.Ask("geca", "2019-10-25");
        var after = registry.Ask("geca", "2019-10-26");

        Assert.Equal((Outcome.Certified, Given.Day("2019-10-25")), (before.Outcome, before.HoldsUntil!.Value));
        Assert.Equal((Outcome.Conditional, null), (after.Outcome, after.HoldsUntil));
        Assert.Equal(["certificate-standing-unconfirmed"], after.Paths.Single().Conditions.Select(c => c.Code));
        Assert.Null(after.Paths.Single().Level);
    }

    [Fact]
    public void After_the_last_confirmation_a_path_keeps_its_place_and_gains_a_condition()
    {
        var registry = new TestRegistry().With(Mra with { ConfirmedOn = Given.Date("2019") }).With(Given.Certificate());

        Assert.Equal(Outcome.Recognised, registry.Ask("cel", "2019-12-31").Outcome);
        Assert.Equal(
            [new PathCondition("agreement-standing-unconfirmed") { About = "mra" }], registry.Ask("cel", "2020-01-01").Paths.Single().Conditions);
    }

    // Dates known in part.
    [Theory]
    [InlineData("2015-12-31", Outcome.NotRecognised, null)]
    [InlineData("2016-01-01", Outcome.Conditional, "2016-12-30")]
    [InlineData("2016-12-30", Outcome.Conditional, "2016-12-30")]
    [InlineData("2016-12-31", Outcome.Recognised, "2018-04-01")]
    [InlineData("2018-04-01", Outcome.Recognised, "2018-04-01")]
    [InlineData("2018-04-02", Outcome.Conditional, "2018-04-30")]
    [InlineData("2018-04-30", Outcome.Conditional, "2018-04-30")]
    [InlineData("2018-05-01", Outcome.NotRecognised, null)]
    public void A_start_counts_from_its_first_day_an_end_to_its_last_and_between_the_date_is_uncertain(string date, Outcome outcome, string? until)
    {
        var partial = Mra.WithText(t => t with { EffectiveFrom = Given.Date("2016"), EffectiveUntil = Given.Date("2018-04") });
        var answer = new TestRegistry().With(partial).With(Given.Certificate()).Ask("cel", date);

        Assert.Equal((outcome, until is null ? null : Given.Day(until)), (answer.Outcome, answer.HoldsUntil));
        Assert.Equal(
            outcome == Outcome.Conditional ? ["date-uncertain"] : [], answer.Paths.SelectMany(p => p.Conditions).Select(c => c.Code));
    }

    [Fact]
    public void Every_partial_date_that_a_path_rests_on_makes_it_uncertain()
    {
        var certificate = Given.Certificate();
        var grant = Given.Grant("cel", "geca");
        var partial = Given.Date("2020");

        Assert.False(IsUncertain(Mra, certificate));
        Assert.True(IsUncertain(Mra, certificate.WithPeriod(p => p with { From = partial })));
        Assert.True(IsUncertain(Mra, certificate.WithPeriod(p => p with { Until = partial })));
        Assert.True(IsUncertain(Mra, certificate with { Lines = [certificate.Lines[0] with { From = partial }] }));
        Assert.True(IsUncertain(Mra, certificate with { Lines = [certificate.Lines[0] with { Until = partial }] }));
        Assert.True(IsUncertain(Mra, certificate.WithEvent(CertificateEventType.Suspended, "2019-01-01").WithEvent(CertificateEventType.Reinstated, "2020")));
        Assert.True(IsUncertain(Given.Bilateral(grant with { From = partial }), certificate));
        Assert.True(IsUncertain(Given.Bilateral(grant with { Until = partial }), certificate));
        Assert.True(IsUncertain(Mra with { Parties = [new("cel"), new("geca", partial)] }, certificate));
        Assert.True(IsUncertain(Mra.WithEvent(AgreementEventType.Suspended, "2019-01-01", "cel").WithEvent(AgreementEventType.Resumed, "2020", "cel"), certificate));
        Assert.True(IsUncertain(Mra.WithText(t => t with { EffectiveFrom = null, SignedOn = partial }), certificate));
    }

    [Fact]
    public void An_accession_of_an_uncertain_date_is_certain_from_its_last_day()
    {
        var registry = new TestRegistry().With(Mra with { Parties = [new("cel"), new("geca", Given.Date("2020"))] }).With(Given.Certificate());

        Assert.Equal((Outcome.NotRecognised, null), Answer("2019-12-31"));
        Assert.Equal((Outcome.Conditional, Given.Day("2020-12-30")), Answer("2020-01-01"));
        Assert.Equal((Outcome.Recognised, null), Answer("2020-12-31"));

        (Outcome Outcome, DateOnly? Until) Answer(string date) => (registry.Ask("cel", date).Outcome, registry.Ask("cel", date).HoldsUntil);
    }

    [Fact]
    public void A_path_that_holds_whatever_the_date_means_is_not_uncertain()
    {
        var renewed = Given.Certificate() with { Periods = [Given.Period("2015-01-01", "2022-12-31"), Given.Period("2020", "2025-12-31")] };
        var amended = Mra with { Texts = [.. Mra.Texts, Given.Text("2020", Given.Grant("cel", "geca"))] };

        Assert.False(IsUncertain(Mra, renewed));
        Assert.False(IsUncertain(amended, Given.Certificate()));
    }

    [Fact]
    public void A_path_that_would_give_less_by_the_older_text_is_uncertain_until_the_newer_one_has_surely_begun()
    {
        var weaker = Given.Bilateral(Given.Grant("cel", "geca", Level.Evidence));
        var strengthened = weaker with { Texts = [.. weaker.Texts, Given.Text("2020", Given.Grant("cel", "geca"))] };
        var registry = new TestRegistry().With(strengthened).With(Given.Certificate());

        Assert.True(IsUncertain(strengthened, Given.Certificate()));
        Assert.Equal((Outcome.Conditional, Given.Day("2020-12-30")), (registry.Ask("cel", "2020-01-01").Outcome, registry.Ask("cel", "2020-01-01").HoldsUntil));
        Assert.Equal(Outcome.Recognised, registry.Ask("cel", "2020-12-31").Outcome);
    }

    [Theory]
    [InlineData("2021-01-01", "cel", false)]
    [InlineData("2020", "cel-plus", true)]
    public void A_text_that_gives_a_grants_id_to_another_pair_ends_one_path_and_begins_another(string from, string recogniser, bool isUncertain)
    {
        var agreement = Given.Agreement("mra", AgreementKind.Unilateral, Given.Grant("cel", "geca"), Given.Grant("cel-plus", "geca")) with
        {
            Texts = [Given.Text("2010-01-01", Given.Grant("cel", "geca")), Given.Text(from, Given.Grant("cel-plus", "geca"))],
        };
        var registry = new TestRegistry().With(Given.Scheme("cel") with { Body = "mep" }, Given.Scheme("cel-plus") with { Body = "mep" })
            .With(agreement).With(Given.Certificate());

        var path = registry.Ask("body:mep", "2020-06-01").Paths.Single();

        Assert.Equal(recogniser, path.Steps.Single().Recogniser);
        Assert.Equal(Given.Day(isUncertain ? "2020-12-30" : "2020-12-31"), path.HoldsUntil);
        Assert.Equal(isUncertain, path.Conditions.Any(c => c.Code == "date-uncertain"));
    }

    [Fact]
    public void A_minimum_level_ends_a_path_with_the_text_that_has_it()
    {
        var unconfirmed = Mra with { ConfirmedOn = Given.Date("2015-01-01") };
        var weakened = unconfirmed with { Texts = [.. Mra.Texts, Given.Text("2021-01-01", Given.Grant("cel", "geca", Level.Evidence))] };
        var strengthened = unconfirmed with { Texts = [Given.Text("2010-01-01", Given.Grant("cel", "geca", Level.Evidence)), Given.Text("2020", Given.Grant("cel", "geca"))] };

        // Conditional by either text: only who asks for more than evidence sees the end of the one, and doubts the beginning of the other.
        Assert.Equal(("agreement-standing-unconfirmed criteria-not-held", null), Path(weakened, "2021-06-01", Level.Evidence));
        Assert.Equal(("agreement-standing-unconfirmed", null), Path(weakened, "2020-06-01", null));
        Assert.Equal(("agreement-standing-unconfirmed", Given.Day("2020-12-31")), Path(weakened, "2020-06-01", Level.FullProduct));
        Assert.Equal(("agreement-standing-unconfirmed", null), Path(strengthened, "2020-06-01", null));
        Assert.Equal(("agreement-standing-unconfirmed date-uncertain", null), Path(strengthened, "2020-06-01", Level.FullProduct));

        static (string Conditions, DateOnly? Until) Path(Agreement agreement, string date, Level? minimum)
        {
            var path = new TestRegistry().With(agreement).With(Given.Certificate()).Ask("cel", date, q => q with { MinLevel = minimum }).Paths.Single();
            Assert.Equal(Outcome.Conditional, path.Outcome);
            return (string.Join(' ', path.Conditions.Select(c => c.Code).Order(StringComparer.Ordinal)), path.HoldsUntil);
        }
    }

    [Fact]
    public void A_text_that_turns_a_grant_round_ends_it()
    {
        var turned = Mra with { Texts = [.. Mra.Texts, Given.Text("2021-01-01", Given.Grant("geca", "cel"))] };
        var registry = new TestRegistry().With(turned).With(Given.Certificate());

        Assert.Equal((Outcome.Recognised, Given.Day("2020-12-31")), (registry.Ask("cel", "2020-01-01").Outcome, registry.Ask("cel", "2020-01-01").HoldsUntil));
        Assert.Equal([Reason.WrongDirection], registry.Ask("cel", "2021-01-01").Reasons.Select(r => r.Reason));
    }

    [Fact]
    public void An_event_of_an_uncertain_date_stops_from_the_first_day_that_it_can_mean()
    {
        var registry = new TestRegistry().With(Mra.WithEvent(AgreementEventType.Terminated, "2020", "cel")).With(Given.Certificate());

        Assert.Equal(Given.Day("2019-12-31"), registry.Ask("cel", "2019-06-01").HoldsUntil);
        Assert.Equal(Outcome.NotRecognised, registry.Ask("cel", "2020-01-01").Outcome);
    }

    [Fact]
    public void An_answer_holds_as_long_as_its_best_path()
    {
        var registry = new TestRegistry().With(Mra)
            .With(Given.Certificate(until: "2021-12-31"), Given.Certificate(number: "C-2", until: "2022-12-31"));

        Assert.Equal(Given.Day("2022-12-31"), registry.Ask("cel", "2020-01-01").HoldsUntil);
    }

    [Fact]
    public void A_no_and_an_unknown_hold_until_nothing()
    {
        var registry = new TestRegistry().With(Given.Certificate(until: "2021-12-31"));

        Assert.Null(registry.Ask("cel", "2020-01-01").HoldsUntil);
        Assert.Null(registry.Ask(registry.Product with { OnRecord = false, Candidates = [] }, "cel", "2020-01-01").HoldsUntil);
    }

    [Fact]
    public void The_last_day_of_the_calendar_is_an_end_like_any_other() =>
        Assert.Null(Until(Mra, Given.Certificate(until: "9999-12-31")));

    private static string? Until(Agreement agreement, Certificate certificate)
    {
        var answer = new TestRegistry().With(agreement).With(certificate).Ask("cel", "2020-01-01");
        Assert.Equal(Outcome.Recognised, answer.Outcome);
        return answer.HoldsUntil?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool IsUncertain(Agreement agreement, Certificate certificate)
    {
        var answer = new TestRegistry().With(agreement).With(certificate).Ask("cel", "2020-06-01");
        Assert.Equal(answer.Paths.Single().Conditions.Count == 1 ? Outcome.Conditional : Outcome.Recognised, answer.Outcome);
        return answer.Paths.Single().Conditions.Any(c => c.Code == "date-uncertain");
    }
}
