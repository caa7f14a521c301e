using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Tests;
using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>People of label bodies sign in and make an agreement, each in a browser of his own.</summary>
public sealed class SigningTests(WritingBrowser browser) : IClassFixture<WritingBrowser>
{
    // Ends attributes, elements and fields; draws an image and a link if anything takes it for markup.
    private const string Hostile = "\"'></script></title></textarea></select><script>window.hit=1</script><img src=x onerror=window.hit=1><a id=hit href=javascript:hit()>{{7*7}}";

    private static readonly string Tomorrow = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("en")]
    [InlineData("zh-Hans")]
    public async Task Two_bodies_sign_an_agreement_and_the_check_changes_its_answer(string language)
    {
        var (one, other) = language == "en" ? ("north", "south") : ("east", "west");
        var keys = new[] { await BodyAsync(one), await BodyAsync(other) };
        await CertificateAsync(other);
        var check = $"/check?recognisedBy={one}&scheme={other}&certificate=C-1";
        await using var drafter = await SignedInAsync(keys[0], language);
        await using var signer = await SignedInAsync(keys[1], language);
        await using var buyer = await (await browser.ReaderAsync(language)).GoAsync(check);
        Assert.True(await buyer.Page.IsVisibleAsync(".verdict-no"));

        var page = drafter.Page;
        await WholeAsync(drafter, "signed-in-body", language);
        await page.GotoAsync("/draft");
        await WholeAsync(drafter, "draft", language);
        await FillHeadAsync(page, "Paints, both ways", one, other, effectiveFrom: "2024-01-01");
        await page.FillAsync("[name='title.zh']", "涂料互认协议");
        await LineAsync(page, 0, one, other, "full-product");
        await LineAsync(page, 1, other, one, "evidence");
        await page.ClickAsync("button[value='add-grant']");
        Assert.Equal("涂料互认协议", await page.InputValueAsync("[name='title.zh']"));
        await LineAsync(page, 2, one, other, "test-data");
        await page.ClickAsync("main button[value='look']");
        Assert.Equal(3, await page.Locator("ul.grants > li").CountAsync());
        Assert.Contains(language == "en" ? "grants that start counting: 3" : "3 项认可条款开始生效", await page.InnerTextAsync(".foreseen"), StringComparison.Ordinal);
        await WholeAsync(drafter, "draft-look", language);
        await page.ClickAsync("button[value='edit']");
        Assert.Equal("Paints, both ways", await page.InputValueAsync("[name='title.en']"));
        await page.ClickAsync("main button[value='look']");
        await page.ClickAsync("button[value='confirm']");
        Assert.EndsWith($"/agreements/{one}-{other}", page.Url, StringComparison.Ordinal);
        Assert.True(await page.IsVisibleAsync(".said"));

        page = signer.Page;
        await page.GotoAsync($"/agreements/{one}-{other}");
        await WholeAsync(signer, "agreement-to-sign", language);
        await page.ClickAsync(".acts a[href*='/sign?']");
        await WholeAsync(signer, "sign", language);
        await page.ClickAsync("button[value='confirm']");
        Assert.True(await page.IsVisibleAsync(".standing-in-force"));

        await buyer.Page.GotoAsync(check);
        Assert.True(await buyer.Page.IsVisibleAsync(".verdict-yes"));

        await page.ClickAsync(".acts a[href$='/suspend']");
        await page.FillAsync("[name='effective']", Tomorrow);
        await page.FillAsync("[name='reason']", "Audits are under review. 审核正在复查。");
        await WholeAsync(signer, "suspend", language);
        await page.ClickAsync("main button[value='look']");
        Assert.Contains(language == "en" ? "Yes → No: 1" : "→", await page.InnerTextAsync(".foreseen"), StringComparison.Ordinal);
        await WholeAsync(signer, "suspend-look", language);
        await page.ClickAsync("button[value='confirm']");
        Assert.Contains("审核正在复查", await page.InnerTextAsync("ol.line"), StringComparison.Ordinal);
        await buyer.Page.GotoAsync(check);
        Assert.True(await buyer.Page.IsVisibleAsync(".verdict-yes"));
        await buyer.Page.GotoAsync($"{check}&asOf={Tomorrow}");
        Assert.True(await buyer.Page.IsVisibleAsync(".verdict-no"));

        await page.GotoAsync($"/agreements/{one}-{other}/amend");
        Assert.Equal("涂料互认协议", await page.InputValueAsync("[name='title.zh']"));
        await WholeAsync(signer, "amend", language);
        await browser.WriteAsync("POST", "/v1/agreements", $$"""{ "code": "club-{{one}}", "title": { "en": "A club" }, "kind": "multilateral", "parties": ["{{one}}"] }""", keys[0]);
        await page.GotoAsync($"/agreements/club-{one}/accede");
        await WholeAsync(signer, "accede", language);
        Assert.Empty(drafter.Wrongs);
        Assert.Empty(signer.Wrongs);
    }

    [Theory]
    [InlineData("en", "Attest an agreement")]
    [InlineData("zh-Hans", "证明既有协议")]
    public async Task The_registrar_attests_an_agreement_with_its_sources(string language, string button)
    {
        var (one, other) = language == "en" ? ("past", "older") : ("former", "elder");
        await BodyAsync(one);
        await BodyAsync(other);
        await using var reader = await SignedInAsync(Writing.RegistrarKey, language);
        var page = reader.Page;
        await page.GotoAsync("/agreements");
        await page.GetByRole(AriaRole.Link, new() { Name = button }).ClickAsync();
        await WholeAsync(reader, "draft-attest", language);
        await FillHeadAsync(page, "A historical agreement", one, other, effectiveFrom: "2010");
        await page.FillAsync("[name='confirmedOn']", "2019-10");
        await page.FillAsync("[name='sources']", "Annual report | https://example.org/report | 2019-10 | 2026-01-01\nA letter");
        await LineAsync(page, 0, one, other, "test-data");
        await page.ClickAsync("button[value='remove-grant-1']");
        await page.ClickAsync("main button[value='look']");
        Assert.True(await page.IsVisibleAsync(".foreseen"), await page.InnerTextAsync("main"));
        await WholeAsync(reader, "draft-attest-look", language);

        // In the middle, the other language: the same is looked at.
        await page.ClickAsync(".languages button[lang]:not([aria-current])");
        Assert.NotEqual(language, await page.GetAttributeAsync("html", "lang"));
        Assert.True(await page.IsVisibleAsync(".foreseen"));
        await page.ClickAsync("button[value='confirm']");
        Assert.EndsWith($"/agreements/{one}-{other}", page.Url, StringComparison.Ordinal);
        Assert.True(await page.IsVisibleAsync(".said"));
        Assert.True(await page.IsVisibleAsync("text=Annual report"));
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task An_expired_session_keeps_the_text()
    {
        var key = await BodyAsync("patient");
        await BodyAsync("partner");
        await using var reader = await SignedInAsync(key);
        var page = reader.Page;
        await page.GotoAsync("/draft");
        await page.FillAsync("[name='title.en']", "Typed for an hour");
        await page.FillAsync("[name='code']", "patient-partner");
        await page.SelectOptionAsync("[name='kind']", "bilateral");
        await page.SelectOptionAsync("[name='parties[0]']", "patient");
        await page.SelectOptionAsync("[name='parties[1]']", "partner");
        await LineAsync(page, 0, "patient", "partner", "evidence");
        await page.ClickAsync("button[value='remove-grant-1']");
        await page.Context.ClearCookiesAsync(new() { Name = "session" });
        await page.ClickAsync("main button[value='look']");
        Assert.Equal("Typed for an hour", await page.InputValueAsync("[name='title.en']"));
        Assert.Equal("partner", await page.InputValueAsync("[name='grants[0].recognised']"));
        await WholeAsync(reader, "draft-session-ended", "en");

        await page.FillAsync("[name='key']", key);
        await page.ClickAsync("main button[value='look']");
        await page.ClickAsync("button[value='confirm']");
        Assert.Equal("Typed for an hour", await page.InnerTextAsync("h1"));

        // The browser was closed and opened again: even what ties the form to it is gone.
        await page.GotoAsync("/draft");
        await page.FillAsync("[name='title.en']", "Typed for a day");
        await page.Context.ClearCookiesAsync();
        await page.ClickAsync("main button[value='look']");
        Assert.Equal("Typed for a day", await page.InputValueAsync("[name='title.en']"));
        Assert.True(await page.IsVisibleAsync(".wrong"));
    }

    [Fact]
    public async Task A_stranger_sees_no_buttons_and_is_refused_by_a_page()
    {
        var keys = new[] { await BodyAsync("inner"), await BodyAsync("outer"), await BodyAsync("strange") };
        await AgreeAsync("inner", "outer", keys);
        await using var reader = await SignedInAsync(keys[2]);
        var page = reader.Page;
        await page.GotoAsync("/agreements/inner-outer");
        Assert.Equal(0, await page.Locator(".acts").CountAsync());
        Assert.Empty(reader.Wrongs);
        var answer = await page.GotoAsync("/agreements/inner-outer/suspend");
        Assert.Equal(403, answer!.Status);
        Assert.True(await page.IsVisibleAsync(".problem"));

        // He makes a form of one that he has.
        await page.GotoAsync("/label-bodies/strange");
        var sent = await page.RunAndWaitForResponseAsync(() => page.EvaluateAsync($$"""
            () => {
              const form = document.querySelector("form.writing");
              form.setAttribute("action", "/agreements/inner-outer/suspend");
              form.insertAdjacentHTML("beforeend", '<input type="hidden" name="effective" value="{{Tomorrow}}"><input type="hidden" name="step" value="confirm">');
              form.submit();
            }
            """), response => response.Request.Method == "POST");
        Assert.Equal(403, sent.Status);
        await page.Locator(".problem").WaitForAsync();
        Assert.Equal("in-force", (await browser.GetAsync($"/v1/agreements/inner-outer?asOf={Tomorrow}")).GetProperty("standing").GetString());
    }

    [Fact]
    public async Task Hostile_text_in_every_field_comes_out_as_text()
    {
        var keys = new[] { await BodyAsync("hostile", Hostile), await BodyAsync("prey", Hostile) };
        await CertificateAsync("prey");
        await AgreeAsync("hostile", "prey", keys);
        await using var reader = await SignedInAsync(keys[0]);
        var page = reader.Page;
        await HarmlessAsync(page);
        await page.FillAsync("[name='name']", Hostile);
        await page.ClickAsync("form.writing button.primary");
        Assert.Contains(Hostile, await page.InnerTextAsync("section[aria-labelledby=keys]"), StringComparison.Ordinal);
        await HarmlessAsync(page);

        await page.GotoAsync("/draft");
        await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        await page.ClickAsync("button[value='add-condition-0']");
        await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        foreach (var field in await page.Locator("form.writing input[type=text], form.writing textarea").AllAsync())
        {
            await field.FillAsync(Hostile);
        }

        await page.ClickAsync("main button[value='look']");
        Assert.Equal(Hostile, await page.InputValueAsync("[name='title.en']"));
        await HarmlessAsync(page);
        await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        await page.FillAsync("[name='code']", "second");
        foreach (var field in new[] { "effectiveFrom", "effectiveUntil", "parent", "signedOn", "reservations", "signatories" })
        {
            await page.FillAsync($"[name='{field}']", "");
        }

        await page.SelectOptionAsync("[name='kind']", "bilateral");
        await page.SelectOptionAsync("[name='parties[0]']", "hostile");
        await page.SelectOptionAsync("[name='parties[1]']", "prey");
        await page.ClickAsync("button[value='remove-grant-1']");
        await LineAsync(page, 0, "hostile", "prey", "evidence");
        await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");
        foreach (var field in new[] { "standards", "wanted", "commonCriteria", "minTier", "from", "until", "id", "conditions[0].excludeSiteCountries" })
        {
            await page.FillAsync($"[name='grants[0].{field}']", "");
        }

        await page.FillAsync("[name='grants[0].conditions[0].code']", "ask");
        await page.ClickAsync("main button[value='look']");
        Assert.True(await page.IsVisibleAsync(".foreseen"), await page.InnerTextAsync("main"));
        Assert.Contains(Hostile, await page.InnerTextAsync("form.writing"), StringComparison.Ordinal);
        await HarmlessAsync(page);
        await page.ClickAsync("button[value='confirm']");
        await HarmlessAsync(page);

        await page.GotoAsync("/agreements/hostile-prey/terminate");
        await page.FillAsync("[name='reason']", Hostile);
        await page.ClickAsync("main button[value='look']");
        await HarmlessAsync(page);
        await page.ClickAsync("button[value='confirm']");
        await HarmlessAsync(page);
        Assert.Contains(Hostile, await page.InnerTextAsync("ol.line"), StringComparison.Ordinal);

        await using var prey = await SignedInAsync(keys[1]);
        await prey.Page.GotoAsync("/agreements/second");
        await prey.Page.ClickAsync(".acts a[href*='/sign?']");
        await HarmlessAsync(prey.Page);
        await prey.Page.GotoAsync("/sign-in?to=" + Uri.EscapeDataString("/\"><script>window.hit=1</script>"));
        await HarmlessAsync(prey.Page);
    }

    private static async Task HarmlessAsync(IPage page) => Assert.True(
        await page.EvaluateAsync<bool>("() => window.hit === undefined && !document.querySelector('#hit, main img, a[href^=javascript]')"), page.Url);

    private static async Task FillHeadAsync(IPage page, string title, string one, string other, string effectiveFrom)
    {
        await page.FillAsync("[name='title.en']", title);
        await page.FillAsync("[name='code']", $"{one}-{other}");
        await page.SelectOptionAsync("[name='kind']", "bilateral");
        await page.SelectOptionAsync("[name='parties[0]']", one);
        await page.SelectOptionAsync("[name='parties[1]']", other);
        await page.FillAsync("[name='effectiveFrom']", effectiveFrom);
    }

    private static async Task LineAsync(IPage page, int line, string recogniser, string recognised, string level)
    {
        await page.SelectOptionAsync($"[name='grants[{line}].recogniser']", recogniser);
        await page.SelectOptionAsync($"[name='grants[{line}].recognised']", recognised);
        await page.SelectOptionAsync($"[name='grants[{line}].level']", level);
    }

    private static async Task WholeAsync(Reader reader, string name, string language)
    {
        await EveryPageTests.AssertWholeAsync(reader.Page, name, language);
        await reader.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await reader.Page.SetViewportSizeAsync(1280, 900);
    }

    private async Task<Reader> SignedInAsync(string key, string language = "en")
    {
        var reader = await (await browser.ReaderAsync(language)).GoAsync("/sign-in");
        await reader.Page.FillAsync("[name='key']", key);
        await reader.Page.ClickAsync("button.primary");
        Assert.True(await reader.Page.IsVisibleAsync(".visitor"));
        return reader;
    }

    private async Task<string> BodyAsync(string code, string? name = null)
    {
        var names = new JsonObject { ["en"] = name ?? $"{char.ToUpperInvariant(code[0])}{code[1..]} Label", ["zh"] = name ?? $"{code} 标志" };
        await browser.WriteAsync("PUT", $"/v1/label-bodies/{code}", new JsonObject { ["names"] = names.DeepClone(), ["country"] = "NZ" }.ToJsonString());
        await browser.WriteAsync("PUT", $"/v1/schemes/{code}", new JsonObject { ["body"] = code, ["names"] = names }.ToJsonString());
        return await browser.KeyOfAsync(code);
    }

    private Task<JsonElement> CertificateAsync(string scheme) => browser.WriteAsync("POST", "/v1/certificates", $$"""
        { "scheme": "{{scheme}}", "number": "C-1", "validFrom": "2020-01-01", "products": [{ "brand": "Brush", "model": "{{scheme}}" }] }
        """);

    private async Task AgreeAsync(string one, string other, string[] keys)
    {
        await browser.WriteAsync("POST", "/v1/agreements", $$"""
            { "code": "{{one}}-{{other}}", "title": { "en": "An agreement" }, "kind": "bilateral", "parties": ["{{one}}", "{{other}}"], "effectiveFrom": "2024-01-01",
              "grants": [{ "id": "g", "recogniser": "{{one}}", "recognised": "{{other}}", "level": "full-product" }] }
            """, keys[0]);
        await browser.WriteAsync("POST", $"/v1/agreements/{one}-{other}/signatures", "{}", keys[1]);
    }
}
