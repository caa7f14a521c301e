using System.Globalization;
using System.Text.Json;
using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Agreements;

public sealed class SqliteAgreementLife(EmptySqliteRegistry app) : AgreementLifeTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlAgreementLife(EmptyPostgreSqlRegistry app) : AgreementLifeTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Two bodies and their keys, over HTTP only: what each does, and what a check then answers.</summary>
public abstract class AgreementLifeTests(RegistryApp app)
{
    private static string Today => Day(0);

    [Fact]
    public async Task Proposed_signed_suspended_and_still_known_as_it_was()
    {
        var (a, b) = await GivenAsync("p");
        var proposed = await app.WriteAsync("POST", "/v1/agreements", Agreement("p"), a);
        var before = proposed.GetProperty("revision").GetInt64();
        Assert.Equal(["p-b"], Texts(proposed, "awaits"));

        Assert.Equal(("no", "agreement-proposed"), await AskAsync("p", Today));

        await app.WriteAsync("POST", "/v1/agreements/p/signatures", $$"""{ "textHash": "{{proposed.GetProperty("textHash").GetString()}}" }""", b);
        Assert.Equal(("yes", null), await AskAsync("p", Today));

        await app.WriteAsync("POST", "/v1/agreements/p/events", $$"""{ "type": "suspended", "effective": "{{Day(1)}}", "reason": "review" }""", a);
        Assert.Equal(("yes", null), await AskAsync("p", Today));
        Assert.Equal(Today, (await CheckAsync("p", Today)).GetProperty("holdsUntil").GetString());
        Assert.Equal(("no", "agreement-suspended"), await AskAsync("p", Day(1)));
        Assert.Equal(("no", "agreement-proposed"), await AskAsync("p", Today, before));

        await app.RefusedAsync("POST", "/v1/agreements/p/events", $$"""{ "type": "resumed", "effective": "{{Day(2)}}" }""", b, "not-possible");
        await app.WriteAsync("POST", "/v1/agreements/p/events", $$"""{ "type": "resumed", "effective": "{{Day(2)}}" }""", a);
        Assert.Equal(("yes", null), await AskAsync("p", Day(2)));
        Assert.Equal(("no", "agreement-suspended"), await AskAsync("p", Day(1)));

        await app.WriteAsync("POST", "/v1/agreements/p/events", $$"""{ "type": "terminated", "effective": "{{Day(9)}}" }""", b);
        Assert.Equal(("no", "agreement-terminated"), await AskAsync("p", Day(9)));
        await app.RefusedAsync("POST", "/v1/agreements/p/events", $$"""{ "type": "suspended", "effective": "{{Day(9)}}" }""", a, "not-possible");
    }

    [Fact]
    public async Task An_amendment_stands_when_all_have_signed_and_old_dates_keep_the_old_text()
    {
        var (a, b) = await GivenAsync("m");
        await app.WriteAsync("POST", "/v1/agreements", Agreement("m"), a);
        await app.WriteAsync("POST", "/v1/agreements/m/signatures", "{}", b);
        var amended = await app.WriteAsync("POST", "/v1/agreements/m/amendments", Text("m", "evidence", Today), b);
        Assert.Equal(["m-a"], Texts(amended, "awaits"));
        Assert.Equal(("yes", null), await AskAsync("m", Today));

        await app.RefusedAsync("POST", "/v1/agreements/m/signatures", "{}", a, "invalid"); // which text?
        await app.RefusedAsync("POST", "/v1/agreements/m/signatures", """{ "textHash": "00" }""", a, "not-possible");
        await app.RefusedAsync("POST", "/v1/agreements/m/amendments", Text("m", "evidence", Today), a, "taken");
        await app.WriteAsync("POST", "/v1/agreements/m/signatures", $$"""{ "textHash": "{{amended.GetProperty("textHash").GetString()}}" }""", a);

        Assert.Equal("partly", (await AskAsync("m", Today)).Answer);
        Assert.Equal(("yes", null), await AskAsync("m", Day(-1)));
        var shown = await app.GetAsync("/v1/agreements/m");
        Assert.Equal(2, shown.GetProperty("texts").GetArrayLength());
        Assert.All(shown.GetProperty("texts").EnumerateArray(), t => Assert.True(t.GetProperty("fullySigned").GetBoolean()));
        Assert.Equal(
            ["body:m-a", "body:m-a", "body:m-b", "body:m-b"],
            shown.GetProperty("history").EnumerateArray().Where(h => h.Text("type") == "signature").Select(h => h.Text("actor")).Order(StringComparer.Ordinal));
        Assert.All(
            shown.GetProperty("history").EnumerateArray().Where(h => h.Text("type") == "signature"),
            h => Assert.Equal("registrar", h.Text("keyIssuedBy")));
    }

