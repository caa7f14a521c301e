using System.Collections.Immutable;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Changes;

/// <summary>What a write answers.</summary>
/// <param name="Revision">The revision of the resource: this write's, or the earlier one when nothing changed.</param>
/// <param name="Created">True when the resource is new.</param>
public sealed record Written(long Revision, bool Created);

/// <summary>The one way in which a record that is written whole goes from its address and body to what is answered: the same again changes nothing, another is a new version.</summary>
/// <param name="kind">The kind of record.</param>
/// <param name="codeOf">The code that an entry says it has.</param>
/// <param name="coded">The entry with the code of its address.</param>
/// <param name="records">The records of the kind.</param>
internal sealed class PutRecord<T>(
    RecordKind kind, Func<T, string?> codeOf, Func<T, string, T> coded, Func<RegistryAt, ImmutableSortedDictionary<string, Recorded<T>>> records)
    where T : class
{
    /// <summary>Sends what came to an address, and answers it. A body may leave out the code that its address has.</summary>
    /// <param name="code">The code in the address.</param>
    /// <param name="body">All of the record.</param>
    /// <param name="request">The slice's request to write it.</param>
    /// <param name="mediator">Sends it.</param>
    /// <param name="cancel">Stops the write before its commit.</param>
    public async Task<WriteReply<Written>> AnswerAsync(string code, Body<T> body, Func<T, IRequest<Written>> request, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(request(codeOf(body.Value) is null ? coded(body.Value, code) : body.Value), cancel);
        return Reply.Wrote(written, written.Revision, written.Created ? Subjects.Of(kind, code) : null);
    }

    /// <summary>The record as it stands; null while there is none.</summary>
    public T? Stored(IRegistryView view, T entry) => records(view.Registry).GetValueOrDefault(codeOf(entry) ?? "")?.Entry;

    /// <summary>Refuses (403) whoever may not write the record.</summary>
    public ValueTask Demand(bool may, T entry) => may ? ValueTask.CompletedTask : throw Refusal.Forbidden(Subjects.Of(kind, codeOf(entry)!));

    /// <summary>Writes a record whole.</summary>
    /// <param name="log">The change log.</param>
    /// <param name="entry">All of it.</param>
    /// <param name="request">Who writes, and whether he may.</param>
    /// <param name="ifMatch">What the caller demands of the record; null for nothing.</param>
    /// <param name="check">Refuses what the registry as it stands does not allow, by throwing.</param>
    /// <param name="cancel">Stops the write before its commit.</param>
    public Task<Written> WriteAsync(ChangeLog log, T entry, IWriteRequest request, Precondition? ifMatch, Action<RegistryAt, T> check, CancellationToken cancel) =>
        WriteAsync(log, entry, request, ifMatch, (write, _) => Done(() => check(write.Registry, entry)), cancel);

    /// <summary>Writes a record whole, where it depends on the version before, or on certificates, whether it may stand.</summary>
    /// <param name="log">The change log.</param>
    /// <param name="entry">All of it.</param>
    /// <param name="request">Who writes, and whether he may.</param>
    /// <param name="ifMatch">What the caller demands of the record; null for nothing.</param>
    /// <param name="check">Refuses what the registry as it stands, with the record as it stands in it, does not allow, by throwing.</param>
    /// <param name="cancel">Stops the write before its commit.</param>
    public Task<Written> WriteAsync(ChangeLog log, T entry, IWriteRequest request, Precondition? ifMatch, Func<Write, T?, Task> check, CancellationToken cancel) => log.WriteAsync(
        request,
        async write =>
        {
            var code = codeOf(entry)!;
            var before = records(write.Registry).GetValueOrDefault(code);
            await check(write, before?.Entry);
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

    private static Task Done(Action check)
    {
        check();
        return Task.CompletedTask;
    }
}
