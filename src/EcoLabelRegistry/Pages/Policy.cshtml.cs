using EcoLabelRegistry.Policies;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One purchasing policy and the labels that it accepts.</summary>
public sealed class PolicyModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    public GetPolicy.Response Policy { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string code)
    {
        await ReadFiltersAsync();
        Policy = (await AskAsync(new GetPolicy.Request(code, Asked, Moment))).Value;
        return Page();
    }
}
