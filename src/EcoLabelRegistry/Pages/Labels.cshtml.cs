using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The directory of eco-labels.</summary>
public sealed class LabelsModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    /// <summary>Those that fit the filters.</summary>
    public IReadOnlyList<GetScheme.Response> Found { get; private set; } = [];

    /// <summary>Countries to choose from.</summary>
    public IReadOnlyList<string> Countries { get; private set; } = [];

    /// <summary>Types to choose from.</summary>
    public static IReadOnlyList<string> Types => PutScheme.IsoTypes;

    /// <summary>Label bodies by code.</summary>
    public IReadOnlyDictionary<string, GetLabelBody.Response> Bodies { get; private set; } = new Dictionary<string, GetLabelBody.Response>(StringComparer.Ordinal);

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadFiltersAsync();
        Countries = [.. Schemes.Values.SelectMany(s => s.Countries ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Bodies = (await AskAsync(new ListLabelBodies.Request(Whole()))).Items.ToDictionary(b => b.Code!, StringComparer.Ordinal);
        var found = (await AskAsync(new ListSchemes.Request(
            Whole(), Text("q"), Text("body"), Country: Text("country"), IsoType: Text("type"), Kind: SchemeKind.Scheme))).Items;
        if (Category is { } category)
        {
            var standards = (await AskAsync(new ListStandards.Request(Whole(), Category: category))).Items.Select(s => s.Scheme!).ToHashSet(StringComparer.Ordinal);
            found = [.. found.Where(s => standards.Contains(s.Code!))];
        }

        Found = [.. found.OrderBy(s => s.Sample == true)];
        return Page();
    }
}
