using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Objections;

public sealed class SqliteFileObjection(EmptySqliteRegistry app) : FileObjectionTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlFileObjection(EmptyPostgreSqlRegistry app) : FileObjectionTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Anybody objects to any record; who he is stays between him and the body.</summary>
public abstract class FileObjectionTests(RegistryApp app)
{
    private const string Contact = "ada@holder.example";

    [Fact]
    public async Task Anybody_objects_without_a_key_in_one_revision_and_one_entry()
    {
        await app.SchemeAsync("oak");
        var before = await app.RevisionAsync();

        using var response = await app.Client.SendAsync("POST", "/v1/objections", Objecting.Body("/v1/schemes/oak", "It is wrong.\nTwice.", Contact), null);

        var filed = await response.JsonAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/v1/objections/" + filed.Text("id"), response.Headers.Location!.ToString());
        Assert.Equal(before + 1, filed.GetProperty("revision").GetInt64());
        Assert.Equal(before + 1, await app.RevisionAsync());
        var entry = await app.GetAsync($"/v1/changes/{before + 1}");
        Assert.Equal(("anyone", "objection-filed", "/v1/objections/" + filed.Text("id")), (entry.Text("actor"), entry.Text("type"), entry.Text("subject")));
        Assert.Equal("It is wrong.\nTwice.", entry.GetProperty("data").Text("text"));
    }

    [Fact]
    public async Task Who_shows_a_key_objects_in_his_name_and_a_wrong_key_is_refused()
    {
        var key = await app.SchemeAsync("oak");
        var id = await app.ObjectAsync("/v1/schemes/oak", key: key);
        Assert.Equal("body:oak", (await app.GetAsync("/v1/objections/" + id)).Text("actor"));

        await app.RefusedAsync("POST", "/v1/objections", Objecting.Body("/v1/schemes/oak", "x"), "elr_wrong", "unauthorised");
    }

