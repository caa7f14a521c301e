using System.Text.Json;
using EcoLabelRegistry.Tests.Objections;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteGetHistory(EmptySqliteRegistry app) : GetHistoryTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlGetHistory(EmptyPostgreSqlRegistry app) : GetHistoryTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Every version of a record, newest first, with who wrote it and how.</summary>
public abstract class GetHistoryTests(RegistryApp app)
{
    [Fact]
    public async Task Every_kind_of_record_has_its_versions_newest_first()
    {
        var oak = await app.SchemeAsync("oak");
        await app.SchemeAsync("elm");
        await TwiceAsync("/v1/categories/wood", n => $$"""{ "names": { "en": "Wood {{n}}" } }""", Writing.RegistrarKey, "category-put", "registrar");
        await TwiceAsync("/v1/label-bodies/fir", n => $$"""{ "names": { "en": "Fir {{n}}" } }""", Writing.RegistrarKey, "label-body-put", "registrar");
        await TwiceAsync("/v1/schemes/ash", n => $$"""{ "body": "oak", "names": { "en": "Ash {{n}}" } }""", oak, "scheme-put", "body:oak");
        await TwiceAsync("/v1/standards/ash-1", n => $$"""{ "scheme": "ash", "number": "1", "notes": "{{n}}" }""", oak, "standard-put", "body:oak");
        await TwiceAsync("/v1/policies/city", n => $$"""{ "authority": "City", "names": { "en": "City {{n}}" } }""", Writing.RegistrarKey, "policy-put", "registrar");

        async Task TwiceAsync(string address, Func<int, string> body, string key, string type, string actor)
        {
            await app.WriteAsync("PUT", address, body(1), key);
            var first = await app.RevisionAsync();
            await app.WriteAsync("PUT", address, body(2), key);
            var second = await app.RevisionAsync();

            var versions = await app.AllAsync(address + "/history");
            Assert.Equal([second, first], versions.Select(v => v.GetProperty("revision").GetInt64()));
            foreach (var version in versions)
            {
                var change = await app.GetAsync($"/v1/changes/{version.GetProperty("revision").GetInt64()}");
                Assert.Equal((type, actor, address), (version.Text("type"), version.Text("actor"), version.Text("subject")));
                Assert.Equal(change.Text("at"), version.Text("at"));
                Assert.True(JsonElement.DeepEquals(change.GetProperty("data"), version.GetProperty("data")), version.ToString()); // put whole: what was sent is what stands
            }
        }
    }

    [Fact]
    public async Task An_agreement_shows_each_step_of_its_life_as_it_stood_then()
    {
        var (oak, elm) = (await app.SchemeAsync("oak"), await app.SchemeAsync("elm"));
        await app.WriteAsync("POST", "/v1/agreements", """{ "code": "life", "title": { "en": "x" }, "kind": "bilateral", "parties": ["oak", "elm"], "effectiveFrom": "2020-01-01" }""", oak);
        await app.WriteAsync("POST", "/v1/agreements/life/signatures", "{}", elm);
        await app.WriteAsync("POST", "/v1/agreements/life/events", """{ "type": "suspended", "effective": "2024-01-01" }""", elm);

        var versions = await app.AllAsync("/v1/agreements/life/history");

        Assert.Equal(["agreement-suspended", "agreement-signed", "agreement-proposed"], versions.Select(v => v.Text("type")));
        Assert.Equal(["body:elm", "body:elm", "body:oak"], versions.Select(v => v.Text("actor")));
        Assert.Equal([2, 2, 1], versions.Select(v => v.GetProperty("data").GetProperty("texts")[0].GetProperty("signatures").GetArrayLength()));
        Assert.Equal([true, false, false], versions.Select(v => v.GetProperty("data").TryGetProperty("events", out _)));
    }

