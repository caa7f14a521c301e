using System.Net;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace EcoLabelRegistry.Tests.Keys;

public sealed class SqliteIdentityProvider(ProvidedSqliteRegistry app) : IdentityProviderTests(app, app.Issuer), IClassFixture<ProvidedSqliteRegistry>;

public sealed class PostgreSqlIdentityProvider(ProvidedPostgreSqlRegistry app) : IdentityProviderTests(app, app.Issuer), IClassFixture<ProvidedPostgreSqlRegistry>;

/// <summary>Bearer tokens of an OpenID Connect provider, which the tests run on loopback with keys of its own.</summary>
public abstract class IdentityProviderTests(RegistryApp app, Issuer issuer)
{
    private const string Scheme = """{ "body": "told", "names": { "en": "Told" } }""";

    [Fact]
    public async Task The_claim_names_the_body_that_writes_and_the_log_says_so()
    {
        await app.SchemeAsync("told");
        await app.SchemeAsync("another");
        var written = await app.WriteAsync("PUT", "/v1/schemes/told", Scheme.Replace("Told", "By token", StringComparison.Ordinal), issuer.Token("told"));

        var change = await app.GetAsync($"/v1/changes/{written.GetProperty("revision").GetInt64()}");
        Assert.Equal("body:told", change.Text("actor"));
        await app.RefusedAsync("PUT", "/v1/schemes/another", Scheme, issuer.Token("told"), "forbidden");
    }

    [Fact]
    public async Task A_signature_by_token_shows_the_provider()
    {
        await app.SchemeAsync("told");
        var other = await app.SchemeAsync("told-b");
        await app.WriteAsync("POST", "/v1/agreements", """
            { "code": "told-both", "title": { "en": "x" }, "kind": "bilateral", "parties": ["told", "told-b"], "effectiveFrom": "2020-01-01" }
            """, issuer.Token("told"));
        await app.WriteAsync("POST", "/v1/agreements/told-both/signatures", "{}", other);

        var shown = await app.GetAsync("/v1/agreements/told-both");
        Assert.Equal(
            [issuer.Address, "registrar"],
            shown.GetProperty("history").EnumerateArray().Where(h => h.Text("type") == "signature").Select(h => h.Text("keyIssuedBy")));
    }

    [Fact]
    public async Task After_a_rotation_the_new_key_is_taken_and_the_old_one_no_longer()
    {
        await app.SchemeAsync("told");
        var old = issuer.Token("told");
        await app.WriteAsync("PUT", "/v1/schemes/told", Scheme, old);

        issuer.Rotate();

        // The provider is asked again no more than every two seconds.
        var fresh = issuer.Token("told");
        for (var left = 60; await StatusAsync(fresh) != HttpStatusCode.OK; left--)
        {
            Assert.True(left > 0, "the new key was never taken");
            await Task.Delay(500);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(old));
    }

    [Fact]
    public async Task What_is_no_valid_token_of_the_provider_is_refused()
    {
        await app.SchemeAsync("told");
        var stranger = Issuer.NewKey();
        var shared = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(new string('k', 64))) { KeyId = issuer.Key.KeyId };
        foreach (var (what, token) in new[]
        {
            ("another audience", issuer.Token("told", audience: "shop")),
            ("another issuer", issuer.Token("told", issuer: "http://127.0.0.1:9")),
            ("expired", issuer.Token("told", validFor: TimeSpan.FromHours(-1))),
            ("no claim", issuer.Token("told", claim: "sub")),
            ("an empty claim", issuer.Token("")),
            ("signed by a stranger", issuer.Token("told", key: stranger)),
            ("signed by a stranger under a known id", issuer.Token("told", key: new RsaSecurityKey(stranger.Rsa) { KeyId = issuer.Key.KeyId })),
            ("signed with a shared secret", issuer.Token("told", key: shared, algorithm: "HS256")),
            ("not signed", string.Join('.', issuer.Token("told").Split('.')[..2]) + "."),
            ("altered", string.Join('.', issuer.Token("another").Split('.')[..2]) + "." + issuer.Token("told").Split('.')[2]),
        })
        {
            Assert.True(await StatusAsync(token) == HttpStatusCode.Unauthorized, what);
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var response = await app.Client.SendAsync("PUT", "/v1/schemes/told", Scheme, token);
        return response.StatusCode;
    }
}

/// <summary>A registry on SQLite that takes the tokens of a provider.</summary>
public sealed class ProvidedSqliteRegistry : SqliteRegistry
{
    public Issuer Issuer { get; } = new();

    protected override string Seed => "none";

    protected override IReadOnlyDictionary<string, string> Settings => Provided.By(Issuer);

    public override async Task InitializeAsync()
    {
        await Issuer.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

/// <summary>A registry on PostgreSQL that takes the tokens of a provider.</summary>
public sealed class ProvidedPostgreSqlRegistry : PostgreSqlRegistry
{
    public Issuer Issuer { get; } = new();

    protected override string Seed => "none";

    protected override IReadOnlyDictionary<string, string> Settings => Provided.By(Issuer);

    public override async Task InitializeAsync()
    {
        await Issuer.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

internal static class Provided
{
    public static Dictionary<string, string> By(Issuer issuer) => new(StringComparer.Ordinal)
    {
        ["Registry:Oidc:Authority"] = issuer.Address,
        ["Registry:Oidc:Audience"] = "registry",
    };
}
