namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>Each warning, and the case beside it that has none.</summary>
public sealed class WarningsOfTests
{
    private const string Today = "2020-01-01";

    private static readonly Grant Grant = Given.Grant("cel", "geca");

    private static readonly Agreement Mra = Given.Bilateral(Grant);

    [Fact]
    public void A_plain_yes_of_a_policy_needs_no_warning() =>
        Assert.Empty(new TestRegistry().With(Given.Policy(new PolicyLine { Scheme = "geca" })).With(Given.Certificate()).Ask("buyer", Today).Warnings);

    [Fact]
    public void Every_no_is_no_finding_of_non_equivalence_and_every_partly_leaves_the_label_required()
    {
        var registry = new TestRegistry().With(Mra).With(Given.Certificate());

        Assert.Equal([Warning.NotAFindingOfNonEquivalence, Warning.SchemeNotPolicy], registry.Ask("kel", Today).Warnings);
        Assert.Equal([Warning.NotAFindingOfNonEquivalence, Warning.SchemeNotPolicy], registry.Ask("cel", "2014-12-31").Warnings);
        Assert.Equal(
            [Warning.LabelStillRequired, Warning.SchemeNotPolicy],
            new TestRegistry().With(Given.Bilateral(Grant with { Level = Level.Audit })).With(Given.Certificate()).Ask("cel", Today).Warnings);
        Assert.Equal([Warning.SchemeNotPolicy], registry.Ask("cel", Today).Warnings);
        Assert.Empty(registry.Ask("body:geca-body", Today).Warnings);
    }

    [Fact]
    public void A_date_after_that_of_the_register_is_told()
    {
        var registry = new TestRegistry().With(Mra).With(Given.Certificate())
            .With(Given.Scheme("geca") with { Coverage = RegisterCoverage.Full, RegisterAsOf = Given.Date("2020-05") });

        Assert.DoesNotContain(Warning.RegisterStale, registry.Ask("cel", "2020-05-31").Warnings);
        Assert.Contains(Warning.RegisterStale, registry.Ask("cel", "2020-06-01").Warnings);
        Assert.Contains(Warning.RegisterStale, registry.Ask("kel", "2020-06-01").Warnings);
        Assert.Contains(Warning.RegisterStale, registry.Ask(NotOnRecord(registry), "cel", "2020-06-01").Warnings);
        Assert.DoesNotContain(Warning.RegisterStale, registry.Ask(NotOnRecord(registry), "cel", "2020-05-31").Warnings);
    }

    [Theory]
    [InlineData(RegisterCoverage.Full, false)]
    [InlineData(RegisterCoverage.Partial, true)]
    [InlineData(RegisterCoverage.None, true)]
    public void Not_certified_as_far_as_known_is_told_unless_the_register_is_held_in_full(RegisterCoverage coverage, bool isTold)
    {
        var registry = new TestRegistry().With(Mra).With(Given.Scheme("geca") with { Coverage = coverage }).With(Given.Certificate(until: "2016-12-31"));

        Assert.Equal(isTold, registry.Ask("cel", Today).Warnings.Contains(Warning.RegisterIncomplete));
        Assert.DoesNotContain(Warning.RegisterIncomplete, registry.Ask("cel", "2016-12-31").Warnings);
        Assert.DoesNotContain(Warning.RegisterIncomplete, registry.Ask("kel", "2016-12-31").Warnings);
    }

    [Fact]
    public void A_product_without_any_certificate_is_not_certified_as_far_as_known()
    {
        var answer = new TestRegistry().Ask("cel", Today);

        Assert.Equal(Outcome.NotCertified, answer.Outcome);
        Assert.Contains(Warning.RegisterIncomplete, answer.Warnings);
    }

