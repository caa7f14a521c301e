using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Registers;

/// <summary>An import, as stored.</summary>
internal sealed record ImportRow(
    string Id,
    string Scheme,
    string Kind,
    string Actor,
    string State,
    long Version,
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
    string? Problem)
{
    /// <summary>The columns, in the order of the members.</summary>
    public const string Columns = """
        id, scheme, kind, actor, state, version, started_at as StartedAt, seen_at as SeenAt, ended_at as EndedAt,
        received, checked, created, updated, unchanged, withdrawn, rejected, revision, problem
        """;

    /// <summary>The import as it is shown: one whose server is silent for longer than its turn lasts is interrupted, if nobody has noted it yet.</summary>
    public GetImport.Response Read(TimeProvider clock) => new(
        Id,
        Scheme,
        Of<ImportKind>(Kind),
        Actor,
        IsSilent(clock) ? ImportState.Interrupted : Of<ImportState>(State),
        StartedAt,
        SeenAt,
        EndedAt,
        Received,
        Checked,
        Created,
        Updated,
        Unchanged,
        Withdrawn,
        Rejected,
        Revision,
        Problem is null ? null : Of<ProblemCode>(Problem));

    /// <summary>A number that grows whenever the import is shown otherwise.</summary>
    public long VersionAt(TimeProvider clock) => Version + (IsSilent(clock) ? 1 : 0);

    private bool IsSilent(TimeProvider clock) =>
        EndedAt is null && string.CompareOrdinal(SeenAt, Change.Instant(clock.GetUtcNow() - RunningImport.Lease)) < 0;

    private static TMember Of<TMember>(string code)
        where TMember : struct, Enum =>
        Code.TryParse<TMember>(code, out var member) ? member : throw new InvalidDataException($"The database holds an import with the unknown code '{code}'.");
}
