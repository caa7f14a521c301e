using System.Text.Json.Nodes;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Recognitions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One certificate with its periods, events and product lines.</summary>
public sealed class CertificateModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    public GetCertificate.Response Certificate { get; private set; } = null!;

    /// <summary>The same for search engines (https://schema.org/Certification); null unless it is valid on the date.</summary>
    public JsonObject? Linked { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        await ReadFiltersAsync();
        Certificate = (await AskAsync(new GetCertificate.Request(id, Asked, Moment))).Value;
        if (Certificate.Standing == CertificateStanding.Valid)
        {
            var recognitions = (await AskAsync(new ListRecognitions.Request(Whole(), Recognised: Certificate.Scheme, AsOf: Asked, KnownAt: Moment))).Items;
            Linked = LinkedData.Certification(
                $"{Request.Scheme}://{Request.Host}{Request.PathBase}", Certificate.Id, Schemes[Certificate.Scheme], Certificate.Number, Certificate.Holder,
                Certificate.Period?.ValidFrom, Certificate.Period?.ValidUntil, recognitions);
            Linked.Insert(0, "@context", "https://schema.org");
        }

        return Page();
    }
}
