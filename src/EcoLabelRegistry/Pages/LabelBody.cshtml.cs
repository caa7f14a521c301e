using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Schemes;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One label body: names, labels, agreements; and its keys, for itself and for the registrar.</summary>
public sealed class LabelBodyModel(IMediator mediator, TimeProvider clock, Sessions sessions) : WritingPage(mediator, clock, sessions)
{
    private const string NewKeyName = "new-key";

    public GetLabelBody.Response Body { get; private set; } = null!;

    /// <summary>The body that it succeeded, and those that succeeded it.</summary>
    public GetLabelBody.Response? Predecessor { get; private set; }

    public IReadOnlyList<GetLabelBody.Response> Successors { get; private set; } = [];

    public IReadOnlyList<GetScheme.Response> Labels { get; private set; } = [];

    public IReadOnlyList<GetAgreement.Response> Agreements { get; private set; } = [];

    /// <summary>What people object to.</summary>
    public ObjectionsView Objections { get; private set; } = null!;

    /// <summary>Its keys, without their secrets; null for whoever may not see them.</summary>
    public IReadOnlyList<ListKeys.Row>? Keys { get; private set; }

    /// <summary>The key just made: shown this once.</summary>
    public string? NewKey => Request.Cookies.ContainsKey(Said) ? TempData[NewKeyName] as string : null;

    /// <summary>What waits for the body's signature, for itself: the agreement, and the document by its hash.</summary>
    public IReadOnlyList<(GetAgreement.Response Agreement, string Hash)> ToSign { get; private set; } = [];

    /// <summary>The objections that wait for its answer, for itself.</summary>
    public Page<GetObjection.Response>? ToAnswer { get; private set; }

    /// <summary>True for the body itself.</summary>
    public bool IsOwn => SignedIn?.Caller.Actor.LabelBody == Code;

    private string Code => Route("code");

    public Task OnGetAsync() => ShowAsync();

    /// <summary>Makes a key.</summary>
    public Task<IActionResult> OnPostIssueAsync()
    {
        var key = new IssueKey.NewKey(Text("name"), Value<KeyExpiry>("expires"));
        return WriteAsync(caller => new IssueKey.Request(KeyOwner.Body, Code, key, caller.Actor), made =>
        {
            TempData[NewKeyName] = made.Key;
            return (Places.LabelBody(Code) + "#keys", new Message("body.key-made"));
        });
    }

    /// <summary>Revokes a key.</summary>
    public Task<IActionResult> OnPostRevokeAsync() => WriteAsync(
        caller => new RevokeKey.Request(KeyOwner.Body, Code, Text("id") ?? "", caller.Actor),
        _ => (Places.LabelBody(Code) + "#keys", new Message("body.key-revoked")));

    protected override async Task ShowAsync()
    {
        await ReadFiltersAsync();
        Body = (await AskAsync(new GetLabelBody.Request(Code))).Value;
        var others = (await AskAsync(new ListLabelBodies.Request(Whole()))).Items;
        Predecessor = others.FirstOrDefault(b => b.Code == Body.SuccessorOf);
        Successors = [.. others.Where(b => b.SuccessorOf == Code)];
        Labels = (await AskAsync(new ListSchemes.Request(Whole(), Body: Code))).Items;
        var own = Labels.Select(s => s.Code).ToHashSet(StringComparer.Ordinal);
        Agreements = [.. (await AskAsync(new ListAgreements.Request(Whole(), AsOf: Asked))).Items
            .Where(a => a.Parties.Select(p => p.Scheme).Concat(a.Accessions.Select(x => x.Scheme)).Any(own.Contains))];
        Objections = await ObjectionsToAsync("label-bodies", Code);
        Keys = IsOwn || SignedIn?.Caller.Actor.IsRegistrar == true
            ? (await AskAsync(new ListKeys.Request(KeyOwner.Body, Code, Whole(), SignedIn!.Caller.Actor))).Items
            : null;
        if (IsOwn)
        {
            await ReadWaitingAsync(SignedIn!.Caller.Actor);
        }
    }

    private async Task ReadWaitingAsync(Actor actor)
    {
        var waits = new List<(GetAgreement.Response, string)>();
        foreach (var agreement in Agreements)
        {
            waits.AddRange((await AskAsync(new ListActs.Request(agreement.Code, actor))).Where(a => a.Act == AgreementAct.Sign).Select(a => (agreement, a.TextHash!)));
        }

        ToSign = waits;
        ToAnswer = await AskAsync(new ListObjections.Request(new(Stretch(Paging.MaxLimit), Answered: false), actor, Mine: true));
    }
}
