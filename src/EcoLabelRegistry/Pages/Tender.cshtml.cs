using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognitions;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>Before a tender: which labels count for a category, which products qualify, and which come close.</summary>
public sealed class TenderModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    /// <summary>Everybody who can be asked.</summary>
    public IReadOnlyList<ListRecognisers.Row> Recognisers { get; private set; } = [];

    /// <summary>Who is asked; null while nobody is.</summary>
    public ListRecognisers.Row? Recogniser { get; private set; }

    /// <summary>Who may have been meant.</summary>
    public IReadOnlyList<ListRecognisers.Row> Near { get; private set; } = [];

    /// <summary>The labels that count.</summary>
    public IReadOnlyList<ListRecognitions.Row> Labels { get; private set; } = [];

    /// <summary>The products that qualify or come close; null while nobody is asked.</summary>
    public Page<ListProducts.Row>? Products { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadFiltersAsync();
        Recognisers = await AskAsync(new ListRecognisers.Request(Moment));
        if (Text("recognisedBy") is not { } text)
        {
            return Page();
        }

        var named = await AskAsync(new NameRecogniser.Request(text, Moment));
        (Recogniser, Near) = (named.Found, named.Near);
        if (Recogniser is null)
        {
            Fault("recognisedBy", new Message("form.unknown-recogniser", text));
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        Labels = (await AskAsync(new ListRecognitions.Request(Whole(), Recogniser.Code, Category: Category, AsOf: Asked, KnownAt: Moment))).Items;
        await ReadTitlesAsync();
        Products = await AskAsync(new ListProducts.Request(Stretch(), Category: Category, RecognisedBy: Recogniser.Code, AsOf: Asked, KnownAt: Moment));
        return Page();
    }
}
