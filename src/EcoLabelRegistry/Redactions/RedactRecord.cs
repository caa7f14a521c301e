using System.Data.Common;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Redactions;

/// <summary>Removes personal data of a record from everywhere it is recorded, as the law may demand: the registrar's to do.</summary>
/// <remarks>
/// What can be removed: <c>holder</c> of a certificate, <c>signatories</c> of an agreement, <c>contact</c>, <c>text</c> and <c>answer</c> of an objection. It is gone from
/// every version of the record and every entry of the log, at any revision, and cannot be brought back; the chain still verifies, since it covers a digest of
/// the member whose salt is gone too. The redaction is a change of its own that says of what, why, and not what was there. Who has read the log
/// before keeps what he has read: he hears of the redaction, and reads the record again.
/// </remarks>
public static class RedactRecord
{
    /// <summary>The type of change that changes entries of old.</summary>
    public const string ChangeType = "redacted";

    private static readonly Dictionary<Thing, string[]> MembersOf = new()
    {
        [Thing.Certificate] = ["holder"],
        [Thing.Agreement] = ["signatories"],
        [Thing.Objection] = ["contact", "text", "answer"],
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map<OfCertificate>(routes, "/certificates/{id}/redactions", "RedactCertificate", """["holder"]""");
        Map<OfAgreement>(routes, "/agreements/{code}/redactions", "RedactAgreement", """["signatories"]""");
        Map<OfObjection>(routes, "/objections/{id}/redactions", "RedactObjection", """["contact", "text"]""");
    }

    private static void Map<TRecord>(IEndpointRouteBuilder routes, string address, string name, string members)
        where TRecord : Record => routes
        .MapPost(address, (Parameters<TRecord> record, Body<NewRedaction> body, Caller caller, IMediator mediator, CancellationToken cancel) =>
            HandleAsync(record.Value, body.Value, caller, mediator, cancel))
        .WithName(name)
        .WithBodyExample($$"""{ "members": {{members}}, "reason": "Asked for under article 17 of the GDPR, our file 2026-114." }""")
        .WithExample("""{ "revision": 416, "versions": 3, "entries": 2, "rows": 1 }""")
        .Refuses(ProblemCode.NotPossible);

