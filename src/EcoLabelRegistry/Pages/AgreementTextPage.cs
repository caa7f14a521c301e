using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>A page on which a text of an agreement is written: a draft, an amendment, an accession.</summary>
/// <remarks>
/// A draft lives in its form alone: nothing is stored before it is proposed, and from then on it is public. The fields are put together to the body that
/// the API takes and read as the API reads it, so that a fault has the same words and finds its field. Short lists are lines of a longer field; what the form does not
/// show of a text that it begins with (sources, further languages) is carried along.
/// </remarks>
public abstract partial class AgreementTextPage(IMediator mediator, TimeProvider clock, Sessions sessions, ForeseeAct foresee)
    : ForeseeingPage(mediator, clock, sessions, foresee)
{
    private const char Bar = '|';

    private static readonly string[] TextsOfGrant = ["recogniser", "recognised", "level", "minTier", "from", "until", "notes"];

    private readonly List<int> _grants = [];
    private List<int> _filled = [];

    /// <summary>True for the registrar, who signs nothing and says from where he knows.</summary>
    public bool IsAttested => SignedIn?.Caller.Actor.IsRegistrar == true;

    /// <summary>True when the form asks for sources: of the registrar, his session ended or not.</summary>
    public bool HasSources => IsAttested || (IsSent && Request.Form.ContainsKey("sources"));

    /// <summary>The text that the form begins with; null for an empty one.</summary>
    protected JsonObject? Begins { get; set; }

    /// <summary>Places of the lines in the form.</summary>
    public IReadOnlyList<int> Lines => _grants;

    /// <summary>What would be confirmed, as read; null before.</summary>
    public IReadOnlyList<GrantEntry>? Read { get; private set; }

    /// <summary>Schemes that the text can name.</summary>
    public IReadOnlyList<(string Value, string Text)> SchemeChoices(Words words) =>
        [("", words["draft.choose"]), .. Schemes.Values.Select(s => (s.Code!, $"{words.Name(s.Names, s.Code!)} ({s.Code})")).OrderBy(s => s.Item2, StringComparer.CurrentCulture)];

    /// <summary>What stands in a field at first.</summary>
    public IReadOnlyList<string> Offer(string field) => Begins is null ? [] : Flat(Begins, field);

    /// <summary>Places of the conditions of a line.</summary>
    public IReadOnlyList<int> Conditions(int line)
    {
        var places = IsSent ? Places($"grants[{line}].conditions") : Enumerable.Range(0, Begins?["grants"]?[line]?["conditions"]?.AsArray().Count ?? 0).ToList();
        return Text(StepField) == $"add-condition-{line}" ? [.. places, places.Count == 0 ? 0 : places.Max() + 1] : places;
    }

    /// <summary>True for a button that only changes the form.</summary>
    protected bool IsShaping => Text(StepField) is { } step && (step.StartsWith("add-", StringComparison.Ordinal) || step.StartsWith("remove-", StringComparison.Ordinal));

    protected override async Task ShowAsync()
    {
        await base.ShowAsync();
        FindLines();
    }

    /// <summary>Finds the lines of the form: those that were sent, those of the text that it begins with, else an empty pair.</summary>
    protected void FindLines()
    {
        _grants.Clear();
        _grants.AddRange(IsSent ? Places("grants") : Enumerable.Range(0, Begins?["grants"]?.AsArray().Count ?? FirstLines));
        if (Text(StepField) == "add-grant")
        {
            _grants.Add(_grants.Count == 0 ? 0 : _grants.Max() + 1);
        }
        else if (Text(StepField) is { } step && step.StartsWith("remove-grant-", StringComparison.Ordinal)
            && int.TryParse(step["remove-grant-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var gone))
        {
            _grants.Remove(gone);
        }
    }

    /// <summary>How many empty lines a new form has: one each way.</summary>
    protected virtual int FirstLines => 2;

    /// <summary>Puts fields that hold one text each into a body.</summary>
    protected JsonObject Members(params ReadOnlySpan<string> names)
    {
        var body = new JsonObject();
        foreach (var name in names)
        {
            if (Text(name) is { } text)
            {
                body[name] = text;
            }
        }

        return body;
    }

    /// <summary>A text by language: what was typed, and what the text that the form began with has in other languages.</summary>
    protected JsonObject? ByLanguage(string field, JsonNode? begun)
    {
        var texts = new JsonObject();
        foreach (var (language, text) in begun as JsonObject ?? [])
        {
            if (language is not ("en" or "zh"))
            {
                texts[language] = text?.DeepClone();
            }
        }

        foreach (var language in new[] { "en", "zh" })
        {
            if (Text($"{field}.{language}") is { } text)
            {
                texts[language] = text;
            }
        }

        return texts.Count == 0 ? null : texts;
    }

    /// <summary>The lines as the API takes them. One in which nothing stands is none: a new form has two, and an agreement may run one way.</summary>
    protected JsonArray Grants()
    {
        FindLines();
        _filled = [.. _grants.Where(line => IsFilled($"grants[{line}]."))];
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return new JsonArray([.. _filled.Select(line => Grant(line, ids))]);
    }

    private bool IsFilled(string start) =>
        Request.Form.Any(field => field.Key.StartsWith(start, StringComparison.Ordinal) && field.Value.Any(text => !string.IsNullOrWhiteSpace(text)));

    /// <summary>What parties exclude, as the API takes it.</summary>
    protected JsonArray? Reservations() => List(Rows("reservations"), row =>
        Made(("party", row[0]), ("categories", List(Commas(row.ElementAtOrDefault(1)))), ("partners", List(Commas(row.ElementAtOrDefault(2))))));

    /// <summary>From where the registrar knows the text, as the API takes it.</summary>
    protected JsonArray? Sources() => List(Rows("sources"), row =>
        Made(("title", row[0]), ("address", row.ElementAtOrDefault(1)), ("published", row.ElementAtOrDefault(2)), ("readOn", row.ElementAtOrDefault(3))));

    /// <summary>Says what was done with a text: proposed for the others to sign, signed by all, or attested.</summary>
    protected Message SaidOf(IReadOnlyList<string> awaits) =>
        IsAttested ? new Message("draft.attested")
        : awaits.Count == 0 ? new Message("act.signed-by-all")
        : new Message("draft.proposed", Names(awaits, Words));

    /// <summary>Entries of a longer field, one a line, each split at its bars.</summary>
    protected IEnumerable<string?[]> Rows(string field) => (Text(field) ?? "").Split('\n')
        .Select(row => row.Trim()).Where(row => row.Length > 0)
        .Select(row => row.Split(Bar).Select(cell => cell.Trim() is { Length: > 0 } text ? text : null).ToArray());

    /// <summary>Reads a body as the API does. What cannot be read is said beside its field.</summary>
    /// <returns>Null when it cannot be read.</returns>
    protected T? ReadBody<T>(JsonObject body)
        where T : class
    {
        try
        {
            return Json.Read<T>(Json.Bytes(body));
        }
        catch (RefusalException refusal)
        {
            foreach (var fault in refusal.Faults)
            {
                Fault(FieldOf(fault.Member), fault.Message);
            }

            if (refusal.Faults.Count == 0)
            {
                Fault("", refusal.Detail);
            }

            return null;
        }
    }

    /// <summary>Looks at what was read, or confirms it.</summary>
    protected async Task<IActionResult> StepAsync<T>(IReadOnlyList<GrantEntry>? grants, Func<Keys.Caller, IRequest<T>> request, Func<T, (string Address, Message Said)> done)
    {
        Read = grants ?? [];
        return await StepAsync(request, done);
    }

    protected override string FieldOf(string member)
    {
        var field = PlaceInBody().Replace(member.StartsWith("$.", StringComparison.Ordinal) ? member[2..] : member, found =>
            int.Parse(found.Groups["place"].ValueSpan, CultureInfo.InvariantCulture) is var place && place < _filled.Count ? $"grants[{_filled[place]}]" : found.Value);
        field = OfLine().Replace(PlaceOfCondition().Replace(field, PlaceInForm), "${field}");
        return field switch
        {
            "title" => "title.en",
            _ when field.EndsWith(".message", StringComparison.Ordinal) => field + ".en",
            _ when field.EndsWith(".onward", StringComparison.Ordinal) => field + ".maxHops",
            _ when field.StartsWith("grants[", StringComparison.Ordinal) && field.EndsWith(']') => field + ".recogniser",
            _ when field.StartsWith("sources", StringComparison.Ordinal) => "sources",
            "grants" or "conditions" => "",
            _ => base.FieldOf(field),
        };
    }

    // Conditions that were left empty are none.
    private string PlaceInForm(Match found)
    {
        var filled = Filled(found.Groups["line"].Value).ToList();
        return int.Parse(found.Groups["place"].ValueSpan, CultureInfo.InvariantCulture) is var place && place < filled.Count ? filled[place] : found.Value;
    }

    /// <summary>The conditions of a line in which something was typed.</summary>
    private IEnumerable<string> Filled(string line) => Places(line + ".conditions").Select(place => $"{line}.conditions[{place}]")
        .Where(c => Text(c + ".code") is not null || ByLanguage(c + ".message", null) is not null);

    private List<int> Places(string list) =>
    [
        .. Request.Form.Keys.Where(k => k.StartsWith(list + "[", StringComparison.Ordinal))
            .Select(k => k[(list.Length + 1)..].Split(']')[0])
            .Select(place => int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(place => place is >= 0 and < 10_000).Distinct().Order(),
    ];

    private JsonObject Grant(int line, HashSet<string> ids)
    {
        var at = $"grants[{line}]";
        var (recogniser, recognised) = (Text(at + ".recogniser"), Text(at + ".recognised"));
        // Where a label is missing the line is refused for that alone, and for its id only when somebody typed one.
        var made = recogniser is null || recognised is null ? string.Create(CultureInfo.InvariantCulture, $"line-{line + 1}") : $"{recogniser}-accepts-{recognised}";
        var id = Text(at + ".id") ?? made;
        for (var n = 2; Text(at + ".id") is null && ids.Contains(id); n++)
        {
            id = $"{made}-{n}";
        }

        var begun = (Begins?["grants"]?.AsArray() ?? []).FirstOrDefault(g => (string?)g?["id"] == id);
        var grant = new JsonObject();
        foreach (var member in new[] { "sources", "confidence", "sample" })
        {
            if (begun?[member] is { } kept)
            {
                grant[member] = kept.DeepClone();
            }
        }

        ids.Add(id);
        grant["id"] = id;

        foreach (var member in TextsOfGrant)
        {
            Set(grant, member, Text($"{at}.{member}"));
        }

        Set(grant, "categories", List(Texts(at + ".categories")));
        Set(grant, "standards", List(Rows(at + ".standards"), row => Made(("id", row[0]), ("editions", List(Commas(row.ElementAtOrDefault(1)))))));
        Set(grant, "wanted", List(Rows(at + ".wanted"), row => Made(("standard", row[0]), ("edition", row.ElementAtOrDefault(1)))));
        Set(grant, "commonCriteria", List(Rows(at + ".commonCriteria"), row => Made(
            ("document", row[0]), ("standard", row.ElementAtOrDefault(1)), ("edition", row.ElementAtOrDefault(2)), ("refs", List(Commas(row.ElementAtOrDefault(3)))))));
        Set(grant, "conditions", List(
            Filled(at),
            c => Made(
                ("code", Text(c + ".code")),
                ("message", ByLanguage(c + ".message", (begun?["conditions"]?.AsArray() ?? []).FirstOrDefault(o => (string?)o?["code"] == Text(c + ".code"))?["message"])),
                ("excludeSiteCountries", List(Commas(Text(c + ".excludeSiteCountries")))))));
        if (Text(at + ".onward.maxHops") is { } hops)
        {
            grant["onward"] = new JsonObject { ["maxHops"] = int.TryParse(hops, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : hops };
        }

        return grant;
    }

    /// <summary>A list as JSON; null for an empty one.</summary>
    protected static JsonArray? List(IEnumerable<string> texts) => List(texts, text => text);

    /// <summary>A list as JSON; null for an empty one.</summary>
    protected static JsonArray? List<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => items.Select(write).ToArray() is { Length: > 0 } all ? new JsonArray(all) : null;

    /// <summary>An object of those members that have a value.</summary>
    protected static JsonObject Made(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var made = new JsonObject();
        Set(made, members);
        return made;
    }

    /// <summary>Texts between commas, of either script.</summary>
    protected static IEnumerable<string> Commas(string? text) =>
        (text ?? "").Split([',', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Puts those members that have a value into a body.</summary>
    protected static void Set(JsonObject body, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        foreach (var (name, value) in members)
        {
            Set(body, name, value);
        }
    }

    private static void Set(JsonObject body, string member, JsonNode? value)
    {
        if (value is not null)
        {
            body[member] = value;
        }
    }

    /// <summary>The member of a text that fills a field, as the form writes it.</summary>
    private static IReadOnlyList<string> Flat(JsonObject text, string field)
    {
        JsonNode? node = text;
        foreach (Match step in Step().Matches(field))
        {
            node = node is JsonArray list && int.TryParse(step.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                ? place < list.Count ? list[place] : null
                : (node as JsonObject)?[step.Value];
        }

        return (field[(field.LastIndexOf('.') + 1)..], node) switch
        {
            (_, null) => [],
            ("standards", JsonArray list) => [Joined(list.Select(s => Row(s?["id"], Comma(s?["editions"]))))],
            ("wanted", JsonArray list) => [Joined(list.Select(s => Row(s?["standard"], (string?)s?["edition"])))],
            ("commonCriteria", JsonArray list) => [Joined(list.Select(c => Row(c?["document"], (string?)c?["standard"], (string?)c?["edition"], Comma(c?["refs"]))))],
            ("reservations", JsonArray list) => [Joined(list.Select(r => Row(r?["party"], Comma(r?["categories"]), Comma(r?["partners"]))))],
            ("excludeSiteCountries", JsonArray list) => [Comma(list)!],
            (_, JsonArray list) => [.. list.Select(item => (string?)item ?? "")],
            _ => [node!.ToString()],
        };
    }

    private static string? Comma(JsonNode? list) => list is JsonArray items ? string.Join(", ", items.Select(i => (string?)i)) : null;

    private static string Joined(IEnumerable<string> rows) => string.Join('\n', rows);

    private static string Row(JsonNode? first, params string?[] cells) => string.Join(" | ", cells.Prepend((string?)first)).TrimEnd(' ', Bar);

    [GeneratedRegex(@"^grants\[(?<place>\d+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PlaceInBody();

    [GeneratedRegex(@"^(?<line>grants\[\d+\])\.conditions\[(?<place>\d+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PlaceOfCondition();

    [GeneratedRegex(@"^(?<field>(grants\[\d+\]\.(standards|wanted|commonCriteria|categories|conditions\[\d+\]\.excludeSiteCountries))|reservations|signatories)[.\[].*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OfLine();

    [GeneratedRegex(@"[^.\[\]]+", RegexOptions.None, 1000)]
    private static partial Regex Step();
}
