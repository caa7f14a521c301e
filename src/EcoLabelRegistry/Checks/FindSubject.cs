using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Checks;

/// <summary>How a question selects what it asks about.</summary>
/// <param name="Gtin">A GTIN.</param>
/// <param name="Brand">A brand, with <paramref name="Model"/>.</param>
/// <param name="Model">A model, with <paramref name="Brand"/>.</param>
/// <param name="Product">Id of a product.</param>
/// <param name="Scheme">Code or alias of a scheme, with <paramref name="Certificate"/>.</param>
/// <param name="Certificate">Number of a certificate, with <paramref name="Scheme"/>.</param>
public sealed record Selector(Gtin? Gtin, string? Brand, string? Model, string? Product, string? Scheme, string? Certificate)
{
    /// <summary>What is wrong with the mixture; null when exactly one thing is selected, and at most one product stands beside a certificate.</summary>
    /// <returns>The refusal, which names each member that is missing or too many.</returns>
    public RefusalException? Fault()
    {
        if (Brand is null != Model is null)
        {
            return Refuse("fault.brand-and-model", Brand is null ? "brand" : "model");
        }

        if (Scheme is null != Certificate is null)
        {
            return Refuse("fault.scheme-and-certificate", Scheme is null ? "scheme" : "certificate");
        }

        string[] products = [.. Given("gtin", Gtin), .. Given("brand", Brand), .. Given("model", Model), .. Given("product", Product)];
        return (products, Certificate) switch
        {
            ([], null) => Refuse("fault.no-selector", "gtin", "brand", "model", "product", "scheme", "certificate"),
            ([_], null) or (["brand", "model"], null) or ([], not null) or (["gtin"], not null) or (["brand", "model"], not null) => null,
            (_, null) => Refuse("fault.several-selectors", products),
            _ => Refuse("fault.several-selectors", [.. products, "scheme", "certificate"]),
        };

        static string[] Given(string member, object? value) => value is null ? [] : [member];

        static RefusalException Refuse(string key, params string[] members)
        {
            var fault = new Message(key);
            return new(ProblemCode.InvalidSelector, fault) { Faults = [.. members.Select(member => new Fault(member, fault))] };
        }
    }
}

/// <summary>What a selector found: what the engine judges, and what the answer shows of it.</summary>
/// <param name="Subject">What the engine judges.</param>
/// <param name="ProductId">Id of the product asked about; null when none or several are named.</param>
/// <param name="Certificates">The certificates concerned, as recorded.</param>
public sealed record Found(RecognitionSubject Subject, string? ProductId, IReadOnlyList<RecordedCertificate> Certificates)
{
    private Product? _product;

    /// <summary>The product asked about, called what the first line of the first certificate calls it; null when none or several are named.</summary>
    public Product? Product
    {
        get => _product ??= Named();
        init => _product = value;
    }

    private Product? Named()
    {
        if (ProductId is not { } id)
        {
            return null;
        }

        var line = Certificates[0].LinesOf(id)[0];
        return new(id, line.Brand!, line.Model!);
    }
}

/// <summary>Finds what a question asks about, on the grounds of one revision.</summary>
public static class FindSubject
{
    private static readonly Found NotOnRecord = new(new RecognitionSubject(SubjectKind.Product, []) { OnRecord = false }, null, []);

    /// <summary>Finds it. What is not on record is an answer; what is ambiguous is refused.</summary>
    /// <exception cref="RefusalException">The scheme is unknown, or several records fit and none exactly.</exception>
    public static ValueTask<Found> FindAsync(Grounds grounds, Selector selector) =>
        selector.Certificate is not null ? ByCertificateAsync(grounds, selector)
        : selector.Gtin is { } gtin ? ByGtinAsync(grounds.Certificates, gtin)
        : selector.Product is { } id ? ByProductAsync(grounds.Certificates, id)
        : ByNameAsync(grounds.Certificates, selector.Brand!, selector.Model!);

    /// <summary>A product, with every certificate that has a line of it.</summary>
    public static Found OfProduct(Product product, IReadOnlyList<RecordedCertificate> certificates) => OfProduct(product.Id, certificates) with { Product = product };

    private static Found OfProduct(string id, IReadOnlyList<RecordedCertificate> certificates)
    {
        var candidates = new Candidate[certificates.Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new Candidate(certificates[i].Model, certificates[i].ModelLinesOf(id));
        }

        return new(new RecognitionSubject(SubjectKind.Product, candidates), id, certificates);
    }

    private static async ValueTask<Found> ByProductAsync(ICertificates source, string id) =>
        await source.ByProductAsync(id) is { Count: > 0 } certificates ? OfProduct(id, certificates) : NotOnRecord;

    private static async ValueTask<Found> ByNameAsync(ICertificates source, string brand, string model) =>
        One(await source.ProductsAsync(brand, model), $"{brand} {model}", p => p) is { } product ? await ByProductAsync(source, product.Id) : NotOnRecord;

