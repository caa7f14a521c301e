namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>What the answer says when something is not on record: which schemes are recognised, and how completely they are held.</summary>
public sealed class RecognisedSchemesTests
{
    private const string Today = "2020-01-01";

    [Fact]
    public void An_unknown_lists_every_scheme_that_is_recognised_with_its_register()
    {
        var registry = new TestRegistry()
            .With(
                Given.Scheme("geca") with { Coverage = RegisterCoverage.Partial, RegisterAsOf = Given.Date("2019-05") },
                Given.Scheme("geca-plus") with { Parent = "geca", CountsAsParent = true },
                Given.Scheme("geca-local") with { Parent = "geca" })
            .With(Mra("a", Given.Grant("cel", "geca", Level.Evidence)));

        var answer = registry.Ask(NotOnRecord, "cel", Today);

        Assert.Equal((Outcome.Unknown, Answer.Unknown), (answer.Outcome, answer.Outcome.Answer()));
        Assert.Equal(
            [
                new Coverage("cel", RegisterCoverage.Full, null),
                new Coverage("geca", RegisterCoverage.Partial, Given.Date("2019-05")),
                new Coverage("geca-plus", RegisterCoverage.Full, null),
            ],
            answer.Coverage);
        Assert.Empty(answer.Reasons);
        Assert.Equal([Warning.SchemeNotPolicy, Warning.RegisterStale], answer.Warnings);
    }

    [Fact]
    public void Only_grants_in_force_with_an_effect_count()
    {
        var registry = new TestRegistry().With(
            Mra("a", Given.Grant("cel", "ended")).WithEvent(AgreementEventType.Terminated, "2019-01-01", "cel"),
            Mra("b", Given.Grant("cel", "talk", Level.Framework)),
            Mra("c", Given.Grant("cel", "reserved")).WithText(t => t with { Reservations = [new Reservation("reserved", [], [])] }),
            Mra("d", Given.Grant("cel", "partly-reserved")).WithText(t => t with { Reservations = [new Reservation("cel", ["it"], [])] }),
            Mra("e", Given.Grant("opposite", "cel")));

        Assert.Equal(["cel", "partly-reserved"], Schemes(registry, "cel"));
    }

    [Fact]
    public void The_category_and_minimum_level_asked_narrow_them()
    {
        var registry = new TestRegistry().With(
            Mra("a", Given.Grant("cel", "all")),
            Mra("b", Given.Grant("cel", "below") with { Categories = ["coatings.decorative"] }),
            Mra("c", Given.Grant("cel", "other", Level.Audit) with { Categories = ["it"] }),
            Mra("d", Given.Grant("cel", "weak", Level.Audit)));

        Assert.Equal(["all", "below", "cel", "weak"], Schemes(registry, "cel", q => q with { Category = "coatings" }));
        Assert.Equal(["all", "cel", "other", "weak"], Schemes(registry, "cel", q => q with { Category = "it.imaging" }));
        Assert.Equal(["all", "below", "cel"], Schemes(registry, "cel", q => q with { MinLevel = Level.Evidence }));
    }

    [Theory]
    [InlineData(0, 9, "cel,one")]
    [InlineData(1, 9, "cel,one,two")]
    [InlineData(9, 0, "cel,one,two")]
    [InlineData(9, 9, "cel,one,three,two")]
    public void Onward_recognition_leads_on_as_far_as_it_may(int first, int second, string schemes)
    {
        var registry = new TestRegistry().With(
            Mra("a", Given.Grant("cel", "one") with { OnwardMaxHops = first }),
            Mra("b", Given.Grant("one", "two") with { OnwardMaxHops = second }),
            Mra("c", Given.Grant("two", "three") with { OnwardMaxHops = 9 }),
            Mra("d", Given.Grant("three", "four")),
            Mra("e", Given.Grant("one", "weak", Level.Evidence)));

        Assert.Equal(schemes.Split(','), Schemes(registry, "cel"));
    }

    [Fact]
    public void The_minimum_level_is_asked_of_every_step_on_the_way()
    {
        var registry = new TestRegistry().With(Given.Policy(new PolicyLine { Scheme = "twgm" }, new PolicyLine { RecognisedBy = "cel" })).With(
            Mra("a", Given.Grant("cel", "one", Level.FullScheme) with { OnwardMaxHops = 1 }),
            Mra("b", Given.Grant("one", "two")),
            Mra("c", Given.Grant("one", "three", Level.FullScheme)));

        Assert.Equal(["cel", "one", "three", "two"], Schemes(registry, "cel", q => q with { MinLevel = Level.FullProduct }));
        Assert.Equal(["cel", "one", "three"], Schemes(registry, "cel", q => q with { MinLevel = Level.FullScheme }));

        // A policy's line is a grant of the level full-product, so nothing behind it is stronger.
        Assert.Equal(["one", "twgm"], Schemes(registry, "buyer", q => q with { MinLevel = Level.FullProduct }));
        Assert.Empty(Schemes(registry, "buyer", q => q with { MinLevel = Level.FullScheme }));
    }

