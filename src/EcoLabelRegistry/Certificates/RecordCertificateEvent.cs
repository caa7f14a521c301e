using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Certificates;

/// <summary>Records that a certificate was suspended, reinstated or withdrawn.</summary>
public static class RecordCertificateEvent
{
    /// <param name="Certificate">Id of the certificate.</param>
    /// <param name="Event">What happened.</param>
    /// <param name="Actor">Who writes.</param>
    public sealed record Request(string Certificate, CertificateEventEntry Event, Actor Actor) : IRequest<Written>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Event).SetValidator(new CertificateRules.Event()).OverridePropertyName("");
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            async write =>
            {
                var before = await CertificateRows.FindAsync(write.Db, write.Transaction, request.Certificate)
                    ?? throw Refusal.NotFound(Thing.Certificate, request.Certificate);
                await CertificateRows.PutAsync(write, before.Entry, before.Entry with { Events = [.. before.Entry.Events ?? [], request.Event] });
                await write.AppendAsync(
                    request.Actor,
                    "certificate-" + Code.Of(request.Event.Type!.Value),
                    Subjects.OfCertificate(request.Certificate),
                    RecordJson.Node(request.Event));
                return new Written(write.Revision, Created: false);
            },
            cancel);
    }
}