    private static async ValueTask<Found> ByGtinAsync(ICertificates source, Gtin gtin)
    {
        if (await source.OfOneProductAsync(gtin.Digits) is { } one)
        {
            return one is { Product: { } id, Certificates.Count: > 0 } ? OfProduct(id, one.Certificates) : NotOnRecord;
        }

        // Several products, or lines that name none: only lines that list the GTIN count, and nothing further is inferred.
        var certificates = await source.ByGtinAsync(gtin.Digits);
        var subject = Judge(certificates, (line, _) => Lists(line, gtin)) with { GtinAmbiguous = (await source.ProductsOfGtinAsync(gtin.Digits)).Count > 1 };
        return new Found(subject, null, certificates);
    }

    private static async ValueTask<Found> ByCertificateAsync(Grounds grounds, Selector selector)
    {
        var source = grounds.Certificates;
        var scheme = FindScheme.Find(grounds.Registry, "scheme", selector.Scheme!);
        var certificate = One(await ByNumberAsync(grounds, scheme, selector.Certificate!), selector.Certificate!, c => new { c.Entry.Id, c.Entry.Scheme, c.Entry.Number });
        if (certificate is null)
        {
            return new Found(new RecognitionSubject(SubjectKind.Certificate, []) { OnRecord = false, MissingFromRegisterOf = scheme }, null, []);
        }

        var asked = await BesideAsync(source, selector, certificate);

        // Without lines a certificate stands for itself, and not for a product put beside it.
        var isAboutProduct = asked is not null && certificate.Model.Lines.Count == 0;
        var subject = Judge([certificate], asked ?? ((_, _) => true)) with { Kind = isAboutProduct ? SubjectKind.Product : SubjectKind.Certificate };
        var products = subject.Candidates[0].Lines.Select(l => l.Product).Distinct(StringComparer.Ordinal).ToList();
        var product = products is [{ } only] ? await source.ProductAsync(only) : null;
        return new Found(subject, product?.Id, [certificate]) { Product = product };
    }

    /// <summary>Certificates that a number can mean: the scheme's own, else those of the sub-schemes whose certificates count as its own.</summary>
    private static async ValueTask<IReadOnlyList<RecordedCertificate>> ByNumberAsync(Grounds grounds, string scheme, string number)
    {
        var own = await grounds.Certificates.ByNumberAsync(scheme, number);
        if (own.Count > 0 || grounds.Registry.Graph.CountedAs(scheme) is not { Count: > 1 } schemes)
        {
            return own;
        }

        var counted = new List<RecordedCertificate>();
        foreach (var further in schemes.Where(s => s != scheme))
        {
            counted.AddRange(await grounds.Certificates.ByNumberAsync(further, number));
        }

        return FindCertificates.MeantBy(number, counted);
    }

    /// <summary>Which lines the product beside a certificate means; null when none is given.</summary>
    private static async ValueTask<Func<ProductLineEntry, ProductLine, bool>?> BesideAsync(ICertificates source, Selector selector, RecordedCertificate certificate)
    {
        if (selector.Gtin is { } gtin)
        {
            var products = (await source.ProductsOfGtinAsync(gtin.Digits)).OfType<string>().ToHashSet(StringComparer.Ordinal);
            return products.Count == 1
                ? (line, judged) => Lists(line, gtin) || (judged.Product is { } product && products.Contains(product))
                : (line, _) => Lists(line, gtin);
        }

        if (selector.Brand is null)
        {
            return null;
        }

        var meant = One(await NamedOnAsync(source, selector.Brand, selector.Model!, [certificate]), $"{selector.Brand} {selector.Model}", p => p);
        return (_, judged) => judged.Product is { } product && product == meant?.Id;
    }

    /// <summary>The products of some certificates that brand and model can mean: none where they are exactly what another product is called, several where only normalised hits are left.</summary>
    internal static async ValueTask<IReadOnlyList<Product>> NamedOnAsync(
        ICertificates source, string brand, string model, IReadOnlyList<RecordedCertificate> certificates) =>
        [.. (await source.ProductsAsync(brand, model)).Where(product => certificates.Any(c => c.LinesOf(product.Id).Count > 0))];

    private static RecognitionSubject Judge(IReadOnlyList<RecordedCertificate> certificates, Func<ProductLineEntry, ProductLine, bool> asked) => new(
        SubjectKind.Product, [.. certificates.Select(c => new Candidate(c.Model, [.. c.Model.Lines.Where((line, i) => asked(c.Entry.Products![i], line))]))]);

    /// <summary>Whether a line lists a GTIN.</summary>
    internal static bool Lists(ProductLineEntry line, Gtin gtin) => (line.Gtins ?? []).Any(g => g.PadLeft(14, '0') == gtin.Digits);

    private static T? One<T>(IReadOnlyList<T> hits, string given, Func<T, object> candidate)
        where T : class =>
        hits.Count > 1 ? throw Refusal.Ambiguous(given, [.. hits.Select(candidate)]) : hits.Count == 1 ? hits[0] : null;
}
