using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Registers;

/// <summary>Enters many certificates of one scheme as one write: one revision, one entry in the log, its rows readable beside it.</summary>
/// <remarks>Rows are received onto a stage, judged there against a revision that is read, and applied in one transaction, if nothing was written meanwhile that they depend on.</remarks>
public static class ImportRegister
{
    /// <summary>Most rejected lines that an answer shows; their number is always whole.</summary>
    public const int MostShown = 1000;

    /// <summary>Per cent of the valid certificates that a full register may withdraw unless told otherwise.</summary>
    public const int DefaultMaxWithdraw = 20;

    /// <param name="Scheme">Code of the scheme.</param>
    /// <param name="Rows">The certificates.</param>
    /// <param name="Kind">Whether these are all of them.</param>
    /// <param name="OnError">What becomes of the others when some cannot be taken.</param>
    /// <param name="MaxWithdraw">Per cent of the valid certificates that may be withdrawn.</param>
    /// <param name="Sources">Where the register comes from.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the register: the revision of the import that last wrote it.</param>
    public sealed record Request(
        string Scheme, RegisterRows Rows, ImportKind Kind, OnError OnError, int MaxWithdraw, IReadOnlyList<Source>? Sources, Actor Actor, Precondition? IfMatch = null)
        : IRequest<Response>, IOwnedByRecords
    {
        /// <summary>True when nothing is to be written: the answer says what would be, and what would be refused is refused.</summary>
        public bool IsTrial { get; init; }

        /// <summary>Id of the import, for whoever watches it from its start: a UUID of version 7. Made unless given.</summary>
        public string? Import { get; init; }

        /// <summary>Certificates in memory, all or none of them.</summary>
        public Request(string scheme, IReadOnlyList<CertificateBody> rows, IReadOnlyList<Source>? sources, Actor actor)
            : this(scheme, new ListedRows(rows), ImportKind.Delta, OnError.Refuse, DefaultMaxWithdraw, sources, actor)
        {
        }

        /// <inheritdoc />
        public void Demand(RegistryAt registry)
        {
            if (!Actor.IsRegistrar && (Actor.LabelBody is null || Actor.IsStrangerTo(registry, Scheme)))
            {
                throw Refusal.Forbidden(Subjects.OfRegister(Scheme));
            }

            if (!registry.Schemes.TryGetValue(Scheme, out var scheme))
            {
                throw Refusal.NotFound(Thing.Scheme, Scheme);
            }

            if (scheme.Entry.Kind == SchemeKind.CriteriaSet)
            {
                throw Refusal.NotPossible("code", new Message("fault.certifies-nothing", Scheme));
            }
        }
    }

