namespace EcoLabelRegistry.Tests.LabelBodies;

[Collection(SqliteReference.Name)]
public sealed class SqliteListLabelBodies(SqliteRegistry app) : ListLabelBodiesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListLabelBodies(PostgreSqlRegistry app) : ListLabelBodiesTests(app);

public abstract class ListLabelBodiesTests(RegistryApp app)
{
    [Theory]
    [InlineData("q=good environmental choice australia", "geca")]
    [InlineData("q=australian", "aela")]
    [InlineData("country=AU", "aela geca greentag jas-anz")]
    public async Task Filters_narrow_the_list(string filter, string codes) =>
        Assert.Equal(codes, string.Join(' ', (await app.GetAsync("/v1/label-bodies?" + filter)).Items().Texts("code")));
}
