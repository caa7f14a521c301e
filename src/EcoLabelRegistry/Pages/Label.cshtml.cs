using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Recognitions;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One eco-label: its body and roles, standards, register, whom it recognises and who recognises it.</summary>
public sealed class LabelModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    public GetScheme.Response Label { get; private set; } = null!;

    public GetLabelBody.Response Body { get; private set; } = null!;

    public IReadOnlyList<GetStandard.Response> Standards { get; private set; } = [];

    /// <summary>Sub-schemes.</summary>
    public IReadOnlyList<GetScheme.Response> Parts { get; private set; } = [];

    /// <summary>Grants in which it accepts.</summary>
    public IReadOnlyList<ListRecognitions.Row> Accepts { get; private set; } = [];

    /// <summary>Grants in which it is accepted, by labels and by policies.</summary>
    public IReadOnlyList<ListRecognitions.Row> Accepted { get; private set; } = [];

    /// <summary>Those with a role that are bodies on record, by what the role says.</summary>
    public IReadOnlyDictionary<string, NamedRecord> Bodies { get; private set; } = new Dictionary<string, NamedRecord>(StringComparer.Ordinal);

    /// <summary>What people object to.</summary>
    public ObjectionsView Objections { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string code)
    {
        await ReadFiltersAsync();
        Label = (await AskAsync(new GetScheme.Request(code, Moment))).Value;
        Body = (await AskAsync(new GetLabelBody.Request(Label.Body!, Moment))).Value;
        Standards = (await AskAsync(new ListStandards.Request(Whole(), Scheme: code, AsOf: Asked, KnownAt: Moment))).Items;
        Parts = (await AskAsync(new ListSchemes.Request(Whole(), Parent: code, KnownAt: Moment))).Items;
        Accepts = (await AskAsync(new ListRecognitions.Request(Whole(), code, Category: Category, AsOf: Asked, KnownAt: Moment))).Items;
        Accepted = (await AskAsync(new ListRecognitions.Request(Whole(), Recognised: code, Category: Category, AsOf: Asked, KnownAt: Moment))).Items;
        Objections = await ObjectionsToAsync("schemes", code);
        Bodies = await BodiesAsync();
        await ReadTitlesAsync();
        return Page();
    }

    private async Task<Dictionary<string, NamedRecord>> BodiesAsync()
    {
        var found = new Dictionary<string, NamedRecord>(StringComparer.Ordinal);
        foreach (var role in new[] { Label.Roles?.Owner, Label.Roles?.Criteria, Label.Roles?.Certifier, Label.Roles?.Awards }.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            found[role] = await NameAsync("/v1/label-bodies/" + role);
        }

        return found;
    }
}
