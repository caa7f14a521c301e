using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Certificates;

/// <summary>Enters many certificates of one scheme as one write: one revision, one entry in the log, its rows readable beside it.</summary>
public static class ImportRegister
{
    /// <param name="Scheme">Code of the scheme.</param>
    /// <param name="Rows">The certificates; all or nothing.</param>
    /// <param name="Sources">Where the register comes from.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(string Scheme, IReadOnlyList<CertificateBody> Rows, IReadOnlyList<Source>? Sources, Actor Actor) : IRequest<Response>;

    /// <param name="Revision">The revision that the import made; the registry's own when nothing changed.</param>
    /// <param name="Received">Rows received.</param>
    /// <param name="Created">Certificates that are new.</param>
    /// <param name="Updated">Certificates that changed.</param>
    /// <param name="Unchanged">Certificates that were on record just so.</param>
    public sealed record Response(long Revision, int Received, int Created, int Updated, int Unchanged);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Scheme).Required().IsCode();
            RuleForEach(r => r.Rows).Required().SetValidator(new CertificateRules.Body());
            RuleForEach(r => r.Rows).Must((request, row) => row is null || row.Scheme == request.Scheme)
                .Says(row => new Message("fault.row-of-another-scheme", row?.Scheme));
        }
    }

    internal sealed class Handler(ChangeLog log, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            async write =>
            {
                write.Registry.Schemes.Require(Thing.Scheme, "scheme", request.Scheme);
                var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
                var (created, updated, unchanged) = (0, 0, 0);
                using var digest = new ItemsDigest();
                var seen = new HashSet<string>(StringComparer.Ordinal);
                for (var i = 0; i < request.Rows.Count; i++)
                {
                    var row = request.Rows[i];
                    CertificateRules.Check(write.Registry, row);
                    var id = ProductIdentity.CertificateId(row.Scheme!, row.Number, row.Key);
                    if (!seen.Add(id))
                    {
                        // Each row is all that stands now: of two, the second would strike off what the first lists.
                        throw Refusal.Invalid($"rows[{i}]", new Message("fault.repeated", row.Number ?? row.Key));
                    }

                    var before = await CertificateRows.FindAsync(write.Db, write.Transaction, id);
                    var after = row.Merge(before?.Entry, today);
                    if (before is not null && RecordJson.Text(before.Entry) == RecordJson.Text(after))
                    {
                        unchanged++;
                        continue;
                    }

                    _ = before is null ? created++ : updated++;
                    await CertificateRows.PutAsync(write, before?.Entry, after);
                    digest.Add(await write.AppendItemAsync(created + updated, RecordJson.Node(row)));
                }

                if (created + updated == 0)
                {
                    return new Response(write.Registry.Revision, request.Rows.Count, 0, 0, unchanged);
                }

                await write.AppendAsync(request.Actor, ItemsDigest.ChangeType, Subjects.OfRegister(request.Scheme), new JsonObject
                {
                    ["received"] = request.Rows.Count,
                    ["created"] = created,
                    ["updated"] = updated,
                    ["unchanged"] = unchanged,
                    ["digest"] = digest.Close(),
                    ["sources"] = request.Sources is null ? null : RecordJson.Node(request.Sources),
                });
                return new Response(write.Revision, request.Rows.Count, created, updated, unchanged);
            },
            cancel);
    }
}
