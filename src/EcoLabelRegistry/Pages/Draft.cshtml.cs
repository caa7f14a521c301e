using System.Globalization;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>A label body drafts an agreement, looks at it, and proposes it; the registrar attests a historical one from its sources.</summary>
public sealed class DraftModel(IMediator mediator, TimeProvider clock, Sessions sessions, ForeseeAct foresee) : AgreementTextPage(mediator, clock, sessions, foresee)
{
    private const int MostParties = 200;

    /// <summary>Places of the parties in the form.</summary>
    public IReadOnlyList<int> Parties
    {
        get
        {
            var sent = IsSent ? Enumerable.Range(0, MostParties).Where(i => Request.Form.ContainsKey(Party(i))).ToList() : [0, 1];
            return Text(StepField) == "add-party" && sent.Count < MostParties ? [.. sent, sent.Count == 0 ? 0 : sent.Max() + 1] : sent;
        }
    }

    /// <summary>What stands in the field of a party at first: a body's only label is the first one.</summary>
    public IReadOnlyList<string> OfferParty(int place) =>
        place == 0 && Schemes.Values.Where(s => s.Body == SignedIn?.Caller.Actor.LabelBody).Take(2).ToList() is [{ Code: { } own }] ? [own] : [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (ToSignIn() is { } elsewhere)
        {
            return elsewhere;
        }

        if (SignedIn!.Caller.Actor is not ({ LabelBody: not null } or { IsRegistrar: true }))
        {
            throw Refusal.Forbidden("/v1/agreements");
        }

        await ShowAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (IsShaping)
        {
            return await AgainAsync(StatusCodes.Status200OK);
        }

        var body = Members("code", "kind", "parent", "signedOn", "effectiveFrom", "effectiveUntil", "confirmedOn", "notes");
        Set(
            body,
            ("title", ByLanguage("title", null)),
            ("parties", List(Parties.Select(i => Text(Party(i))).OfType<string>())),
            ("grants", Grants()),
            ("signatories", List(Rows("signatories"), row => Made(("name", row[0]), ("scheme", row.ElementAtOrDefault(1))))),
            ("renewals", List(Commas(Text("renewals")))),
            ("reservations", Reservations()),
            ("sources", Sources()));
        var agreement = ReadBody<AgreementBody>(body);
        return await StepAsync(
            agreement?.Grants,
            caller => new RegisterAgreement.Request(caller.Actor.IsRegistrar ? agreement! with { Attested = true } : agreement!, caller.Actor),
            made => (Places.Agreement(made.Code), SaidOf(made.Awaits)));
    }

    /// <summary>The field of a party.</summary>
    public static string Party(int place) => string.Create(CultureInfo.InvariantCulture, $"parties[{place}]");

    protected override string FieldOf(string member)
    {
        // Empty fields between them are no parties.
        var filled = Parties.Where(i => Text(Party(i)) is not null).ToList();
        return member == "parties" ? Party(0)
            : member.StartsWith("renewals", StringComparison.Ordinal) ? "renewals"
            : member.StartsWith("parties[", StringComparison.Ordinal)
                && int.TryParse(member["parties[".Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < filled.Count ? Party(filled[place])
            : base.FieldOf(member);
    }
}
