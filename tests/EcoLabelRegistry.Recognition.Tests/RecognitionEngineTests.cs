namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>Outcomes, which one wins, and in what order everything is told.</summary>
public sealed class RecognitionEngineTests
{
    private const string Today = "2020-01-01";

    [Fact]
    public void A_certificate_is_recognised_from_the_first_day_of_the_agreement_to_the_last()
    {
        var mra = Given.Bilateral(Given.Grant("cel", "geca"))
            .WithText(t => t with { EffectiveFrom = Given.Date("2016-03-01"), EffectiveUntil = Given.Date("2019-12-31") });
        var registry = new TestRegistry().With(mra).With(Given.Certificate());

        Assert.Equal(Outcome.NotRecognised, registry.Ask("cel", "2016-02-29").Outcome);
        Assert.Equal(Outcome.Recognised, registry.Ask("cel", "2016-03-01").Outcome);
        Assert.Equal(Outcome.Recognised, registry.Ask("cel", "2019-12-31").Outcome);
        Assert.Equal(Outcome.NotRecognised, registry.Ask("cel", "2020-01-01").Outcome);
    }

    [Fact]
    public void The_best_outcome_wins_in_the_order_of_their_list()
    {
        var registry = new TestRegistry();
        Assert.Equal(Outcome.NotCertified, registry.Ask("cel", Today).Outcome);

        registry.With(Given.Certificate("kel", until: "2016-12-31"));
        Assert.Equal(Outcome.NotCertified, registry.Ask("cel", Today).Outcome);

        registry.With(Given.Certificate("geca"));
        Assert.Equal(Outcome.NotRecognised, registry.Ask("cel", Today).Outcome);

        registry.With(Given.Agreement("a", AgreementKind.Bilateral, Given.Grant("cel", "geca", Level.Audit)));
        Assert.Equal(Outcome.VerificationAccepted, registry.Ask("cel", Today).Outcome);

        registry.With(Given.Agreement("b", AgreementKind.Bilateral, Given.Grant("cel", "geca", Level.Evidence)));
        Assert.Equal(Outcome.Conditional, registry.Ask("cel", Today).Outcome);

        registry.With(Given.Agreement("c", AgreementKind.Bilateral, Given.Grant("cel", "geca")));
        Assert.Equal(Outcome.Recognised, registry.Ask("cel", Today).Outcome);

        registry.With(Given.Certificate("cel"));
        Assert.Equal(Outcome.Certified, registry.Ask("cel", Today).Outcome);
    }

    [Theory]
    [InlineData(Outcome.Certified, Answer.Yes)]
    [InlineData(Outcome.Recognised, Answer.Yes)]
    [InlineData(Outcome.Conditional, Answer.Partly)]
    [InlineData(Outcome.VerificationAccepted, Answer.Partly)]
    [InlineData(Outcome.NotRecognised, Answer.No)]
    [InlineData(Outcome.NotCertified, Answer.No)]
    [InlineData(Outcome.Unknown, Answer.Unknown)]
    public void Each_outcome_has_its_short_answer(Outcome outcome, Answer answer) => Assert.Equal(answer, outcome.Answer());

    [Fact]
    public void An_own_certificate_is_a_path_without_steps_or_level()
    {
        var path = Assert.Single(new TestRegistry().With(Given.Certificate("cel", until: "2021-12-31")).Ask("cel", Today).Paths);

        Assert.Equal((Outcome.Certified, null, false, Given.Day("2021-12-31")), (path.Outcome, path.Level, path.Derived, path.HoldsUntil!.Value));
        Assert.Empty(path.Steps);
        Assert.Equal("coatings.decorative", path.Category);
    }

