using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using MediatR;

namespace EcoLabelRegistry.Pages;

/// <summary>The evidence for one answer as one file, to be kept in a tender file.</summary>
public static class DownloadEvidence
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/check/evidence", async (Parameters<CheckProduct.Request> question, IMediator mediator, HttpResponse response, CancellationToken cancel) =>
        {
            var evidence = await mediator.Send(new GatherEvidence.Request(question.Value), cancel);
            response.Headers.ContentDisposition = FormattableString.Invariant($"attachment; filename=\"evidence-{evidence.Answer.AsOf:yyyy-MM-dd}-r{evidence.Revision}.json\"");
            await Json.WriteAsync(response, evidence, "application/json", cancel);
        })
        .ExcludeFromDescription();
}
