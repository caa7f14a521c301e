using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>A party proposes another text; the form begins with the one in force.</summary>
public sealed class AmendModel(IMediator mediator, TimeProvider clock, Sessions sessions, ForeseeAct foresee) : AgreementTextPage(mediator, clock, sessions, foresee)
{
    public Task<IActionResult> OnGetAsync() => FirstLookAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (IsShaping)
        {
            return await AgainAsync(StatusCodes.Status200OK);
        }

        await base.ShowAsync(); // what the form began with
        Begin();
        var body = Members("parent", "effectiveFrom", "effectiveUntil", "notes");
        Set(
            body,
            ("title", ByLanguage("title", Begins?["title"])), ("grants", Grants()), ("reservations", Reservations()), ("sources", Sources()),
            ("sample", Begins?["sample"]?.DeepClone()));
        var amendment = ReadBody<AmendmentBody>(body);
        return await StepAsync(
            amendment?.Grants,
            caller => new AmendAgreement.Request(AgreementCode, amendment!, caller.Actor, Unchanged),
            made => (Places.Agreement(AgreementCode), SaidOf(made.Awaits)));
    }

    protected override async Task ShowAsync()
    {
        await base.ShowAsync();
        Begin();
        FindLines();
    }

    // The lines of accessions are the newcomers' own, and stay beside every text that was made without them.
    private void Begin() => Begins ??= Agreement!.Texts.FirstOrDefault(t => t.TextHash == Agreement.TextHash) is { } text
        ? (JsonObject)RecordJson.Node<AgreementTextEntry>(text)
        : null;
}
