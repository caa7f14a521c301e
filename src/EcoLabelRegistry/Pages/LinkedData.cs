using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Recognitions;
using EcoLabelRegistry.Schemes;

namespace EcoLabelRegistry.Pages;

/// <summary>Products and certificates in the vocabulary of https://schema.org, for search engines and for whoever reads pages by program.</summary>
/// <remarks>
/// <c>recognizedBy</c> ("acknowledges the validity, value or utility of a credential") names those who accept this certificate itself on the day, as <see cref="LinkedPage"/> asks: a
/// memorandum is no recognition, and who takes over tests or audits accepts those. What no source shows to be active still is not called so.
/// </remarks>
public static class LinkedData
{
    // The default encoder escapes <, > and &, so that no text can end the script element that it stands in.
    private static readonly JsonSerializerOptions Safe = new();

    /// <summary>As it stands in a page.</summary>
    public static string Text(JsonObject linked) => linked.ToJsonString(Safe);

    /// <summary>A product.</summary>
    public static JsonObject Product(string site, GetProduct.Response product, JsonArray certifications)
    {
        var linked = new JsonObject
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "Product",
            ["@id"] = site + Places.Product(product.Id),
            ["name"] = $"{product.Brand} {product.Model}",
            ["brand"] = new JsonObject { ["@type"] = "Brand", ["name"] = product.Brand },
            ["model"] = product.Model,
        };
        if (product.Gtins.Count > 0)
        {
            linked["gtin"] = product.Gtins[0];
        }

        if (Language.Current.Of(product.Names) is { } description)
        {
            linked["description"] = description;
        }

        if (certifications.Count > 0)
        {
            linked["hasCertification"] = certifications;
        }

        return linked;
    }

    /// <summary>A certificate.</summary>
    public static JsonObject Certification(
        string site,
        string id,
        GetScheme.Response scheme,
        string? number,
        string? holder,
        PartialDate? from,
        PartialDate? until,
        bool isUnconfirmed,
        IReadOnlyList<ListRecognitions.Row> recognisers)
    {
        var linked = new JsonObject
        {
            ["@type"] = "Certification",
            ["@id"] = site + Places.Certificate(id),
            ["name"] = Language.Current.Of(scheme.Names) ?? scheme.Code,
            ["issuedBy"] = Organization(site, scheme.Code!, scheme.Names),
            ["url"] = site + Places.Certificate(id),
        };
        Add("certificationStatus", isUnconfirmed ? null : "https://schema.org/CertificationActive");
        Add("certificationIdentification", number);
        Add("validFrom", from?.ToString());
        Add("expires", until?.ToString());
        if (holder is not null)
        {
            linked["about"] = new JsonObject { ["@type"] = "Organization", ["name"] = holder };
        }

        if (recognisers.Count > 0)
        {
            linked["recognizedBy"] = new JsonArray([.. recognisers.Select(r => Organization(site, r.Recogniser, r.RecogniserNames))]);
        }

        return linked;

        void Add(string member, string? value)
        {
            if (value is not null)
            {
                linked[member] = value;
            }
        }
    }

    private static JsonObject Organization(string site, string code, IReadOnlyDictionary<string, string>? names) => new()
    {
        ["@type"] = "Organization",
        ["@id"] = site + Places.Label(code),
        ["name"] = Language.Current.Of(names) ?? code,
    };
}
