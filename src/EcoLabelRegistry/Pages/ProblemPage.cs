using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace EcoLabelRegistry.Pages;

/// <summary>A refusal as a person reads it: the page in the place of a problem document.</summary>
public static class ProblemPage
{
    /// <summary>Writes the page.</summary>
    public static Task WriteAsync(HttpContext http, ProblemDocument problem)
    {
        ServePages.SetHeaders(http.Response);
        http.Response.Headers.CacheControl = "no-store";
        var page = new ViewResult
        {
            ViewName = "/Pages/Problem.cshtml",
            StatusCode = problem.Status,
            ViewData = new ViewDataDictionary<ProblemDocument>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = problem },
        };
        return page.ExecuteResultAsync(new ActionContext(http, new RouteData(), new ActionDescriptor()));
    }
}