    [Fact]
    public async Task A_newcomer_accedes_when_the_parties_have_signed_and_may_leave_and_come_back()
    {
        var (a, b) = await GivenAsync("c");
        var c = await app.SchemeAsync("c-c");
        await app.WriteAsync("POST", "/v1/agreements", Agreement("c", "multilateral"), a);
        await app.WriteAsync("POST", "/v1/agreements/c/signatures", "{}", b);
        await app.WriteAsync("POST", "/v1/certificates", """{ "scheme": "c-c", "number": "C-C-1", "validFrom": "2000-01-01", "territories": [] }""", c);
        var asked = await app.WriteAsync("POST", "/v1/agreements/c/accessions", $$"""
            { "scheme": "c-c", "effective": "{{Today}}",
              "grants": [{ "id": "a-c", "recogniser": "c-a", "recognised": "c-c", "level": "full-product" }] }
            """, c);
        Assert.Equal(["c-a", "c-b"], Texts(asked, "awaits"));
        Assert.Equal("no", (await AskAsync("c", Today, null, "c-c")).Answer);

        var signature = $$"""{ "textHash": "{{asked.GetProperty("textHash").GetString()}}" }""";
        await app.WriteAsync("POST", "/v1/agreements/c/signatures", signature, a);
        Assert.Equal("no", (await AskAsync("c", Today, null, "c-c")).Answer);
        await app.WriteAsync("POST", "/v1/agreements/c/signatures", signature, b);
        Assert.Equal(("yes", null), await AskAsync("c", Today, null, "c-c"));
        Assert.Equal(("no", "party-not-acceded"), await AskAsync("c", Day(-1), null, "c-c"));
        var shown = await app.GetAsync("/v1/agreements/c");
        Assert.Equal(["c-a", "c-b", "c-c"], shown.GetProperty("parties").EnumerateArray().Select(p => p.Text("scheme")));
        Assert.Equal(["a-b", "b-a", "a-c"], shown.GetProperty("grants").EnumerateArray().Select(g => g.Text("id")));

        await app.WriteAsync("POST", "/v1/agreements/c/events", $$"""{ "type": "withdrawn", "effective": "{{Day(5)}}" }""", c);
        Assert.Equal(("no", "party-withdrawn"), await AskAsync("c", Day(5), null, "c-c"));
        Assert.Equal(("yes", null), await AskAsync("c", Day(5)));
        await app.RefusedAsync("POST", "/v1/agreements/c/events", $$"""{ "type": "suspended", "effective": "{{Day(6)}}" }""", c, "not-possible");
        await app.RefusedAsync("POST", "/v1/agreements/c/accessions", $$"""{ "scheme": "c-c", "effective": "{{Day(4)}}" }""", c, "not-possible");

        var back = await app.WriteAsync("POST", "/v1/agreements/c/accessions", $$"""{ "scheme": "c-c", "effective": "{{Day(7)}}" }""", c);
        signature = $$"""{ "textHash": "{{back.GetProperty("textHash").GetString()}}" }""";
        await app.WriteAsync("POST", "/v1/agreements/c/signatures", signature, a);
        await app.WriteAsync("POST", "/v1/agreements/c/signatures", signature, b);
        Assert.Equal(("yes", null), await AskAsync("c", Day(7), null, "c-c"));
        Assert.Equal(("no", "party-withdrawn"), await AskAsync("c", Day(6), null, "c-c"));

        foreach (var (day, standing, acceded) in new[] { (Day(-1), "not-acceded", Today), (Today, "party", Today), (Day(5), "withdrawn", Today), (Day(7), "party", Day(7)) })
        {
            var parties = (await app.GetAsync($"/v1/agreements/c?asOf={day}")).GetProperty("parties").EnumerateArray().ToList();
            Assert.Equal(["c-a", "c-b", "c-c"], parties.Select(p => p.Text("scheme")));
            Assert.Equal((standing, acceded), (parties[2].Text("standing"), parties[2].Text("accededOn")));
            Assert.Equal(
                [(Today, Day(4)), (Day(7), null)], parties[2].GetProperty("spans").EnumerateArray().Select(s => (s.Text("from"), s.Text("until"))));
            Assert.Equal([(null as string, null as string)], parties[0].GetProperty("spans").EnumerateArray().Select(s => (s.Text("from"), s.Text("until"))));
        }
    }

