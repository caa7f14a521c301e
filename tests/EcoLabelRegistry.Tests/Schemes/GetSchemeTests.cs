namespace EcoLabelRegistry.Tests.Schemes;

[Collection(SqliteReference.Name)]
public sealed class SqliteGetScheme(SqliteRegistry app) : GetSchemeTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlGetScheme(PostgreSqlRegistry app) : GetSchemeTests(app);

public abstract class GetSchemeTests(RegistryApp app)
{
    [Fact]
    public async Task What_stands_for_an_unsaid_kind_and_parent_is_said()
    {
        var scheme = await app.GetAsync("/v1/schemes/sgls-plus");
        Assert.Equal("scheme", scheme.Text("kind"));
        Assert.False(scheme.GetProperty("countsAsParent").GetBoolean());
        Assert.NotEmpty(scheme.Texts("sources", "title"));
    }

    [Fact]
    public async Task A_scheme_that_is_not_on_record_is_not_found_nor_one_that_was_not_yet()
    {
        Assert.Equal("not-found", (await app.GetAsync("/v1/schemes/no-such")).Text("code"));
        Assert.Equal("not-found", (await app.GetAsync("/v1/schemes/SGLS%2B")).Text("code")); // an address has the code, never an alias

        var written = (await app.GetAsync("/v1/schemes/cel")).GetProperty("revision").GetInt64();
        Assert.Equal("not-found", (await app.GetAsync($"/v1/schemes/cel?knownAt={written - 1}")).Text("code"));
        Assert.Equal("cel", (await app.GetAsync($"/v1/schemes/cel?knownAt={written}")).Text("code"));
    }
}
