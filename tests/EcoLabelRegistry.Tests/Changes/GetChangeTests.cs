namespace EcoLabelRegistry.Tests.Changes;

[Collection(SqliteReference.Name)]
public sealed class SqliteGetChange(SqliteRegistry app) : GetChangeTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlGetChange(PostgreSqlRegistry app) : GetChangeTests(app);

public abstract class GetChangeTests(RegistryApp app)
{
    [Theory]
    [InlineData("x", "invalid")]
    [InlineData("-1", "invalid")]
    [InlineData("99999999999999999999", "invalid")]
    [InlineData("0", "not-found")]
    [InlineData("9223372036854775807", "not-found")]
    public async Task A_revision_that_is_none_is_refused_and_one_that_is_not_there_is_not_found(string revision, string code) =>
        Assert.Equal(code, (await app.GetAsync($"/v1/changes/{revision}")).Text("code"));

    [Fact]
    public async Task One_entry_is_the_same_alone_and_in_the_list() => Assert.Equal(
        (await app.GetAsync("/v1/changes?after=41&limit=1")).GetProperty("items")[0].ToString(), (await app.GetAsync("/v1/changes/42")).ToString());
}
