using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;

namespace EcoLabelRegistry.Tests.Cases;

/// <summary>One worked case: a registry, a question, and what the rules answer.</summary>
/// <param name="Name">A sentence, unique among all cases.</param>
/// <param name="Source">Where the facts come from; null for an invented case.</param>
/// <param name="IsInvented">True when nothing in it is real.</param>
/// <param name="Given">The registry that it brings along; null for a case on the reference registry.</param>
/// <param name="Ask">The question, as parameters of <c>/v1/check</c>.</param>
/// <param name="Expect">What the answer must say, in the words of <see cref="Answered"/>.</param>
/// <param name="Only"><c>engine</c> for what the main question cannot ask, <c>http</c> for what no decision answers; null for both.</param>
internal sealed record Case(string Name, string? Source, bool IsInvented, GivenRegistry? Given, JsonObject Ask, JsonObject Expect, string? Only)
{
    /// <summary>Every case, in the order of files and of the cases in them.</summary>
    public static readonly IReadOnlyList<Case> All = [.. Read()];

    private static readonly Dictionary<string, Case> ByName = All.ToDictionary(c => c.Name, StringComparer.Ordinal);

    public static Case Named(string name) => ByName[name];

    public static TheoryData<string> Names(Func<Case, bool> which) => [.. All.Where(which).Select(c => c.Name)];

    /// <summary>The revision whose knowledge is asked for; null for the newest.</summary>
    public int? KnownAt => (string?)Ask["knownAt"] is { } revision ? int.Parse(revision, CultureInfo.InvariantCulture) : null;

    /// <summary>The question as the query of an address.</summary>
    public string Query() => "/v1/check?" + string.Join('&', Ask.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!.ToString())}"));

    /// <summary>Every word that the case expects in members of a name, wherever they stand; what must be absent is not expected.</summary>
    /// <remarks>A level that has no effect stands on no path: it is expected where it is the grant's that came nearest, and gave nothing.</remarks>
    public IReadOnlySet<string> Expects(string member)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        Collect(Expect, member, words);
        if (member == "level" && Given is { } given && Expect["nearest"] is JsonObject near && (near["reasons"] as JsonArray ?? []).Any(r => (string?)r == "agreement-not-operative"))
        {
            words.Add(given.LevelOf((string)near["grant"]!));
        }

        return words;
    }

    private static void Collect(JsonNode? node, string member, HashSet<string> words)
    {
        foreach (var (name, value) in node as JsonObject ?? [])
        {
            if (name == member)
            {
                words.UnionWith((value as JsonArray ?? [value?.DeepClone()]).SelectMany(line => line?.ToString().Split(' ') ?? []));
            }
            else if (name != Answered.Without)
            {
                Collect(value, member, words);
            }
        }

        foreach (var item in node as JsonArray ?? [])
        {
            Collect(item, member, words);
        }
    }

    private static IEnumerable<Case> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("cases/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var file = JsonSerializer.Deserialize<CaseFile>(stream, RecordJson.Options)!;
            foreach (var item in file.Cases)
            {
                yield return new Case(
                    item.Case,
                    item.Source ?? (item.Invented == true ? null : file.Source),
                    item.Invented ?? file.Invented ?? false,
                    file.Reference == true ? null : GivenRegistry.Of(file.Given, item.Given),
                    Merge(file.Ask, item.Ask),
                    item.Expect,
                    item.Only);
            }
        }
    }

    /// <summary>The file's question with what the case changes; null takes a member away.</summary>
    private static JsonObject Merge(JsonObject? usual, JsonObject? own)
    {
        var merged = usual?.DeepClone().AsObject() ?? [];
        foreach (var (member, value) in own ?? [])
        {
            merged.Remove(member);
            if (value is not null)
            {
                merged[member] = value.DeepClone();
            }
        }

        return merged;
    }

    /// <summary>A file of cases about one topic.</summary>
    /// <param name="About">The topic.</param>
    /// <param name="Cases">The cases.</param>
    /// <param name="Reference">True when they are asked of the reference registry.</param>
    /// <param name="Source">Where the facts come from, unless a case says otherwise.</param>
    /// <param name="Invented">True when the cases are invented, unless one says otherwise.</param>
    /// <param name="Given">What the registry of every case begins with.</param>
    /// <param name="Ask">What every question says unless it says otherwise.</param>
    private sealed record CaseFile(
        string About,
        IReadOnlyList<CaseItem> Cases,
        bool? Reference = null,
        string? Source = null,
        bool? Invented = null,
        JsonObject? Given = null,
        JsonObject? Ask = null);

    private sealed record CaseItem(
        string Case, JsonObject Expect, string? Source = null, bool? Invented = null, JsonObject? Given = null, JsonObject? Ask = null, string? Only = null);
}
