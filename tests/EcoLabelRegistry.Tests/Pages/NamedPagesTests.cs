using System.Net;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Tests.Pages;

[Collection(SqliteReference.Name)]
public sealed class SqliteNamedPages(SqliteRegistry app) : NamedPagesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlNamedPages(PostgreSqlRegistry app) : NamedPagesTests(app);

/// <summary>What has a name is called by it: no page shows a code to a person where a name is on record.</summary>
public abstract partial class NamedPagesTests(RegistryApp app)
{
    [Theory]
    [InlineData("en", "register imported", "recorded or changed", "the registrar", "China Environmental Labelling", "purchasing policy")]
    [InlineData("zh-Hans", "导入证书名录", "登记或更改", "登记处", "中国环境标志", "采购政策")]
    public async Task The_log_says_who_did_what_to_which_record_in_words(string language, string imported, string put, string who, string scheme, string policy)
    {
        var page = await ReadAsync("/changes", language);
        Assert.Contains(imported, page, StringComparison.Ordinal);
        Assert.Contains(put, page, StringComparison.Ordinal);
        Assert.Contains(who, page, StringComparison.Ordinal);
        Assert.Contains($">{policy}</option>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Codes(), Text(page));

        var found = await ReadAsync("/changes?kind=schemes&q=" + Uri.EscapeDataString(scheme), language); // what is shown by its name is found by it
        Assert.Contains($"<a href=\"/labels/cel\">{scheme}</a>", found, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/labels/geca\"", found, StringComparison.Ordinal);
        Assert.Equal("schemes", (await ReadAsync("/changes?kind=schemes", language)).Split(" selected")[0].Split("value=\"")[^1].Split('"')[0]);
    }

    [Fact]
    public async Task The_same_as_JSON_is_the_stretch_that_is_shown()
    {
        var page = await ReadAsync("/changes?before=100", "en");
        Assert.Contains("href=\"/v1/changes?after=59&amp;limit=40\">", page, StringComparison.Ordinal);
        var changes = (await app.GetAsync("/v1/changes?after=59&limit=40")).GetProperty("items");
        Assert.Equal(60, changes[0].GetProperty("revision").GetInt64());
        Assert.Equal(99, changes[39].GetProperty("revision").GetInt64());
        Assert.Contains("unfiltered</a>", await ReadAsync("/changes?kind=policies", "en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_agreements_and_policies_of_a_label_are_named()
    {
        var roles = (await app.GetAsync("/v1/schemes/cel")).GetProperty("roles");
        var page = await ReadAsync("/labels/cel", "zh-Hans");
        foreach (var role in roles.EnumerateObject().Where(r => r.Value.ValueKind == System.Text.Json.JsonValueKind.String))
        {
            using var body = await app.Client.GetAsync("/v1/label-bodies/" + role.Value.GetString());
            Assert.DoesNotContain($"<dd>{role.Value.GetString()}</dd>", body.IsSuccessStatusCode ? page : "", StringComparison.Ordinal);
        }

        var title = (await app.GetAsync("/v1/agreements/cel-ecomark-2005")).GetProperty("title").GetProperty("zh").GetString()!;
        Assert.Contains($"href=\"/agreements/cel-ecomark-2005\">{WebUtility.HtmlEncode(title)}</a>", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain(">cel-ecomark-2005</a>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standard_is_called_by_its_number()
    {
        var product = (await app.GetAsync("/v1/products?q=RISOGRAPH+MF935")).GetProperty("items")[0];
        var certificate = product.GetProperty("certificates")[0].GetProperty("id").GetString();
        var number = (await app.GetAsync("/v1/standards/eco-mark-no-133")).GetProperty("number").GetString();
        foreach (var address in new[] { "/products/" + product.GetProperty("id").GetString(), "/certificates/" + certificate })
        {
            var page = await ReadAsync(address, "en");
            Assert.Contains($"<a href=\"/standards/eco-mark-no-133\">{number} ", page, StringComparison.Ordinal);
            Assert.DoesNotContain(">eco-mark-no-133", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/check?recognisedBy=cel&gtin=2900000000018&knownAt=foo", "foo&quot; is neither a revision nor an instant")]
    [InlineData("/check?recognisedBy=cel&gtin=2900000000018&minLevel=foo", "minLevel")]
    public async Task What_is_wrong_in_an_address_and_has_no_field_is_said(string address, string told)
    {
        using var answer = await app.Client.SendAsync("GET", address, null, null, ("Accept", "text/html"), ("Accept-Language", "en"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(told, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_says_its_one_fault_once()
    {
        using var answer = await app.Client.SendAsync("GET", "/labels?country=ZZ", null, null, ("Accept", "text/html"), ("Accept-Language", "en"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(2, (await answer.Content.ReadAsStringAsync()).Split("is no country of ISO 3166-1").Length);
    }

    private async Task<string> ReadAsync(string address, string language)
    {
        using var answer = await app.Client.SendAsync("GET", address, null, null, ("Accept", "text/html"), ("Accept-Language", language));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Text(string page) => Tags().Replace(page[page.IndexOf("<table", StringComparison.Ordinal)..page.IndexOf("</table>", StringComparison.Ordinal)], " ");

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tags();

    [GeneratedRegex("-put|body:|/v1/|-imported|label-bod", RegexOptions.None, 1000)]
    private static partial Regex Codes();
}
