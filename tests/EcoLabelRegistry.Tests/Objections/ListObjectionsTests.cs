namespace EcoLabelRegistry.Tests.Objections;

public sealed class SqliteListObjections(EmptySqliteRegistry app) : ListObjectionsTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlListObjections(EmptyPostgreSqlRegistry app) : ListObjectionsTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class ListObjectionsTests(RegistryApp app)
{
    [Fact]
    public async Task They_are_listed_by_record_and_by_answer_in_the_order_of_filing()
    {
        var oak = await app.SchemeAsync("oak");
        await app.SchemeAsync("elm");
        string[] toOak = [await app.ObjectAsync("/v1/schemes/oak"), await app.ObjectAsync("/v1/schemes/oak"), await app.ObjectAsync("/v1/schemes/oak")];
        var toElm = await app.ObjectAsync("/v1/schemes/elm");
        await app.WriteAsync("POST", $"/v1/objections/{toOak[1]}/answer", """{ "text": "x" }""", oak);

        Assert.Equal(toOak, await IdsAsync("about=/v1/schemes/oak"));
        Assert.Equal([toOak[1]], await IdsAsync("about=/v1/schemes/oak&answered=true"));
        Assert.Equal([toOak[0], toOak[2]], await IdsAsync("about=/v1/schemes/oak&answered=false"));
        Assert.Equal([.. toOak, toElm], (await IdsAsync("")).Where(id => toOak.Contains(id) || id == toElm));
        Assert.Equal(toOak, await IdsAsync("about=/v1/schemes/oak&limit=1"));
    }

    [Fact]
    public async Task A_list_read_to_its_end_is_one_list()
    {
        var fir = await app.SchemeAsync("fir");
        string[] ids = [await app.ObjectAsync("/v1/schemes/fir"), await app.ObjectAsync("/v1/schemes/fir")];
        var page = await app.GetAsync("/v1/objections?about=/v1/schemes/fir&answered=false&limit=1");
        await app.WriteAsync("POST", $"/v1/objections/{ids[1]}/answer", """{ "text": "x" }""", fir);
        await app.ObjectAsync("/v1/schemes/fir");

        Assert.Equal([ids[1]], (await app.AllAsync("/v1/objections?about=/v1/schemes/fir&answered=false&limit=1", page.Text("next"))).Select(o => o.Text("id")));
    }

    [Fact]
    public async Task What_names_no_record_is_refused()
    {
        Assert.Equal("unknown-resource", (await app.GetAsync("/v1/objections?about=/v1/schemes/none")).Text("code"));
        Assert.Equal("invalid", (await app.GetAsync("/v1/objections?answered=perhaps")).Text("code"));
        Assert.Equal("unknown-parameter", (await app.GetAsync("/v1/objections?subject=x")).Text("code"));
    }

    private async Task<List<string?>> IdsAsync(string query) => [.. (await app.AllAsync("/v1/objections?" + query)).Select(o => o.Text("id"))];
}
