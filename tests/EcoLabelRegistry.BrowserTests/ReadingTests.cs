using System.Text.Json.Nodes;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>People read the registry: labels, agreements, the network, what would be found.</summary>
[Collection(ReadingCollection.Name)]
public sealed class ReadingTests(Browser browser)
{
    [Fact]
    public async Task Labels_are_searched_and_filtered()
    {
        await using var reader = await (await browser.ReaderAsync(scripts: false)).GoAsync("/labels");
        var page = reader.Page;
        var all = await page.Locator(".cards > li").CountAsync();
        await page.FillAsync("#q", "blauer engel");
        await page.ClickAsync("button:has-text('Show')");
        Assert.Equal("Blue Angel", await page.InnerTextAsync(".cards > li:first-child h2"));
        await page.GotoAsync("/labels");
        await page.SelectOptionAsync("#country", "JP");
        await page.ClickAsync("button:has-text('Show')");
        var japanese = await page.Locator(".cards > li").CountAsync();
        Assert.InRange(japanese, 1, all - 1);
        await page.ClickAsync("text=Eco Mark >> nth=0");
        Assert.Contains("China Environmental Labelling", await page.InnerTextAsync("section[aria-labelledby=accepts]"), StringComparison.Ordinal);
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task A_label_on_an_earlier_date_shows_who_recognised_it_then()
    {
        await using var reader = await (await browser.ReaderAsync(scripts: false)).GoAsync("/labels/eco-mark?asOf=2001-01-01");
        var page = reader.Page;
        Assert.DoesNotContain("China Environmental Labelling", await page.InnerTextAsync("section[aria-labelledby=accepts]"), StringComparison.Ordinal);
        await page.FillAsync("#asOf", "2019-11-01");
        await page.ClickAsync("button:has-text('Show')");
        Assert.Contains("China Environmental Labelling", await page.InnerTextAsync("section[aria-labelledby=accepts]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_cell_of_the_matrix_leads_to_the_agreement_that_it_shows()
    {
        await using var reader = await (await browser.ReaderAsync(scripts: false)).GoAsync("/recognition?asOf=2019-11-01");
        var page = reader.Page;
        var cells = await page.EvalOnSelectorAllAsync<string[]>(".matrix a", "cells => cells.map(c => c.getAttribute('href'))");
        var drawn = (await browser.GetAsync("/v1/network?asOf=2019-11-01")).GetProperty("edges").EnumerateArray()
            .Where(e => !e.GetProperty("sample").GetBoolean())
            .Select(e => $"/agreements/{e.GetProperty("agreement").GetString()}#{e.GetProperty("grant").GetString()}")
            .ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(cells);
        Assert.All(cells, cell => Assert.Contains(cell, drawn));
        await page.ClickAsync(".matrix a[aria-label^='China Environmental Labelling recognises Eco Mark']");
        Assert.Contains("/agreements/cel-ecomark-2005#", page.Url, StringComparison.Ordinal);
        Assert.True(await page.IsVisibleAsync(":target"));
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task The_slider_shows_agreements_come_and_the_address_follows()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/recognition?asOf=2019-12-31");
        var page = reader.Page;
        var then = await page.Locator(".matrix a").CountAsync();
        await page.FocusAsync("#year");
        await page.Keyboard.PressAsync("Home");
        await page.Locator("#drawn .empty").WaitForAsync();
        Assert.Contains("asOf=1998-12-31", page.Url, StringComparison.Ordinal);
        for (var year = 1999; year <= 2006; year++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await page.Locator(".matrix a").First.WaitForAsync();
        var early = await page.Locator(".matrix a").CountAsync();
        Assert.InRange(early, 1, then - 1);
        Assert.Equal("2006", await page.InnerTextAsync(".years output"));
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task A_comparison_shows_limits_in_common_units()
    {
        await using var reader = await (await browser.ReaderAsync(scripts: false)).GoAsync("/compare");
        var page = reader.Page;
        await page.SelectOptionAsync("#held", "green-seal-gs-11");
        await page.SelectOptionAsync("#wanted", "eu-ecolabel-2014-312-eu");
        await page.ClickAsync("button:has-text('Compare')");
        var compared = (await browser.GetAsync("/v1/standards/compare?held=green-seal-gs-11&wanted=eu-ecolabel-2014-312-eu")).GetProperty("criteria").GetArrayLength();
        Assert.Equal(compared, await page.Locator("table.compare tbody tr").CountAsync());
        Assert.Contains("g/L", await page.InnerTextAsync("table.compare"), StringComparison.Ordinal);
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task Before_a_tender_one_sees_what_qualifies_and_what_is_left_to_prove()
    {
        await using var reader = await (await browser.ReaderAsync(scripts: false)).GoAsync("/tender");
        var page = reader.Page;
        await page.FillAsync("#recognisedBy", "China Environmental Labelling");
        await page.SelectOptionAsync("#category", "it.digital-duplicator");
        await page.ClickAsync("button:has-text('Show')");
        Assert.Contains("Eco Mark", await page.InnerTextAsync("section[aria-labelledby=labels]"), StringComparison.Ordinal);
        var products = await page.InnerTextAsync("section[aria-labelledby=products]");
        Assert.Contains("RISOGRAPH MF935", products, StringComparison.Ordinal);
        await page.ClickAsync(".mini >> nth=0");
        Assert.Contains("/check?recognisedBy=cel&product=", page.Url, StringComparison.Ordinal);
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData("/check?recognisedBy=sample-beta&brand=Muster&model=Tisch%20T1", "table.prove")]
    [InlineData("/tender?recognisedBy=sample-beta", "section[aria-labelledby=products]")]
    [InlineData("/compare?held=green-seal-gs-11&wanted=eu-ecolabel-2014-312-eu", "main")]
    [InlineData("/certificates?asOf=2026-11-01", "main")]
    public async Task On_a_phone_no_deciding_column_is_off_the_screen(string address, string within)
    {
        await using var reader = await (await browser.ReaderAsync(width: 390)).GoAsync(address);
        var page = reader.Page;
        Assert.True(await page.Locator($"{within} td").CountAsync() > 0);
        Assert.Empty(await page.EvaluateAsync<string[]>(ListTests.CutOff, within));
        Assert.Equal("block", await page.EvaluateAsync<string>("within => getComputedStyle(document.querySelector(`${within} td`)).display.replace('flex', 'block')", within));
        Assert.NotEqual("none", await page.EvaluateAsync<string>("within => getComputedStyle(document.querySelector(`${within} td[data-label]`), '::before').content", within));
        await page.SetViewportSizeAsync(1280, 900);
        Assert.Equal("table-cell", await page.EvaluateAsync<string>("within => getComputedStyle(document.querySelector(`${within} td`)).display", within));
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-Hans")]
    public async Task No_name_in_matrix_and_graph_is_cut(string language)
    {
        await using var reader = await (await browser.ReaderAsync(language)).GoAsync("/recognition?samples=1&asOf=2026-11-01");
        var page = reader.Page;
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll("svg.drawing")].flatMap(drawing => {
              const box = drawing.getBoundingClientRect();
              return [...drawing.querySelectorAll("text")].filter(text => {
                const own = text.getBoundingClientRect();
                return own.left < box.left || own.right > box.right || own.top < box.top || own.bottom > box.bottom || text.textContent.includes("…");
              }).map(text => text.textContent);
            })
            """));
        Assert.Contains(language == "en" ? "China Environmental Labelling" : "中国环境标志", await page.Locator("svg.matrix text.scheme-name").AllTextContentsAsync());
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('svg.matrix').getBoundingClientRect().width < document.querySelector('main').clientWidth"));
    }

    [Fact]
    public async Task A_product_says_by_schema_org_who_recognises_its_certificates()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/products/p-93fc56e22692c3490803?asOf=2019-11-01");
        var linked = JsonNode.Parse(await reader.Page.TextContentAsync("script[type='application/ld+json']") ?? "")!;
        Assert.Equal("Product", (string?)linked["@type"]);
        Assert.Equal("RISOGRAPH MF935", (string?)linked["name"]);
        var certification = linked["hasCertification"]![0]!;
        Assert.Equal("17 133 003", (string?)certification["certificationIdentification"]);
        Assert.Contains(certification["recognizedBy"]!.AsArray(), r => (string?)r!["@id"] == browser.Site + "/labels/cel");
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task The_change_log_is_read_backwards_and_its_chain_is_proven_on_demand()
    {
        await using var reader = await (await browser.ReaderAsync(scripts: false)).GoAsync("/changes?kind=agreements");
        var page = reader.Page;
        var shown = await page.EvalOnSelectorAllAsync<string[]>("tbody th", "cells => cells.map(c => c.querySelector('a')?.getAttribute('href') ?? '')");
        Assert.NotEmpty(shown);
        Assert.All(shown, what => Assert.StartsWith("/agreements/", what, StringComparison.Ordinal));
        var first = long.Parse(await page.InnerTextAsync("tbody tr:first-child td:first-child"), System.Globalization.CultureInfo.InvariantCulture);
        await page.ClickAsync(".pages a");
        var next = long.Parse(await page.InnerTextAsync("tbody tr:first-child td:first-child"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(next < first);
        await page.ClickAsync("text=Verify the whole chain");
        Assert.Contains("Whole", await page.InnerTextAsync(".proof-valid"), StringComparison.Ordinal);
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData("/labels/nobody")]
    [InlineData("/agreements/nothing")]
    [InlineData("/products/p-0")]
    [InlineData("/certificates/none")]
    [InlineData("/policies/none")]
    [InlineData("/standards/none")]
    public async Task What_is_not_on_record_is_said_on_a_page(string address)
    {
        await using var reader = await browser.ReaderAsync(scripts: false);
        var answer = await reader.Page.GotoAsync(address);
        Assert.Equal(404, answer!.Status);
        Assert.Contains(address[(address.LastIndexOf('/') + 1)..], await reader.Page.InnerTextAsync(".problem .lead"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/recognition?asOf=2019-13-45", "2019-13-45")]
    [InlineData("/labels?category=nothing.of-this", "nothing.of-this")]
    [InlineData("/changes?before=x", "")]
    [InlineData("/tender?recognisedBy=nobody&asOf=1", "nobody")]
    public async Task Bad_input_is_answered_with_a_page(string address, string named)
    {
        await using var reader = await browser.ReaderAsync(scripts: false);
        var answer = await reader.Page.GotoAsync(address);
        Assert.InRange(answer!.Status, 200, 499);
        Assert.Contains(named, await reader.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.True(await reader.Page.IsVisibleAsync("header.top"));
    }
}
