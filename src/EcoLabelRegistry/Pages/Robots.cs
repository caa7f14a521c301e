using System.Text;
using System.Xml;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Pages;

/// <summary>What search engines read first: <c>/robots.txt</c> and <c>/sitemap.xml</c>.</summary>
public static class Robots
{
    private const string Space = "http://www.sitemaps.org/schemas/sitemap/0.9";

    // A sitemap has at most 50,000 addresses (https://www.sitemaps.org/protocol.html); labels, agreements and standards are some hundreds.
    private static readonly string[] Places = ["/", "/tender", "/labels", "/recognition", "/agreements", "/compare", "/objections", "/changes"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/robots.txt", (HttpRequest request) =>
            Results.Text($"User-agent: *\nDisallow: /check\nDisallow: /sign-in\nDisallow: /objections/new\nDisallow: /my-register\nDisallow: /v1/\nSitemap: {Site(request)}/sitemap.xml\n")).ExcludeFromDescription();
        routes.MapGet("/sitemap.xml", async (HttpRequest request, Registries registries, CancellationToken cancel) =>
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            return Results.Text(Map(Site(request), reading.Registry), "application/xml", Encoding.UTF8);
        }).ExcludeFromDescription();
    }

    private static string Site(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}";

    private static string Map(string site, RegistryAt registry)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("urlset", Space);
            foreach (var address in Places
                .Concat(registry.Schemes.Keys.Select(code => "/labels/" + Uri.EscapeDataString(code)))
                .Concat(registry.LabelBodies.Keys.Select(Pages.Places.LabelBody))
                .Concat(registry.Agreements.Keys.Select(code => "/agreements/" + Uri.EscapeDataString(code)))
                .Concat(registry.Policies.Keys.Select(code => "/policies/" + Uri.EscapeDataString(code)))
                .Concat(registry.Standards.Keys.Select(id => "/standards/" + Uri.EscapeDataString(id))))
            {
                xml.WriteStartElement("url", Space);
                xml.WriteElementString("loc", Space, site + address);
                xml.WriteEndElement();
            }
        }

        return text.ToString();
    }
}
