using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>A person asks the main question.</summary>
[Collection(ReadingCollection.Name)]
public sealed partial class CheckTests(Browser browser)
{
    [Fact]
    public async Task A_check_needs_nothing_but_the_keyboard()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/");
        var page = reader.Page;
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("#content", await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        await page.Keyboard.PressAsync("Enter"); // past the navigation
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("what", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.Keyboard.TypeAsync("risograph mf93");
        await page.Locator("[role=option]").First.WaitForAsync();
        Assert.Equal("true", await page.GetAttributeAsync("#what", "aria-expanded"));
        await page.Keyboard.PressAsync("ArrowDown");
        var chosen = await page.GetAttributeAsync("#what", "aria-activedescendant");
        Assert.Equal("true", await page.GetAttributeAsync("#" + chosen, "aria-selected"));
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("RISOGRAPH MF935", await page.InputValueAsync("#what"));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("China Environmental Labelling");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("11012019");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".verdict-partly").WaitForAsync();
        Assert.Matches(@"/check\?recognisedBy=cel&brand=RISOGRAPH&model=MF935&asOf=\d{4}-\d{2}-\d{2}&knownAt=\d+$", page.Url);
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task Without_scripts_a_product_is_checked_and_read_as_well()
    {
        await using var reader = await (await browser.ReaderAsync(scripts: false)).GoAsync("/");
        var page = reader.Page;
        await page.FillAsync("#what", "eco-mark 17 133 003");
        await page.FillAsync("#recognisedBy", "中国环境标志");
        await page.FillAsync("#asOf", "2019-11-01");
        await page.ClickAsync("button.primary");
        Assert.Equal("Partly", await page.InnerTextAsync(".verdict .word"));
        Assert.Contains("Eco Mark 17 133 003", await page.InnerTextAsync(".chain"), StringComparison.Ordinal);
        Assert.Contains("HJ 424 2017", await page.InnerTextAsync(".checklist"), StringComparison.Ordinal);
        Assert.False(await page.IsVisibleAsync("button.print"));
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData("2900000000081", "Digits 12 and 13 are swapped.")]
    [InlineData("2900000030018", "Digit 9 is wrong: 3 was typed, and with 0 in its place the number is on record.")]
    public async Task A_typing_error_in_a_GTIN_is_told_with_its_digit_and_one_click_mends_it(string typed, string told)
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync($"/check?what={typed}&recognisedBy=sample-beta&asOf=2026-11-01");
        var page = reader.Page;
        Assert.Contains(told, await page.InnerTextAsync(".notice"), StringComparison.Ordinal);
        Assert.Equal("true", await page.GetAttributeAsync("#what", "aria-invalid"));
        Assert.Equal(typed, await page.InputValueAsync("#what"));
        await page.ClickAsync(".notice a.button");
        Assert.Equal("Yes", await page.InnerTextAsync(".verdict .word"));
    }

