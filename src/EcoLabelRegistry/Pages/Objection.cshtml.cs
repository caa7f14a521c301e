using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Objections;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One objection with its answer. Whose record it is about sees the contact, and answers here.</summary>
public sealed class ObjectionModel(IMediator mediator, TimeProvider clock, Sessions sessions) : WritingPage(mediator, clock, sessions)
{
    private bool _mayAnswer;

    public GetObjection.Response Objection { get; private set; } = null!;

    /// <summary>What it is about.</summary>
    public NamedRecord Record { get; private set; } = null!;

    /// <summary>True for who may answer, while there is no answer; and for whose session ended while he wrote one.</summary>
    public bool ShowsForm => AsksForKey || (_mayAnswer && (Objection.Answer is null || Faults.Count > 0));

    private string Id => Route("id");

    public Task OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync() => WriteAsync(
        caller => new AnswerObjection.Request(Id, new AnswerObjection.NewAnswer(Text("text")), caller.Actor),
        _ => (Places.Objection(Id), new Message("objections.answered")));

    protected override async Task ShowAsync()
    {
        var reader = SignedIn?.Caller.Actor ?? Actor.Anyone;
        Objection = (await AskAsync(new GetObjection.Request(Id, null, reader))).Value;
        Record = await NameAsync(Objection.About);
        _mayAnswer = await AskAsync(new MayAnswer.Request(Objection.About, reader));
    }
}
