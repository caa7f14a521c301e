using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Certificates;

public sealed class CertificateBodyTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Fact]
    public void A_first_write_is_kept_as_it_is()
    {
        var entry = Certificate("1", "2024", Product("Acme", "One")).Merge(null, Today);

        Assert.Equal("1", entry.Number);
        Assert.Equal(Date("2024"), Assert.Single(entry.Periods!).ValidFrom);
        var line = Assert.Single(entry.Products!);
        Assert.Null(line.From);
        Assert.Null(line.Until);
    }

    [Fact]
    public void A_later_start_adds_a_period_and_leaves_the_one_before_alone()
    {
        var first = (Certificate("1", "2024-01-01") with { ValidUntil = Date("2025-12-31"), Edition = "1" }).Merge(null, Today);
        var renewed = (Certificate("1", "2026-01-01") with { ValidUntil = Date("2027-12-31"), Edition = "2" }).Merge(first, Today);

        Assert.Equal(2, renewed.Periods!.Count);
        Assert.Equal(first.Periods![0], renewed.Periods[0]);
        Assert.Equal(("2", Date("2026-01-01")), (renewed.Periods[1].Edition, renewed.Periods[1].ValidFrom!.Value));
    }

    [Fact]
    public void An_earlier_start_adds_a_period_before()
    {
        var entry = Certificate("1", "2020-01-01").Merge(Certificate("1", "2024-01-01").Merge(null, Today), Today);

        Assert.Equal(["2020-01-01", "2024-01-01"], entry.Periods!.Select(p => p.ValidFrom.ToString()));
    }

    [Fact]
    public void The_same_start_corrects_the_period()
    {
        var wrong = (Certificate("1") with { ValidUntil = Date("2025-12-31"), Tier = "gold" }).Merge(null, Today);
        var right = (Certificate("1") with { ValidUntil = Date("2026-12-31") }).Merge(wrong, Today);

        var period = Assert.Single(right.Periods!);
        Assert.Equal(Date("2026-12-31"), period.ValidUntil);
        Assert.Null(period.Tier);
    }

    [Fact]
    public void A_later_report_extends_and_the_first_one_is_kept()
    {
        var seen = Reported("2019-10-25").Merge(null, Today);
        var seenAgain = Reported("2021-03").Merge(seen, Today);

        var period = Assert.Single(seenAgain.Periods!);
        Assert.Equal((Date("2019-10-25"), Date("2021-03")), (period.FirstConfirmedOn!.Value, period.ConfirmedOn!.Value));
        Assert.Equal("beta-1", period.Standard);
    }

    [Fact]
    public void An_earlier_report_does_not_shorten()
    {
        var entry = Reported("2018-01-01").Merge(Reported("2019-10-25").Merge(null, Today), Today);

        var period = Assert.Single(entry.Periods!);
        Assert.Equal((Date("2018-01-01"), Date("2019-10-25")), (period.FirstConfirmedOn!.Value, period.ConfirmedOn!.Value));
    }

    [Fact]
    public void A_report_without_a_start_speaks_of_the_newest_period()
    {
        var two = Certificate("1", "2024-01-01").Merge(Certificate("1", "2020-01-01").Merge(null, Today), Today);
        var seen = Reported("2025-05-05").Merge(two, Today);

        Assert.Equal(2, seen.Periods!.Count);
        Assert.Null(seen.Periods[0].ConfirmedOn);
        Assert.Equal(Date("2025-05-05"), seen.Periods[1].ConfirmedOn);
    }

    [Fact]
    public void A_start_that_becomes_known_is_that_of_the_reports_that_lie_in_it()
    {
        var known = Certificate("1", "2017-01-01").Merge(Reported("2019-10-25").Merge(null, Today), Today);

        var period = Assert.Single(known.Periods!);
        Assert.Equal((Date("2017-01-01"), Date("2019-10-25")), (period.ValidFrom!.Value, period.ConfirmedOn!.Value));
    }

    [Theory]
    [InlineData("2021-01-01", null)]
    [InlineData("2010-01-01", "2015-12-31")]
    public void A_start_after_the_reports_or_an_end_before_them_leaves_their_period_alone(string from, string? until)
    {
        var body = Certificate("1", from) with { ValidUntil = until is null ? null : Date(until) };

        Assert.Equal(2, body.Merge(Reported("2019-10-25").Merge(null, Today), Today).Periods!.Count);
    }

    [Fact]
    public void A_product_that_is_absent_from_a_later_write_is_off_from_that_day_and_keeps_its_place()
    {
        var before = Certificate("1", products: [Product("Acme", "One"), Product("Acme", "Two")]).Merge(null, Today.AddDays(-30));
        var after = Certificate("1", products: Product("Acme", "Two")).Merge(before, Today);

        Assert.Equal(["One", "Two"], after.Products!.Select(p => p.Model));
        Assert.Equal(PartialDate.Of(Today.AddDays(-1)), after.Products![0].Until);
        Assert.Null(after.Products[1].Until);
    }

    [Fact]
    public void A_product_that_is_new_in_a_later_write_is_on_from_that_day_or_from_a_start_to_come()
    {
        var before = Certificate("1").Merge(null, Today);

        Assert.Equal(PartialDate.Of(Today), Certificate("1", products: Product("Acme", "One")).Merge(before, Today).Products![0].From);
        Assert.Equal(Date("2027-01-01"), Certificate("1", "2027-01-01", Product("Acme", "One")).Merge(before, Today).Products![0].From);
        Assert.Equal(Date("2025"), Certificate("1", products: Product("Acme", "One") with { From = Date("2025") }).Merge(before, Today).Products![0].From);
    }

    [Fact]
    public void A_product_that_reappears_gets_a_line_of_its_own_and_the_gap_stays()
    {
        var first = Certificate("1", products: Product("Acme", "One")).Merge(null, Today.AddDays(-60));
        var gone = Certificate("1").Merge(first, Today.AddDays(-30));
        var back = Certificate("1", products: Product("Acme", "One")).Merge(gone, Today);

        Assert.Equal(2, back.Products!.Count);
        Assert.Equal(PartialDate.Of(Today.AddDays(-31)), back.Products[0].Until);
        Assert.Equal((PartialDate.Of(Today), (PartialDate?)null), (back.Products[1].From!.Value, back.Products[1].Until));
    }

    [Fact]
    public void Brand_and_model_are_the_same_product_whatever_their_width()
    {
        var before = Certificate("1", products: Product("Acme", "One 1")).Merge(null, Today);
        var after = Certificate("1", products: Product("Ａｃｍｅ", "One １")).Merge(before, Today);

        Assert.Single(after.Products!);
    }

    [Fact]
    public void Repeating_a_write_changes_nothing()
    {
        ProductLineEntry[] lines =
        [
            Product("Acme", "Old") with { Until = Date("2020-12-31") },
            Product("Acme", "Old") with { From = Date("2022") },
            Product("Acme", "One"),
            Product("Acme", "One", "coatings"),
            new ProductLineEntry { Category = "coatings" },
        ];
        var body = Certificate("1", products: lines) with { ConfirmedOn = Date("2025-01-01"), Events = [new(CertificateEventType.Suspended, Date("2025-06-01"))] };
        var once = body.Merge(null, Today.AddDays(-10));
        var twice = body.Merge(once, Today);
        var later = body.Merge(Certificate("1", products: Product("Acme", "Other")).Merge(null, Today.AddDays(-20)), Today.AddDays(-10));

        Assert.Equal(RecordJson.Text(once), RecordJson.Text(twice));
        Assert.Equal(RecordJson.Text(later), RecordJson.Text(body.Merge(later, Today)));
    }

    [Fact]
    public void A_line_never_takes_the_place_of_one_that_another_line_means_more_exactly()
    {
        var before = Certificate("1", products: Product("Acme", "One", "coatings.decorative")).Merge(null, Today);
        var after = Certificate("1", products: [Product("Acme", "One", "coatings"), Product("Acme", "One", "coatings.decorative")]).Merge(before, Today);

        Assert.Equal(["coatings.decorative", "coatings"], after.Products!.Select(p => p.Category));
        Assert.Null(after.Products![0].From);
        Assert.Equal(PartialDate.Of(Today), after.Products[1].From);
    }

    [Fact]
    public void A_product_can_move_to_another_category_in_its_place()
    {
        var before = Certificate("1", products: Product("Acme", "One", "coatings")).Merge(null, Today);
        var after = Certificate("1", products: Product("Acme", "One", "coatings.decorative")).Merge(before, Today);

        Assert.Equal("coatings.decorative", Assert.Single(after.Products!).Category);
    }

    [Fact]
    public void Events_add_up_and_none_is_recorded_twice()
    {
        var suspended = new CertificateEventEntry(CertificateEventType.Suspended, Date("2025-01-01"));
        var reinstated = new CertificateEventEntry(CertificateEventType.Reinstated, Date("2025-02-01"));
        var before = (Certificate("1") with { Events = [suspended] }).Merge(null, Today);

        Assert.Equal([suspended, reinstated], (Certificate("1") with { Events = [suspended, reinstated] }).Merge(before, Today).Events);
        Assert.Equal([suspended], Certificate("1").Merge(before, Today).Events);
    }

    [Fact]
    public void What_stands_now_replaces_what_stood_and_an_audit_is_never_forgotten()
    {
        var before = (Certificate("1") with { LastAudit = Date("2025-03"), Territories = ["JP"], Notes = "old" }).Merge(null, Today);
        var after = (Certificate("1") with { Holder = "Painter GmbH" }).Merge(before, Today);

        Assert.Equal("Painter GmbH", after.Holder);
        Assert.Null(after.Territories);
        Assert.Null(after.Notes);
        Assert.Equal(Date("2025-03"), after.LastAudit);
    }

    [Fact]
    public void Ten_thousand_lines_are_merged_with_ten_thousand_others()
    {
        var before = Certificate("1", products: [.. Enumerable.Range(0, 10_000).Select(i => Product("Acme", $"Old {i}"))]).Merge(null, Today);
        var after = Certificate("1", products: [.. Enumerable.Range(0, 10_000).Select(i => Product("Acme", $"New {i}"))]).Merge(before, Today);

        Assert.Equal(20_000, after.Products!.Count);
        Assert.All(after.Products.Take(10_000), line => Assert.NotNull(line.Until));
    }

    private static CertificateBody Reported(string on) => new() { Scheme = "beta", Number = "1", Standard = on == "2021-03" ? null : "beta-1", ConfirmedOn = Date(on) };
}
