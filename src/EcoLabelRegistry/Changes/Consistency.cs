using System.Collections.Immutable;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>What a record may name: only what exists, and never itself by way of others.</summary>
public static class Consistency
{
    /// <summary>Refuses a code that names no record (422).</summary>
    public static void Require<T>(this ImmutableSortedDictionary<string, Recorded<T>> records, Thing thing, string member, string? code)
    {
        if (code is not null && !records.ContainsKey(code))
        {
            throw Refusal.Unknown(thing, member, code, records.Keys);
        }
    }

    /// <summary>Refuses codes of which one names no record (422).</summary>
    public static void Require<T>(this ImmutableSortedDictionary<string, Recorded<T>> records, Thing thing, string member, IReadOnlyList<string>? codes)
    {
        for (var i = 0; i < (codes?.Count ?? 0); i++)
        {
            records.Require(thing, $"{member}[{i}]", codes![i]);
        }
    }

    /// <summary>Refuses a link that leads back to where it starts (409).</summary>
    /// <param name="member">The member that links.</param>
    /// <param name="code">The record that is written.</param>
    /// <param name="linked">The record that it names.</param>
    /// <param name="next">The record that another one names.</param>
    public static void RefuseCycle(string member, string code, string? linked, Func<string, string?> next)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { code };
        for (var at = linked; at is not null; at = next(at))
        {
            if (!seen.Add(at))
            {
                throw Refusal.NotPossible(member, new Message("refusal.cycle", code, linked));
            }
        }
    }
}