    [Fact]
    public void Every_path_with_an_effect_is_listed_by_outcome_level_later_end_agreement_grant_and_number()
    {
        var registry = new TestRegistry()
            .With(
                Mra("b", Given.Grant("cel", "geca", Level.FullProduct, "g2"), Given.Grant("cel", "geca", Level.FullProduct, "g10")),
                Mra("a", Given.Grant("cel", "geca", Level.FullProduct)),
                Mra("z", Given.Grant("cel", "geca", Level.FullScheme)),
                Mra("e", Given.Grant("cel", "geca", Level.Evidence)),
                Mra("t", Given.Grant("cel", "geca", Level.TestData)),
                Mra("ending", Given.Grant("cel", "geca", Level.FullProduct) with { Until = Given.Date("2030-12-31") }),
                Mra("ending-first", Given.Grant("cel", "geca", Level.FullProduct) with { Until = Given.Date("2025-12-31") }))
            .With(Given.Certificate(number: "C-2"), Given.Certificate(number: "C-10"));

        Assert.Equal(
            [
                "Recognised FullScheme z/g C-10", "Recognised FullScheme z/g C-2",
                "Recognised FullProduct a/g C-10", "Recognised FullProduct a/g C-2",
                "Recognised FullProduct b/g10 C-10", "Recognised FullProduct b/g10 C-2", "Recognised FullProduct b/g2 C-10", "Recognised FullProduct b/g2 C-2",
                "Recognised FullProduct ending/g C-10", "Recognised FullProduct ending/g C-2",
                "Recognised FullProduct ending-first/g C-10", "Recognised FullProduct ending-first/g C-2",
                "Conditional Evidence e/g C-10", "Conditional Evidence e/g C-2",
                "VerificationAccepted TestData t/g C-10", "VerificationAccepted TestData t/g C-2",
            ],
            registry.Ask("cel", Today).Paths.Select(p =>
                $"{p.Outcome} {p.Level} {p.Steps[0].Agreement}/{p.Steps[0].Grant} {p.Certificate.Number}"));
    }

    [Fact]
    public void An_own_conditional_certificate_comes_first_among_conditional_paths()
    {
        var own = Given.Certificate("cel").WithPeriod(p => p with { LastConfirmedOn = Given.Date("2016") });
        var answer = new TestRegistry().With(Mra("a", Given.Grant("cel", "geca", Level.CommonCriteria))).With(Given.Certificate(), own).Ask("cel", Today);

        Assert.Equal([null, Level.CommonCriteria], answer.Paths.Select(p => p.Level));
        Assert.Equal(Outcome.Conditional, answer.Outcome);
    }

    [Fact]
    public void The_nearest_miss_is_the_grant_with_the_fewest_reasons_then_by_their_order_then_by_level_agreement_and_number()
    {
        var far = Mra("a", Given.Grant("cel", "geca") with { Categories = ["it"], MinTier = "gold" });
        var category = Mra("c", Given.Grant("cel", "geca", Level.FullScheme) with { Categories = ["it"] });
        var weaker = Mra("b", Given.Grant("cel", "geca", Level.Audit) with { Until = Given.Date("2019") });
        var stronger = Mra("d", Given.Grant("cel", "geca", Level.Evidence) with { Until = Given.Date("2019") });
        var certificate = Given.Certificate(number: "C-2");

        Assert.Equal("a", Nearest(far));
        Assert.Equal("c", Nearest(far, category));
        Assert.Equal("b", Nearest(far, category, weaker));
        Assert.Equal("d", Nearest(far, category, weaker, stronger));
        Assert.Equal("geca:C-10", new TestRegistry().With(far).With(certificate, Given.Certificate(number: "C-10")).Ask("cel", Today).Nearest!.Certificate);

        string? Nearest(params Agreement[] agreements) => new TestRegistry().With(agreements).With(certificate).Ask("cel", Today).Nearest!.Agreement;
    }

    [Fact]
    public void With_a_path_there_is_no_miss_and_a_partly_still_says_why_it_is_no_yes()
    {
        var answer = new TestRegistry()
            .With(Mra("a", Given.Grant("cel", "geca", Level.Evidence)), Mra("b", Given.Grant("cel", "geca") with { Categories = ["it"] }))
            .With(Given.Certificate(), Given.Certificate("kel", until: "2016-12-31")).Ask("cel", Today);

        Assert.Equal(Outcome.Conditional, answer.Outcome);
        Assert.Null(answer.Nearest);
        Assert.Equal(
            [
                new ReasonAbout(Reason.CertificateExpired, SubjectOfReason.Certificate, "kel:C-1"),
                new ReasonAbout(Reason.NoAgreement, SubjectOfReason.Scheme, "kel"),
                new ReasonAbout(Reason.CategoryOutOfScope, SubjectOfReason.Agreement, "b"),
            ],
            answer.Reasons);
    }

    [Fact]
    public void A_yes_gives_no_reasons() =>
        Assert.Empty(new TestRegistry()
            .With(Mra("a", Given.Grant("cel", "geca")), Mra("b", Given.Grant("cel", "geca") with { Categories = ["it"] }))
            .With(Given.Certificate(), Given.Certificate("kel", until: "2016-12-31")).Ask("cel", Today).Reasons);

