using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteStillNamed(EmptySqliteRegistry app) : StillNamedTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlStillNamed(EmptyPostgreSqlRegistry app) : StillNamedTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>What something on record names can neither go nor change hands.</summary>
public abstract class StillNamedTests(RegistryApp app)
{
    private const string Both = """{ "edition": "1" }, { "edition": "50%_!" }""";

    /// <summary>Each way in which an edition and a tier can be named.</summary>
    public static TheoryData<string> Ways => ["grant", "policy", "certificate"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_edition_a_tier_and_the_scheme_of_a_standard_stay_while_they_are_named(string way)
    {
        var (scheme, key) = await MakeAsync(way[..1] + "-kept");
        var by = await NameAsync(way, scheme);
        var revision = await app.RevisionAsync();

        await RefusedAsync("editions", "PUT", $"/v1/standards/{scheme}-1", Standard(scheme, """{ "edition": "1" }"""));
        await RefusedAsync("editions", "PUT", $"/v1/standards/{scheme}-1", Standard(scheme, ""));
        await RefusedAsync("scheme", "PUT", $"/v1/standards/{scheme}-1", Standard(scheme + "-b", Both));
        await RefusedAsync("tiers", "PUT", $"/v1/schemes/{scheme}", Scheme(scheme, "\"low\""));
        await RefusedAsync("tiers", "PUT", $"/v1/schemes/{scheme}", Scheme(scheme, ""));
        Assert.Equal(revision, await app.RevisionAsync());

        // What nobody names may go, and more may come.
        await app.WriteAsync("PUT", $"/v1/standards/{scheme}-1", Standard(scheme, """{ "edition": "2" }, { "edition": "50%_!" }"""), key);
        await app.WriteAsync("PUT", $"/v1/schemes/{scheme}", Scheme(scheme, "\"high\", \"highest\""), key);

        async Task RefusedAsync(string member, string method, string address, string body)
        {
            var problem = await app.RefusedAsync(method, address, body, key, "not-possible");
            Assert.Contains(by, problem.Errors(member), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wanted_edition_stays_with_the_recogniser()
    {
        var (scheme, key) = await MakeAsync("wanting");
        await app.SchemeAsync("wanted-from");
        await AgreeAsync("wanting-deal", scheme, "wanted-from", $$""" "wanted": [{ "standard": "{{scheme}}-1", "edition": "1" }]""");

        var problem = await app.RefusedAsync("PUT", $"/v1/standards/{scheme}-1", Standard(scheme, """{ "edition": "50%_!" }"""), key, "not-possible");

        Assert.Contains("/v1/agreements/wanting-deal", problem.Errors("editions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_with_certificates_becomes_no_criteria_set()
    {
        var (scheme, key) = await MakeAsync("certifying");
        var by = await NameAsync("certificate", scheme);
        var set = $$"""{ "body": "{{scheme}}", "names": { "en": "S" }, "tiers": ["low", "high"], "kind": "criteria-set" }""";

        var problem = await app.RefusedAsync("PUT", $"/v1/schemes/{scheme}", set, key, "not-possible");

        Assert.Contains(by, problem.Errors("kind"), StringComparison.Ordinal);
        await app.WriteAsync("PUT", $"/v1/schemes/{scheme}-b", set, key);
    }

    [Fact]
    public async Task What_only_looks_alike_names_nothing()
    {
        var (scheme, key) = await MakeAsync("alike");
        await app.WriteAsync("POST", "/v1/certificates", $$"""
            { "scheme": "{{scheme}}", "number": "1", "validFrom": "2024-01-01", "standard": "{{scheme}}-1", "edition": "1", "tier": "low",
              "notes": "\"edition\":\"50%_!\"", "holder": "high" }
            """);
        await app.WriteAsync("POST", "/v1/certificates", $$"""{ "scheme": "{{scheme}}", "number": "2", "validFrom": "2024-01-01", "standard": "{{scheme}}-2", "edition": "50%_!" }""");

        await app.WriteAsync("PUT", $"/v1/standards/{scheme}-1", Standard(scheme, """{ "edition": "1" }"""), key);
        await app.WriteAsync("PUT", $"/v1/schemes/{scheme}", Scheme(scheme, "\"low\""), key);
    }

    private async Task<(string Scheme, string Key)> MakeAsync(string scheme)
    {
        var key = await app.SchemeAsync(scheme);
        await app.WriteAsync("PUT", $"/v1/schemes/{scheme}", Scheme(scheme, "\"low\", \"high\""), key);
        await app.WriteAsync("PUT", $"/v1/schemes/{scheme}-b", Scheme(scheme, "\"low\", \"high\""), key);
        await app.WriteAsync("PUT", $"/v1/standards/{scheme}-1", Standard(scheme, Both), key);
        await app.WriteAsync("PUT", $"/v1/standards/{scheme}-2", Standard(scheme, Both), key);
        return (scheme, key);
    }

    /// <summary>Names the second edition and the higher tier.</summary>
    /// <returns>The address of what names them.</returns>
    private async Task<string> NameAsync(string way, string scheme)
    {
        var standards = $$""" "standards": [{ "id": "{{scheme}}-1", "editions": ["50%_!"] }], "minTier": "high" """;
        switch (way)
        {
            case "grant":
                await app.SchemeAsync("naming");
                await AgreeAsync(scheme + "-deal", "naming", scheme, standards);
                return $"/v1/agreements/{scheme}-deal";
            case "policy":
                await app.WriteAsync("PUT", $"/v1/policies/{scheme}-policy", $$"""{ "authority": "A", "names": { "en": "P" }, "accepts": [{ "scheme": "{{scheme}}", {{standards}} }] }""");
                return $"/v1/policies/{scheme}-policy";
            default:
                var written = await app.WriteAsync("POST", "/v1/certificates", $$"""
                    { "scheme": "{{scheme}}", "number": "1", "validFrom": "2024-01-01", "standard": "{{scheme}}-1", "edition": "50%_!", "tier": "high" }
                    """);
                return "/v1/certificates/" + written.Text("id");
        }
    }

    private Task<System.Text.Json.JsonElement> AgreeAsync(string code, string recogniser, string recognised, string more) => app.WriteAsync("POST", "/v1/agreements", $$"""
        { "code": "{{code}}", "title": { "en": "T" }, "kind": "unilateral", "parties": ["{{recogniser}}"], "attested": true, "effectiveFrom": "2020-01-01",
          "sources": [{ "title": "S" }],
          "grants": [{ "id": "g1", "recogniser": "{{recogniser}}", "recognised": "{{recognised}}", "level": "common-criteria", {{more}} }] }
        """);

    private static string Scheme(string body, string tiers) => $$"""{ "body": "{{body}}", "names": { "en": "S" }, "tiers": [{{tiers}}] }""";

    private static string Standard(string scheme, string editions) => $$"""{ "scheme": "{{scheme}}", "number": "N", "editions": [{{editions}}] }""";
}
