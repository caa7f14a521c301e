using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>Who asks too often is told so, and goes on from where he was.</summary>
public sealed class FormLimitsTests(FormLimitsTests.LimitedBrowser browser) : IClassFixture<FormLimitsTests.LimitedBrowser>
{
    [Theory]
    [InlineData("en", "Try again in")]
    [InlineData("zh-Hans", "秒后重试")]
    public async Task A_form_a_page_and_a_list_say_when_to_try_again(string language, string when)
    {
        await using var reader = await (await browser.ReaderAsync(language)).GoAsync("/objections/new");
        var page = reader.Page;
        await page.FillAsync("[name=text]", "Typed once. 只填写一次。");
        for (var sent = 0; sent < 4; sent++) // a minute may begin in between
        {
            await page.ClickAsync("form.writing button.primary");
        }

        await Assertions.Expect(page.Locator(".wrong")).ToContainTextAsync(when);
        await Assertions.Expect(page.Locator("[name=text]")).ToHaveValueAsync("Typed once. 只填写一次。");
        await EveryPageTests.AssertWholeAsync(page, "form-limited", language);

        await page.GotoAsync("/list");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "list.csv", MimeType = "text/csv", Buffer = "gtin\n2900000000018\n"u8.ToArray() });
        await Assertions.Expect(page.Locator("#preview [role=alert]")).ToContainTextAsync(when);
        Assert.DoesNotContain(reader.Wrongs, w => w.StartsWith("script", StringComparison.Ordinal));

        // A form without a text of its own.
        await page.EvaluateAsync("""
            () => {
              const form = document.querySelector("#list");
              form.enctype = "application/x-www-form-urlencoded";
              form.action = "/sign-out";
              HTMLFormElement.prototype.submit.call(form);
            }
            """);
        await Assertions.Expect(page.Locator(".problem .lead")).ToContainTextAsync(when);
        await EveryPageTests.AssertWholeAsync(page, "problem-limited", language);
    }

    public sealed class LimitedBrowser : Browser
    {
        protected override string Seed => "none";

        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal) { ["Registry:RateLimit:PerMinute"] = "1" };
    }
}
