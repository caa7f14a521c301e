using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>A party suspends, resumes, leaves, ends or contests an agreement.</summary>
public sealed class EventModel(IMediator mediator, TimeProvider clock, Sessions sessions, ForeseeAct foresee) : ForeseeingPage(mediator, clock, sessions, foresee)
{
    /// <summary>What is done.</summary>
    public AgreementAct Act => Code.TryParse<AgreementAct>(Route("act"), out var act) ? act : throw new InvalidOperationException("The address allows acts alone.");

    /// <summary>The schemes for which it can be done.</summary>
    public IReadOnlyList<string> Parties => Acts.FirstOrDefault(a => a.Act == Act)?.Schemes ?? [];

    /// <summary>The day that stands in the field at first.</summary>
    public string Proposed => new AsOf(Today).ToString();

    public Task<IActionResult> OnGetAsync() => FirstLookAsync();

    public Task<IActionResult> OnPostAsync()
    {
        var happened = new AgreementEventBody(TypeOf(Act), Value<PartialDate>("effective"), Text("reason"), Text("party"));
        return StepAsync(
            caller => new RecordAgreementEvent.Request(AgreementCode, happened, caller.Actor, Unchanged),
            _ => (Places.Agreement(AgreementCode), new Message("act.done", Words.Of(Happened(Act)), Words.Date(happened.Effective!.Value))));
    }

    private static HappeningType Happened(AgreementAct act) => act switch
    {
        AgreementAct.Suspend => HappeningType.Suspended,
        AgreementAct.Resume => HappeningType.Resumed,
        AgreementAct.Withdraw => HappeningType.Withdrawn,
        AgreementAct.Terminate => HappeningType.Terminated,
        AgreementAct.Contest => HappeningType.Contested,
        AgreementAct.Sign or AgreementAct.Amend or AgreementAct.Accede => throw new ArgumentOutOfRangeException(nameof(act), act, "It has a page of its own."),
    };

    private static AgreementEventType TypeOf(AgreementAct act) => act switch
    {
        AgreementAct.Suspend => AgreementEventType.Suspended,
        AgreementAct.Resume => AgreementEventType.Resumed,
        AgreementAct.Withdraw => AgreementEventType.Withdrawn,
        AgreementAct.Terminate => AgreementEventType.Terminated,
        AgreementAct.Contest => AgreementEventType.Contested,
        AgreementAct.Sign or AgreementAct.Amend or AgreementAct.Accede => throw new ArgumentOutOfRangeException(nameof(act), act, "It has a page of its own."),
    };
}
