using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Pages;

/// <summary>What an amendment changes, member by member.</summary>
public static class TextDifferences
{
    // What follows from the text or is done with it, and is no part of what it says.
    private static readonly string[] NotOfTheText = ["textHash", "needs", "signatures", "replaces", "fullySigned", "awaits"];

    // Members as the form that fills them in calls them.
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["title"] = "agreements.title",
        ["parent"] = "agreements.parent",
        ["signedOn"] = "draft.signed-on",
        ["signatories"] = "draft.signatories",
        ["renewals"] = "draft.renewals",
        ["confirmedOn"] = "agreements.confirmed-on",
        ["effectiveFrom"] = "agreements.effective-from",
        ["effectiveUntil"] = "agreements.effective-until",
        ["reservations"] = "agreements.reservations",
        ["attested"] = "agreements.attested",
        ["sources"] = "page.sources",
        ["notes"] = "page.notes",
        ["confidence"] = "agreements.confidence",
        ["sample"] = "page.sample",
        ["recogniser"] = "draft.recogniser",
        ["recognised"] = "draft.recognised",
        ["level"] = "recognition.level",
        ["categories"] = "draft.categories",
        ["standards"] = "agreements.standards",
        ["wanted"] = "agreements.wanted",
        ["commonCriteria"] = "agreements.common",
        ["conditions"] = "policy.conditions",
        ["minTier"] = "agreements.min-tier",
        ["from"] = "draft.line-from",
        ["until"] = "draft.line-until",
        ["onward"] = "draft.onward",
    };

    /// <summary>A member that differs. Grants are told apart by their ids.</summary>
    /// <param name="Grant">Id of the grant whose member it is; null for a member of the text itself.</param>
    /// <param name="Member">Its name; null for a whole grant, which only one of the texts has.</param>
    /// <param name="Before">What the earlier text has; null when nothing.</param>
    /// <param name="After">What the later text has; null when nothing.</param>
    public sealed record Difference(string? Grant, string? Member, JsonNode? Before, JsonNode? After);

    /// <summary>The differences between two texts, in the order of the later one; what is gone comes last.</summary>
    public static IReadOnlyList<Difference> Between(AgreementTextEntry earlier, AgreementTextEntry later)
    {
        var (before, after) = (Members(earlier), Members(later));
        var grants = GrantsOf(before).Keys.Intersect(GrantsOf(after).Keys, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var (old, now) = (Flatten(before, grants), Flatten(after, grants));
        return
        [
            .. now.Where(m => !JsonNode.DeepEquals(old.GetValueOrDefault(m.Key), m.Value)).Select(m => new Difference(m.Key.Grant, m.Key.Member, old.GetValueOrDefault(m.Key), m.Value)),
            .. old.Where(m => !now.ContainsKey(m.Key)).Select(m => new Difference(m.Key.Grant, m.Key.Member, m.Value, null)),
        ];
    }

    /// <summary>What a member is called, behind the direction of the grant that it belongs to.</summary>
    /// <param name="difference">The difference.</param>
    /// <param name="texts">The texts, in which the grant is found.</param>
    /// <param name="page">The page that knows the names.</param>
    /// <param name="words">What is said in the language of the page.</param>
    public static string Label(Difference difference, IEnumerable<AgreementTextEntry> texts, ReadingPage page, Words words)
    {
        if (difference.Grant is not { } id)
        {
            return Name(difference.Member!, words);
        }

        var lines = texts.SelectMany(t => t.Grants ?? []).ToList();
        var line = lines.Last(g => g.Id == id);
        var direction = words["agreements.direction", page.Scheme(line.Recogniser!, words), page.Scheme(line.Recognised!, words)];
        if (lines.Any(g => g.Id != id && g.Recogniser == line.Recogniser && g.Recognised == line.Recognised))
        {
            direction += $" ({id})"; // of several in one direction
        }

        return difference.Member is { } member ? direction + words.Colon + Name(member, words) : direction;
    }

    /// <summary>What a member says, in words.</summary>
    public static string? Say(string? member, JsonNode? value, ReadingPage page, Words words) => (member, value) switch
    {
        (_, null) => null,
        (null, JsonObject grant) => string.Join(words.Semicolon, grant.Where(m => m.Key is not ("id" or "recogniser" or "recognised") && m.Value is not (null or JsonArray { Count: 0 }))
            .Select(m => Name(m.Key, words) + words.Colon + Say(m.Key, m.Value, page, words))),
        ("title", JsonObject texts) => string.Join(words.Semicolon, texts.Select(t => (string?)t.Value)),
        ("level", JsonValue code) => Code.TryParse<Level>((string?)code, out var level) ? words.Of(level) : code.ToString(),
        ("recogniser" or "recognised", JsonValue code) => page.Scheme(code.ToString(), words),
        ("parent", JsonValue code) => words.Name(page.Titles.GetValueOrDefault(code.ToString()), code.ToString()),
        ("effectiveFrom" or "effectiveUntil" or "signedOn" or "confirmedOn" or "from" or "until", JsonValue date) => Date(date, words),
        ("confidence", JsonValue code) => Code.TryParse<Confidence>((string?)code, out var sure) ? words.Of(sure) : code.ToString(),
        ("attested" or "sample", JsonValue yes) => words[yes.ToString() == "true" ? "agreements.yes" : "policy.no"],
        ("onward", JsonObject onward) => onward["maxHops"]?.ToString(),
        ("renewals", JsonArray dates) => string.Join(words.Comma, dates.Select(d => Date(d!, words))),
        ("categories", JsonArray codes) => string.Join(words.Comma, codes.Select(c => page.CategoryName(c!.ToString(), words))),
        ("standards", JsonArray list) => string.Join(words.Semicolon, list.Select(s => Joined(page.NumberOf(s!["id"]!.ToString()), Texts(s["editions"], words)))),
        ("wanted", JsonArray list) => string.Join(words.Semicolon, list.Select(s => Joined(page.NumberOf(s!["standard"]!.ToString()), (string?)s["edition"]))),
        ("commonCriteria", JsonArray list) => string.Join(words.Semicolon, list.Select(c => Joined(
            (string?)c!["document"], c["standard"] is { } standard ? page.NumberOf(standard.ToString()) : null, (string?)c["edition"], Texts(c["refs"], words)))),
        ("conditions", JsonArray list) => string.Join(words.Semicolon, list.Select(c => Joined(
            InLanguage(c!["message"], words) ?? (string?)c["code"], c["excludeSiteCountries"] is JsonArray { Count: > 0 } excluded ? $"({words["draft.condition-countries"]}{words.Colon}{string.Join(words.Comma, excluded.Select(x => words.Country(x!.ToString())))})" : null))),
        ("reservations", JsonArray list) => string.Join(words.Semicolon, list.Select(r => page.Scheme(r!["party"]!.ToString(), words) + words.Colon + string.Join(
            words.Comma,
            (r["categories"] as JsonArray ?? []).Select(c => page.CategoryName(c!.ToString(), words)).Concat((r["partners"] as JsonArray ?? []).Select(p => page.Scheme(p!.ToString(), words)))))),
        ("signatories", JsonArray list) => string.Join(words.Semicolon, list.Select(s => Joined(
            (string?)s!["name"], s["scheme"] is { } scheme ? $"({page.Scheme(scheme.ToString(), words)})" : null))),
        ("sources", JsonArray list) => string.Join(words.Semicolon, list.Select(s => Joined((string?)s!["title"], (string?)s["address"]))),
        (_, JsonValue text) => text.ToString(),
        var (_, other) => other.ToJsonString(Json.Options),
    };

    /// <summary>True when a member has a name in the words of the form.</summary>
    internal static bool IsNamed(string member) => Labels.ContainsKey(member) || NotOfTheText.Contains(member, StringComparer.Ordinal);

    private static string Name(string member, Words words) => Labels.TryGetValue(member, out var key) ? words[key] : member;

    private static string Date(JsonNode date, Words words) => PartialDate.TryParse(date.ToString(), out var read) ? words.Date(read) : date.ToString();

    private static string Joined(params ReadOnlySpan<string?> parts) => string.Join(' ', parts.ToArray().Where(p => !string.IsNullOrEmpty(p)));

    private static string? Texts(JsonNode? list, Words words) => list is JsonArray items ? string.Join(words.Comma, items.Select(i => (string?)i)) : null;

    private static string? InLanguage(JsonNode? texts, Words words) =>
        texts is JsonObject all ? words.Language.Of(all.ToDictionary(t => t.Key, t => (string?)t.Value ?? "", StringComparer.Ordinal)) : null;

    private static JsonObject Members(AgreementTextEntry text) => JsonSerializer.SerializeToNode(text, text.GetType(), Json.Options)!.AsObject();

    private static Dictionary<string, JsonObject> GrantsOf(JsonObject text) =>
        (text["grants"] as JsonArray ?? []).OfType<JsonObject>().ToDictionary(g => g["id"]!.ToString(), StringComparer.Ordinal);

    /// <summary>Every member by its place; of a grant that only one of the texts has, the whole.</summary>
    private static Dictionary<(string? Grant, string? Member), JsonNode?> Flatten(JsonObject text, HashSet<string> inBoth)
    {
        var members = new Dictionary<(string?, string?), JsonNode?>();
        foreach (var (name, value) in text.Where(m => m.Key != "grants" && m.Value is not (null or JsonArray { Count: 0 }) && !NotOfTheText.Contains(m.Key, StringComparer.Ordinal)))
        {
            members[(null, name)] = value;
        }

        foreach (var (id, grant) in GrantsOf(text))
        {
            if (!inBoth.Contains(id))
            {
                members[(id, null)] = grant;
                continue;
            }

            foreach (var (name, value) in grant.Where(m => m.Key != "id" && m.Value is not (null or JsonArray { Count: 0 })))
            {
                members[(id, name)] = value;
            }
        }

        return members;
    }
}
