using System.Text.Json;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Products;

[Collection(SqliteReference.Name)]
public sealed class SqliteListProducts(SqliteRegistry app) : ListProductsTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListProducts(PostgreSqlRegistry app) : ListProductsTests(app);

public abstract class ListProductsTests(RegistryApp app)
{
    [Theory]
    [InlineData("risograph mf935")]
    [InlineData("MF935 Risograph")]
    [InlineData("ＭＦ９３５")]
    [InlineData("mf-935")]
    [InlineData("riso - 935")]
    public async Task A_product_is_found_by_words_of_its_brand_and_model(string words)
    {
        var found = await app.AllAsync($"/v1/products?asOf=2019-11-01&q={Uri.EscapeDataString(words)}");

        var product = Assert.Single(found, row => row.Text("model") == "MF935");
        Assert.Equal("RISOGRAPH", product.Text("brand"));
        Assert.Equal("it.digital-duplicator", product.Text("category"));
        Assert.Equal(JsonValueKind.Null, product.GetProperty("qualifies").ValueKind);
        var certificate = Assert.Single(product.GetProperty("certificates").EnumerateArray());
        Assert.Equal(("17 133 003", "valid", true), (certificate.Text("number"), certificate.Text("standing"), certificate.GetProperty("listed").GetBoolean()));
    }

    [Fact]
    public async Task Pages_add_up_to_the_whole_list_in_the_order_of_brand_and_model()
    {
        var whole = await app.AllAsync("/v1/products?limit=1000");
        var pages = await app.AllAsync("/v1/products?limit=90");

        Assert.True(whole.Count > 2000);
        Assert.Equal(whole.Count, whole.Texts("id").Distinct().Count());
        Assert.Equal(whole.Texts("id"), pages.Texts("id"));
        var keys = whole.Select(row => EcoLabelRegistry.Products.ProductIdentity.FindKey(row.Text("brand")!, row.Text("model")!)).ToList();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public async Task Every_product_line_on_record_is_in_the_list()
    {
        var listed = (await app.AllAsync("/v1/products?limit=1000")).Texts("id").ToHashSet();

        Assert.Equal(await app.ScalarAsync<long>("select count(distinct product) from product_line where recorded_until is null"), listed.Count);
    }

    [Fact]
    public async Task A_category_is_that_of_a_line_or_lies_above_it()
    {
        var imaging = await app.AllAsync("/v1/products?category=it.imaging&limit=1000");

        Assert.Contains("it.digital-duplicator", imaging.Texts("category"));
        Assert.DoesNotContain("it.computer.notebook", imaging.Texts("category"));
    }

    [Theory]
    [InlineData("cel", "2019-11-01", "")]
    [InlineData("cel", "2026-11-22", "&category=coatings")]
    [InlineData("geca", "2026-11-22", "")]
    [InlineData("body:cec", "2026-11-22", "")]
    [InlineData("energy-star", "2020-05-01", "&category=it.computer.notebook&q=lenovo")]
    public async Task The_products_that_qualify_are_those_that_a_check_answers_with_yes_or_partly_and_no_others(string recogniser, string day, string filter)
    {
        var qualified = await app.AllAsync($"/v1/products?recognisedBy={recogniser}&asOf={day}{filter}&limit=1000");
        var pages = await app.AllAsync($"/v1/products?recognisedBy={recogniser}&asOf={day}{filter}&limit=5");
        var all = await app.AllAsync($"/v1/products?asOf={day}{filter}&limit=1000");
        var category = filter.Split('&').FirstOrDefault(f => f.StartsWith("category=", StringComparison.Ordinal)) is { } asked ? "&" + asked : "";

        Assert.NotEmpty(qualified);
        Assert.Equal(qualified.Texts("id"), pages.Texts("id"));
        Assert.All(qualified, row => Assert.Contains(row.GetProperty("qualifies").Text("answer"), new[] { "yes", "partly" }));
        var byId = qualified.ToDictionary(row => row.Text("id")!, row => row.GetProperty("qualifies"), StringComparer.Ordinal);
        foreach (var product in all.Where((_, i) => all.Count < 300 || i % 10 == 0))
        {
            var check = await app.GetAsync($"/v1/check?recognisedBy={recogniser}&asOf={day}&product={product.Text("id")}{category}");
            if (!byId.TryGetValue(product.Text("id")!, out var qualifies))
            {
                Assert.Equal("no", check.Text("answer"));
                continue;
            }

            Assert.Equal(check.Text("answer"), qualifies.Text("answer"));
            Assert.Equal(check.Text("outcome"), qualifies.Text("outcome"));
            Assert.Equal(check.Text("holdsUntil"), qualifies.Text("holdsUntil"));
            Assert.Equal(check.GetProperty("paths")[0].ToString(), qualifies.GetProperty("best").ToString());
            Assert.Equal(check.GetProperty("warnings").ToString(), qualifies.GetProperty("warnings").ToString());
        }
    }

    [Fact]
    public async Task What_is_left_to_prove_is_said_in_the_language_asked()
    {
        var english = await app.GetAsync("/v1/products?recognisedBy=cel&asOf=2019-11-01&q=mf935");
        var chinese = await app.GetAsync("/v1/products?recognisedBy=cel&asOf=2019-11-01&q=mf935", "zh-CN");

        Assert.Equal(Codes(english), Codes(chinese));
        Assert.Contains("document-required", Codes(english));
        Assert.NotEqual(english.ToString(), chinese.ToString());

        static List<string?> Codes(JsonElement page) => page.GetProperty("items")[0].GetProperty("qualifies").GetProperty("best").Codes("conditions");
    }

    [Theory]
    [InlineData("recognisedBy=cell", "unknown-recogniser")]
    [InlineData("category=it.imagin", "unknown-category")]
    [InlineData("recognizedBy=cel", "unknown-parameter")]
    [InlineData("q=a%07b", "invalid")]
    [InlineData("asOf=1969-12-31", "invalid")]
    public async Task What_cannot_be_asked_is_refused(string query, string code) => Assert.Equal(code, (await app.GetAsync("/v1/products?" + query)).Text("code"));
}

public sealed class SqliteListWrittenProducts(EmptySqliteRegistry app) : ListWrittenProductsTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlListWrittenProducts(EmptyPostgreSqlRegistry app) : ListWrittenProductsTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class ListWrittenProductsTests(RegistryApp app)
{
    [Fact]
    public async Task A_page_that_ends_before_it_is_full_has_a_next_one_and_nothing_is_lost()
    {
        await app.FillAsync();
        var lines = Enumerable.Range(0, 9_999).Select(i => Product("Bulk", $"No {i:00000}")).ToArray();
        await app.RegisterAsync(Certificate("BULK-1", "2024-01-01", lines) with { ValidUntil = Date("2024-12-31") });
        await app.RegisterAsync(Certificate("BULK-2", products: [Product("Bulk", "Zeta 1"), Product("Bulk", "Zeta 2")]));

        var first = await app.GetAsync("/v1/products?recognisedBy=alpha&asOf=2026-01-01&q=bulk");
        var all = await app.AllAsync("/v1/products?recognisedBy=alpha&asOf=2026-01-01&q=bulk");

        Assert.Equal("Zeta 1", Assert.Single(first.GetProperty("items").EnumerateArray()).Text("model"));
        Assert.NotNull(first.Text("next"));
        Assert.Equal(["Zeta 1", "Zeta 2"], all.Texts("model"));
        Assert.All(all, row => Assert.Equal("yes", row.GetProperty("qualifies").Text("answer")));
    }

