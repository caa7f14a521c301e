using System.Net.Http.Headers;
using System.Text.Json;

namespace EcoLabelRegistry.Tests;

/// <summary>Short ways to look into an answer.</summary>
internal static class Answers
{
    /// <summary>The rows of a page.</summary>
    public static List<JsonElement> Items(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    /// <summary>The text of a member; null when it is null.</summary>
    public static string? Text(this JsonElement element, string member) => element.GetProperty(member).GetString();

    /// <summary>The same member of each element of a list.</summary>
    public static List<string?> Texts(this IEnumerable<JsonElement> elements, string member) => [.. elements.Select(e => e.Text(member))];

    /// <summary>The same member of each element of a list in a member.</summary>
    public static List<string?> Texts(this JsonElement element, string list, string member) => element.GetProperty(list).EnumerateArray().Texts(member);

    /// <summary>An answer in the form asked for.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this RegistryApp app, string address, string accept, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        request.Headers.AcceptLanguage.ParseAdd(language);
        return await app.Client.SendAsync(request);
    }
}
