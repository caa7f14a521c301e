using System.Text.Json.Nodes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Products;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One product with its certificates on a date.</summary>
public sealed class ProductModel(IMediator mediator, TimeProvider clock) : LinkedPage(mediator, clock)
{
    public GetProduct.Response Product { get; private set; } = null!;

    /// <summary>True when all that is known of it is invented.</summary>
    public bool IsInvented => Product.Certificates.All(c => c.Sample == true);

    /// <summary>The same for search engines (https://schema.org/Product); null for an invented product, which none must find as a real one.</summary>
    public JsonObject? Linked { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        await ReadFiltersAsync();
        Product = (await AskAsync(new GetProduct.Request(id, Asked, Moment))).Value;
        await ReadStandardsAsync();
        if (IsInvented)
        {
            return Page();
        }

        var certifications = new JsonArray();
        foreach (var certificate in Product.Certificates.Where(c => c.Sample != true && c.Listed && c.Standing == Recognition.CertificateStanding.Valid).DistinctBy(c => c.Id, StringComparer.Ordinal))
        {
            var question = new CheckProduct.Request("", Product: Product.Id, Category: certificate.Category, AsOf: Asked, KnownAt: Moment);
            certifications.Add(LinkedData.Certification(
                Site, certificate.Id, Schemes[certificate.Scheme], certificate.Number, certificate.Holder, certificate.ValidFrom, certificate.ValidUntil,
                certificate.Unconfirmed, await RecognisersAsync(certificate.Scheme, certificate.Id, [question])));
        }

        Linked = LinkedData.Product(Site, Product, certifications);
        return Page();
    }
}
