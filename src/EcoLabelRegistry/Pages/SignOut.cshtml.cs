using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace EcoLabelRegistry.Pages;

/// <summary>Signs out. The key stays what it is; only this browser forgets it.</summary>
public sealed class SignOutModel(IMediator mediator, TimeProvider clock, Sessions sessions) : WritingPage(mediator, clock, sessions)
{
    /// <inheritdoc />
    public override Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next) =>
        RateLimits.RefusalOf(HttpContext) is { } refusal ? throw refusal : base.OnPageHandlerExecutionAsync(context, next); // nothing was typed

    public IActionResult OnGet() => LocalRedirect("/sign-in");

    public IActionResult OnPost()
    {
        Sessions.End(HttpContext);
        Say(new Message("sign-in.ended"));
        return LocalRedirect("/");
    }

    protected override Task ShowAsync() => Task.CompletedTask;
}
