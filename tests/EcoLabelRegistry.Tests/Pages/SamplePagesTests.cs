using System.Net;
using System.Text.Json;

namespace EcoLabelRegistry.Tests.Pages;

[Collection(SqliteReference.Name)]
public sealed class SqliteSamplePages(SqliteRegistry app) : SamplePagesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlSamplePages(PostgreSqlRegistry app) : SamplePagesTests(app);

/// <summary>What is invented says so wherever it is shown, before anybody acts on it.</summary>
public abstract class SamplePagesTests(RegistryApp app)
{
    private const string Note = "<p class=\"sample\" role=\"note\">Invented, for demonstration</p>";
    private const string Tag = "<span class=\"tag\">Invented, for demonstration</span>";

    [Theory]
    [InlineData("/labels/sample-beta")]
    [InlineData("/label-bodies/sample-institute-two")]
    [InlineData("/agreements/sample-alpha-beta-2020")]
    [InlineData("/standards/sample-beta-b-5")]
    public async Task An_invented_record_says_so_right_under_its_heading(string address)
    {
        var page = await ReadAsync(address);
        Assert.InRange(page.IndexOf(Note, StringComparison.Ordinal), page.IndexOf("<h1>", StringComparison.Ordinal), page.IndexOf("class=\"facts\"", StringComparison.Ordinal));
        Assert.Equal(page.IndexOf(Note, StringComparison.Ordinal), page.LastIndexOf(Note, StringComparison.Ordinal));
        Assert.DoesNotContain("invented sample data", page, StringComparison.Ordinal); // not twice in other words
    }

    [Theory]
    [InlineData("/labels/cel")]
    [InlineData("/label-bodies/cec")]
    [InlineData("/agreements/cel-ecomark-2005")]
    public async Task A_real_record_does_not(string address) => Assert.DoesNotContain(Note, await ReadAsync(address), StringComparison.Ordinal);

    [Fact]
    public async Task An_invented_product_and_its_certificate_say_so_and_are_shown_to_no_search_engine()
    {
        var (product, certificate) = await FirstAsync("Muster+Weiss+100");
        foreach (var address in new[] { "/products/" + product, "/certificates/" + certificate })
        {
            var page = await ReadAsync(address);
            Assert.InRange(page.IndexOf(Note, StringComparison.Ordinal), page.IndexOf("<h1>", StringComparison.Ordinal), page.IndexOf("class=\"facts\"", StringComparison.Ordinal));
            Assert.DoesNotContain("https://schema.org", page, StringComparison.Ordinal);
        }

        Assert.Contains(Tag, await ReadAsync("/products/" + product), StringComparison.Ordinal);
        var (real, _) = await FirstAsync("RISOGRAPH+MF935");
        var shown = await ReadAsync("/products/" + real);
        Assert.Contains("https://schema.org", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Invented", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Products_of_a_tender_that_rest_on_invented_data_say_so_and_others_do_not()
    {
        var page = await ReadAsync("/tender?recognisedBy=sample-beta&category=coatings");
        var rows = page[page.IndexOf("id=\"products\"", StringComparison.Ordinal)..].Split("<tr>").Skip(2).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains(Tag, row, StringComparison.Ordinal));

        var mixed = await ReadAsync("/tender?recognisedBy=cel&category=it.digital-duplicator&asOf=2019-11-01");
        var riso = mixed.Split("<tr>").Single(r => r.Contains(">RISOGRAPH MF935</a>", StringComparison.Ordinal));
        Assert.DoesNotContain("Invented", riso, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_text_may_mean_says_which_is_invented()
    {
        var page = await ReadAsync("/check?what=Muster+Weiss&recognisedBy=sample-beta");
        var choices = page.Split("<li><a href=\"/check?").Skip(1).Select(c => c.Split("</li>")[0]).ToList();
        Assert.NotEmpty(choices);
        Assert.All(choices, choice => Assert.Contains(Tag, choice, StringComparison.Ordinal));
        Assert.DoesNotContain("Invented, for demonstration</span>", await ReadAsync("/check?what=RISOGRAPH&recognisedBy=cel"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_misspelt_GTIN_was_meant_to_be_says_whether_it_is_invented()
    {
        using var answer = await app.Client.SendAsync("GET", "/check?what=2900000000019&recognisedBy=sample-beta", null, null, ("Accept", "text/html"), ("Accept-Language", "en"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(page.Split("<p class=\"digits\"").Length, page.Split(Tag).Length);
        Assert.Contains("It is Muster Weiss 100.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_candidate_of_a_match_says_whether_it_is_invented()
    {
        Assert.All(Candidates(await app.GetAsync("/v1/match?q=Muster+Weiss")), c => Assert.True(c.GetProperty("sample").GetBoolean()));
        Assert.All(Candidates(await app.GetAsync("/v1/match?q=RISOGRAPH+MF935")), c => Assert.Equal(JsonValueKind.Null, c.GetProperty("sample").ValueKind));

        static List<JsonElement> Candidates(JsonElement found)
        {
            var all = found.GetProperty("candidates").EnumerateArray().ToList();
            Assert.NotEmpty(all);
            return all;
        }
    }

    private async Task<(string Product, string Certificate)> FirstAsync(string words)
    {
        var found = (await app.GetAsync("/v1/products?q=" + words)).GetProperty("items")[0];
        return (found.GetProperty("id").GetString()!, found.GetProperty("certificates")[0].GetProperty("id").GetString()!);
    }

    private async Task<string> ReadAsync(string address)
    {
        using var answer = await app.Client.SendAsync("GET", address, null, null, ("Accept", "text/html"), ("Accept-Language", "en"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
