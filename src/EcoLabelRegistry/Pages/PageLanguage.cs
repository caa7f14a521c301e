using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Pages;

/// <summary>The language that a reader of the pages chose with the switch: <c>?lang=</c>, kept in a cookie.</summary>
public static class PageLanguage
{
    /// <summary>The field of an address that chooses the language.</summary>
    public const string Name = "lang";

    /// <summary>The language chosen; null when none is, and for the addresses of programs, which go by <c>Accept-Language</c> alone.</summary>
    public static Language? Chosen(HttpContext http)
    {
        if (ServePages.IsForPrograms(http.Request))
        {
            return null;
        }

        http.Response.Headers.Append("Vary", "Cookie");
        if (http.Request.Query[Name] is [{ } asked] && Language.TryRead(asked, out var language, out _))
        {
            http.Response.Cookies.Append(Name, language.Tag, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
                IsEssential = true,
            });
            return language;
        }

        return http.Request.Cookies[Name] is { } kept && Language.TryRead(kept, out language, out _) ? language : null;
    }

    /// <summary>The same place in another language.</summary>
    public static string Switch(HttpRequest request, Language language) =>
        request.PathBase + request.Path + QueryString.Create(
            request.Query.Where(p => p.Key != Name).SelectMany(p => p.Value, (p, value) => KeyValuePair.Create(p.Key, value)).Append(new(Name, language.Tag)));
}
