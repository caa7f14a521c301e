using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The change log, newest first, and the state of its chain.</summary>
public sealed class ChangesModel(IMediator mediator, CurrentRevision current) : RegistryPage(mediator)
{
    private const int Shown = 40;

    // The log is read backwards in stretches; a filter that fits little goes on at the next page.
    private const int Stretches = 10;

    /// <summary>Kinds of records to choose from: the names of their addresses.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["agreements", "certificates", "schemes", "standards", "policies", "label-bodies", "categories"];

    /// <summary>The entries, newest first.</summary>
    public IReadOnlyList<GetChange.Response> Entries { get; private set; } = [];

    /// <summary>The revision below which earlier entries are; null when there are none.</summary>
    public long? Earlier { get; private set; }

    /// <summary>The kind asked for.</summary>
    public string? Kind => Text("kind") is { } kind && Kinds.Contains(kind, StringComparer.Ordinal) ? kind : null;

    /// <summary>The proof of the whole chain, when it is asked for.</summary>
    public Verification? Proof { get; private set; }

    /// <summary>The newest revision.</summary>
    public long Newest { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        Newest = await current(0, HttpContext.RequestAborted);
        var before = Value<RevisionNumber>("before")?.Value is { } asked && asked <= Newest + 1 ? asked : Newest + 1;
        var found = new List<GetChange.Response>();
        for (var i = 0; i < Stretches && before > 1 && found.Count < Shown; i++)
        {
            var after = Math.Max(0, before - 1 - Paging.MaxLimit);
            var entries = (await AskAsync(new ListChanges.Request(Stretch(Paging.MaxLimit), new RevisionNumber(after)))).Items.Where(e => e.Revision < before).Reverse();
            foreach (var entry in entries)
            {
                before = entry.Revision;
                if (Fits(entry))
                {
                    found.Add(entry);
                    if (found.Count == Shown)
                    {
                        break;
                    }
                }
            }

            before = found.Count == Shown ? before : after + 1;
        }

        (Entries, Earlier) = (found, before > 1 ? before : null);
        if (Text("verify") == "1")
        {
            Proof = await AskAsync(new VerifyChanges.Request());
        }

        return Page();
    }

    private bool Fits(GetChange.Response entry) =>
        (Kind is null || entry.Subject.StartsWith($"/v1/{Kind}/", StringComparison.Ordinal))
        && (Text("q") is not { } words || entry.Subject.Contains(words, StringComparison.OrdinalIgnoreCase) || entry.Actor.Contains(words, StringComparison.OrdinalIgnoreCase));
}
