using System.Text.Json.Nodes;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Recognition;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One certificate with its periods, events and product lines.</summary>
public sealed class CertificateModel(IMediator mediator, TimeProvider clock) : LinkedPage(mediator, clock)
{
    public GetCertificate.Response Certificate { get; private set; } = null!;

    /// <summary>The same for search engines (https://schema.org/Certification); null unless it is valid on the date, and for an invented one.</summary>
    public JsonObject? Linked { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        await ReadFiltersAsync();
        Certificate = (await AskAsync(new GetCertificate.Request(id, Asked, Moment))).Value;
        await ReadStandardsAsync();
        if (Certificate is { Standing: CertificateStanding.Valid, Sample: not true })
        {
            Linked = LinkedData.Certification(
                Site, Certificate.Id, Schemes[Certificate.Scheme], Certificate.Number, Certificate.Holder, Certificate.Period?.ValidFrom, Certificate.Period?.ValidUntil,
                Certificate.Unconfirmed, await RecognisersAsync(Certificate.Scheme, Certificate.Id, Questions()));
            Linked.Insert(0, "@context", "https://schema.org");
        }

        return Page();
    }

    // Of each category in which it has a line; by number, or where none is printed by the products that it names.
    private List<CheckProduct.Request> Questions()
    {
        var lines = Certificate.Products.Where(line => line.Listed).ToList();
        var bare = new CheckProduct.Request("", AsOf: Asked, KnownAt: Moment);
        if (Certificate.Number is { } number)
        {
            return [.. lines.Select(line => line.Category).Distinct(StringComparer.Ordinal).Select(c => bare with { Scheme = Certificate.Scheme, Certificate = number, Category = c })];
        }

        return lines.TrueForAll(line => line.Product is not null)
            ? [.. lines.Select(line => (line.Product, line.Category)).Distinct().Select(line => bare with { Product = line.Product, Category = line.Category })]
            : [];
    }
}
