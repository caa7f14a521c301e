using System.Globalization;
using System.Text.Json;
using Dapper;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Changes;

/// <summary>Shows every version of a record, newest first: when it was written, by whom, by what kind of change, and the whole record as it stood from then on.</summary>
/// <remarks>
/// <c>data</c> is the record as it is stored; members that are absent are left out. A version that a register made has the register as its <c>subject</c>. What was
/// removed by law is in no version any more. A product is what certificates say of it, and has no versions of its own: theirs tell.
/// </remarks>
public static class GetHistory
{
    private const string Example = """
        {
          "items": [
            {
              "revision": 415, "at": "2026-11-22T09:30:00.123456Z", "actor": "body:geca", "type": "scheme-put", "subject": "/v1/schemes/geca",
              "data": { "code": "geca", "body": "geca", "names": { "en": "Good Environmental Choice Australia" }, "tiers": ["certified"] }
            },
            {
              "revision": 31, "at": "2026-11-01T00:00:00.000001Z", "actor": "registrar", "type": "scheme-put", "subject": "/v1/schemes/geca",
              "data": { "code": "geca", "body": "geca", "names": { "en": "Good Environmental Choice Australia" } }
            }
          ],
          "next": null
        }
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map<OfCategory>(routes, "/categories/{code}/history", "GetCategoryHistory");
        Map<OfLabelBody>(routes, "/label-bodies/{code}/history", "GetLabelBodyHistory");
        Map<OfScheme>(routes, "/schemes/{code}/history", "GetSchemeHistory");
        Map<OfStandard>(routes, "/standards/{id}/history", "GetStandardHistory");
        Map<OfAgreement>(routes, "/agreements/{code}/history", "GetAgreementHistory");
        Map<OfPolicy>(routes, "/policies/{code}/history", "GetPolicyHistory");
        Map<OfCertificate>(routes, "/certificates/{id}/history", "GetCertificateHistory");
        Map<OfObjection>(routes, "/objections/{id}/history", "GetObjectionHistory");
    }

    private static void Map<TRecord>(IEndpointRouteBuilder routes, string address, string name)
        where TRecord : Record => routes
        .MapGet(address, (Parameters<TRecord> record, IMediator mediator, CancellationToken cancel) => HandleAsync(record.Value, mediator, cancel))
        .WithName(name)
        .WithExample(Example);

    private static async Task<Reply<Page<Row>>> HandleAsync(Record record, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(new Request(record), cancel));

    /// <summary>Whose versions are asked for.</summary>
    /// <param name="Paging">Which stretch.</param>
    /// <param name="Thing">What kind of record.</param>
    /// <param name="Key">Its code or id.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for.</param>
    public abstract record Record(Paging Paging, Thing Thing, string Key, KnownAt? KnownAt);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Code" example="it.imaging">Code of the category.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record OfCategory(Paging Paging, string Code, KnownAt? KnownAt = null) : Record(Paging, Thing.Category, Code, KnownAt);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Code" example="geca">Code of the label body.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record OfLabelBody(Paging Paging, string Code, KnownAt? KnownAt = null) : Record(Paging, Thing.LabelBody, Code, KnownAt);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Code" example="cel">Code of the scheme.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record OfScheme(Paging Paging, string Code, KnownAt? KnownAt = null) : Record(Paging, Thing.Scheme, Code, KnownAt);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Id" example="cel-hj-2537">Id of the standard.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record OfStandard(Paging Paging, string Id, KnownAt? KnownAt = null) : Record(Paging, Thing.Standard, Id, KnownAt);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Code" example="cel-ecomark-2005">Code of the agreement.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record OfAgreement(Paging Paging, string Code, KnownAt? KnownAt = null) : Record(Paging, Thing.Agreement, Code, KnownAt);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Code" example="tw-type1-foreign">Code of the policy.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record OfPolicy(Paging Paging, string Code, KnownAt? KnownAt = null) : Record(Paging, Thing.Policy, Code, KnownAt);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Id" example="eco-mark-780077197d1be3d01844">The certificate's id.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record OfCertificate(Paging Paging, string Id, KnownAt? KnownAt = null) : Record(Paging, Thing.Certificate, Id, KnownAt);

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Id" example="019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a">Id of the objection.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record OfObjection(Paging Paging, string Id, KnownAt? KnownAt = null) : Record(Paging, Thing.Objection, Id, KnownAt);

    /// <param name="Record">Whose versions.</param>
    public sealed record Request(Record Record) : IRequest<Page<Row>>;

    /// <summary>A version of a record.</summary>
    /// <param name="Revision">The revision that wrote it; the change itself is at <c>/v1/changes/{revision}</c>.</param>
    /// <param name="At">When, RFC 3339 in UTC with microseconds.</param>
    /// <param name="Actor">Who wrote it, as the log names him.</param>
    /// <param name="Type">What kind of change.</param>
    /// <param name="Subject">Address of what the change wrote: the record, or the register that it is in.</param>
    /// <param name="Data">The whole record as it stood from then on.</param>
    public sealed record Row(long Revision, string At, string Actor, string Type, string Subject, JsonElement Data);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<Row>>
    {
        private const string Columns = "v.recorded_from as Revision, c.at, c.actor, c.type, c.subject, v.data";

        private const string Order = "v.recorded_from <= @Revision and v.recorded_from < @Before order by v.recorded_from desc limit @Limit";

        private const string OfRecord = $"""
            select {Columns} from record v
            join change c on c.revision = v.recorded_from
            where v.kind = @Kind and v.code = @Key and {Order}
            """;

        private const string OfCertificate = $"""
            select {Columns} from certificate v
            join change c on c.revision = v.recorded_from
            where v.id = @Key and {Order}
            """;

        private const string OfObjection = $"""
            select {Columns} from objection v
            join change c on c.revision = v.recorded_from
            where v.id = @Key and {Order}
            """;

        public async Task<Page<Row>> Handle(Request request, CancellationToken cancel)
        {
            var (record, after) = (request.Record, request.Record.Paging.After);
            await using var reading = await registries.ReadAsync(after is null ? record.KnownAt : new KnownAt(after.Revision, null), cancel);
            var (sql, kind) = record.Thing switch
            {
                Thing.Certificate => (OfCertificate, null),
                Thing.Objection => (OfObjection, null),
                _ => (OfRecord, Code.Of(Enum.Parse<RecordKind>(record.Thing.ToString()))),
            };
            var versions = (await reading.Db.QueryAsync<Version>(
                sql,
                new
                {
                    Kind = kind,
                    record.Key,
                    reading.Revision,
                    Before = after is null ? long.MaxValue : long.Parse(after.Key[0], CultureInfo.InvariantCulture),
                    Limit = record.Paging.Limit + 1,
                },
                reading.Transaction)).AsList();
            if (versions.Count == 0 && after is null)
            {
                throw Refusal.NotFound(record.Thing, record.Key);
            }

            return record.Paging.Cut(
                versions.Select(v => v.Shown()), reading.Revision, AsOf.Today(clock), row => [row.Revision.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    /// <summary>A version as stored, with the entry of the log that wrote it.</summary>
    private sealed record Version(long Revision, string At, string Actor, string Type, string Subject, string Data)
    {
        public Row Shown() => new(Revision, At, Actor, Type, Subject, GetChange.Response.Json(PersonalData.ForEverybody(Data)));
    }
}