    [Fact]
    public async Task Every_kind_of_record_can_be_objected_to_and_what_is_none_cannot()
    {
        var key = await app.SchemeAsync("oak");
        await app.SchemeAsync("elm");
        await app.WriteAsync("PUT", "/v1/categories/wood", """{ "names": { "en": "Wood" } }""");
        await app.WriteAsync("PUT", "/v1/standards/oak-1", """{ "scheme": "oak", "number": "1" }""", key);
        await app.WriteAsync("PUT", "/v1/policies/city", """{ "authority": "City", "names": { "en": "City" } }""");
        using var proposal = await app.Client.SendAsync(
            "POST", "/v1/agreements", """{ "code": "oak-elm", "title": { "en": "x" }, "kind": "bilateral", "parties": ["oak", "elm"] }""", key);
        var certificate = await app.CertificateAsync("oak", "K-1", """{ "brand": "Plank", "model": "One" }""");

        foreach (var about in new[]
        {
            "/v1/categories/wood", "/v1/label-bodies/oak", "/v1/schemes/oak", "/v1/standards/oak-1", "/v1/policies/city", "/v1/agreements/oak-elm", certificate,
            "/v1/products/" + ProductIdentity.IdOf("Plank", "One"),
        })
        {
            Assert.Equal(about, (await app.GetAsync("/v1/objections/" + await app.ObjectAsync(about))).Text("about"));
        }

        var before = await app.RevisionAsync();
        foreach (var about in new[]
        {
            "oak", "/v1/schemes/", "/v1/schemes", "/v1/schemes/oak/", "/v1/schemes/oak?x=1", "/v2/schemes/oak", "/v1/schemes/oak/register", "v1/schemes/oak",
            "/v1/certificates/oak-0", "/v1/products/p-00000000000000000000", "/v1/agreements/none", "/v1/policies/none", "/v1/standards/none", "/v1/categories/none",
            "/v1/label-bodies/none", "/v1/objections/none", "/v1/changes/1", "https://elsewhere.example/v1/schemes/oak",
        })
        {
            var problem = await app.RefusedAsync("POST", "/v1/objections", Objecting.Body(about, "x"), null, "unknown-resource");
            Assert.Equal(422, problem.GetProperty("status").GetInt32());
            Assert.Contains(about, problem.Errors("about"), StringComparison.Ordinal);
        }

        var near = await app.RefusedAsync("POST", "/v1/objections", Objecting.Body("/v1/agreements/oak-elmm", "x"), null, "unknown-resource");
        Assert.Contains("/v1/agreements/oak-elm?", near.Errors("about"), StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Theory]
    [InlineData("""{ "text": "x" }""", "about")]
    [InlineData("""{ "about": "/v1/schemes/oak" }""", "text")]
    [InlineData("""{ "about": "/v1/schemes/oak", "text": null }""", "text")]
    [InlineData("""{ "about": "/v1/schemes/oak", "text": "" }""", "text")]
    [InlineData("""{ "about": "/v1/schemes/oak", "text": "  " }""", "text")]
    [InlineData("""{ "about": "/v1/schemes/oak", "text": "a\u0007b" }""", "text")]
    [InlineData("""{ "about": "/v1/schemes/oak", "text": "x", "contact": "a\u001bb" }""", "contact")]
    [InlineData("""{ "about": "/v1/schemes/\u0001", "text": "x" }""", "about")]
    [InlineData("""{ "about": ["/v1/schemes/oak"], "text": "x" }""", "about")]
    [InlineData("""{ "about": "/v1/schemes/oak", "text": 1 }""", "text")]
    [InlineData("""{ "about": "/v1/schemes/oak", "text": "{4001}" }""", "text")]
    [InlineData("""{ "about": "/v1/schemes/oak", "text": "x", "contact": "{501}" }""", "contact")]
    [InlineData("""{ "about": "{501}", "text": "x" }""", "about")]
    public async Task What_is_missing_too_long_or_no_text_is_named(string body, string member)
    {
        await app.SchemeAsync("oak");
        var before = await app.RevisionAsync();
        foreach (var length in new[] { 501, 4001 })
        {
            body = body.Replace($"{{{length.ToString(CultureInfo.InvariantCulture)}}}", new string('x', length), StringComparison.Ordinal);
        }

        Assert.NotEmpty((await app.RefusedAsync("POST", "/v1/objections", body, null, "invalid")).Errors(member));
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task The_contact_is_in_no_answer_of_the_log_and_who_has_the_log_alone_can_still_prove_it()
    {
        await app.SchemeAsync("oak");
        await app.ObjectAsync("/v1/schemes/oak", "Not ours.", Contact);
        var revision = await app.RevisionAsync();

        var one = await app.GetAsync($"/v1/changes/{revision}");
        foreach (var shown in new[] { one, await app.SeenAsync($"/v1/changes/{revision}", Writing.RegistrarKey), (await app.AllAsync($"/v1/changes?after={revision - 1}"))[0] })
        {
            Assert.Equal(JsonValueKind.Null, shown.GetProperty("data").GetProperty("contact").ValueKind);
            Assert.DoesNotContain(Contact, shown.ToString(), StringComparison.Ordinal);
            Assert.False(shown.GetProperty("salts").GetProperty("/contact").TryGetProperty("salt", out _));
        }

        Assert.True(ReadChanges.IsIntact(new Change(
            revision, one.Text("at")!, one.Text("actor")!, one.Text("type")!, one.Text("subject")!, Canonical(one.GetProperty("data")), Canonical(one.GetProperty("salts")),
            one.Text("digest")!, one.Text("previousHash")!, one.Text("hash")!)));
        Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());

        using var stream = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?after={revision - 1}");
        stream.Headers.Accept.ParseAdd("text/event-stream");
        using var live = await app.Client.SendAsync(stream, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await live.Content.ReadAsStreamAsync());
        string? line;
        while ((line = await lines.ReadLineAsync())?.StartsWith("data:", StringComparison.Ordinal) == false)
        {
        }

        Assert.Contains("Not ours.", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Contact, line, StringComparison.Ordinal);

        static string Canonical(JsonElement json) => CanonicalJson.Text(JsonNode.Parse(json.GetRawText()));
    }

    [Fact]
    public async Task The_same_objection_under_its_key_is_filed_once()
    {
        await app.SchemeAsync("oak");
        var body = Objecting.Body("/v1/schemes/oak", "Once.");
        using var first = await app.Client.SendAsync("POST", "/v1/objections", body, null, ("Idempotency-Key", "objection-1"));
        var revision = await app.RevisionAsync();
        using var again = await app.Client.SendAsync("POST", "/v1/objections", body, null, ("Idempotency-Key", "objection-1"));

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(revision, await app.RevisionAsync());
        await app.RefusedAsync("POST", "/v1/objections", Objecting.Body("/v1/schemes/oak", "Other."), null, "idempotency-key-reused", ("Idempotency-Key", "objection-1"));
        Assert.Equal(0, await app.ScalarAsync<long>("select count(*) from idempotent_answer where caller like '%127.0.0.1%' or caller like '%::1%'"));
    }

    [Fact]
    public async Task Whoever_follows_a_record_hears_of_objections_to_it()
    {
        var key = await app.SchemeAsync("oak");
        await app.SchemeAsync("elm");
        await app.SchemeAsync("fir");
        using var proposal = await app.Client.SendAsync(
            "POST", "/v1/agreements", """{ "code": "oak-elm", "title": { "en": "x" }, "kind": "bilateral", "parties": ["oak", "elm"] }""", key);
        var certificate = await app.CertificateAsync("oak", "K-2", """{ "brand": "Plank", "model": "Two" }""");
        var after = await app.RevisionAsync();
        var toAgreement = await app.ObjectAsync("/v1/agreements/oak-elm");
        var toCertificate = await app.ObjectAsync(certificate);
        await app.WriteAsync("POST", $"/v1/objections/{toAgreement}/answer", """{ "text": "No." }""");

        Assert.Equal([toAgreement, toAgreement], await HeardAsync("agreements=oak-elm"));
        Assert.Equal([toAgreement, toAgreement], await HeardAsync("schemes=elm"));
        Assert.Equal([toAgreement, toCertificate, toAgreement], await HeardAsync("schemes=oak"));
        Assert.Contains(toCertificate, await HeardAsync("products=" + ProductIdentity.IdOf("Plank", "Two")));
        Assert.Empty(await HeardAsync("schemes=fir"));

        async Task<List<string>> HeardAsync(string filter) =>
            [.. (await app.AllAsync($"/v1/changes?after={after}&{filter}")).Select(e => e.Text("subject")!.Split('/')[^1])];
    }
}

/// <summary>Objections have a limit of their own. What is counted is in memory, so that one engine shows it.</summary>
public sealed class FilingLimitTests(FilingLimitTests.Limited app) : IClassFixture<FilingLimitTests.Limited>
{
    [Fact]
    public async Task One_address_files_so_many_a_minute_without_a_key_and_bad_ones_are_not_counted()
    {
        await app.SchemeAsync("oak");
        for (var i = 0; i < 20; i++)
        {
            await app.RefusedAsync("POST", "/v1/objections", "{}", null, "invalid");
        }

        HttpResponseMessage last = null!;
        var filed = 0;
        for (var i = 0; i < 12; i++)
        {
            last = await app.Client.SendAsync("POST", "/v1/objections", Objecting.Body("/v1/schemes/oak", "x"), null);
            filed += last.StatusCode == HttpStatusCode.Created ? 1 : 0;
        }

        Assert.InRange(filed, 3, 6); // a minute may begin in between
        await last.ProblemAsync("too-many-requests");
        Assert.InRange(int.Parse(last.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 60);
        await app.ObjectAsync("/v1/schemes/oak", key: Writing.RegistrarKey);
    }

    public sealed class Limited : SqliteRegistry
    {
        protected override string Seed => "none";

        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Registry:Objections:PerMinute"] = "3",
        };
    }
}
