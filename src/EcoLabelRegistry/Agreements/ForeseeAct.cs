using Dapper;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Tells what a write to an agreement would change for checks, before it is made: it is made, judged by the engine that answers, and undone.</summary>
/// <remarks>
/// What misses signatures changes nothing yet; then it is told what it will change once all have signed. Grants in force are compared on every day on
/// which anything of the agreement begins or ends; certificates are judged on one day, before and after, for the schemes that recognise and for the policies that accept
/// whatever those recognise. Who relies on it further on (<c>onward</c>) is not looked for.
/// </remarks>
public sealed class ForeseeAct(ChangeLog log, IMediator mediator, Registries registries, TimeProvider clock)
{
    // Judging so many takes about a second; of a larger register it is said how many were looked at.
    private const int MostCertificates = 20_000;

    // No check asks about an earlier day.
    private static readonly DateOnly First = new(1970, 1, 1);

    private const string CertificatesOf = """
        select recorded_from as Revision, data
        from certificate
        where scheme = @Scheme and recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)
        order by id
        limit @Limit
        """;

    /// <summary>Foresees a write.</summary>
    /// <param name="write">The request that would be sent.</param>
    /// <param name="agreement">Code of the agreement that it writes.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusalException">The write would be refused.</exception>
    public async Task<Foreseen> OfAsync<T>(IRequest<T> write, string agreement, CancellationToken cancel)
    {
        var (now, then) = await log.ForeseeAsync(() => mediator.Send(write, cancel), cancel);
        var before = now.Agreements.GetValueOrDefault(agreement)?.Entry;
        var recorded = then.Agreements[agreement];
        var document = Touched(before, recorded.Entry);
        var awaits = document is null || (document is AgreementTextEntry text && recorded.Entry.IsSigned(text)) ? [] : document.Missing.ToList(); // what is attested counts already
        if (awaits.Count > 0)
        {
            var signed = recorded.Entry.Sign(document!.TextHash!, awaits, Change.Instant(clock.GetUtcNow()), Actor.OfBody(""));
            then = then.With(RecordKind.Agreement, agreement, RecordJson.Text(signed), then.Revision);
        }

        var differences = Differences(now, then, agreement);
        var today = AsOf.Today(clock);
        var day = differences.Count == 0 ? today
            : differences[0].Until is { } until && until < today ? until
            : differences[0].From > today ? differences[0].From
            : today;
        return new Foreseen(
            awaits,
            differences,
            [.. WarningsOn(then, agreement, day).Except(WarningsOn(now, agreement, day))],
            [.. WarningsOn(now, agreement, day).Except(WarningsOn(then, agreement, day))],
            day,
            differences.Count == 0 ? [] : await JudgeAsync(now, then, agreement, day, cancel));
    }

    /// <summary>The text or accession that the write adds or signs.</summary>
    private static ISignedDocument? Touched(AgreementEntry? before, AgreementEntry after) => after.Documents.FirstOrDefault(d =>
        before is null || !before.Documents.Any(b => b.TextHash == d.TextHash && (b.Signatures?.Count ?? 0) == (d.Signatures?.Count ?? 0)));

    private static List<GrantsDiffer> Differences(RegistryAt now, RegistryAt then, string agreement)
    {
        var differences = new List<GrantsDiffer>();
        var days = Days(now, agreement).Concat(Days(then, agreement)).Where(d => d > First).Append(First).Distinct().Order().ToList();
        for (var i = 0; i < days.Count; i++)
        {
            var (before, after) = (InForce(now, agreement, days[i]), InForce(then, agreement, days[i]));
            var stop = before.Where(g => !after.ContainsKey(g.Key)).Select(g => g.Value.Grant).ToList();
            var start = after.Where(g => !before.ContainsKey(g.Key)).Select(g => g.Value.Grant).ToList();
            var change = after.Where(g => before.TryGetValue(g.Key, out var other) && other.Text != g.Value.Text).Select(g => g.Value.Grant).ToList();
            DateOnly? until = i + 1 < days.Count ? days[i + 1].AddDays(-1) : null;
            if (stop.Count + start.Count + change.Count == 0)
            {
                continue;
            }

            var found = new GrantsDiffer(days[i], until, stop, start, change);
            if (differences.Count > 0 && differences[^1].Until == days[i].AddDays(-1) && differences[^1].IsLike(found))
            {
                differences[^1] = differences[^1] with { Until = until };
            }
            else
            {
                differences.Add(found);
            }
        }

        return differences;
    }