    [Fact]
    public void A_certificate_that_does_not_say_where_it_counts_is_told_when_a_territory_is_asked()
    {
        var registry = new TestRegistry().With(Mra).With(Given.Certificate() with { Territories = null });

        Assert.Contains(Warning.TerritoryNotKnown, registry.Ask("cel", Today, q => q with { Territory = "FR" }).Warnings);
        Assert.Contains(Warning.TerritoryNotKnown, registry.Ask("kel", Today, q => q with { Territory = "FR" }).Warnings);
        Assert.DoesNotContain(Warning.TerritoryNotKnown, registry.Ask("cel", Today).Warnings);
        Assert.DoesNotContain(Warning.TerritoryNotKnown, registry.Ask("cel", "2014-12-31", q => q with { Territory = "FR" }).Warnings);
    }

    [Fact]
    public void A_surveillance_audit_that_is_overdue_is_told()
    {
        var registry = new TestRegistry().With(Mra).With(Given.Scheme("geca") with { SurveillanceMonths = 12 })
            .With(Given.Certificate() with { LastAudit = Given.Date("2018-03-15") });

        Assert.DoesNotContain(Warning.SurveillanceOverdue, registry.Ask("cel", "2019-03-15").Warnings);
        Assert.Contains(Warning.SurveillanceOverdue, registry.Ask("cel", "2019-03-16").Warnings);
        Assert.Contains(Warning.SurveillanceOverdue, registry.Ask("geca", "2019-03-16").Warnings);
        Assert.DoesNotContain(Warning.SurveillanceOverdue, new TestRegistry()
            .With(Given.Scheme("geca") with { SurveillanceMonths = 12 }).With(Given.Certificate()).Ask("geca", Today).Warnings);
    }

    [Fact]
    public void An_attested_agreement_is_told_in_a_yes_and_in_a_no_that_rest_on_it()
    {
        var attested = Mra with { Attested = true };
        var registry = new TestRegistry().With(attested).With(Given.Certificate());

        Assert.Contains(Warning.AttestedByRegistrar, registry.Ask("cel", Today).Warnings);
        Assert.Contains(Warning.AttestedByRegistrar, new TestRegistry()
            .With(attested.WithEvent(AgreementEventType.Terminated, "2019-01-01", "cel")).With(Given.Certificate()).Ask("cel", Today).Warnings);
        Assert.DoesNotContain(Warning.AttestedByRegistrar, registry.Ask("geca", Today).Warnings);
        Assert.DoesNotContain(Warning.AttestedByRegistrar, registry.Ask("kel", Today).Warnings);
    }

    [Fact]
    public void A_yes_that_rests_on_one_agreement_says_nothing_of_another_that_fails()
    {
        var failing = Given.Agreement("other", AgreementKind.Bilateral, Grant with { Categories = ["it"] }) with { Attested = true };

        Assert.DoesNotContain(
            Warning.AttestedByRegistrar, new TestRegistry().With(Mra, failing).With(Given.Certificate()).Ask("cel", Today).Warnings);
    }

    [Fact]
    public void A_contested_agreement_is_told_for_every_date_and_stops_nothing()
    {
        var registry = new TestRegistry().With(Mra.WithEvent(AgreementEventType.Contested, "2022-01-01", "geca")).With(Given.Certificate());

        Assert.Equal(Outcome.Recognised, registry.Ask("cel", "2023-01-01").Outcome);
        Assert.Contains(Warning.AgreementContested, registry.Ask("cel", "2023-01-01").Warnings);
        Assert.Contains(Warning.AgreementContested, registry.Ask("cel", Today).Warnings);
    }

    [Fact]
    public void A_text_that_takes_effect_before_its_signature_is_told()
    {
        Assert.Contains(Warning.EffectiveBeforeSigned, Warnings(t => t with { SignedOn = Given.Date("2010-01-02") }));
        Assert.DoesNotContain(Warning.EffectiveBeforeSigned, Warnings(t => t with { SignedOn = Given.Date("2010-01-01") }));
        Assert.DoesNotContain(Warning.EffectiveBeforeSigned, Warnings(t => t));
    }

