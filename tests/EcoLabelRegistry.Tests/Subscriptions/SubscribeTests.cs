using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Subscriptions;

public sealed class SqliteSubscribe(SqliteWithoutDeliveries app) : SubscribeTests(app), IClassFixture<SqliteWithoutDeliveries>;

public sealed class PostgreSqlSubscribe(PostgreSqlWithoutDeliveries app) : SubscribeTests(app), IClassFixture<PostgreSqlWithoutDeliveries>;

/// <summary>Subscriptions: made, shown to their owners alone, ended; and what is said of wrong ones.</summary>
public abstract class SubscribeTests(RegistryApp app)
{
    private const string Everything = """{ "url": "https://procurement.example/hook" }""";

    [Fact]
    public async Task The_secret_is_shown_once_and_the_log_knows_only_that_there_is_a_subscription()
    {
        var key = await app.SchemeAsync("secretive");
        using var response = await app.Client.SendAsync(
            "POST", "/v1/subscriptions", """{ "url": "https://procurement.example/only-here", "filter": { "schemes": ["secretive"] } }""", key);
        var made = await response.JsonAsync();
        var (id, secret, revision) = (made.Text("id")!, made.Text("secret")!, made.GetProperty("revision").GetInt64());

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal("/v1/subscriptions/" + id, response.Headers.Location!.ToString());
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        var entry = await app.GetAsync($"/v1/changes/{revision}");
        Assert.Equal(("body:secretive", "subscription-made", "/v1/subscriptions/" + id), (entry.Text("actor"), entry.Text("type"), entry.Text("subject")));
        Assert.Equal($$"""{"id":"{{id}}"}""", entry.GetProperty("data").ToString());
        var shown = await ReadAsync($"/v1/subscriptions/{id}", key);
        Assert.Equal("https://procurement.example/only-here", shown.Text("url"));
        Assert.Equal(["secretive"], shown.GetProperty("filter").Texts("schemes"));
        Assert.Equal(revision, shown.GetProperty("afterRevision").GetInt64());
        Assert.DoesNotContain(secret, shown.ToString() + await ReadAsync("/v1/subscriptions", key), StringComparison.Ordinal);
        Assert.Equal(0, await app.ScalarAsync<long>("select count(*) from change where data like '%only-here%'"));
        Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task Everybody_lists_and_ends_his_own()
    {
        var (one, other) = (await app.SchemeAsync("one"), await app.SchemeAsync("other"));
        await app.WriteAsync("PUT", "/v1/policies/town", """{ "authority": "Town", "names": { "en": "Town" }, "accepts": [{ "scheme": "one" }] }""");
        var town = (await app.WriteAsync("POST", "/v1/policies/town/keys", """{ "name": "Town" }""")).Text("key")!;
        var ids = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await app.WriteAsync("POST", "/v1/subscriptions", Everything, one)).Text("id"));
        }

        var towns = (await app.WriteAsync("POST", "/v1/subscriptions", Everything, town)).Text("id");

        var page = await ReadAsync("/v1/subscriptions?limit=2", one);
        var rest = await ReadAsync($"/v1/subscriptions?limit=2&cursor={page.Text("next")}", one);
        Assert.Equal(ids, page.Items().Concat(rest.Items()).Texts("id"));
        Assert.Equal([towns], (await ReadAsync("/v1/subscriptions", town)).Items().Texts("id"));
        Assert.Empty((await ReadAsync("/v1/subscriptions", other)).Items());
        await app.RefusedAsync("GET", $"/v1/subscriptions/{towns}", null, Writing.RegistrarKey, "forbidden");

        await app.WriteAsync("DELETE", $"/v1/subscriptions/{ids[1]}", null, one);
        Assert.Equal([ids[0], ids[2]], (await ReadAsync("/v1/subscriptions", one)).Items().Texts("id"));
        await app.RefusedAsync("DELETE", $"/v1/subscriptions/{ids[1]}", null, one, "not-found");
    }

    [Fact]
    public async Task Sent_again_under_its_key_it_makes_no_second_subscription()
    {
        var key = await app.SchemeAsync("repeating");
        using var first = await app.Client.SendAsync("POST", "/v1/subscriptions", Everything, key, ("Idempotency-Key", "subscribe-once"));
        Assert.Equal(201, (int)first.StatusCode);

        await app.RefusedAsync("POST", "/v1/subscriptions", Everything, key, "key-already-shown", ("Idempotency-Key", "subscribe-once"));

        Assert.Single((await ReadAsync("/v1/subscriptions", key)).Items());
    }

    [Fact]
    public async Task Without_a_key_there_is_no_subscription()
    {
        await app.RefusedAsync("POST", "/v1/subscriptions", Everything, null, "unauthorised");
        await app.RefusedAsync("GET", "/v1/subscriptions", null, null, "unauthorised");
    }

    [Theory]
    [InlineData("{}", "invalid", "url")]
    [InlineData("""{ "url": 7 }""", "invalid", "url")]
    [InlineData("""{ "url": "https://a.example/\u0007" }""", "invalid", "url")]
    [InlineData("""{ "url": "https://a.example", "filter": { "schemes": ["none"] } }""", "unknown-scheme", "filter.schemes[0]")]
    [InlineData("""{ "url": "https://a.example", "filter": { "agreements": ["none"] } }""", "unknown-agreement", "filter.agreements[0]")]
    [InlineData("""{ "url": "https://a.example", "filter": { "categories": ["none"] } }""", "unknown-category", "filter.categories[0]")]
    [InlineData("""{ "url": "https://a.example", "filter": { "products": ["paint"] } }""", "invalid", "filter.products[0]")]
    [InlineData("""{ "url": "https://a.example", "filter": { "schemes": ["a", "a"] } }""", "invalid", "filter.schemes")]
    [InlineData("""{ "url": "https://a.example", "filter": { "schemes": [null] } }""", "invalid", "filter.schemes[0]")]
    [InlineData("""{ "url": "https://a.example", "filter": { "scheme": ["a"] } }""", "unknown-member", "filter.scheme")]
    public async Task A_subscription_that_cannot_be_is_refused_by_member(string body, string code, string member)
    {
        var before = await app.RevisionAsync();

        var problem = await app.RefusedAsync("POST", "/v1/subscriptions", body, Writing.RegistrarKey, code);

        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.ToString());
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task Lists_and_their_number_are_bounded()
    {
        var key = await app.SchemeAsync("many");
        var products = string.Join(", ", Enumerable.Range(0, 1001).Select(i => $"\"p-{i:x20}\""));
        await app.RefusedAsync("POST", "/v1/subscriptions", $$"""{ "url": "https://a.example", "filter": { "products": [{{products}}] } }""", key, "invalid");
        for (var i = 0; i < 100; i++)
        {
            await app.WriteAsync("POST", "/v1/subscriptions", Everything, key);
        }

        await app.RefusedAsync("POST", "/v1/subscriptions", Everything, key, "not-possible");
    }

    private async Task<System.Text.Json.JsonElement> ReadAsync(string address, string key)
    {
        using var response = await app.Client.SendAsync("GET", address, null, key);
        Assert.Null(response.Headers.ETag); // it changes without a revision
        return await response.JsonAsync();
    }
}
