using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>A party proposes another text; the form begins with the one in force.</summary>
public sealed class AmendModel(IMediator mediator, TimeProvider clock, Sessions sessions, ForeseeAct foresee) : AgreementTextPage(mediator, clock, sessions, foresee)
{
    /// <summary>True for the registrar, who signs nothing and says from where he knows.</summary>
    public bool IsAttested => SignedIn?.Caller.Actor.IsRegistrar == true;

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
        foreach (var (member, value) in new (string, JsonNode?)[]
        {
            ("title", ByLanguage("title", Begins?["title"])),
            ("grants", Grants()),
            ("reservations", List(Rows("reservations"), row =>
                Made(("party", row[0]), ("categories", List(Commas(row.ElementAtOrDefault(1)))), ("partners", List(Commas(row.ElementAtOrDefault(2))))))),
            ("sources", List(Rows("sources"), row =>
                Made(("title", row[0]), ("address", row.ElementAtOrDefault(1)), ("published", row.ElementAtOrDefault(2)), ("readOn", row.ElementAtOrDefault(3))))),
            ("sample", Begins?["sample"]?.DeepClone()),
        })
        {
            if (value is not null)
            {
                body[member] = value;
            }
        }

        var amendment = ReadBody<AmendmentBody>(body);
        return await StepAsync(
            amendment?.Grants,
            caller => new AmendAgreement.Request(AgreementCode, amendment!, caller.Actor, Unchanged),
            made => (Places.Agreement(AgreementCode), made.Awaits.Count == 0 ? new Message("act.signed-by-all") : new Message("draft.proposed", string.Join(", ", made.Awaits))));
    }

    protected override string FieldOf(string member) => member.StartsWith("sources", StringComparison.Ordinal) ? "sources" : base.FieldOf(member);

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
