using Event = EcoLabelRegistry.Recognition.AgreementEventType;
using Standing = EcoLabelRegistry.Recognition.AgreementStanding;

namespace EcoLabelRegistry.Recognition.Tests;

public sealed class AgreementStandingsTests
{
    private static readonly Agreement Mra = Given.Bilateral(Given.Grant("cel", "geca"));

    private static readonly Agreement Club = Given.Agreement(
        "club", AgreementKind.Multilateral, Given.Grant("cel", "geca", id: "cg"), Given.Grant("geca", "kel", id: "gk"), Given.Grant("kel", "cel", id: "kc"));

    [Theory]
    [InlineData("2009-12-31", Standing.NotYetEffective)]
    [InlineData("2010-01-01", Standing.InForce)]
    [InlineData("2012-12-31", Standing.InForce)]
    [InlineData("2013-01-01", Standing.Expired)]
    public void Both_ends_of_a_text_count(string date, Standing standing) =>
        Assert.Equal(standing, On(Mra.WithText(t => t with { EffectiveUntil = Given.Date("2012-12-31") }), date));

    [Theory]
    [InlineData("2009-01-01")]
    [InlineData("2020-01-01")]
    public void A_text_that_a_party_has_not_signed_is_proposed_whatever_its_dates(string date) =>
        Assert.Equal(Standing.Proposed, On(Mra.WithText(t => t with { IsSigned = false }), date));

    [Fact]
    public void In_a_bilateral_agreement_a_partys_termination_ends_the_whole_for_good()
    {
        var ended = Mra.WithEvent(Event.Terminated, "2012-01-01", "geca").WithEvent(Event.Resumed, "2013-01-01", "geca");

        Assert.Equal(Standing.InForce, On(ended, "2011-12-31"));
        Assert.Equal(Standing.Terminated, On(ended, "2012-01-01"));
        Assert.Equal(Standing.Terminated, On(ended, "2013-01-01"));
    }

    [Fact]
    public void A_party_that_withdraws_from_a_bilateral_agreement_ends_it_too() =>
        Assert.Equal(Standing.Terminated, On(Mra.WithEvent(Event.Withdrawn, "2012-01-01", "geca"), "2012-01-01"));

    [Fact]
    public void In_a_multilateral_agreement_a_partys_termination_is_its_withdrawal_and_the_others_go_on()
    {
        var left = Club.WithEvent(Event.Terminated, "2012-01-01", "kel");
        var registry = With(left);

        Assert.Equal(Standing.InForce, On(left, "2012-01-01"));
        Assert.Equal(Outcome.Recognised, registry.Ask("cel", "2020-01-01").Outcome);
        Assert.Equal([Reason.PartyWithdrawn], ReasonsOfKel(left, "2020-01-01"));
        Assert.Equal([], ReasonsOfKel(left, "2011-12-31"));
    }

    [Fact]
    public void A_party_counts_from_its_accession_to_its_withdrawal_and_may_come_back()
    {
        var club = Club with
        {
            Parties = [new("cel"), new("geca"), new("kel", Given.Date("2016-01-01")), new("kel", Given.Date("2019-01-01"))],
        };
        club = club.WithEvent(Event.Withdrawn, "2018-01-01", "kel");

        Assert.Equal([Reason.PartyNotAcceded], ReasonsOfKel(club, "2015-12-31"));
        Assert.Equal([], ReasonsOfKel(club, "2016-01-01"));
        Assert.Equal([], ReasonsOfKel(club, "2017-12-31"));
        Assert.Equal([Reason.PartyWithdrawn], ReasonsOfKel(club, "2018-01-01"));
        Assert.Equal([], ReasonsOfKel(club, "2019-01-01"));
        Assert.Equal([], ReasonsOfKel(club with { Parties = [.. club.Parties.Reverse()] }, "2019-01-01"));
        Assert.Equal([Reason.PartyWithdrawn], ReasonsOfKel(club.WithEvent(Event.Withdrawn, "2019-01-01", "kel"), "2019-01-01"));
    }

