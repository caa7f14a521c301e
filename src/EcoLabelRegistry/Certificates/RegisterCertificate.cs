using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Certificates;

/// <summary>Enters one certificate, or what is new of one that is on record: a renewal, a correction, a later confirmation.</summary>
public static class RegisterCertificate
{
    /// <param name="Body">What stands now.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(CertificateBody Body, Actor Actor) : IRequest<Response>;

    /// <param name="Id">The certificate's id.</param>
    /// <param name="Revision">The revision that last wrote it.</param>
    /// <param name="Created">True when it is new.</param>
    public sealed record Response(string Id, long Revision, bool Created);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Body).SetValidator(new CertificateRules.Body()).OverridePropertyName("");
    }

    internal sealed class Handler(ChangeLog log, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            async write =>
            {
                var body = request.Body;
                CertificateRules.Check(write.Registry, body);
                var id = ProductIdentity.CertificateId(body.Scheme!, body.Number, body.Key);
                var before = await CertificateRows.FindAsync(write.Db, write.Transaction, id);
                var after = body.Merge(before?.Entry, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
                if (before is not null && RecordJson.Text(before.Entry) == RecordJson.Text(after))
                {
                    return new Response(id, before.Revision, Created: false);
                }

                await CertificateRows.PutAsync(write, before?.Entry, after);
                await write.AppendAsync(request.Actor, "certificate-put", Subjects.OfCertificate(id), RecordJson.Node(body));
                return new Response(id, write.Revision, before is null);
            },
            cancel);
    }
}
