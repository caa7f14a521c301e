using System.Text;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteWrittenBodies(EmptySqliteRegistry app) : WrittenBodiesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlWrittenBodies(EmptyPostgreSqlRegistry app) : WrittenBodiesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Each resource from a good body with one member put wrong: refused with that member, and nothing is written.</summary>
public abstract class WrittenBodiesTests(RegistryApp app) : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Good = new(StringComparer.Ordinal)
    {
        ["category"] = """{ "code": "good", "parent": "coatings", "names": { "en": "Good" }, "codes": { "cpv": ["44810000-1"], "unspsc": ["31211500"] } }""",
        ["label-body"] = """{ "code": "good-body", "names": { "zh": "好" }, "country": "CN", "website": "https://example.org", "successorOf": "bureau" }""",
        ["scheme"] = """
            { "code": "good", "body": "bureau", "names": { "en": "Good" }, "kind": "scheme", "parent": "alpha", "countsAsParent": true, "aliases": ["GOOD"],
              "countries": ["EU", "JP"], "isoType": "I-like", "launched": "1990", "tiers": ["silver", "gold"], "surveillanceMonths": 12,
              "register": { "coverage": "partial", "asOf": "2026-01" }, "sources": [{ "title": "Its site" }] }
            """,
        ["standard"] = """
            { "id": "good-1", "scheme": "alpha", "number": "G 1", "titles": { "en": "Good" }, "category": "coatings", "supersedes": "beta-1",
              "editions": [
                { "edition": "1", "effectiveFrom": "2010", "effectiveUntil": "2019-12-31", "transitionMonths": 12, "supersededBy": "2" },
                { "edition": "2", "effectiveFrom": "2020", "criteriaCompleteness": "excerpt",
                  "criteria": [{ "ref": "5.1", "parameter": "voc", "comparator": "at-most", "limit": 30, "unit": "g/L" }] }] }
            """,
        ["certificate"] = """
            { "scheme": "beta", "number": "GOOD", "holder": "Painter", "standard": "beta-1", "validFrom": "2024-01-01", "validUntil": "2025-12-31",
              "territories": ["GB-NIR"], "sites": [{ "country": "JP" }], "otherNumbers": ["G2"],
              "products": [{ "brand": "Acme", "model": "One", "gtins": ["4006381333931"], "category": "coatings", "from": "2024-02", "until": "2025",
                             "related": [{ "scheme": "alpha", "certificate": "1" }] }] }
            """,
        ["agreement"] = """
            { "code": "good", "title": { "en": "Good" }, "kind": "bilateral", "parties": ["alpha", "beta"], "attested": true, "effectiveFrom": "2020", "effectiveUntil": "2030",
              "sources": [{ "title": "The text" }], "signatories": [{ "name": "Ada", "scheme": "alpha" }],
              "grants": [{ "id": "g1", "recogniser": "alpha", "recognised": "beta", "level": "evidence", "categories": ["coatings"], "standards": [{ "id": "beta-1" }],
                           "conditions": [{ "code": "document-required", "message": { "en": "A paper" } }], "from": "2021", "until": "2029", "onward": { "maxHops": 1 } }],
              "reservations": [{ "party": "alpha", "categories": ["coatings.decorative"], "partners": ["beta"] }] }
            """,
        ["policy"] = """
            { "code": "good-policy", "authority": "City", "names": { "en": "Good" }, "jurisdiction": "DE",
              "accepts": [{ "scheme": "beta", "categories": ["coatings"], "standards": [{ "id": "beta-1", "editions": ["current"] }], "from": "2020", "until": "2030" },
                          { "recognisedBy": "alpha", "minLevel": "evidence", "reciprocal": true }] }
            """,
    };

    public static TheoryData<string, string, string, string> Bad => new()
    {
        // what, the members put in, the member refused, the code
        { "category", """{ "code": null }""", "code", "invalid" },
        { "category", """{ "code": "Capital" }""", "code", "invalid" },
        { "category", """{ "code": "a..b" }""", "code", "invalid" },
        { "category", """{ "names": null }""", "names", "invalid" },
        { "category", """{ "names": {} }""", "names", "invalid" },
        { "category", """{ "names": { "english!": "x" } }""", "names", "invalid" },
        { "category", """{ "names": { "en": " " } }""", "names", "invalid" },
        { "category", """{ "names": { "en": "a\u0007b" } }""", "names", "invalid" },
        { "category", """{ "parent": "nowhere" }""", "parent", "unknown-category" },
        { "category", """{ "parent": "good" }""", "parent", "not-possible" },
        { "category", """{ "codes": { "cpv": ["4481"] } }""", "codes.cpv[0]", "invalid" },
        { "category", """{ "codes": { "cpv": [null] } }""", "codes.cpv[0]", "invalid" },
        { "category", """{ "codes": { "unspsc": ["31211500", "3121150x"] } }""", "codes.unspsc[1]", "invalid" },
        { "category", """{ "codes": { "unspsc": ["31211500", "31211500"] } }""", "codes.unspsc", "invalid" },
        { "category", """{ "notes": "\u0000" }""", "notes", "invalid" },
        { "category", """{ "sources": [{}] }""", "sources[0].title", "invalid" },
        { "category", """{ "sources": [null] }""", "sources[0]", "invalid" },
        { "category", """{ "sources": [{ "title": "x", "confidence": "sure" }] }""", "sources[0].confidence", "invalid" },
        { "category", """{ "sources": [{ "title": "x", "readOn": "2026-13" }] }""", "sources[0].readOn", "invalid" },
        { "category", """{ "parents": "coatings" }""", "parents", "unknown-member" },
        { "label-body", """{ "code": "good body" }""", "code", "invalid" },
        { "label-body", """{ "names": null }""", "names", "invalid" },
        { "label-body", """{ "country": "XX" }""", "country", "invalid" },
        { "label-body", """{ "country": "cn" }""", "country", "invalid" },
        { "label-body", """{ "successorOf": "nobody" }""", "successorOf", "unknown-label-body" },
        { "label-body", """{ "successorOf": "good-body" }""", "successorOf", "not-possible" },
        { "scheme", """{ "body": null }""", "body", "invalid" },
        { "scheme", """{ "body": "nobody" }""", "body", "unknown-label-body" },
        { "scheme", """{ "names": { "en": "" } }""", "names", "invalid" },
        { "scheme", """{ "kind": "shop" }""", "kind", "invalid" },
        { "scheme", """{ "parent": "nowhere" }""", "parent", "unknown-scheme" },
        { "scheme", """{ "parent": "good" }""", "parent", "not-possible" },
        { "scheme", """{ "aliases": ["A", "A"] }""", "aliases", "invalid" },
        { "scheme", """{ "aliases": ["GOOD", "beta"] }""", "aliases[1]", "taken" },
        { "scheme", """{ "aliases": [""] }""", "aliases[0]", "invalid" },
        { "scheme", """{ "countries": ["Japan"] }""", "countries[0]", "invalid" },
        { "scheme", """{ "isoType": "IV" }""", "isoType", "invalid" },
        { "scheme", """{ "launched": "90" }""", "launched", "invalid" },
        { "scheme", """{ "surveillanceMonths": 0 }""", "surveillanceMonths", "invalid" },
        { "scheme", """{ "surveillanceMonths": 1.5 }""", "surveillanceMonths", "invalid" },
        { "scheme", """{ "register": {} }""", "register.coverage", "invalid" },
        { "standard", """{ "scheme": "nowhere" }""", "scheme", "unknown-scheme" },
        { "standard", """{ "number": null }""", "number", "invalid" },
        { "standard", """{ "category": "nowhere" }""", "category", "unknown-category" },
        { "standard", """{ "supersedes": "nothing" }""", "supersedes", "unknown-standard" },
        { "standard", """{ "supersedes": "good-1" }""", "supersedes", "not-possible" },
        { "standard", """{ "editions": [{ "edition": "1" }, { "edition": "1" }] }""", "editions", "invalid" },
        { "standard", """{ "editions": [{}] }""", "editions[0].edition", "invalid" },
        { "standard", """{ "editions": [{ "edition": "1", "effectiveFrom": "2020", "effectiveUntil": "2019" }] }""", "editions[0].effectiveUntil", "invalid" },
        { "standard", """{ "editions": [{ "edition": "1", "supersededBy": "9" }] }""", "editions[0]", "invalid" },
        { "standard", """{ "editions": [{ "edition": "1", "supersededBy": "2" }, { "edition": "2", "supersededBy": "1" }] }""", "editions", "not-possible" },
        { "standard", """{ "editions": [{ "edition": "1", "criteria": [{ "ref": "1" }, { "ref": "1" }] }] }""", "editions[0].criteria", "invalid" },
        { "standard", """{ "editions": [{ "edition": "1", "criteria": [{ "ref": "1", "limit": 2, "limitMax": 1 }] }] }""", "editions[0].criteria[0].limitMax", "invalid" },
        { "standard", """{ "editions": [{ "edition": "1", "criteria": [{ "ref": "1", "unit": "litres" }] }] }""", "editions[0].criteria[0].unit", "invalid" },
        { "standard", """{ "editions": [{ "edition": "1", "criteria": [{ "ref": "1", "comparator": "less" }] }] }""", "editions[0].criteria[0].comparator", "invalid" },
        { "certificate", """{ "scheme": "nowhere" }""", "scheme", "unknown-scheme" },
        { "certificate", """{ "number": null }""", "number", "invalid" },
        { "certificate", """{ "key": "both" }""", "number", "invalid" },
        { "certificate", """{ "number": "   " }""", "number", "invalid" },
        { "certificate", """{ "validFrom": null }""", "validFrom", "invalid" },
        { "certificate", """{ "validFrom": "2024-02-30" }""", "validFrom", "invalid" },
        { "certificate", """{ "validUntil": "2023-12-31" }""", "validUntil", "invalid" },
        { "certificate", """{ "standard": "nothing" }""", "standard", "unknown-standard" },
        { "certificate", """{ "scheme": "alpha" }""", "standard", "invalid" },
        { "certificate", """{ "standard": null, "edition": "1" }""", "edition", "invalid" },
        { "certificate", """{ "territories": ["JP", "JP"] }""", "territories", "invalid" },
        { "certificate", """{ "territories": ["JPN"] }""", "territories[0]", "invalid" },
        { "certificate", """{ "sites": [{ "country": "EUR" }] }""", "sites[0].country", "invalid" },
        { "certificate", """{ "sites": [null] }""", "sites[0]", "invalid" },
        { "certificate", """{ "products": [{ "gtins": ["4006381333932"] }] }""", "products[0].gtins[0]", "invalid" },
        { "certificate", """{ "products": [{ "gtins": ["40063813339"] }] }""", "products[0].gtins[0]", "invalid" },
        { "certificate", """{ "products": [{ "category": "nowhere" }] }""", "products[0].category", "unknown-category" },
        { "certificate", """{ "products": [{ "from": "2025", "until": "2024" }] }""", "products[0].until", "invalid" },
        { "certificate", """{ "products": [{ "related": [{ "certificate": "1" }] }] }""", "products[0].related[0].scheme", "invalid" },
        { "certificate", """{ "products": [null] }""", "products[0]", "invalid" },
        { "certificate", """{ "products": {} }""", "products", "invalid" },
        { "certificate", """{ "events": [{ "type": "suspended" }] }""", "events[0].effective", "invalid" },
        { "certificate", """{ "events": [{ "type": "lost", "effective": "2024" }] }""", "events[0].type", "invalid" },
        { "agreement", """{ "kind": null }""", "kind", "invalid" },
        { "agreement", """{ "parties": ["alpha", "alpha"] }""", "parties", "invalid" },
        { "agreement", """{ "parties": ["alpha"] }""", "parties", "invalid" },
        { "agreement", """{ "parties": ["alpha", "beta", "gamma"] }""", "parties", "invalid" },
        { "agreement", """{ "kind": "multilateral", "parties": ["alpha", "nowhere"] }""", "parties[1]", "unknown-scheme" },
        { "agreement", """{ "title": {} }""", "title", "invalid" },
        { "agreement", """{ "effectiveUntil": "2019" }""", "effectiveUntil", "invalid" },
        { "agreement", """{ "sources": null }""", "sources", "invalid" },
        { "agreement", """{ "parent": "nothing" }""", "parent", "unknown-agreement" },
        { "agreement", """{ "signatories": [{ "scheme": "alpha" }] }""", "signatories[0].name", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "alpha", "level": "evidence" }] }""", "grants[0].recognised", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "gamma", "recognised": "beta", "level": "evidence" }] }""", "grants[0].recogniser", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "gamma", "level": "evidence" }] }""", "grants[0].recognised", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "nowhere", "level": "evidence" }] }""", "grants[0].recognised", "unknown-scheme" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "beta" }] }""", "grants[0].level", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "beta", "level": "evidence", "categories": [null] }] }""", "grants[0].categories[0]", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "beta", "level": "evidence", "categories": ["nowhere"] }] }""", "grants[0].categories[0]", "unknown-category" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "beta", "level": "evidence", "standards": [{ "id": "nothing" }] }] }""", "grants[0].standards[0].id", "unknown-standard" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "beta", "recognised": "alpha", "level": "evidence", "standards": [{ "id": "beta-1" }] }] }""", "grants[0].standards[0].id", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "beta", "level": "evidence", "standards": [{ "id": "beta-1", "editions": ["9"] }] }] }""", "grants[0].standards[0].editions[0]", "unknown-edition" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "beta", "level": "evidence", "onward": { "maxHops": 3 } }] }""", "grants[0].onward.maxHops", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "beta", "level": "evidence", "conditions": [{}] }] }""", "grants[0].conditions[0].code", "invalid" },
        { "agreement", """{ "grants": [{ "id": "g", "recogniser": "alpha", "recognised": "beta", "level": "evidence", "from": "2021", "until": "2020" }] }""", "grants[0].until", "invalid" },
        { "agreement", """{ "reservations": [{ "party": "gamma" }] }""", "reservations[0].party", "invalid" },
        { "agreement", """{ "reservations": [{ "party": "alpha", "partners": [null] }] }""", "reservations[0].partners[0]", "invalid" },
        { "agreement", """{ "reservations": [{ "party": "alpha", "categories": ["nowhere"] }] }""", "reservations[0].categories[0]", "unknown-category" },
        { "agreement", """{ "code": "alpha-beta" }""", "code", "taken" },
        { "policy", """{ "authority": null }""", "authority", "invalid" },
        { "policy", """{ "jurisdiction": "Bavaria" }""", "jurisdiction", "invalid" },
        { "policy", """{ "accepts": [{}] }""", "accepts[0].scheme", "invalid" },
        { "policy", """{ "accepts": [{ "scheme": "beta", "recognisedBy": "alpha" }] }""", "accepts[0].scheme", "invalid" },
        { "policy", """{ "accepts": [{ "scheme": "nowhere" }] }""", "accepts[0].scheme", "unknown-scheme" },
        { "policy", """{ "accepts": [{ "recognisedBy": "nowhere" }] }""", "accepts[0].recognisedBy", "unknown-scheme" },
        { "policy", """{ "accepts": [{ "scheme": "beta", "minLevel": "evidence" }] }""", "accepts[0].minLevel", "invalid" },
        { "policy", """{ "accepts": [{ "scheme": "beta", "reciprocal": true }] }""", "accepts[0].reciprocal", "invalid" },
        { "policy", """{ "accepts": [{ "scheme": "beta", "categories": [null] }] }""", "accepts[0].categories[0]", "invalid" },
        { "policy", """{ "accepts": [{ "scheme": "beta", "standards": [{ "id": "beta-1", "editions": ["newest"] }] }] }""", "accepts[0].standards[0].editions[0]", "unknown-edition" },
        { "policy", """{ "accepts": [{ "scheme": "beta", "from": "2021", "until": "2020-12" }] }""", "accepts[0].until", "invalid" },
    };

    public static TheoryData<string> Kinds => [.. Good.Keys];

    public async Task InitializeAsync()
    {
        await app.FillAsync();
        await app.SendAsync(SmallRegistry.Scheme("gamma"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_member_is_refused_by_its_name_and_nothing_is_written(string kind, string members, string refused, string code)
    {
        var body = JsonNode.Parse(Good[kind])!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        var before = await app.RevisionAsync();
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => SendAsync(kind, body));

        Assert.Equal(code, Code.Of(refusal.ProblemCode));
        Assert.Contains(refused, refusal.Faults.Select(f => f.Member));
        Assert.All(refusal.Faults, fault => Assert.Equal(refused, fault.Member));
        Assert.All(refusal.Faults, fault => Assert.NotEmpty(fault.Message.In(Language.Chinese)));
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_good_body_is_taken_and_texts_as_long_as_they_may_be(string kind)
    {
        var body = JsonNode.Parse(Good[kind])!.AsObject();
        body["notes"] = new string('x', Limits.Page);
        await SendAsync(kind, body);

        body["notes"] = new string('x', Limits.Page + 1);
        Assert.Equal("notes", Assert.Single((await Assert.ThrowsAsync<RefusalException>(() => SendAsync(kind, body))).Faults).Member);
    }

    private async Task SendAsync(string kind, JsonObject body)
    {
        switch (kind)
        {
            case "category":
                await app.SendAsync(new PutCategory.Request(Read<CategoryEntry>(), Actor.Registrar));
                break;
            case "label-body":
                await app.SendAsync(new PutLabelBody.Request(Read<LabelBodyEntry>(), Actor.Registrar));
                break;
            case "scheme":
                await app.SendAsync(new PutScheme.Request(Read<SchemeEntry>(), Actor.Registrar));
                break;
            case "standard":
                await app.SendAsync(new PutStandard.Request(Read<StandardEntry>(), Actor.Registrar));
                break;
            case "certificate":
                await app.RegisterAsync(Read<CertificateBody>());
                break;
            case "agreement":
                await app.SendAsync(new RegisterAgreement.Request(Read<AgreementBody>(), Actor.Registrar));
                break;
            default:
                await app.SendAsync(new PutPolicy.Request(Read<PolicyEntry>(), Actor.Registrar));
                break;
        }

        // As a body is read over HTTP.
        T Read<T>()
            where T : notnull => Json.Read<T>(Encoding.UTF8.GetBytes(body.ToJsonString()));
    }
}
