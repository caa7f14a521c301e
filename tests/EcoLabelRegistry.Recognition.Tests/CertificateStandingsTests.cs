using static EcoLabelRegistry.Recognition.CertificateStanding;

namespace EcoLabelRegistry.Recognition.Tests;

public sealed class CertificateStandingsTests
{
    private static readonly RecognitionGraph Empty = new TestRegistry().Graph;

    [Theory]
    [InlineData("2014-12-31", NotYetValid)]
    [InlineData("2015-01-01", Valid)]
    [InlineData("2017-12-31", Valid)]
    [InlineData("2018-01-01", Expired)]
    public void Both_ends_of_a_period_count(string date, CertificateStanding standing) =>
        Assert.Equal(standing, On(Given.Certificate(until: "2017-12-31"), date));

    [Theory]
    [InlineData("2015-12-31", Valid)]
    [InlineData("2016-01-01", Suspended)]
    [InlineData("2016-05-31", Suspended)]
    [InlineData("2016-06-01", Valid)]
    [InlineData("2016-12-31", Valid)]
    [InlineData("2017-01-01", Withdrawn)]
    [InlineData("2017-05-31", Withdrawn)]
    [InlineData("2017-06-01", Valid)]
    public void An_event_takes_effect_at_the_start_of_its_day_and_a_reinstatement_lifts_it(string date, CertificateStanding standing) =>
        Assert.Equal(standing, On(
            Given.Certificate()
                .WithEvent(CertificateEventType.Withdrawn, "2017-01-01")
                .WithEvent(CertificateEventType.Reinstated, "2016-06-01")
                .WithEvent(CertificateEventType.Suspended, "2016-01-01")
                .WithEvent(CertificateEventType.Reinstated, "2017-06-01"),
            date));

    [Fact]
    public void Of_two_events_on_one_day_the_one_recorded_last_stands()
    {
        var suspendedLast = Given.Certificate()
            .WithEvent(CertificateEventType.Reinstated, "2016-01-01").WithEvent(CertificateEventType.Suspended, "2016-01-01");
        var reinstatedLast = Given.Certificate()
            .WithEvent(CertificateEventType.Suspended, "2016-01-01").WithEvent(CertificateEventType.Reinstated, "2016-01-01");

        Assert.Equal(Suspended, On(suspendedLast, "2016-01-01"));
        Assert.Equal(Valid, On(reinstatedLast, "2016-01-01"));
    }

    [Theory]
    [InlineData(CertificateEventType.Suspended, Suspended)]
    [InlineData(CertificateEventType.Withdrawn, Withdrawn)]
    public void Listing_again_lifts_what_listing_has_withdrawn_and_nothing_else(CertificateEventType late, CertificateStanding standing)
    {
        var listed = Given.Certificate()
            .WithEvent(CertificateEventType.Withdrawn, "2016-01-01", isOfListing: true).WithEvent(CertificateEventType.Reinstated, "2016-02-01", isOfListing: true);
        var stopped = listed.WithEvent(late, "2015-06-01");

        Assert.Equal((Valid, Withdrawn, Valid), (On(listed, "2015-12-31"), On(listed, "2016-01-31"), On(listed, "2016-02-01")));
        Assert.Equal((standing, Withdrawn, standing), (On(stopped, "2015-06-01"), On(stopped, "2016-01-31"), On(stopped, "2016-02-01")));
        Assert.Equal(Valid, On(stopped.WithEvent(CertificateEventType.Reinstated, "2016-03-01"), "2016-03-01"));
        Assert.Equal(Valid, On(Given.Certificate().WithEvent(CertificateEventType.Withdrawn, "2016-01-01", isOfListing: true).WithEvent(CertificateEventType.Reinstated, "2016-01-01"), "2016-01-01"));
    }

    [Fact]
    public void The_standings_are_checked_in_their_order()
    {
        var all = Given.Certificate(until: "2015-06-30")
            .WithEvent(CertificateEventType.Suspended, "2014-01-01").WithEvent(CertificateEventType.Withdrawn, "2016-01-01");

        Assert.Equal(NotYetValid, On(all, "2014-06-01"));
        Assert.Equal(Suspended, On(all, "2015-12-31"));
        Assert.Equal(Withdrawn, On(all, "2016-01-01"));
    }

