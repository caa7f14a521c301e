using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Standards;

public sealed class SqlitePutStandard(EmptySqliteRegistry app) : PutStandardTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlPutStandard(EmptyPostgreSqlRegistry app) : PutStandardTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Who says what replaces a standard.</summary>
public abstract class PutStandardTests(RegistryApp app)
{
    [Fact]
    public async Task A_stranger_cannot_make_out_that_what_others_agreed_on_is_out_of_date()
    {
        var own = await app.SchemeAsync("dated");
        var stranger = await app.SchemeAsync("dating");
        await app.SchemeAsync("trusting");
        await app.WriteAsync("PUT", "/v1/standards/dated-1", Standard("dated"), own);
        await app.WriteAsync("POST", "/v1/agreements", """
            { "code": "trusting-dated", "title": { "en": "T" }, "kind": "unilateral", "parties": ["trusting"], "attested": true, "effectiveFrom": "2020-01-01",
              "sources": [{ "title": "S" }],
              "grants": [{ "id": "g1", "recogniser": "trusting", "recognised": "dated", "level": "full-product", "standards": [{ "id": "dated-1", "editions": ["1"] }] }] }
            """);

        var problem = await app.RefusedAsync("PUT", "/v1/standards/dating-1", Standard("dating", "dated-1"), stranger, "not-possible");
        Assert.Contains("dated", problem.Errors("supersedes"), StringComparison.Ordinal);

        // The registrar may say so of another scheme's, and even then it makes nothing stale there.
        await app.WriteAsync("PUT", "/v1/standards/dating-1", Standard("dating", "dated-1"));
        await app.WriteAsync("PUT", "/v1/standards/dating-1", Standard("dating", "dated-1", "2021"), stranger);
        Assert.False(await IsStaleAsync());

        await app.WriteAsync("PUT", "/v1/standards/dated-2", Standard("dated", "dated-1"), own);
        Assert.True(await IsStaleAsync());
    }

    private static string Standard(string scheme, string? supersedes = null, string from = "2020") => $$"""
        { "scheme": "{{scheme}}", "number": "N", {{(supersedes is null ? "" : $"\"supersedes\": \"{supersedes}\",")}} "editions": [{ "edition": "1", "effectiveFrom": "{{from}}" }] }
        """;

    private async Task<bool> IsStaleAsync() =>
        Assert.Single((await app.GetAsync("/v1/recognitions?recogniser=trusting")).Items()).Texts("warnings", "code").Contains("mapping-stale");
}
