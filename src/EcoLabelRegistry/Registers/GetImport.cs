using Dapper;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Registers;

/// <summary>Shows how far an import of a register is, or what became of it.</summary>
/// <remarks>
/// Its id is known before the upload ends: it is listed at <c>/v1/imports?scheme=</c> from its start. The numbers are some seconds old while it runs. What was
/// written is in the log, at <c>revision</c>. Kept for 90 days.
/// </remarks>
public static class GetImport
{
    /// <summary>An import as a client sees it.</summary>
    internal const string Example = """
        {
          "id": "019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a", "scheme": "eco-mark", "kind": "full", "actor": "body:jea", "state": "checking",
          "startedAt": "2026-11-22T09:30:00.123456Z", "seenAt": "2026-11-22T09:30:42.123456Z", "endedAt": null,
          "received": 100000, "checked": 42000, "created": 0, "updated": 0, "unchanged": 0, "withdrawn": 0, "rejected": 0, "revision": null, "problem": null
        }
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/imports/{id}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Computed(found.Import, found.Revision, found.Version); // it changes by itself, while no revision is made
    }

    /// <param name="Id" example="019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a">Id of the import.</param>
    public sealed record Request(string Id) : IRequest<Found>;

    /// <param name="Import">The import.</param>
    /// <param name="Version">How often it was shown anew.</param>
    /// <param name="Revision">The registry's revision.</param>
    public sealed record Found(Response Import, long Version, long Revision);

    /// <summary>An import of a register.</summary>
    /// <param name="Id">Its id; ids are in the order of the starts.</param>
    /// <param name="Scheme">Code of the scheme.</param>
    /// <param name="Kind">Whether it brings the whole register.</param>
    /// <param name="Actor">Who sends it.</param>
    /// <param name="State">How far it is.</param>
    /// <param name="StartedAt">When it began.</param>
    /// <param name="SeenAt">The last sign of life of the server that runs it.</param>
    /// <param name="EndedAt">When it ended; null while it runs.</param>
    /// <param name="Received">Rows received so far; at the end, certificates.</param>
    /// <param name="Checked">Certificates judged so far, those on record that a full register omits included.</param>
    /// <param name="Created">Certificates that were new.</param>
    /// <param name="Updated">Certificates that changed.</param>
    /// <param name="Unchanged">Certificates that were on record just so.</param>
    /// <param name="Withdrawn">Certificates that were withdrawn.</param>
    /// <param name="Rejected">Lines that were not taken.</param>
    /// <param name="Revision">The revision that it made; null when it made none.</param>
    /// <param name="Problem">Why it was refused; null when it was not.</param>
    public sealed record Response(
        string Id,
        string Scheme,
        ImportKind Kind,
        string Actor,
        ImportState State,
        string StartedAt,
        string SeenAt,
        string? EndedAt,
        long Received,
        long Checked,
        long Created,
        long Updated,
        long Unchanged,
        long Withdrawn,
        long Rejected,
        long? Revision,
        ProblemCode? Problem);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Found>
    {
        private const string ById = $"select {ImportRow.Columns} from register_import where id = @Id";

        public async Task<Found> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            var row = await reading.Db.QuerySingleOrDefaultAsync<ImportRow>(ById, new { request.Id }, reading.Transaction)
                ?? throw Refusal.NotFound(Thing.Import, request.Id);
            return new(row.Read(clock), row.VersionAt(clock), reading.Revision);
        }
    }
}
