using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Standards;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Unit = EcoLabelRegistry.Recognition.Unit;

namespace EcoLabelRegistry.Pages;

/// <summary>Two standards side by side, criterion by criterion.</summary>
public sealed class CompareModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    /// <summary>Standards to choose from, those of which criteria are held here first.</summary>
    public IReadOnlyList<GetStandard.Response> Standards { get; private set; } = [];

    /// <summary>The comparison; null while two standards are not chosen.</summary>
    public CompareStandards.Response? Comparison { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadFiltersAsync();
        Standards = (await AskAsync(new ListStandards.Request(Whole(), AsOf: Asked, KnownAt: Moment))).Items;
        if (Text("held") is { } held && Text("wanted") is { } wanted)
        {
            try
            {
                Comparison = await AskAsync(new CompareStandards.Request(held, wanted, Text("heldEdition"), Text("wantedEdition"), Asked, Moment));
            }
            catch (RefusalException refusal) when (refusal.ProblemCode is ProblemCode.UnknownStandard or ProblemCode.UnknownEdition or ProblemCode.Invalid)
            {
                Response.StatusCode = refusal.ProblemCode.Status();
                foreach (var fault in refusal.Faults)
                {
                    Fault(fault.Member.StartsWith("held", StringComparison.Ordinal) ? "held" : "wanted", fault.Message);
                }
            }
        }

        return Page();
    }

    /// <summary>Are any criteria of it held here?</summary>
    public static bool HasCriteria(GetStandard.Response standard) => (standard.Editions ?? []).Any(e => e.Criteria is { Count: > 0 });

    /// <summary>A held limit in the unit of the wanted one; null where the units are the same, or of different dimensions.</summary>
    public static string? InCommon(CriterionEntry wanted, CriterionEntry? held, Words words) =>
        held?.Limit is { } limit && held.Unit != wanted.Unit
            && Unit.TryParse(held.Unit, out var from) && Unit.TryParse(wanted.Unit, out var to) && from.HasDimensionOf(to) && from.TryConvert(limit, to, out var converted)
            ? words.Limit(held.Comparator ?? Comparator.ByReference, decimal.Round(converted, 4), held.LimitMax is { } most && from.TryConvert(most, to, out var top) ? decimal.Round(top, 4) : null, null, wanted.Unit)
            : null;
}
