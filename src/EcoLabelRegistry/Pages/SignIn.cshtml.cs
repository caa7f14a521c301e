using EcoLabelRegistry.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>Signs in: a label body, the registrar or an authority shows its API key.</summary>
public sealed class SignInModel(IMediator mediator, TimeProvider clock, Sessions sessions) : WritingPage(mediator, clock, sessions)
{
    /// <summary>Where he wanted to go; null for nowhere in particular.</summary>
    public string? To => Text("to") is { } to && Url.IsLocalUrl(to) ? to : null;

    public void OnGet()
    {
        // The form needs nothing of the registry.
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Text(KeyField) is not { } key)
        {
            Fault(KeyField, new Message("fault.required"));
            return await AgainAsync(StatusCodes.Status400BadRequest);
        }

        if (await BeginAsync(key) is not { } caller)
        {
            return await AgainAsync(StatusCodes.Status401Unauthorized);
        }

        Say(new Message("sign-in.done"));
        return LocalRedirect(To ?? (caller.Actor.LabelBody is { } body ? Places.LabelBody(body) : "/"));
    }

    protected override bool NeedsCaller => false;

    protected override Task ShowAsync() => Task.CompletedTask;
}
