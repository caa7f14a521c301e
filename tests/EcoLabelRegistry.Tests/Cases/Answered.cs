using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;

namespace EcoLabelRegistry.Tests.Cases;

/// <summary>What an answer says, in the short words in which a case says what it expects, and how the two differ.</summary>
/// <remarks>
/// A thing is a line of words: <c>mra/paint</c> is a step, <c>criterion-to-prove aster-1 2020 5.3 falls-short</c> a condition,
/// <c>agreement-expired agreements/mra</c> a reason. A case may leave words out, never the first: <c>criterion-to-prove 5.3</c>. A list of lines is met by
/// as many lines in any order, a list of objects (paths) in its order; of an object only the members that are named are compared.
/// <c>with</c> asks for lines among others, <c>without</c> for their absence; <c>best</c> stands for the first path.
/// </remarks>
internal static class Answered
{
    /// <summary>The member that asks for absence.</summary>
    public const string Without = "without";

    private const string With = "with";

    /// <summary>The short words of an answer or of a problem.</summary>
    public static JsonObject Shorten(JsonElement sent)
    {
        var answer = JsonNode.Parse(sent.GetRawText())!.AsObject();
        if (answer["outcome"] is null)
        {
            return new JsonObject { ["problem"] = answer["code"]?.DeepClone(), ["status"] = answer["status"]?.DeepClone() };
        }

        var numbers = answer["certificates"]!.AsArray().ToDictionary(c => (string)c!["id"]!, c => (string?)c!["number"] ?? "-", StringComparer.Ordinal);
        var paths = answer["paths"]!.AsArray().Select(p => Path(p!)).ToList();
        return new JsonObject
        {
            ["answer"] = answer["answer"]!.DeepClone(),
            ["outcome"] = answer["outcome"]!.DeepClone(),
            ["holdsUntil"] = answer["holdsUntil"]?.DeepClone(),
            ["best"] = paths.Count > 0 ? paths[0].DeepClone() : null,
            ["paths"] = new JsonArray([.. paths]),
            ["certificates"] = Lines(answer["certificates"], c => [c["scheme"], c["number"], c["standing"], .. c["reasons"]!.AsArray().Select(r => r!["code"])]),
            ["related"] = Lines(answer["related"], r => [r["scheme"], r["certificate"] ?? r["key"], r["model"]]),
            ["reasons"] = Lines(answer["reasons"], r => [r["code"], About(r["about"], numbers)]),
            ["nearest"] = answer["nearest"] is { } near
                ? new JsonObject
                {
                    ["grant"] = $"{near["agreement"] ?? near["policy"]}/{near["grant"]}",
                    ["certificate"] = numbers[(string)near["certificate"]!],
                    ["reasons"] = Lines(near["reasons"], r => [r["code"]]),
                }
                : null,
            ["coverage"] = Lines(answer["coverage"], c => [c["scheme"], c["register"], c["asOf"]]),
            ["warnings"] = Lines(answer["warnings"], w => [w["code"]]),
            ["product"] = answer["product"] is { } product ? $"{product["brand"]} {product["model"]}" : null,
        };
    }

    /// <summary>Where an answer is not as expected, one line each; empty when it is.</summary>
    public static IReadOnlyList<string> Differences(JsonObject expected, JsonObject actual)
    {
        var found = new List<string>();
        Compare(expected, actual, "", found);
        return found;
    }

    /// <summary>True when the words of the expected line stand in the actual one, in their order and beginning with the first.</summary>
    private static bool Says(string actual, string expected)
    {
        var (words, wanted) = (actual.Split(' '), expected.Split(' '));
        var next = 0;
        foreach (var word in words)
        {
            next += next < wanted.Length && word == wanted[next] ? 1 : 0;
        }

        return next == wanted.Length && words[0] == wanted[0];
    }

