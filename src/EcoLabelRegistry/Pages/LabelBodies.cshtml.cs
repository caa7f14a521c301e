using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Schemes;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The label bodies on record, each with its labels.</summary>
public sealed class LabelBodiesModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    /// <summary>Those that fit the filters, the invented ones last.</summary>
    public IReadOnlyList<GetLabelBody.Response> Found { get; private set; } = [];

    /// <summary>Countries to choose from.</summary>
    public IReadOnlyList<string> Countries { get; private set; } = [];

    /// <summary>Labels by body.</summary>
    public ILookup<string, GetScheme.Response> Labels { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadFiltersAsync();
        Labels = Schemes.Values.ToLookup(s => s.Body!, StringComparer.Ordinal);
        var all = (await AskAsync(new ListLabelBodies.Request(Whole(), KnownAt: Moment))).Items;
        Countries = [.. all.Select(b => b.Country).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Found = [.. (await AskAsync(new ListLabelBodies.Request(Whole(), Text("q"), Text("country"), Moment))).Items.OrderBy(b => b.Sample == true)];
        return Page();
    }
}
