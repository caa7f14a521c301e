using System.Text.Json;
using System.Xml.Linq;

namespace EcoLabelRegistry.Tests.Network;

[Collection(SqliteReference.Name)]
public sealed class SqliteShowNetwork(SqliteRegistry app) : ShowNetworkTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlShowNetwork(PostgreSqlRegistry app) : ShowNetworkTests(app);

public abstract class ShowNetworkTests(RegistryApp app)
{
    private const string Address = "/v1/network?category=it.imaging&asOf=2020-01-15";
    private static readonly XNamespace GraphMl = "http://graphml.graphdrawing.org/xmlns";

    [Fact]
    public async Task Every_scheme_is_a_node_and_every_grant_in_force_an_arrow_from_who_accepts_to_who_is_accepted()
    {
        var network = await app.GetAsync("/v1/network?asOf=2020-01-15");

        Assert.Equal((await app.GetAsync("/v1/schemes?limit=1000")).Items().Texts("code"), network.Texts("nodes", "code"));
        var edges = network.GetProperty("edges").EnumerateArray().ToList();
        var accepted = (await app.GetAsync("/v1/recognitions?limit=1000&asOf=2020-01-15")).Items();
        Assert.Equal(
            accepted.Select(r => $"{r.Text("agreement")}/{r.Text("grant")}").Order(StringComparer.Ordinal),
            edges.Where(e => e.Text("outcome") is not null).Select(e => $"{e.Text("agreement")}/{e.Text("grant")}").Order(StringComparer.Ordinal));
        Assert.Contains(edges, e => e.Text("level") == "framework" && e.Text("recogniser") == "cel" && e.Text("recognised") == "sgls");
        Assert.Contains(edges, e => e.Text("recogniser") == "green-seal" && e.Text("recognised") == "cel");
        Assert.DoesNotContain(edges, e => e.Text("recogniser") == "cel" && e.Text("recognised") == "green-seal");
    }

    [Fact]
    public async Task With_a_category_the_nodes_are_those_that_a_grant_for_it_connects()
    {
        var network = await app.GetAsync(Address);
        var edges = network.GetProperty("edges").EnumerateArray().ToList();

        Assert.Equal("it.imaging", network.Text("category"));
        Assert.Equal(edges.SelectMany(e => new[] { e.Text("recogniser"), e.Text("recognised") }).Distinct().Order(StringComparer.Ordinal), network.Texts("nodes", "code"));
        Assert.DoesNotContain("cel-ecomark-2005/cel-accepts-eco-mark-paints", edges.Select(e => $"{e.Text("agreement")}/{e.Text("grant")}"));
    }

    [Fact]
    public async Task As_GraphML_it_is_the_same_graph()
    {
        using var answer = await app.SendAsync(Address, "application/graphml+xml", "zh");
        var graph = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Element(GraphMl + "graph")!;
        var network = await app.GetAsync(Address);

        Assert.Equal("application/graphml+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("directed", (string?)graph.Attribute("edgedefault"));
        Assert.Equal(network.Texts("nodes", "code"), graph.Elements(GraphMl + "node").Select(n => (string?)n.Attribute("id")));
        Assert.Equal(
            Arrows(network), graph.Elements(GraphMl + "edge").Select(e => $"{(string?)e.Attribute("source")} > {(string?)e.Attribute("target")}: {Data(e, "level")}"));
        Assert.Equal("中国环境标志", Data(graph.Elements(GraphMl + "node").Single(n => (string?)n.Attribute("id") == "cel"), "name"));
        var keys = graph.Parent!.Elements(GraphMl + "key").Select(k => (string?)k.Attribute("id")).ToHashSet();
        Assert.All(graph.Descendants(GraphMl + "data"), data => Assert.Contains((string?)data.Attribute("key"), keys));
        Assert.All(graph.Elements(GraphMl + "edge"), edge => Assert.Matches("^[A-Za-z0-9.:_-]+$", (string?)edge.Attribute("id")));

        static string? Data(XElement element, string key) => (string?)element.Elements(GraphMl + "data").Single(d => (string?)d.Attribute("key") == key);
    }

    [Fact]
    public async Task As_a_Graphviz_text_it_is_the_same_graph()
    {
        using var answer = await app.SendAsync(Address, "text/vnd.graphviz");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/vnd.graphviz", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("digraph recognition {", text, StringComparison.Ordinal);
        Assert.Equal(
            Arrows(await app.GetAsync(Address)),
            text.Split('\n').Where(line => line.Contains("->", StringComparison.Ordinal)).Select(line => line.Split('"'))
                .Select(parts => $"{parts[1]} > {parts[3]}: {parts[5]}"));
    }

    [Fact]
    public async Task As_SVG_each_pair_is_an_arrow_that_leads_to_its_agreement_and_says_it_in_words()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Add("Accept", "image/svg+xml");
        using var answer = await app.Client.SendAsync(request);
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        var drawing = System.Xml.Linq.XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        Assert.Equal("svg", drawing.Name.LocalName);
        Assert.NotNull(drawing.Attribute("aria-label"));

        var edges = (await app.GetAsync(Address)).GetProperty("edges").EnumerateArray().ToList();
        var pairs = edges.Select(e => (e.GetProperty("recogniser").GetString(), e.GetProperty("recognised").GetString())).Distinct().Count();
        var arrows = drawing.Descendants().Where(e => e.Name.LocalName == "path" && e.Attribute("marker-end") is not null).Select(e => e.Parent!).ToList();
        Assert.Equal(pairs, arrows.Count);
        var agreements = edges.Select(e => $"/agreements/{e.GetProperty("agreement").GetString()}#{e.GetProperty("grant").GetString()}").ToHashSet(StringComparer.Ordinal);
        Assert.All(arrows, arrow =>
        {
            Assert.Contains(arrow.Attribute("href")!.Value, agreements);
            Assert.Contains(" recognises ", arrow.Attribute("aria-label")!.Value, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("image/png", 406)]
    [InlineData("application/graphml+xml;q=0.1, application/json", 200)]
    [InlineData("*/*", 200)]
    public async Task Another_form_is_refused_and_any_is_JSON(string accept, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await app.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Accept", answer.Headers.Vary);
    }

    private static IEnumerable<string> Arrows(JsonElement network) =>
        network.GetProperty("edges").EnumerateArray().Select(e => $"{e.Text("recogniser")} > {e.Text("recognised")}: {e.Text("level")}");
}
