using System.Collections.Concurrent;

namespace EcoLabelRegistry.Recognition;

/// <summary>Categories, schemes, standards, agreements and policies at one revision: immutable and indexed, safe on any thread.</summary>
/// <remarks>Whatever a decision needs and no question changes is worked out once, here.</remarks>
public sealed class RecognitionGraph
{
    // Of a list that is mostly not on record each row asks the same; a client that asks for every date must not fill the memory.
    private const int MostRemembered = 4096;

    private static readonly GrantLine[] NoGrants = [];
    private readonly ConcurrentDictionary<RecognitionQuestion, Coverage[]> _recognised = new();
    private readonly Dictionary<string, string[]> _ancestry;
    private readonly Dictionary<string, string[]> _countsAs;
    private readonly Dictionary<string, string[]> _countedAs;
    private readonly Dictionary<string, string[]> _schemesOfBody;
    private readonly Dictionary<string, Standard[]> _standardsOfScheme;
    private readonly Dictionary<string, Standard[]> _successorsOf;
    private readonly Dictionary<(string Recogniser, string Recognised), GrantLine[]> _grants;
    private readonly Dictionary<string, GrantLine[]> _grantsOfRecogniser;
    private readonly Dictionary<string, GrantLine[]> _onwardGrants;
    private readonly Dictionary<string, GrantLine[]> _policyLines;
    private readonly Dictionary<string, Coverage[]> _coverage;

    /// <summary>Indexes one revision of the registry.</summary>
    /// <param name="revision">The revision that all of it was read at.</param>
    /// <param name="categories">Every category.</param>
    /// <param name="schemes">Every scheme.</param>
    /// <param name="standards">Every standard.</param>
    /// <param name="agreements">Every agreement, in force or not.</param>
    /// <param name="policies">Every policy.</param>
    public RecognitionGraph(
        long revision,
        IEnumerable<Category> categories,
        IEnumerable<Scheme> schemes,
        IEnumerable<Standard> standards,
        IEnumerable<Agreement> agreements,
        IEnumerable<Policy> policies)
    {
        Revision = revision;
        Categories = categories.ToDictionary(c => c.Code, StringComparer.Ordinal);
        Schemes = schemes.ToDictionary(s => s.Code, StringComparer.Ordinal);
        Standards = standards.ToDictionary(s => s.Id, StringComparer.Ordinal);
        Agreements = agreements.ToDictionary(a => a.Code, StringComparer.Ordinal);
        Policies = policies.ToDictionary(p => p.Code, StringComparer.Ordinal);

        _ancestry = Categories.Keys.ToDictionary(c => c, c => Climb(c, code => Categories.GetValueOrDefault(code)?.Parent), StringComparer.Ordinal);
        _countsAs = Schemes.Keys.ToDictionary(s => s, s => Climb(s, CountedParent), StringComparer.Ordinal);
        _countedAs = Group(_countsAs.SelectMany(s => s.Value.Select(parent => (Parent: parent, Code: s.Key))), s => s.Parent, s => s.Code, string.CompareOrdinal);
        _coverage = Schemes.Values.ToDictionary(s => s.Code, s => new[] { new Coverage(s.Code, s.Coverage, s.RegisterAsOf) }, StringComparer.Ordinal);
        _schemesOfBody = Group(Schemes.Values, s => s.Body, s => s.Code, string.CompareOrdinal);
        _standardsOfScheme = Group(Standards.Values, s => s.Scheme, s => s, (a, b) => string.CompareOrdinal(a.Id, b.Id));
        _successorsOf = Group(
            Standards.Values.Where(s => s.Supersedes is not null), s => s.Supersedes!, s => s, (a, b) => string.CompareOrdinal(a.Id, b.Id));

        var lines = Agreements.Values.SelectMany(LinesOf).ToList();
        _grants = lines.GroupBy(l => (l.Recogniser, l.Recognised)).ToDictionary(g => g.Key, Sorted);
        _grantsOfRecogniser = lines.GroupBy(l => l.Recogniser, StringComparer.Ordinal).ToDictionary(g => g.Key, Sorted, StringComparer.Ordinal);
        _onwardGrants = lines.Where(l => l.MayGoOnward)
            .GroupBy(l => l.Recogniser, StringComparer.Ordinal).ToDictionary(g => g.Key, Sorted, StringComparer.Ordinal);
        _policyLines = Policies.Values.ToDictionary(
            p => p.Code,
            p => p.Accepts.Select((line, i) => new GrantLine(p, line, FormattableString.Invariant($"{i + 1}"))).ToArray(),
            StringComparer.Ordinal);
    }

