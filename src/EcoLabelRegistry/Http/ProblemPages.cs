using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;

namespace EcoLabelRegistry.Http;

/// <summary>The pages that explain each problem to a person: what it means and what to do. The <c>type</c> of a problem document leads here.</summary>
public static class ProblemPages
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{font:1rem/1.6 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem;line-height:1.3}code{font-size:.95em}nav{display:flex;gap:1rem}dt{font-weight:600;margin-top:1rem}dd{margin:0}
        """;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"
        + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style))) + "'";

    /// <summary>Maps the pages. They are read by people, so that the contract for programs leaves them out.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/problems", (Parameters<IndexQuery> parameters) => Index(parameters.Value.Lang ?? Language.Current)).ExcludeFromDescription();
        routes.MapGet("/problems/{code}", (Parameters<PageQuery> parameters) => Code.TryParse<ProblemCode>(parameters.Value.Code, out var code)
            ? Page(code, parameters.Value.Lang ?? Language.Current)
            : throw Refusal.NotFound(Thing.Problem, parameters.Value.Code)).ExcludeFromDescription();
    }

    private static HtmlReply Index(Language language)
    {
        var list = new StringBuilder("<dl>");
        foreach (var code in Enum.GetValues<ProblemCode>())
        {
            list.Append(CultureInfo.InvariantCulture, $"""
                <dt>{Html.Encode(Texts.Of(code, language))}</dt>
                <dd><a href="/problems/{Code.Of(code)}?lang={language.Tag}"><code>{Code.Of(code)}</code></a> · HTTP {code.Status()}</dd>
                """);
        }

        return Render(language, "/problems", Texts.Of("problem-page.index", language), list.Append("</dl>").ToString());
    }

    private static HtmlReply Page(ProblemCode code, Language language)
    {
        var explanation = Texts.Of(Texts.Key(code) + ".explanation", language);
        return Render(language, "/problems/" + Code.Of(code), Texts.Of(code, language), $"""
            <p><code>{Code.Of(code)}</code> · HTTP {code.Status().ToString(CultureInfo.InvariantCulture)}</p>
            <p>{Html.Encode(explanation)}</p>
            <p><a href="/problems?lang={language.Tag}">{Html.Encode(Texts.Of("problem-page.index", language))}</a></p>
            """);
    }

    private static HtmlReply Render(Language language, string address, string title, string content) => new(language, $"""
        <!DOCTYPE html>
        <html lang="{language.Tag}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Html.Encode(title)}</title>
        <style>{Style}</style>
        </head>
        <body>
        <nav><a href="{address}?lang=en" lang="en" hreflang="en">English</a> <a href="{address}?lang=zh-Hans" lang="zh-Hans" hreflang="zh-Hans">简体中文</a></nav>
        <main>
        <h1>{Html.Encode(title)}</h1>
        {content}
        </main>
        </body>
        </html>

        """);

    /// <param name="Lang">The language of the page; without it, that of <c>Accept-Language</c>.</param>
    public sealed record IndexQuery(Language? Lang);

    /// <param name="Code">The problem's code.</param>
    /// <param name="Lang">The language of the page; without it, that of <c>Accept-Language</c>.</param>
    public sealed record PageQuery(string Code, Language? Lang);

    private sealed class HtmlReply(Language language, string page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.ContentLanguage = language.Tag;
            response.Headers.ContentSecurityPolicy = Policy;
            return response.WriteAsync(page, httpContext.RequestAborted);
        }
    }
}
