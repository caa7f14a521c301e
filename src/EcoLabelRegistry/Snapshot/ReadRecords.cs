using System.Collections.Immutable;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Snapshot;

/// <summary>What was read, and the revision of the registry that it was read at.</summary>
public sealed record Read<T>(T Value, long Revision);

/// <summary>Reads what is held in memory: one thing, or a list of things page by page.</summary>
public static class ReadRecords
{
    /// <summary>Reads one thing at the moment whose knowledge is asked for.</summary>
    public static async Task<Read<T>> ReadAsync<T>(this Registries registries, KnownAt? knownAt, Func<RegistryAt, T> find, CancellationToken cancel)
    {
        await using var reading = await registries.ReadAsync(knownAt, cancel);
        return new(find(reading.Registry), reading.Revision);
    }

    /// <summary>Reads a page of a list. Every page is of the revision and the day of the first one.</summary>
    /// <param name="registries">The registry at any revision.</param>
    /// <param name="paging">Which stretch is asked for.</param>
    /// <param name="knownAt">The moment whose knowledge is asked for.</param>
    /// <param name="day">The date that the rows are judged on.</param>
    /// <param name="rows">All rows, ordered by their keys.</param>
    /// <param name="key">The key of a row: unique, and compared ordinally part by part.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static async Task<Page<TRow>> PageAsync<TRow>(
        this Registries registries,
        Paging paging,
        KnownAt? knownAt,
        DateOnly day,
        Func<RegistryAt, DateOnly, IEnumerable<TRow>> rows,
        Func<TRow, IReadOnlyList<string>> key,
        CancellationToken cancel)
    {
        var after = paging.After;
        await using var reading = await registries.ReadAsync(after is null ? knownAt : new KnownAt(after.Revision, null), cancel);
        var judgedOn = after?.Day ?? day;
        var all = rows(reading.Registry, judgedOn);
        return paging.Cut(after is null ? all : all.SkipWhile(row => Compare(key(row), after.Key) <= 0), reading.Revision, judgedOn, key);
    }

    /// <summary>The record of this code; 404 when the address names none.</summary>
    public static Recorded<T> Named<T>(this ImmutableSortedDictionary<string, Recorded<T>> records, Thing thing, string code) =>
        records.GetValueOrDefault(code) ?? throw Refusal.NotFound(thing, code);

    /// <summary>Keys in the order of a list: part by part, ordinally.</summary>
    public static int Compare(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (string.CompareOrdinal(left[i], right[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return left.Count.CompareTo(right.Count);
    }
}
