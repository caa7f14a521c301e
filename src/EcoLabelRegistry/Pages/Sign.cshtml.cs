using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>A party reads a text, or an accession, and signs it.</summary>
public sealed class SignModel(IMediator mediator, TimeProvider clock, Sessions sessions, ForeseeAct foresee) : ForeseeingPage(mediator, clock, sessions, foresee)
{
    /// <summary>What is signed.</summary>
    public ISignedDocument Document { get; private set; } = null!;

    /// <summary>The text that it changes; null for a first one, and for an accession.</summary>
    public AgreementTextEntry? Before { get; private set; }

    /// <summary>Its directed lines.</summary>
    public IReadOnlyList<GrantEntry> Grants => (Document as AgreementTextEntry)?.Grants ?? (Document as AccessionEntry)?.Grants ?? [];

    /// <summary>The schemes for which whoever is signed in signs it.</summary>
    public IReadOnlyList<string> Signers => Acts.FirstOrDefault(a => a.TextHash == Document.TextHash)?.Schemes ?? [];

    /// <inheritdoc />
    protected override bool HasFields => false;

    private string Hash => Text("text") ?? "";

    public async Task<IActionResult> OnGetAsync()
    {
        var page = await FirstLookAsync();
        if (SignedIn is { } who && Signers.Count > 0)
        {
            await LookAheadAsync(new SignAgreement.Request(AgreementCode, Hash, who.Caller.Actor));
        }

        return page;
    }

    public Task<IActionResult> OnPostAsync() => StepAsync(
        caller => new SignAgreement.Request(AgreementCode, Hash, caller.Actor, Unchanged),
        signed => (Places.Agreement(AgreementCode), signed.Awaits.Count == 0 ? new Message("act.signed-by-all") : new Message("act.signed", Names(signed.Awaits, Words))));

    protected override async Task ShowAsync()
    {
        await base.ShowAsync();
        Document = Agreement!.Texts.Concat<ISignedDocument>(Agreement.Accessions).FirstOrDefault(d => d.TextHash == Hash)
            ?? throw Refusal.NotPossible("text", new Message("fault.no-such-text"));
        Before = Agreement.Texts.TakeWhile(t => t.TextHash != Hash).LastOrDefault() is { } before && Document is AgreementTextEntry ? before : null;
        if (Before is not null)
        {
            await ReadTitlesAsync();
        }
    }

    /// <summary>The document as it is recorded.</summary>
    public string Json => RecordJson.Indented(Document);
}