    /// <summary>What became of a register.</summary>
    /// <param name="Received">Certificates received, those rejected included; a line that names none counts as one.</param>
    /// <param name="Created">Certificates that are new.</param>
    /// <param name="Updated">Certificates that changed, those reinstated included.</param>
    /// <param name="Unchanged">Certificates that were on record just so.</param>
    /// <param name="Withdrawn">Certificates that were withdrawn because a full register omits them.</param>
    /// <param name="Rejected">The first lines that could not be taken, at most 1,000, in the order received.</param>
    /// <param name="RejectedTotal">How many lines could not be taken.</param>
    /// <param name="Withheld">Certificates that the register omits and that were not withdrawn all the same, because a rejected line names no certificate and may be theirs.</param>
    /// <param name="Import">Id of the import, as at <c>/v1/imports/{id}</c>; null for one within the service.</param>
    /// <param name="Revision">The revision that it made; the registry's own when nothing changed.</param>
    public sealed record Response(
        long Received,
        long Created,
        long Updated,
        long Unchanged,
        long Withdrawn,
        IReadOnlyList<RejectedRow> Rejected,
        long RejectedTotal,
        long Withheld,
        string? Import,
        long Revision);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.MaxWithdraw).Must(m => m is >= 0 and <= 100).Says(_ => new Message("fault.between", 0, 100));
    }

    internal sealed class Handler(ChangeLog log, Registries registries, DbDataSource database, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        // While the scheme is written otherwise again and again, the rows are judged under the write lock at last.
        private const int PlansOutsideTheLock = 3;

        private const string WrittenSince = "select distinct type, subject from change where revision > @Revision";

        private const string LastImport = "select max(revision) from change where subject = @Subject";

        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            await log.LookAsync(view => DemandAsync(request, view), cancel); // before a body of any length is read for nothing
            // In a batch the write lock is held already, and what the batch has written is seen by its connection alone.
            await using var import = log.IsBatching ? null : await RunningImport.BeginAsync(request, database, log, clock, cancel);
            RegisterStage? stage = null;
            try
            {
                stage = new RegisterStage();
                return await ImportAsync(request, stage, import, cancel);
            }
            catch (Exception failure) when (import is not null)
            {
                var refusal = failure as RefusalException;
                await import.GiveUpAsync(refusal, refusal is null || stage is null ? null : ImportReport.Of(stage, refusal));
                throw;
            }
            finally
            {
                stage?.Dispose();
            }
        }

        private async Task<Response> ImportAsync(Request request, RegisterStage stage, RunningImport? import, CancellationToken cancel)
        {
            var counts = import?.Counts ?? new ImportCounts();
            await request.Rows.StageAsync(stage, request.Scheme, counts, cancel);
            stage.Complete();
            for (var left = import is null ? 0 : PlansOutsideTheLock; ; left--)
            {
                await EnterAsync(import, ImportState.Checking);
                var plan = left > 0 || request.IsTrial ? await PlanAsync(request, stage, counts, cancel) : null;
                if (request.IsTrial)
                {
                    var foreseen = Answer(plan!, stage, import, plan!.Revision);
                    await (import?.EndAsync(foreseen, ImportState.Tried, ImportReport.Of(stage, foreseen)) ?? Task.CompletedTask);
                    return foreseen;
                }

                var answer = plan is { HasChanges: false } ? Answer(plan, stage, import, plan.Revision) : null;
                if (answer is null)
                {
                    await EnterAsync(import, plan is null ? ImportState.Checking : ImportState.Applying);
                    answer = await log.WriteAsync(request, write => WriteAsync(request, write, plan, stage, import, cancel), cancel, isLong: true);
                }

                if (answer is { Created: 0, Updated: 0, Withdrawn: 0 } && import is not null)
                {
                    await import.EndAsync(answer, ImportState.Done, ImportReport.Of(stage, answer)); // nothing was written that it could have ended with
                }

                if (answer is not null)
                {
                    return answer;
                }
            }
        }

        private async Task<RegisterPlan> PlanAsync(Request request, RegisterStage stage, ImportCounts counts, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            return await PlanAsync(request, stage, counts, reading, cancel);
        }

        private async Task<RegisterPlan> PlanAsync(Request request, RegisterStage stage, ImportCounts counts, IRegistryView view, CancellationToken cancel)
        {
            var plan = await new PlanRegister(stage, request.Scheme, request.Kind, request.Rows.AreLines, AsOf.Today(clock), counts)
                .RunAsync(view.Db, view.Transaction, view.Registry, cancel);
            if (request.OnError == OnError.Refuse && stage.Gravest() is { } gravest)
            {
                throw Refusal.OfRows(gravest, plan.Received, stage.CountRefused(), stage.FirstRefused(MostShown));
            }

            return plan.WithdrawnShare > request.MaxWithdraw
                ? throw new RefusalException(ProblemCode.TooManyWithdrawals, new Message("refusal.too-many-withdrawals", plan.ValidWithdrawn, plan.Valid, plan.Withdrawn, request.MaxWithdraw))
                : plan;
        }

        /// <returns>Null when the plan no longer fits what stands; nothing is written then.</returns>
        private async Task<Response?> WriteAsync(Request request, Write write, RegisterPlan? plan, RegisterStage stage, RunningImport? import, CancellationToken cancel)
        {
            await DemandAsync(request, write);
            if (plan is not null && plan.Revision != write.Registry.Revision && await IsStaleAsync(request.Scheme, write, plan.Revision))
            {
                return null;
            }

            plan ??= await PlanAsync(request, stage, import?.Counts ?? new ImportCounts(), write, cancel);
            var answer = Answer(plan, stage, import, plan.HasChanges ? write.Revision : write.Registry.Revision);
            if (plan.HasChanges)
            {
                if (import is not null)
                {
                    await import.EndAsync(write.Db, write.Transaction, answer, ImportReport.Of(stage, answer));
                }

                var digest = await ApplyPlan.RunAsync(write, stage, request.Scheme, cancel);
                await write.AppendAsync(request.Actor, ItemsDigest.ChangeType, Subjects.OfRegister(request.Scheme), new JsonObject
                {
                    ["kind"] = Code.Of(request.Kind),
                    ["received"] = plan.Received,
                    ["created"] = plan.Created,
                    ["updated"] = plan.Updated,
                    ["unchanged"] = plan.Unchanged,
                    ["withdrawn"] = plan.Withdrawn,
                    ["rejected"] = answer.RejectedTotal,
                    ["digest"] = digest,
                    ["sources"] = request.Sources is null ? null : RecordJson.Node(request.Sources),
                });
            }

            return answer;
        }

        private static async ValueTask DemandAsync(Request request, IRegistryView view)
        {
            if (request.IfMatch is { } demanded)
            {
                demanded.Demand(await view.Db.ExecuteScalarAsync<long?>(LastImport, new { Subject = Subjects.OfRegister(request.Scheme) }, view.Transaction));
            }
        }

        private static Task EnterAsync(RunningImport? import, ImportState state) => import?.EnterAsync(state) ?? Task.CompletedTask;

        private static Response Answer(RegisterPlan plan, RegisterStage stage, RunningImport? import, long revision) => new(
            plan.Received,
            plan.Created,
            plan.Updated,
            plan.Unchanged,
            plan.Withdrawn,
            stage.FirstRefused(MostShown),
            stage.CountRefused(),
            plan.Withheld,
            import?.Id,
            revision);

        /// <summary>True when something was written since that the plan may depend on: certificates of the scheme, or records that rows name.</summary>
        private static async Task<bool> IsStaleAsync(string scheme, Write write, long revision)
        {
            var own = Subjects.OfCertificate(scheme + "-");
            return (await write.Db.QueryAsync<(string Type, string Subject)>(WrittenSince, new { Revision = revision }, write.Transaction)).Any(change =>
                change.Subject.StartsWith(own, StringComparison.Ordinal)
                || change.Subject == Subjects.OfRegister(scheme)
                || change.Type is "scheme-put" or "standard-put" or "category-put");
        }
    }
}
