using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Schemes;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The registers of whoever is signed in: of a label body its own, of the registrar all.</summary>
public sealed class MyRegistersModel(IMediator mediator) : RegistryPage(mediator)
{
    // Each is counted, which takes up to a second for a large one.
    private const int MostCounted = 8;

    public IReadOnlyList<Row> Rows { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (SignedIn.Of(HttpContext) is not { Caller.Actor: var actor })
        {
            return LocalRedirect("/sign-in" + Places.Query(("to", "/my-register")));
        }

        var schemes = actor.IsRegistrar ? (await AskAsync(new ListSchemes.Request(Whole()))).Items
            : actor.LabelBody is { } body ? (await AskAsync(new ListSchemes.Request(Whole(), Body: body))).Items
            : [];
        var rows = new List<Row>();
        foreach (var scheme in schemes.Where(s => s.Kind != SchemeKind.CriteriaSet))
        {
            var counts = rows.Count < MostCounted ? await AskAsync(new CountCertificates.Request(scheme.Code!)) : null;
            var (imports, _) = await AskAsync(new ListImports.Request(Stretch(1), scheme.Code));
            rows.Add(new(scheme, counts, imports.Items.Count > 0 ? imports.Items[0] : null));
        }

        Rows = rows;
        return Page();
    }

    /// <param name="Scheme">The scheme.</param>
    /// <param name="Counts">Its certificates; null where there are too many schemes to count for each.</param>
    /// <param name="Last">Its newest import; null when there was none of late.</param>
    public sealed record Row(GetScheme.Response Scheme, CountCertificates.Response? Counts, GetImport.Response? Last);
}