    [Fact]
    public void A_reason_is_told_once_about_what_comes_first()
    {
        var answer = new TestRegistry()
            .With(Mra("b", Given.Grant("cel", "geca") with { Categories = ["it"] }), Mra("a", Given.Grant("cel", "geca") with { Categories = ["it"] }))
            .With(Given.Certificate()).Ask("cel", Today);

        Assert.Equal([new ReasonAbout(Reason.CategoryOutOfScope, SubjectOfReason.Agreement, "a")], answer.Reasons);
        Assert.Equal(answer.Reasons, new TestRegistry()
            .With(Mra("b", Given.Grant("cel", "geca") with { Categories = ["it"] }), Mra("a", Given.Grant("cel", "kel") with { Categories = ["it"] }))
            .With(Given.Certificate(), Given.Certificate("kel")).Ask("cel", Today).Reasons);
    }

    [Fact]
    public void Every_certificate_on_record_is_told_with_its_standing_by_scheme_and_number()
    {
        var answer = new TestRegistry()
            .With(Given.Certificate(number: "C-2"), Given.Certificate(number: "C-10", until: "2016-12-31"), Given.Certificate("cel")).Ask("kel", Today);

        Assert.Equal(
            ["cel:C-1 Valid", "geca:C-10 Expired", "geca:C-2 Valid"], answer.Certificates.Select(c => $"{c.Certificate.Id} {c.Standing}"));
    }

    [Fact]
    public void The_order_of_the_input_never_changes_the_answer()
    {
        var agreements = new[]
        {
            Mra("a", Given.Grant("cel", "geca") with { Categories = ["it"] }),
            Mra("b", Given.Grant("cel", "kel", Level.Evidence)),
            Mra("c", Given.Grant("cel", "kel", Level.Audit)),
        };
        var certificates = new[] { Given.Certificate(), Given.Certificate("kel"), Given.Certificate("kel", "C-2"), Given.Certificate("tgl") };

        var forth = new TestRegistry().With(agreements).With(certificates).Ask("cel", Today);
        var back = new TestRegistry().With([.. agreements.Reverse()]).With([.. certificates.Reverse()]).Ask("cel", Today);

        Assert.Equal(forth.Paths.Select(p => (p.Steps[0], p.Certificate.Id)), back.Paths.Select(p => (p.Steps[0], p.Certificate.Id)));
        Assert.Equal(forth.Reasons, back.Reasons);
        Assert.Equal(forth.Certificates.Select(c => c.Certificate.Id), back.Certificates.Select(c => c.Certificate.Id));
        Assert.Equal(forth.Coverage, back.Coverage);
        Assert.Equal(forth.Warnings, back.Warnings);
    }

    [Fact]
    public void The_category_judged_is_that_of_each_certificates_own_line()
    {
        var registry = new TestRegistry()
            .With(Mra("a", Given.Grant("cel", "geca") with { Categories = ["coatings"] }), Mra("b", Given.Grant("cel", "kel") with { Categories = ["coatings"] }))
            .With(Given.Certificate("kel", category: "it.imaging"), Given.Certificate("geca", category: "coatings.decorative"));

        Assert.Equal(["geca"], registry.Ask("cel", Today).Paths.Select(p => p.Certificate.Scheme));
    }

    [Fact]
    public void A_product_on_two_lines_of_a_certificate_is_judged_in_each_category_once()
    {
        var certificate = Given.Certificate() with
        {
            Lines = [new("acme", "coatings.decorative"), new("acme", "it.imaging"), new("acme", "coatings.decorative"), new("acme", "it", null, Given.Date("2016"))],
        };

        Assert.Equal(
            ["coatings.decorative", "it.imaging"],
            new TestRegistry().With(Mra("a", Given.Grant("cel", "geca"))).With(certificate).Ask("cel", Today).Paths.Select(p => p.Category));
    }

    [Fact]
    public void A_line_that_left_the_certificate_says_nothing_while_another_is_on_it()
    {
        var certificate = Given.Certificate() with
        {
            Lines = [new("acme", "coatings", null, Given.Date("2016")), new("acme", "it", null, Given.Date("2016")), new("acme", "coatings", Given.Date("2017-01-01"))],
        };
        var answer = new TestRegistry().With(Mra("a", Given.Grant("cel", "geca", Level.Evidence))).With(certificate).Ask("cel", Today);

        Assert.Equal(["coatings"], answer.Paths.Select(p => p.Category));
        Assert.Empty(answer.Reasons);
    }

    [Fact]
    public void An_own_certificate_that_does_not_count_needs_no_agreement() =>
        Assert.Equal(
            [Reason.CertificateExpired],
            new TestRegistry().With(Given.Certificate("cel", until: "2016-12-31")).Ask("cel", Today).Reasons.Select(r => r.Reason));

