using System.Globalization;
using System.Text.Json;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Tests.Http;
using MediatR;

namespace EcoLabelRegistry.Tests.Agreements;

public sealed class SqliteAgreementParties(EmptySqliteRegistry app) : AgreementPartiesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlAgreementParties(EmptyPostgreSqlRegistry app) : AgreementPartiesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Several bodies with a scheme and a key each, over HTTP: who has to sign, who comes, who leaves, and what that does to the others.</summary>
public abstract class AgreementPartiesTests(RegistryApp app)
{
    private static string Today => Day(0);

    [Fact]
    public async Task A_line_that_an_accession_brings_is_listed_with_where_it_is_known_from()
    {
        var keys = await GivenAsync("l", "abc");
        await AgreeAsync("l", "l", keys, "multilateral", "ab");
        var brought = $$"""
            { "scheme": "l-c", "effective": "{{Today}}", "sources": [{ "title": "The accession" }],
              "grants": [{{Line("l", "ca")}}, { "id": "ac", "recogniser": "l-a", "recognised": "l-c", "level": "audit", "sources": [{ "title": "Its own" }] }] }
            """;
        await SignAsync("l", (await app.WriteAsync("POST", "/v1/agreements/l/accessions", brought, keys['c'])).Text("textHash"), keys['a'], keys['b']);

        var rows = (await app.GetAsync($"/v1/recognitions?asOf={Today}")).GetProperty("items").EnumerateArray().Where(r => r.Text("agreement") == "l").ToList();

        Assert.Equal(
            [("ac", "Its own"), ("ca", "The accession")],
            rows.Select(r => (r.Text("grant")!, Assert.Single(r.Texts("sources", "title"))!)).Order());
        foreach (var page in new[] { "/labels/l-c", "/tender?recogniser=l-c" })
        {
            using var answer = await app.Client.GetAsync(page);
            Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_party_of_several_ends_only_its_own_part_of_what_is_in_force_for_whatever_day()
    {
        var keys = await GivenAsync("e", "abc");
        await AgreeAsync("e", "e", keys, "multilateral", "abc", Line("e", "ab"), Line("e", "cb"));

        await EventAsync("e", "terminated", "2009-12-31", keys['c']);
        Assert.Equal(("yes", null), await AskAsync("e", "ab"));
        Assert.Equal(("no", "party-withdrawn"), await AskAsync("e", "cb"));
        Assert.Equal("in-force", (await app.GetAsync("/v1/agreements/e")).Text("standing"));

        await AgreeAsync("e2", "e", keys, "multilateral", "abc", Line("e", "ab"), Line("e", "cb"));
        await EventAsync("e2", "withdrawn", "2020-01-01", keys['c']);
        await EventAsync("e2", "terminated", "2009-01-01", keys['c']);
        Assert.Equal("in-force", (await app.GetAsync("/v1/agreements/e2")).Text("standing"));
    }

    [Fact]
    public async Task A_proposal_to_several_and_what_is_not_in_force_yet_is_rejected_by_one_for_all()
    {
        var keys = await GivenAsync("r", "abc");
        await app.WriteAsync("POST", "/v1/agreements", Text("r", "r", "multilateral", "abc", "2010-01-01", Line("r", "ab")), keys['a']);
        await EventAsync("r", "terminated", Today, keys['c']);
        Assert.Equal("terminated", (await app.GetAsync("/v1/agreements/r")).Text("standing"));
        await app.RefusedAsync("POST", "/v1/agreements/r/signatures", "{}", keys['b'], "not-possible");

        await app.WriteAsync("POST", "/v1/agreements", Text("r2", "r", "multilateral", "abc", Day(9), Line("r", "ab")), keys['a']);
        await SignAsync("r2", null, keys['b'], keys['c']);
        await EventAsync("r2", "terminated", Day(3), keys['c']);
        Assert.Equal("not-yet-effective", (await app.GetAsync($"/v1/agreements/r2?asOf={Day(2)}")).Text("standing"));
        Assert.Equal("terminated", (await app.GetAsync($"/v1/agreements/r2?asOf={Day(10)}")).Text("standing"));
    }

    [Fact]
    public async Task Who_has_given_notice_is_a_party_until_then_and_signs()
    {
        var keys = await GivenAsync("n", "abc");
        await AgreeAsync("n", "n", keys, "multilateral", "abc", Line("n", "ab"), Line("n", "cb"));
        await EventAsync("n", "withdrawn", Day(100), keys['a']);

        var amended = await app.WriteAsync("POST", "/v1/agreements/n/amendments", Amendment("n", Day(1), Line("n", "cb")), keys['b']);
        Assert.Equal(["n-a", "n-c"], Strings(amended, "awaits"));
        await SignAsync("n", amended.Text("textHash"), keys['c']);
        Assert.Equal(("yes", null), await AskAsync("n", "ab", Day(1)));

        // Whoever was a party on the first day of a text is bound by it from then on.
        var past = await app.WriteAsync("POST", "/v1/agreements/n/amendments", Amendment("n", "2020-01-01", Line("n", "ab"), Line("n", "cb")), keys['b']);
        Assert.Equal(["n-a", "n-c"], Strings(past, "awaits"));

        await AgreeAsync("n2", "n", keys, "bilateral", "ab", Line("n", "ab"));
        await EventAsync("n2", "terminated", Day(100), keys['a']);
        Assert.Equal(["n-a"], Strings(await app.WriteAsync("POST", "/v1/agreements/n2/amendments", Amendment("n", Day(1)), keys['b']), "awaits"));

        var d = await app.SchemeAsync("n-d");
        Assert.Equal(["n-a", "n-b", "n-c"], Strings(await app.WriteAsync("POST", "/v1/agreements/n/accessions", $$"""{ "scheme": "n-d", "effective": "{{Day(1)}}" }""", d), "awaits"));
    }

    [Fact]
    public async Task What_a_returning_party_brings_counts_from_its_return_once_all_have_signed()
    {
        var keys = await GivenAsync("h", "abd");
        await AgreeAsync("h", "h", keys, "multilateral", "abd", Line("h", "ab"));
        await EventAsync("h", "withdrawn", Day(-20), keys['d']);
        var back = await app.WriteAsync(
            "POST", "/v1/agreements/h/accessions", $$"""{ "scheme": "h-d", "effective": "{{Day(-10)}}", "grants": [{{Line("h", "db")}}] }""", keys['d']);
        Assert.Equal("no", (await AskAsync("h", "db", Day(-30))).Answer); // a party then, but the line is of its return
        Assert.Equal("no", (await AskAsync("h", "db")).Answer);

        await SignAsync("h", back.Text("textHash"), keys['a'], keys['b']);
        Assert.Equal(("yes", null), await AskAsync("h", "db"));
        Assert.Equal(("yes", null), await AskAsync("h", "db", Day(-10)));
        Assert.Equal("no", (await AskAsync("h", "db", Day(-11))).Answer);
        Assert.Equal("no", (await AskAsync("h", "db", Day(-30))).Answer);
        Assert.Equal(["ab", "db"], (await app.GetAsync("/v1/agreements/h")).Texts("grants", "id"));

        // A later text says anew what the accession said.
        var amended = await app.WriteAsync("POST", "/v1/agreements/h/amendments", Amendment("h", Day(1), Line("h", "ab")), keys['a']);
        await SignAsync("h", amended.Text("textHash"), keys['b'], keys['d']);
        Assert.Equal(("yes", null), await AskAsync("h", "db"));
        Assert.Equal("no", (await AskAsync("h", "db", Day(1))).Answer);
    }

    [Fact]
    public async Task Who_leaves_holds_up_neither_an_accession_nor_an_amendment_that_will_not_bind_it()
    {
        var keys = await GivenAsync("w", "abcd");
        await AgreeAsync("w", "w", keys, "multilateral", "abc", Line("w", "ab"));
        var asked = await app.WriteAsync(
            "POST", "/v1/agreements/w/accessions", $$"""{ "scheme": "w-d", "effective": "{{Day(-30)}}", "grants": [{{Line("w", "db")}}] }""", keys['d']);
        var amended = await app.WriteAsync("POST", "/v1/agreements/w/amendments", Amendment("w", Day(-5), Line("w", "ab", "evidence")), keys['a']);
        var earlier = await app.WriteAsync("POST", "/v1/agreements/w/amendments", Amendment("w", Day(-15), Line("w", "ab", "audit")), keys['a']);
        await SignAsync("w", asked.Text("textHash"), keys['a'], keys['b']);
        await SignAsync("w", amended.Text("textHash"), keys['b']);
        Assert.Equal("no", (await AskAsync("w", "db")).Answer);

        // What it would change is told before.
        var happened = new AgreementEventBody(AgreementEventType.Withdrawn, DateOnly.FromDateTime(DateTime.UtcNow).AddDays(-10), null, "w-c");
        var foreseen = await app.WithAsync<ForeseeAct, Foreseen>(f => f.OfAsync(new RecordAgreementEvent.Request("w", happened, Actor.OfBody("w-c")), "w", CancellationToken.None));
        Assert.Contains(foreseen.Differences, d => d.Start.Any(g => g.Id == "db"));
        Assert.Contains(foreseen.Differences, d => d.Change.Any(g => g is { Id: "ab", Level: Level.Evidence }));

        await EventAsync("w", "withdrawn", Day(-10), keys['c']);
        Assert.Equal(("yes", null), await AskAsync("w", "db"));
        Assert.Equal("partly", (await AskAsync("w", "ab")).Answer);
        var shown = await app.GetAsync("/v1/agreements/w");
        Assert.Empty(Strings(shown.GetProperty("accessions")[0], "awaits"));

        // On the first day of this one it was still a party.
        Assert.Equal(["w-b", "w-c"], Strings(shown.GetProperty("texts").EnumerateArray().Single(t => t.Text("textHash") == earlier.Text("textHash")), "awaits"));
        await app.RefusedAsync("POST", "/v1/agreements/w/signatures", $$"""{ "textHash": "{{amended.Text("textHash")}}" }""", keys['c'], "not-possible");
    }

    [Fact]
    public async Task A_line_with_a_party_that_leaves_needs_its_word_for_the_days_before()
    {
        var keys = await GivenAsync("k", "abcd");
        await AgreeAsync("k", "k", keys, "multilateral", "abc", Line("k", "ab"));
        var asked = await app.WriteAsync(
            "POST", "/v1/agreements/k/accessions", $$"""{ "scheme": "k-d", "effective": "{{Day(-30)}}", "grants": [{{Line("k", "cd")}}] }""", keys['d']);
        await EventAsync("k", "withdrawn", Day(-10), keys['c']);
        await SignAsync("k", asked.Text("textHash"), keys['a'], keys['b']);
        Assert.Equal(["k-c"], Strings((await app.GetAsync("/v1/agreements/k")).GetProperty("accessions")[0], "awaits"));

        // Its scheme sends another in its place, with the same id.
        var again = await app.WriteAsync(
            "POST", "/v1/agreements/k/accessions",
            $$"""{ "scheme": "k-d", "effective": "{{Day(-5)}}", "grants": [{ "id": "cd", "recogniser": "k-d", "recognised": "k-b", "level": "full-product" }] }""", keys['d']);
        Assert.Equal(["k-a", "k-b"], Strings(again, "awaits"));
        await app.RefusedAsync("POST", "/v1/agreements/k/signatures", $$"""{ "textHash": "{{asked.Text("textHash")}}" }""", keys['c'], "not-possible");
        await SignAsync("k", again.Text("textHash"), keys['a'], keys['b']);
        Assert.Equal(("yes", null), await AskAsync("k", "db"));
        Assert.Equal([again.Text("textHash")], (await app.GetAsync("/v1/agreements/k")).Texts("accessions", "textHash"));
    }

    [Fact]
    public async Task A_body_with_two_parties_amends_by_the_one_that_is_there()
    {
        var keys = await GivenAsync("o", "ab");
        await app.WriteAsync("PUT", "/v1/schemes/o-second", """{ "body": "o-a", "names": { "en": "o-second" } }""", keys['a']);
        await app.WriteAsync("POST", "/v1/agreements", """
            { "code": "o", "title": { "en": "o" }, "kind": "multilateral", "parties": ["o-a", "o-second", "o-b"], "effectiveFrom": "2010-01-01" }
            """, keys['a']);
        await SignAsync("o", null, keys['b']);
        await app.WriteAsync("POST", "/v1/agreements/o/events", """{ "type": "withdrawn", "effective": "2020-01-01", "party": "o-a" }""", keys['a']);

        var acts = await app.WithAsync<IMediator, IReadOnlyList<ListActs.Row>>(m => m.Send(new ListActs.Request("o", Actor.OfBody("o-a"))));
        Assert.Equal(["o-second"], acts.Single(a => a.Act == AgreementAct.Amend).Schemes);
        Assert.Equal(["o-b"], Strings(await app.WriteAsync("POST", "/v1/agreements/o/amendments", Amendment("o", Day(1)), keys['a']), "awaits"));

        await app.WriteAsync("POST", "/v1/agreements/o/events", """{ "type": "withdrawn", "effective": "2021-01-01", "party": "o-second" }""", keys['a']);
        await app.RefusedAsync("POST", "/v1/agreements/o/amendments", Amendment("o", Day(2)), keys['a'], "not-possible");
    }

    [Fact]
    public async Task Who_leaves_on_a_day_comes_back_on_a_later_one()
    {
        var keys = await GivenAsync("s", "abd");
        await AgreeAsync("s", "s", keys, "multilateral", "abd", Line("s", "ab"), Line("s", "db"));
        await EventAsync("s", "withdrawn", Day(-20), keys['d']);

        var problem = await app.RefusedAsync("POST", "/v1/agreements/s/accessions", $$"""{ "scheme": "s-d", "effective": "{{Day(-20)}}" }""", keys['d'], "not-possible");
        Assert.StartsWith("Leaves on", problem.Errors("scheme"), StringComparison.Ordinal);
        await app.RefusedAsync("POST", "/v1/agreements/s/accessions", $$"""{ "scheme": "s-d", "effective": "{{Day(-21)}}" }""", keys['d'], "not-possible");
        var back = await app.WriteAsync("POST", "/v1/agreements/s/accessions", $$"""{ "scheme": "s-d", "effective": "{{Day(-19)}}" }""", keys['d']);
        await SignAsync("s", back.Text("textHash"), keys['a'], keys['b']);
        Assert.Equal(("no", "party-withdrawn"), await AskAsync("s", "db", Day(-20)));
        Assert.Equal(("yes", null), await AskAsync("s", "db", Day(-19)));
    }

    [Fact]
    public async Task What_all_parties_have_confirmed_is_theirs_and_the_registrar_does_nothing_to_it_any_more()
    {
        var keys = await GivenAsync("t", "ab");
        await app.WriteAsync("POST", "/v1/agreements", Attested("t"));
        await app.RefusedAsync("POST", "/v1/agreements/t/events", Event("contested", Today), Writing.RegistrarKey, "not-possible");
        await app.RefusedAsync("POST", "/v1/agreements/t/events", Event("contested", Today, "t-a"), Writing.RegistrarKey, "not-possible");
        await SignAsync("t", null, keys['a']);

        // Confirmed or contested: each party one of the two.
        await app.RefusedAsync("POST", "/v1/agreements/t/events", Event("contested", Today), keys['a'], "not-possible");
        await EventAsync("t", "contested", Today, keys['b']);
        await EventAsync("t", "suspended", Day(-5), Writing.RegistrarKey);
        await EventAsync("t", "resumed", Day(-4), Writing.RegistrarKey);
        await SignAsync("t", null, keys['b']);
        Assert.False((await app.GetAsync("/v1/agreements/t")).GetProperty("attested").GetBoolean());

        foreach (var (type, party) in new[] { ("suspended", null), ("suspended", "t-a"), ("contested", null), ("contested", "t-b"), ("terminated", null), ("terminated", "t-b") })
        {
            await app.RefusedAsync("POST", "/v1/agreements/t/events", Event(type, Today, party), Writing.RegistrarKey, "not-possible");
        }

        await app.RefusedAsync("POST", "/v1/agreements/t/events", Event("contested", Today), keys['b'], "not-possible");
        Assert.Empty(await app.WithAsync<IMediator, IReadOnlyList<ListActs.Row>>(m => m.Send(new ListActs.Request("t", Actor.Registrar))));
        await EventAsync("t", "terminated", Today, keys['b']);
    }

    [Fact]
    public async Task What_is_over_is_still_confirmed_and_nothing_else_is_signed()
    {
        var keys = await GivenAsync("v", "ab");
        await app.WriteAsync("POST", "/v1/agreements", Attested("v"));
        var amended = await app.WriteAsync("POST", "/v1/agreements/v/amendments", Amendment("v", Day(1), Line("v", "ab")), keys['b']);
        await EventAsync("v", "terminated", "2015-01-01", Writing.RegistrarKey);

        await app.RefusedAsync("POST", "/v1/agreements/v/signatures", $$"""{ "textHash": "{{amended.Text("textHash")}}" }""", keys['a'], "not-possible");
        var first = (await app.GetAsync("/v1/agreements/v")).GetProperty("texts")[0].Text("textHash");
        var acts = await app.WithAsync<IMediator, IReadOnlyList<ListActs.Row>>(m => m.Send(new ListActs.Request("v", Actor.OfBody("v-a"))));
        Assert.Equal([first], acts.Where(a => a.Act == AgreementAct.Sign).Select(a => a.TextHash));
        await SignAsync("v", first, keys['a'], keys['b']);

        var shown = await app.GetAsync("/v1/agreements/v");
        Assert.Equal(("terminated", false), (shown.Text("standing"), shown.GetProperty("attested").GetBoolean()));
    }

    [Fact]
    public async Task Two_are_two_and_an_id_of_a_line_stands_once_beside_what_waits_too()
    {
        var keys = await GivenAsync("u", "abc");
        Assert.NotEmpty((await app.RefusedAsync("POST", "/v1/agreements", Text("u3", "u", "bilateral", "abc", "2010-01-01"), keys['a'], "invalid")).Errors("parties"));
        await app.WriteAsync("POST", "/v1/agreements", Text("u1", "u", "bilateral", "a", "2010-01-01"), keys['a']);

        await AgreeAsync("u", "u", keys, "multilateral", "ab", Line("u", "ab"));
        var waiting = $$"""{ "scheme": "u-c", "effective": "{{Today}}", "grants": [{{Line("u", "cb")}}] }""";
        var asked = await app.WriteAsync("POST", "/v1/agreements/u/accessions", waiting, keys['c']);
        await app.RefusedAsync("POST", "/v1/agreements/u/accessions", waiting, keys['c'], "taken");
        var same = Amendment("u", Day(1), """{ "id": "cb", "recogniser": "u-a", "recognised": "u-b", "level": "audit" }""");
        Assert.NotEmpty((await app.RefusedAsync("POST", "/v1/agreements/u/amendments", same, keys['a'], "invalid")).Errors("grants[0].id"));

        // Once it stands, a text says anew what it said.
        await SignAsync("u", asked.Text("textHash"), keys['a'], keys['b']);
        var amended = await app.WriteAsync("POST", "/v1/agreements/u/amendments", Amendment("u", Day(1), Line("u", "ab"), Line("u", "cb", "audit")), keys['a']);
        await SignAsync("u", amended.Text("textHash"), keys['b'], keys['c']);
        Assert.Equal(["ab full-product", "cb audit"], (await app.GetAsync($"/v1/agreements/u?asOf={Day(1)}")).GetProperty("grants").EnumerateArray().Select(g => $"{g.Text("id")} {g.Text("level")}"));
    }

    private static string Day(int later) =>
        DateOnly.FromDateTime(DateTime.UtcNow).AddDays(later).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A line between two schemes of a letter each, with the two as its id.</summary>
    private static string Line(string prefix, string pair, string level = "full-product") =>
        $$"""{ "id": "{{pair}}", "recogniser": "{{prefix}}-{{pair[0]}}", "recognised": "{{prefix}}-{{pair[1]}}", "level": "{{level}}" }""";

    private static string Text(string code, string prefix, string kind, string parties, string from, params string[] lines) => $$"""
        { "code": "{{code}}", "title": { "en": "{{code}}" }, "kind": "{{kind}}", "parties": [{{string.Join(", ", parties.Select(p => $"\"{prefix}-{p}\""))}}],
          "effectiveFrom": "{{from}}", "grants": [{{string.Join(", ", lines)}}] }
        """;

    private static string Attested(string prefix) => Text(prefix, prefix, "bilateral", "ab", "2010-01-01", Line(prefix, "ab"))
        .Replace("\"kind\"", """ "attested": true, "sources": [{ "title": "A report" }], "kind" """, StringComparison.Ordinal);

    private static string Amendment(string prefix, string from, params string[] lines) =>
        $$"""{ "title": { "en": "{{prefix}}, again" }, "effectiveFrom": "{{from}}", "grants": [{{string.Join(", ", lines)}}] }""";

    private static string Event(string type, string effective, string? party = null) =>
        $$"""{ "type": "{{type}}", "effective": "{{effective}}", "party": {{(party is null ? "null" : $"\"{party}\"")}} }""";

    private static IEnumerable<string?> Strings(JsonElement answer, string member) => answer.GetProperty(member).EnumerateArray().Select(t => t.GetString());

    /// <summary>A body, a scheme and a certificate for each letter, and their keys.</summary>
    private async Task<Dictionary<char, string>> GivenAsync(string prefix, string letters)
    {
        var keys = new Dictionary<char, string>();
        foreach (var letter in letters)
        {
            keys[letter] = await app.SchemeAsync($"{prefix}-{letter}");
            await app.WriteAsync("POST", "/v1/certificates", $$"""{ "scheme": "{{prefix}}-{{letter}}", "number": "1", "validFrom": "2000-01-01", "territories": [] }""", keys[letter]);
        }

        return keys;
    }

    /// <summary>An agreement in force since 2010, proposed by the first party and signed by the others.</summary>
    private async Task AgreeAsync(string code, string prefix, Dictionary<char, string> keys, string kind, string parties, params string[] lines)
    {
        await app.WriteAsync("POST", "/v1/agreements", Text(code, prefix, kind, parties, "2010-01-01", lines), keys[parties[0]]);
        await SignAsync(code, null, [.. parties.Skip(1).Select(p => keys[p])]);
    }

    private async Task SignAsync(string agreement, string? hash, params string[] keys)
    {
        foreach (var key in keys)
        {
            await app.WriteAsync("POST", $"/v1/agreements/{agreement}/signatures", hash is null ? "{}" : $$"""{ "textHash": "{{hash}}" }""", key);
        }
    }

    private async Task EventAsync(string agreement, string type, string effective, string key) =>
        await app.WriteAsync("POST", $"/v1/agreements/{agreement}/events", Event(type, effective), key);

    /// <summary>What the first of a pair answers for the certificate of the second, and its first reason.</summary>
    private async Task<(string? Answer, string? Reason)> AskAsync(string prefix, string pair, string? asOf = null)
    {
        var answer = await app.GetAsync($"/v1/check?recognisedBy={prefix}-{pair[0]}&scheme={prefix}-{pair[1]}&certificate=1&asOf={asOf ?? Today}");
        return (answer.Text("answer"), answer.Texts("reasons", "code").FirstOrDefault());
    }
}
