using System.Collections.Immutable;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>What a write answers.</summary>
/// <param name="Revision">The revision of the resource: this write's, or the earlier one when nothing changed.</param>
/// <param name="Created">True when the resource is new.</param>
public sealed record Written(long Revision, bool Created);

/// <summary>The one way in which a record that is written whole is put: the same again changes nothing, another is a new version.</summary>
public static class PutRecord
{
    /// <summary>Writes a record whole.</summary>
    /// <param name="log">The change log.</param>
    /// <param name="kind">The kind of record.</param>
    /// <param name="code">Its code.</param>
    /// <param name="entry">All of it.</param>
    /// <param name="request">Who writes, and whether he may.</param>
    /// <param name="ifMatch">What the caller demands of the record; null for nothing.</param>
    /// <param name="records">The records of its kind.</param>
    /// <param name="check">Refuses what the registry as it stands does not allow, by throwing.</param>
    /// <param name="cancel">Stops the write before its commit.</param>
    public static Task<Written> PutAsync<T>(
        this ChangeLog log,
        RecordKind kind,
        string code,
        T entry,
        IWriteRequest request,
        Precondition? ifMatch,
        Func<RegistryAt, ImmutableSortedDictionary<string, Recorded<T>>> records,
        Action<RegistryAt, Recorded<T>?> check,
        CancellationToken cancel) => log.WriteAsync(
        request,
        async write =>
        {
            var before = records(write.Registry).GetValueOrDefault(code);
            check(write.Registry, before);
            ifMatch?.Demand(before?.Revision);
            var data = RecordJson.Node(entry);
            if (before is not null && JsonNode.DeepEquals(RecordJson.Node(before.Entry), data))
            {
                return new Written(before.Revision, Created: false);
            }

            await write.PutAsync(kind, code, entry);
            await write.AppendAsync(request.Actor, Code.Of(kind) + "-put", Subjects.Of(kind, code), data);
            return new Written(write.Revision, before is null);
        },
        cancel);
}
