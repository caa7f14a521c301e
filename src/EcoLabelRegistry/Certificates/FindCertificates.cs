using Dapper;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Certificates;

/// <summary>Looks certificates up at the revision of a reading. An exact hit wins over a normalised one; nothing is guessed.</summary>
public static class FindCertificates
{
    private const string Counts = "recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)";

    private const string ById = $"""
        select recorded_from as Revision, data from certificate
        where id = @Id and {Counts}
        """;

    private const string ByNumber = $"""
        select recorded_from as Revision, data from certificate
        where find_number = @FindNumber and {Counts}
        union
        select c.recorded_from as Revision, c.data
        from certificate_number n
        join certificate c on c.id = n.certificate
        where n.find_number = @FindNumber
          and n.recorded_from <= @Revision and (n.recorded_until is null or n.recorded_until > @Revision)
          and c.recorded_from <= @Revision and (c.recorded_until is null or c.recorded_until > @Revision)
        """;

    private const string LinesByGtin = $"""
        select distinct product from product_gtin
        where gtin = @Gtin and {Counts}
        """;

    private const string CertificatesByGtin = $"""
        select recorded_from as Revision, data from certificate
        where id in (select certificate from product_gtin where gtin = @Gtin and {Counts}) and {Counts}
        order by id
        """;

    private const string ByProduct = $"""
        select recorded_from as Revision, data from certificate
        where id in (select certificate from product_line where product = @Product and {Counts}) and {Counts}
        order by id
        """;

    private const string ProductsByKey = $"""
        select product as Id, brand, model from product_line
        where find_product = @FindProduct and {Counts}
        order by product, certificate, line
        """;

    private const string ProductById = $"""
        select product as Id, brand, model from product_line
        where product = @Product and {Counts}
        order by certificate, line
        """;

    /// <summary>The certificate with this id; null when there is none.</summary>
    public static async Task<RecordedCertificate?> ByIdAsync(this Reading reading, string id) =>
        (await ReadAsync(reading, ById, new { Id = id, reading.Revision })).SingleOrDefault();

    /// <summary>Certificates of a scheme that the number can mean: one for an exact hit, several when a normalised one is ambiguous.</summary>
    /// <remarks>The scheme is asked for too, so that numbers of a scheme and its sub-scheme stay apart.</remarks>
    public static async Task<IReadOnlyList<RecordedCertificate>> ByNumberAsync(this Reading reading, string scheme, string number) =>
        MeantBy(number, (await ReadAsync(reading, ByNumber, new { FindNumber = ProductIdentity.FindKey(number), reading.Revision }))
            .Where(c => c.Entry.Scheme == scheme).OrderBy(c => c.Entry.Id, StringComparer.Ordinal).ToList());

    /// <summary>Those of a scheme's certificates found under a number that it means: an exact hit wins.</summary>
    internal static IReadOnlyList<RecordedCertificate> MeantBy(string number, List<RecordedCertificate> hits)
    {
        var identity = ProductIdentity.Of(number);
        bool Is(string? text) => text is not null && ProductIdentity.Of(text) == identity;

        // Its own number is what a certificate is known by: that another one lists it too must not make it unfindable.
        return hits.FindAll(c => Is(c.Entry.Number)) is { Count: > 0 } own ? own
            : hits.FindAll(c => (c.Entry.OtherNumbers ?? []).Any(Is)) is { Count: > 0 } further ? further
            : hits;
    }

    /// <summary>The certificate of a scheme that is kept under a key because no source prints its number; null when there is none.</summary>
    public static Task<RecordedCertificate?> ByKeyAsync(this Reading reading, string scheme, string key) =>
        reading.ByIdAsync(ProductIdentity.CertificateId(scheme, null, key));

    /// <summary>Every certificate that has a line of the product, whatever its dates, by id.</summary>
    public static async Task<IReadOnlyList<RecordedCertificate>> ByProductAsync(this Reading reading, string product) =>
        await ReadAsync(reading, ByProduct, new { Product = product, reading.Revision });

    /// <summary>The products whose lines list a GTIN of 14 digits; null stands for lines that name no product.</summary>
    public static async Task<IReadOnlyList<string?>> ProductsOfGtinAsync(this Reading reading, string gtin) =>
        [.. await reading.Db.QueryAsync<string?>(LinesByGtin, new { Gtin = gtin, reading.Revision }, reading.Transaction)];

    /// <summary>Every certificate with a line that lists the GTIN of 14 digits, by id.</summary>
    public static async Task<IReadOnlyList<RecordedCertificate>> ByGtinAsync(this Reading reading, string gtin) =>
        await ReadAsync(reading, CertificatesByGtin, new { Gtin = gtin, reading.Revision });

    /// <summary>The products that brand and model can mean: one for an exact hit, several when a normalised one is ambiguous.</summary>
    public static async Task<IReadOnlyList<Product>> ProductsAsync(this Reading reading, string brand, string model) =>
        MeantBy(brand, model, (await reading.Db.QueryAsync<Product>(
                ProductsByKey, new { FindProduct = ProductIdentity.FindKey(brand, model), reading.Revision }, reading.Transaction))
            .DistinctBy(p => p.Id, StringComparer.Ordinal).ToList());

    /// <summary>Those of the products found under brand and model that they mean: an exact hit wins.</summary>
    internal static IReadOnlyList<Product> MeantBy(string brand, string model, List<Product> hits)
    {
        var exact = hits.Where(p => p.Id == ProductIdentity.IdOf(brand, model)).ToList();
        return exact.Count > 0 ? exact : hits;
    }

    /// <summary>The product with this id; null when no line names it.</summary>
    public static async Task<Product?> ProductAsync(this Reading reading, string id) =>
        (await reading.Db.QueryAsync<Product>(ProductById, new { Product = id, reading.Revision }, reading.Transaction)).FirstOrDefault();

    private static async Task<List<RecordedCertificate>> ReadAsync(Reading reading, string sql, object parameters) =>
        [.. (await reading.Db.QueryAsync<CertificateRow>(sql, parameters, reading.Transaction)).Select(r => r.Read())];
}

/// <summary>What is bought: a brand and a model.</summary>
/// <param name="Id">Made of both.</param>
/// <param name="Brand">As the source has it.</param>
/// <param name="Model">As the source has it.</param>
public sealed record Product(string Id, string Brand, string Model);
