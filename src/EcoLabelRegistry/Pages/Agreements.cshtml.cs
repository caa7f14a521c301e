using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Recognition;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The agreements on record, with their standing on a date.</summary>
public sealed class AgreementsModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    /// <summary>Those that fit the filters, the invented ones last.</summary>
    public IReadOnlyList<GetAgreement.Response> Found { get; private set; } = [];

    /// <summary>The kind asked for.</summary>
    public AgreementKind? Kind { get; private set; }

    /// <summary>The standing asked for.</summary>
    public AgreementStanding? Standing { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadFiltersAsync();
        (Kind, Standing) = (Value<AgreementKind>("kind"), Value<AgreementStanding>("standing"));
        Found =
        [
            .. (await AskAsync(new ListAgreements.Request(Whole(), Text("party"), Kind, Standing, Category, AsOf: Asked, KnownAt: Moment))).Items.OrderBy(a => a.Sample == true),
        ];
        return Page();
    }
}