    [Fact]
    public void A_text_whose_first_day_is_not_known_is_told()
    {
        Assert.Contains(Warning.EffectiveDateUnknown, Warnings(t => t with { EffectiveFrom = null, SignedOn = Given.Date("2011") }));
        Assert.Contains(Warning.EffectiveDateUnknown, Warnings(t => t with { EffectiveFrom = null }));
        Assert.DoesNotContain(Warning.EffectiveDateUnknown, Warnings(t => t with { SignedOn = Given.Date("2011") }));
    }

    [Fact]
    public void What_the_caller_found_out_about_the_selectors_is_told()
    {
        var registry = new TestRegistry().With(Mra).With(Given.Certificate());

        Assert.Contains(Warning.SelectorMismatch, registry.Ask(registry.Product with { SelectorMismatch = true }, "cel", Today).Warnings);
        Assert.Contains(Warning.GtinAmbiguous, registry.Ask(registry.Product with { GtinAmbiguous = true }, "cel", Today).Warnings);
        Assert.Contains(Warning.SelectorMismatch, registry.Ask(NotOnRecord(registry) with { SelectorMismatch = true }, "cel", Today).Warnings);
    }

    [Fact]
    public void Whatever_rests_on_invented_data_is_told()
    {
        var edition = new Edition("2012") { Completeness = CriteriaCompleteness.Full, Criteria = [new Criterion("1", Comparator.Present)] };
        var evidence = Given.Bilateral(Grant with { Level = Level.Evidence });
        var certificate = Given.Certificate().WithPeriod(p => p with { Standard = "geca-pc" });

        Assert.True(IsSample(new TestRegistry().With(Mra).With(certificate with { Sample = true })));
        Assert.True(IsSample(new TestRegistry().With(Mra).With((certificate with { Sample = true }).WithPeriod(p => p with { Until = Given.Date("2016") }))));
        Assert.True(IsSample(new TestRegistry().With(Mra with { Sample = true }).With(certificate)));
        Assert.True(IsSample(new TestRegistry().With(Given.Bilateral(Grant with { Sample = true })).With(certificate)));
        Assert.True(IsSample(new TestRegistry().With(Given.Scheme("cel") with { Sample = true }).With(Mra).With(certificate)));
        Assert.True(IsSample(new TestRegistry().With(Given.Scheme("geca") with { Sample = true }).With(Mra).With(certificate)));
        Assert.True(IsSample(new TestRegistry().With(new Standard("geca-pc", "geca", "PC") { Sample = true }).With(Mra).With(certificate)));
        Assert.True(IsSample(new TestRegistry()
            .With(new Standard("cel-p", "cel", "P") { Category = "coatings", Sample = true, Editions = [edition] }).With(evidence).With(certificate)));
        Assert.True(IsSample(new TestRegistry().With(Given.Policy(new PolicyLine { Scheme = "geca" }) with { Sample = true }).With(certificate), "buyer"));
        Assert.False(IsSample(new TestRegistry().With(Mra).With(certificate)));
        Assert.False(IsSample(new TestRegistry().With(Mra).With(certificate, Given.Certificate("kel") with { Sample = true })));

        static bool IsSample(TestRegistry registry, string recogniser = "cel") => registry.Ask(recogniser, Today).Warnings.Contains(Warning.Sample);
    }

    [Fact]
    public void Warnings_come_once_each_in_the_order_of_their_list()
    {
        var attested = Mra with { Attested = true };
        var answer = new TestRegistry().With(attested).With(Given.Certificate() with { Sample = true }, Given.Certificate(number: "C-2")).Ask("cel", Today);

        Assert.Equal([Warning.SchemeNotPolicy, Warning.AttestedByRegistrar, Warning.Sample], answer.Warnings);
    }

    private static IReadOnlyList<Warning> Warnings(Func<AgreementText, AgreementText> text) =>
        new TestRegistry().With(Mra.WithText(text)).With(Given.Certificate()).Ask("cel", Today).Warnings;

    private static RecognitionSubject NotOnRecord(TestRegistry registry) => registry.Product with { OnRecord = false, Candidates = [] };
}
