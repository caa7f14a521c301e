namespace EcoLabelRegistry.Tests.Changes;

[Collection(SqliteReference.Name)]
public sealed class SqliteListChangeItems(SqliteRegistry app) : ListChangeItemsTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListChangeItems(PostgreSqlRegistry app) : ListChangeItemsTests(app);

public abstract class ListChangeItemsTests(RegistryApp app)
{
    [Fact]
    public async Task The_rows_of_a_register_are_read_page_by_page_in_the_order_received()
    {
        var import = (await app.AllAsync("/v1/changes?limit=1000")).First(change => change.Text("type") == "register-imported");
        var rows = await app.AllAsync($"/v1/changes/{import.GetProperty("revision")}/items?limit=100");

        Assert.Equal("/v1/schemes/energy-star/register", import.Text("subject"));
        Assert.Equal(417, rows.Count);
        Assert.Equal(Enumerable.Range(1, 417), rows.Select(row => row.GetProperty("place").GetInt32()));
        Assert.Equal("2359398", rows[0].GetProperty("data").Text("number"));
        Assert.Empty(await app.AllAsync("/v1/changes/1/items"));
    }

    [Theory]
    [InlineData("/v1/changes/9999999/items", "not-found")]
    [InlineData("/v1/changes/x/items", "invalid")]
    [InlineData("/v1/changes/1/items?limit=0", "invalid")]
    [InlineData("/v1/changes/1/items?cursor=x", "invalid-cursor")]
    public async Task What_does_not_exist_is_said(string address, string code) => Assert.Equal(code, (await app.GetAsync(address)).Text("code"));
}