    [Theory]
    [InlineData("2016-12-31", "v1")]
    [InlineData("2017-01-01", "v2")]
    [InlineData("2021-01-01", "v2")]
    public void A_renewal_leaves_the_past_alone_and_of_two_that_overlap_the_one_that_began_last_is_judged(string date, string edition)
    {
        var first = Given.Period("2015-01-01", "2020-12-31") with { Edition = "v1" };
        var renewal = Given.Period("2017-01-01", "2019-12-31") with { Edition = "v2" };
        var certificate = Given.Certificate() with { Periods = [renewal, first] };
        var reversed = Given.Certificate() with { Periods = [first, renewal] };

        Assert.Equal(edition, CertificateStandings.On(certificate, Empty, Given.Day(date)).Period!.Edition);
        Assert.Equal(edition, CertificateStandings.On(reversed, Empty, Given.Day(date)).Period!.Edition);
    }

    [Fact]
    public void A_renewal_that_ended_early_is_not_saved_by_the_period_that_it_replaced()
    {
        var certificate = Given.Certificate() with { Periods = [Given.Period("2015-01-01", "2020-12-31"), Given.Period("2017-01-01", "2018-12-31")] };

        Assert.Equal(Valid, On(certificate, "2018-12-31"));
        Assert.Equal(Expired, On(certificate, "2019-01-01"));
    }

    [Fact]
    public void A_gap_between_two_periods_is_expired_and_not_a_time_before_the_first()
    {
        var certificate = Given.Certificate() with { Periods = [Given.Period("2015-01-01", "2015-12-31"), Given.Period("2017-01-01")] };

        Assert.Equal(Expired, On(certificate, "2016-06-01"));
        Assert.Equal(Valid, On(certificate, "2017-01-01"));
    }

    [Theory]
    [InlineData("2019-06-30", Valid)]
    [InlineData("2019-07-01", Expired)]
    public void Without_an_end_the_editions_end_and_its_transition_end_the_certificate(string date, CertificateStanding standing) =>
        Assert.Equal(standing, CertificateStandings.On(WithEdition(Given.Certificate()), EditionUntil2018, Given.Day(date)).Standing);

    [Fact]
    public void With_an_end_of_its_own_the_editions_end_says_nothing() =>
        Assert.Equal(
            Valid, CertificateStandings.On(WithEdition(Given.Certificate(until: "2022-12-31")), EditionUntil2018, Given.Day("2020-01-01")).Standing);

    [Theory]
    [InlineData("2016-02-29", NotYetValid, false)]
    [InlineData("2016-03-01", Valid, false)]
    [InlineData("2019-12-31", Valid, false)]
    [InlineData("2020-01-01", Valid, true)]
    public void A_certificate_known_from_reports_counts_from_the_first_and_is_unconfirmed_after_the_last(
        string date, CertificateStanding standing, bool isUnconfirmed)
    {
        var certificate = Given.Certificate(from: null)
            .WithPeriod(p => p with { FirstConfirmedOn = Given.Date("2016-03"), LastConfirmedOn = Given.Date("2019") });

        var state = CertificateStandings.On(certificate, Empty, Given.Day(date));

        Assert.Equal((standing, isUnconfirmed), (state.Standing, state.IsUnconfirmed));
    }

    [Fact]
    public void A_certificate_with_an_end_needs_no_confirmation()
    {
        var certificate = Given.Certificate(until: "2022-12-31").WithPeriod(p => p with { LastConfirmedOn = Given.Date("2016") });

        Assert.False(CertificateStandings.On(certificate, Empty, Given.Day("2020-01-01")).IsUnconfirmed);
    }

    [Fact]
    public void A_certificate_of_which_no_date_is_known_never_begins() =>
        Assert.Equal(NotYetValid, On(Given.Certificate(from: null), "2199-12-31"));

    private static readonly RecognitionGraph EditionUntil2018 = new TestRegistry().With(new Standard("geca-pc", "geca", "PC")
    {
        Editions = [new Edition("2012") { EffectiveUntil = Given.Date("2018-12-31"), TransitionMonths = 6 }],
    }).Graph;

    private static Certificate WithEdition(Certificate certificate) =>
        certificate.WithPeriod(p => p with { Standard = "geca-pc", Edition = "2012" });

    private static CertificateStanding On(Certificate certificate, string date) =>
        CertificateStandings.On(certificate, Empty, Given.Day(date)).Standing;
}
