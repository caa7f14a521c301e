using System.Globalization;
using System.Text;
using System.Xml;
using Dapper;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Pages;

/// <summary>What search engines read first: <c>/robots.txt</c>, and <c>/sitemap.xml</c>, which names the lists of pages.</summary>
/// <remarks>
/// One list has the records that are some hundreds; products and certificates are listed a stretch at a time, so that no answer grows with the registry. All lie at the root, since a
/// list speaks for what lies below its own address alone (https://www.sitemaps.org/protocol.html).
/// </remarks>
public static class Robots
{
    /// <summary>Addresses of a list; the protocol allows 50,000.</summary>
    public const int Stretch = 10_000;

    /// <summary>Most lists of one kind: what is beyond is found by whoever asks for it.</summary>
    public const int MostStretches = 100;

    private const string Space = "http://www.sitemaps.org/schemas/sitemap/0.9";

    private const string Certificates = """
        select id from certificate
        where recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)
        """;

    private const string Products = """
        select distinct product from product_line
        where recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)
        """;

    private static readonly string[] Places =
        ["/", "/list", "/tender", "/labels", "/label-bodies", "/certificates", "/policies", "/recognition", "/agreements", "/compare", "/objections", "/changes"];

    private static readonly (string Kind, string Sql, string InOrder, Func<string, string> Place)[] Lists =
    [
        ("products", Products, "\norder by product limit @Limit offset @Offset", Pages.Places.Product),
        ("certificates", Certificates, "\norder by id limit @Limit offset @Offset", Pages.Places.Certificate),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/robots.txt", (HttpRequest request) =>
            Results.Text($"User-agent: *\nDisallow: /check\nDisallow: /sign-in\nDisallow: /objections/new\nDisallow: /my-register\nDisallow: /v1/\nSitemap: {Site(request)}/sitemap.xml\n")).ExcludeFromDescription();
        routes.MapGet("/sitemap.xml", async (HttpRequest request, Registries registries, CancellationToken cancel) =>
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            var lists = new List<string> { "/sitemap-records.xml" };
            foreach (var (kind, sql, _, _) in Lists)
            {
                var count = await reading.Db.ExecuteScalarAsync<long>(
                    $"select count(*) from ({sql} limit @Most) as held", new { reading.Revision, Most = (long)Stretch * MostStretches }, reading.Transaction);
                lists.AddRange(Enumerable.Range(1, (int)((count + Stretch - 1) / Stretch)).Select(n => string.Create(CultureInfo.InvariantCulture, $"/sitemap-{kind}-{n}.xml")));
            }

            return Written("sitemapindex", "sitemap", Site(request), lists);
        }).ExcludeFromDescription();
        routes.MapGet("/sitemap-records.xml", async (HttpRequest request, Registries registries, CancellationToken cancel) =>
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            return Written("urlset", "url", Site(request), Records(reading.Registry));
        }).ExcludeFromDescription();
        foreach (var (kind, sql, inOrder, place) in Lists)
        {
            routes.MapGet($"/sitemap-{kind}-{{n:int:range(1,{MostStretches})}}.xml", async (int n, HttpRequest request, Registries registries, CancellationToken cancel) =>
            {
                await using var reading = await registries.ReadAsync(null, cancel);
                var ids = await reading.Db.QueryAsync<string>(
                    sql + inOrder, new { reading.Revision, Limit = (long)Stretch, Offset = (long)(n - 1) * Stretch }, reading.Transaction);
                return Written("urlset", "url", Site(request), ids.Select(place));
            }).ExcludeFromDescription();
        }
    }

    private static string Site(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}";

    private static IEnumerable<string> Records(RegistryAt registry) => Places
        .Concat(registry.Schemes.Keys.Select(Pages.Places.Label))
        .Concat(registry.LabelBodies.Keys.Select(Pages.Places.LabelBody))
        .Concat(registry.Agreements.Keys.Select(Pages.Places.Agreement))
        .Concat(registry.Policies.Keys.Select(Pages.Places.Policy))
        .Concat(registry.Standards.Keys.Select(Pages.Places.Standard));

    private static IResult Written(string all, string each, string site, IEnumerable<string> addresses)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement(all, Space);
            foreach (var address in addresses)
            {
                xml.WriteStartElement(each, Space);
                xml.WriteElementString("loc", Space, site + address);
                xml.WriteEndElement();
            }
        }

        return Results.Text(text.ToString(), "application/xml", Encoding.UTF8);
    }
}
