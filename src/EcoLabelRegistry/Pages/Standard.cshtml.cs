using EcoLabelRegistry.Standards;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One criteria document with its editions and criteria.</summary>
public sealed class StandardModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    public GetStandard.Response Standard { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string id)
    {
        await ReadFiltersAsync();
        Standard = (await AskAsync(new GetStandard.Request(id, Asked, Moment))).Value;
        return Page();
    }
}
