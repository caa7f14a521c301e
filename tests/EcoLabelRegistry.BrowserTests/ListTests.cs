using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Tests.Checks.Lists;
using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>An officer has a list: from its file to the answers, and on to the report.</summary>
[Collection(ReadingCollection.Name)]
public sealed class ListTests(Browser browser)
{
    private const string Day = "2026-11-01";
    private const string Hostile = "<script>window.hit=1</script><img src=x onerror=window.hit=1>";

    private static readonly string[] Own =
        ["answer", "outcome", "certificate_scheme", "certificate_number", "agreement", "level", "conditions", "holds_until", "reasons", "warnings"];

    // Selectors with each answer that a recogniser gives, and what cannot be asked.
    private static readonly string[][] Asked =
    [
        ["2900000000018", "", ""], ["", "Muster", "Tisch T1"], ["", "RISOGRAPH", "MF935"], ["4006381333931", "", ""], ["2900000000025", "", ""], ["2900000000019", "", ""], ["", "", ""],
    ];

    private static readonly string[] Answers = ["yes", "partly", "no", "unknown", "no", "", ""];

    private static readonly string[] Remarks = [Hostile, "=1+1", "a,b \"c\"", "two\nlines", "", "环保 打印机", " spaces "];

    [Fact]
    public async Task A_list_of_10_000_rows_goes_from_drop_to_download()
    {
        const int Rows = 10_000;
        string[][] rows = [["no", "gtin", "brand", "model", "remark"], .. Enumerable.Range(0, Rows).Select(i => Row(i))];
        await using var reader = await OpenAsync();
        var page = reader.Page;
        await DropAsync(page, "bid.csv", Encoding.UTF8.GetBytes(Text(rows)));
        Assert.Equal(["id", "gtin", "brand", "model", ""], await MeaningsAsync(page));
        await AskAsync(page);
        Assert.Equal("Lines answered: 10,000.", await page.InnerTextAsync("#said"));
        Assert.Contains("10,000", await page.InnerTextAsync(".totals [data-answer='']"), StringComparison.Ordinal);
        Assert.Contains((Rows / 7 + 1).ToString("N0", CultureInfo.InvariantCulture), await page.InnerTextAsync(".totals [data-answer=yes]"), StringComparison.Ordinal);

        var answered = await DownloadAsync(page, "#download", "bid-checked.csv");
        Assert.Equal(Rows + 1, answered.Count);
        Assert.Equal(rows[0].Concat(Own), answered[0]);
        Assert.All(answered.Index().Skip(1), line =>
        {
            Assert.Equal(rows[line.Index], line.Item[..5]);
            Assert.Equal(15, line.Item.Count);
            Assert.Equal(Answers[(line.Index - 1) % 7], line.Item[5]);
        });

        // The single check says the same of a sample, and a click leads to it.
        for (var i = 1; i <= Rows; i += 397)
        {
            var (gtin, brand, model) = (answered[i][1], answered[i][2], answered[i][3]);
            if (answered[i][5].Length > 0)
            {
                var what = gtin.Length > 0 ? "gtin=" + gtin : $"brand={Uri.EscapeDataString(brand)}&model={Uri.EscapeDataString(model)}";
                var single = await browser.GetAsync($"/v1/check?recognisedBy=sample-beta&asOf={Day}&{what}");
                Assert.Equal((single.GetProperty("answer").GetString(), single.GetProperty("outcome").GetString()), (answered[i][5], answered[i][6]));
            }
        }

        Assert.Equal(100, await page.Locator("#rows tbody tr").CountAsync());
        Assert.Contains(Hostile, await page.InnerTextAsync("#rows tbody tr:nth-child(1)"), StringComparison.Ordinal);
        Assert.Contains("=1+1", await page.InnerTextAsync("#rows tbody tr:nth-child(2)"), StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("() => window.hit === undefined && !document.querySelector('main img')"));
        Assert.Empty(reader.Wrongs);
        await page.ClickAsync("#rows tbody tr:nth-child(1) a");
        Assert.Equal("Yes", await page.InnerTextAsync(".verdict .word"));
        Assert.Matches($@"gtin=2900000000018.*asOf={Day}&knownAt=\d+$", page.Url);

        static string[] Row(int i) => [(i + 1).ToString(CultureInfo.InvariantCulture), .. Asked[i % 7], Remarks[i % 7]];
    }

