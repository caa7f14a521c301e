using System.Globalization;
using Dapper;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Standards;

namespace EcoLabelRegistry.Changes;

/// <summary>Tells which entries of the log pass a filter.</summary>
/// <remarks>
/// An entry concerns what its subject named before it or after it, so that what it takes away is heard of too. Which schemes certified a product, and
/// how categories lie in each other, is asked of the registry as the view has it. In doubt an entry passes: to hear of one too many does no harm.
/// </remarks>
public sealed class SieveChanges(IRegistryView view)
{
    private const string RecordVersions = """
        select data from record
        where kind = @Kind and code = @Code and recorded_from <= @Revision and (recorded_until is null or recorded_until >= @Revision)
        """;

    private const string CertificateVersions = """
        select data from certificate
        where id = @Id and recorded_from <= @Revision and (recorded_until is null or recorded_until >= @Revision)
        """;

    private const string AboutOfObjection = "select about from objection where id = @Id limit 1";

    private const string RegisterCategories = """
        select distinct l.category from certificate c
        join product_line l on l.certificate = c.id and l.recorded_from <= @Revision
        where c.scheme = @Scheme and c.recorded_from = @Revision and l.category is not null
        """;

    private readonly Dictionary<long, Touched?> _touched = [];
    private readonly Dictionary<ChangeFilter, HashSet<string>> _schemesOf = new(ReferenceEqualityComparer.Instance);

    /// <summary>True when the entry concerns one of the things that the filter names.</summary>
    public async ValueTask<bool> PassesAsync(Change change, ChangeFilter filter)
    {
        if (filter.IsEmpty)
        {
            return true;
        }

        if (!_touched.TryGetValue(change.Revision, out var touched))
        {
            _touched[change.Revision] = touched = await TouchedAsync(change);
        }

        return touched is not null
            && ((filter.Schemes ?? []).Any(touched.Schemes.Contains)
                || (filter.Agreements ?? []).Any(touched.Agreements.Contains)
                || (filter.Categories is { Count: > 0 } && await ConcernsAsync(touched, filter.Categories))
                || (filter.Products is { Count: > 0 } && await ConcernsProductsAsync(touched, filter)));
    }

    private ValueTask<Touched?> TouchedAsync(Change change) => TouchedAsync(change.Subject, change.Revision);

