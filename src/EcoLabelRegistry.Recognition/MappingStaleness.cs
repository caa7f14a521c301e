namespace EcoLabelRegistry.Recognition;

/// <summary>Tells whether a newer edition has come that an agreement's mapping does not name yet.</summary>
internal static class MappingStaleness
{
    /// <summary>True when it has on the side of the certificates: in the grant's list of standards and editions.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="held">Only entries for this standard, or for one that it replaces, are looked at; null looks at all.</param>
    /// <param name="graph">Holds the editions.</param>
    /// <param name="date">Only editions that have begun by then are newer.</param>
    public static bool IsHeldSideStale(Grant grant, string? held, RecognitionGraph graph, DateOnly date)
    {
        foreach (var granted in grant.Standards)
        {
            if ((held is null || IsOrReplaces(held, granted.Standard, graph))
                && IsBehind(granted.Standard, Names(grant.Standards, g => g.Standard, g => g.Editions), graph, date))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when it has on the side of the recogniser: in what the grant wants met, or holds in common.</summary>
    public static bool IsWantedSideStale(Grant grant, RecognitionGraph graph, DateOnly date)
    {
        foreach (var wanted in grant.Wanted)
        {
            if (IsBehind(wanted.Standard, Names(grant.Wanted, w => w.Standard, w => w.Edition is { } e ? [e] : []), graph, date))
            {
                return true;
            }
        }

        foreach (var common in grant.CommonCriteria)
        {
            if (IsBehind(common.Standard, Names(grant.CommonCriteria, c => c.Standard, c => c.Edition is { } e ? [e] : []), graph, date))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The editions named for each standard; an empty list names them all.</summary>
    private static Dictionary<string, List<IReadOnlyList<string>>> Names<TEntry>(
        IReadOnlyList<TEntry> entries, Func<TEntry, string> standard, Func<TEntry, IReadOnlyList<string>> editions) =>
        entries.GroupBy(standard, editions, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);

    private static bool IsBehind(string standard, Dictionary<string, List<IReadOnlyList<string>>> named, RecognitionGraph graph, DateOnly date)
    {
        var entries = named[standard];
        var namesAll = entries.Exists(e => e.Count == 0 || e.Contains(GrantedStandard.Current, StringComparer.Ordinal));
        if (!namesAll
            && graph.Standards.TryGetValue(standard, out var document)
            && Editions.HasNewer(document, e => entries.Exists(names => names.Contains(e.Label, StringComparer.Ordinal)), date))
        {
            return true;
        }

        // A document under a new number is newer than every edition of the old one.
        return graph.SuccessorsOf(standard).Any(s => !named.ContainsKey(s.Id) && s.Editions.Any(e => new Day(date).HasBegun(e.EffectiveFrom)));
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
