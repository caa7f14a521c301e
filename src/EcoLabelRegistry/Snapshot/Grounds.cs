using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Matches;

namespace EcoLabelRegistry.Snapshot;

/// <summary>What a check rests on: the registry and its certificates at one revision, from memory or from the database. Dispose it when answered.</summary>
/// <param name="registry">Everything but certificates.</param>
/// <param name="certificates">The certificates, at the same revision.</param>
/// <param name="reading">The transaction that they are read in; null from memory.</param>
public sealed class Grounds(RegistryAt registry, ICertificates certificates, Reading? reading = null) : IAsyncDisposable
{
    /// <summary>The grounds that a reading of the database gives.</summary>
    public Grounds(Reading reading)
        : this(reading.Registry, new CertificatesInDatabase(reading), reading)
    {
    }

    /// <summary>Everything but certificates.</summary>
    public RegistryAt Registry => registry;

    /// <summary>The certificates.</summary>
    public ICertificates Certificates => certificates;

    /// <summary>The revision of both.</summary>
    public long Revision => registry.Revision;

    /// <summary>True when no database is asked.</summary>
    public bool AreInMemory => reading is null;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => reading?.DisposeAsync() ?? ValueTask.CompletedTask;

    private sealed class CertificatesInDatabase(Reading reading) : ICertificates
    {
        public async ValueTask<IReadOnlyList<RecordedCertificate>> ByNumberAsync(string scheme, string number) => await reading.ByNumberAsync(scheme, number);

        public async ValueTask<IReadOnlyList<RecordedCertificate>> ByProductAsync(string product) => await reading.ByProductAsync(product);

        public async ValueTask<IReadOnlyList<RecordedCertificate>> ByGtinAsync(string gtin) => await reading.ByGtinAsync(gtin);

        public async ValueTask<IReadOnlyList<string?>> ProductsOfGtinAsync(string gtin) => await reading.ProductsOfGtinAsync(gtin);

        public async ValueTask<CertificatesOfProduct?> OfOneProductAsync(string gtin) => await reading.ProductsOfGtinAsync(gtin) switch
        {
            [] => CertificatesOfProduct.None,
            [{ } one] => new(one, await reading.ByProductAsync(one)),
            _ => null,
        };

        public void Expect(IReadOnlyList<ulong> gtins)
        {
            // Each is a query of its own.
        }

        public async ValueTask<IReadOnlyList<Product>> ProductsAsync(string brand, string model) => await reading.ProductsAsync(brand, model);

        public async ValueTask<Product?> ProductAsync(string id) => await reading.ProductAsync(id);

        public async ValueTask<NearTexts> NearAsync(AskedText asked, SearchScope scope) => await reading.NearAsync(asked, scope);
    }
}

/// <summary>Finds certificates at one revision. From memory and from the database alike, so that a check cannot tell them apart.</summary>
/// <remarks>An exact hit wins over a normalised one; nothing is guessed. Of a certificate's document, only what an answer shows is promised.</remarks>
public interface ICertificates
{
    /// <summary>Certificates of a scheme that the number can mean: one for an exact hit, several when a normalised one is ambiguous.</summary>
    ValueTask<IReadOnlyList<RecordedCertificate>> ByNumberAsync(string scheme, string number);

    /// <summary>Every certificate that has a line of the product, whatever its dates, by id.</summary>
    ValueTask<IReadOnlyList<RecordedCertificate>> ByProductAsync(string product);

    /// <summary>Every certificate with a line that lists the GTIN of 14 digits, by id.</summary>
    ValueTask<IReadOnlyList<RecordedCertificate>> ByGtinAsync(string gtin);

    /// <summary>The products whose lines list a GTIN of 14 digits; null stands for lines that name no product.</summary>
    ValueTask<IReadOnlyList<string?>> ProductsOfGtinAsync(string gtin);

    /// <summary>Every certificate that has a line of the one product that lines with a GTIN of 14 digits name; null when they name several products, or none.</summary>
    ValueTask<CertificatesOfProduct?> OfOneProductAsync(string gtin);

    /// <summary>
    /// Says which GTINs will be asked for next. No answer changes by it: what lies far apart in memory is fetched for many of them at a time, instead of being waited for one by one.
    /// </summary>
    void Expect(IReadOnlyList<ulong> gtins);

    /// <summary>The products that brand and model can mean: one for an exact hit, several when a normalised one is ambiguous.</summary>
    ValueTask<IReadOnlyList<Product>> ProductsAsync(string brand, string model);

    /// <summary>The product with this id; null when no line names it.</summary>
    ValueTask<Product?> ProductAsync(string id);

    /// <summary>Lines and certificates that are called nearly so. For whoever chooses among them: a check never asks for it.</summary>
    ValueTask<NearTexts> NearAsync(AskedText asked, SearchScope scope);
}

/// <summary>A product with every certificate that has a line of it.</summary>
/// <param name="Product">Id of the product; null when nothing was found.</param>
/// <param name="Certificates">The certificates, whatever their dates, by id.</param>
public sealed record CertificatesOfProduct(string? Product, IReadOnlyList<RecordedCertificate> Certificates)
{
    /// <summary>Nothing is on record.</summary>
    public static CertificatesOfProduct None { get; } = new(null, []);
}