    private async ValueTask<Touched?> TouchedAsync(string subject, long revision) => subject.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [_, "objections", var id, ..] => await view.Db.ExecuteScalarAsync<string?>(AboutOfObjection, new { Id = id }, view.Transaction) is { } about
            ? await TouchedAsync(about, revision)
            : null,
        [_, "products", var id] => new Touched { Products = [id] },
        [_, "certificates", var id, ..] => OfCertificate(await DataAsync(CertificateVersions, new { Id = id, Revision = revision })),
        [_, "schemes", var code, "register", ..] => new Touched { Schemes = { code }, Register = (code, revision) },
        [_, "schemes", var code, ..] => OfSchemes([code]),
        [_, "label-bodies", var code] => OfSchemes(view.Registry.Schemes.Values.Where(s => s.Entry.Body == code).Select(s => s.Entry.Code!)),
        [_, "standards", var id, ..] => OfStandard(await VersionsAsync<StandardEntry>(RecordKind.Standard, id, revision)),
        [_, "agreements", var code, ..] => OfAgreement(code, await VersionsAsync<AgreementEntry>(RecordKind.Agreement, code, revision)),
        [_, "policies", var code] => OfPolicy(await VersionsAsync<PolicyEntry>(RecordKind.Policy, code, revision)),
        [_, "categories", var code, ..] => new Touched { Categories = { code } },
        _ => null,
    };

    private static Touched OfCertificate(IEnumerable<string> versions)
    {
        var touched = new Touched { Products = [] };
        foreach (var certificate in versions.Select(RecordJson.Read<CertificateEntry>))
        {
            touched.Schemes.Add(certificate.Scheme!);
            touched.Categories.UnionWith((certificate.Products ?? []).Select(p => p.Category).OfType<string>());
            touched.Products.UnionWith((certificate.Products ?? []).Select(p => p.Product).OfType<string>());
        }

        return touched;
    }

    private Touched OfSchemes(IEnumerable<string> codes)
    {
        var touched = new Touched();
        touched.Schemes.UnionWith(codes);
        touched.Categories.UnionWith(view.Registry.Standards.Values.Where(s => touched.Schemes.Contains(s.Entry.Scheme!)).Select(s => s.Entry.Category).OfType<string>());
        return touched;
    }

    private static Touched OfStandard(IEnumerable<StandardEntry> versions)
    {
        var touched = new Touched();
        foreach (var standard in versions)
        {
            touched.Schemes.Add(standard.Scheme!);
            touched.Cover(standard.Category is null ? null : [standard.Category]);
        }

        return touched;
    }

    private static Touched OfAgreement(string code, IEnumerable<AgreementEntry> versions)
    {
        var touched = new Touched { Agreements = { code } };
        foreach (var agreement in versions)
        {
            touched.Agreements.UnionWith((agreement.Texts ?? []).Select(t => t.Parent).OfType<string>());
            touched.Schemes.UnionWith(agreement.PartySchemes);
            touched.Schemes.UnionWith((agreement.Accessions ?? []).Select(a => a.Scheme!));
            foreach (var grant in (agreement.Texts ?? []).SelectMany(t => t.Grants ?? []).Concat((agreement.Accessions ?? []).SelectMany(a => a.Grants ?? [])))
            {
                touched.Schemes.UnionWith([grant.Recogniser!, grant.Recognised!]);
                touched.Cover(grant.Categories);
            }
        }

        return touched;
    }

    private static Touched OfPolicy(IEnumerable<PolicyEntry> versions)
    {
        var touched = new Touched();
        foreach (var line in versions.SelectMany(policy => policy.Accepts ?? []))
        {
            touched.Schemes.UnionWith(new[] { line.Scheme, line.RecognisedBy }.OfType<string>());
            touched.Cover(line.Categories);
        }

        return touched;
    }

    private async ValueTask<bool> ConcernsAsync(Touched touched, IReadOnlyList<string> categories)
    {
        if (touched.Register is { } register)
        {
            touched.Categories.UnionWith(await view.Db.QueryAsync<string>(RegisterCategories, new { register.Scheme, register.Revision }, view.Transaction));
        }

        return touched.CoversAll || categories.Any(wanted => touched.Categories.Any(other => IsAtOrAbove(wanted, other) || IsAtOrAbove(other, wanted)));
    }

    private bool IsAtOrAbove(string category, string? other)
    {
        for (; other is not null; other = view.Registry.Categories.GetValueOrDefault(other)?.Entry.Parent)
        {
            if (other == category)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<bool> ConcernsProductsAsync(Touched touched, ChangeFilter filter)
    {
        if (touched.Products is not null)
        {
            return filter.Products!.Any(touched.Products.Contains);
        }

        if (touched.Register is { } register)
        {
            var (products, parameters) = InList(filter.Products!);
            parameters.AddDynamicParams(new { register.Scheme, register.Revision });
            return await view.Db.ExecuteScalarAsync<long>(
                $"""
                select count(*) from product_line l
                join certificate c on c.id = l.certificate and c.recorded_from = @Revision
                where c.scheme = @Scheme and l.recorded_from <= @Revision and l.product in ({products})
                """,
                parameters,
                view.Transaction) > 0;
        }

        return (await SchemesOfAsync(filter)).Overlaps(touched.Schemes);
    }

    /// <summary>The schemes that have certified one of the products at any time.</summary>
    private async ValueTask<HashSet<string>> SchemesOfAsync(ChangeFilter filter)
    {
        if (!_schemesOf.TryGetValue(filter, out var schemes))
        {
            var (products, parameters) = InList(filter.Products!);
            _schemesOf[filter] = schemes = [.. await view.Db.QueryAsync<string>(
                $"""
                select distinct c.scheme from product_line l
                join certificate c on c.id = l.certificate
                where l.product in ({products})
                """,
                parameters,
                view.Transaction)];
        }

        return schemes;
    }

    // A list as one parameter is written differently for each engine; its names are made here and hold nothing from the outside.
    private static (string Names, DynamicParameters Parameters) InList(IReadOnlyList<string> values)
    {
        var parameters = new DynamicParameters();
        foreach (var (i, value) in values.Index())
        {
            parameters.Add(Name(i), value);
        }

        return (string.Join(", ", Enumerable.Range(0, values.Count).Select(i => "@" + Name(i))), parameters);

        static string Name(int i) => "Value" + i.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<IEnumerable<T>> VersionsAsync<T>(RecordKind kind, string code, long revision) =>
        (await DataAsync(RecordVersions, new { Kind = Code.Of(kind), Code = code, Revision = revision })).Select(RecordJson.Read<T>);

    private Task<IEnumerable<string>> DataAsync(string sql, object parameters) => view.Db.QueryAsync<string>(sql, parameters, view.Transaction);

    /// <summary>What an entry concerns.</summary>
    private sealed class Touched
    {
        public HashSet<string> Schemes { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Agreements { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Categories { get; } = new(StringComparer.Ordinal);

        /// <summary>True when a line without categories covers all there are.</summary>
        public bool CoversAll { get; private set; }

        /// <summary>The products themselves; null where products are concerned by way of their schemes.</summary>
        public HashSet<string>? Products { get; init; }

        /// <summary>The register whose rows are concerned.</summary>
        public (string Scheme, long Revision)? Register { get; init; }

        public void Cover(IReadOnlyList<string>? categories)
        {
            CoversAll |= categories is null or { Count: 0 };
            Categories.UnionWith(categories ?? []);
        }
    }
}