    private static async Task<WriteReply<Response>> HandleAsync(Record record, NewRedaction body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var done = await mediator.Send(new Request(record, body, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(done, done.Revision, FormattableString.Invariant($"/v1/changes/{done.Revision}"));
    }

    /// <summary>Whose data.</summary>
    /// <param name="Thing">What kind of record.</param>
    /// <param name="Key">Its code or id.</param>
    public abstract record Record(Thing Thing, string Key)
    {
        /// <summary>Its address.</summary>
        internal string Address => Thing switch
        {
            Thing.Certificate => Subjects.OfCertificate(Key),
            Thing.Agreement => Subjects.Of(RecordKind.Agreement, Key),
            _ => ObjectionRows.AddressOf(Key),
        };
    }

    /// <param name="Id" example="eco-mark-780077197d1be3d01844">The certificate's id.</param>
    public sealed record OfCertificate(string Id) : Record(Thing.Certificate, Id);

    /// <param name="Code" example="cel-ecomark-2005">Code of the agreement.</param>
    public sealed record OfAgreement(string Code) : Record(Thing.Agreement, Code);

    /// <param name="Id" example="019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a">Id of the objection.</param>
    public sealed record OfObjection(string Id) : Record(Thing.Objection, Id);

    /// <summary>What is to be removed.</summary>
    /// <param name="Members">The members: <c>holder</c>, <c>signatories</c>, <c>contact</c>, <c>text</c>, <c>answer</c>, as the record has them.</param>
    /// <param name="Reason">Why. It is published, and must not say what is removed.</param>
    public sealed record NewRedaction(IReadOnlyList<string>? Members = null, string? Reason = null);

    /// <param name="Record">Whose data.</param>
    /// <param name="Redaction">What is to be removed.</param>
    /// <param name="Actor">Who removes it.</param>
    /// <param name="IfMatch">What he demands of the record.</param>
    public sealed record Request(Record Record, NewRedaction Redaction, Actor Actor, Precondition? IfMatch = null) : IRequest<Response>, IWriteRequest
    {
        /// <inheritdoc />
        public async ValueTask DemandAsync(IRegistryView view)
        {
            if (!Actor.IsRegistrar)
            {
                throw Refusal.Forbidden(Record.Address + "/redactions");
            }

            if (await RevisionOfAsync(view, Record) is null)
            {
                throw Refusal.NotFound(Record.Thing, Record.Key);
            }
        }
    }

    /// <summary>What was removed.</summary>
    /// <param name="Revision">The revision that this made.</param>
    /// <param name="Versions">Versions of the record that held it.</param>
    /// <param name="Entries">Entries of the log that held it.</param>
    /// <param name="Rows">Rows of registers in the log that held it.</param>
    public sealed record Response(long Revision, int Versions, int Entries, int Rows);

    private static async ValueTask<long?> RevisionOfAsync(IRegistryView view, Record record) => record.Thing switch
    {
        Thing.Certificate => (await CertificateRows.FindAsync(view.Db, view.Transaction, record.Key))?.Revision,
        Thing.Agreement => view.Registry.Agreements.GetValueOrDefault(record.Key)?.Revision,
        _ => (await ObjectionRows.FindAsync(view, record.Key))?.Revision,
    };

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Redaction.Members).Required().IsListOfDistinct().OverridePropertyName("members");
            RuleForEach(r => r.Redaction.Members)
                .Must((request, member) => MembersOf[request.Record.Thing].Contains(member, StringComparer.Ordinal))
                .WithState((request, member) => new Message("fault.one-of", member, string.Join(", ", MembersOf[request.Record.Thing])))
                .OverridePropertyName("members");
            RuleFor(r => r.Redaction.Reason).Required().IsText(Limits.Page).OverridePropertyName("reason");
        }
    }

    internal sealed class Handler(ChangeLog log, Registries registries, DbDataSource database, ILogger<Handler> logger) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            var done = await log.WriteAsync(request, write => WriteAsync(request, write), cancel, isLong: true);
            registries.ForgetEarlier(done.Revision);
            if (!await database.ForgetRemovedAsync())
            {
                logger.LogWarning("What revision {Revision} removed may stand in the file's write-ahead log until it is next begun anew: readers held it.", done.Revision);
            }

            return done;
        }

        private static async Task<Response> WriteAsync(Request request, Write write)
        {
            var (record, members) = (request.Record, request.Redaction.Members!);
            request.IfMatch?.Demand(await RevisionOfAsync(write, record));
            await write.Db.OverwriteRemovedAsync(write.Transaction, isOn: true);
            var removal = new RemoveData(write, record.Address, members);
            var versions = record.Thing switch
            {
                Thing.Certificate => await removal.FromCertificateAsync(record.Key),
                Thing.Agreement => await removal.FromAgreementAsync(record.Key),
                _ => await removal.FromObjectionAsync(record.Key),
            };
            var entries = await removal.FromLogAsync();
            if (versions + entries + removal.Rows == 0)
            {
                throw Refusal.NotPossible("members", new Message("refusal.nothing-to-redact", string.Join(", ", members)));
            }

            if (removal.IsToldBy(request.Redaction.Reason!))
            {
                throw Refusal.Invalid("reason", new Message("fault.reason-tells"));
            }

            await removal.FromAnswersAsync();
            await removal.FromReportsAsync();
            await write.Db.OverwriteRemovedAsync(write.Transaction, isOn: false);
            await write.AppendAsync(request.Actor, ChangeType, record.Address, new JsonObject
            {
                ["members"] = new JsonArray([.. members.Select(m => JsonValue.Create(m))]),
                ["reason"] = request.Redaction.Reason,
                ["versions"] = versions,
                ["entries"] = entries,
                ["rows"] = removal.Rows,
            });
            return new Response(write.Revision, versions, entries, removal.Rows);
        }
    }
}
