using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Tests;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>Whatever a body writes comes out as text: no page runs it, no page takes it for its own markup.</summary>
public sealed class HostileTextTests(WritingBrowser browser) : IClassFixture<WritingBrowser>
{
    // Ends attributes, elements and the JSON-LD; draws an image and a link if anything takes it for markup.
    private const string Hostile = "\"'></script></title></textarea><script>window.hit=1</script><img src=x onerror=window.hit=1><a id=hit href=javascript:hit()>{{7*7}}";

    [Fact]
    public async Task Every_text_that_a_body_can_write_comes_out_as_text()
    {
        await WriteAsync("PUT", "/v1/categories/paint", Text("names"));
        await WriteAsync("PUT", "/v1/label-bodies/one", Text("names"), Text("website", "javascript:window.hit=1"));
        foreach (var scheme in new[] { "one", "two" })
        {
            await WriteAsync("PUT", "/v1/schemes/" + scheme, One("body", "one"), Text("names"), Text("website", "javascript:window.hit=1"), Text("notes", Hostile), Sources());
        }

        await WriteAsync(
            "PUT",
            "/v1/standards/one-1",
            One("scheme", "one"),
            One("number", Hostile),
            Text("titles"),
            One("category", "paint"),
            ("editions", new JsonArray(new JsonObject
            {
                ["edition"] = Hostile,
                ["effectiveFrom"] = "2020-01-01",
                ["criteriaCompleteness"] = "full",
                ["criteria"] = new JsonArray(new JsonObject
                {
                    ["ref"] = Hostile,
                    ["text"] = Hostile,
                    ["aspect"] = Hostile,
                    ["comparator"] = "at-most",
                    ["limit"] = 5,
                    ["unit"] = "g/L",
                    ["parameter"] = "voc",
                    ["basis"] = Hostile,
                    ["definition"] = Hostile,
                    ["method"] = Hostile,
                    ["appliesTo"] = Hostile,
                }),
            })));
        await WriteAsync(
            "POST",
            "/v1/certificates",
            One("scheme", "two"),
            One("number", Hostile),
            One("holder", Hostile),
            One("validFrom", "2020-01-01"),
            ("products", new JsonArray(new JsonObject { ["brand"] = Hostile, ["model"] = Hostile, ["category"] = "paint", ["names"] = new JsonObject { ["en"] = Hostile } })),
            Sources());
        await WriteAsync(
            "POST",
            "/v1/agreements",
            One("code", "both"),
            Text("title"),
            One("kind", "bilateral"),
            ("parties", new JsonArray("one", "two")),
            ("attested", true),
            One("signedOn", "2020-01-01"),
            One("notes", Hostile),
            ("signatories", new JsonArray(new JsonObject { ["name"] = Hostile, ["scheme"] = "one" })),
            ("grants", new JsonArray(new JsonObject
            {
                ["id"] = "g",
                ["recogniser"] = "one",
                ["recognised"] = "two",
                ["level"] = "common-criteria",
                ["conditions"] = new JsonArray(new JsonObject { ["code"] = "ask", ["message"] = new JsonObject { ["en"] = Hostile } }),
            })),
            Sources());
        await WriteAsync(
            "PUT",
            "/v1/policies/town",
            One("authority", Hostile),
            Text("names"),
            One("obligation", Hostile),
            One("legalBasis", Hostile),
            ("accepts", new JsonArray(new JsonObject { ["scheme"] = "two" })),
            Sources());

        var product = (await browser.GetAsync("/v1/products")).GetProperty("items")[0];
        var certificate = product.GetProperty("certificates")[0].GetProperty("id").GetString();
        var id = product.GetProperty("id").GetString();
        var filed = await browser.WriteAsync(
            "POST", "/v1/objections", new JsonObject { ["about"] = "/v1/certificates/" + certificate, ["text"] = Hostile, ["contact"] = Hostile }.ToJsonString());
        var objection = "/objections/" + filed.GetProperty("id").GetString();
        await WriteAsync("POST", "/v1" + objection + "/answer", One("text", Hostile));
        foreach (var address in new[]
        {
            "/objections", objection, "/objections/new?about=/certificates/" + certificate,
            "/", $"/check?recognisedBy=one&product={id}", $"/check?recognisedBy=town&product={id}", "/check?recognisedBy=one&what=script", "/tender?recognisedBy=one",
            "/labels", "/labels/one", "/recognition", "/compare?held=one-1&wanted=one-1", "/agreements", "/agreements/both", "/products/" + id,
            "/certificates/" + certificate, "/policies/town", "/standards/one-1", "/changes",
        })
        {
            await using var reader = await (await browser.ReaderAsync()).GoAsync(address);
            Assert.True(await reader.Page.EvaluateAsync<bool>("() => window.hit === undefined && !document.querySelector('#hit, img, a[href^=javascript]')"), address);
            Assert.DoesNotContain("49", await reader.Page.InnerTextAsync("h1"), StringComparison.Ordinal);
            Assert.Empty(reader.Wrongs);
        }

        // It was there to be shown, as text.
        await using var agreement = await (await browser.ReaderAsync()).GoAsync("/agreements/both");
        Assert.Contains(Hostile, await agreement.Page.InnerTextAsync("h1"), StringComparison.Ordinal);
        await using var shown = await (await browser.ReaderAsync()).GoAsync("/products/" + id);
        var linked = JsonNode.Parse(await shown.Page.TextContentAsync("script[type='application/ld+json']") ?? "")!;
        Assert.Equal($"{Hostile} {Hostile}", (string?)linked["name"]);
    }

    private static (string, JsonNode) One(string member, string value) => (member, value);

    private static (string, JsonNode) Text(string member, string? value = null) => (member, value is null ? new JsonObject { ["en"] = Hostile } : value);

    private static (string, JsonNode) Sources() =>
        ("sources", new JsonArray(new JsonObject { ["title"] = Hostile, ["address"] = "javascript:window.hit=1" }));

    private Task<JsonElement> WriteAsync(string method, string address, params (string Member, JsonNode Value)[] members) =>
        browser.WriteAsync(method, address, new JsonObject(members.Select(m => KeyValuePair.Create(m.Member, (JsonNode?)m.Value))).ToJsonString());
}
