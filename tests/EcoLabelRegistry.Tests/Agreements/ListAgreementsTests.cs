namespace EcoLabelRegistry.Tests.Agreements;

[Collection(SqliteReference.Name)]
public sealed class SqliteListAgreements(SqliteRegistry app) : ListAgreementsTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListAgreements(PostgreSqlRegistry app) : ListAgreementsTests(app);

public abstract class ListAgreementsTests(RegistryApp app)
{
    [Fact]
    public async Task A_party_finds_its_agreements_and_those_that_it_only_appears_in_are_not_its_own()
    {
        Assert.Contains("cel-ecomark-2005", await CodesAsync("party=cel"));
        Assert.Contains("cjk-2012", await CodesAsync("party=cel&kind=multilateral"));
        Assert.DoesNotContain("geca-accepts-cel", await CodesAsync("party=cel"));
        Assert.Contains("geca-accepts-cel", await CodesAsync("party=geca&kind=unilateral"));
        Assert.Equal(await CodesAsync("party=nordic-swan"), await CodesAsync("party=SVANEN"));
    }

    [Theory]
    [InlineData("2018-01-31", "not-yet-effective")]
    [InlineData("2018-02-01", "in-force")]
    [InlineData("2024-01-01", "suspended")]
    [InlineData("2024-07-01", "in-force")]
    public async Task The_standing_is_that_of_the_date(string date, string standing)
    {
        Assert.Equal(standing, (await app.GetAsync($"/v1/agreements/sample-gamma-zeta-2018?asOf={date}")).Text("standing"));
        Assert.Contains("sample-gamma-zeta-2018", await CodesAsync($"standing={standing}&asOf={date}"));
        Assert.DoesNotContain("sample-gamma-zeta-2018", await CodesAsync($"standing=expired&asOf={date}"));
    }

    [Theory]
    [InlineData("sample-alpha-zeta-2015", "2022-07-01", "terminated")]
    [InlineData("sample-delta-zeta-2010", "2020-01-01", "expired")]
    [InlineData("sample-epsilon-zeta-2030", "2026-11-22", "not-yet-effective")]
    public async Task An_agreement_that_is_over_or_to_come_is_listed_with_its_standing(string code, string date, string standing) =>
        Assert.Contains(code, await CodesAsync($"standing={standing}&asOf={date}"));

    [Fact]
    public async Task A_category_finds_agreements_with_a_grant_that_a_product_of_it_may_fall_under()
    {
        Assert.Contains("cel-ecomark-2005", await CodesAsync("party=cel&category=it.imaging.printer"));
        Assert.Contains("cel-ecomark-2005", await CodesAsync("party=cel&category=it"));
        Assert.DoesNotContain("cel-ecomark-2005", await CodesAsync("party=cel&category=furniture"));
        Assert.Contains("cel-geca-2005", await CodesAsync("party=cel&category=furniture"));
        Assert.DoesNotContain("gen-genices", await CodesAsync("party=cel&category=furniture"));
    }

    [Fact]
    public async Task The_agreement_of_China_and_Japan_shows_who_signed_what_with_its_sources_and_what_is_not_certain()
    {
        var agreement = await app.GetAsync("/v1/agreements/cel-ecomark-2005?asOf=2026-11-22");

        Assert.Equal(["cel", "eco-mark"], agreement.Texts("parties", "scheme"));
        Assert.Equal("中国环境标志", agreement.GetProperty("parties")[0].GetProperty("names").Text("zh"));
        Assert.Equal(["cel", "eco-mark"], agreement.Texts("signatories", "scheme"));
        Assert.Equal(("in-force", true, true), (agreement.Text("standing")!, True("unconfirmed"), True("attested")));
        Assert.Equal(["attested-by-registrar", "effective-date-unknown"], agreement.Texts("warnings", "code"));
        Assert.Equal(["2011"], agreement.GetProperty("renewals").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal(("2005-05-27", "2023-12-01"), (agreement.Text("signedOn")!, agreement.Text("confirmedOn")!));
        Assert.Equal(["signing", "renewed"], agreement.Texts("history", "type"));
        Assert.NotEmpty(agreement.Texts("sources", "title"));
        var text = Assert.Single(agreement.GetProperty("texts").EnumerateArray());
        Assert.Equal(agreement.Text("textHash"), text.Text("textHash"));
        Assert.Matches("^[0-9a-f]{64}$", agreement.Text("textHash")!);
        Assert.Equal(agreement.Texts("grants", "id"), text.Texts("grants", "id"));
        Assert.False((await app.GetAsync("/v1/agreements/cel-ecomark-2005?asOf=2023-12-01")).GetProperty("unconfirmed").GetBoolean());

        bool True(string member) => agreement.GetProperty(member).GetBoolean();
    }

    [Fact]
    public async Task Each_grant_says_what_keeps_it_from_giving_anything_on_the_date()
    {
        Assert.Equal([["agreement-not-operative"], ["agreement-not-operative"]], await ReasonsAsync("geca-sgls-2022", "2022-11-01"));
        Assert.Equal([["agreement-suspended"], ["agreement-suspended"]], await ReasonsAsync("sample-gamma-zeta-2018", "2024-03-01"));
        Assert.Equal([[], []], await ReasonsAsync("sample-gamma-zeta-2018", "2024-08-01"));
        Assert.Contains(["party-reservation"], await ReasonsAsync("sample-circle-2021", "2024-08-01"));
    }

    [Fact]
    public async Task History_is_told_by_day()
    {
        var agreement = await app.GetAsync("/v1/agreements/sample-gamma-zeta-2018");

        Assert.Equal(["signing", "effective", "suspended", "resumed", "contested"], agreement.Texts("history", "type"));
        Assert.Equal("review for the example", agreement.Texts("history", "reason")[2]);
        Assert.Contains("agreement-contested", agreement.Texts("warnings", "code"));
        Assert.True(agreement.GetProperty("sample").GetBoolean());
    }

    [Fact]
    public async Task Warnings_and_reasons_are_told_in_the_language_asked_for()
    {
        var agreement = await app.GetAsync("/v1/agreements/sample-gamma-zeta-2018?asOf=2024-03-01", "zh-CN");

        Assert.All(agreement.Texts("warnings", "message"), message => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", message));
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", agreement.GetProperty("grants")[0].Texts("reasons", "message")[0]);
    }

    private async Task<List<string?>> CodesAsync(string filter) => (await app.GetAsync("/v1/agreements?limit=1000&" + filter)).Items().Texts("code");

    private async Task<List<List<string?>>> ReasonsAsync(string code, string date) =>
        [.. (await app.GetAsync($"/v1/agreements/{code}?asOf={date}")).GetProperty("grants").EnumerateArray().Select(grant => grant.Texts("reasons", "code"))];
}
