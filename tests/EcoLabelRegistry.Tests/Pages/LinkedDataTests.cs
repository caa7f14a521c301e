using System.Text.Json;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Tests.Pages;

public sealed class SqliteLinkedData(EmptySqliteRegistry app) : LinkedDataTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlLinkedData(EmptyPostgreSqlRegistry app) : LinkedDataTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>What the pages of certificates and products say to search engines is no more than a check says.</summary>
public abstract partial class LinkedDataTests(RegistryApp app)
{
    [Fact]
    public async Task Recognised_is_said_of_a_certificate_by_those_alone_who_accept_it_for_what_is_on_it()
    {
        foreach (var code in new[] { "ld-held", "ld-paper", "ld-all", "ld-checks", "ld-new" })
        {
            await app.SchemeAsync(code);
        }

        await app.WriteAsync("PUT", "/v1/categories/paper", """{ "names": { "en": "Paper" } }""");
        await app.WriteAsync("PUT", "/v1/categories/paint", """{ "names": { "en": "Paint" } }""");
        await app.WriteAsync("PUT", "/v1/standards/ld-1", """{ "scheme": "ld-held", "number": "1", "editions": [{ "edition": "1" }, { "edition": "2" }] }""");
        await app.WriteAsync("POST", "/v1/agreements", """
            { "code": "ld-many", "title": { "en": "Many" }, "kind": "multilateral", "parties": ["ld-held", "ld-paper", "ld-all", "ld-checks", "ld-new"], "effectiveFrom": "2020-01-01",
              "attested": true, "sources": [{ "title": "x" }],
              "grants": [
                { "id": "a", "recogniser": "ld-paper", "recognised": "ld-held", "level": "full-product", "categories": ["paper"] },
                { "id": "b", "recogniser": "ld-all", "recognised": "ld-held", "level": "full-scheme" },
                { "id": "c", "recogniser": "ld-checks", "recognised": "ld-held", "level": "proxy-verification" },
                { "id": "d", "recogniser": "ld-new", "recognised": "ld-held", "level": "full-product", "standards": [{ "id": "ld-1", "editions": ["2"] }] }] }
            """);
        var paint = await CertificateAsync("1", "paint");
        var paper = await CertificateAsync("2", "paper");
        var both = await CertificateAsync("3", "paper", "paint");

        Assert.Equal(["ld-all"], Recognisers(await LinkedAsync(paint)));
        Assert.Equal(["ld-all", "ld-paper"], Recognisers(await LinkedAsync(paper)));
        Assert.Equal(["ld-all"], Recognisers(await LinkedAsync(both))); // of the paper on it alone, nothing is said of the whole
        Assert.Equal("https://schema.org/CertificationActive", (await LinkedAsync(paint)).GetProperty("certificationStatus").GetString());

        var product = (await app.GetAsync(paper)).GetProperty("products")[0].GetProperty("product").GetString()!;
        var certification = (await ReadAsync("/products/" + product)).GetProperty("hasCertification")[0];
        Assert.Equal(["ld-all", "ld-paper"], Recognisers(certification));
    }

    [Fact]
    public async Task What_no_source_shows_valid_any_longer_is_not_called_active()
    {
        await app.SchemeAsync("ld-old");
        var seen = await app.WriteAsync("POST", "/v1/certificates", """{ "scheme": "ld-old", "number": "1", "confirmedOn": "2019-10-25", "products": [{ "brand": "Old", "model": "One" }] }""");
        var linked = await LinkedAsync("/v1/certificates/" + seen.GetProperty("id").GetString());
        Assert.False(linked.TryGetProperty("certificationStatus", out _));
        Assert.False(linked.TryGetProperty("recognizedBy", out _));
        Assert.Equal("1", linked.GetProperty("certificationIdentification").GetString());
        var then = await ReadAsync("/certificates/" + seen.GetProperty("id").GetString() + "?asOf=2019-10-25");
        Assert.Equal("https://schema.org/CertificationActive", then.GetProperty("certificationStatus").GetString());
    }

    private async Task<string> CertificateAsync(string number, params string[] categories)
    {
        var lines = string.Join(',', categories.Select(c => $$"""{ "brand": "Brand {{number}}", "model": "{{c}}", "category": "{{c}}" }"""));
        var made = await app.WriteAsync("POST", "/v1/certificates", $$"""
            { "scheme": "ld-held", "number": "{{number}}", "standard": "ld-1", "edition": "1", "validFrom": "2020-01-01", "products": [{{lines}}] }
            """);
        return "/v1/certificates/" + made.GetProperty("id").GetString();
    }

    private static string[] Recognisers(JsonElement certification) => certification.TryGetProperty("recognizedBy", out var recognisers)
        ? [.. recognisers.EnumerateArray().Select(r => new Uri(r.GetProperty("@id").GetString()!).Segments[^1]).Order(StringComparer.Ordinal)]
        : [];

    private Task<JsonElement> LinkedAsync(string address) => ReadAsync(address["/v1".Length..]);

    private async Task<JsonElement> ReadAsync(string place)
    {
        using var person = new Person(app);
        var found = Linked().Match(await person.ReadAsync(place));
        Assert.True(found.Success, place);
        return JsonDocument.Parse(found.Groups["json"].Value).RootElement;
    }

    [GeneratedRegex("<script type=\"application/ld(\\+|&#x2B;)json\">(?<json>.*?)</script>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Linked();
}