    [Fact]
    public void A_partys_suspension_stops_the_grants_in_which_it_is_recogniser_or_recognised_and_only_that_party_resumes()
    {
        var suspended = Club.WithEvent(Event.Suspended, "2016-01-01", "kel").WithEvent(Event.Resumed, "2017-01-01", "geca").WithEvent(Event.Resumed, "2018-01-01", "kel");

        Assert.Equal(Standing.InForce, On(suspended, "2016-06-01"));
        Assert.Equal([Reason.AgreementSuspended], ReasonsOfKel(suspended, "2017-12-31"));
        Assert.Equal([], ReasonsOfKel(suspended, "2018-01-01"));
        Assert.Equal([Reason.AgreementSuspended], ReasonsBetween(suspended, "geca", "kel", "2016-01-01"));
        Assert.Equal([], ReasonsBetween(suspended, "cel", "geca", "2016-06-01"));
    }

    [Fact]
    public void In_a_bilateral_agreement_a_partys_suspension_stops_the_whole_until_each_that_suspended_resumes()
    {
        var suspended = Mra
            .WithEvent(Event.Suspended, "2012-01-01", "cel").WithEvent(Event.Suspended, "2012-06-01", "geca").WithEvent(Event.Resumed, "2013-01-01", "cel");

        Assert.Equal(Standing.InForce, On(suspended, "2011-12-31"));
        Assert.Equal(Standing.Suspended, On(suspended, "2012-01-01"));
        Assert.Equal(Standing.Suspended, On(suspended, "2013-06-01"));
        Assert.Equal(Standing.InForce, On(suspended.WithEvent(Event.Resumed, "2014-01-01", "geca"), "2014-01-01"));
    }

    [Fact]
    public void The_registrars_event_stops_the_whole_and_no_party_lifts_it()
    {
        var suspended = Club.WithEvent(Event.Suspended, "2012-01-01").WithEvent(Event.Resumed, "2013-01-01", "cel").WithEvent(Event.Resumed, "2014-01-01");

        Assert.Equal(Standing.Suspended, On(suspended, "2013-06-01"));
        Assert.Equal(Standing.InForce, On(suspended, "2014-01-01"));
        Assert.Equal(Standing.Terminated, On(Club.WithEvent(Event.Terminated, "2012-01-01"), "2012-01-01"));
    }

    [Fact]
    public void A_suspension_is_told_before_an_expiry()
    {
        var mra = Mra.WithText(t => t with { EffectiveUntil = Given.Date("2012-12-31") }).WithEvent(Event.Suspended, "2012-01-01", "geca");
        var club = Club.WithText(t => t with { EffectiveUntil = Given.Date("2012-12-31") }).WithEvent(Event.Suspended, "2012-01-01", "kel");

        Assert.Equal(Standing.Suspended, On(mra, "2013-01-01"));
        Assert.Equal([Reason.AgreementSuspended], ReasonsOfKel(club, "2013-01-01"));
        Assert.Equal([Reason.AgreementExpired], ReasonsBetween(club, "cel", "geca", "2013-01-01"));
    }

    [Fact]
    public void A_termination_before_force_rejects_the_proposal_whatever_its_kind_and_whoever_signs_later()
    {
        var unsigned = Club.WithText(t => t with { IsSigned = false }).WithEvent(Event.Terminated, "2009-06-01", "kel");
        var signed = Club.WithEvent(Event.Terminated, "2009-06-01", "kel");

        Assert.Equal(Standing.Proposed, On(unsigned, "2009-05-31"));
        Assert.Equal(Standing.Terminated, On(unsigned, "2009-06-01"));
        Assert.Equal(Standing.NotYetEffective, On(signed, "2009-05-31"));
        Assert.Equal(Standing.Terminated, On(signed, "2009-06-01"));
        Assert.Equal(Standing.Terminated, On(signed, "2020-01-01"));
    }

    [Theory]
    [InlineData("2009-12-31", Standing.Terminated)]
    [InlineData("2010-01-01", Standing.InForce)]
    [InlineData("2026-01-01", Standing.InForce)]
    public void What_was_in_force_when_a_party_ended_it_for_a_day_before_force_goes_on_without_that_party(string recordedOn, Standing standing)
    {
        var club = Club with { Events = [new(Event.Terminated, Given.Date("2009-06-01"), "kel", Given.Date(recordedOn).FirstDay)] };

        Assert.Equal(standing, On(club, "2020-01-01"));
        Assert.Contains(Reason.PartyWithdrawn, ReasonsOfKel(club, "2020-01-01"));
        Assert.Equal(standing == Standing.InForce ? [] : [Reason.AgreementTerminated], ReasonsBetween(club, "cel", "geca", "2020-01-01"));
    }

