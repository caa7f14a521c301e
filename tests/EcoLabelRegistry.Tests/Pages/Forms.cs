using System.Net;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Tests.Pages;

/// <summary>Reads a form of a page as a browser would send it back.</summary>
public static partial class Forms
{
    /// <summary>The fields of the form that writes, with what stands in them.</summary>
    public static IReadOnlyList<(string Name, string Value)> FieldsIn(string page)
    {
        var form = Form().Match(page).Value;
        Assert.NotEmpty(form);
        return [.. Fields(form).Where(f => f.Name is not "__RequestVerificationToken")];
    }

    /// <summary>The fields with some of them filled in otherwise, or beside.</summary>
    public static (string Name, string Value)[] With(this IEnumerable<(string Name, string Value)> fields, params (string Name, string Value)[] filled) =>
        [.. fields.Where(f => Array.TrueForAll(filled, other => other.Name != f.Name)), .. filled];

    /// <summary>Where the switch of language beside a form that was sent sends it, and the field that it adds.</summary>
    public static string SwitchIn(string page, string language, out (string Name, string Value) pressed)
    {
        var button = Button().Matches(page).Select(b => b.Value).Single(b => Attribute(b, "lang") == language);
        Assert.Equal("writing", Attribute(button, "form"));
        Assert.Contains("id=\"writing\"", Form().Match(page).Value, StringComparison.Ordinal);
        pressed = (Attribute(button, "name")!, Attribute(button, "value")!);
        return Attribute(button, "formaction")!;
    }

    private static IEnumerable<(string Name, string Value)> Fields(string form)
    {
        foreach (Match input in Input().Matches(form))
        {
            var (name, type) = (Attribute(input.Value, "name"), Attribute(input.Value, "type"));
            if (name is not null && (type != "checkbox" || input.Value.Contains(" checked", StringComparison.Ordinal)))
            {
                yield return (name, Attribute(input.Value, "value") ?? "");
            }
        }

        foreach (Match select in Select().Matches(form))
        {
            var chosen = Option().Matches(select.Value).FirstOrDefault(o => o.Value.Contains(" selected", StringComparison.Ordinal)) ?? Option().Match(select.Value);
            yield return (Attribute(select.Value, "name")!, Attribute(chosen.Value, "value") ?? "");
        }

        foreach (Match area in Area().Matches(form))
        {
            yield return (Attribute(area.Value, "name")!, WebUtility.HtmlDecode(area.Groups["text"].Value));
        }
    }

    private static string? Attribute(string tag, string name) =>
        Regex.Match(tag, $" {name}=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) is { Success: true } found
            ? WebUtility.HtmlDecode(found.Groups["value"].Value)
            : null;

    [GeneratedRegex("<form class=\"writing.*?</form>", RegexOptions.Singleline, 1000)]
    private static partial Regex Form();

    [GeneratedRegex("<button[^>]* formaction=[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Button();

    [GeneratedRegex("<input[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Input();

    [GeneratedRegex("<select.*?</select>", RegexOptions.Singleline, 1000)]
    private static partial Regex Select();

    [GeneratedRegex("<option[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Option();

    [GeneratedRegex("<textarea[^>]*>\\r?\\n?(?<text>.*?)</textarea>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Area();
}