    /// <summary>The revision that all of it was read at.</summary>
    public long Revision { get; }

    /// <summary>Categories by code.</summary>
    public IReadOnlyDictionary<string, Category> Categories { get; }

    /// <summary>Schemes by code.</summary>
    public IReadOnlyDictionary<string, Scheme> Schemes { get; }

    /// <summary>Standards by id.</summary>
    public IReadOnlyDictionary<string, Standard> Standards { get; }

    /// <summary>Agreements by code.</summary>
    public IReadOnlyDictionary<string, Agreement> Agreements { get; }

    /// <summary>Policies by code.</summary>
    public IReadOnlyDictionary<string, Policy> Policies { get; }

    /// <summary>Looks a recogniser's code up as scheme, then policy, then body; <c>body:geca</c> forces the body.</summary>
    /// <returns>Null when it names none. A body is known here by its schemes.</returns>
    public Recogniser? FindRecogniser(string code)
    {
        const string Body = "body:";
        var forced = code.StartsWith(Body, StringComparison.Ordinal) ? code[Body.Length..] : null;
        return forced is not null ? _schemesOfBody.ContainsKey(forced) ? new Recogniser(RecogniserKind.Body, forced) : null
            : Schemes.ContainsKey(code) ? new Recogniser(RecogniserKind.Scheme, code)
            : Policies.ContainsKey(code) ? new Recogniser(RecogniserKind.Policy, code)
            : _schemesOfBody.ContainsKey(code) ? new Recogniser(RecogniserKind.Body, code)
            : null;
    }

    /// <summary>True when the category is the given one or below it. A category that is not in the tree is only below itself.</summary>
    public bool IsWithin(string category, string ancestor)
    {
        if (string.Equals(category, ancestor, StringComparison.Ordinal))
        {
            return true;
        }

        return _ancestry.TryGetValue(category, out var path) && Array.IndexOf(path, ancestor) >= 0;
    }

