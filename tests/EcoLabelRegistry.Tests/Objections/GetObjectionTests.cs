using System.Text.Json;
using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Objections;

public sealed class SqliteGetObjection(EmptySqliteRegistry app) : GetObjectionTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlGetObjection(EmptyPostgreSqlRegistry app) : GetObjectionTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>An objection with its answer, alone and beside its record.</summary>
public abstract class GetObjectionTests(RegistryApp app)
{
    private const string Contact = "bo@holder.example";

    [Fact]
    public async Task The_contact_is_for_the_body_and_the_registrar_alone()
    {
        var (oak, elm, city) = (await app.SchemeAsync("oak"), await app.SchemeAsync("elm"), await AuthorityAsync());
        var certificate = await app.CertificateAsync("oak", "G-1");
        var toOak = "/v1/objections/" + await app.ObjectAsync(certificate, contact: Contact);
        var toCity = "/v1/objections/" + await app.ObjectAsync("/v1/policies/city", contact: Contact);

        Assert.Equal([Contact, null, null, null, Contact], await ContactsAsync(toOak));
        Assert.Equal([null, null, Contact, null, Contact], await ContactsAsync(toCity));
        Assert.Equal([Contact], (await app.SeenAsync("/v1/objections?about=" + certificate, oak)).GetProperty("items").EnumerateArray().Select(o => o.Text("contact")));
        Assert.Equal([null as string], (await app.SeenAsync("/v1/objections?about=" + certificate, elm)).GetProperty("items").EnumerateArray().Select(o => o.Text("contact")));
        Assert.DoesNotContain(Contact, (await app.GetAsync(certificate)).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Contact, (await app.SeenAsync(certificate, oak)).ToString(), StringComparison.Ordinal);

        async Task<List<string?>> ContactsAsync(string address)
        {
            var contacts = new List<string?>();
            foreach (var key in new[] { oak, elm, city, null, Writing.RegistrarKey })
            {
                contacts.Add((await app.SeenAsync(address, key)).Text("contact"));
            }

            return contacts;
        }
    }

    [Fact]
    public async Task What_was_read_without_a_key_is_not_held_against_who_shows_one()
    {
        var oak = await app.SchemeAsync("oak");
        var address = "/v1/objections/" + await app.ObjectAsync("/v1/schemes/oak", contact: Contact);
        using var anonymous = await app.Client.SendAsync("GET", address, null, null);
        var tag = anonymous.Headers.ETag!.ToString();
        using var held = await app.Client.SendAsync("GET", address, null, null, ("If-None-Match", tag));
        using var known = await app.Client.SendAsync("GET", address, null, oak, ("If-None-Match", tag));

        Assert.Equal(System.Net.HttpStatusCode.NotModified, held.StatusCode);
        Assert.Equal(Contact, (await known.JsonAsync()).Text("contact"));
        Assert.True(known.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task It_is_shown_as_it_was_known_and_beside_its_record_too()
    {
        var oak = await app.SchemeAsync("oak");
        var certificate = await app.CertificateAsync("oak", "G-2", """{ "brand": "Plank", "model": "Three" }""");
        var before = await app.RevisionAsync();
        var (first, second) = (await app.ObjectAsync(certificate, "First."), await app.ObjectAsync(certificate, "Second."));
        var unanswered = await app.RevisionAsync();
        await app.WriteAsync("POST", $"/v1/objections/{first}/answer", """{ "text": "Mended." }""", oak);

        Assert.Equal("not-found", (await app.GetAsync($"/v1/objections/{first}?knownAt={before}")).Text("code"));
        Assert.Equal(JsonValueKind.Null, (await app.GetAsync($"/v1/objections/{first}?knownAt={unanswered}")).GetProperty("answer").ValueKind);
        var answer = (await app.GetAsync("/v1/objections/" + first)).GetProperty("answer");
        Assert.Equal(("Mended.", "body:oak"), (answer.Text("text"), answer.Text("actor")));

        Assert.Equal([second, first], Beside(await app.GetAsync(certificate))); // what waits for an answer comes first
        Assert.Equal("Mended.", (await app.GetAsync(certificate)).GetProperty("objections")[1].GetProperty("answer").Text("text"));
        Assert.Equal([first, second], Beside(await app.GetAsync($"{certificate}?knownAt={unanswered}")));
        Assert.Empty(Beside(await app.GetAsync($"{certificate}?knownAt={before}")));
    }

    [Fact]
    public async Task It_stands_beside_agreements_policies_standards_and_products()
    {
        var oak = await app.SchemeAsync("oak");
        await app.SchemeAsync("elm");
        await AuthorityAsync();
        await app.WriteAsync("PUT", "/v1/standards/oak-1", """{ "scheme": "oak", "number": "1" }""", oak);
        await app.CertificateAsync("oak", "G-3", """{ "brand": "Plank", "model": "Four" }""");
        using var proposal = await app.Client.SendAsync(
            "POST", "/v1/agreements", """{ "code": "oak-elm", "title": { "en": "x" }, "kind": "bilateral", "parties": ["oak", "elm"] }""", oak);
        foreach (var about in new[] { "/v1/agreements/oak-elm", "/v1/policies/city", "/v1/standards/oak-1", "/v1/products/" + EcoLabelRegistry.Products.ProductIdentity.IdOf("Plank", "Four") })
        {
            var id = await app.ObjectAsync(about, "Beside.");
            Assert.Contains(id, Beside(await app.GetAsync(about)));
        }
    }

    [Fact]
    public async Task Of_many_the_first_stand_beside_the_record_with_their_number()
    {
        await app.SchemeAsync("oak");
        var certificate = await app.CertificateAsync("oak", "G-4");
        for (var i = 0; i < 22; i++)
        {
            await app.ObjectAsync(certificate, key: Writing.RegistrarKey);
        }

        var shown = await app.GetAsync(certificate);
        Assert.Equal(20, shown.GetProperty("objections").GetArrayLength());
        Assert.Equal(22, shown.GetProperty("objectionCount").GetInt32());
    }

    [Fact]
    public async Task None_is_not_found() => Assert.Equal("not-found", (await app.GetAsync("/v1/objections/019ac0f1")).Text("code"));

    private static List<string?> Beside(JsonElement shown)
    {
        Assert.Equal(shown.GetProperty("objections").GetArrayLength(), shown.GetProperty("objectionCount").GetInt32());
        return shown.Texts("objections", "id");
    }

    private async Task<string> AuthorityAsync()
    {
        await app.WriteAsync("PUT", "/v1/policies/city", """{ "authority": "City", "names": { "en": "City" } }""");
        return (await app.WriteAsync("POST", "/v1/policies/city/keys", """{ "name": "x" }""")).Text("key")!;
    }
}
