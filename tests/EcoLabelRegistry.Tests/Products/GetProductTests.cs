using System.Text.Json;
using EcoLabelRegistry.Products;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Products;

public sealed class SqliteGetProduct(EmptySqliteRegistry app) : GetProductTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlGetProduct(EmptyPostgreSqlRegistry app) : GetProductTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class GetProductTests(RegistryApp app)
{
    [Fact]
    public async Task A_product_shows_its_codes_its_names_and_its_certificates_on_the_date()
    {
        await app.FillAsync();
        var related = new EcoLabelRegistry.Certificates.RelatedLine("alpha", "X-9", null, "One C", "the same machine");
        var one = Product("Acme", "One") with { Gtins = ["4006381333931"], Names = Text("Wall paint"), Related = [related] };
        var two = Product("Ａｃｍｅ", "One", "coatings") with { Gtins = ["4006381333931", "96385074"], From = Date("2025-06-01") };
        await app.RegisterAsync(Certificate("G-1", products: one) with { ValidUntil = Date("2024-12-31") });
        var last = await app.RegisterAsync(Certificate("G-2", "2025-01-01", two));
        var id = ProductIdentity.IdOf("Acme", "One");

        var shown = await app.GetAsync($"/v1/products/{id}?asOf=2025-01-15");
        Assert.Equal(("Acme", "One"), (shown.Text("brand"), shown.Text("model")));
        Assert.Equal(["4006381333931", "96385074"], shown.Texts("gtins"));
        Assert.Equal("Wall paint", shown.GetProperty("names").Text("en"));
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("category").ValueKind);
        Assert.Equal(last.Revision, shown.GetProperty("revision").GetInt64());
        Assert.Equal("One C", Assert.Single(shown.GetProperty("related").EnumerateArray()).Text("model"));
        var certificates = shown.GetProperty("certificates").EnumerateArray().ToDictionary(c => c.Text("number")!, StringComparer.Ordinal);
        Assert.Equal(("expired", true, "coatings.decorative"), State(certificates["G-1"]));
        Assert.Equal(("valid", false, "coatings"), State(certificates["G-2"]));
        var later = await app.GetAsync($"/v1/products/{id}?asOf=2025-06-01");
        Assert.True(later.GetProperty("certificates").EnumerateArray().Single(c => c.Text("number") == "G-2").GetProperty("listed").GetBoolean());
    }

    [Fact]
    public async Task A_product_that_no_line_names_is_not_found_nor_is_one_that_was_not_known_yet()
    {
        await app.FillAsync();
        var before = await app.RevisionAsync();
        await app.RegisterAsync(Certificate("K-1", products: Product("Acme", "Known")));
        var id = ProductIdentity.IdOf("Acme", "Known");

        Assert.Equal("Known", (await app.GetAsync($"/v1/products/{id}")).Text("model"));
        Assert.Equal("not-found", (await app.GetAsync($"/v1/products/{id}?knownAt={before}")).Text("code"));
        Assert.Equal("not-found", (await app.GetAsync("/v1/products/p-00000000000000000000")).Text("code"));
    }

    private static (string?, bool, string?) State(JsonElement certificate) =>
        (certificate.Text("standing"), certificate.GetProperty("listed").GetBoolean(), certificate.Text("category"));
}
