using EcoLabelRegistry.Agreements;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>A scheme asks to become a party, with the lines between it and the others.</summary>
public sealed class AccedeModel(IMediator mediator, TimeProvider clock, Sessions sessions, ForeseeAct foresee) : AgreementTextPage(mediator, clock, sessions, foresee)
{
    /// <summary>The schemes that can accede.</summary>
    public IReadOnlyList<string> Newcomers => Acts.FirstOrDefault(a => a.Act == AgreementAct.Accede)?.Schemes ?? (Text("scheme") is { } named ? [named] : []);

    public Task<IActionResult> OnGetAsync() => FirstLookAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (IsShaping)
        {
            return await AgainAsync(StatusCodes.Status200OK);
        }

        var body = Members("scheme", "effective", "notes");
        body["grants"] = Grants();
        var accession = ReadBody<AccessionBody>(body);
        return await StepAsync(
            accession?.Grants,
            caller => new AccedeToAgreement.Request(AgreementCode, accession!, caller.Actor, Unchanged),
            made => (Places.Agreement(AgreementCode), SaidOf(made.Awaits)));
    }
}
