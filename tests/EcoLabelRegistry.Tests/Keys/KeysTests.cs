using System.Net;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Tests.Http;
using EcoLabelRegistry.Tests.Registers;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Keys;

public sealed class SqliteKeys(EmptySqliteRegistry app) : KeysTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlKeys(EmptyPostgreSqlRegistry app) : KeysTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Keys: made, shown once, used, listed, revoked; and what is said of wrong ones.</summary>
public abstract class KeysTests(RegistryApp app)
{
    [Fact]
    public async Task A_key_is_shown_once_and_stored_as_a_hash()
    {
        await app.SchemeAsync("shown");
        var made = await app.WriteAsync("POST", "/v1/label-bodies/shown/keys", """{ "name": "upload" }""");
        var (id, key) = (made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);

        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(key.AsSpan(key.LastIndexOf(id, StringComparison.Ordinal) + id.Length + 1)).Length);
        Assert.Equal(ApiKey.HashOf(key), await app.ScalarAsync<string>("select secret_hash from api_key where id = @id", new { id }));
        Assert.Equal(0, await app.ScalarAsync<long>("select count(*) from change where data like @secret", new { secret = $"%{key[^43..]}%" }));
        using var listed = await app.Client.SendAsync("GET", "/v1/label-bodies/shown/keys", null, key);
        Assert.DoesNotContain(key[^43..], await listed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_writes_with_its_key_until_it_is_revoked()
    {
        var key = await app.SchemeAsync("own");
        await app.WriteAsync("PUT", "/v1/schemes/own", """{ "body": "own", "names": { "en": "Own" } }""", key);
        var spare = await app.WriteAsync("POST", "/v1/label-bodies/own/keys", """{ "name": "spare" }""", key);

        await app.WriteAsync("DELETE", $"/v1/label-bodies/own/keys/{spare.GetProperty("id").GetString()}", null, key);

        await app.RefusedAsync("PUT", "/v1/schemes/own", """{ "body": "own", "names": { "en": "Again" } }""", spare.GetProperty("key").GetString(), "unauthorised");
        await app.WriteAsync("PUT", "/v1/schemes/own", """{ "body": "own", "names": { "en": "Again" } }""", key);
    }

    [Fact]
    public async Task A_key_that_is_revoked_during_an_upload_writes_nothing()
    {
        var key = await app.SchemeAsync("uploading");
        var spare = await app.WriteAsync("POST", "/v1/label-bodies/uploading/keys", """{ "name": "spare" }""", key);
        var body = new SlowBody();
        var upload = app.SendAsync(HttpMethod.Patch, "uploading", body, key: spare.GetProperty("key").GetString());
        body.Send(RegisterCalls.Row("A") + "\n");
        for (var i = 0; (await app.GetAsync("/v1/imports?scheme=uploading")).Items().Count == 0; i++)
        {
            Assert.True(i < 600, "The upload does not begin.");
            await Task.Delay(100);
        }

        await app.WriteAsync("DELETE", $"/v1/label-bodies/uploading/keys/{spare.GetProperty("id").GetString()}", null, key);
        var revision = await app.RevisionAsync();
        body.End();

        await upload.RefusedAsync(401, "unauthorised");
        Assert.Equal(revision, await app.RevisionAsync());
        Assert.Empty((await app.GetAsync("/v1/certificates?scheme=uploading")).Items());
        var import = Assert.Single((await app.GetAsync("/v1/imports?scheme=uploading")).Items());
        Assert.Equal(("refused", "unauthorised"), (import.Text("state"), import.Text("problem")));
    }

    [Fact]
    public async Task A_key_ends_with_its_expiry()
    {
        await app.SchemeAsync("short");
        var made = await app.WriteAsync("POST", "/v1/label-bodies/short/keys", """{ "name": "short", "expires": "2199-12-31" }""");
        var key = made.GetProperty("key").GetString()!;
        Assert.Equal("2200-01-01T00:00:00Z", made.GetProperty("expires").GetString());
        await app.WriteAsync("PUT", "/v1/schemes/short", """{ "body": "short", "names": { "en": "Short" } }""", key);

        await app.ExecuteAsync("update api_key set expires_at = '2020-01-01T00:00:00.000000Z' where id = @id", new { id = made.GetProperty("id").GetString() });

        await app.RefusedAsync("PUT", "/v1/schemes/short", """{ "body": "short", "names": { "en": "Short" } }""", key, "unauthorised");
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_recorded()
    {
        var key = await app.SchemeAsync("used");
        await app.WriteAsync("PUT", "/v1/schemes/used", """{ "body": "used", "names": { "en": "Used" } }""", key);
        await app.WithAsync<KeyUses, bool>(async uses =>
        {
            await uses.FlushAsync(CancellationToken.None);
            return true;
        });

        using var response = await app.Client.SendAsync("GET", "/v1/label-bodies/used/keys", null, key);
        Assert.NotNull(Assert.Single((await response.JsonAsync()).GetProperty("items").EnumerateArray().ToList()).GetProperty("lastUsedAt").GetString());
    }

    [Fact]
    public async Task An_authority_writes_its_own_policies_and_no_other()
    {
        await app.SchemeAsync("bought");
        await app.WriteAsync("PUT", "/v1/policies/city", """{ "authority": "City", "names": { "en": "City" }, "accepts": [{ "scheme": "bought" }] }""");
        await app.WriteAsync("PUT", "/v1/policies/county", """{ "authority": "County", "names": { "en": "County" }, "accepts": [{ "scheme": "bought" }] }""");
        var key = (await app.WriteAsync("POST", "/v1/policies/city/keys", """{ "name": "City" }""")).GetProperty("key").GetString()!;

        await app.WriteAsync("PUT", "/v1/policies/city", """{ "authority": "City", "names": { "en": "City, anew" }, "accepts": [] }""", key);
        await app.WriteAsync("PUT", "/v1/policies/city-schools", """{ "authority": "City", "names": { "en": "Schools" }, "accepts": [{ "scheme": "bought" }] }""", key);
        await app.RefusedAsync("PUT", "/v1/policies/county", """{ "authority": "County", "names": { "en": "x" } }""", key, "forbidden");
        await app.RefusedAsync("PUT", "/v1/policies/county", """{ "authority": "City", "names": { "en": "x" } }""", key, "forbidden");
        await app.RefusedAsync("PUT", "/v1/policies/city", """{ "authority": "County", "names": { "en": "x" } }""", key, "forbidden");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("elr_")]
    [InlineData("elr_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' or 1=1 --")]
    public async Task Without_a_valid_key_nothing_is_written_and_the_security_log_knows(string? key)
    {
        var before = await app.RevisionAsync();

        var problem = await app.RefusedAsync("PUT", "/v1/categories/free", """{ "names": { "en": "Free" } }""", key, "unauthorised");

        Assert.Equal(401, problem.GetProperty("status").GetInt32());
        Assert.Equal(before, await app.RevisionAsync());
        Assert.Contains(app.Log.Entries, e => e.Level == LogLevel.Warning && e.Message.Contains("PUT /v1/categories/free refused, unauthorised: nobody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_key_is_refused_where_none_is_needed_too()
    {
        using var response = await app.Client.SendAsync("GET", "/v1/schemes", null, "no-key");
        await response.ProblemAsync("unauthorised");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        using var other = await app.Client.SendAsync("GET", "/v1/schemes", null, null, ("Authorization", "Basic dXNlcjp3b3Jk"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{ "name": "" }""", "name")]
    [InlineData("""{ "name": "a\u0007b" }""", "name")]
    [InlineData("""{ "name": "x", "expires": "2020-01-01" }""", "expires")]
    [InlineData("""{ "name": "x", "expires": "soon" }""", "expires")]
    [InlineData("""{ "name": 7 }""", "name")]
    public async Task A_key_that_cannot_be_is_refused_by_member(string body, string member)
    {
        await app.SchemeAsync("bad");
        var problem = await app.RefusedAsync("POST", "/v1/label-bodies/bad/keys", body, Writing.RegistrarKey, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.ToString());
    }

    [Fact]
    public async Task Keys_of_nobody_are_not_found()
    {
        await app.RefusedAsync("POST", "/v1/label-bodies/nobody/keys", """{ "name": "x" }""", Writing.RegistrarKey, "not-found");
        await app.RefusedAsync("POST", "/v1/policies/none/keys", """{ "name": "x" }""", Writing.RegistrarKey, "not-found");
        await app.SchemeAsync("some");
        await app.RefusedAsync("DELETE", "/v1/label-bodies/some/keys/0123456789abcdef", null, Writing.RegistrarKey, "not-found");
    }
}
