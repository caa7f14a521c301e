using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Standards;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One agreement: parties, signatures, grants, timeline, texts with their differences.</summary>
public sealed class AgreementModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    public GetAgreement.Response Agreement { get; private set; } = null!;

    /// <summary>Numbers of standards by id.</summary>
    public IReadOnlyDictionary<string, string> Standards { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What whoever is signed in may do to it today.</summary>
    public IReadOnlyList<ListActs.Row> Acts { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string code)
    {
        await ReadFiltersAsync();
        Acts = SignedIn.Of(HttpContext) is { } who ? await AskAsync(new ListActs.Request(code, who.Caller.Actor)) : [];
        Agreement = (await AskAsync(new GetAgreement.Request(code, Asked, Moment))).Value;
        Standards = (await AskAsync(new ListStandards.Request(Whole(), KnownAt: Moment))).Items.ToDictionary(s => s.Id!, s => s.Number!, StringComparer.Ordinal);
        return Page();
    }
}
