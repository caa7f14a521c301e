namespace EcoLabelRegistry.Recognition;

/// <summary>From which days on newer editions have come that a grant's mapping does not name.</summary>
/// <remarks>What a mapping names never changes, and a newer edition is there from its first day on, so that only a day is left to ask.</remarks>
internal sealed class MappingStaleness
{
    private static readonly MappingStaleness Never = new([], null);
    private readonly (string Standard, DateOnly From)[] _held;
    private readonly DateOnly? _wanted;

    private MappingStaleness((string Standard, DateOnly From)[] held, DateOnly? wanted)
    {
        _held = held;
        _wanted = wanted;
    }

    /// <summary>Works it out for one grant.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="graph">Holds the editions, and what replaces a standard.</param>
    public static MappingStaleness Of(Grant grant, RecognitionGraph graph)
    {
        if (grant.Standards.Count == 0 && grant.Wanted.Count == 0 && grant.CommonCriteria.Count == 0)
        {
            return Never;
        }

        var held = Names(grant.Standards, g => g.Standard, g => g.Editions);
        var wanted = Names(grant.Wanted, w => w.Standard, w => w.Edition is { } e ? [e] : []);
        var common = Names(grant.CommonCriteria, c => c.Standard, c => c.Edition is { } e ? [e] : []);
        return new(
            [.. held.Keys.Select(s => (Standard: s, From: BehindFrom(s, held, graph))).Where(s => s.From is not null).Select(s => (s.Standard, s.From!.Value))],
            wanted.Keys.Select(s => BehindFrom(s, wanted, graph)).Concat(common.Keys.Select(s => BehindFrom(s, common, graph))).Min());
    }

    /// <summary>True when it is stale on the side of the certificates: in the grant's list of standards and editions.</summary>
    /// <param name="held">Only entries for this standard, or for one that it replaces, are looked at; null looks at all.</param>
    /// <param name="graph">Says what the standard replaces.</param>
    /// <param name="date">Only editions that have begun by then are newer.</param>
    public bool IsHeldSideStale(string? held, RecognitionGraph graph, DateOnly date)
    {
        foreach (var (standard, from) in _held)
        {
            if (from <= date && (held is null || IsOrReplaces(held, standard, graph)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when it is stale on the side of the recogniser: in what the grant wants met, or holds in common.</summary>
    public bool IsWantedSideStale(DateOnly date) => _wanted <= date;

    /// <summary>True when it is stale on either side, whatever certificate is asked about.</summary>
    public bool IsStale(RecognitionGraph graph, DateOnly date) => IsHeldSideStale(null, graph, date) || IsWantedSideStale(date);

    /// <summary>The editions named for each standard; an empty list names them all.</summary>
    private static Dictionary<string, List<IReadOnlyList<string>>> Names<TEntry>(
        IReadOnlyList<TEntry> entries, Func<TEntry, string> standard, Func<TEntry, IReadOnlyList<string>> editions) =>
        entries.GroupBy(standard, editions, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);

    /// <summary>The first day on which something newer than all that is named of the standard has begun; null when nothing is recorded.</summary>
    private static DateOnly? BehindFrom(string standard, Dictionary<string, List<IReadOnlyList<string>>> named, RecognitionGraph graph)
    {
        var entries = named[standard];
        var namesAll = entries.Exists(e => e.Count == 0 || e.Contains(GrantedStandard.Current, StringComparer.Ordinal));
        var document = graph.Standards.GetValueOrDefault(standard);
        var newer = !namesAll && document is not null
            ? Editions.Newer(document, e => entries.Exists(names => names.Contains(e.Label, StringComparer.Ordinal)))
            : [];

        // A document of the same scheme under a new number is newer than every edition of the old one.
        var replacing = graph.SuccessorsOf(standard).Where(s => s.Scheme == document?.Scheme && !named.ContainsKey(s.Id)).SelectMany(s => s.Editions);
        return newer.Concat(replacing).Select(e => (DateOnly?)(e.EffectiveFrom?.FirstDay ?? DateOnly.MinValue)).Min();
    }

    private static bool IsOrReplaces(string held, string named, RecognitionGraph graph)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = held; at is not null && seen.Add(at); at = graph.Standards.GetValueOrDefault(at)?.Supersedes)
        {
            if (at == named)
            {
                return true;
            }
        }

        return false;
    }
}