    [Fact]
    public async Task The_answers_are_filtered_sorted_and_turned_over()
    {
        await using var reader = await OpenAsync();
        var page = reader.Page;
        string[][] rows = [["gtin", "brand", "model", "price", "remark"], .. Enumerable.Range(0, 350).Select(i =>
            (string[])[.. Asked[i % 7], (i * 37 % 350).ToString(CultureInfo.InvariantCulture), $"remark \"{(i == 123 ? "Öko Papier" : "")}\", {349 - i}"])];
        await ChooseAsync(page, "prices.csv", Encoding.UTF8.GetBytes(Text(rows)));
        await AskAsync(page);
        Assert.Equal("351", await page.GetAttributeAsync("#rows", "aria-rowcount"));
        Assert.Equal("of 4", await page.InnerTextAsync("#page-of"));

        await page.ClickAsync("[data-go=last]");
        await ShownAsync(page, "Lines 301 to 350 of 350");
        Assert.Equal("302", await page.GetAttributeAsync("#rows tbody tr >> nth=0", "aria-rowindex"));
        await page.FillAsync("#page-number", "2");
        await page.Keyboard.PressAsync("Tab");
        await ShownAsync(page, "Lines 101 to 200 of 350");

        await page.ClickAsync(".totals [data-answer=no]");
        await ShownAsync(page, "Lines 1 to 100 of 100");
        Assert.Equal("true", await page.GetAttributeAsync(".totals [data-answer=no]", "aria-pressed"));
        Assert.Equal(["○ No"], (await page.Locator("#rows tbody td:nth-child(2)").AllInnerTextsAsync()).Select(t => t.StartsWith('○') ? t : "○ " + t).Distinct(StringComparer.Ordinal));
        await page.ClickAsync(".totals [data-answer='']");
        await ShownAsync(page, "Lines 1 to 100 of 350");

        await page.ClickAsync("#rows thead button:has-text('price')");
        await page.Locator("th[aria-sort=ascending]").WaitForAsync();
        Assert.Equal(["0", "1", "2"], (await page.Locator("#rows tbody td:nth-child(9)").AllInnerTextsAsync()).Take(3)); // by value, not by letter
        await page.Keyboard.PressAsync("Enter"); // the button has kept the keyboard
        await page.Locator("th[aria-sort=descending]").WaitForAsync();
        Assert.Equal(["349", "348", "347"], (await page.Locator("#rows tbody td:nth-child(9)").AllInnerTextsAsync()).Take(3));

        await page.ClickAsync("#rows thead button:has-text('remark')");
        await page.Locator("th[aria-sort=ascending]:has-text('remark')").WaitForAsync();
        Assert.Equal(["remark \"\", 0", "remark \"\", 1", "remark \"\", 10"], (await page.Locator("#rows tbody td:nth-child(10)").AllInnerTextsAsync()).Take(3));
        await page.FillAsync("#seek", "öko pap");
        await ShownAsync(page, "Lines 1 to 1 of 1");
        Assert.Contains("Öko Papier\", 226", await page.InnerTextAsync("#rows tbody"), StringComparison.Ordinal);
        await page.FillAsync("#seek", "no such text");
        await ShownAsync(page, "No line fits.");
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData("gb18030")]
    [InlineData("utf-16")]
    [InlineData("utf-8")]
    public async Task A_header_that_nobody_knows_is_mapped_by_hand_in_any_encoding(string name)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        byte[] file = [.. name == "utf-16" ? encoding.GetPreamble() : [], .. encoding.GetBytes("厂家;规格;备注\nMuster;Tisch T1;办公桌\n理想;无;未知\n")];
        await using var reader = await OpenAsync("zh-Hans");
        var page = reader.Page;
        await ChooseAsync(page, "清单.csv", file);
        Assert.Equal(["", "", ""], await MeaningsAsync(page));
        Assert.Contains("办公桌", await page.InnerTextAsync("#preview"), StringComparison.Ordinal);

        await page.FillAsync("#recognisedBy", "sample-beta");
        await page.ClickAsync("button.primary");
        Assert.Equal("还没有任何一列指明是哪个产品。请在上方选择各列的含义：“GTIN（条码）”，或“品牌”和“型号”，或“认证标志”和“证书编号”。", await page.InnerTextAsync("#preview .fault"));