    // A certificate alone.
    [Fact]
    public void A_certificate_alone_whose_lines_differ_in_category_is_as_good_as_the_weakest()
    {
        var certificate = Given.Certificate() with { Lines = [new("a", "coatings.decorative"), new("b", "it.imaging"), new("c", "coatings.decorative")] };
        var registry = new TestRegistry()
            .With(Mra("a", Given.Grant("cel", "geca") with { Categories = ["coatings"] }), Mra("b", Given.Grant("cel", "geca", Level.Audit) with { Categories = ["it"] }))
            .With(certificate);

        var alone = registry.Ask(registry.CertificateAlone, "cel", Today);

        Assert.Equal(Outcome.VerificationAccepted, alone.Outcome);
        Assert.Equal(["it.imaging"], alone.Paths.Select(p => p.Category));
        Assert.Contains(Warning.SeveralCategories, alone.Warnings);
        Assert.Equal(Outcome.Recognised, registry.Ask("cel", Today).Outcome);
        Assert.DoesNotContain(Warning.SeveralCategories, registry.Ask("cel", Today).Warnings);
    }

    [Fact]
    public void A_category_asked_or_a_single_one_left_on_the_date_weighs_nothing()
    {
        var certificate = Given.Certificate() with { Lines = [new("a", "coatings"), new("b", "it", null, Given.Date("2019-12-31"))] };
        var registry = new TestRegistry().With(Mra("a", Given.Grant("cel", "geca") with { Categories = ["coatings"] })).With(certificate);

        Assert.Equal(Outcome.Recognised, registry.Ask(registry.CertificateAlone, "cel", Today).Outcome);
        Assert.DoesNotContain(Warning.SeveralCategories, registry.Ask(registry.CertificateAlone, "cel", Today).Warnings);
        Assert.Equal(Outcome.NotRecognised, registry.Ask(registry.CertificateAlone, "cel", "2019-12-31").Outcome);
        Assert.Contains(Warning.SeveralCategories, registry.Ask(registry.CertificateAlone, "cel", "2019-12-31").Warnings);
        Assert.Equal(Outcome.Recognised, registry.Ask(registry.CertificateAlone, "cel", "2019-12-31", q => q with { Category = "coatings" }).Outcome);
    }

    [Fact]
    public void Of_equal_outcomes_the_weaker_level_and_the_earlier_end_are_weaker()
    {
        var certificate = Given.Certificate() with { Lines = [new("a", "coatings"), new("b", "it")] };
        var weaker = new TestRegistry()
            .With(
                Mra("a", Given.Grant("cel", "geca", Level.CommonCriteria) with { Categories = ["coatings"] }),
                Mra("b", Given.Grant("cel", "geca", Level.Evidence) with { Categories = ["it"] }))
            .With(certificate);
        var earlier = new TestRegistry()
            .With(
                Mra("a", Given.Grant("cel", "geca") with { Categories = ["coatings"], Until = Given.Date("2021-12-31") }),
                Mra("b", Given.Grant("cel", "geca") with { Categories = ["it"] }))
            .With(certificate);

        Assert.Equal(Level.Evidence, weaker.Ask(weaker.CertificateAlone, "cel", Today).Paths.Single().Level);
        Assert.Equal(Given.Day("2021-12-31"), earlier.Ask(earlier.CertificateAlone, "cel", Today).HoldsUntil);
    }

    [Fact]
    public void A_certificate_alone_of_which_no_line_is_recorded_stands_for_itself()
    {
        var registry = new TestRegistry().With(Mra("a", Given.Grant("cel", "geca"))).With(Given.Certificate() with { Lines = [] });

        Assert.Equal(Outcome.Recognised, registry.Ask(registry.CertificateAlone, "cel", Today).Outcome);
        Assert.Equal([Reason.ProductNotOnCertificate], registry.Ask("cel", Today).Reasons.Select(r => r.Reason));
    }

    [Fact]
    public void A_recogniser_that_is_not_in_the_graph_is_the_callers_mistake()
    {
        var registry = new TestRegistry();

        Assert.Throws<ArgumentException>(() => RecognitionEngine.Decide(
            registry.Graph, registry.Product, new RecognitionQuestion(new Recogniser(RecogniserKind.Scheme, "nobody"), Given.Day(Today))));
        Assert.Throws<ArgumentException>(() => RecognitionEngine.Decide(
            registry.Graph, registry.Product, new RecognitionQuestion(new Recogniser(RecogniserKind.Policy, "nobody"), Given.Day(Today))));
    }

    private static Agreement Mra(string code, params Grant[] grants) => Given.Agreement(code, AgreementKind.Bilateral, grants);
}
