using System.Globalization;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Matches;
using EcoLabelRegistry.Products;

namespace EcoLabelRegistry.Snapshot;

/// <summary>The certificates in memory, as one generation shows them: immutable to whoever holds it.</summary>
internal sealed class HeldCertificates(PackedCertificates all, uint generation) : ICertificates
{
    /// <inheritdoc />
    public ValueTask<IReadOnlyList<RecordedCertificate>> ByNumberAsync(string scheme, string number)
    {
        var key = ProductIdentity.FindKey(number);
        var hits = new List<RecordedCertificate>(1);
        foreach (var row in all.Find(FoundBy.Number, PackCertificate.HashOf(key)))
        {
            if (all.StoodAt(row, generation) && ReadCertificate.HasNumber(all.BytesOf(row), all.Texts, scheme, key))
            {
                hits.Add(all.Read(row));
            }
        }

        return ValueTask.FromResult(FindCertificates.MeantBy(number, ById(hits)));
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<RecordedCertificate>> ByProductAsync(string product) => ValueTask.FromResult<IReadOnlyList<RecordedCertificate>>(OfProduct(product));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<RecordedCertificate>> ByGtinAsync(string gtin)
    {
        var digits = ulong.Parse(gtin, CultureInfo.InvariantCulture);
        var hits = new List<RecordedCertificate>(1);
        foreach (var row in all.Find(FoundBy.Gtin, PackCertificate.HashOfGtin(digits)))
        {
            if (all.StoodAt(row, generation) && ReadCertificate.AddProducts(all.BytesOf(row), all.Texts, digits, products: null))
            {
                hits.Add(all.Read(row));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<RecordedCertificate>>(ById(hits));
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<string?>> ProductsOfGtinAsync(string gtin)
    {
        var digits = ulong.Parse(gtin, CultureInfo.InvariantCulture);
        var products = new List<string?>(1);
        foreach (var row in all.Find(FoundBy.Gtin, PackCertificate.HashOfGtin(digits)))
        {
            if (all.StoodAt(row, generation))
            {
                ReadCertificate.AddProducts(all.BytesOf(row), all.Texts, digits, products);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<string?>>(products);
    }

    /// <inheritdoc />
    public ValueTask<CertificatesOfProduct?> OfOneProductAsync(string gtin)
    {
        var digits = ulong.Parse(gtin, CultureInfo.InvariantCulture);
        var product = ReadOnlySpan<byte>.Empty;
        foreach (var row in all.Find(FoundBy.Gtin, PackCertificate.HashOfGtin(digits)))
        {
            if (all.StoodAt(row, generation) && !ReadCertificate.IsOneProduct(all.BytesOf(row), all.Texts, digits, ref product))
            {
                return ValueTask.FromResult<CertificatesOfProduct?>(null);
            }
        }

        if (product.IsEmpty)
        {
            return ValueTask.FromResult<CertificatesOfProduct?>(CertificatesOfProduct.None);
        }

        var certificates = OfProduct(product);
        var id = certificates is [{ Model.Lines: [{ Product: { } only }] }, ..] ? only : ReadCertificate.ProductId(product);
        return ValueTask.FromResult<CertificatesOfProduct?>(new(id, certificates));
    }

    /// <inheritdoc />
    public void Expect(IReadOnlyList<ulong> gtins)
    {
        Span<uint> hashes = stackalloc uint[PackedCertificates.MostAhead];
        for (var start = 0; start < gtins.Count; start += hashes.Length)
        {
            var length = Math.Min(hashes.Length, gtins.Count - start);
            for (var i = 0; i < length; i++)
            {
                hashes[i] = PackCertificate.HashOfGtin(gtins[start + i]);
            }

            all.Touch(FoundBy.Gtin, hashes[..length]);
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Product>> ProductsAsync(string brand, string model)
    {
        var key = ProductIdentity.FindKey(brand, model);
        var hits = new List<RecordedCertificate>(1);
        foreach (var row in all.Find(FoundBy.Name, PackCertificate.HashOf(key)))
        {
            if (all.StoodAt(row, generation))
            {
                hits.Add(all.Read(row));
            }
        }

        // By product, and each as the first line of its first certificate has it.
        var products = new SortedList<string, Product>(StringComparer.Ordinal);
        foreach (var certificate in ById(hits))
        {
            var lines = certificate.Model.Lines;
            for (var i = 0; i < lines.Count; i++)
            {
                if (lines[i].Product is { } id && !products.ContainsKey(id) && certificate.Entry.Products![i] is { Brand: { } b, Model: { } m }
                    && ProductIdentity.FindKey(b, m) == key)
                {
                    products.Add(id, new Product(id, b, m));
                }
            }
        }

        return ValueTask.FromResult(FindCertificates.MeantBy(brand, model, [.. products.Values]));
    }

    /// <inheritdoc />
    public ValueTask<Product?> ProductAsync(string id) => ValueTask.FromResult(
        OfProduct(id) is [var first, ..] && first.LinesOf(id) is [var line, ..] ? new Product(id, line.Brand!, line.Model!) : null);

    /// <inheritdoc />
    public ValueTask<NearTexts> NearAsync(AskedText asked, SearchScope scope) => ValueTask.FromResult(new ShortlistInMemory(all, generation, asked, scope).Take());

    private List<RecordedCertificate> OfProduct(string product)
    {
        Span<byte> hash = stackalloc byte[PackCertificate.HashLength];
        return PackCertificate.TryReadProduct(product, hash) ? OfProduct(hash) : [];
    }

    private List<RecordedCertificate> OfProduct(ReadOnlySpan<byte> hash)
    {
        var hits = new List<RecordedCertificate>(1);
        foreach (var row in all.Find(FoundBy.Product, PackCertificate.HashOf(hash)))
        {
            if (all.StoodAt(row, generation) && ReadCertificate.HasProduct(all.BytesOf(row), all.Texts, hash))
            {
                hits.Add(all.Read(row));
            }
        }

        return ById(hits);
    }

    private static List<RecordedCertificate> ById(List<RecordedCertificate> hits)
    {
        if (hits.Count > 1)
        {
            hits.Sort((left, right) => string.CompareOrdinal(left.Model.Id, right.Model.Id));
        }

        return hits;
    }
}
