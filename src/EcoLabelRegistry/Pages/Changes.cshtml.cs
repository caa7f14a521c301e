using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Resources;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>The change log, newest first, and the state of its chain.</summary>
public sealed class ChangesModel(IMediator mediator, CurrentRevision current) : RegistryPage(mediator)
{
    private const int Shown = 40;

    // The log is read backwards in stretches; a filter that fits little goes on at the next page.
    private const int Stretches = 10;

    private HashSet<string> _called = new(StringComparer.Ordinal);

    /// <summary>Kinds of what is written to choose from, by the names of their addresses.</summary>
    public static readonly IReadOnlyList<(string Room, Thing Kind)> Kinds =
    [
        ("agreements", Thing.Agreement), ("certificates", Thing.Certificate), ("schemes", Thing.Scheme), ("standards", Thing.Standard), ("policies", Thing.Policy),
        ("label-bodies", Thing.LabelBody), ("categories", Thing.Category), ("objections", Thing.Objection), ("subscriptions", Thing.Subscription),
    ];

    /// <summary>The entries, newest first.</summary>
    public IReadOnlyList<GetChange.Response> Entries { get; private set; } = [];

    /// <summary>What each entry is of, by its address in the log.</summary>
    public IReadOnlyDictionary<string, NamedRecord> Subjects { get; private set; } = new Dictionary<string, NamedRecord>(StringComparer.Ordinal);

    /// <summary>The revision below which earlier entries are; null when there are none.</summary>
    public long? Earlier { get; private set; }

    /// <summary>The kind asked for.</summary>
    public string? Kind => Text("kind") is { } kind && Kinds.Any(k => k.Room == kind) ? kind : null;

    /// <summary>True when not all entries are shown.</summary>
    public bool IsFiltered => Kind is not null || Text("q") is not null;

    /// <summary>The stretch of the log that is shown, as the contract gives it.</summary>
    public string Program => "/v1/changes" + (Entries.Count == 0 ? "" : Places.Query(
        ("after", TextValues.Text(new RevisionNumber(Entries[^1].Revision - 1))), ("limit", TextValues.Text((int)Math.Min(Paging.MaxLimit, Entries[0].Revision - Entries[^1].Revision + 1)))));

    /// <summary>The proof of the whole chain, when it is asked for.</summary>
    public Verification? Proof { get; private set; }

    /// <summary>The newest revision.</summary>
    public long Newest { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        Newest = await current(0, HttpContext.RequestAborted);
        if (Text("q") is { } words)
        {
            _called = await CalledAsync(words);
        }

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
        var subjects = new Dictionary<string, NamedRecord>(StringComparer.Ordinal);
        foreach (var subject in found.Select(e => e.Subject).Distinct(StringComparer.Ordinal))
        {
            subjects[subject] = await SubjectAsync(subject);
        }

        Subjects = subjects;
        if (Text("verify") == "1")
        {
            Proof = await AskAsync(new VerifyChanges.Request());
        }

        return Page();
    }

    private bool Fits(GetChange.Response entry) =>
        (Kind is null || entry.Subject.StartsWith($"/v1/{Kind}/", StringComparison.Ordinal))
        && (Text("q") is not { } words
            || entry.Subject.Contains(words, StringComparison.OrdinalIgnoreCase) || entry.Actor.Contains(words, StringComparison.OrdinalIgnoreCase)
            || _called.Contains(RecordOf(entry.Subject)) || (new Actor(entry.Actor).LabelBody is { } body && _called.Contains("/v1/label-bodies/" + body)));

    /// <summary>The record that is written, or below which something is: a key, a register.</summary>
    private static string RecordOf(string subject) => string.Join('/', subject.Split('/').Take(4));

    private async Task<NamedRecord> SubjectAsync(string subject)
    {
        if (!subject.StartsWith("/v1/objections/", StringComparison.Ordinal))
        {
            return await NameAsync(RecordOf(subject));
        }

        var objection = (await AskAsync(new GetObjection.Request(subject.Split('/')[^1], null, Actor.Anyone))).Value;
        return new(subject, Thing.Objection, Texts.Of("objections.one", Language.Current, (await NameAsync(objection.About)).Name));
    }

    /// <summary>Addresses of the records that are called so in any language: what is shown by its name is found by it.</summary>
    private async Task<HashSet<string>> CalledAsync(string words)
    {
        var whole = Whole();
        (string Room, IEnumerable<(string? Code, IEnumerable<string?> Names)> All)[] rooms =
        [
            ("schemes", (await AskAsync(new ListSchemes.Request(whole))).Items.Select(s => (s.Code, NamesOf(s.Names)))),
            ("label-bodies", (await AskAsync(new ListLabelBodies.Request(whole))).Items.Select(b => (b.Code, NamesOf(b.Names)))),
            ("categories", (await AskAsync(new ListCategories.Request(whole))).Items.Select(c => (c.Code, NamesOf(c.Names)))),
            ("policies", (await AskAsync(new ListPolicies.Request(whole))).Items.Select(p => ((string?)p.Code, NamesOf(p.Names)))),
            ("agreements", (await AskAsync(new ListAgreements.Request(whole))).Items.Select(a => ((string?)a.Code, NamesOf(a.Title)))),
            ("standards", (await AskAsync(new ListStandards.Request(whole))).Items.Select(s => (s.Id, NamesOf(s.Titles).Append(s.Number)))),
        ];
        return [.. rooms.SelectMany(r => r.All.Where(one => one.Names.Any(n => n?.Contains(words, StringComparison.OrdinalIgnoreCase) == true)).Select(one => $"/v1/{r.Room}/{one.Code}"))];

        static IEnumerable<string?> NamesOf(IReadOnlyDictionary<string, string>? names) => names?.Values ?? [];
    }
}