    [Fact]
    public async Task A_label_that_nobody_knows_is_answered_with_those_that_resemble_it()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/check?what=2900000000018&recognisedBy=sampel-beta");
        var page = reader.Page;
        Assert.Contains("sampel-beta", await page.InnerTextAsync("#recognisedBy-fault"), StringComparison.Ordinal);
        await page.ClickAsync(".near a >> nth=0");
        Assert.Contains("recognisedBy=sample-beta", page.Url, StringComparison.Ordinal);
        Assert.Equal("Yes", await page.InnerTextAsync(".verdict .word"));
    }

    [Fact]
    public async Task The_switch_of_language_keeps_the_place_and_the_language_stays()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/check?recognisedBy=sample-beta&gtin=2900000000018&asOf=2026-11-01");
        var page = reader.Page;
        var english = page.Url;
        await page.ClickAsync(".languages [lang=zh-Hans]");
        Assert.Equal(english + "&lang=zh-Hans", page.Url);
        Assert.Equal("是", await page.InnerTextAsync(".verdict .word"));
        await page.GotoAsync(english);
        Assert.Equal("zh-Hans", await page.GetAttributeAsync("html", "lang"));
        Assert.Contains("2026年11月1日", await page.InnerTextAsync(".facts"), StringComparison.Ordinal);
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task The_front_page_weighs_less_than_100_KB_in_all()
    {
        await using var reader = await browser.ReaderAsync();
        var answers = new List<IResponse>();
        reader.Page.Response += (_, answer) => answers.Add(answer);
        await reader.Page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });
        var sizes = await Task.WhenAll(answers.ToList().Select(async a => (a.Url, Bytes: (await a.BodyAsync()).Length)));
        Assert.True(sizes.Length >= 3, "page, stylesheet, script");
        Assert.True(sizes.Sum(s => s.Bytes) < 100_000, string.Join("\n", sizes));
    }

    [Fact]
    public async Task The_evidence_is_one_file_whose_parts_have_the_hashes_that_it_names()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/check?recognisedBy=cel&scheme=eco-mark&certificate=17%20133%20003&asOf=2019-11-01");
        var page = reader.Page;
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("text=Evidence as one file"));
        Assert.Matches(@"^evidence-2019-11-01-r\d+\.json$", download.SuggestedFilename);
        await using var stream = await download.CreateReadStreamAsync();
        var evidence = (await JsonNode.ParseAsync(stream))!;
        Assert.Equal("partly", (string?)evidence["answer"]!["answer"]);
        Assert.NotEmpty(evidence["agreements"]!["cel-ecomark-2005"]!["texts"]!.AsArray());
        Assert.Equal((string?)evidence["head"], await page.InnerTextAsync(".keep .hash"));

        // The hash of a part, made again from the file alone.
        var scheme = evidence["schemes"]!["cel"]!;
        Assert.Equal((string?)evidence["hashes"]!["/v1/schemes/cel"], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(scheme)))));

        // And the JSON behind the page says the same.
        var behind = JsonNode.Parse(await browser.Client.GetStringAsync(new Uri(browser.Site + await page.GetAttributeAsync(".actions a:has-text('JSON')", "href"))))!;
        Assert.True(JsonNode.DeepEquals(evidence["answer"], behind));
    }

    [Fact]
    public async Task What_a_person_types_comes_back_as_text()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/check?recognisedBy=cel&what=%3Cscript%3Edocument.title%3D1%3C%2Fscript%3E\"'><b>x");
        Assert.Contains("<script>document.title=1</script>\"'><b>x", await reader.Page.InnerTextAsync(".notice h2"), StringComparison.Ordinal);
        Assert.NotEqual("1", await reader.Page.TitleAsync());
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task An_address_that_names_nothing_is_a_page_for_people_and_a_document_for_programs()
    {
        await using var reader = await (await browser.ReaderAsync("zh-Hans")).GoAsync("/nothing-here");
        Assert.Equal("zh-Hans", await reader.Page.GetAttributeAsync("html", "lang"));
        Assert.Contains("404", await reader.Page.InnerTextAsync(".problem"), StringComparison.Ordinal);
        Assert.Empty(await Axe.ViolationsAsync(reader.Page, Axe.All));
        using var answer = await browser.Client.GetAsync(new Uri(browser.Site + "/nothing-here"));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task An_answer_prints_for_a_tender_file()
    {
        await using var reader = await (await browser.ReaderAsync()).GoAsync("/check?recognisedBy=cel&scheme=eco-mark&certificate=17%20133%20003&asOf=2019-11-01");
        var page = reader.Page;
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, "answer-print.png"), FullPage = true });
        Assert.False(await page.IsVisibleAsync("nav.places"));
        Assert.False(await page.IsVisibleAsync("form.check"));
        Assert.True(await page.IsVisibleAsync(".verdict"));
        Assert.True(await page.IsVisibleAsync(".address"));
    }

    // Canonical JSON (RFC 8785) of what a record holds: texts, whole numbers, truths, lists and objects; decimals do not occur in it.
    private static string Canonical(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => "{" + string.Join(',', members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Text(m.Key) + ":" + Canonical(m.Value))) + "}",
        JsonArray items => "[" + string.Join(',', items.Select(Canonical)) + "]",
        _ when node.GetValueKind() == JsonValueKind.String => Text(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Text(string text) => "\"" + Escaped().Replace(text, match => "\\" + match.Value) + "\"";

    [GeneratedRegex("[\"\\\\]", RegexOptions.None, 1000)]
    private static partial Regex Escaped();
}
