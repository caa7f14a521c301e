using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>Suggestions while one types: what resembles it on record, chosen by keyboard, told to screen readers, and dispensable.</summary>
[Collection(ReadingCollection.Name)]
public sealed class SuggestTests(Browser browser)
{
    private const string Requests = "**/v1/match?**";

    [Fact]
    public async Task A_name_with_a_slip_suggests_the_product_and_the_keyboard_takes_it()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/");
        var page = reader.Page;
        var box = page.GetByRole(AriaRole.Combobox, new() { Name = await page.InnerTextAsync("label[for=what]") });
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-expanded", "false");
        await box.PressSequentiallyAsync("risogarph mf935");

        var options = page.GetByRole(AriaRole.Listbox).GetByRole(AriaRole.Option);
        await Assertions.Expect(options.First).ToContainTextAsync("RISOGRAPH MF935");
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-autocomplete", "list");
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-expanded", "true");
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-controls", (await page.GetByRole(AriaRole.Listbox).GetAttributeAsync("id"))!);
        Assert.Null(await box.GetAttributeAsync("aria-activedescendant")); // nothing is chosen before somebody chooses
        var count = await options.CountAsync();
        await Assertions.Expect(page.Locator(".combobox [role=status]")).ToContainTextAsync(count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Empty(await Axe.ViolationsAsync(page, Axe.All));

        await box.PressAsync("ArrowUp");
        Assert.Equal(await options.Last.GetAttributeAsync("id"), await box.GetAttributeAsync("aria-activedescendant"));
        await box.PressAsync("ArrowDown");
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-activedescendant", (await options.First.GetAttributeAsync("id"))!);
        await Assertions.Expect(page.Locator("[role=option][aria-selected=true]")).ToHaveCountAsync(1);
        await Assertions.Expect(options.First).ToHaveAttributeAsync("aria-selected", "true");
        await Assertions.Expect(box).ToBeFocusedAsync();
        Assert.Empty(await Axe.ViolationsAsync(page, Axe.All));

        await box.PressAsync("Enter");
        await Assertions.Expect(box).ToHaveValueAsync("RISOGRAPH MF935");
        await Assertions.Expect(box).ToBeFocusedAsync();
        await AssertClosedAsync(page, box);
        Assert.Equal("/", new Uri(page.Url).AbsolutePath); // taking is not sending
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData("muster ti", "Muster Tisch T1")]
    [InlineData("muster sti", "Muster Set Stift", "Muster Stift S1")]
    public async Task Of_what_fits_equally_well_comes_first_what_was_begun(string typed, params string[] first)
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/");
        var page = reader.Page;
        await page.Locator("#what").PressSequentiallyAsync(typed);
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        var shown = await page.Locator("[role=option] > span:first-child").AllInnerTextsAsync();
        Assert.Equal(first.Order(StringComparer.Ordinal), shown.Take(first.Length).Order(StringComparer.Ordinal));
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task Escape_closes_the_list_and_keeps_what_was_typed()
    {
        await using var reader = await (await browser.ReaderAsync("zh-Hans")).GoAsync("/");
        var page = reader.Page;
        var box = page.Locator("#what");
        await box.PressSequentiallyAsync("risograph");
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await box.PressAsync("ArrowDown");
        await box.PressAsync("Escape");
        await Assertions.Expect(box).ToHaveValueAsync("risograph");
        await Assertions.Expect(box).ToBeFocusedAsync();
        await AssertClosedAsync(page, box);

        await box.PressSequentiallyAsync(" mf");
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await page.Keyboard.PressAsync("Tab");
        await AssertClosedAsync(page, box); // who goes on leaves nothing open behind
        await Assertions.Expect(box).ToHaveValueAsync("risograph mf");
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(503, """{ "code": "unavailable" }""")]
    [InlineData(429, """{ "code": "too-many-requests" }""")]
    [InlineData(200, "<p>A proxy's own page</p>")]
    [InlineData(200, "{}")]
    public async Task When_the_request_fails_the_box_is_a_field_like_any_other(int status, string body)
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/");
        var page = reader.Page;
        var box = page.Locator("#what");
        await box.PressSequentiallyAsync("risograph");
        await page.GetByRole(AriaRole.Option).First.WaitForAsync();
        await page.RouteAsync(Requests, route => status == 0 ? route.AbortAsync() : route.FulfillAsync(new() { Status = status, Body = body, ContentType = "application/json" }));
        var failed = new TaskCompletionSource();
        void Ended(object? sender, IRequest request)
        {
            if (request.Url.Contains("mf935", StringComparison.Ordinal))
            {
                failed.TrySetResult();
            }
        }

        page.RequestFailed += Ended;
        page.RequestFinished += Ended;
        await box.PressSequentiallyAsync(" mf935");
        await failed.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await AssertClosedAsync(page, box); // what was suggested for less is gone
        await page.FillAsync("#recognisedBy", "China Environmental Labelling");
        await page.FillAsync("#asOf", "2019-11-01");
        await box.PressAsync("Enter");
        await page.Locator(".verdict-partly").WaitForAsync();
        Assert.DoesNotContain(reader.Wrongs, w => w.StartsWith("script", StringComparison.Ordinal));
    }

    private static async Task AssertClosedAsync(IPage page, ILocator box)
    {
        await Assertions.Expect(page.Locator("#what-list")).ToBeHiddenAsync();
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-expanded", "false");
        Assert.Null(await box.GetAttributeAsync("aria-activedescendant"));
    }
}