    [Fact]
    public async Task The_registrar_amends_what_he_attests_until_all_parties_have_confirmed_it()
    {
        var (a, b) = await GivenAsync("h");
        await app.WriteAsync(
            "POST", "/v1/agreements", Agreement("h").Replace("\"kind\"", """ "attested": true, "sources": [{ "title": "A report" }], "kind" """, StringComparison.Ordinal));
        var amendment = """
            { "effectiveFrom": "2015-01-01", "sources": [{ "title": "A later report" }],
              "grants": [{ "id": "a-b", "recogniser": "h-a", "recognised": "h-b", "level": "framework" }] }
            """;
        var before = await app.RevisionAsync();
        Assert.NotEmpty((await app.RefusedAsync("POST", "/v1/agreements/h/amendments", amendment.Replace(""" "sources": [{ "title": "A later report" }],""", "", StringComparison.Ordinal), Writing.RegistrarKey, "invalid")).Errors("sources"));
        Assert.Equal(("yes", null), await AskAsync("h", Today));

        var amended = await app.WriteAsync("POST", "/v1/agreements/h/amendments", amendment);

        Assert.Empty(Texts(amended, "awaits"));
        Assert.Equal(("no", "agreement-not-operative"), await AskAsync("h", Today));
        Assert.Equal(("yes", null), await AskAsync("h", "2014-12-31"));
        Assert.Equal(("yes", null), await AskAsync("h", Today, before));
        var shown = await app.GetAsync("/v1/agreements/h");
        Assert.Equal((amended.Text("textHash"), true), (shown.Text("textHash"), shown.GetProperty("attested").GetBoolean()));
        Assert.Equal([true, true], shown.GetProperty("texts").EnumerateArray().Select(t => t.GetProperty("fullySigned").GetBoolean()));
        Assert.Equal("registrar", (await app.GetAsync($"/v1/changes/{await app.RevisionAsync()}")).Text("actor"));

        // A text that the parties confirm is theirs; what is attested beside it still says so.
        var first = $$"""{ "textHash": "{{shown.GetProperty("texts")[0].Text("textHash")}}" }""";
        await app.WriteAsync("POST", "/v1/agreements/h/signatures", first, a);
        await app.WriteAsync("POST", "/v1/agreements/h/amendments", amendment.Replace("2015", "2016", StringComparison.Ordinal));
        await app.WriteAsync("POST", "/v1/agreements/h/signatures", first, b);
        Assert.True((await app.GetAsync("/v1/agreements/h")).GetProperty("attested").GetBoolean());
        await app.RefusedAsync("POST", "/v1/agreements/h/amendments", amendment.Replace("2015", "2017", StringComparison.Ordinal), Writing.RegistrarKey, "not-possible");
    }

    [Fact]
    public async Task The_registrar_amends_nothing_that_parties_proposed()
    {
        var (a, _) = await GivenAsync("j");
        await app.WriteAsync("POST", "/v1/agreements", Agreement("j"), a);
        await app.RefusedAsync(
            "POST", "/v1/agreements/j/amendments", """{ "effectiveFrom": "2015-01-01", "sources": [{ "title": "x" }] }""", Writing.RegistrarKey, "forbidden");
    }

