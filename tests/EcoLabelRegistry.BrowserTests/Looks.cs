using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>Looks at a page in the state that a test brought it to, as <see cref="EveryPageTests"/> looks at those with an address.</summary>
internal static class Looks
{
    private static readonly int[] Widths = [390, 1280];

    /// <summary>Both languages, narrow and wide, light and dark: no rule of accessibility is broken, nothing overflows. The page is as it was afterwards.</summary>
    /// <remarks>The language is switched by an address, so that a page shown in answer to a form is looked at in its own language alone.</remarks>
    public static async Task AtAsync(IPage page, string name, bool hasAddress = true)
    {
        var address = page.Url;
        foreach (var language in hasAddress ? ["zh-Hans", "en"] : new[] { "en" })
        {
            if (hasAddress)
            {
                await page.GotoAsync(address.Split('#')[0] + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language);
            }

            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
                {
                    await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    Assert.Empty(await Axe.ViolationsAsync(page, scheme == ColorScheme.Light ? Axe.All : Axe.Colours));
                    if (scheme == (width > 1000 ? ColorScheme.Light : ColorScheme.Dark))
                    {
                        await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, $"{name}-{language}-{width}.png".ToLowerInvariant()), FullPage = true });
                    }
                }

                Assert.Empty(await page.EvaluateAsync<string[]>(EveryPageTests.Overflowing));
            }
        }

        if (hasAddress)
        {
            await page.GotoAsync(address);
        }
    }
}
