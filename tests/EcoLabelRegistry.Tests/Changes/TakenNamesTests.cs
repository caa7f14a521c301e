using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteTakenNames(EmptySqliteRegistry app) : TakenNamesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlTakenNames(EmptyPostgreSqlRegistry app) : TakenNamesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>A name means one thing: what it meant before nobody can take over.</summary>
public abstract class TakenNamesTests(RegistryApp app) : IAsyncLifetime
{
    private string _key = "";

    public async Task InitializeAsync()
    {
        _key = await app.SchemeAsync("owner-c");
        await app.SchemeAsync("eco-mark");
        await app.WriteAsync("PUT", "/v1/label-bodies/bare", """{ "names": { "en": "A body without a scheme" } }""");
        await app.WriteAsync("PUT", "/v1/schemes/sgls", """{ "body": "eco-mark", "names": { "en": "SGLS" }, "aliases": ["S.G.L.S"] }""");
        await app.WriteAsync("PUT", "/v1/schemes/sgls-plus", """{ "body": "eco-mark", "names": { "en": "SGLS+" }, "aliases": ["SGLS+"] }""");
        await app.WriteAsync("PUT", "/v1/policies/au-desks", """{ "authority": "Desk office", "names": { "en": "Desks" }, "accepts": [{ "scheme": "eco-mark" }] }""");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("au-desks", null, "code", "/v1/policies/au-desks")]
    [InlineData("audesks", null, "code", "/v1/policies/au-desks")]
    [InlineData("bare", null, "code", "/v1/label-bodies/bare")]
    [InlineData("ba-re", null, "code", "/v1/label-bodies/bare")]
    [InlineData("ecomark", null, "code", "/v1/schemes/eco-mark")]
    [InlineData("s-gls", null, "code", "/v1/schemes/sgls")]
    [InlineData("fresh", "Eco Mark", "aliases[1]", "/v1/schemes/eco-mark")]
    [InlineData("fresh", "ECO-MARK", "aliases[1]", "/v1/schemes/eco-mark")]
    [InlineData("fresh", "ｓｇｌｓ", "aliases[1]", "/v1/schemes/sgls")]
    [InlineData("fresh", "sgls +", "aliases[1]", "/v1/schemes/sgls-plus")]
    [InlineData("fresh", "AU_DESKS", "aliases[1]", "/v1/policies/au-desks")]
    [InlineData("fresh", "Bare", "aliases[1]", "/v1/label-bodies/bare")]
    public async Task A_scheme_cannot_be_called_what_means_another(string code, string? alias, string member, string by)
    {
        var body = $$"""{ "body": "owner-c", "names": { "en": "Taker" }, "aliases": ["Fresh name"{{(alias is null ? "" : $", \"{alias}\"")}}] }""";

        foreach (var key in new[] { _key, Writing.RegistrarKey })
        {
            var problem = await app.RefusedAsync("PUT", $"/v1/schemes/{code}", body, key, "taken");
            Assert.Contains(by, problem.Errors(member), StringComparison.Ordinal);
        }

        Assert.Equal("not-found", (await app.GetAsync($"/v1/schemes/{code}")).Text("code"));
    }

    [Fact]
    public async Task A_scheme_may_be_called_as_its_own_body_and_what_it_was_called_before()
    {
        await app.WriteAsync("PUT", "/v1/schemes/owner-c", """{ "body": "owner-c", "names": { "en": "C" }, "aliases": ["OWNER_C", "owner c"] }""", _key);
        await app.WriteAsync("PUT", "/v1/label-bodies/owner-c-group", """{ "names": { "en": "Group" }, "successorOf": "owner-c" }""");

        // Another body takes the scheme over, which keeps its name.
        await app.WriteAsync("PUT", "/v1/schemes/owner-c", """{ "body": "owner-c-group", "names": { "en": "C" }, "aliases": ["OWNER_C"] }""");
        await app.WriteAsync("PUT", "/v1/label-bodies/owner-c", """{ "names": { "en": "Renamed" } }""");
        await app.WriteAsync("PUT", "/v1/schemes/owner-c", """{ "body": "owner-c", "names": { "en": "C" } }""");
        await app.WriteAsync("PUT", "/v1/policies/au-desks", """{ "authority": "Desk office", "names": { "en": "All desks" }, "accepts": [{ "scheme": "eco-mark" }] }""");
        // A plus is never dropped.
        Assert.Equal("SGLS", (await app.GetAsync("/v1/schemes/sgls")).GetProperty("names").Text("en"));
        Assert.Equal("SGLS+", (await app.GetAsync("/v1/schemes/sgls-plus")).GetProperty("names").Text("en"));
    }

    [Theory]
    [InlineData("eco-mark", "/v1/schemes/eco-mark")]
    [InlineData("ecomark", "/v1/schemes/eco-mark")]
    [InlineData("sg-ls", "/v1/schemes/sgls")]
    [InlineData("bare", "/v1/label-bodies/bare")]
    public async Task A_policy_cannot_have_the_code_of_a_scheme_or_a_body(string code, string by)
    {
        var authority = (await app.WriteAsync("POST", "/v1/policies/au-desks/keys", """{ "name": "for a test" }""")).GetProperty("key").GetString()!;

        foreach (var key in new[] { authority, Writing.RegistrarKey })
        {
            var problem = await app.RefusedAsync("PUT", $"/v1/policies/{code}", """{ "authority": "Desk office", "names": { "en": "Taker" } }""", key, "taken");
            Assert.Contains(by, problem.Errors("code"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sgls", "/v1/schemes/sgls")]
    [InlineData("s-gls", "/v1/schemes/sgls")]
    [InlineData("au-desks", "/v1/policies/au-desks")]
    public async Task A_body_cannot_have_the_code_of_a_scheme_that_is_not_its_own_or_of_a_policy(string code, string by)
    {
        var problem = await app.RefusedAsync("PUT", $"/v1/label-bodies/{code}", """{ "names": { "en": "Taker" } }""", Writing.RegistrarKey, "taken");
        Assert.Contains(by, problem.Errors("code"), StringComparison.Ordinal);
    }
}
