using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Objections;

public sealed class SqliteAnswerObjection(EmptySqliteRegistry app) : AnswerObjectionTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlAnswerObjection(EmptyPostgreSqlRegistry app) : AnswerObjectionTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class AnswerObjectionTests(RegistryApp app)
{
    private const string Text = """{ "text": "We have looked into it." }""";

    [Fact]
    public async Task Whose_the_record_is_answers_once()
    {
        var oak = await app.SchemeAsync("oak");
        var id = await app.ObjectAsync(await app.CertificateAsync("oak", "A-1"));

        var answered = await app.WriteAsync("POST", $"/v1/objections/{id}/answer", Text, oak);

        var entry = await app.GetAsync($"/v1/changes/{answered.GetProperty("revision").GetInt64()}");
        Assert.Equal(("body:oak", "objection-answered", "/v1/objections/" + id), (entry.Text("actor"), entry.Text("type"), entry.Text("subject")));
        Assert.Equal(409, (await app.RefusedAsync("POST", $"/v1/objections/{id}/answer", Text, oak, "not-possible")).GetProperty("status").GetInt32());
        await app.RefusedAsync("POST", $"/v1/objections/{id}/answer", Text, Writing.RegistrarKey, "not-possible");
        Assert.Equal("We have looked into it.", (await app.GetAsync("/v1/objections/" + id)).GetProperty("answer").Text("text"));
    }

    [Fact]
    public async Task Any_party_answers_for_its_agreement_and_nobody_else()
    {
        var (oak, elm, fir) = (await app.SchemeAsync("oak"), await app.SchemeAsync("elm"), await app.SchemeAsync("fir"));
        using var proposal = await app.Client.SendAsync(
            "POST", "/v1/agreements", """{ "code": "oak-elm", "title": { "en": "x" }, "kind": "bilateral", "parties": ["oak", "elm"] }""", oak);
        string[] ids = [await app.ObjectAsync("/v1/agreements/oak-elm"), await app.ObjectAsync("/v1/agreements/oak-elm"), await app.ObjectAsync("/v1/agreements/oak-elm")];

        await app.RefusedAsync("POST", $"/v1/objections/{ids[0]}/answer", Text, fir, "forbidden");
        await app.WriteAsync("POST", $"/v1/objections/{ids[0]}/answer", Text, oak);
        await app.WriteAsync("POST", $"/v1/objections/{ids[1]}/answer", Text, elm);
        await app.WriteAsync("POST", $"/v1/objections/{ids[2]}/answer", Text);
    }

    [Fact]
    public async Task An_authority_answers_for_its_policies()
    {
        await app.WriteAsync("PUT", "/v1/policies/city", """{ "authority": "City", "names": { "en": "City" } }""");
        await app.WriteAsync("PUT", "/v1/policies/town", """{ "authority": "Town", "names": { "en": "Town" } }""");
        var city = (await app.WriteAsync("POST", "/v1/policies/city/keys", """{ "name": "x" }""")).Text("key")!;
        var town = (await app.WriteAsync("POST", "/v1/policies/town/keys", """{ "name": "x" }""")).Text("key")!;
        var id = await app.ObjectAsync("/v1/policies/city");

        await app.RefusedAsync("POST", $"/v1/objections/{id}/answer", Text, town, "forbidden");
        await app.WriteAsync("POST", $"/v1/objections/{id}/answer", Text, city);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "text": " " }""")]
    [InlineData("""{ "text": "a\u0000b" }""")]
    [InlineData("""{ "text": 1 }""")]
    public async Task An_answer_says_something(string body)
    {
        await app.SchemeAsync("oak");
        var id = await app.ObjectAsync("/v1/schemes/oak");
        Assert.NotEmpty((await app.RefusedAsync("POST", $"/v1/objections/{id}/answer", body, Writing.RegistrarKey, "invalid")).Errors("text"));
        Assert.Equal("not-found", (await app.RefusedAsync("POST", "/v1/objections/none/answer", Text, Writing.RegistrarKey, "not-found")).Text("code"));
    }
}