    /// <summary>The grants of the agreement that give something on a day, each with all that it says.</summary>
    private static Dictionary<string, (Grant Grant, string Text)> InForce(RegistryAt registry, string agreement, DateOnly day) =>
        registry.Graph.Agreements.GetValueOrDefault(agreement) is { } model
            ? AgreementOnDate.Of(registry.Graph, model, day).Grants.Where(g => g.Reasons.Count == 0).ToDictionary(
                g => $"{g.Grant.Id} {g.Grant.Recogniser} {g.Grant.Recognised}", g => (g.Grant, RecordJson.Text(g.Grant)), StringComparer.Ordinal)
            : [];

    /// <summary>Every day on which something of the agreement begins, or is over.</summary>
    private static IEnumerable<DateOnly> Days(RegistryAt registry, string agreement)
    {
        if (registry.Graph.Agreements.GetValueOrDefault(agreement) is not { } model)
        {
            return [];
        }

        var begin = model.Texts.Select(t => AgreementStandings.StartOf(t, model)).Concat(model.Parties.Select(p => p.AccededOn))
            .Concat(model.Events.Select(e => (PartialDate?)e.Effective)).Concat(model.Texts.SelectMany(t => t.Grants).Select(g => g.From));
        var end = model.Texts.Select(t => t.EffectiveUntil).Concat(model.Texts.SelectMany(t => t.Grants).Select(g => g.Until));
        return begin.OfType<PartialDate>().Select(d => d.FirstDay)
            .Concat(end.OfType<PartialDate>().Where(d => d.LastDay < DateOnly.MaxValue).Select(d => d.LastDay.AddDays(1)));
    }

    private static IEnumerable<Warning> WarningsOn(RegistryAt registry, string agreement, DateOnly day) =>
        registry.Graph.Agreements.GetValueOrDefault(agreement) is { } model ? AgreementOnDate.Of(registry.Graph, model, day).Warnings : [];

    /// <summary>How many valid certificates get another answer, for each direction in which the agreement says anything.</summary>
    private async Task<IReadOnlyList<CertificatesDiffer>> JudgeAsync(RegistryAt now, RegistryAt then, string agreement, DateOnly day, CancellationToken cancel)
    {
        var pairs = InForce(now, agreement, day).Values.Concat(InForce(then, agreement, day).Values)
            .Select(g => (g.Grant.Recogniser, g.Grant.Recognised)).Distinct().Order()
            .SelectMany(pair => Askers(then, pair.Recogniser).Select(asker => (Recogniser: asker, pair.Recognised))).Distinct().ToList();
        var counts = pairs.ToDictionary(pair => pair, _ => new Count());
        await using var reading = await registries.ReadAsync(null, cancel);
        foreach (var scheme in pairs.Select(p => p.Recognised).Distinct(StringComparer.Ordinal))
        {
            var recognisers = pairs.Where(p => p.Recognised == scheme).ToList();
            var rows = reading.Db.QueryUnbufferedAsync<CertificateRow>(
                CertificatesOf, new { Scheme = scheme, reading.Revision, Limit = MostCertificates + 1 }, reading.Transaction);
            var looked = 0;
            await foreach (var row in rows.WithCancellation(cancel))
            {
                var certificate = row.Read();
                if (looked++ == MostCertificates)
                {
                    recognisers.ForEach(pair => counts[pair].IsCut = true);
                    break;
                }

                if (CertificateOnDate.Of(now, certificate, day).State.Standing != CertificateStanding.Valid)
                {
                    continue;
                }

                var subject = new RecognitionSubject(SubjectKind.Certificate, [new Candidate(certificate.Model, certificate.Model.Lines)]);
                foreach (var pair in recognisers)
                {
                    var question = new RecognitionQuestion(pair.Recogniser, day);
                    counts[pair].Add(RecognitionEngine.Decide(now.Graph, subject, question), RecognitionEngine.Decide(then.Graph, subject, question));
                }
            }
        }

        return [.. counts.Where(c => c.Key.Recogniser.Kind == RecogniserKind.Scheme || c.Value.Changed > 0)
            .Select(c => new CertificatesDiffer(c.Key.Recogniser, c.Key.Recognised, c.Value.Valid, c.Value.Changed, c.Value.IsCut, c.Value.Answers()))];
    }

