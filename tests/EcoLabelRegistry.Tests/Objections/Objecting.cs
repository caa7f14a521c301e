using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Objections;

/// <summary>Objects over HTTP, as anybody would.</summary>
internal static class Objecting
{
    /// <summary>Files an objection, without a key unless one is given, and demands that it is done.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> ObjectAsync(this RegistryApp app, string about, string text = "It is wrong.", string? contact = null, string? key = null)
    {
        using var response = await app.Client.SendAsync("POST", "/v1/objections", Body(about, text, contact), key);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.JsonAsync()).Text("id")!;
    }

    /// <summary>What is sent.</summary>
    public static string Body(string? about, string? text, string? contact = null) =>
        new JsonObject { ["about"] = about, ["text"] = text, ["contact"] = contact }.ToJsonString();

    /// <summary>What is at an address, for who shows a key.</summary>
    public static async Task<JsonElement> SeenAsync(this RegistryApp app, string address, string? key, params (string Name, string Value)[] headers)
    {
        using var response = await app.Client.SendAsync("GET", address, null, key, headers);
        return await response.JsonAsync();
    }

    /// <summary>A certificate of the scheme, and its address.</summary>
    public static async Task<string> CertificateAsync(this RegistryApp app, string scheme, string number, string product = "") =>
        "/v1/certificates/" + (await app.WriteAsync(
            "POST", "/v1/certificates", $$"""{ "scheme": "{{scheme}}", "number": "{{number}}", "validFrom": "2024-01-01", "products": [{{product}}] }""")).Text("id");
}
