using EcoLabelRegistry.Policies;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The purchasing policies on record: who accepts which labels.</summary>
public sealed class PoliciesModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    /// <summary>Most labels that are named beside a policy.</summary>
    public const int LabelsShown = 4;

    /// <summary>Those that fit the filters, the invented ones last.</summary>
    public IReadOnlyList<GetPolicy.Response> Found { get; private set; } = [];

    /// <summary>Countries to choose from.</summary>
    public IReadOnlyList<string> Jurisdictions { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadFiltersAsync();
        var all = (await AskAsync(new ListPolicies.Request(Whole(), AsOf: Asked, KnownAt: Moment))).Items;
        Jurisdictions = [.. all.Select(p => p.Jurisdiction).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var asked = new ListPolicies.Request(Whole(), Text("q"), Text("jurisdiction"), Text("accepts"), Category, Asked, Moment);
        Found = [.. (await AskAsync(asked)).Items.OrderBy(p => p.Sample == true)];
        return Page();
    }
}
