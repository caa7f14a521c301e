using System.Globalization;
using System.Net;
using System.Text.Json;
using EcoLabelRegistry.Tests.Objections;

namespace EcoLabelRegistry.Tests.Pages;

public sealed class SqliteAgreementPages(EmptySqliteRegistry app) : AgreementPagesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlAgreementPages(EmptyPostgreSqlRegistry app) : AgreementPagesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>An agreement is drafted, signed, suspended, amended and ended at the pages, and each step says before what it changes.</summary>
public abstract class AgreementPagesTests(RegistryApp app)
{
    private static readonly string Today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static readonly string Tomorrow = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_draft_is_looked_at_proposed_and_signed_by_the_other_and_then_counts()
    {
        var (one, other) = await TwoAsync("dra", "drb", certificates: 3);
        using var _ = one;
        using var __ = other;
        var before = await app.RevisionAsync();

        var look = await PageAsync(one, "/draft", "/draft", Draft("dra-drb", "dra", "drb"));
        Assert.Contains("Nothing changes until these have signed as well: drb.", look, StringComparison.Ordinal);
        Assert.Contains("From 1 January 2024 on, grants that start counting: 2 (dra accepts drb: 1; drb accepts dra: 1).", look, StringComparison.Ordinal);
        Assert.Contains("Valid certificates of drb on", look, StringComparison.Ordinal);
        Assert.Contains("asked of dra: 3, of which 3 get another answer.", look, StringComparison.Ordinal);
        Assert.Contains("No → Yes: 3", look, StringComparison.Ordinal);
        Assert.Contains("asked of drb: 0, of which 0 get another answer.", look, StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/v1/agreements/dra-drb")).StatusCode);

        using var proposed = await one.SendAsync("/draft", "/draft", Forms.FieldsIn(look).With(("step", "confirm")));
        Assert.Equal("/agreements/dra-drb", proposed.Headers.Location?.OriginalString);
        Assert.Contains("Still awaited: drb.", await one.ReadAsync("/agreements/dra-drb"), StringComparison.Ordinal);
        Assert.Equal("no", await AnswerAsync("dra", "drb"));

        var page = await other.ReadAsync("/agreements/dra-drb");
        var hash = (await app.GetAsync("/v1/agreements/dra-drb")).GetProperty("textHash").GetString()!;
        Assert.Contains($"/agreements/dra-drb/sign?text={hash}", page, StringComparison.Ordinal);
        var read = await other.ReadAsync($"/agreements/dra-drb/sign?text={hash}");
        Assert.Contains(hash, read, StringComparison.Ordinal);
        Assert.Contains("grants that start counting: 2", read, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing changes until", read, StringComparison.Ordinal);
        using var signed = await other.SendAsync("/draft", $"/agreements/dra-drb/sign?text={hash}", Forms.FieldsIn(read).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.Redirect, signed.StatusCode);
        Assert.Equal("yes", await AnswerAsync("dra", "drb"));
        Assert.DoesNotContain("/sign?", await other.ReadAsync("/agreements/dra-drb"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_party_suspends_from_tomorrow_and_is_told_before_what_stops()
    {
        var (one, other) = await TwoAsync("sua", "sub", certificates: 2);
        using var _ = one;
        using var __ = other;
        await AgreeAsync("sua", "sub");
        await app.WriteAsync("PUT", "/v1/policies/su-town", """{ "authority": "Town", "names": { "en": "The town's rule" }, "accepts": [{ "recognisedBy": "sua" }] }""");
        const string Address = "/agreements/sua-sub/suspend";
        var before = await app.RevisionAsync();

        var look = await PageAsync(other, Address, Address, Forms.FieldsIn(await other.ReadAsync(Address)).With(("effective", Tomorrow), ("reason", "audits"), ("step", "look")));
        Assert.Contains(" on, grants that stop counting: 2 (", look, StringComparison.Ordinal);
        Assert.Contains("asked of sua: 2, of which 2 get another answer.", look, StringComparison.Ordinal);
        Assert.Contains("Yes → No: 2", look, StringComparison.Ordinal);
        Assert.Contains("asked of The town&#x27;s rule: 2, of which 2 get another answer.", look, StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());

        using var done = await other.SendAsync(Address, Address, Forms.FieldsIn(look).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        Assert.Equal("yes", await AnswerAsync("sua", "sub"));
        Assert.Equal("no", await AnswerAsync("sua", "sub", Tomorrow));
        Assert.Contains($"Recorded: suspended, from {Said(Tomorrow)}.", await other.ReadAsync("/agreements/sua-sub"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_confirms_confirms_what_he_looked_at()
    {
        var (one, other) = await TwoAsync("sea", "seb");
        using var _ = one;
        using var __ = other;
        await AgreeAsync("sea", "seb");
        const string Address = "/agreements/sea-seb/terminate";
        var look = await PageAsync(one, Address, Address, Forms.FieldsIn(await one.ReadAsync(Address)).With(("effective", Today), ("reason", "typed <b>so</b>"), ("step", "look")));
        await app.WriteAsync("POST", "/v1/agreements/sea-seb/events", $$"""{ "type": "suspended", "effective": "{{Today}}" }""", await app.KeyOfAsync("seb"));

        using var stale = await one.SendAsync(Address, Address, Forms.FieldsIn(look).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Contains("typed &lt;b&gt;so&lt;/b&gt;", await stale.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("withdraw")]
    [InlineData("terminate")]
    [InlineData("contest")]
    [InlineData("amend")]
    [InlineData("sign")]
    public async Task A_stranger_sees_no_button_and_is_refused_when_he_sends_by_hand(string act)
    {
        var (one, other) = await TwoAsync("sta", "stb");
        using var _ = one;
        using var __ = other;
        await AgreeAsync("sta", "stb");
        var hash = (await app.GetAsync("/v1/agreements/sta-stb")).GetProperty("textHash").GetString()!;
        using var stranger = new Person(app);
        await stranger.SignInAsync(await app.SchemeAsync("stranger"));
        var before = await app.RevisionAsync();

        Assert.DoesNotContain("class=\"acts", await stranger.ReadAsync("/agreements/sta-stb"), StringComparison.Ordinal);
        Assert.Contains("class=\"acts", await one.ReadAsync("/agreements/sta-stb"), StringComparison.Ordinal);
        using var looked = await stranger.RequestAsync("GET", $"/agreements/sta-stb/{act}?text={hash}", null);
        Assert.Equal(HttpStatusCode.Forbidden, looked.StatusCode);
        foreach (var step in new[] { "look", "confirm" })
        {
            using var sent = await stranger.SendAsync(
                "/", $"/agreements/sta-stb/{act}?text={hash}", ("effective", Today), ("effectiveFrom", Today), ("text", hash), ("step", step));
            Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
            Assert.Contains("text/html", sent.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task A_session_that_has_ended_loses_nothing_of_a_draft()
    {
        var (one, other) = await TwoAsync("exa", "exb");
        using var _ = one;
        using var __ = other;
        using var nobody = new Person(app);
        using var led = await nobody.RequestAsync("GET", "/draft", null);
        Assert.Equal("/sign-in?to=%2Fdraft", led.Headers.Location?.OriginalString);

        var typed = Draft("exa-exb", "exa", "exb").With(
            ("title.zh", "关于涂料的协议"), ("grants[0].conditions[0].code", "ask"), ("grants[0].conditions[0].message.en", "An hour's \"work\""), ("notes", "line one\nline two"));
        using var asked = await nobody.SendAsync("/sign-in", "/draft", typed);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        var page = await asked.Content.ReadAsStringAsync();
        Assert.Contains("id=\"f-key\"", page, StringComparison.Ordinal);
        var kept = Forms.FieldsIn(page);
        Assert.All(typed.Where(f => f.Name != "step"), field => Assert.Contains(field, kept));

        using var wrong = await nobody.SendAsync("/sign-in", "/draft", kept.With(("key", "elr_wrong"), ("step", "look")));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Contains("id=\"f-key-fault\"", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var look = await PageAsync(nobody, "/sign-in", "/draft", kept.With(("key", await app.KeyOfAsync("exa")), ("step", "look")));
        Assert.Contains("An hour&#x27;s &quot;work&quot;", look, StringComparison.Ordinal);
        Assert.DoesNotContain("elr_", look, StringComparison.Ordinal);
        using var done = await nobody.SendAsync("/draft", "/draft", Forms.FieldsIn(look).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        var agreement = await app.GetAsync("/v1/agreements/exa-exb");
        Assert.Equal("关于涂料的协议", agreement.GetProperty("title").GetProperty("zh").GetString());
        Assert.Equal("An hour's \"work\"", agreement.GetProperty("grants")[0].GetProperty("conditions")[0].GetProperty("message").GetProperty("en").GetString());
    }

    [Theory]
    [InlineData("code", "Not A Code", "code", 400)]
    [InlineData("kind", "", "kind", 400)]
    [InlineData("parties[1]", "", "parties[0]", 400)]
    [InlineData("parties[1]", "nobody", "parties[1]", 422)]
    [InlineData("effectiveFrom", "yesterday", "effectiveFrom", 400)]
    [InlineData("effectiveUntil", "2020-01-01", "effectiveUntil", 400)]
    [InlineData("title.en", "", "title.en", 400)]
    [InlineData("grants[3].level", "", "grants[3].level", 400)]
    [InlineData("grants[3].level", "utterly", "grants[3].level", 400)]
    [InlineData("grants[3].recognised", "nobody", "grants[3].recognised", 422)]
    [InlineData("grants[3].standards", "faa-1\nno-such-standard | 1", "grants[3].standards", 422)]
    [InlineData("grants[3].standards", "faa-1 | 9", "grants[3].standards", 422)]
    [InlineData("grants[3].categories", "no-such-category", "grants[3].categories", 422)]
    [InlineData("grants[3].conditions[2].message.en", "no code", "grants[3].conditions[2].code", 400)]
    [InlineData("grants[3].onward.maxHops", "7", "grants[3].onward.maxHops", 400)]
    [InlineData("reservations", "nobody | paint", "reservations", 400)]
    public async Task What_is_wrong_is_said_beside_its_field(string field, string value, string beside, int status)
    {
        var (one, other) = await TwoAsync("faa", "fab");
        using var _ = one;
        using var __ = other;
        await app.WriteAsync("PUT", "/v1/standards/faa-1", """{ "scheme": "faa", "number": "1", "editions": [{ "edition": "1" }] }""");
        var draft = Draft("faa-fab", "faa", "fab").Select(f => (f.Name.Replace("grants[1]", "grants[3]", StringComparison.Ordinal), f.Value)).With((field, value));
        foreach (var step in new[] { "look", "confirm" })
        {
            using var answer = await one.SendAsync("/draft", "/draft", draft.With(("step", step)));
            var page = await answer.Content.ReadAsStringAsync();
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Contains($"id=\"{EcoLabelRegistry.Pages.FormField.IdOf(beside)}-fault\"", page, StringComparison.Ordinal);
            Assert.Contains("id=\"wrong\"", page, StringComparison.Ordinal);
            if (value is not ("nobody" or "utterly" or "7" or "no-such-category"))
            {
                Assert.Contains((field, value), Forms.FieldsIn(page)); // what is no choice cannot be chosen again
            }
        }

        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/v1/agreements/faa-fab")).StatusCode);
    }

    [Fact]
    public async Task The_summary_of_faults_calls_each_field_what_the_page_calls_it()
    {
        var (one, other) = await TwoAsync("sfa", "sfb");
        using var _ = one;
        using var __ = other;
        var empty = Forms.FieldsIn(await one.ReadAsync("/draft")).With(("parties[0]", "")).ToList();
        var summary = await SummaryAsync("/draft", [.. empty, ("step", "look")]);
        Assert.Contains("<a href=\"#f-title-en\">Title in English</a>: This is required.", summary, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#f-parties-0\">Party 1</a>: ", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("Line ", summary, StringComparison.Ordinal); // nobody began one

        var begun = empty.With(("grants[1].recogniser", "sfa"), ("grants[1].conditions[0].message.en", "Ask."), ("step", "look"));
        summary = await SummaryAsync("/draft", begun);
        Assert.Contains("<a href=\"#f-grants-1-recognised\">Line 2, Recognised</a>: ", summary, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#f-grants-1-conditions-0-code\">Line 2, Condition 1, Code</a>: ", summary, StringComparison.Ordinal);
        Assert.True(summary.IndexOf("Party 1", StringComparison.Ordinal) < summary.IndexOf("Line 2", StringComparison.Ordinal), "in the order of the page");
        Assert.DoesNotContain("Line 1", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("Id of the line", summary, StringComparison.Ordinal); // it is made

        summary = await SummaryAsync("/draft?lang=zh-Hans", begun);
        Assert.Contains("条款 2，认可方</a>：", await SummaryAsync("/draft", empty.With(("grants[1].recognised", "sfa"), ("step", "look"))), StringComparison.Ordinal);
        Assert.Contains("英文标题</a>：", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("<code>", summary, StringComparison.Ordinal);

        async Task<string> SummaryAsync(string address, (string, string)[] fields)
        {
            using var answer = await one.SendAsync("/draft", address, fields);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var page = await answer.Content.ReadAsStringAsync();
            return page[page.IndexOf("id=\"wrong\"", StringComparison.Ordinal)..].Split("</section>")[0];
        }
    }

    [Fact]
    public async Task A_line_that_nobody_filled_in_is_none_and_a_fault_in_a_folded_part_unfolds_it()
    {
        var (one, other) = await TwoAsync("owa", "owb");
        using var _ = one;
        using var __ = other;
        var oneWay = Draft("owa-owb", "owa", "owb").Select(f => f.Name.StartsWith("grants[0].", StringComparison.Ordinal) ? (f.Name, "") : f).ToArray();
        using var wrong = await one.SendAsync("/draft", "/draft", oneWay.With(("grants[1].from", "soon"), ("grants[1].id", "")));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var page = await wrong.Content.ReadAsStringAsync();
        Assert.Contains("id=\"f-grants-1-from-fault\"", page, StringComparison.Ordinal); // the line as it stands in the form, not as it stands among those sent
        Assert.DoesNotContain("<details", page[..page.IndexOf("id=\"f-grants-1-from\"", StringComparison.Ordinal)].Split("<details open=\"open\">")[^1], StringComparison.Ordinal);

        var look = await PageAsync(one, "/draft", "/draft", oneWay.With(("grants[1].id", "")));
        Assert.Contains("grants that start counting: 1 (owb accepts owa: 1)", look, StringComparison.Ordinal);
        using var proposed = await one.SendAsync("/draft", "/draft", Forms.FieldsIn(look).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.Redirect, proposed.StatusCode);
        Assert.Equal("owb-accepts-owa", Assert.Single((await app.GetAsync("/v1/agreements/owa-owb")).GetProperty("texts")[0].GetProperty("grants").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_switch_of_language_keeps_what_was_typed_before_anything_was_sent()
    {
        var (one, other) = await TwoAsync("lfa", "lfb");
        using var _ = one;
        using var __ = other;
        await AgreeAsync("lfa", "lfb");
        foreach (var (address, field, value) in new[]
        {
            ("/draft", "code", "typed-just-now"), ("/agreements/lfa-lfb/amend", "title.zh", "刚输入的标题"), ("/agreements/lfa-lfb/suspend", "reason", "typed just now"),
            ("/objections/new", "text", "Typed just now."), ("/sign-in", "key", "elr_typed"), ("/my-register/lfa", "maxWithdraw", "7"),
        })
        {
            using var person = new Person(app);
            if (address != "/sign-in")
            {
                await person.SignInAsync(await app.KeyOfAsync("lfa"));
            }

            var fresh = await person.ReadAsync(address);
            using var switched = await person.SendAsync(address, Forms.SwitchIn(fresh, "zh-Hans", out var pressed), Forms.FieldsIn(fresh).With((field, value), pressed));
            Assert.Equal(HttpStatusCode.OK, switched.StatusCode);
            var chinese = await switched.Content.ReadAsStringAsync();
            Assert.Contains("<html lang=\"zh-Hans\"", chinese, StringComparison.Ordinal);
            Assert.DoesNotContain("id=\"wrong\"", chinese, StringComparison.Ordinal);
            if (field != "key")
            {
                Assert.Contains((field, value), Forms.FieldsIn(chinese)); // a key is never sent back
            }
        }

        Assert.DoesNotContain("formaction", await one.ReadAsync("/agreements/lfa-lfb"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_switch_of_language_keeps_a_draft_and_what_was_looked_at()
    {
        var (one, other) = await TwoAsync("lsa", "lsb");
        using var _ = one;
        using var __ = other;
        var before = await app.RevisionAsync();
        var draft = Draft("lsa-lsb", "lsa", "lsb");
        var more = await PageAsync(one, "/draft", "/draft", draft.With(("step", "add-grant")));
        var again = await PageAsync(one, "/draft", Forms.SwitchIn(more, "zh-Hans", out var switched), Forms.FieldsIn(more).With(("notes", "typed since"), switched));
        Assert.Contains("<html lang=\"zh-Hans\"", again, StringComparison.Ordinal);
        Assert.Equal(Forms.FieldsIn(more).With(("notes", "typed since")).Order(), Forms.FieldsIn(again).Order());

        var look = await PageAsync(one, "/draft", "/draft", draft);
        var english = await PageAsync(one, "/draft", Forms.SwitchIn(look, "en", out switched), Forms.FieldsIn(look).With(switched));
        Assert.Contains("Nothing changes until these have signed as well: lsb.", english, StringComparison.Ordinal);
        Assert.Equal(Forms.FieldsIn(look), Forms.FieldsIn(english));

        // What is wrong is said in the other language as well, though it was to be confirmed.
        using var refused = await one.SendAsync("/draft", "/draft", draft.With(("code", "Not A Code"), ("step", "confirm")));
        var wrong = await refused.Content.ReadAsStringAsync();
        using var chinese = await one.SendAsync("/draft", Forms.SwitchIn(wrong, "zh-Hans", out switched), Forms.FieldsIn(wrong).With(switched));
        Assert.Equal(HttpStatusCode.BadRequest, chinese.StatusCode);
        Assert.Contains("id=\"f-code-fault\"", await chinese.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());
        using var proposed = await one.SendAsync("/draft", "/draft", Forms.FieldsIn(english).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.Redirect, proposed.StatusCode);
    }

    [Fact]
    public async Task Another_line_another_condition_and_another_party_keep_what_was_typed()
    {
        var (one, other) = await TwoAsync("ada", "adb");
        using var _ = one;
        using var __ = other;
        var draft = Draft("ada-adb", "ada", "adb");

        var more = Forms.FieldsIn(await PageAsync(one, "/draft", "/draft", draft.With(("step", "add-grant"))));
        Assert.Contains(("grants[2].recogniser", ""), more);
        more = Forms.FieldsIn(await PageAsync(one, "/draft", "/draft", more.With(("step", "add-condition-2"))));
        Assert.Contains(("grants[2].conditions[0].code", ""), more);
        more = Forms.FieldsIn(await PageAsync(one, "/draft", "/draft", more.With(("step", "add-party"))));
        Assert.Contains(("parties[2]", ""), more);
        more = Forms.FieldsIn(await PageAsync(one, "/draft", "/draft", more.With(("step", "remove-grant-0"))));
        Assert.DoesNotContain(more, f => f.Name.StartsWith("grants[0]", StringComparison.Ordinal));
        Assert.All(draft.Where(f => f.Name != "step" && !f.Name.StartsWith("grants[0]", StringComparison.Ordinal)), field => Assert.Contains(field, more));
    }

    [Fact]
    public async Task An_amendment_begins_with_the_text_in_force_and_loses_nothing_of_it()
    {
        var (one, other) = await TwoAsync("ama", "amb", certificates: 1);
        using var _ = one;
        using var __ = other;
        await app.WriteAsync("PUT", "/v1/standards/amb-1", """{ "scheme": "amb", "number": "1", "editions": [{ "edition": "1" }, { "edition": "2" }] }""");
        await app.WriteAsync("PUT", "/v1/standards/ama-1", """{ "scheme": "ama", "number": "1", "editions": [{ "edition": "A", "criteria": [{ "ref": "5.1" }] }] }""");
        const string Grants = """
            [{ "id": "g", "recogniser": "ama", "recognised": "amb", "level": "common-criteria", "standards": [{ "id": "amb-1", "editions": ["1", "2"] }],
               "wanted": [{ "standard": "ama-1", "edition": "A" }], "commonCriteria": [{ "document": "Both | of us", "standard": "ama-1", "edition": "A", "refs": ["5.1"] }],
               "conditions": [{ "code": "ask", "message": { "en": "Ask.", "ja": "尋ねる" }, "excludeSiteCountries": ["CN", "HK"] }],
               "sources": [{ "title": "The text" }], "notes": "a note", "onward": { "maxHops": 1 } }]
            """;
        await AgreeAsync("ama", "amb", Grants.Replace("Both | of us", "Both of us", StringComparison.Ordinal));
        const string Address = "/agreements/ama-amb/amend";

        var fields = Forms.FieldsIn(await one.ReadAsync(Address));
        var look = await PageAsync(one, Address, Address, fields.With(("effectiveFrom", Tomorrow), ("grants[0].level", "full-product"), ("step", "look")));
        Assert.Contains(" on, grants that say something else: 1 (", look, StringComparison.Ordinal);
        Assert.Contains("Nothing changes until these have signed as well: amb.", look, StringComparison.Ordinal);
        using var done = await one.SendAsync(Address, Address, Forms.FieldsIn(look).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);

        var texts = (await app.GetAsync("/v1/agreements/ama-amb")).GetProperty("texts");
        Assert.Equal(2, texts.GetArrayLength());
        var (before, after) = (texts[0].GetProperty("grants")[0], texts[1].GetProperty("grants")[0]);
        Assert.Equal("full-product", after.GetProperty("level").GetString());
        foreach (var member in before.EnumerateObject().Where(m => m.Name != "level"))
        {
            Assert.True(JsonElement.DeepEquals(member.Value, after.GetProperty(member.Name)), $"{member.Name}: {member.Value} > {after.GetProperty(member.Name)}");
        }

        Assert.True(JsonElement.DeepEquals(texts[0].GetProperty("title"), texts[1].GetProperty("title")));
    }

    [Fact]
    public async Task A_newcomer_accedes_and_the_others_sign()
    {
        var (one, other) = await TwoAsync("aca", "acb", certificates: 1);
        using var _ = one;
        using var __ = other;
        await AgreeAsync("aca", "acb", kind: "multilateral");
        using var newcomer = new Person(app);
        await newcomer.SignInAsync(await app.SchemeAsync("acc"));
        const string Address = "/agreements/aca-acb/accede";
        Assert.Contains(Address, await newcomer.ReadAsync("/agreements/aca-acb"), StringComparison.Ordinal);

        var look = await PageAsync(newcomer, Address, Address, Forms.FieldsIn(await newcomer.ReadAsync(Address)).Where(f => !f.Name.StartsWith("grants[1]", StringComparison.Ordinal)).With(
            ("scheme", "acc"), ("effective", Today), ("grants[0].recogniser", "acc"), ("grants[0].recognised", "acb"), ("grants[0].level", "full-product"), ("step", "look")));
        Assert.Contains("asked of acc: 1, of which 1 get another answer.", look, StringComparison.Ordinal);
        using var asked = await newcomer.SendAsync(Address, Address, Forms.FieldsIn(look).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);

        foreach (var party in new[] { one, other })
        {
            var page = await party.ReadAsync("/agreements/aca-acb");
            var sign = page[page.IndexOf("/agreements/aca-acb/sign?text=", StringComparison.Ordinal)..].Split('"')[0];
            using var signed = await party.SendAsync("/draft", sign, Forms.FieldsIn(await party.ReadAsync(sign)).With(("step", "confirm")));
            Assert.Equal(HttpStatusCode.Redirect, signed.StatusCode);
        }

        Assert.Equal("yes", await AnswerAsync("acc", "acb"));
    }

    [Fact]
    public async Task Contesting_changes_no_grant_and_says_what_answers_will_warn_of()
    {
        var (one, other) = await TwoAsync("coa", "cob");
        using var _ = one;
        using var __ = other;
        await app.WriteAsync("POST", "/v1/agreements", """
            { "code": "coa-cob", "title": { "en": "Attested" }, "kind": "bilateral", "parties": ["coa", "cob"], "effectiveFrom": "2020-01-01", "attested": true, "sources": [{ "title": "x" }],
              "grants": [{ "id": "g", "recogniser": "coa", "recognised": "cob", "level": "evidence" }] }
            """);
        const string Address = "/agreements/coa-cob/contest";
        var look = await PageAsync(one, Address, Address, Forms.FieldsIn(await one.ReadAsync(Address)).With(("step", "look")));
        Assert.Contains("No grant starts, stops or changes on any day.", look, StringComparison.Ordinal);
        Assert.Contains("Every answer that rests on it will warn:", look, StringComparison.Ordinal);

        using var registrar = new Person(app);
        await registrar.SignInAsync(Writing.RegistrarKey);
        var page = await registrar.ReadAsync("/agreements/coa-cob");
        Assert.Contains("/agreements/coa-cob/suspend", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/agreements/coa-cob/sign", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/agreements/coa-cob/contest", page, StringComparison.Ordinal);
        const string Amend = "/agreements/coa-cob/amend";
        Assert.Contains(Amend, page, StringComparison.Ordinal);
        var amended = Forms.FieldsIn(await registrar.ReadAsync(Amend)).With(("effectiveFrom", "2021-01-01"), ("grants[0].level", "full-product"), ("step", "look"));
        using var unsourced = await registrar.SendAsync(Amend, Amend, amended);
        Assert.Contains("id=\"f-sources-fault\"", await unsourced.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var sourced = await PageAsync(registrar, Amend, Amend, amended.With(("sources", "A report | https://example.org/ | 2021-02")));
        Assert.Contains("From 1 January 2021 on, grants that say something else: 1", sourced, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing changes until", sourced, StringComparison.Ordinal);
        using var attested = await registrar.SendAsync(Amend, Amend, Forms.FieldsIn(sourced).With(("step", "confirm")));
        Assert.Equal(HttpStatusCode.Redirect, attested.StatusCode);
        Assert.Equal("full-product", (await app.GetAsync("/v1/agreements/coa-cob")).GetProperty("grants")[0].GetProperty("level").GetString());
        Assert.Contains("Attested from its sources.", await registrar.ReadAsync("/agreements/coa-cob"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_registrar_attests_an_agreement_from_its_sources_and_signs_nothing()
    {
        var (one, other) = await TwoAsync("ata", "atb", certificates: 1);
        using var _ = one;
        using var __ = other;
        using var registrar = new Person(app);
        await registrar.SignInAsync(Writing.RegistrarKey);
        Assert.Contains("Attest an agreement</a>", await registrar.ReadAsync("/agreements"), StringComparison.Ordinal);
        var form = await registrar.ReadAsync("/draft");
        Assert.Contains("<h1>Attest an agreement</h1>", form, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"sources\"", await one.ReadAsync("/draft"), StringComparison.Ordinal);
        var filled = Forms.FieldsIn(form).With(Draft("ata-atb", "ata", "atb")).With(("confirmedOn", "2025-06"), ("renewals", "2024-05, 2025-05"));
        var before = await app.RevisionAsync();

        foreach (var (field, value, status) in new[] { ("sources", "", 400), ("sources", "A report | | soon", 400), ("renewals", "2024-05, often", 400), ("confirmedOn", "lately", 400) })
        {
            using var refused = await registrar.SendAsync("/draft", "/draft", filled.With(("sources", "A report"), ("step", "confirm")).With((field, value)));
            Assert.Equal(status, (int)refused.StatusCode);
            var page = await refused.Content.ReadAsStringAsync();
            Assert.Contains($"id=\"f-{field}-fault\"", page, StringComparison.Ordinal);
            Assert.Contains((field, value), Forms.FieldsIn(page));
        }

        // His session ends while he types.
        filled = filled.With(("sources", "Joint <i>report</i> | https://example.org/ | 2025-06 | 2026-01-01"));
        using var nobody = new Person(app);
        using var asked = await nobody.SendAsync("/sign-in", "/draft", filled);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.All(filled.Where(f => f.Name != "step"), field => Assert.Contains(field, Forms.FieldsIn(asked.Content.ReadAsStringAsync().Result)));

        var look = await PageAsync(registrar, "/draft", "/draft", filled);
        Assert.DoesNotContain("Nothing changes until", look, StringComparison.Ordinal);
        Assert.Contains("grants that start counting: 2", look, StringComparison.Ordinal);
        Assert.Contains("Joint &lt;i&gt;report&lt;/i&gt;", look, StringComparison.Ordinal);
        Assert.Contains("Confirm: attest", look, StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());
        using var attested = await registrar.SendAsync("/draft", "/draft", Forms.FieldsIn(look).With(("step", "confirm")));
        Assert.Equal("/agreements/ata-atb", attested.Headers.Location?.OriginalString);
        Assert.Contains("Attested from its sources.", await registrar.ReadAsync("/agreements/ata-atb"), StringComparison.Ordinal);

        var agreement = await app.GetAsync("/v1/agreements/ata-atb?asOf=2025-01-01");
        Assert.True(agreement.GetProperty("attested").GetBoolean());
        Assert.Equal("in-force", agreement.GetProperty("standing").GetString());
        Assert.Equal("https://example.org/", agreement.GetProperty("sources")[0].GetProperty("address").GetString());
        Assert.Equal(2, agreement.GetProperty("renewals").GetArrayLength());
        Assert.DoesNotContain("\"signatures\":[{", agreement.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("yes", await AnswerAsync("ata", "atb", "2025-01-01"));
        Assert.Contains("/agreements/ata-atb/sign", await one.ReadAsync("/agreements/ata-atb"), StringComparison.Ordinal); // each party confirms by its signature
    }

    [Fact]
    public async Task An_authority_drafts_nothing()
    {
        await app.WriteAsync("PUT", "/v1/policies/dr-town", """{ "authority": "Drafting Town", "names": { "en": "The town's rule" }, "accepts": [] }""");
        var key = (await app.WriteAsync("POST", "/v1/policies/dr-town/keys", """{ "name": "town" }""")).GetProperty("key").GetString()!;
        using var town = new Person(app);
        await town.SignInAsync(key);
        using var draft = await town.RequestAsync("GET", "/draft", null);
        Assert.Equal(HttpStatusCode.Forbidden, draft.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_done_in_this_state_is_said_before_it_is_confirmed()
    {
        var (one, other) = await TwoAsync("noa", "nob");
        using var _ = one;
        using var __ = other;
        await AgreeAsync("noa", "nob");
        Assert.DoesNotContain("/agreements/noa-nob/resume", await one.ReadAsync("/agreements/noa-nob"), StringComparison.Ordinal);
        using var answer = await one.SendAsync("/agreements/noa-nob/suspend", "/agreements/noa-nob/resume", ("effective", Today), ("step", "look"));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        using var dateless = await one.SendAsync("/agreements/noa-nob/suspend", "/agreements/noa-nob/suspend", ("effective", "soon"), ("reason", "kept"), ("step", "confirm"));
        Assert.Equal(HttpStatusCode.BadRequest, dateless.StatusCode);
        var page = await dateless.Content.ReadAsStringAsync();
        Assert.Contains("id=\"f-effective-fault\"", page, StringComparison.Ordinal);
        Assert.Contains("kept</textarea>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_come_stands_at_the_top_and_no_text_takes_effect_that_is_not_signed()
    {
        var (one, other) = await TwoAsync("toa", "tob");
        using var _ = one;
        using var __ = other;
        await AgreeAsync("toa", "tob");
        const string Address = "/agreements/toa-tob";
        var quiet = await one.ReadAsync(Address);
        Assert.DoesNotContain("class=\"notice ahead", quiet, StringComparison.Ordinal);
        Assert.Contains("<dt>Until</dt><dd>no end on record</dd>", quiet, StringComparison.Ordinal);

        var made = await app.WriteAsync("POST", "/v1/agreements/toa-tob/amendments", """
            { "title": { "en": "Another text" }, "effectiveFrom": "2098-01-01",
              "grants": [{ "id": "there", "recogniser": "toa", "recognised": "tob", "level": "common-criteria" }] }
            """, await app.KeyOfAsync("toa"));
        await app.WriteAsync("POST", "/v1/agreements/toa-tob/events", $$"""{ "type": "suspended", "effective": "{{Tomorrow}}" }""", await app.KeyOfAsync("tob"));
        await app.WriteAsync("POST", "/v1/agreements/toa-tob/events", """{ "type": "resumed", "effective": "2097-01-01" }""", await app.KeyOfAsync("tob"));
        await app.WriteAsync("POST", "/v1/agreements/toa-tob/events", """{ "type": "terminated", "effective": "2099-01-01" }""", await app.KeyOfAsync("toa"));

        var page = await one.ReadAsync(Address);
        Assert.Contains($"<strong>Suspended from {Said(Tomorrow)}</strong>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>In force from 1 January 2097</strong>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>Terminated from 1 January 2099</strong>", page, StringComparison.Ordinal);
        Assert.Contains("Text 2 is proposed and takes effect on 1 January 2098 only if signed by tob.", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Until</dt><dd>31 December 2098</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>1 January 2098</strong> takes effect · Text 2 · if signed by tob", page, StringComparison.Ordinal);
        Assert.Contains("signed in this registry: toa · Text 2", page, StringComparison.Ordinal);
        Assert.Contains("toa accepts tob: Level", page, StringComparison.Ordinal);
        Assert.DoesNotContain("grants[", page, StringComparison.Ordinal);
        Assert.DoesNotContain("common-criteria<", page, StringComparison.Ordinal);
        var chinese = await one.ReadAsync(Address + "?lang=zh-Hans");
        Assert.Contains("<strong>自 2099年1月1日 起已终止</strong>", chinese, StringComparison.Ordinal);
        Assert.Contains("第 2 个文本尚属拟议，须经 tob 签署，方于 2098年1月1日 生效。", chinese, StringComparison.Ordinal);

        await app.WriteAsync("POST", "/v1/agreements/toa-tob/signatures", $$"""{ "textHash": "{{made.GetProperty("textHash").GetString()}}" }""", await app.KeyOfAsync("tob"));
        var signed = await one.ReadAsync(Address + "?lang=en");
        Assert.Contains("<strong>Text 2 takes effect on 1 January 2098</strong>", signed, StringComparison.Ordinal);
        Assert.DoesNotContain("if signed by", signed, StringComparison.Ordinal);

        // On a later day the same is past, and what has ended tells when.
        var later = await one.ReadAsync(Address + "?asOf=2100-01-01");
        Assert.DoesNotContain("class=\"notice ahead", later, StringComparison.Ordinal);
        Assert.Contains("<dt>Until</dt><dd>31 December 2098</dd>", later, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_party_of_several_that_leaves_is_told_before_and_ends_nothing_for_the_others()
    {
        var (one, other) = await TwoAsync("lea", "leb");
        using var _ = one;
        using var __ = other;
        await AgreeAsync("lea", "leb", kind: "multilateral");
        await app.WriteAsync("POST", "/v1/agreements/lea-leb/events", """{ "type": "withdrawn", "effective": "2099-01-01" }""", await app.KeyOfAsync("leb"));
        var page = await one.ReadAsync("/agreements/lea-leb");
        Assert.Contains("<strong>leb: has left from 1 January 2099</strong>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Until</dt><dd>no end on record</dd>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proposal_says_that_it_takes_effect_only_if_signed_and_once_rejected_that_it_never_was_in_force()
    {
        var (one, other) = await TwoAsync("pra", "prb");
        using var _ = one;
        using var __ = other;
        await ProposeAsync("pra", "prb", "Proposed", "2098-01-01");
        var page = await one.ReadAsync("/agreements/pra-prb");
        Assert.Contains("<dd>1 January 2098 · if signed by prb</dd>", page, StringComparison.Ordinal);
        Assert.Contains("Text 1 is proposed and takes effect on 1 January 2098 only if signed by prb.", page, StringComparison.Ordinal);
        Assert.Contains("<strong>1 January 2098</strong> takes effect · if signed by prb", page, StringComparison.Ordinal);

        await app.WriteAsync("POST", "/v1/agreements/pra-prb/events", $$"""{ "type": "terminated", "effective": "{{Today}}" }""", await app.KeyOfAsync("prb"));
        var rejected = await one.ReadAsync("/agreements/pra-prb");
        Assert.Contains("<dt>Until</dt><dd>never in force</dd>", rejected, StringComparison.Ordinal);
        Assert.DoesNotContain("takes effect", rejected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_told_what_waits_for_it_and_nobody_else_is()
    {
        var (one, other) = await TwoAsync("waa", "wab");
        using var _ = one;
        using var __ = other;
        Assert.Contains("Nothing at present.", await other.ReadAsync("/label-bodies/wab"), StringComparison.Ordinal);
        await ProposeAsync("waa", "wab", "To be signed", "2024-01-01");
        var hash = (await app.GetAsync("/v1/agreements/waa-wab")).GetProperty("textHash").GetString()!;
        await app.ObjectAsync("/v1/schemes/wab", "Ours.");
        await app.ObjectAsync("/v1/agreements/waa-wab", "Of both.");
        await app.ObjectAsync("/v1/schemes/waa", "Theirs.");

        var page = await other.ReadAsync("/label-bodies/wab");
        Assert.Contains($"Text to sign: <a href=\"/agreements/waa-wab/sign?text={hash}\">To be signed</a>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/objections?answered=no&amp;mine=1\">Objections to answer: 2</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Text to sign", await one.ReadAsync("/label-bodies/waa"), StringComparison.Ordinal); // it has signed
        using var stranger = new Person(app);
        Assert.DoesNotContain("id=\"waiting\"", await stranger.ReadAsync("/label-bodies/wab"), StringComparison.Ordinal);

        var mine = await other.ReadAsync("/objections?answered=no&mine=1");
        Assert.Contains("Ours.", mine, StringComparison.Ordinal);
        Assert.Contains("Of both.", mine, StringComparison.Ordinal);
        Assert.DoesNotContain("Theirs.", mine, StringComparison.Ordinal);
        var all = await stranger.ReadAsync("/objections?answered=no&mine=1"); // whoever is not signed in has none of his own
        Assert.Contains("Theirs.", all, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"mine\"", all, StringComparison.Ordinal);

        // What was objected to is a place of the log too, by its kind.
        var log = await stranger.ReadAsync("/changes?kind=objections");
        Assert.Contains(">Objection to To be signed</a>", log, StringComparison.Ordinal);
        Assert.Contains("href=\"/objections/", log, StringComparison.Ordinal);
        Assert.Contains("somebody without a key", log, StringComparison.Ordinal);
        Assert.DoesNotContain("objection-filed", log, StringComparison.Ordinal);

        await app.WriteAsync("POST", "/v1/agreements/waa-wab/signatures", "{}", await app.KeyOfAsync("wab"));
        Assert.DoesNotContain("Text to sign", await other.ReadAsync("/label-bodies/wab"), StringComparison.Ordinal);
    }

    private static string Said(string day) => new EcoLabelRegistry.Pages.Words().Date(DateOnly.Parse(day, CultureInfo.InvariantCulture));

    private static (string Name, string Value)[] Draft(string code, string one, string other) =>
    [
        ("title.en", "An agreement"), ("title.zh", ""), ("code", code), ("kind", "bilateral"), ("parties[0]", one), ("parties[1]", other),
        ("effectiveFrom", "2024-01-01"), ("effectiveUntil", ""),
        ("grants[0].recogniser", one), ("grants[0].recognised", other), ("grants[0].level", "full-product"), ("grants[0].standards", ""),
        ("grants[1].recogniser", other), ("grants[1].recognised", one), ("grants[1].level", "full-product"), ("grants[1].id", "back"),
        ("step", "look"),
    ];

    /// <summary>Two bodies with a scheme each, signed in; the second has certificates.</summary>
    private async Task<(Person One, Person Other)> TwoAsync(string one, string other, int certificates = 0)
    {
        var (first, second) = (new Person(app), new Person(app));
        await first.SignInAsync(await app.SchemeAsync(one));
        await second.SignInAsync(await app.SchemeAsync(other));
        for (var i = 1; i <= certificates; i++)
        {
            await app.WriteAsync("POST", "/v1/certificates", $$"""
                { "scheme": "{{other}}", "number": "{{i}}", "validFrom": "2020-01-01", "products": [{ "brand": "Brand of {{other}}", "model": "M{{i}}" }] }
                """);
        }

        return (first, second);
    }

    private async Task ProposeAsync(string one, string other, string title, string from) => await app.WriteAsync("POST", "/v1/agreements", $$"""
        { "code": "{{one}}-{{other}}", "title": { "en": "{{title}}" }, "kind": "bilateral", "parties": ["{{one}}", "{{other}}"], "effectiveFrom": "{{from}}",
          "grants": [{ "id": "g", "recogniser": "{{one}}", "recognised": "{{other}}", "level": "evidence" }] }
        """, await app.KeyOfAsync(one));

    private async Task AgreeAsync(string one, string other, string? grants = null, string kind = "bilateral")
    {
        using var existing = await app.Client.GetAsync($"/v1/agreements/{one}-{other}");
        if (existing.StatusCode != HttpStatusCode.NotFound)
        {
            return;
        }

        await app.WriteAsync("POST", "/v1/agreements", $$"""
            { "code": "{{one}}-{{other}}", "title": { "en": "An agreement", "ja": "協定" }, "kind": "{{kind}}", "parties": ["{{one}}", "{{other}}"], "effectiveFrom": "2024-01-01",
              "grants": {{grants ?? $$"""
                [{ "id": "there", "recogniser": "{{one}}", "recognised": "{{other}}", "level": "full-product" },
                 { "id": "back", "recogniser": "{{other}}", "recognised": "{{one}}", "level": "full-product" }]
                """}} }
            """, await app.KeyOfAsync(one));
        await app.WriteAsync("POST", $"/v1/agreements/{one}-{other}/signatures", "{}", await app.KeyOfAsync(other));
    }

    private static async Task<string> PageAsync(Person person, string tokenOf, string address, (string Name, string Value)[] fields)
    {
        using var answer = await person.SendAsync(tokenOf, address, fields);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode} {page}");
        return page;
    }

    private async Task<string> AnswerAsync(string recogniser, string scheme, string? asOf = null) =>
        (await app.GetAsync($"/v1/check?recognisedBy={recogniser}&scheme={scheme}&certificate=1{(asOf is null ? "" : "&asOf=" + asOf)}")).GetProperty("answer").GetString()!;
}
