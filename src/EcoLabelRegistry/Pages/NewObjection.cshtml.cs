using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Objections;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>Anybody objects to a record. No key is needed; whoever is signed in is named.</summary>
public sealed class NewObjectionModel(IMediator mediator, TimeProvider clock, Sessions sessions) : WritingPage(mediator, clock, sessions)
{
    private const int MostOthers = 10;

    /// <summary>Address of the record in the contract, whatever was copied.</summary>
    public string? About => Places.ToProgram(Text("about"));

    /// <summary>The record; null while none is named.</summary>
    public NamedRecord? Record { get; private set; }

    /// <summary>The first of those who said something about it already.</summary>
    public ObjectionsView? Others { get; private set; }

    public Task OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync()
    {
        var objection = new FileObjection.NewObjection(About, Text("text"), Text("contact"));
        return SendAsync(
            new FileObjection.Request(objection, new Visitor(SignedIn?.Caller, RateLimits.Client(HttpContext))),
            filed => (Places.Objection(filed.Id), new Message("objections.filed")));
    }

    protected override bool NeedsCaller => false;

    protected override async Task ShowAsync()
    {
        if (About is not { } about || about.Length > Limits.Line)
        {
            return;
        }

        Record = await NameAsync(about);
        if (Record.Kind is null)
        {
            Fault("about", new Message("objections.no-record"));
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return;
        }

        var others = await AskAsync(new ListObjections.Request(new(Stretch(MostOthers), about), Actor.Anyone));
        Others = new(about, [.. others.Items.Select(ObjectionsView.Beside)], others.Next is not null);
    }
}
