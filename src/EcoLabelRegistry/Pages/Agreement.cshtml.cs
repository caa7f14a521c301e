using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One agreement: parties, signatures, grants, timeline, texts with their differences.</summary>
public sealed class AgreementModel(IMediator mediator, TimeProvider clock) : ReadingPage(mediator, clock)
{
    public GetAgreement.Response Agreement { get; private set; } = null!;

    /// <summary>What is on record to come after the day shown.</summary>
    public AgreementAhead Ahead { get; private set; } = new([], null);

    /// <summary>What whoever is signed in may do to it today.</summary>
    public IReadOnlyList<ListActs.Row> Acts { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string code)
    {
        await ReadFiltersAsync();
        Acts = SignedIn.Of(HttpContext) is { } who ? await AskAsync(new ListActs.Request(code, who.Caller.Actor)) : [];
        Agreement = (await AskAsync(new GetAgreement.Request(code, Asked, Moment))).Value;
        Ahead = await AgreementAhead.ReadAsync(Agreement, async day => (await AskAsync(new GetAgreement.Request(code, new AsOf(day), Moment))).Value);
        await ReadStandardsAsync();
        await ReadTitlesAsync();
        return Page();
    }

    /// <summary>The last day in force, by the text's own end or by the termination on record that comes before it; null when it never was in force.</summary>
    public string Until(Words words)
    {
        if (Ahead.EndedFrom is { } ended && !(Agreement.EffectiveUntil?.LastDay < ended))
        {
            return Agreement.EffectiveFrom?.FirstDay >= ended || Agreement.Texts.All(t => !t.FullySigned) ? words["agreements.never"] : words.Date(ended.AddDays(-1));
        }

        return Agreement.EffectiveUntil is { } until ? words.Date(until) : words["answer.open-ended"];
    }

    /// <summary>The texts that wait for signatures, with their places; none once the agreement has ended.</summary>
    public IEnumerable<(int Place, GetAgreement.Text Text)> Waiting =>
        Agreement.Standing == AgreementStanding.Terminated ? [] : Agreement.Texts.Index().Where(t => !t.Item.FullySigned).Select(t => (t.Index, t.Item));

    /// <summary>What happened and what is to come: not that a text takes effect which an end on record, or a missing signature under an agreement that has ended, keeps from it.</summary>
    public IEnumerable<Happening> History => Agreement.History.Where(h =>
        h.Type != HappeningType.Effective || !(h.On.FirstDay >= Ahead.EndedFrom || (TextOf(h) is { FullySigned: false } && Agreement.Standing == AgreementStanding.Terminated)));

    /// <summary>The text that something happened to; null where it was no text.</summary>
    public GetAgreement.Text? TextOf(Happening happening) => happening.TextHash is { } hash ? Agreement.Texts.FirstOrDefault(t => t.TextHash == hash) : null;

    /// <summary>What was signed, or takes effect, where there are several; null where there is one alone.</summary>
    public string? Named(Happening happening, Words words) =>
        happening.TextHash is not { } hash || (Agreement.Texts.Count == 1 && Agreement.Accessions.Count == 0) ? null
        : Agreement.Accessions.FirstOrDefault(a => a.TextHash == hash)?.Scheme is { } newcomer ? words["agreements.accession-of", Scheme(newcomer, words)]
        : Agreement.Texts.ToList().FindIndex(t => t.TextHash == hash) is >= 0 and var place ? words["agreements.text", place + 1]
        : null;
}