    [Fact]
    public void What_two_or_one_bound_is_ended_by_a_party_for_whatever_day() => Assert.Equal(
        Standing.Terminated,
        On(Mra with { Events = [new(Event.Terminated, Given.Date("2009-06-01"), "cel", Given.Day("2026-01-01"))] }, "2020-01-01"));

    [Fact]
    public void In_a_unilateral_agreement_the_recognised_may_be_a_stranger_and_a_recogniser_leaves_for_itself()
    {
        var two = Given.Agreement(
            "open-door", AgreementKind.Unilateral, Given.Grant("cel", "geca", id: "c"), Given.Grant("kel", "geca", id: "k")).WithEvent(Event.Terminated, "2012-01-01", "kel");
        var one = Given.Agreement("door", AgreementKind.Unilateral, Given.Grant("cel", "geca")).WithEvent(Event.Terminated, "2012-01-01", "cel");

        Assert.Equal([], ReasonsBetween(two, "cel", "geca", "2012-01-01"));
        Assert.Equal([Reason.PartyWithdrawn], ReasonsBetween(two, "kel", "geca", "2012-01-01"));
        Assert.Equal(Standing.Terminated, On(one, "2012-01-01"));
    }

    [Theory]
    [InlineData("2014-12-31", 0)]
    [InlineData("2015-01-01", 1)]
    [InlineData("2020-01-01", 1)]
    public void A_date_before_an_amendment_is_judged_by_the_older_text_and_an_unsigned_one_by_none(string date, int text)
    {
        var amended = Mra with { Texts = [.. Mra.Texts, Given.Text("2015-01-01"), Given.Text("2016-01-01") with { IsSigned = false }] };

        Assert.Equal((Standing.InForce, text), (On(amended, date), AgreementStandings.On(amended, Given.Day(date)).TextIndex));
    }

    [Fact]
    public void Of_two_texts_that_begin_on_one_day_the_one_recorded_later_is_judged() =>
        Assert.Equal(1, AgreementStandings.On(Mra with { Texts = [.. Mra.Texts, Given.Text("2010-01-01")] }, Given.Day("2010-01-01")).TextIndex);

    [Fact]
    public void A_missing_first_day_counts_from_the_signature_then_the_first_publication_then_the_confirmation_then_never()
    {
        var nothing = Mra.WithText(t => t with { EffectiveFrom = null });
        var confirmed = nothing with { ConfirmedOn = Given.Date("2014") };
        var published = confirmed.WithText(t => t with { FirstPublished = Given.Date("2013-05") });
        var signed = published.WithText(t => t with { SignedOn = Given.Date("2012-02-03") });

        Assert.Equal(Standing.NotYetEffective, On(nothing, "2199-12-31"));
        Assert.Equal((Standing.NotYetEffective, Standing.InForce), (On(confirmed, "2013-12-31"), On(confirmed, "2014-01-01")));
        Assert.Equal((Standing.NotYetEffective, Standing.InForce), (On(published, "2013-04-30"), On(published, "2013-05-01")));
        Assert.Equal((Standing.NotYetEffective, Standing.InForce), (On(signed, "2012-02-02"), On(signed, "2012-02-03")));
    }

    [Fact]
    public void After_the_last_day_that_a_source_shows_it_alive_an_agreement_is_unconfirmed()
    {
        var confirmed = Mra with { ConfirmedOn = Given.Date("2014") };

        Assert.False(AgreementStandings.On(confirmed, Given.Day("2014-12-31")).IsUnconfirmed);
        Assert.True(AgreementStandings.On(confirmed, Given.Day("2015-01-01")).IsUnconfirmed);
        Assert.False(AgreementStandings.On(Mra, Given.Day("2199-01-01")).IsUnconfirmed);
    }

    private static TestRegistry With(Agreement agreement) => new TestRegistry().With(agreement).With(Given.Certificate());

    private static Standing On(Agreement agreement, string date) => AgreementStandings.On(agreement, Given.Day(date)).Standing;

    private static IEnumerable<Reason> ReasonsOfKel(Agreement agreement, string date) => ReasonsBetween(agreement, "kel", "cel", date);

    private static IEnumerable<Reason> ReasonsBetween(Agreement agreement, string recogniser, string recognised, string date) =>
        new TestRegistry().With(agreement).With(Given.Certificate(recognised)).Ask(recogniser, date).Reasons
            .Select(r => r.Reason)
            .Where(r => r is not (Reason.CertificateNotYetValid or Reason.CertificateExpired));
}
