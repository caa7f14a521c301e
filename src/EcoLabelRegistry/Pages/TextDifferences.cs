using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Pages;

/// <summary>What an amendment changes, member by member.</summary>
public static class TextDifferences
{
    // What follows from the text or is done with it, and is no part of what it says.
    private static readonly string[] NotOfTheText = ["textHash", "needs", "signatures", "replaces", "fullySigned", "awaits"];

    /// <summary>A member that differs. Grants are told apart by their ids, and other things of a list by their place.</summary>
    /// <param name="Member">Its path.</param>
    /// <param name="Before">What the earlier text has; null when nothing.</param>
    /// <param name="After">What the later text has; null when nothing.</param>
    public sealed record Difference(string Member, string? Before, string? After);

    /// <summary>The differences between two texts, in the order of the later one; what is gone comes last.</summary>
    public static IReadOnlyList<Difference> Between(AgreementTextEntry earlier, AgreementTextEntry later)
    {
        var (before, after) = (Flatten(earlier), Flatten(later));
        return
        [
            .. after.Where(m => !before.TryGetValue(m.Key, out var old) || old != m.Value).Select(m => new Difference(m.Key, before.GetValueOrDefault(m.Key), m.Value)),
            .. before.Where(m => !after.ContainsKey(m.Key)).Select(m => new Difference(m.Key, m.Value, null)),
        ];
    }

    private static Dictionary<string, string> Flatten(AgreementTextEntry text)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        var json = JsonSerializer.SerializeToNode(text, text.GetType(), Json.Options)!.AsObject();
        foreach (var (name, value) in json)
        {
            if (!NotOfTheText.Contains(name, StringComparer.Ordinal))
            {
                Add(members, name, value);
            }
        }

        return members;
    }

    private static void Add(Dictionary<string, string> members, string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject inside:
                foreach (var (name, value) in inside)
                {
                    Add(members, path + "." + name, value);
                }

                break;
            case JsonArray items when items.All(i => i is JsonValue):
                if (items.Count > 0)
                {
                    members[path] = string.Join(", ", items.Select(i => i!.ToString()));
                }

                break;
            case JsonArray items:
                foreach (var (place, item) in items.Index())
                {
                    Add(members, $"{path}[{item?["id"]?.ToString() ?? (place + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}]", item);
                }

                break;
            case not null:
                members[path] = node.ToString();
                break;
        }
    }
}
