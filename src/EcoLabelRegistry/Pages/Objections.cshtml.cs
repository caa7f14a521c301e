using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Objections;
using MediatR;

namespace EcoLabelRegistry.Pages;

/// <summary>What people object to, and what was answered.</summary>
public sealed class ObjectionsModel(IMediator mediator) : RegistryPage(mediator)
{
    private const int Shown = 25;

    /// <summary>The objections, in the order in which they were filed.</summary>
    public IReadOnlyList<GetObjection.Response> Items { get; private set; } = [];

    /// <summary>Where the list goes on; null at its end.</summary>
    public string? Next { get; private set; }

    /// <summary>What each is about, by its address.</summary>
    public IReadOnlyDictionary<string, NamedRecord> Records { get; private set; } = new Dictionary<string, NamedRecord>(StringComparer.Ordinal);

    /// <summary>The record whose objections are asked for, by its address in the contract.</summary>
    public string? About => Places.ToProgram(Text("about"));

    /// <summary>True when whoever is signed in asks for those that he may answer.</summary>
    public bool Mine => Text("mine") == "1" && Visitor is not null;

    /// <summary>Who is signed in; null when nobody is.</summary>
    public SignedIn? Visitor => SignedIn.Of(HttpContext);

    /// <summary>Whether those with an answer are asked for, or those without; null for both.</summary>
    public bool? Answered => Text("answered") switch { "yes" => true, "no" => false, _ => null };

    public async Task OnGetAsync()
    {
        try
        {
            var page = await AskAsync(new ListObjections.Request(new(Stretch(Shown), About, Answered), Visitor?.Caller.Actor ?? Actor.Anyone, Mine));
            (Items, Next) = (page.Items, page.Next is null ? null : With((Paging.CursorName, page.Next)));
        }
        catch (RefusalException refusal) when (About is not null && refusal.Faults is [{ Member: "about" }, ..])
        {
            Fault("about", refusal.Faults[0].Message);
            Response.StatusCode = refusal.ProblemCode.Status();
        }

        var records = new Dictionary<string, NamedRecord>(StringComparer.Ordinal);
        foreach (var address in Items.Select(o => o.About).Distinct(StringComparer.Ordinal))
        {
            records[address] = await NameAsync(address);
        }

        Records = records;
    }
}
