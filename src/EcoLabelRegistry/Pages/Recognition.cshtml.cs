using System.Globalization;
using EcoLabelRegistry.Network;
using EcoLabelRegistry.Recognition;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>Who recognises whom: a matrix, a graph and a list, on any date.</summary>
public sealed class RecognitionModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    /// <summary>The year of the first agreement on record.</summary>
    public const int FirstYear = 1998;

    /// <summary>The network that is drawn.</summary>
    public ShowNetwork.Response Network { get; private set; } = null!;

    /// <summary>Only this level.</summary>
    public Level? Only { get; private set; }

    /// <summary>True when invented schemes are shown as well.</summary>
    public bool WithSamples => Text("samples") == "1";

    /// <summary>The years to choose from.</summary>
    public IReadOnlyList<int> Years { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadFiltersAsync();
        Only = Value<Level>("level");
        Years = [.. Enumerable.Range(FirstYear, Math.Max(Day.Year, Today.Year) - FirstYear + 1)];
        var network = await AskAsync(new ShowNetwork.Request(Category, Asked, Moment));
        var edges = network.Edges.Where(e => (Only is null || e.Level == Only) && (WithSamples || !e.Sample)).ToList();
        Network = network with { Edges = edges };
        return Page();
    }

    /// <summary>The last day of a year.</summary>
    public static string EndOf(int year) => new DateOnly(year, 12, 31).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
