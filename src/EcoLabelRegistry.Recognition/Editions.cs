namespace EcoLabelRegistry.Recognition;

/// <summary>Which edition of a standard is in force on a date, and whether a newer one has begun.</summary>
public static class Editions
{
    /// <summary>The edition in force on a date: of those begun and not ended, the one that began last. Its transition is not included.</summary>
    /// <returns>Null when the standard has no edition in force.</returns>
    public static Edition? InForce(Standard standard, DateOnly date) => InForce(standard, new Day(date));

    internal static Edition? InForce(Standard standard, Day day)
    {
        Edition? latest = null;
        for (var i = 0; i < standard.Editions.Count; i++)
        {
            var edition = standard.Editions[i];
            if (day.IsWithin(edition.EffectiveFrom, edition.EffectiveUntil) && (latest is null || BeganLater(edition, latest, standard, day)))
            {
                latest = edition;
            }
        }

        return latest;
    }

    /// <summary>Adds the days on which another edition may come into force.</summary>
    internal static void AddChanges(Standard standard, ref NextChange next)
    {
        for (var i = 0; i < standard.Editions.Count; i++)
        {
            next.Begins(standard.Editions[i].EffectiveFrom);
            next.Ends(standard.Editions[i].EffectiveUntil);
        }
    }

    /// <summary>The editions that are newer than every named one, begun or not.</summary>
    /// <param name="standard">The standard.</param>
    /// <param name="isNamed">Tells whether a mapping names the edition.</param>
    /// <returns>None when the mapping names no edition held here: that says nothing about which one would be newer.</returns>
    internal static IEnumerable<Edition> Newer(Standard standard, Func<Edition, bool> isNamed)
    {
        Edition? newestNamed = null;
        foreach (var edition in standard.Editions)
        {
            if (isNamed(edition) && (newestNamed is null || BeganLater(edition, newestNamed, standard, default)))
            {
                newestNamed = edition;
            }
        }

        return newestNamed is null ? [] : standard.Editions.Where(e => BeganLater(e, newestNamed, standard, default));
    }

    /// <summary>Editions that begin on one day follow each other by successor, and last by label.</summary>
    private static bool BeganLater(Edition edition, Edition other, Standard standard, Day day)
    {
        var order = Begins(edition, day).CompareTo(Begins(other, day));
        order = order != 0 ? order : Followers(other, standard).CompareTo(Followers(edition, standard));
        return (order != 0 ? order : string.CompareOrdinal(edition.Label, other.Label)) > 0;
    }

    /// <summary>How many editions follow it, one after the other. A cycle ends when every edition has been counted.</summary>
    private static int Followers(Edition edition, Standard standard)
    {
        var count = 0;
        for (var at = edition; count < standard.Editions.Count && Successor(at, standard) is { } next; at = next)
        {
            count++;
        }

        return count;
    }

    private static Edition? Successor(Edition edition, Standard standard)
    {
        for (var i = 0; edition.SupersededBy is not null && i < standard.Editions.Count; i++)
        {
            if (standard.Editions[i].Label == edition.SupersededBy)
            {
                return standard.Editions[i];
            }
        }

        return null;
    }

    private static DateOnly Begins(Edition edition, Day day) => edition.EffectiveFrom is { } start ? day.StartOf(start) : DateOnly.MinValue;
}
