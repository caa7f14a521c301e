namespace EcoLabelRegistry.Tests.Schemes;

[Collection(SqliteReference.Name)]
public sealed class SqliteListSchemes(SqliteRegistry app) : ListSchemesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListSchemes(PostgreSqlRegistry app) : ListSchemesTests(app);

public abstract class ListSchemesTests(RegistryApp app)
{
    [Theory]
    [InlineData("parent=sgls", "sgls-plus")]
    [InlineData("parent=SGLS", "sgls-plus")]
    [InlineData("q=SGLS%2B", "sgls-plus")]
    [InlineData("q=sgls", "sgls sgls-plus")]
    [InlineData("q=SVANEN", "nordic-swan")]
    [InlineData("q=ENGEL blauer", "blue-angel")]
    [InlineData("q=中国环境标志", "cel cel-ii")]
    [InlineData("q=no such label", "")]
    [InlineData("country=JP", "cjk-common eco-mark energy-star")]
    [InlineData("kind=criteria-set", "cjk-common gen-common")]
    [InlineData("isoType=II", "cel-ii")]
    [InlineData("body=sec&isoType=I", "sgls sgls-plus")]
    public async Task Filters_narrow_the_list(string filter, string codes) =>
        Assert.Equal(codes, string.Join(' ', (await app.GetAsync("/v1/schemes?limit=1000&" + filter)).Items().Texts("code")));

    [Theory]
    [InlineData("/v1/recognitions?recognised=SGLS+")]
    [InlineData("/v1/schemes?parent=SGLS+")]
    [InlineData("/v1/check?recognisedBy=eco-mark&scheme=SGLS+&certificate=1")]
    public async Task A_plus_that_is_not_escaped_never_turns_the_stricter_scheme_into_its_parent(string address)
    {
        var problem = await app.GetAsync(address);
        Assert.Equal("ambiguous", problem.Text("code"));
        Assert.Equal(["sgls", "sgls-plus"], problem.Texts("candidates", "scheme"));
    }
}
