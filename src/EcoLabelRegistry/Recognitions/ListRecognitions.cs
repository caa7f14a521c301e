using System.IO.Pipelines;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Recognitions;

/// <summary>Lists which labels are accepted by whom on a date: the grants in force, flat.</summary>
/// <remarks>
/// A grant whose level gives nothing to a certificate (a memorandum, peer review, training, an adopted text) is listed only when its
/// <c>level</c> is asked for. Purchasing policies are listed when one is asked as the recogniser: then <c>agreement</c> is null.
/// A category finds grants for it, for more than it and for a part of it, and <c>extent</c> tells which: <c>whole</c> covers every product of
/// the category, <c>part</c> only some. As CSV the list is whole unless a <c>limit</c> is given.
/// </remarks>
public static class ListRecognitions
{
    private const string Json = "application/json";
    private const string Csv = "text/csv";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/recognitions", HandleAsync)
        .WithExample("""
            {
              "items": [
                {
                  "recogniser": "cel", "recogniserNames": { "en": "China Environmental Labelling", "zh": "中国环境标志" }, "recognised": "geca",
                  "recognisedNames": { "en": "Good Environmental Choice Australia", "zh": "澳大利亚良好环境选择标志" }, "level": "proxy-verification",
                  "outcome": "verification-accepted", "extent": "whole", "categories": [], "except": [], "standards": [], "minTier": null,
                  "wanted": [],
                  "conditions": [
                    {
                      "code": "agreement-standing-unconfirmed",
                      "message": "No source shows that the agreement was still alive on the date. Ask the parties.",
                      "excludeSiteCountries": []
                    }
                  ],
                  "agreement": "cel-geca-2005", "policy": null, "grant": "cel-accepts-geca", "through": null, "effectiveFrom": "2005-01-25",
                  "effectiveUntil": null, "holdsUntil": null,
                  "sources": [
                    {
                      "title": "Xinhua via Sina: first international recognition of the China environmental label (2005-01-26)",
                      "address": "http://news.sina.com.cn/c/2005-01-26/08484951058s.shtml", "published": "2005-01-26",
                      "readOn": "2026-11-22", "confidence": "verified"
                    }
                  ],
                  "warnings": [
                    { "code": "label-still-required", "message": "This \"partly\" does not replace the recogniser's own label." },
                    {
                      "code": "scheme-not-policy",
                      "message": "A label was asked. Whether a tender accepts the product depends on its purchasing policy."
                    }
                  ]
                }
              ],
              "next": null
            }
            """)
        .Produces<Page<Row>>()
        .AlsoAnswers(Csv, """
            recogniser,recogniser_name,recognised,recognised_name,level,outcome,extent,categories,except,standards,min_tier,wanted,conditions,agreement,policy,grant,through,effective_from,effective_until,holds_until,sources,warnings
            cel,China Environmental Labelling,eco-mark,Eco Mark,common-criteria,conditional,whole,it.imaging,,eco-mark-no-155 (1),,cel-hj-424 (2017),document-required: …,cel-ecomark-2005,,cel-accepts-eco-mark-copiers,,2018-03-01,,,Eco Mark news <https://ecomark.jp/info/new/post_86.html>,label-still-required; scheme-not-policy
            """)
        .Refuses(ProblemCode.UnknownRecogniser, ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.Ambiguous, ProblemCode.NotAcceptable);