        await page.SelectOptionAsync("select[name=column] >> nth=0", "brand");
        await page.SelectOptionAsync("select[name=column] >> nth=1", "model");
        await AskAsync(page);
        var answered = await DownloadAsync(page, "#download", "清单-checked.csv");
        Assert.Equal(["厂家", "规格", "备注", "answer"], answered[0][..4]);
        Assert.Equal(["Muster", "Tisch T1", "办公桌", "partly"], answered[1][..4]);
        Assert.Equal(["理想", "无", "未知", "unknown"], answered[2][..4]);
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task A_workbook_and_a_catalogue_are_shown_and_answered_alike()
    {
        await using var reader = await OpenAsync();
        var page = reader.Page;
        await ChooseAsync(page, "bid.xlsx", Listed.Workbook(["Hersteller", "Typ", "Preis"], ["Muster", "Tisch T1", "#12.5"], ["RISOGRAPH", "MF935", Hostile]));
        await page.SelectOptionAsync("select[name=column] >> nth=0", "brand");
        await page.SelectOptionAsync("select[name=column] >> nth=1", "model");
        await AskAsync(page);
        var answered = await DownloadAsync(page, "#download", "bid-checked.csv");
        Assert.Equal(["Hersteller", "Typ", "Preis", "answer"], answered[0][..4]);
        Assert.Equal(["Muster", "Tisch T1", "12.5", "partly"], answered[1][..4]);
        Assert.Equal(["RISOGRAPH", "MF935", Hostile, "no"], answered[2][..4]);

        await ChooseAsync(page, "catalogue.xml", """
            <Catalogue xmlns="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
              <cac:CatalogueLine><cbc:ID>1</cbc:ID><cac:Item><cac:StandardItemIdentification><cbc:ID schemeID="0160">2900000000018</cbc:ID></cac:StandardItemIdentification></cac:Item></cac:CatalogueLine>
              <cac:CatalogueLine><cbc:ID>2</cbc:ID><cac:Item><cac:CommodityClassification><cbc:ItemClassificationCode listID="CPV">44810000</cbc:ItemClassificationCode></cac:CommodityClassification></cac:Item></cac:CatalogueLine>
            </Catalogue>
            """u8.ToArray());
        Assert.Contains("Items: 2.", await page.InnerTextAsync("#preview"), StringComparison.Ordinal);
        await AskAsync(page);
        Assert.Contains("Yes", await page.InnerTextAsync("#rows tbody tr:nth-child(1)"), StringComparison.Ordinal);
        Assert.Contains("Labels accepted for this class: Example Label Alpha", await page.InnerTextAsync("#rows tbody tr:nth-child(2)"), StringComparison.Ordinal);
        Assert.Equal("accepted", (await DownloadAsync(page, "#download", "catalogue-checked.csv"))[0][^1]);
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData("bid.pdf", "%PDF-1.7\n\u0001\u0002\u0003 stream", "This is a PDF document, not a list.", null)]
    [InlineData("small.pdf", "%PDF-1.4\n1 0 obj\n<< >>\nendobj\n", "This is a PDF document, not a list.", null)]
    [InlineData("scan.png", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001\0\0\0\u0001\b\u0006\0\0\0", "This is a picture, not a list.", null)]
    [InlineData("old.xls", "\u00d0\u00cf\u0011\u00e0\0\0\0\0\0\0\0\0", "workbook of the old form", null)]
    [InlineData("noise.bin", "\u0001\0\0\u0002\0\0\0\0\0\u0003\0\0\0\0\u0005\0", "This is no text and no workbook.", null)]
    [InlineData("bid.xlsx", "PK\u0003\u0004 no zip at all", "The file is no workbook", null)]
    [InlineData("bid.xml", "<Invoice xmlns='urn:x'><ID>1</ID></Invoice>", "The document is a \"Invoice\".", "<Invoice")]
    [InlineData("bid.json", "{\"a\": 1}", "", "{\"a\": 1}")]
    [InlineData("bid.csv", "", "The file is empty", null)]
    public async Task A_wrong_file_says_what_was_expected_and_shows_its_first_lines(string name, string content, string told, string? line)
    {
        await using var reader = await OpenAsync();
        var page = reader.Page;
        await page.SetInputFilesAsync("#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = Encoding.Latin1.GetBytes(content) });
        await page.Locator("#preview .notice").WaitForAsync();
        var notice = await page.InnerTextAsync("#preview .notice");
        Assert.Contains(told, notice, StringComparison.Ordinal);
        Assert.Contains("Expected is a table with a header", notice, StringComparison.Ordinal);
        Assert.Equal(line is not null, await page.Locator("#preview pre").CountAsync() > 0);
        Assert.Contains(line ?? "", notice, StringComparison.Ordinal);
        Assert.Empty(await Axe.ViolationsAsync(page, Axe.All));
        await page.FillAsync("#recognisedBy", "cel");
        await page.ClickAsync("button.primary");
        Assert.False(await page.IsVisibleAsync("#progress")); // nothing is sent
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task A_letter_of_a_word_processor_is_no_workbook()
    {
        using var letter = new MemoryStream();
        using (var zip = new ZipArchive(letter, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("[Content_Types].xml");
            zip.CreateEntry("word/document.xml");
        }

        await using var reader = await OpenAsync();
        var page = reader.Page;
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "letter.docx", MimeType = "application/octet-stream", Buffer = letter.ToArray() });
        await page.Locator("#preview .notice").WaitForAsync();
        Assert.Contains("This is a document of a word processor", await page.InnerTextAsync("#preview .notice"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("#preview pre").CountAsync());
        Assert.Empty(reader.Wrongs);
    }

    [Theory]
    [InlineData("en", "check digit is 9, and the digits before it call for 8", "sample-alpha")]
    [InlineData("zh-Hans", "其校验位为 9", "sample-alpha")]
    public async Task A_row_that_could_not_be_asked_says_which_digit_is_wrong_and_which_label_is_near(string language, string digit, string near)
    {
        await using var reader = await OpenAsync(language);
        var page = reader.Page;
        await ChooseAsync(page, "slips.csv", "gtin,scheme,certificate\n2900000000018,,\n2900000000019,,\n,sampel-alpha,SAMPLE-A-0001\n"u8.ToArray());
        await AskAsync(page);
        await page.Locator($"#rows tr:nth-child(2) .why:has-text('{digit}')").WaitForAsync();
        await page.Locator($"#rows tr:nth-child(3) .why:has-text('{near}')").WaitForAsync();
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task Who_would_lose_a_list_is_asked_before_he_leaves_and_the_language_keeps_the_fields()
    {
        await using var reader = await OpenAsync();
        var page = reader.Page;
        var asked = 0;
        page.Dialog += (_, dialog) =>
        {
            asked += dialog.Type == DialogType.BeforeUnload ? 1 : 0;
            _ = dialog.AcceptAsync();
        };
        await page.FillAsync("#recognisedBy", "sample-beta");
        await page.ClickAsync(".languages [lang=zh-Hans]"); // no file yet: nothing would be lost
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-Hans");
        await Assertions.Expect(page.Locator("#recognisedBy")).ToHaveValueAsync("sample-beta");
        Assert.Equal(0, asked);

        await ChooseAsync(page, "bid.csv", "gtin\n2900000000018\n"u8.ToArray());
        await page.ClickAsync(".languages [lang=en]");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Assertions.Expect(page.Locator("#recognisedBy")).ToHaveValueAsync("sample-beta");
        Assert.Equal(1, asked);
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task On_a_phone_columns_report_and_shares_fit_the_window()
    {
        await using var reader = await OpenAsync();
        var page = reader.Page;
        await page.SetViewportSizeAsync(390, 900);
        await ChooseAsync(page, "spent.csv", "gtin,category,spend\n2900000000018,coatings,10\n4006381333931,furniture,30\n"u8.ToArray());
        Assert.Empty(await page.EvaluateAsync<string[]>(CutOff, "#preview"));
        await AskAsync(page);
        await page.ClickAsync("#make-report");
        await page.Locator("#report").WaitForAsync();
        Assert.Empty(await page.EvaluateAsync<string[]>(CutOff, "#report"));
        Assert.Equal("\"Share of spend\"", await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('[data-table=answer] td:last-child'), '::before').content"));
        Assert.Equal(["Yes", "Not known"], await page.Locator("[data-chart=category] .bar-legend li").AllInnerTextsAsync());
        Assert.Empty(await Axe.ViolationsAsync(page, Axe.All));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, "report-en-390.png"), FullPage = true });
    }

    // What stands beyond the right edge of the window, whether or not a box around it scrolls.
    internal const string CutOff = """
        within => [...document.querySelectorAll(`${within} :is(td, th, select, caption)`)].filter(e => e.checkVisibility({ opacityProperty: true }) && !e.closest("thead")
          && e.getBoundingClientRect().right > document.documentElement.clientWidth).map(e => e.outerHTML.slice(0, 120))
        """;

    [Fact]
    public async Task What_is_wrong_with_a_field_is_said_beside_it_before_anything_is_sent()
    {
        await using var reader = await OpenAsync();
        var page = reader.Page;
        await ChooseAsync(page, "bid.csv", "gtin\n2900000000018\n"u8.ToArray());
        await page.FillAsync("#recognisedBy", "sampel-beta");
        await page.ClickAsync("button.primary");
        await page.Locator(".fault:has-text('sampel-beta')").WaitForAsync();
        Assert.Equal("true", await page.GetAttributeAsync("#recognisedBy", "aria-invalid"));
        await page.ClickAsync("button.said-by-script:has-text('sample-beta')");
        await page.ClickAsync("button.primary");
        await page.Locator("#results").WaitForAsync();
        Assert.Equal("Yes", (await page.InnerTextAsync("#rows tbody td a")).Trim('●', ' '));
        Assert.Empty(reader.Wrongs);
    }

    [Fact]
    public async Task A_list_can_be_cancelled_and_a_broken_connection_is_told_and_tried_again()
    {
        await using var reader = await OpenAsync();
        var page = reader.Page;
        await ChooseAsync(page, "bid.csv", "gtin\n2900000000018\n"u8.ToArray());
        await page.FillAsync("#recognisedBy", "sample-beta");
        await page.RouteAsync("**/v1/checks*", _ => Task.CompletedTask); // never answered
        await page.ClickAsync("button.primary");
        await page.ClickAsync("#cancel");
        await page.Locator("#said:has-text('Cancelled.')").WaitForAsync();
        await page.UnrouteAllAsync();

        await page.RouteAsync("**/v1/checks*", route => route.AbortAsync("connectionreset"));
        await page.ClickAsync("#again");
        await page.Locator("#said:has-text('The connection broke off')").WaitForAsync();
        await page.UnrouteAllAsync();

        await page.RouteAsync("**/v1/checks*", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = """{"detail":"Not now."}""" }));
        await page.ClickAsync("#again");
        await page.Locator("#said:has-text('The list was refused: Not now.')").WaitForAsync();
        await page.UnrouteAllAsync();

        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.id === 'again'"));
        await page.ClickAsync("#again");
        await page.Locator("#results tbody tr").WaitForAsync();
        Assert.False(await page.IsVisibleAsync("#again"));
    }

    [Fact]
    public async Task Without_scripts_the_form_gives_the_answers_as_a_file()
    {
        await using var reader = await OpenAsync(scripts: false);
        var page = reader.Page;
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "标书.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("条码;备注\n2900000000018;x\n") });
        await page.FillAsync("#recognisedBy", "sample-beta");
        await page.FillAsync("#asOf", Day);
        var answered = await DownloadAsync(page, "button.primary", "标书-checked.csv");
        Assert.Equal(["条码", "备注", "answer"], answered[0][..3]);
        Assert.Equal(["2900000000018", "x", "yes"], answered[1][..3]);
        Assert.DoesNotContain(reader.Wrongs, w => !w.EndsWith("net::ERR_ABORTED", StringComparison.Ordinal)); // as the browser calls a download

        await page.SetInputFilesAsync("#file", new FilePayload { Name = "bid.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes($"Hersteller,Typ\nMuster,{Hostile}\n") });
        await page.FillAsync("#recognisedBy", "sampel-beta");
        await page.ClickAsync("button.primary");
        Assert.Contains("Hersteller, Typ", await page.InnerTextAsync(".preview .notice"), StringComparison.Ordinal);
        Assert.Contains("Muster | " + Hostile, await page.InnerTextAsync(".preview pre"), StringComparison.Ordinal);
        Assert.Contains("sampel-beta", await page.InnerTextAsync("#recognisedBy-hint"), StringComparison.Ordinal);
        Assert.Single(reader.Wrongs, w => w.StartsWith("400", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_adds_up_what_was_read_and_says_what_was_not()
    {
        await using var reader = await OpenAsync();
        var page = reader.Page;
        await ChooseAsync(page, "spent 2026.csv", Encoding.UTF8.GetBytes(string.Join('\n',
            "gtin;brand;model;category;quantity;spend",
            "2900000000018;;;coatings;10;1.234,50 €",
            "2900000000018;;;coatings;5;€ 765,50",
            ";Muster;Tisch T1;furniture;4;2.000,00",
            "2900000000018;;;coatings;3;1.000",
            "4006381333931;;;coatings;;500,00 €",
            "4006381333931;;;=cmd;1;-250,00 €",
            ";RISOGRAPH;MF935;it.imaging;2 pcs;1.500,00 EUR",
            ";RISOGRAPH;MF935;it.imaging;1;80,00 $",
            ";;;;1;",
            "2900000000018;;;;1;ask us")));
        await AskAsync(page);
        await page.ClickAsync("#make-report");
        await page.Locator("#report").WaitForAsync();

        // By hand. Yes: 1,234.50 + 765.50 + 1,000 (the column writes a comma); partly 2,000; no 1,500; unknown 500; not asked (no such category) -250. In all 6,750.
        var read = await page.InnerTextAsync("[data-fact=read]");
        Assert.Contains("Amounts read: 7, together 6,750.00 EUR.", read.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Contains("Lines without an amount: 1.", read, StringComparison.Ordinal);
        Assert.Contains("left out: 1, for example ask us", read, StringComparison.Ordinal);
        Assert.Contains("in two ways: 1, for example 1.000. They are read with a decimal comma", read, StringComparison.Ordinal);
        Assert.Contains("another currency ($), which are left out: 1.", read, StringComparison.Ordinal);
        Assert.Contains("which reduce the sum: 1.", read, StringComparison.Ordinal);
        Assert.Contains("Quantities read: 8; lines without one: 1; not readable: 1.", read, StringComparison.Ordinal);
        Assert.Equal(["Yes|4|40.0%|19|73.1%|3,000.00 EUR|44.4%", "Partly|1|10.0%|4|15.4%|2,000.00 EUR|29.6%", "No|2|20.0%|1|3.8%|1,500.00 EUR|22.2%",
            "Not known|1|10.0%|0|0.0%|500.00 EUR|7.4%", "Could not be asked|2|20.0%|2|7.7%|-250.00 EUR|-3.7%", "Total|10|100.0%|26|100.0%|6,750.00 EUR|100.0%"], await TableAsync("answer"));
        Assert.Equal(["Paints, varnishes and coatings|4|40.0%|18|69.2%|3,500.00 EUR|51.9%|85.7%", "Furniture|1|10.0%|4|15.4%|2,000.00 EUR|29.6%|0.0%",
            "Imaging equipment (printers, copiers, fax, multifunction)|2|20.0%|1|3.8%|1,500.00 EUR|22.2%|0.0%", "no category in the list|2|20.0%|2|7.7%|0.00 EUR|0.0%|–",
            "=cmd|1|10.0%|1|3.8%|-250.00 EUR|-3.7%|–", "Total|10|100.0%|26|100.0%|6,750.00 EUR|100.0%|44.4%"], await TableAsync("category"));
        Assert.Equal(["Example Label Alpha (invented)|5|50.0%|23|88.5%|5,000.00 EUR|74.1%|60.0%", "no certificate that counts|5|50.0%|3|11.5%|1,750.00 EUR|25.9%|0.0%",
            "Total|10|100.0%|26|100.0%|6,750.00 EUR|100.0%|44.4%"], await TableAsync("label"));
        Assert.Equal("Furniture: 29.6%", await page.GetAttributeAsync("[data-chart=category] .bars li:nth-child(2) svg", "aria-label"));
        Assert.Equal(0.296 * 1000, await page.EvaluateAsync<double>("() => Number(document.querySelector('[data-chart=category] .bars li:nth-child(2) .bar-partly').getAttribute('width'))"), 0.5);
        // The recogniser is invented, so that every answer of it is: 4 yes, 1 partly, 2 no, 1 unknown, together 3,000 + 2,000 + 1,500 + 500.
        Assert.Equal("Lines whose answer rests on invented data: 8, spend 7,000.00 EUR; of it recognised (yes) 3,000.00 EUR. They are practice, not purchases: leave them out of what you report.",
            (await page.InnerTextAsync("[data-fact=sample]")).Replace('\u00a0', ' '));
        Assert.Equal("3,000.00 EUR 44.4% 3,000.00 EUR 44.4% 2,000.00 EUR 29.6% 1,750.00 EUR 25.9% 6,750.00 EUR 4 40.0% 3",
            string.Join(' ', (await page.Locator("[data-sdg]").AllInnerTextsAsync()).Where(t => t.Length > 0)).Replace('\u00a0', ' '));

        await page.FillAsync("#year", "2025");
        await page.FillAsync("#country", "Utopia");
        await page.SelectOptionAsync("#government", "local");
        await page.FillAsync("#notes", "First line\n" + Hostile);
        var json = JsonNode.Parse(await FileAsync(page, "#report-json", "spent 2026-report.json"))!;
        Assert.Equal(6750, (double)json["total"]!["spend"]!);
        Assert.Equal("yes 3000 0.444444, partly 2000 0.296296, no 1500 0.222222, unknown 500 0.074074, problem -250 -0.037037", string.Join(", ", json["byAnswer"]!.AsArray().Select(a =>
            FormattableString.Invariant($"{a!["code"]} {(double)a["spend"]!} {(double)a["shareOfSpend"]!}"))));
        Assert.Equal("""{"referenceYear":2025,"country":"Utopia","authority":null,"levelOfGovernment":"local","recognised":{"spend":3000,"share":0.444444},"partly":{"spend":2000,"share":0.296296},"other":{"spend":1750,"share":0.259259},"recognisedOnInventedData":{"spend":3000,"rows":4},"recognisedRows":{"rows":4,"share":0.4},"rowsWithoutSpend":3}""", json["sdg1271"]!.ToJsonString());
        Assert.Equal(("sample-beta", Day, "EUR", "First line\n" + Hostile), ((string)json["recognisedBy"]!, (string)json["asOf"]!, (string)json["currency"]!, (string)json["notes"]!));
        Assert.Equal(12, json["method"]!.AsArray().Count);
        Assert.Equal((8, 7000d, 4), ((int)json["onInventedData"]!["rows"]!, (double)json["onInventedData"]!["spend"]!, (int)json["onInventedData"]!["byAnswer"]!["yes"]!["rows"]!));

        var csv = Listed.Parse((await FileAsync(page, "#report-csv", "spent 2026-report.csv")).TrimStart('\uFEFF'));
        Assert.All(csv, row => Assert.Equal(12, row.Count));
        Assert.Contains(csv, row => row is ["category", "'=cmd", "'=cmd", "1", "0.1", "1", "0.038462", "-250", ..]);
        Assert.Contains(csv, row => row is ["answer", "yes", "Yes", "4", "0.4", "19", "0.730769", "3000", "0.444444", "EUR", "3000", "0"]);
        Assert.Contains(csv, row => row is ["warning", "sample", _, "8", "0.8", "24", "0.923077", "7000", "1.037037", "EUR", "3000", "2000"]);
        var html = await FileAsync(page, "#report-page", "spent 2026-report.html");
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        await using (var alone = await browser.ReaderAsync())
        {
            await alone.Page.SetContentAsync(html);
            Assert.Contains(Hostile, await alone.Page.InnerTextAsync("body"), StringComparison.Ordinal);
            Assert.Contains("Utopia", await alone.Page.InnerTextAsync("body"), StringComparison.Ordinal);
            Assert.True(await alone.Page.EvaluateAsync<bool>("() => window.hit === undefined && !document.querySelector('button, input, textarea, img, script')"));
        }

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, "report-print.png"), FullPage = true });
        Assert.False(await page.IsVisibleAsync("nav.places"));
        Assert.False(await page.IsVisibleAsync("#rows"));
        Assert.False(await page.IsVisibleAsync("#report-json"));
        Assert.True(await page.IsVisibleAsync("[data-chart=answer] svg >> nth=0"));
        Assert.Contains(Hostile, await page.InnerTextAsync("#notes-written"), StringComparison.Ordinal);
        await page.EmulateMediaAsync(new() { Media = Media.Screen });

        await page.SelectOptionAsync("#currency", "$");
        await page.Locator("[data-done='$ comma']").WaitForAsync();
        Assert.Contains("together 3,080.00 $", (await page.InnerTextAsync("[data-fact=read]")).Replace('\u00a0', ' '), StringComparison.Ordinal); // with what has no sign
        await page.SelectOptionAsync("#decimal", "");
        await page.Locator("[data-done='$']").WaitForAsync();
        Assert.Contains("together 2,080.00 $", (await page.InnerTextAsync("[data-fact=read]")).Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Empty(reader.Wrongs);

        async Task<List<string>> TableAsync(string name) =>
            [.. (await page.EvaluateAsync<string[]>("name => [...document.querySelectorAll(`[data-table=${name}] tbody tr`)].map(r => [...r.children].map(c => c.textContent).join('|'))", name)).Select(t => t.Replace('\u00a0', ' '))];
    }

    [Fact]
    public async Task A_list_without_amounts_gives_the_shares_of_items_and_lines()
    {
        await using var reader = await OpenAsync("zh-Hans");
        var page = reader.Page;
        await ChooseAsync(page, "bid.csv", "gtin\n2900000000018\n4006381333931\n"u8.ToArray());
        await AskAsync(page);
        await page.ClickAsync("#make-report");
        await page.Locator("#report").WaitForAsync();
        Assert.Contains("清单没有金额列", await page.InnerTextAsync("[data-fact=read]"), StringComparison.Ordinal);
        Assert.Equal(5, await page.Locator("[data-table=answer] thead th").CountAsync());
        Assert.Equal("50.0%", await page.InnerTextAsync("[data-sdg=rowsShare]"));
        Assert.Equal("–", await page.InnerTextAsync("[data-sdg=recognised]"));
        Assert.Contains("2026年11月1日", await page.InnerTextAsync("#report .facts"), StringComparison.Ordinal);
        Assert.Empty(reader.Wrongs);
    }

    private static readonly (string Text, string State, double? Value, string Currency)[] Amounts =
    [
        ("1234", "clear", 1234, ""),
        ("1,234.56", "clear", 1234.56, ""),
        ("1.234,56", "clear", 1234.56, ""),
        ("1.234.567", "clear", 1234567, ""),
        ("1,234,567", "clear", 1234567, ""),
        ("12,34,567.50", "clear", 1234567.5, ""),
        ("1 234 567,5", "clear", 1234567.5, ""),
        ("1\u202F234,50", "clear", 1234.5, ""),
        ("1'234.50", "clear", 1234.5, ""),
        ("12,5", "clear", 12.5, ""),
        ("0,125", "clear", 0.125, ""),
        ("１２３．５", "clear", 123.5, ""),
        ("-5", "clear", -5, ""),
        ("−5,50 €", "clear", -5.5, "EUR"),
        ("(1,200.00)", "clear", -1200, ""),
        ("1,234", "unclear", 1234, ""),
        ("1.234", "unclear", 1.234, ""),
        ("CNY 3.50", "clear", 3.5, "CNY"),
        ("¥1,200.00", "clear", 1200, "¥"),
        ("1200元", "clear", 1200, "CNY"),
        ("HK$ 10.00", "clear", 10, "HKD"),
        ("10 kr", "clear", 10, "kr"),
        ("", "empty", null, ""),
        ("  ", "empty", null, ""),
        ("12 34", "unread", null, ""),
        ("1,23,4", "unread", null, ""),
        ("1.2.3", "unread", null, ""),
        ("€ 5 €", "unread", null, ""),
        ("(5", "unread", null, ""),
        ("1e5", "unread", null, ""),
        ("12 %", "unread", null, ""),
        ("free", "unread", null, ""),
    ];

    [Fact]
    public async Task An_amount_is_read_as_people_write_it_or_not_at_all()
    {
        await using var reader = await OpenAsync();
        var read = await reader.Page.EvaluateAsync<JsonElement>(
            "async texts => { const { readAmount } = await import('/assets/amounts.js'); return texts.map(text => readAmount(text)); }", Amounts.Select(a => a.Text).ToArray());
        Assert.All(Amounts.Zip(read.EnumerateArray()), pair =>
        {
            var ((text, state, value, currency), given) = pair;
            Assert.Equal((text, state), (text, given.GetProperty("state").GetString()));
            Assert.Equal((text, value), (text, value is null ? null : given.GetProperty("point").GetDouble()));
            Assert.Equal((text, currency), (text, state == "unread" ? "" : given.GetProperty("currency").GetString()));
        });
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-Hans")]
    public async Task Every_state_of_the_list_is_whole_for_everybody(string language)
    {
        await using var reader = await OpenAsync(language);
        var page = reader.Page;
        await ChooseAsync(page, "bid.csv", Encoding.UTF8.GetBytes(Text([["gtin", "brand", "model", "category", "quantity", "spend", "remark"],
            .. Enumerable.Range(0, 140).Select(i => (string[])[.. Asked[i % 7], i % 7 == 1 ? "furniture" : "", "1", i % 3 == 0 ? "1.000" : "12,50 €", Remarks[i % 7]])])));
        await LookAsync("chosen");
        await AskAsync(page);
        await page.ClickAsync("#rows tbody details summary >> nth=0");
        await LookAsync("answered");
        await page.ClickAsync("#make-report");
        await page.Locator("#report").WaitForAsync();
        await LookAsync("report");
        Assert.Empty(reader.Wrongs);

        async Task LookAsync(string name)
        {
            EveryPageTests.AssertSpeaks("", await page.InnerTextAsync("body"));
            foreach (var width in new[] { 1280, 390 })
            {
                await page.SetViewportSizeAsync(width, 900);
                foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                {
                    await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    Assert.Empty(await Axe.ViolationsAsync(page, scheme == ColorScheme.Light ? Axe.All : Axe.Colours));
                }

                await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, $"list-{name}-{language}-{width}.png".ToLowerInvariant()), FullPage = true });
                Assert.Empty(await page.EvaluateAsync<string[]>(EveryPageTests.Overflowing));
            }
        }
    }

    private async Task<Reader> OpenAsync(string language = "en", bool scripts = true) => await (await browser.ReaderAsync(language, scripts: scripts)).GoAsync("/list");

    private static async Task ChooseAsync(IPage page, string name, byte[] content)
    {
        await page.SetInputFilesAsync("#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = content });
        await page.Locator("#preview [data-type]").WaitForAsync();
    }

    private static async Task DropAsync(IPage page, string name, byte[] content)
    {
        await page.EvaluateAsync(
            """
            ({ name, content }) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
              document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
            }
            """,
            new { name, content = Convert.ToBase64String(content) });
        await page.Locator("#preview [data-type]").WaitForAsync();
    }

    private static async Task<IReadOnlyList<string>> MeaningsAsync(IPage page) =>
        await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('select[name=column]')].map(s => s.value)");

    private static async Task AskAsync(IPage page)
    {
        await page.FillAsync("#recognisedBy", "sample-beta");
        await page.FillAsync("#asOf", Day);
        await page.ClickAsync("button.primary");
        await page.Locator("#results tbody tr").First.WaitForAsync();
    }

    private static Task ShownAsync(IPage page, string text) => page.Locator($"#shown:has-text('{text}')").WaitForAsync();

    private static async Task<List<List<string>>> DownloadAsync(IPage page, string button, string name) => Listed.Parse((await FileAsync(page, button, name)).TrimStart('\uFEFF'));

    private static async Task<string> FileAsync(IPage page, string button, string name)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync(button));
        Assert.Equal(name, download.SuggestedFilename);
        await using var stream = await download.CreateReadStreamAsync();
        using var text = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        return await text.ReadToEndAsync();
    }

    private static string Text(IEnumerable<string[]> rows) =>
        string.Concat(rows.Select(row => string.Join(',', row.Select(c => c.AsSpan().IndexOfAny(",\"\n") < 0 ? c : $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n"));
}