    [Fact]
    public async Task A_product_that_many_certificates_list_is_one_row_with_all_of_them()
    {
        await app.FillAsync();
        foreach (var i in Enumerable.Range(0, 600))
        {
            await app.RegisterAsync(Certificate($"MANY-{i}", products: Product("Shared", "One")));
        }

        var row = Assert.Single(await app.AllAsync("/v1/products?q=shared&limit=1"));
        Assert.Equal(600, row.GetProperty("certificates").GetArrayLength());
    }

    [Fact]
    public async Task A_list_read_to_its_end_is_of_one_revision_whatever_is_written_meanwhile()
    {
        await app.FillAsync();
        foreach (var i in Enumerable.Range(0, 6))
        {
            await app.RegisterAsync(Certificate($"PIN-{i}", products: Product("Pinned", $"No {i}")));
        }

        const string Address = "/v1/products?recognisedBy=alpha&q=pinned&limit=2";
        var first = await app.GetAsync(Address);
        await app.RegisterAsync(Certificate("PIN-6", products: Product("Pinned", "No 6")));
        foreach (var i in Enumerable.Range(0, 6))
        {
            var id = EcoLabelRegistry.Products.ProductIdentity.CertificateId("beta", $"PIN-{i}", null);
            await app.SendAsync(new RecordCertificateEvent.Request(id, new(CertificateEventType.Withdrawn, Date("2024-01-01")), Actor.Registrar));
        }

        Assert.Equal(["No 2", "No 3", "No 4", "No 5"], (await app.AllAsync(Address, first.Text("next"))).Texts("model"));
        Assert.Equal(["No 6"], (await app.AllAsync(Address)).Texts("model"));
    }
}
