using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace EcoLabelRegistry.Pages;

/// <summary>A refusal as a person reads it: the page in the place of a problem document.</summary>
public static class ProblemPage
{
    /// <summary>Name under which the page finds from when on the same can be asked again.</summary>
    public const string AgainFrom = "AgainFrom";

    /// <summary>Writes the page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="wait">How long until it can be asked again; null where that is not known.</param>
    public static Task WriteAsync(HttpContext http, ProblemDocument problem, TimeSpan? wait)
    {
        ServePages.SetHeaders(http.Response);
        http.Response.Headers.CacheControl = "no-store";
        var said = new ViewDataDictionary<ProblemDocument>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = problem };
        said[AgainFrom] = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + wait;
        var page = new ViewResult { ViewName = "/Pages/Problem.cshtml", StatusCode = problem.Status, ViewData = said };
        return page.ExecuteResultAsync(new ActionContext(http, new RouteData(), new ActionDescriptor()));
    }
}
