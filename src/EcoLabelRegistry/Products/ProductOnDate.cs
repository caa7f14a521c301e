using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Products;

/// <summary>A product with its certificates on one date.</summary>
public record ProductOnDate
{
    public ProductOnDate()
    {
    }

    /// <summary>The product on a date.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="product">The product.</param>
    /// <param name="certificates">Every certificate with a line of it, by id.</param>
    /// <param name="date">The date.</param>
    internal ProductOnDate(RegistryAt registry, Product product, IReadOnlyList<RecordedCertificate> certificates, DateOnly date)
    {
        var lines = certificates.SelectMany(c => c.LinesOf(product.Id), (c, line) => (Certificate: CertificateOnDate.Of(registry, c, date), Line: line)).ToList();
        var categories = lines.Select(l => l.Line.Category).Distinct(StringComparer.Ordinal).ToList();
        var names = lines.SelectMany(l => l.Line.Names ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .DistinctBy(n => n.Key, StringComparer.Ordinal).OrderBy(n => n.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        (Id, Brand, Model) = product;
        Gtins = [.. lines.SelectMany(l => l.Line.Gtins ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Category = categories is [var one] ? one : null;
        Names = names.Count > 0 ? names : null;
        Certificates = [.. lines.Select(l => new ProductCertificate(l.Certificate, l.Line))];
        Revision = certificates.Max(c => c.Revision);
    }

    /// <summary>The registry's id, made of brand and model.</summary>
    public string Id { get; init; } = "";

    /// <summary>Brand, as the source has it.</summary>
    public string Brand { get; init; } = "";

    /// <summary>Model, as the source has it.</summary>
    public string Model { get; init; } = "";

    /// <summary>Every GTIN that its lines list, as given.</summary>
    public IReadOnlyList<string> Gtins { get; init; } = [];

    /// <summary>The category of its lines; null when they lie in several or in none.</summary>
    public string? Category { get; init; }

    /// <summary>Names by language, as its lines have them; of two in one language, the first.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>Its lines on certificates, by certificate.</summary>
    public IReadOnlyList<ProductCertificate> Certificates { get; init; } = [];

    /// <summary>The revision that last wrote one of these certificates.</summary>
    public long Revision { get; init; }
}

/// <summary>A product's line on a certificate, on a date.</summary>
public sealed record ProductCertificate
{
    public ProductCertificate()
    {
    }

    internal ProductCertificate(CertificateOnDate certificate, ProductLineEntry line)
    {
        var entry = certificate.Entry;
        (Id, Scheme, Number, Key, Holder) = (entry.Id!, entry.Scheme!, entry.Number, entry.Key, entry.Holder);
        (Standing, Unconfirmed, Listed) = (certificate.State.Standing, certificate.State.IsUnconfirmed, certificate.Lists(line));
        (Category, From, Until) = (line.Category, line.From, line.Until);
        (Standard, Edition, Tier) = (certificate.Period?.Standard, certificate.Period?.Edition, certificate.Period?.Tier);
        (ValidFrom, ValidUntil, ConfirmedOn) = (certificate.Period?.ValidFrom, certificate.Period?.ValidUntil, certificate.Period?.ConfirmedOn);
        (Territories, Sample) = (entry.Territories, entry.Sample == true || line.Sample == true ? true : null);
    }

    /// <summary>Id of the certificate.</summary>
    public string Id { get; init; } = "";

    /// <summary>Code of the scheme that granted it.</summary>
    public string Scheme { get; init; } = "";

    /// <summary>The scheme's own text; null where no source prints one.</summary>
    public string? Number { get; init; }

    /// <summary>What stands in for a number that no source prints.</summary>
    public string? Key { get; init; }

    /// <summary>Who holds the licence, as the source names it.</summary>
    public string? Holder { get; init; }

    /// <summary>Standing on the date.</summary>
    public CertificateStanding Standing { get; init; }

    /// <summary>True when the date is later than the last report that shows it valid, and it has no end.</summary>
    public bool Unconfirmed { get; init; }

    /// <summary>True when the product is on the certificate on the date.</summary>
    public bool Listed { get; init; }

    /// <summary>Code of the category of this line.</summary>
    public string? Category { get; init; }

    /// <summary>First day of the product on the certificate; null from its start.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Last day of the product on the certificate; null to its end.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>Id of the standard of the period judged.</summary>
    public string? Standard { get; init; }

    /// <summary>Its edition.</summary>
    public string? Edition { get; init; }

    /// <summary>The tier.</summary>
    public string? Tier { get; init; }

    /// <summary>First day of the period judged.</summary>
    public PartialDate? ValidFrom { get; init; }

    /// <summary>Its last day; null is open-ended.</summary>
    public PartialDate? ValidUntil { get; init; }

    /// <summary>The last day on which a source shows it valid.</summary>
    public PartialDate? ConfirmedOn { get; init; }

    /// <summary>Where it counts, ISO 3166; empty is everywhere, null is not known.</summary>
    public IReadOnlyList<string>? Territories { get; init; }

    /// <summary>True for invented data.</summary>
    public bool? Sample { get; init; }
}