    [Fact]
    public async Task A_certificate_shows_what_a_register_changed()
    {
        var oak = await app.SchemeAsync("oak");
        var address = "/v1/certificates/" + (await app.WriteAsync(
            "POST", "/v1/certificates", """{ "scheme": "oak", "number": "H-1", "validFrom": "2024-01-01", "holder": "Planks Ltd" }""", oak)).Text("id");
        await RegisterAsync("PATCH", "/v1/schemes/oak/register", """{ "number": "H-1", "validFrom": "2024-01-01", "validUntil": "2099-12-31", "holder": "Planks plc" }""");
        await RegisterAsync("PATCH", "/v1/schemes/oak/register", """{ "number": "H-2", "validFrom": "2024-01-01" }"""); // of another one
        await app.WriteAsync("POST", address + "/events", """{ "type": "suspended", "effective": "2025-01-01" }""", oak);

        var versions = await app.AllAsync(address + "/history");

        Assert.Equal(["certificate-suspended", "register-imported", "certificate-put"], versions.Select(v => v.Text("type")));
        Assert.Equal([address, "/v1/schemes/oak/register", address], versions.Select(v => v.Text("subject")));
        Assert.Equal(["Planks plc", "Planks plc", "Planks Ltd"], versions.Select(v => v.GetProperty("data").Text("holder")));
        Assert.Equal([true, false, false], versions.Select(v => v.GetProperty("data").TryGetProperty("events", out _)));

        async Task RegisterAsync(string method, string register, string rows)
        {
            using var response = await app.Client.SendAsync(method, register, rows, oak, ("Content-Type", "application/x-ndjson"));
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task An_objection_keeps_its_contact_to_itself()
    {
        var oak = await app.SchemeAsync("oak");
        var id = await app.ObjectAsync("/v1/schemes/oak", "Not so.", "cy@holder.example");
        await app.WriteAsync("POST", $"/v1/objections/{id}/answer", """{ "text": "It is." }""", oak);

        var versions = await app.AllAsync($"/v1/objections/{id}/history");

        Assert.Equal(["objection-answered", "objection-filed"], versions.Select(v => v.Text("type")));
        Assert.All(versions, v => Assert.DoesNotContain("cy@holder.example", v.ToString(), StringComparison.Ordinal));
        Assert.All(versions, v => Assert.Equal("Not so.", v.GetProperty("data").Text("text")));
        Assert.DoesNotContain("cy@holder.example", (await app.SeenAsync($"/v1/objections/{id}/history", oak)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_is_read_in_pages_and_as_it_was_known()
    {
        var revisions = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            await app.WriteAsync("PUT", "/v1/categories/pages", $$"""{ "names": { "en": "v{{i}}" } }""");
            revisions.Insert(0, await app.RevisionAsync());
        }

        var first = await app.GetAsync("/v1/categories/pages/history?limit=2");
        await app.WriteAsync("PUT", "/v1/categories/pages", """{ "names": { "en": "later" } }""");
        Assert.Equal(revisions[2..], (await app.AllAsync("/v1/categories/pages/history?limit=2", first.Text("next"))).Select(v => v.GetProperty("revision").GetInt64()));
        Assert.Equal(revisions[2..], (await app.AllAsync($"/v1/categories/pages/history?knownAt={revisions[2]}")).Select(v => v.GetProperty("revision").GetInt64()));
        Assert.Equal("not-found", (await app.GetAsync($"/v1/categories/pages/history?knownAt={revisions[^1] - 1}")).Text("code"));
    }

    [Theory]
    [InlineData("/v1/categories/none/history")]
    [InlineData("/v1/label-bodies/none/history")]
    [InlineData("/v1/schemes/none/history")]
    [InlineData("/v1/standards/none/history")]
    [InlineData("/v1/agreements/none/history")]
    [InlineData("/v1/policies/none/history")]
    [InlineData("/v1/certificates/none/history")]
    [InlineData("/v1/objections/none/history")]
    public async Task What_never_was_is_not_found(string address)
    {
        Assert.Equal("not-found", (await app.GetAsync(address)).Text("code"));
        Assert.Equal("unknown-parameter", (await app.GetAsync(address + "?asOf=2024-01-01")).Text("code"));
    }
}
