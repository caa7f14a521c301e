using System.Globalization;
using EcoLabelRegistry.Http;
using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Changes;

/// <summary>What <c>If-Match</c> demands: that the record is still at a revision that the client has read.</summary>
/// <param name="Revisions">The resource's own revisions named; null for <c>*</c>, which any record satisfies.</param>
public sealed record Precondition(IReadOnlyList<long>? Revisions)
{
    /// <summary>Reads the header: <c>"412"</c>, or the <c>ETag</c> of an answer, whose own revision comes first: <c>"r412.c415.20261122.en.json"</c>.</summary>
    /// <returns>Null when the header is absent.</returns>
    public static Precondition? Read(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseList(header!, out var tags))
        {
            throw Refusal.Invalid("If-Match", new Message("fault.if-match", header.ToString()));
        }

        // A tag that names no revision of a record, such as that of a list, matches none.
        return tags.Any(t => t.Equals(EntityTagHeaderValue.Any))
            ? new(null as IReadOnlyList<long>)
            : new([.. tags.Where(t => !t.IsWeak).Select(t => RevisionOf(t.Tag.AsSpan().Trim('"'))).OfType<long>()]);
    }

    /// <summary>Refuses when the record is at another revision (412).</summary>
    /// <param name="current">The revision that last wrote it; null while it does not exist.</param>
    public void Demand(long? current)
    {
        if (current is null || Revisions?.Contains(current.Value) == false)
        {
            throw Refusal.PreconditionFailed(current);
        }
    }

    private static long? RevisionOf(ReadOnlySpan<char> tag)
    {
        tag = tag.StartsWith('r') ? tag[1..] : tag;
        var end = tag.IndexOf('.');
        return long.TryParse(end < 0 ? tag : tag[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
    }
}
