using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using MediatR;

namespace EcoLabelRegistry.Pages;

/// <summary>The front page: the main question.</summary>
public sealed class IndexModel(IMediator mediator, TimeProvider clock) : RegistryPage(mediator), IKeepsForm
{
    public CheckForm Form { get; private set; } = null!;

    /// <inheritdoc />
    public SentForm SentForm => new(CheckForm.Id, Reads: "/");

    public async Task OnGetAsync() => Form = new(
        Text("what"), Text("recognisedBy"), Text("asOf") ?? new AsOf(AsOf.Today(clock)).ToString(), await AskAsync(new ListRecognisers.Request()))
    {
        Category = Text("category"),
        Territory = Text("territory"),
    };
}
