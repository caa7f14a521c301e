using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The certificates held, of one label or of all, a page at a time.</summary>
public sealed class CertificatesModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    private const int Shown = 50;

    /// <summary>The label whose certificates are shown; null for all.</summary>
    public GetScheme.Response? Of { get; private set; }

    /// <summary>The standing asked for.</summary>
    public CertificateStanding? Standing { get; private set; }

    /// <summary>Those that fit, by label and id.</summary>
    public IReadOnlyList<ListCertificates.Row> Found { get; private set; } = [];

    /// <summary>Where the list goes on; null at its end.</summary>
    public string? Next { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadFiltersAsync();
        Standing = Value<CertificateStanding>("standing");
        Of = Text("scheme") is { } scheme ? (await AskAsync(new GetScheme.Request(scheme, Moment))).Value : null;
        var page = await AskAsync(new ListCertificates.Request(
            Stretch(Shown), Of?.Code, Holder: Text("holder"), Standing: Standing, Category: Category, AsOf: Asked, KnownAt: Moment));
        (Found, Next) = (page.Items, page.Next is null ? null : With((Paging.CursorName, page.Next)));
        return Page();
    }
}
