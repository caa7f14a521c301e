using System.Globalization;
using EcoLabelRegistry.Pages;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EcoLabelRegistry.Http;

/// <summary>What every address of the service has in common: one line in <c>Program.cs</c> for its services, one for its order.</summary>
public static class Foundation
{
    /// <summary>Registers problem documents, the mediator, settings, health, telemetry and JSON.</summary>
    public static WebApplicationBuilder AddHttp(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => RegistryOptions.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(TimeProvider.System);
        services.TryAddSingleton<CurrentRevision>(_ => (_, _) => ValueTask.FromResult(0L));
        services.AddMediation(typeof(Foundation).Assembly);
        CultureInfo.DefaultThreadCurrentUICulture = Language.English.Culture; // so that most requests need not set theirs
        services.AddHealthChecks();
        services.AddOpenApi();
        services.AddHostedService<Telemetry>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // one place makes problem documents of all failures
        services.Configure<RouteOptions>(options => options.SuppressCheckForUnhandledSecurityMetadata = true);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>Sets the order in which a request is judged: headers and language, problems, revision, address, key, media type, parameters.</summary>
    /// <param name="app">The application.</param>
    /// <param name="authenticate">Adds what tells who sends a request: once the address is known, before anything of its content is judged.</param>
    public static WebApplication UseHttp(this WebApplication app, Action<IApplicationBuilder>? authenticate = null)
    {
        app.Use(PrepareAsync);
        app.UseMiddleware<Problems>();
        app.UseMiddleware<Revisions>();
        app.UseAssets();
        app.UseOpenApi();
        app.UseRouting();
        authenticate?.Invoke(app);
        app.Use(JudgeAsync);
        return app;
    }

    /// <summary>The group of the contract's addresses: <c>/v1</c>. A slice maps itself here.</summary>
    public static RouteGroupBuilder MapV1(this IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup("/v1");
        ((IEndpointConventionBuilder)v1).Finally(endpoint =>
        {
            if (!endpoint.Metadata.OfType<ParametersMetadata>().Any())
            {
                endpoint.Metadata.Add(new NoParameters());
            }
        });
        return v1;
    }

    private static Task PrepareAsync(HttpContext http, RequestDelegate next)
    {
        // Kestrel sends no body for HEAD whatever is written, so that a HEAD is a GET all the way down.
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
            http.Features.Set(new HeadersAlone());
        }

        var language = PageLanguage.Chosen(http) ?? Language.Preferred(http.Request.Headers.AcceptLanguage);
        if (!CultureInfo.CurrentUICulture.Equals(language.Culture))
        {
            CultureInfo.CurrentUICulture = language.Culture;
        }

        var headers = http.Response.Headers;
        headers.ContentLanguage = language.Tag;
        headers.Append("Vary", "Accept-Language");
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        return next(http);
    }

    // The media type is judged before any parameter, as the contract has it; the body itself after them.
    private static Task JudgeAsync(HttpContext http, RequestDelegate next)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        if (!HttpMethods.IsGet(http.Request.Method) && metadata?.GetMetadata<BodyMetadata>() is { } body)
        {
            body.Demand(http.Request);
        }

        if (http.Request.QueryString.HasValue && metadata?.GetMetadata<NoParameters>() is not null)
        {
            ParameterList.None.Read(http.Request);
        }

        return next(http);
    }

    /// <summary>True for a request whose answer is its headers: one that never ends by itself would never come.</summary>
    public static bool WantsHeadersAlone(this HttpContext http) => http.Features.Get<HeadersAlone>() is not null;

    /// <summary>Marks a request that came as a HEAD.</summary>
    private sealed class HeadersAlone;

    /// <summary>Marks an address that takes no query parameters, so that one given to it is refused and not dropped.</summary>
    private sealed class NoParameters;
}