    [Fact]
    public void A_way_on_which_no_product_is_left_leads_nowhere()
    {
        var paint = Given.Grant("cel", "paint") with { Categories = ["coatings"], OnwardMaxHops = 2 };
        var registry = new TestRegistry().With(
            Mra("a", paint),
            Mra("b", Given.Grant("paint", "imaging") with { Categories = ["it"] }),
            Mra("c", Given.Grant("paint", "decorative") with { Categories = ["coatings.decorative"] }),
            Mra("d", Given.Grant("paint", "kept-out") with { Categories = ["coatings.decorative"] }).WithText(t => t with { Reservations = [new Reservation("paint", ["coatings"], [])] }));

        Assert.Equal(["cel", "decorative", "paint"], Schemes(registry, "cel"));
        Assert.Equal(["cel", "paint"], Schemes(registry, "cel", q => q with { Category = "coatings.industrial" }));
        Assert.Equal(["cel"], Schemes(registry, "cel", q => q with { Category = "it" }));
    }

    [Fact]
    public void A_policy_leads_to_its_schemes_and_to_what_another_scheme_recognises()
    {
        var registry = new TestRegistry()
            .With(Given.Policy(
                new PolicyLine { Scheme = "twgm" },
                new PolicyLine { Scheme = "past", Until = Given.Date("2019") },
                new PolicyLine { RecognisedBy = "twgm", Reciprocal = true, MinLevel = Level.Evidence }))
            .With(
                Mra("a", Given.Grant("twgm", "mutual"), Given.Grant("mutual", "twgm", id: "back")),
                Mra("b", Given.Grant("twgm", "one-way")),
                Mra("c", Given.Grant("twgm", "weak", Level.Audit), Given.Grant("weak", "twgm", id: "back")));

        Assert.Equal(["mutual", "twgm"], Schemes(registry, "buyer"));
        Assert.Equal(["mutual", "twgm"], Schemes(registry, "buyer", q => q with { MinLevel = Level.FullProduct }));
    }

    [Fact]
    public void A_body_leads_wherever_one_of_its_schemes_does_and_a_criteria_set_has_no_register()
    {
        var registry = new TestRegistry()
            .With(
                Given.Scheme("sgls") with { Body = "sgbc" },
                Given.Scheme("sgbp") with { Body = "sgbc" },
                Given.Scheme("cjk-common") with { Kind = SchemeKind.CriteriaSet })
            .With(Mra("a", Given.Grant("sgls", "geca")), Mra("b", Given.Grant("sgbp", "cjk-common")));

        Assert.Equal(["geca", "sgbp", "sgls"], Schemes(registry, "body:sgbc"));
    }

    [Theory]
    [InlineData(RegisterCoverage.Full, true)]
    [InlineData(RegisterCoverage.Partial, false)]
    [InlineData(RegisterCoverage.None, false)]
    public void A_number_missing_from_a_register_held_in_full_is_told(RegisterCoverage coverage, bool isTold)
    {
        var registry = new TestRegistry().With(Given.Scheme("geca") with { Coverage = coverage });

        var answer = registry.Ask(NotOnRecord with { Kind = SubjectKind.Certificate, MissingFromRegisterOf = "geca" }, "cel", Today);

        Assert.Equal(isTold ? [new ReasonAbout(Reason.CertificateNotInRegister, SubjectOfReason.Scheme, "geca")] : [], answer.Reasons);
        Assert.Equal(["cel", "geca"], answer.Coverage.Select(c => c.Scheme));
    }

    [Fact]
    public void Something_on_record_lists_the_registers_of_its_certificates()
    {
        var registry = new TestRegistry().With(Given.Certificate(), Given.Certificate(number: "C-2"), Given.Certificate("cel"));

        Assert.Equal(["cel", "geca"], registry.Ask("kel", Today).Coverage.Select(c => c.Scheme));
    }

    [Fact]
    public void A_scheme_that_is_not_known_is_held_not_at_all()
    {
        var registry = new TestRegistry();

        Assert.Equal(new Coverage("stranger", RegisterCoverage.None, null), registry.Graph.CoverageOf("stranger"));
    }

    private static readonly RecognitionSubject NotOnRecord = new(SubjectKind.Product, []) { OnRecord = false };

    private static IEnumerable<string> Schemes(TestRegistry registry, string recogniser, Func<RecognitionQuestion, RecognitionQuestion>? also = null) =>
        registry.Ask(NotOnRecord, recogniser, Today, also).Coverage.Select(c => c.Scheme);

    private static Agreement Mra(string code, params Grant[] grants) => Given.Agreement(code, AgreementKind.Bilateral, grants);
}