    /// <summary>True when the category is one of the given ones or below one of them; a category that is not known is within none.</summary>
    public bool IsWithinAny(string? category, IReadOnlyList<string> ancestors)
    {
        if (category is null)
        {
            return false;
        }

        for (var i = 0; i < ancestors.Count; i++)
        {
            if (IsWithin(category, ancestors[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when some product of the category may be in a list of categories: it covers the category, or a part of it; empty or missing covers all.</summary>
    public bool Touches(IReadOnlyList<string>? categories, string category) =>
        categories is not { Count: > 0 } || IsWithinAny(category, categories) || categories.Any(c => IsWithin(c, category));

    /// <summary>The categories that two lists cover both; null when there are none. An empty list covers all.</summary>
    internal IReadOnlyList<string>? CommonTo(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        if (one.Count == 0 || other.Count == 0)
        {
            return one.Count == 0 ? other : one;
        }

        var common = one.Where(c => IsWithinAny(c, other)).Concat(other.Where(c => IsWithinAny(c, one)))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return common.Count == 0 ? null : common;
    }

    /// <summary>The edition of a standard by its label; null when either is not known.</summary>
    public Edition? FindEdition(string? standard, string? label)
    {
        if (standard is null || label is null || !Standards.TryGetValue(standard, out var document))
        {
            return null;
        }

        for (var i = 0; i < document.Editions.Count; i++)
        {
            if (string.Equals(document.Editions[i].Label, label, StringComparison.Ordinal))
            {
                return document.Editions[i];
            }
        }

        return null;
    }

    /// <summary>The schemes whose certificates a certificate of the scheme counts as: its own, and each parent that it says it counts as.</summary>
    public IReadOnlyList<string> CountsAs(string scheme) => _countsAs.TryGetValue(scheme, out var codes) ? codes : [scheme];

    /// <summary>The schemes whose certificates count as those of the scheme: its own, and each sub-scheme that says so; by code.</summary>
    public IReadOnlyList<string> CountedAs(string scheme) => _countedAs.TryGetValue(scheme, out var codes) ? codes : [scheme];

    /// <summary>The schemes of a body, by code.</summary>
    public IReadOnlyList<string> SchemesOf(string body) => _schemesOfBody.TryGetValue(body, out var codes) ? codes : [];

    /// <summary>The standards of a scheme, by id.</summary>
    public IReadOnlyList<Standard> StandardsOf(string scheme) => _standardsOfScheme.TryGetValue(scheme, out var standards) ? standards : [];

    /// <summary>The documents that replace a standard under another number, by id.</summary>
    public IReadOnlyList<Standard> SuccessorsOf(string standard) => _successorsOf.TryGetValue(standard, out var standards) ? standards : [];

    /// <summary>The registers of every scheme that the recogniser recognises (<see cref="RecognisedSchemes.Of"/>), by scheme; worked out once for each recogniser, date, category and level.</summary>
    internal IReadOnlyList<Coverage> RegistersRecognised(RecognitionQuestion question)
    {
        var asked = question.Territory is null ? question : question with { Territory = null }; // where a certificate counts says nothing of a scheme
        if (_recognised.TryGetValue(asked, out var known))
        {
            return known;
        }

        Coverage[] registers = [.. RecognisedSchemes.Of(this, asked).Select(CoverageOf)];
        if (_recognised.Count < MostRemembered)
        {
            _recognised.TryAdd(asked, registers);
        }

        return registers;
    }

    /// <summary>How completely a scheme's register is held; nothing, for a scheme that is not known.</summary>
    public Coverage CoverageOf(string scheme) => RegisterOf(scheme)[0];

    /// <summary>The same, as the one register that most answers concern.</summary>
    internal Coverage[] RegisterOf(string scheme) => _coverage.TryGetValue(scheme, out var held) ? held : [new Coverage(scheme, RegisterCoverage.None, null)];

    /// <summary>Every grant from one scheme to another, in any text, by agreement and grant.</summary>
    internal GrantLine[] Grants(string recogniser, string recognised) => _grants.GetValueOrDefault((recogniser, recognised), NoGrants);

    /// <summary>Every grant and every line of a policy: by agreement and grant, then by policy and place.</summary>
    internal IEnumerable<GrantLine> Lines =>
        _grantsOfRecogniser.Values.SelectMany(lines => lines).Order(Comparer<GrantLine>.Create(GrantLine.Compare))
            .Concat(_policyLines.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value));

    /// <summary>Every grant of a recogniser.</summary>
    internal GrantLine[] GrantsOf(string recogniser) => _grantsOfRecogniser.GetValueOrDefault(recogniser, NoGrants);

    /// <summary>Every grant of a recogniser that some text lets it pass on.</summary>
    internal GrantLine[] OnwardGrantsOf(string recogniser) => _onwardGrants.GetValueOrDefault(recogniser, NoGrants);

    /// <summary>The lines of a policy, in the order of its text.</summary>
    internal GrantLine[] LinesOfPolicy(string policy) => _policyLines[policy];

    private static GrantLine[] Sorted(IEnumerable<GrantLine> lines) => [.. lines.Order(Comparer<GrantLine>.Create(GrantLine.Compare))];

    private static Dictionary<string, TItem[]> Group<TSource, TItem>(
        IEnumerable<TSource> all, Func<TSource, string> key, Func<TSource, TItem> item, Comparison<TItem> order) =>
        all.GroupBy(key, item, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Order(Comparer<TItem>.Create(order)).ToArray(), StringComparer.Ordinal);

    /// <summary>A grant keeps its id from text to text; if a text gives the id to another pair, that is another line.</summary>
    private static IEnumerable<GrantLine> LinesOf(Agreement agreement) =>
        agreement.Texts
            .SelectMany((text, i) => text.Grants.Select(grant => (Text: i, Grant: grant)))
            .GroupBy(g => (g.Grant.Id, g.Grant.Recogniser, g.Grant.Recognised))
            .Select(versions =>
            {
                var byText = new Grant?[agreement.Texts.Count];
                foreach (var (text, grant) in versions)
                {
                    byText[text] = grant;
                }

                return new GrantLine(agreement, byText);
            });

    /// <summary>From a code upwards, itself first; a cycle ends where it closes.</summary>
    private static string[] Climb(string code, Func<string, string?> parent)
    {
        var path = new List<string>();
        for (var at = code; at is not null && !path.Contains(at, StringComparer.Ordinal); at = parent(at))
        {
            path.Add(at);
        }

        return [.. path];
    }

    private string? CountedParent(string scheme) =>
        Schemes.TryGetValue(scheme, out var known) && known.CountsAsParent ? known.Parent : null;
}
