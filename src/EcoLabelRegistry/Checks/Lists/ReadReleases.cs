using System.Text.Json;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Reads the items of an OCDS document: a release, a release package or a record package (Open Contracting Data Standard 1.1).</summary>
/// <remarks>
/// Items of tender, awards and contracts. An item's classifications say what it is: one of CPV or UNSPSC its class, one of <c>GTIN</c> or <c>0160</c> its GTIN, any other
/// list that is a scheme of the registry a label, whose id is the certificate's number. Its attributes (the extension of that name) may be brand, model, gtin, label
/// and certificate. All else of a release is let be.
/// </remarks>
internal static class ReadReleases
{
    /// <summary>True for a document of OCDS.</summary>
    public static bool Are(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("items", out _)
        && (root.TryGetProperty("releases", out _) || root.TryGetProperty("records", out _) || root.TryGetProperty("ocid", out _));

    /// <summary>Reads them all, in the order of the document.</summary>
    public static AskedItem[] Read(JsonElement root) => [.. Releases(root).SelectMany(Items)];

    private static IEnumerable<JsonElement> Releases(JsonElement root)
    {
        if (Text(root, "ocid") is not null)
        {
            return [root];
        }

        return List(root, "releases").Concat(List(root, "records").SelectMany(record =>
            record.TryGetProperty("compiledRelease", out var compiled) && compiled.ValueKind == JsonValueKind.Object ? [compiled] : List(record, "releases")));
    }

    private static IEnumerable<AskedItem> Items(JsonElement release)
    {
        var ocid = Text(release, "ocid");
        if (release.TryGetProperty("tender", out var tender))
        {
            foreach (var item in List(tender, "items"))
            {
                yield return Item(item, $"{ocid}/tender/{Text(item, "id")}");
            }
        }

        foreach (var (list, name) in new[] { ("awards", "award"), ("contracts", "contract") })
        {
            foreach (var part in List(release, list))
            {
                foreach (var item in List(part, "items"))
                {
                    yield return Item(item, $"{ocid}/{name}/{Text(part, "id")}/{Text(item, "id")}");
                }
            }
        }
    }

    private static AskedItem Item(JsonElement item, string id)
    {
        var asked = new CheckMany.Item(id);
        var labels = new List<NamedLabel>();
        var classes = (item.TryGetProperty("classification", out var main) ? [main] : Array.Empty<JsonElement>()).Concat(List(item, "additionalClassifications"));
        foreach (var one in classes.Where(c => c.ValueKind == JsonValueKind.Object))
        {
            var (list, code) = (Text(one, "scheme"), Text(one, "id"));
            if (Classification.Of(list, code) is { } category)
            {
                asked = asked with { Category = asked.Category ?? category };
            }
            else if (list?.ToUpperInvariant() is "GTIN" or "0160")
            {
                asked = asked with { Gtin = asked.Gtin ?? code };
            }
            else if (list is not null)
            {
                labels.Add(new(list, code, null, IsLabel: false));
            }
        }

        string? scheme = null;
        string? number = null;
        foreach (var attribute in List(item, "attributes"))
        {
            var value = Text(attribute, "value");
            switch (Text(attribute, "name") is { } name ? TableColumns.Meaning(name) : null)
            {
                case Column.Gtin:
                    asked = asked with { Gtin = asked.Gtin ?? value };
                    break;
                case Column.Brand:
                    asked = asked with { Brand = value };
                    break;
                case Column.Model:
                    asked = asked with { Model = value };
                    break;
                case Column.Scheme:
                    scheme = value;
                    break;
                case Column.Certificate:
                    number = value;
                    break;
            }
        }

        return new(id, asked, null) { Labels = scheme is null ? labels : [new(scheme, number, null, IsLabel: true), .. labels] };
    }

    private static IEnumerable<JsonElement> List(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    // Publishers write ids as texts or as numbers. A text that is none (a lone surrogate) is as good as none.
    private static string? Text(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out var text))
        {
            return null;
        }

        try
        {
            return text.ValueKind switch
            {
                JsonValueKind.String => text.GetString() is { Length: > 0 } given ? given : null,
                JsonValueKind.Number => text.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