    /// <summary>The scheme, and the policies that accept whatever it recognises.</summary>
    private static IEnumerable<Recogniser> Askers(RegistryAt registry, string scheme) => registry.Policies.Values
        .Where(p => (p.Entry.Accepts ?? []).Any(line => line.RecognisedBy == scheme))
        .Select(p => new Recogniser(RecogniserKind.Policy, p.Entry.Code!))
        .Prepend(new Recogniser(RecogniserKind.Scheme, scheme));

    private sealed class Count
    {
        private readonly Dictionary<(Answer Before, Answer After), int> _answers = [];

        public int Valid { get; private set; }

        public int Changed { get; private set; }

        public bool IsCut { get; set; }

        public void Add(RecognitionAnswer before, RecognitionAnswer after)
        {
            Valid++;
            if (Essence(before) == Essence(after))
            {
                return;
            }

            Changed++;
            var step = (before.Outcome.Answer(), after.Outcome.Answer());
            _answers[step] = _answers.GetValueOrDefault(step) + 1;
        }

        public IReadOnlyList<AnswersDiffer> Answers() =>
            [.. _answers.OrderByDescending(a => a.Value).ThenBy(a => a.Key).Select(a => new AnswersDiffer(a.Key.Before, a.Key.After, a.Value))];

        // What a buyer acts on: the outcome, and what is left to prove on the best way.
        private static string Essence(RecognitionAnswer answer) =>
            $"{answer.Outcome} {(answer.Paths is [var best, ..] ? string.Join(' ', best.Conditions.Select(c => $"{c.Code}/{c.Criterion?.Ref}/{c.Standard}").Prepend($"{best.Level}")) : "")}";
    }
}

/// <summary>What a write to an agreement would change for checks.</summary>
/// <param name="Awaits">Codes of the schemes that have to sign before it changes anything; with none it does at once.</param>
/// <param name="Differences">What stops and starts, stretch of days by stretch of days.</param>
/// <param name="NewWarnings">Warnings that answers gain which rest on the agreement.</param>
/// <param name="LostWarnings">Warnings that they lose.</param>
/// <param name="Day">The day on which certificates were judged.</param>
/// <param name="Certificates">Valid certificates, for each direction.</param>
public sealed record Foreseen(
    IReadOnlyList<string> Awaits,
    IReadOnlyList<GrantsDiffer> Differences,
    IReadOnlyList<Warning> NewWarnings,
    IReadOnlyList<Warning> LostWarnings,
    DateOnly Day,
    IReadOnlyList<CertificatesDiffer> Certificates);

/// <summary>Grants that give something on other days than before.</summary>
/// <param name="From">First day.</param>
/// <param name="Until">Last day; null for no end.</param>
/// <param name="Stop">Those that give nothing any more.</param>
/// <param name="Start">Those that gave nothing.</param>
/// <param name="Change">Those that say something else.</param>
public sealed record GrantsDiffer(DateOnly From, DateOnly? Until, IReadOnlyList<Grant> Stop, IReadOnlyList<Grant> Start, IReadOnlyList<Grant> Change)
{
    /// <summary>True when the same grants stop, start and change.</summary>
    public bool IsLike(GrantsDiffer other) => Ids(Stop) == Ids(other.Stop) && Ids(Start) == Ids(other.Start) && Ids(Change) == Ids(other.Change);

    private static string Ids(IReadOnlyList<Grant> grants) => string.Join(' ', grants.Select(g => g.Id));
}

/// <summary>Certificates of one scheme, asked of another, or of a policy that accepts whatever that one recognises.</summary>
/// <param name="Recogniser">Who is asked.</param>
/// <param name="Recognised">Code of the scheme that granted them.</param>
/// <param name="Valid">How many valid ones were judged.</param>
/// <param name="Changed">How many of them get another answer, or have something else left to prove.</param>
/// <param name="IsCut">True when there are more than were looked at.</param>
/// <param name="Answers">Which answers become which.</param>
public sealed record CertificatesDiffer(Recogniser Recogniser, string Recognised, int Valid, int Changed, bool IsCut, IReadOnlyList<AnswersDiffer> Answers);

/// <summary>So many answers that become another.</summary>
public sealed record AnswersDiffer(Answer Before, Answer After, int Count);
