using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Certificates;

/// <summary>Enters one certificate, or what is new of one that is on record: a renewal, a correction, a later confirmation.</summary>
/// <remarks>
/// Found by scheme and number. A later <c>validFrom</c> adds a period and leaves the past alone, the same one corrects it, a later <c>confirmedOn</c>
/// extends it; a product that is absent from a later write is off the certificate from that day on. 201 for a new certificate, else 200.
/// </remarks>
public static class RegisterCertificate
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/certificates", HandleAsync)
        .AlsoUpdates<RouteHandlerBuilder, Response>()
        .WithBodyExample("""
            {
              "scheme": "eco-mark", "number": "17 133 003", "holder": "理想科学工業株式会社 (RISO KAGAKU CORPORATION)", "standard": "eco-mark-no-133",
              "confirmedOn": "2019-10-25", "territories": [], "sites": [{ "country": "JP" }],
              "products": [
                { "brand": "RISOGRAPH", "model": "MF935", "gtins": [], "category": "it.digital-duplicator",
                  "related": [{ "scheme": "cel", "key": "riso-mf9350c", "model": "MF9350C", "relation": "the same machine as sold in China" }] }
              ]
            }
            """)
        .WithExample("""{ "id": "eco-mark-780077197d1be3d01844", "revision": 413, "created": true }""")
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownStandard, ProblemCode.UnknownEdition, ProblemCode.UnknownCategory);

    private static async Task<WriteReply<Response>> HandleAsync(Body<CertificateBody> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(new Request(body.Value, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(written, written.Revision, written.Created ? Subjects.OfCertificate(written.Id) : null);
    }

    /// <param name="Body">What stands now.</param>
    /// <param name="Actor">Who writes.</param>
    /// <param name="IfMatch">What he demands of the certificate.</param>
    public sealed record Request(CertificateBody Body, Actor Actor, Precondition? IfMatch = null) : IRequest<Response>, IOwnedByRecords
    {
        /// <inheritdoc />
        public void Demand(RegistryAt registry)
        {
            if (!Actor.IsRegistrar && (Actor.LabelBody is null || Actor.IsStrangerTo(registry, Body.Scheme)))
            {
                throw Refusal.Forbidden($"/v1/certificates, {Body.Scheme}");
            }
        }
    }

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
            request,
            async write =>
            {
                var body = request.Body;
                CertificateRules.Check(write.Registry, body);
                var id = ProductIdentity.CertificateId(body.Scheme!, body.Number, body.Key);
                var before = await CertificateRows.FindAsync(write.Db, write.Transaction, id);
                request.IfMatch?.Demand(before?.Revision);
                var after = body.Merge(before?.Entry, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
                if (CertificateRules.Merged(body, before?.Entry, after) is { } refusal)
                {
                    throw refusal;
                }

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