    [Fact]
    public async Task An_attested_agreement_is_confirmed_by_signatures_and_contested_by_an_event()
    {
        var (a, b) = await GivenAsync("t");
        var attested = Agreement("t").Replace("\"kind\"", """ "attested": true, "sources": [{ "title": "A report" }], "kind" """, StringComparison.Ordinal);
        await app.RefusedAsync("POST", "/v1/agreements", attested, a, "forbidden");
        await app.RefusedAsync("POST", "/v1/agreements", attested.Replace(""" "sources": [{ "title": "A report" }], """, "", StringComparison.Ordinal), Writing.RegistrarKey, "invalid");
        await app.WriteAsync("POST", "/v1/agreements", attested);
        Assert.Contains("attested-by-registrar", Codes(await CheckAsync("t", Today), "warnings"));

        await app.WriteAsync("POST", "/v1/agreements/t/events", $$"""{ "type": "contested", "effective": "{{Today}}", "reason": "We never signed." }""", b);
        Assert.Contains("agreement-contested", Codes(await CheckAsync("t", Today), "warnings"));
        await app.WriteAsync("POST", "/v1/agreements/t/events", $$"""{ "type": "suspended", "effective": "{{Day(3)}}" }""");
        Assert.Equal(("no", "agreement-suspended"), await AskAsync("t", Day(3)));

        await app.WriteAsync("POST", "/v1/agreements/t/signatures", "{}", a);
        await app.WriteAsync("POST", "/v1/agreements/t/signatures", "{}", b);
        Assert.DoesNotContain("attested-by-registrar", Codes(await CheckAsync("t", Today), "warnings"));
    }

    [Fact]
    public async Task A_new_edition_makes_the_agreements_that_name_the_old_one_stale()
    {
        var (a, b) = await GivenAsync("e");
        await app.WriteAsync("PUT", "/v1/standards/e-b-1", """{ "scheme": "e-b", "number": "1", "editions": [{ "edition": "1", "effectiveFrom": "2000" }] }""", b);
        await app.WriteAsync("POST", "/v1/agreements", $$"""
            { "code": "e", "title": { "en": "e" }, "kind": "unilateral", "parties": ["e-a"], "effectiveFrom": "2010-01-01",
              "grants": [{ "id": "a-b", "recogniser": "e-a", "recognised": "e-b", "level": "full-product", "standards": [{ "id": "e-b-1", "editions": ["1"] }] }] }
            """, a);
        Assert.DoesNotContain("e", await StaleAsync());

        await app.WriteAsync("PUT", "/v1/standards/e-b-1", """
            { "scheme": "e-b", "number": "1", "editions": [{ "edition": "1", "effectiveFrom": "2000" }, { "edition": "2", "effectiveFrom": "2020" }] }
            """, b);

        Assert.Contains("e", await StaleAsync());

        async Task<IEnumerable<string?>> StaleAsync() =>
            [.. (await app.GetAsync("/v1/agreements?mapping=stale&party=e-a")).GetProperty("items").EnumerateArray().Select(i => i.Text("code"))];
    }