    private static void Compare(JsonNode? expected, JsonNode? actual, string at, List<string> found)
    {
        switch (expected, actual)
        {
            case (JsonObject wanted, JsonObject said):
                Compare(wanted, said, at, found);
                break;
            case (JsonArray wanted, JsonArray said) when wanted.Count != said.Count:
                found.Add($"{at}: expected {wanted.Count}: {Text(wanted)}; answered {said.Count}: {Text(said)}");
                break;
            case (JsonArray wanted, JsonArray said) when wanted.All(w => w is JsonValue):
                CompareLines(wanted, said, at, found);
                break;
            case (JsonArray wanted, JsonArray said):
                for (var i = 0; i < wanted.Count; i++)
                {
                    Compare(wanted[i], said[i], $"{at}[{i}]", found);
                }

                break;
            default:
                if (expected is JsonValue && actual is JsonValue ? !Says(actual.ToString(), expected.ToString()) : expected is not null || actual is not null)
                {
                    found.Add($"{at}: expected {Text(expected)}; answered {Text(actual)}");
                }

                break;
        }
    }

    private static void Compare(JsonObject expected, JsonObject actual, string at, List<string> found)
    {
        foreach (var (member, wanted) in expected)
        {
            if (member is With or Without)
            {
                foreach (var (list, lines) in wanted!.AsObject())
                {
                    var missing = lines!.AsArray().Where(l => actual[list]!.AsArray().Any(a => Says(a!.ToString(), l!.ToString())) != (member == With));
                    found.AddRange(missing.Select(l => $"{at}.{list}: expected {member} {l}; answered {Text(actual[list])}"));
                }
            }
            else if (actual.ContainsKey(member))
            {
                Compare(wanted, actual[member], $"{at}.{member}", found);
            }
            else
            {
                found.Add($"{at}.{member}: expected {Text(wanted)}; answered nothing of that name");
            }
        }
    }

    /// <summary>Each expected line takes one actual line away; the longest choose first.</summary>
    private static void CompareLines(JsonArray expected, JsonArray actual, string at, List<string> found)
    {
        var left = actual.Select(a => a!.ToString()).ToList();
        foreach (var wanted in expected.Select(e => e!.ToString()).OrderByDescending(e => e.Count(c => c == ' ')))
        {
            var place = left.FindIndex(a => Says(a, wanted));
            if (place < 0)
            {
                found.Add($"{at}: expected {wanted}; answered {Text(actual)}");
                return;
            }

            left.RemoveAt(place);
        }
    }

    private static JsonObject Path(JsonNode path)
    {
        var certificate = path["certificate"]!;
        return new JsonObject
        {
            ["outcome"] = path["outcome"]!.DeepClone(),
            ["level"] = path["level"]?.DeepClone(),
            ["derived"] = path["derived"]!.DeepClone(),
            ["holdsUntil"] = path["holdsUntil"]?.DeepClone(),
            ["certificate"] = Line(certificate["scheme"], certificate["number"]),
            ["category"] = certificate["category"]?.DeepClone(),
            ["edition"] = certificate["edition"]?.DeepClone(),
            ["validFrom"] = certificate["validFrom"]?.DeepClone(),
            ["steps"] = Lines(path["steps"], s => [$"{s["agreement"] ?? s["policy"]}/{s["grant"]}"]),
            ["conditions"] = Lines(path["conditions"], c => [c["code"], c["standard"], c["edition"], c["ref"], c["comparison"], c["why"]]),
        };
    }

    private static string? About(JsonNode? address, Dictionary<string, string> numbers)
    {
        var about = ((string?)address)?.Replace("/v1/", "", StringComparison.Ordinal);
        return about?.Split('/') is ["certificates", var id] ? $"certificates/{numbers[id]}" : about;
    }

    private static JsonArray Lines(JsonNode? list, Func<JsonNode, IEnumerable<JsonNode?>> words) =>
        [.. list!.AsArray().Select(i => (JsonNode)Line([.. words(i!)]))];

    private static string Line(params JsonNode?[] words) => string.Join(' ', words.Where(w => w is not null));

    private static string Text(JsonNode? node) => node?.ToJsonString(RecordJson.Options) ?? "null";
}
