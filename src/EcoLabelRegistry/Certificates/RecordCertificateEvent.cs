using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Recognition;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Certificates;

/// <summary>Records that a certificate was suspended, reinstated or withdrawn.</summary>
public static class RecordCertificateEvent
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/certificates/{id}/events", HandleAsync)
        .WithBodyExample("""{ "type": "suspended", "effective": "2026-12-01", "reason": "Surveillance audit overdue." }""")
        .WithExample("""{ "revision": 413, "created": true }""")
        .Refuses(ProblemCode.NotFound);

    private static async Task<WriteReply<Written>> HandleAsync(
        Parameters<Address> address, Body<CertificateEventEntry> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(new Request(address.Value.Id, body.Value, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(written, written.Revision, Subjects.OfCertificate(address.Value.Id));
    }

    /// <param name="Id" example="eco-mark-780077197d1be3d01844">Id of the certificate.</param>
    public sealed record Address(string Id);

    /// <param name="Certificate">Id of the certificate.</param>
    /// <param name="Event">What happened.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the certificate.</param>
    public sealed record Request(string Certificate, CertificateEventEntry Event, Actor Actor, Precondition? IfMatch = null) : IRequest<Written>, IWriteRequest
    {
        /// <inheritdoc />
        public async ValueTask DemandAsync(IRegistryView view)
        {
            var stored = await CertificateRows.FindAsync(view.Db, view.Transaction, Certificate);
            if (!Actor.IsRegistrar && (Actor.LabelBody is null || (stored is not null && !Actor.Owns(view.Registry, stored.Entry.Scheme))))
            {
                throw Refusal.Forbidden(Subjects.OfCertificate(Certificate));
            }

            if (stored is null)
            {
                throw Refusal.NotFound(Thing.Certificate, Certificate);
            }
        }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Event).SetValidator(new CertificateRules.Event()).OverridePropertyName("");
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var before = await CertificateRows.FindAsync(write.Db, write.Transaction, request.Certificate)
                    ?? throw Refusal.NotFound(Thing.Certificate, request.Certificate);
                request.IfMatch?.Demand(before.Revision);
                await CertificateRows.PutAsync(write, before.Entry, before.Entry with { Events = [.. before.Entry.Events ?? [], request.Event] });
                await write.AppendAsync(
                    request.Actor,
                    "certificate-" + Code.Of(request.Event.Type!.Value),
                    Subjects.OfCertificate(request.Certificate),
                    RecordJson.Node(request.Event));
                return new Written(write.Revision, Created: true);
            },
            cancel);
    }
}
