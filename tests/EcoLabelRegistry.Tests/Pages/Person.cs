using System.Net;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Tests.Pages;

/// <summary>Somebody at the pages, with cookies of his own. He follows no redirect by himself.</summary>
public sealed partial class Person : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;

    public Person(RegistryApp app)
    {
        var address = app.Client.BaseAddress!;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = false }) { BaseAddress = address };
        _http.DefaultRequestHeaders.Add("Accept", "text/html");
    }

    /// <summary>True for a browser that sends a form from a page of the service.</summary>
    public bool FromHere { get; set; }

    /// <summary>Signs in, and demands that it is done.</summary>
    public async Task<HttpResponseMessage> SignInAsync(string key)
    {
        var answer = await SendAsync("/sign-in", "/sign-in", ("key", key));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.True(Has("session"));
        return answer;
    }

    /// <summary>The page at an address.</summary>
    public async Task<string> ReadAsync(string address)
    {
        using var answer = await _http.GetAsync(address);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Sends a form.</summary>
    /// <param name="page">The page whose token goes with it; null for none.</param>
    /// <param name="address">Where to.</param>
    /// <param name="fields">The fields.</param>
    public async Task<HttpResponseMessage> SendAsync(string? page, string address, params (string Name, string Value)[] fields)
    {
        var all = fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).ToList();
        if (page is not null)
        {
            all.Add(new("__RequestVerificationToken", TokenIn(await ReadAsync(page))));
        }

        return await RequestAsync("POST", address, new FormUrlEncodedContent(all));
    }

    /// <summary>Sends anything.</summary>
    public async Task<HttpResponseMessage> RequestAsync(string method, string address, HttpContent? content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address) { Content = content };
        if (FromHere)
        {
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
        }

        return await _http.SendAsync(request);
    }

    /// <summary>True while he has a cookie.</summary>
    public bool Has(string cookie) => _cookies.GetCookies(_http.BaseAddress!)[cookie] is { Value.Length: > 0 };

    /// <summary>Takes a cookie.</summary>
    public void Take(string cookie, string value) => _cookies.Add(new Cookie(cookie, value, "/", _http.BaseAddress!.Host));

    /// <summary>The token of the first form of a page.</summary>
    public static string TokenIn(string page) => Token().Match(page).Groups["token"].Value is { Length: > 0 } token ? token : throw new InvalidOperationException("No form of the page has a token.");

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
