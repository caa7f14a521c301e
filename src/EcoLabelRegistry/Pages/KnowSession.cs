using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Schemes;
using MediatR;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace EcoLabelRegistry.Pages;

/// <summary>Tells a page who is signed in. It knows pages alone: <see cref="Authentication"/> goes by the header, whatever cookies come along.</summary>
public sealed class KnowSession(RequestDelegate next, Sessions sessions)
{
    public Task InvokeAsync(HttpContext http, IMediator mediator) =>
        http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null && http.Request.Cookies.ContainsKey(Sessions.Cookie)
            ? KnowAsync(http, mediator)
            : next(http);

    private async Task KnowAsync(HttpContext http, IMediator mediator)
    {
        if (await sessions.FindAsync(http) is { } caller)
        {
            await SignedIn.SetAsync(http, caller, mediator);
        }

        await next(http);
    }
}

/// <summary>Who is signed in at the pages.</summary>
/// <param name="Caller">As the API knows him.</param>
/// <param name="Names">Names of a label body by language.</param>
public sealed record SignedIn(Caller Caller, IReadOnlyDictionary<string, string>? Names = null)
{
    /// <summary>Who is signed in; null when nobody is.</summary>
    public static SignedIn? Of(HttpContext http) => http.Features.Get<SignedIn>();

    /// <summary>His own page; null where he has none.</summary>
    public string? Place => Caller.Actor.LabelBody is { } body ? Places.LabelBody(body) : null;

    /// <summary>His name.</summary>
    public string Name(Words words) => Caller.Actor switch
    {
        { LabelBody: { } body } => words.Name(Names, body),
        { Authority: { } authority } => authority,
        _ => words["session.registrar"],
    };

    /// <summary>What he may write.</summary>
    public string May(Words words) => Caller.Actor switch
    {
        { LabelBody: not null } => words["session.body-may"],
        { Authority: not null } => words["session.authority-may"],
        _ => words["session.registrar-may"],
    };

    /// <summary>Refuses (403) whoever may not write the register of a scheme.</summary>
    public void DemandRegister(GetScheme.Response scheme)
    {
        if (!Caller.Actor.IsRegistrar && (Caller.Actor.LabelBody is null || Caller.Actor.LabelBody != scheme.Body))
        {
            throw Refusal.Forbidden(Subjects.OfRegister(scheme.Code!));
        }
    }

    /// <summary>Remembers for the rest of the request who sent it.</summary>
    internal static async Task SetAsync(HttpContext http, Caller caller, IMediator mediator)
    {
        http.Features.Set(caller);
        http.Features.Set(new SignedIn(caller, caller.Actor.LabelBody is { } body ? await NamesAsync(body, mediator, http.RequestAborted) : null));
    }

    private static async Task<IReadOnlyDictionary<string, string>?> NamesAsync(string body, IMediator mediator, CancellationToken cancel)
    {
        try
        {
            return (await mediator.Send(new GetLabelBody.Request(body), cancel)).Value.Names;
        }
        catch (RefusalException none) when (none.ProblemCode == ProblemCode.NotFound)
        {
            return null; // an identity provider may name a body that is not on record (yet)
        }
    }
}
