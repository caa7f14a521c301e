using EcoLabelRegistry.Http;
using EcoLabelRegistry.Resources;
using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>What holds for every page: in both languages, narrow and wide, light and dark.</summary>
public sealed class EveryPageTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly int[] Widths = [1280, 390];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

    /// <summary>Each page, and each state of it that looks different.</summary>
    private static readonly (string Name, string Address)[] Pages =
    [
        ("front", "/"),
        ("answer-yes", "/check?recognisedBy=sample-beta&gtin=2900000000018"),
        ("answer-partly", "/check?recognisedBy=cel&scheme=eco-mark&certificate=17%20133%20003&asOf=2019-11-01"),
        ("answer-to-prove", "/check?recognisedBy=sample-beta&brand=Muster&model=Tisch%20T1"),
        ("answer-no", "/check?recognisedBy=cel&scheme=eco-mark&certificate=17%20133%20003&asOf=2004-11-01"),
        ("answer-unknown", "/check?recognisedBy=cel&brand=Nobody&model=Nothing"),
        ("choices", "/check?what=muster&recognisedBy=cel"), // more than are offered
        ("nothing", "/check?what=zzzz&recognisedBy=cel"),
        ("list", "/list?recognisedBy=cel&category=it.imaging"),
        ("tender", "/tender?recognisedBy=cel&category=it.imaging"),
        ("labels", "/labels"),
        ("labels-none", "/labels?q=zzzz"),
        ("label", "/labels/eco-mark"),
        ("certificates", "/certificates?asOf=2026-11-01"),
        ("certificates-of-one", "/certificates?scheme=eco-mark&asOf=2026-11-01"),
        ("certificates-none", "/certificates?scheme=eco-mark&holder=zzzz"),
        ("policies", "/policies?jurisdiction=CN"),
        ("policies-none", "/policies?q=zzzz"),
        ("label-bodies", "/label-bodies"),
        ("gtin-with-a-letter", "/check?what=2900000000O18&recognisedBy=sample-beta"),
        ("recognition", "/recognition?samples=1"),
        ("recognition-none", "/recognition?asOf=1998-12-31"),
        ("compare", "/compare?held=green-seal-gs-11&wanted=eu-ecolabel-2014-312-eu"),
        ("agreements", "/agreements?asOf=2019-11-01"),
        ("agreement", "/agreements/cel-ecomark-2005"),
        ("product", "/products/p-93fc56e22692c3490803"),
        ("certificate", "/certificates/eco-mark-780077197d1be3d01844"),
        ("policy", "/policies/tw-type1-foreign"),
        ("standard", "/standards/eu-ecolabel-2014-312-eu"),
        ("label-body", "/label-bodies/geca"),
        ("sign-in", "/sign-in"),
        ("objections-none", "/objections"),
        ("objection-form", "/objections/new?about=/v1/agreements/cel-ecomark-2005"),
        ("changes", "/changes?verify=1"),
    ];

    public static TheoryData<string, string, string> PagesInEachLanguage()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (name, address) in Pages)
        {
            data.Add(name, address, "en");
            data.Add(name, address, "zh-Hans");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PagesInEachLanguage))]
    public async Task A_page_is_whole(string name, string address, string language)
    {
        await using var reader = await (await browser.ReaderAsync(language)).GoAsync(address);
        var page = reader.Page;
        Assert.Equal(language, await page.GetAttributeAsync("html", "lang"));
        await AssertWholeAsync(page, name, language);
        Assert.Empty(reader.Wrongs);
    }

    /// <summary>Looks at a page in each width and each set of colours, and keeps two pictures of it.</summary>
    internal static async Task AssertWholeAsync(IPage page, string name, string language)
    {
        AssertSpeaks(await page.ContentAsync(), await page.InnerTextAsync("body"));
        foreach (var width in Widths)
        {
            await page.SetViewportSizeAsync(width, 900);
            foreach (var scheme in Schemes)
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                if (scheme == (width > 1000 ? ColorScheme.Light : ColorScheme.Dark))
                {
                    await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, $"{name}-{language}-{width}.png".ToLowerInvariant()), FullPage = true });
                }

                Assert.Empty(await Axe.ViolationsAsync(page, scheme == ColorScheme.Light ? Axe.All : Axe.Colours));
            }

            Assert.Empty(await page.EvaluateAsync<string[]>(Overflowing));
        }
    }

    [Fact]
    public async Task The_rules_see_what_breaks_them()
    {
        await using var reader = await (await browser.ReaderAsync(width: 390)).GoAsync("/");
        var page = reader.Page;
        await page.EvaluateAsync("""
            () => document.querySelector("main").insertAdjacentHTML("beforeend",
              '<button></button><p class="pale">pale</p><p class="broad">broad</p><p>page.name undefined</p>')
            """);
        await page.EvaluateAsync("() => { document.querySelector('.pale').style.color = '#ddd'; document.querySelector('.broad').style.width = '900px'; }");
        var violations = await Axe.ViolationsAsync(page, Axe.All);
        Assert.Contains(violations, v => v.StartsWith("button-name", StringComparison.Ordinal));
        Assert.Contains(violations, v => v.StartsWith("color-contrast", StringComparison.Ordinal));
        Assert.Contains(await page.EvaluateAsync<string[]>(Overflowing), e => e.Contains("broad", StringComparison.Ordinal));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertSpeaks("<p>page.name</p>", ""));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertSpeaks("", "undefined"));
        await page.EvaluateAsync("() => fetch('/v1/no-such-address').then(() => setTimeout(() => { throw new Error('thrown'); }))");
        for (var i = 0; i < 300 && !(Has("404") && Has("script")); i++)
        {
            await page.EvaluateAsync("() => new Promise(done => setTimeout(done, 100))");
        }

        Assert.True(Has("404"));
        Assert.Contains(reader.Wrongs, w => w.Contains("thrown", StringComparison.Ordinal));

        bool Has(string beginning) => reader.Wrongs.Any(w => w.StartsWith(beginning, StringComparison.Ordinal));
    }

    // What reaches beyond the window, or is cut off by its own box; what scrolls on purpose is left out, and so is what only screen readers get.
    internal const string Overflowing = """
        () => [...document.querySelectorAll("body *")].filter(e => {
          if (e.closest(".scroll, .hidden, .skip, svg, datalist, details:not([open])") || !e.checkVisibility()) return false;
          const box = e.getBoundingClientRect();
          return box.right > document.documentElement.clientWidth + 1 || box.left < -1;
        }).map(e => e.outerHTML.slice(0, 120)).slice(0, 5)
        """;

    /// <summary>No page shows a key in the place of its text, nor what a script writes where it has nothing.</summary>
    internal static void AssertSpeaks(string html, string text)
    {
        char[] between = [' ', '\n', '\t', '\r', '"', '<', '>', '=', '\u00a0'];
        Assert.Empty(html.Split(between).Where(Texts.In(Language.English).ContainsKey).Distinct(StringComparer.Ordinal));
        Assert.DoesNotContain("undefined", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[object", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\{\d+\}", text);
    }
}
