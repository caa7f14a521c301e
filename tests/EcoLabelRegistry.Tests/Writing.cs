using System.Text;
using System.Text.Json;
using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests;

/// <summary>Writes over HTTP, with a key, as a label body would.</summary>
public static class Writing
{
    /// <summary>The registrar's key in every registry of the tests, from configuration.</summary>
    public const string RegistrarKey = "the-registrar-of-the-tests-holds-this-key";

    /// <summary>Sends a request; the body is JSON, or nothing.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient http, string method, string address, string? json, string? key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + key);
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = new(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await http.SendAsync(request);
    }

    /// <summary>Writes, and demands that it is done.</summary>
    /// <returns>The answer.</returns>
    public static async Task<JsonElement> WriteAsync(this RegistryApp app, string method, string address, string? json, string key = RegistrarKey)
    {
        using var response = await app.Client.SendAsync(method, address, json, key);
        Assert.True(response.IsSuccessStatusCode, $"{method} {address}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.JsonAsync();
    }

    /// <summary>Tries to write, and demands that it is refused with this code.</summary>
    /// <returns>The problem.</returns>
    public static async Task<JsonElement> RefusedAsync(
        this RegistryApp app, string method, string address, string? json, string? key, string code, params (string Name, string Value)[] headers)
    {
        using var response = await app.Client.SendAsync(method, address, json, key, headers);
        return await response.ProblemAsync(code);
    }

    /// <summary>Makes a key for a label body.</summary>
    public static async Task<string> KeyOfAsync(this RegistryApp app, string body) =>
        (await app.WriteAsync("POST", $"/v1/label-bodies/{body}/keys", """{ "name": "for a test" }""")).GetProperty("key").GetString()!;

    /// <summary>A body with a scheme of the same code, and its key.</summary>
    public static async Task<string> SchemeAsync(this RegistryApp app, string code)
    {
        await app.WriteAsync("PUT", $"/v1/label-bodies/{code}", $$"""{ "names": { "en": "{{code}}" } }""");
        await app.WriteAsync("PUT", $"/v1/schemes/{code}", $$"""{ "body": "{{code}}", "names": { "en": "{{code}}" } }""");
        return await app.KeyOfAsync(code);
    }
}
