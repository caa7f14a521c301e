using System.Text.Json.Nodes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognitions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One product with its certificates on a date.</summary>
public sealed class ProductModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    public GetProduct.Response Product { get; private set; } = null!;

    /// <summary>The same for search engines (https://schema.org/Product).</summary>
    public JsonObject Linked { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string id)
    {
        await ReadFiltersAsync();
        Product = (await AskAsync(new GetProduct.Request(id, Asked, Moment))).Value;
        var site = $"{Request.Scheme}://{Request.Host}{Request.PathBase}";
        var certifications = new JsonArray();
        foreach (var certificate in Product.Certificates.Where(c => c.Listed && c.Standing == Recognition.CertificateStanding.Valid).DistinctBy(c => c.Id, StringComparer.Ordinal))
        {
            var recognitions = (await AskAsync(new ListRecognitions.Request(Whole(), Recognised: certificate.Scheme, Category: certificate.Category, AsOf: Asked, KnownAt: Moment))).Items;
            certifications.Add(LinkedData.Certification(
                site, certificate.Id, Schemes[certificate.Scheme], certificate.Number, certificate.Holder, certificate.ValidFrom, certificate.ValidUntil, recognitions));
        }

        Linked = LinkedData.Product(site, Product, certifications);
        return Page();
    }
}