    private static async Task<IResult> HandleAsync(Parameters<Request> request, IMediator mediator, HttpContext http, CancellationToken cancel)
    {
        var mediaType = MediaTypes.Choose(http, Json, Csv);
        if (mediaType == Json)
        {
            return Reply.Computed(await mediator.Send(request.Value, cancel));
        }

        var page = await mediator.Send(request.Value with { Paging = request.Value.Paging.WholeUnlessLimited() }, cancel);
        return Reply.Written(Csv, page, (writer, stop) => WriteCsvAsync(page.Items, writer, stop));
    }

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Recogniser" example="cel">Code of a scheme, policy or label body; <c>body:…</c> forces the body, which stands for its schemes.</param>
    /// <param name="Recognised" example="eco-mark">Code or alias of a scheme: where its certificates are accepted.</param>
    /// <param name="Category" example="it.imaging">Own code, <c>cpv:…</c> or <c>unspsc:…</c>.</param>
    /// <param name="Level">Exactly this level.</param>
    /// <param name="AsOf">The date asked about; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(
        Paging Paging,
        string? Recogniser = null,
        string? Recognised = null,
        string? Category = null,
        Level? Level = null,
        AsOf? AsOf = null,
        KnownAt? KnownAt = null) : IRequest<Page<Row>>;

    /// <summary>A label that is accepted.</summary>
    /// <param name="Recogniser">Code of the scheme or policy that accepts.</param>
    /// <param name="RecogniserNames">Its names by language.</param>
    /// <param name="Recognised">Code of the scheme that is accepted.</param>
    /// <param name="RecognisedNames">Its names by language.</param>
    /// <param name="Level">What is accepted; of two steps the weaker.</param>
    /// <param name="Outcome">The best that it can give a certificate; null when its level gives nothing.</param>
    /// <param name="Extent">How much of the category asked it covers; null when none is asked.</param>
    /// <param name="Categories">Categories covered, with those below them; empty means all.</param>
    /// <param name="Except">Categories that a party keeps out, with those below them.</param>
    /// <param name="Standards">Standards that a certificate must be of; empty means any.</param>
    /// <param name="MinTier">Lowest tier accepted; null means any.</param>
    /// <param name="Wanted">Standards of the recogniser whose criteria are wanted; empty means those for the category.</param>
    /// <param name="Conditions">What else is asked, or left to be confirmed.</param>
    /// <param name="Agreement">Code of the agreement; null for a policy.</param>
    /// <param name="Policy">Code of the policy; null for an agreement.</param>
    /// <param name="Grant">Id of the grant, or the line's place in the policy.</param>
    /// <param name="Through">The grant that a policy relies on which accepts whatever a scheme recognises; null otherwise.</param>
    /// <param name="EffectiveFrom">First day, or what stands in for it.</param>
    /// <param name="EffectiveUntil">Last day as agreed; null while open.</param>
    /// <param name="HoldsUntil">Last day given every event on record, future ones included; null when open-ended.</param>
    /// <param name="Sources">Where it was read.</param>
    /// <param name="Warnings">What keeps a buyer from a wrong conclusion.</param>
    public sealed record Row(
        string Recogniser,
        IReadOnlyDictionary<string, string>? RecogniserNames,
        string Recognised,
        IReadOnlyDictionary<string, string>? RecognisedNames,
        Level Level,
        Outcome? Outcome,
        CategoryExtent? Extent,
        IReadOnlyList<string> Categories,
        IReadOnlyList<string> Except,
        IReadOnlyList<GrantedStandardEntry> Standards,
        string? MinTier,
        IReadOnlyList<WantedStandardEntry> Wanted,
        IReadOnlyList<Condition> Conditions,
        string? Agreement,
        string? Policy,
        string Grant,
        Step? Through,
        PartialDate? EffectiveFrom,
        PartialDate? EffectiveUntil,
        DateOnly? HoldsUntil,
        IReadOnlyList<Source> Sources,
        IReadOnlyList<AnsweredWarning> Warnings);

    /// <summary>A grant that a policy relies on.</summary>
    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="Grant">Id of the grant.</param>
    /// <param name="Recogniser">Code of the scheme whose recognition the policy accepts.</param>
    /// <param name="Level">Its own level.</param>
    public sealed record Step(string Agreement, string Grant, string Recogniser, Level Level);

    /// <summary>Something asked of a certificate, or left to be confirmed.</summary>
    /// <param name="Code">The grant's own code, or one of the registry's.</param>
    /// <param name="Message">In words.</param>
    /// <param name="ExcludeSiteCountries">No site may lie in one of these countries.</param>
    public sealed record Condition(string Code, string Message, IReadOnlyList<string> ExcludeSiteCountries);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Recogniser).IsText(Limits.Line);
            RuleFor(r => r.Recognised).IsText(Limits.Line);
            RuleFor(r => r.Category).IsText(Limits.Line);
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<Row>>
    {
        public Task<Page<Row>> Handle(Request request, CancellationToken cancel) => registries.PageAsync(
            request.Paging,
            request.KnownAt,
            request.AsOf?.Day ?? Http.AsOf.Today(clock),
            (registry, day) => Find(registry, request, day).Select(a => Show(registry, a, day)).OrderBy(Key, Comparer<IReadOnlyList<string>>.Create(ReadRecords.Compare)),
            Key,
            cancel);

        private static string[] Key(Row row) =>
            [row.Recogniser, row.Recognised, row.Agreement ?? "", row.Policy ?? "", row.Grant, row.Through?.Agreement ?? "", row.Through?.Grant ?? ""];

        private static IEnumerable<AcceptedLabel> Find(RegistryAt registry, Request request, DateOnly day)
        {
            var graph = registry.Graph;
            var category = request.Category is null ? null : FindCategory.Find(registry, "category", request.Category);

            // A sub-scheme that says so is accepted wherever its parent is.
            var labels = request.Recognised is null ? null : graph.CountsAs(FindScheme.Find(registry, "recognised", request.Recognised));
            var isAsked = IsAsked(registry, request.Recogniser);
            return AcceptedLabels.On(graph, day, category).Where(a =>
                isAsked(a.Grant)
                && (labels is null || labels.Contains(a.Recognised, StringComparer.Ordinal))
                && (request.Level is { } level ? a.Level == level : a.Outcome is not null));
        }

        private static Func<GrantInForce, bool> IsAsked(RegistryAt registry, string? text)
        {
            if (text is null)
            {
                return grant => grant.Agreement is not null;
            }

            var (kind, code) = FindScheme.FindRecogniser(registry, "recogniser", text);
            if (kind == RecogniserKind.Policy)
            {
                return grant => grant.Policy?.Code == code;
            }

            var schemes = kind == RecogniserKind.Scheme ? [code] : registry.Graph.SchemesOf(code);
            return grant => grant.Agreement is not null && schemes.Contains(grant.Grant.Recogniser, StringComparer.Ordinal);
        }

        private static Row Show(RegistryAt registry, AcceptedLabel accepted, DateOnly day)
        {
            var (grant, below) = (accepted.Grant.Grant, accepted.Below?.Grant);
            return new(
                grant.Recogniser,
                accepted.Grant.Policy is { } policy ? registry.Policies[policy.Code].Entry.Names : registry.Schemes[grant.Recogniser].Entry.Names,
                accepted.Recognised,
                registry.Schemes[accepted.Recognised].Entry.Names,
                accepted.Level,
                accepted.Outcome,
                accepted.Extent,
                accepted.Categories,
                accepted.Except,
                [.. (grant.Standards.Count > 0 ? grant : below ?? grant).Standards.Select(s => new GrantedStandardEntry(s.Standard, s.Editions))],
                grant.MinTier ?? below?.MinTier,
                [.. grant.Wanted.Select(w => new WantedStandardEntry(w.Standard, w.Edition))],
                [.. Conditions(accepted, Language.Current)],
                accepted.Grant.Agreement?.Code,
                accepted.Grant.Policy?.Code,
                grant.Id,
                below is null ? null : new Step(accepted.Below!.Agreement!.Code, below.Id, below.Recogniser, below.Level),
                Later(accepted.Grant.EffectiveFrom, accepted.Below?.EffectiveFrom),
                Earlier(accepted.Grant.EffectiveUntil, accepted.Below?.EffectiveUntil),
                accepted.HoldsUntil,
                [.. Sources(registry, accepted.Grant, day), .. accepted.Below is null ? [] : Sources(registry, accepted.Below, day)],
                [.. accepted.Warnings.Select(w => new AnsweredWarning(w, Texts.Of(w, Language.Current)))]);
        }

        private static IEnumerable<Condition> Conditions(AcceptedLabel accepted, Language language)
        {
            foreach (var condition in accepted.Grant.Grant.Conditions.Concat(accepted.Below?.Grant.Conditions ?? []))
            {
                yield return new(condition.Code, language.Of(condition.Message) ?? condition.Code, condition.ExcludeSiteCountries);
            }

            foreach (var (applies, code) in new[]
            {
                (accepted.IsDateUncertain, ConditionCode.DateUncertain),
                (accepted.IsUnconfirmed, ConditionCode.AgreementStandingUnconfirmed),
            })
            {
                if (applies)
                {
                    yield return new(Code.Of(code), Texts.Of(code, language), []);
                }
            }
        }

        /// <summary>Those of the line itself; where it names none, those of the accession that brought it, else of the whole text.</summary>
        private static IReadOnlyList<Source> Sources(RegistryAt registry, GrantInForce grant, DateOnly day)
        {
            if (grant.Policy is { } policy)
            {
                var entry = registry.Policies[policy.Code].Entry;
                var line = entry.Accepts![int.Parse(grant.Grant.Id, System.Globalization.CultureInfo.InvariantCulture) - 1];
                return line.Sources ?? entry.Sources ?? [];
            }

            var agreement = registry.Agreements[grant.Agreement!.Code].Entry;
            return agreement.SourcesOf(agreement.Texts![AgreementStandings.On(grant.Agreement, day).TextIndex], grant.Grant);
        }

        private static PartialDate? Later(PartialDate? one, PartialDate? other) =>
            one is null || other?.FirstDay > one?.FirstDay ? other ?? one : one;

        private static PartialDate? Earlier(PartialDate? one, PartialDate? other) =>
            one is null || other?.LastDay < one?.LastDay ? other ?? one : one;
    }

    private static async Task WriteCsvAsync(IReadOnlyList<Row> rows, PipeWriter writer, CancellationToken cancel)
    {
        var language = Language.Current;
        var csv = new CsvText();
        csv.Add(
            "recogniser", "recogniser_name", "recognised", "recognised_name", "level", "outcome", "extent", "categories", "except", "standards", "min_tier",
            "wanted", "conditions", "agreement", "policy", "grant", "through", "effective_from", "effective_until", "holds_until", "sources", "warnings");
        foreach (var row in rows)
        {
            csv.Add(
                row.Recogniser,
                language.Of(row.RecogniserNames),
                row.Recognised,
                language.Of(row.RecognisedNames),
                Code.Of(row.Level),
                row.Outcome is { } outcome ? Code.Of(outcome) : null,
                row.Extent is { } extent ? Code.Of(extent) : null,
                CsvText.List(row.Categories),
                CsvText.List(row.Except),
                CsvText.List(row.Standards.Select(s => s.Editions is { Count: > 0 } editions ? $"{s.Id} ({string.Join(", ", editions)})" : s.Id)),
                row.MinTier,
                CsvText.List(row.Wanted.Select(w => w.Edition is { } edition ? $"{w.Standard} ({edition})" : w.Standard)),
                CsvText.List(row.Conditions.Select(c => $"{c.Code}: {c.Message}")),
                row.Agreement,
                row.Policy,
                row.Grant,
                row.Through is { } step ? $"{step.Agreement}/{step.Grant}" : null,
                row.EffectiveFrom?.ToString(),
                row.EffectiveUntil?.ToString(),
                row.HoldsUntil?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                CsvText.List(row.Sources.Select(s => s.Address is { } address ? $"{s.Title} <{address}>" : s.Title)),
                CsvText.List(row.Warnings.Select(w => Code.Of(w.Code))));
        }

        await writer.WriteAsync(csv.ToUtf8(), cancel);
    }
}