    [Theory]
    [InlineData("""{ "type": "suspended" }""", "invalid", "effective")]
    [InlineData("""{ "effective": "2026-01-01" }""", "invalid", "type")]
    [InlineData("""{ "type": "vanished", "effective": "2026-01-01" }""", "invalid", "type")]
    [InlineData("""{ "type": "suspended", "effective": "2026-02-30" }""", "invalid", "effective")]
    [InlineData("""{ "type": "suspended", "effective": "2026-01-01", "party": "stranger" }""", "invalid", "party")]
    [InlineData("""{ "type": "contested", "effective": "2026-01-01" }""", "not-possible", "type")]
    [InlineData("""{ "type": "resumed", "effective": "2026-01-01" }""", "not-possible", "type")]
    [InlineData("""{ "type": "suspended", "effective": "2026-01-01", "reason": "a\u0000b" }""", "invalid", "reason")]
    public async Task An_event_that_cannot_be_changes_nothing(string body, string code, string member)
    {
        var (a, b) = await GivenAsync("x");
        using (var existing = await app.Client.GetAsync("/v1/agreements/x"))
        {
            if (!existing.IsSuccessStatusCode)
            {
                await app.WriteAsync("POST", "/v1/agreements", Agreement("x"), a);
                await app.WriteAsync("POST", "/v1/agreements/x/signatures", "{}", b);
            }
        }

        var before = await app.RevisionAsync();
        var problem = await app.RefusedAsync("POST", "/v1/agreements/x/events", body, a, code);
        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.ToString());
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task A_stale_If_Match_loses_to_the_other_writer()
    {
        var (a, b) = await GivenAsync("i");
        var first = (await app.WriteAsync("POST", "/v1/agreements", Agreement("i"), a)).GetProperty("revision").GetInt64();
        var shown = await app.GetAsync("/v1/agreements/i");
        Assert.Equal(first, shown.GetProperty("revision").GetInt64());
        await app.WriteAsync("POST", "/v1/agreements/i/signatures", "{}", b);

        var late = $$"""{ "type": "suspended", "effective": "{{Day(1)}}" }""";
        await app.RefusedAsync("POST", "/v1/agreements/i/events", late, a, "precondition-failed", ("If-Match", $"\"{first}\""));
        using var fresh = await app.Client.SendAsync("POST", "/v1/agreements/i/events", late, a, ("If-Match", $"\"{first}\", \"r{await app.RevisionAsync()}.c9.en.json\""));
        Assert.Equal(System.Net.HttpStatusCode.Created, fresh.StatusCode);
    }

    private static string Day(int later) =>
        DateOnly.FromDateTime(DateTime.UtcNow).AddDays(later).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Agreement(string code, string kind = "bilateral") => $$"""
        { "code": "{{code}}", "title": { "en": "{{code}}" }, "kind": "{{kind}}", "parties": ["{{code}}-a", "{{code}}-b"], "effectiveFrom": "2010-01-01",
          "grants": [{ "id": "a-b", "recogniser": "{{code}}-a", "recognised": "{{code}}-b", "level": "full-product" },
                     { "id": "b-a", "recogniser": "{{code}}-b", "recognised": "{{code}}-a", "level": "full-product" }] }
        """;

    private static string Text(string code, string level, string from) => $$"""
        { "effectiveFrom": "{{from}}", "grants": [{ "id": "a-b", "recogniser": "{{code}}-a", "recognised": "{{code}}-b", "level": "{{level}}" }] }
        """;

    private static IEnumerable<string?> Texts(JsonElement answer, string member) => answer.GetProperty(member).EnumerateArray().Select(t => t.GetString());

    private static IEnumerable<string?> Codes(JsonElement answer, string member) => answer.GetProperty(member).EnumerateArray().Select(t => t.Text("code"));

    /// <summary>Two schemes <c>x-a</c> and <c>x-b</c> with bodies and keys, and a certificate of the second.</summary>
    private async Task<(string A, string B)> GivenAsync(string code)
    {
        var (a, b) = (await app.SchemeAsync(code + "-a"), await app.SchemeAsync(code + "-b"));
        var number = (code + "-b-1").ToUpperInvariant();
        await app.WriteAsync("POST", "/v1/certificates", $$"""{ "scheme": "{{code}}-b", "number": "{{number}}", "validFrom": "2000-01-01", "territories": [] }""", b);
        return (a, b);
    }

    private Task<JsonElement> CheckAsync(string code, string asOf, long? knownAt = null, string? scheme = null) => app.GetAsync(
        $"/v1/check?recognisedBy={code}-a&scheme={scheme ?? code + "-b"}&certificate={(scheme ?? code + "-b").ToUpperInvariant()}-1&asOf={asOf}"
        + (knownAt is null ? "" : $"&knownAt={knownAt}"));

    /// <summary>The answer, and its first reason.</summary>
    private async Task<(string? Answer, string? Reason)> AskAsync(string code, string asOf, long? knownAt = null, string? scheme = null)
    {
        var answer = await CheckAsync(code, asOf, knownAt, scheme);
        return (answer.Text("answer"), Codes(answer, "reasons").FirstOrDefault());
    }
}
