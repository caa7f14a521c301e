using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>Looks for what keeps people out: the rules of WCAG 2.2, levels A and AA, as axe checks them.</summary>
internal static class Axe
{
    /// <summary>Every rule.</summary>
    public const string All = """{ "type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }""";

    /// <summary>The rule that another set of colours can break; the others look at none.</summary>
    public const string Colours = """{ "type": "rule", "values": ["color-contrast"] }""";

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>What is violated, and where.</summary>
    public static async Task<string[]> ViolationsAsync(IPage page, string rules)
    {
        // Given to the page once: it stays while viewport and colours change.
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        return await page.EvaluateAsync<string[]>($$"""
            async () => (await axe.run(document, { runOnly: {{rules}}, resultTypes: ["violations"] }))
              .violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html} ${n.failureSummary}`))
            """);
    }
}
