using EcoLabelRegistry.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>Signs out. The key stays what it is; only this browser forgets it.</summary>
public sealed class SignOutModel(IMediator mediator, TimeProvider clock, Sessions sessions) : WritingPage(mediator, clock, sessions)
{
    public IActionResult OnGet() => LocalRedirect("/sign-in");

    public IActionResult OnPost()
    {
        Sessions.End(HttpContext);
        Say(new Message("sign-in.ended"));
        return LocalRedirect("/");
    }

    protected override Task ShowAsync() => Task.CompletedTask;
}
