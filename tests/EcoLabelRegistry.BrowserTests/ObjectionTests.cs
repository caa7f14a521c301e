using EcoLabelRegistry.Tests;
using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>Somebody objects, the body signs in and answers, everybody reads both.</summary>
public sealed class ObjectionTests(WritingBrowser browser) : IClassFixture<WritingBrowser>
{
    private const string Text = "We hold this certificate.\nIt was <b>extended</b> in 2025.";

    [Fact]
    public async Task An_objection_is_filed_answered_and_read_with_its_answer()
    {
        var key = await browser.SchemeAsync("leaf");
        await browser.WriteAsync("POST", "/v1/certificates", """{ "scheme": "leaf", "number": "L 7", "validFrom": "2024-01-01", "holder": "Holder Ltd" }""");
        var certificate = (await browser.GetAsync("/v1/certificates?scheme=leaf")).GetProperty("items")[0].GetProperty("id").GetString();

        await using var holder = await (await browser.ReaderAsync()).GoAsync("/certificates/" + certificate);
        await holder.Page.GetByRole(AriaRole.Link, new() { Name = "Object to this record" }).ClickAsync();
        await Assertions.Expect(holder.Page.Locator("#f-about")).ToContainTextAsync("leaf L 7");
        await Looks.AtAsync(holder.Page, "objection-new");
        await holder.Page.GetByLabel("What is wrong").FillAsync(Text);
        await holder.Page.GetByLabel("Contact").FillAsync("certificates@holder.example");
        await holder.Page.GetByRole(AriaRole.Button, new() { Name = "File the objection" }).ClickAsync();
        await Assertions.Expect(holder.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your objection is on record");
        var address = new Uri(holder.Page.Url).AbsolutePath;
        await Assertions.Expect(holder.Page.Locator("main")).Not.ToContainTextAsync("certificates@holder.example");
        await Looks.AtAsync(holder.Page, "objection-open");

        await holder.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).Last.ClickAsync();
        await holder.Page.GetByLabel("API key").FillAsync(key);
        await holder.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        Assert.Equal(address, new Uri(holder.Page.Url).AbsolutePath);
        await Assertions.Expect(holder.Page.Locator(".notice")).ToContainTextAsync("certificates@holder.example");
        await Looks.AtAsync(holder.Page, "objection-to-answer");
        await holder.Page.GetByRole(AriaRole.Textbox, new() { Name = "Answer (required)" }).FillAsync("Thank you. The extension is on record since today.");
        await holder.Page.GetByRole(AriaRole.Button, new() { Name = "Publish the answer" }).ClickAsync();
        await Assertions.Expect(holder.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("The answer is published.");

        await using var anybody = await (await browser.ReaderAsync()).GoAsync("/certificates/" + certificate);
        await Assertions.Expect(anybody.Page.Locator(".objections")).ToContainTextAsync("<b>extended</b>");
        await Assertions.Expect(anybody.Page.Locator(".objections")).ToContainTextAsync("The extension is on record since today.");
        await Assertions.Expect(anybody.Page.Locator("main")).Not.ToContainTextAsync("certificates@holder.example");
        await Looks.AtAsync(anybody.Page, "objection-beside");
        await anybody.GoAsync("/objections?answered=yes");
        await Assertions.Expect(anybody.Page.Locator(".objections")).ToContainTextAsync("leaf L 7");
        await Looks.AtAsync(anybody.Page, "objections");
        Assert.Empty(holder.Wrongs);
        Assert.Empty(anybody.Wrongs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_language_is_switched_in_the_middle_and_Enter_still_sends_the_form(bool scripts)
    {
        var label = scripts ? "moss" : "peat";
        await browser.SchemeAsync(label);
        await using var person = await (await browser.ReaderAsync(scripts: scripts)).GoAsync("/objections/new");
        var page = person.Page;
        await page.FillAsync("[name=about]", "/labels/none");
        await page.FillAsync("[name=text]", "Typed once.");
        await page.ClickAsync("form.writing button.primary");
        await page.FillAsync("[name=contact]", "typed@since.example");
        if (scripts)
        {
            await Looks.AtAsync(page, "objection-refused", hasAddress: false);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "中文" }).ClickAsync();
        Assert.Equal("zh-Hans", await page.GetAttributeAsync("html", "lang"));
        Assert.EndsWith("/objections/new?lang=zh-Hans", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("[name=text]")).ToHaveValueAsync("Typed once.");
        await Assertions.Expect(page.Locator("[name=contact]")).ToHaveValueAsync("typed@since.example");

        await page.FillAsync("[name=about]", "/labels/" + label);
        await page.PressAsync("[name=about]", "Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("异议");
        Assert.DoesNotContain("/objections/new", page.Url, StringComparison.Ordinal);
        Assert.Equal("zh-Hans", await page.GetAttributeAsync("html", "lang"));
    }

    [Fact]
    public async Task A_refusal_is_said_beside_its_field_and_keeps_what_was_typed_without_scripts()
    {
        await browser.SchemeAsync("fern");
        await using var person = await (await browser.ReaderAsync(scripts: false)).GoAsync("/objections/new");
        await person.Page.GetByLabel("Record").FillAsync("/labels/ferm");
        await person.Page.GetByLabel("What is wrong").FillAsync("Kept.");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "File the objection" }).ClickAsync();
        await Assertions.Expect(person.Page.Locator("#f-about-fault")).ToContainTextAsync("/v1/schemes/fern");
        await Assertions.Expect(person.Page.GetByLabel("What is wrong")).ToHaveValueAsync("Kept.");
        await person.Page.GetByLabel("Record").FillAsync($"{browser.Site}/labels/fern");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "File the objection" }).ClickAsync();
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your objection is on record");
    }
}
