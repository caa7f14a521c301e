using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.WebEncoders;

namespace EcoLabelRegistry.Pages;

/// <summary>The pages for people: their services, their files, their headers.</summary>
public static class ServePages
{
    /// <summary>Most fields of a form: an agreement of some hundred lines.</summary>
    private const int MostFields = 20_000;

    /// <summary>Where stylesheet and scripts are served.</summary>
    public const string Assets = "/assets";

    // Everything comes from here, nothing is inline, and nobody may show a page inside another.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly string[] ForPrograms = ["/v1", "/openapi", "/swagger", "/health", "/problems"];

    // Embedded, so that the published program serves them from any folder.
    private static readonly EmbeddedFileProvider Files = new(typeof(ServePages).Assembly, "wwwroot");

    private static readonly Dictionary<string, string> Versions = Files.GetDirectoryContents("").ToDictionary(
        file => file.Name,
        file =>
        {
            using var content = file.CreateReadStream();
            return Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));
        },
        StringComparer.Ordinal);

    /// <summary>Registers Razor Pages and what every page uses.</summary>
    public static WebApplicationBuilder AddPages(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRazorPages().AddMvcOptions(options => options.Filters.Add<Headers>());
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All)); // Chinese stays readable
        services.AddSingleton<Words>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SessionKeys>();
        services.AddSingleton<Uploads>();
        services.AddDataProtection().SetApplicationName(nameof(EcoLabelRegistry)); // the same on every server, whatever folder it runs in
        services.AddOptions<KeyManagementOptions>().Configure<SessionKeys>((options, keys) => options.XmlRepository = keys);
        services.Configure<AntiforgeryOptions>(options =>
        {
            options.Cookie.Name = "form";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true; // Headers says it more strictly
        });
        services.Configure<CookieTempDataProviderOptions>(options => options.Cookie.Name = WritingPage.Said);
        services.Configure<FormOptions>(options => options.ValueCountLimit = MostFields);
        return builder;
    }

    /// <summary>Serves stylesheet and scripts. An address with a version never changes its content.</summary>
    public static WebApplication UseAssets(this WebApplication app)
    {
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = Files,
            RequestPath = Assets,
            OnPrepareResponse = file =>
            {
                var headers = file.Context.Response.Headers;
                headers.CacheControl = file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
                headers.ContentSecurityPolicy = Policy; // a worker is bound by the policy that its script comes with, not by its page's
            },
        });
        return app;
    }

    /// <summary>Maps the pages. They are read by people, so that the contract for programs leaves them out.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapRazorPages().WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Post])).ExcludeFromDescription();
        DownloadEvidence.Map(app);
        Robots.Map(app);
    }

    /// <summary>Address of a file of <c>wwwroot</c>, with its version.</summary>
    public static string Asset(string file) => $"{Assets}/{file}?v={Versions[file]}";

    /// <summary>True when a person reads the answer: at a page, or where a browser asks for an address that nothing has.</summary>
    public static bool IsForPeople(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null
        || (!IsForPrograms(http.Request) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>True for the addresses of the contract and of operation.</summary>
    public static bool IsForPrograms(HttpRequest request) => ForPrograms.Any(path => request.Path.StartsWithSegments(path, StringComparison.Ordinal));

    /// <summary>The headers of a page in place of those of an answer for programs.</summary>
    public static void SetHeaders(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        response.Headers.CacheControl = "private, no-cache";
    }

    private sealed class Headers : IAlwaysRunResultFilter
    {
        public void OnResultExecuting(ResultExecutingContext context) => SetHeaders(context.HttpContext.Response);

        public void OnResultExecuted(ResultExecutedContext context)
        {
        }
    }
}
