using static EcoLabelRegistry.Tests.Registers.RegisterCalls;

namespace EcoLabelRegistry.Tests.Registers;

public sealed class SqliteListImports(EmptySqliteRegistry app) : ListImportsTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlListImports(EmptyPostgreSqlRegistry app) : ListImportsTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Imports, newest first, of one scheme or of all.</summary>
public abstract class ListImportsTests(RegistryApp app)
{
    [Fact]
    public async Task Imports_are_listed_newest_first_page_by_page()
    {
        var (scheme, other) = (await app.NewSchemeAsync(), await app.NewSchemeAsync());
        var first = (await app.PutAsync(scheme, Row("A")).TakenAsync()).Text("import");
        await app.PutAsync(other, Row("A")).TakenAsync();
        var second = (await app.PatchAsync(scheme, Row("B")).TakenAsync()).Text("import");

        var page = await app.GetAsync($"/v1/imports?scheme={scheme}&limit=1");
        Assert.Equal(second, Assert.Single(page.GetProperty("items").EnumerateArray().ToList()).Text("id"));
        var rest = await app.GetAsync($"/v1/imports?scheme={scheme}&limit=1&cursor={page.Text("next")}");
        Assert.Equal(first, Assert.Single(rest.GetProperty("items").EnumerateArray().ToList()).Text("id"));
        Assert.Equal("unknown-scheme", (await app.GetAsync("/v1/imports?scheme=nobodys")).Text("code"));
        Assert.Equal("invalid-cursor", (await app.GetAsync($"/v1/imports?scheme={other}&cursor={page.Text("next")}")).Text("code"));
    }
}
