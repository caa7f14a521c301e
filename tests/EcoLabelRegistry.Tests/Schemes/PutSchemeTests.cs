using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Schemes;

public sealed class SqlitePutScheme(EmptySqliteRegistry app) : PutSchemeTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlPutScheme(EmptyPostgreSqlRegistry app) : PutSchemeTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Whose certificates count as whose.</summary>
public abstract class PutSchemeTests(RegistryApp app)
{
    [Fact]
    public async Task A_body_cannot_make_its_certificates_count_as_anothers()
    {
        await app.SchemeAsync("robbed");
        var key = await app.SchemeAsync("robber");

        var problem = await app.RefusedAsync("PUT", "/v1/schemes/robber-sub", Sub("robber", "robbed", true), key, "not-possible");
        Assert.Contains("robbed", problem.Errors("countsAsParent"), StringComparison.Ordinal);

        // Nor step by step, by a parent that it may name or one of its own.
        await app.WriteAsync("PUT", "/v1/schemes/robber-sub", Sub("robber", "robbed", false), key);
        await app.RefusedAsync("PUT", "/v1/schemes/robber-sub", Sub("robber", "robbed", true), key, "not-possible");
        await app.WriteAsync("PUT", "/v1/schemes/robber-sub", Sub("robber", "robber", true), key);
        await app.RefusedAsync("PUT", "/v1/schemes/robber-sub", Sub("robber", "robbed", true), key, "not-possible");

        await app.WriteAsync("POST", "/v1/certificates", """{ "scheme": "robber-sub", "number": "1", "validFrom": "2024-01-01", "products": [{ "brand": "R", "model": "1" }] }""", key);
        Assert.Equal("not-recognised", (await app.GetAsync("/v1/check?recognisedBy=robbed&brand=R&model=1")).Text("outcome"));
        Assert.Equal("certified", (await app.GetAsync("/v1/check?recognisedBy=robber&brand=R&model=1")).Text("outcome"));
    }

    [Fact]
    public async Task What_the_registrar_lets_count_stays_when_its_body_writes_the_rest()
    {
        await app.SchemeAsync("lender");
        var key = await app.SchemeAsync("borrower");
        await app.WriteAsync("PUT", "/v1/schemes/borrower-sub", Sub("borrower", "lender", true));

        await app.WriteAsync("PUT", "/v1/schemes/borrower-sub", Sub("borrower", "lender", true, """, "website": "https://borrower.example" """), key);

        await app.WriteAsync("PUT", "/v1/schemes/borrower-sub", Sub("borrower", "lender", false), key);
        await app.RefusedAsync("PUT", "/v1/schemes/borrower-sub", Sub("borrower", "lender", true), key, "not-possible");
    }

    private static string Sub(string body, string parent, bool counts, string more = "") =>
        $$"""{ "body": "{{body}}", "names": { "en": "Sub" }, "parent": "{{parent}}", "countsAsParent": {{(counts ? "true" : "false")}}{{more}} }""";
}
