using System.Text.Json;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Changes;

/// <summary>Shows one entry of the change log.</summary>
/// <remarks>
/// Whoever has every entry can prove the chain alone. <c>hash</c> is the SHA-256 of <c>previousHash</c>, <c>revision</c>, <c>at</c>, <c>actor</c>,
/// <c>type</c>, <c>subject</c> and <c>digest</c>, joined by line feeds. <c>digest</c> is the SHA-256 of <c>data</c> in canonical JSON (RFC 8785) with each
/// member named in <c>salts</c> replaced by its digest there; that one is the SHA-256 of the salt and the member's canonical JSON. A redacted
/// member is null and has lost its salt; so is the contact of an objection, which is shown to the body concerned alone.
/// </remarks>
public static class GetChange
{
    /// <summary>An entry as a client sees it.</summary>
    internal const string Example = """
        {
          "revision": 1, "at": "2026-11-22T09:30:00.123456Z", "actor": "registrar", "type": "category-put", "subject": "/v1/categories/it",
          "data": { "code": "it", "names": { "en": "Information technology", "zh": "信息技术" } },
          "salts": {},
          "digest": "7d6b0c1f4f9d3d1b0f7f6d1f5b7a9f0c1f3a5d7e9b2c4d6f8a0b1c3e5f708192",
          "previousHash": "0000000000000000000000000000000000000000000000000000000000000000",
          "hash": "1c3e5f7081927d6b0c1f4f9d3d1b0f7f6d1f5b7a9f0c1f3a5d7e9b2c4d6f8a0b"
        }
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/changes/{revision}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Computed(found.Value, found.Revision, found.Value.Revision); // an entry of old changes when personal data is redacted
    }

    /// <param name="Revision" example="1">The revision that it made.</param>
    public sealed record Request(RevisionNumber Revision) : IRequest<Read<Response>>;

    /// <summary>An entry of the change log: one write, one revision.</summary>
    /// <param name="Revision">Its number; the log has no gaps.</param>
    /// <param name="At">Instant, RFC 3339 in UTC with microseconds; never earlier than that of the entry before.</param>
    /// <param name="Actor">Who wrote: <c>registrar</c>, <c>body:geca</c>, <c>authority:…</c>, or <c>anyone</c> who files an objection without a key.</param>
    /// <param name="Type">What kind of write.</param>
    /// <param name="Subject">Address of what was written.</param>
    /// <param name="Data">What was written; the rows of a register are at <c>/v1/changes/{revision}/items</c>.</param>
    /// <param name="Salts">By JSON Pointer, the salt and the digest of each personal member of the data.</param>
    /// <param name="Digest">Digest of the data that the chain covers.</param>
    /// <param name="PreviousHash">Hash of the entry before; 64 zeros before the first.</param>
    /// <param name="Hash">Hash of this entry.</param>
    public sealed record Response(
        long Revision,
        string At,
        string Actor,
        string Type,
        string Subject,
        JsonElement Data,
        JsonElement Salts,
        string Digest,
        string PreviousHash,
        string Hash)
    {
        /// <summary>An entry as it is shown.</summary>
        internal static Response Of(Change change)
        {
            var (data, salts) = PersonalData.ForEverybody(change.Data, change.Salts);
            return new(
                change.Revision, change.At, change.Actor, change.Type, change.Subject, Json(data), Json(salts), change.Digest, change.PreviousHash, change.Hash);
        }

        /// <summary>Stored JSON, as a value.</summary>
        internal static JsonElement Json(string text) => JsonElement.Parse(text);
    }

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, Read<Response>>
    {
        public async Task<Read<Response>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            return new(Response.Of(await reading.ChangeAsync(request.Revision)), reading.Revision);
        }
    }
}
