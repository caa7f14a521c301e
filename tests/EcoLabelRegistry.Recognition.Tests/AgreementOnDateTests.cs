namespace EcoLabelRegistry.Recognition.Tests;

public sealed class AgreementOnDateTests
{
    [Fact]
    public void Each_grant_of_the_judged_text_tells_what_keeps_it_from_giving_anything()
    {
        var mra = Given.Bilateral(
            Given.Grant("cel", "geca", id: "full"),
            Given.Grant("cel", "geca", Level.Framework, "talk"),
            Given.Grant("geca", "cel", id: "later") with { From = Given.Date("2021") },
            Given.Grant("geca", "cel", id: "ended") with { Until = Given.Date("2019") });

        var judged = On(mra, "2020-01-01");

        Assert.Equal(
            ["full: ", "talk: AgreementNotOperative", "later: GrantNotYetEffective", "ended: GrantExpired"],
            judged.Grants.Select(g => $"{g.Grant.Id}: {string.Join(' ', g.Reasons)}"));
    }

    [Fact]
    public void A_partner_that_is_kept_out_wholly_is_a_reason_and_a_category_that_is_kept_out_is_none()
    {
        var mra = Given.Agreement("mra", AgreementKind.Multilateral, Given.Grant("cel", "geca", id: "one"), Given.Grant("cel", "kel", id: "other"))
            .WithText(t => t with { Reservations = [new Reservation("geca", [], ["cel"]), new Reservation("kel", ["it"], [])] });

        Assert.Equal(["PartyReservation", ""], On(mra, "2020-01-01").Grants.Select(g => string.Join(' ', g.Reasons)));
    }

    [Fact]
    public void Parties_come_and_go_and_are_suspended_by_themselves()
    {
        var mra = (Given.Agreement("mra", AgreementKind.Multilateral, Given.Grant("cel", "geca")) with
        {
            Parties = [new("cel"), new("geca"), new("kel", Given.Date("2015")), new("tgl")],
        })
            .WithEvent(AgreementEventType.Suspended, "2016-01-01", "tgl")
            .WithEvent(AgreementEventType.Withdrawn, "2018-01-01", "geca");

        Assert.Equal([PartyStanding.Party, PartyStanding.Party, PartyStanding.NotAcceded, PartyStanding.Party], On(mra, "2014-12-31").Parties);
        Assert.Equal([PartyStanding.Party, PartyStanding.Party, PartyStanding.Party, PartyStanding.Suspended], On(mra, "2017-12-31").Parties);
        Assert.Equal([PartyStanding.Party, PartyStanding.Withdrawn, PartyStanding.Party, PartyStanding.Suspended], On(mra, "2018-01-01").Parties);
    }

    [Fact]
    public void Warnings_are_there_without_any_grant()
    {
        var empty = Given.Agreement("talk", AgreementKind.Multilateral) with
        {
            Parties = [new("cel"), new("geca")],
            Attested = true,
            Texts = [Given.Text(null) with { SignedOn = Given.Date("2009") }],
        };

        var judged = On(empty.WithEvent(AgreementEventType.Contested, "2010", "geca"), "2020-01-01");

        Assert.Equal(AgreementStanding.InForce, judged.State.Standing);
        Assert.Equal([Warning.AttestedByRegistrar, Warning.AgreementContested, Warning.EffectiveDateUnknown], judged.Warnings);
    }

    [Fact]
    public void A_grant_that_only_an_uncertain_date_puts_in_force_and_one_whose_mapping_is_behind_say_so()
    {
        var standard = new Standard("hj-1", "geca", "HJ 1")
        {
            Editions = [new("1") { EffectiveFrom = Given.Date("2010") }, new("2") { EffectiveFrom = Given.Date("2019") }],
        };
        var mra = Given.Bilateral(Given.Grant("cel", "geca") with { Standards = [new("hj-1", ["1"])], From = Given.Date("2020") });
        var graph = new TestRegistry().With(mra).With(standard).Graph;

        var early = AgreementOnDate.Of(graph, mra, Given.Day("2018-06-01")).Grants[0];
        var late = AgreementOnDate.Of(graph, mra, Given.Day("2020-06-01")).Grants[0];

        Assert.Equal((false, false), (early.IsDateUncertain, early.IsMappingStale));
        Assert.Equal((true, true), (late.IsDateUncertain, late.IsMappingStale));
    }

    private static AgreementOnDate On(Agreement agreement, string date) =>
        AgreementOnDate.Of(new TestRegistry().With(agreement).Graph, agreement, Given.Day(date));
}
