namespace EcoLabelRegistry.Recognition.Tests.Oracle;

/// <summary>The decision a second time, slow and obvious: every list is searched from its beginning, every way is tried, every day is asked again.</summary>
/// <remarks>
/// Written from the rules of a decision alone, to disagree with the engine wherever one of the two misread them. It shares with the engine
/// the words (the public records) and the comparison of criteria, and nothing else.
/// </remarks>
internal sealed class SlowRecognition
{
    private readonly PlainRegistry registry;
    private readonly RecognitionSubject subject;
    private readonly RecognitionQuestion question;

    private SlowRecognition(PlainRegistry registry, RecognitionSubject subject, RecognitionQuestion question)
    {
        this.registry = registry;
        this.subject = subject;
        this.question = question;
    }

    /// <summary>How a partial date is read. Generously, a start is its first day and an end its last; strictly, the other way round.</summary>
    private enum Reading
    {
        Generous,
        Strict,
    }

    public static RecognitionAnswer Decide(PlainRegistry registry, RecognitionSubject subject, RecognitionQuestion question) =>
        new SlowRecognition(registry, subject, question).Decide();

    private RecognitionAnswer Decide()
    {
        // A certificate without any line, asked alone, stands for itself.
        if (subject is { Kind: SubjectKind.Certificate, Candidates: [{ Lines.Count: 0, Certificate.Lines.Count: 0 } alone] })
        {
            var itself = subject with { Candidates = [alone with { Lines = [new ProductLine(null, null)] }] };
            return new SlowRecognition(registry, itself, question).DecideOne();
        }

        if (subject.Kind == SubjectKind.Certificate && question.Category is null)
        {
            var byCategory = CategoriesOnTheDay();
            if (byCategory.Count > 1)
            {
                return byCategory
                    .Select(only => new SlowRecognition(registry, only, question).DecideOne())
                    .OrderByDescending(a => a.Outcome)
                    .ThenByDescending(a => a.Paths.Count > 0 ? a.Paths[0] : null, Comparer<RecognitionPath?>.Create((a, b) => a is null || b is null ? 0 : InRank(a, b)))
                    .First() is var weakest
                    ? weakest with { Warnings = [.. weakest.Warnings.Append(Warning.SeveralCategories).Order()] }
                    : throw new InvalidOperationException();
            }
        }

        return DecideOne();
    }

    /// <summary>The lines on the certificate on the day; when none is, all of them, to say why.</summary>
    private List<ProductLine> LinesJudged(IReadOnlyList<ProductLine> lines)
    {
        var onTheDay = lines.Where(l => IsOn(l, question.AsOf, Reading.Generous)).ToList();
        return onTheDay.Count > 0 ? onTheDay : [.. lines];
    }

    private List<RecognitionSubject> CategoriesOnTheDay()
    {
        return [.. LinesJudged([.. subject.Candidates.SelectMany(c => c.Lines)])
            .Select(l => l.Category)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(category => subject with
            {
                Candidates = [.. subject.Candidates.Select(c => c with { Lines = [.. c.Lines.Where(l => Same(l.Category, category))] })],
            })];
    }

    private RecognitionAnswer DecideOne()
    {
        var day = question.AsOf;
        var paths = Ways(day)
            .Select(way => (way, path: Walk(way, day)))
            .Where(w => w.path is not null)
            .Select(w => w.path! with { HoldsUntil = LastDayOf(w.way, w.path!.Outcome) })
            .OrderBy(p => p, Comparer<RecognitionPath>.Create(BetterFirst))
            .ToList();
        var certificates = subject.Candidates
            .OrderBy(c => c.Certificate.Scheme, StringComparer.Ordinal)
            .ThenBy(c => c.Certificate.Number, StringComparer.Ordinal)
            .ThenBy(c => c.Certificate.Id, StringComparer.Ordinal)
            .Select(c => new JudgedCertificate(
                c.Certificate,
                PeriodOn(c.Certificate, day, Reading.Generous),
                StandingOf(c.Certificate, day, Reading.Generous),
                WhyNotCounting(c, c.Lines, day, Reading.Generous)))
            .ToList();

        var outcome = paths.Count > 0 ? paths[0].Outcome
            : !subject.OnRecord ? Outcome.Unknown
            : certificates.Exists(c => c.Reasons.Count == 0) ? Outcome.NotRecognised
            : Outcome.NotCertified;
        var misses = Misses(day);
        var isYes = outcome.Answer() == Answer.Yes;
        return new(
            outcome,
            paths.Count > 0 ? paths[0].HoldsUntil : null,
            paths,
            certificates,
            isYes ? [] : Reasons(certificates, misses, outcome),
            paths.Count > 0 ? null : Nearest(misses),
            CoverageConcerned(outcome),
            Warnings(outcome, paths, certificates, misses));
    }

    // ---- Ways: who could accept what, tried one by one ------------------------------------------------------------------------

    /// <summary>One way from the recogniser to a certificate, by names, so that it can be walked on any day.</summary>
    /// <param name="Candidate">The certificate at the end.</param>
    /// <param name="Category">The category of its lines that is judged.</param>
    /// <param name="Steps">Names of the grants and policy lines on the way; none for the recogniser's own certificate.</param>
    private sealed record Way(Candidate Candidate, string? Category, IReadOnlyList<StepName> Steps);

    /// <summary>A grant of the same id between another pair is another grant.</summary>
    private sealed record StepName(string? Agreement, string? Policy, string Grant, string Recogniser, string Recognised)
    {
        public StepName(PathStep step)
            : this(step.Agreement, step.Policy, step.Grant, step.Recogniser, step.Recognised)
        {
        }
    }

    /// <summary>A step as the text of some day has it.</summary>
    private sealed record Step(StepName Name, Level Level)
    {
        public string Recogniser => Name.Recogniser;

        public string Recognised => Name.Recognised;

        public Agreement? Agreement { get; init; }

        public AgreementText? Text { get; init; }

        public Grant? Grant { get; init; }

        public PolicyLine? Line { get; init; }

        public bool AcceptsWhateverIsRecognised => Line?.RecognisedBy is not null;

        public IReadOnlyList<string> Categories => Grant?.Categories ?? Line!.Categories;

        public IReadOnlyList<GrantedStandard> Standards => Grant?.Standards ?? Line!.Standards;

        public IReadOnlyList<GrantCondition> Conditions => Grant?.Conditions ?? Line!.Conditions;

        public string? MinTier => Grant is { } grant ? grant.MinTier : Line!.MinTier;

        public PartialDate? From => Grant is { } grant ? grant.From : Line!.From;

        public PartialDate? Until => Grant is { } grant ? grant.Until : Line!.Until;
    }

    private List<string> Recognisers() => question.Recogniser.Kind switch
    {
        RecogniserKind.Body => [.. registry.Schemes.Where(s => Same(s.Body, question.Recogniser.Code)).Select(s => s.Code)],
        _ => [question.Recogniser.Code],
    };

    private IEnumerable<Way> Ways(DateOnly day)
    {
        var chains = Chains(day);
        foreach (var candidate in subject.Candidates)
        {
            foreach (var category in candidate.Lines.Select(l => l.Category).Distinct(StringComparer.Ordinal))
            {
                yield return new Way(candidate, category, []);
                foreach (var chain in chains)
                {
                    yield return new Way(candidate, category, [.. chain.Select(s => s.Name)]);
                }
            }
        }
    }

    private List<Step[]> Chains(DateOnly day)
    {
        var steps = StepsOn(day, Reading.Generous);
        var one = steps.Where(s => Recognisers().Contains(s.Recogniser, StringComparer.Ordinal)).Select(s => (Step[])[s]).ToList();
        var two = one.SelectMany(Lengthened).ToList();
        var three = two.SelectMany(Lengthened);
        return [.. one.Concat(two).Concat(three).Where(IsConnected)];

        IEnumerable<Step[]> Lengthened(Step[] chain) => steps.Where(s => Same(s.Recogniser, chain[^1].Recognised)).Select(s => (Step[])[.. chain, s]);
    }

    private readonly Dictionary<(DateOnly Day, Reading Reading), List<Step>> stepsOn = [];

    private List<Step> StepsOn(DateOnly day, Reading reading) =>
        stepsOn.TryGetValue((day, reading), out var known) ? known : stepsOn[(day, reading)] = [.. EveryStepOn(day, reading)];

    private IEnumerable<Step> EveryStepOn(DateOnly day, Reading reading)
    {
        foreach (var agreement in registry.Agreements)
        {
            var text = TextOn(agreement, day, reading);
            foreach (var grant in text?.Grants ?? [])
            {
                yield return new Step(new StepName(agreement.Code, null, grant.Id, grant.Recogniser, grant.Recognised), grant.Level)
                {
                    Agreement = agreement,
                    Text = text,
                    Grant = grant,
                };
            }
        }

        foreach (var policy in registry.Policies)
        {
            for (var i = 0; i < policy.Accepts.Count; i++)
            {
                var line = policy.Accepts[i];
                var place = (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
                yield return new Step(new StepName(null, policy.Code, place, policy.Code, line.Scheme ?? line.RecognisedBy!), Level.FullProduct) { Line = line };
            }
        }
    }

    /// <summary>Each step begins where the one before it ended, comes back nowhere, and may be taken that far from the start.</summary>
    private bool IsConnected(IReadOnlyList<Step> chain)
    {
        if (!Recognisers().Contains(chain[0].Recogniser, StringComparer.Ordinal))
        {
            return false;
        }

        var visited = new List<string> { chain[0].Recogniser };
        for (var i = 0; i < chain.Count; i++)
        {
            var stepsAfter = chain.Count - 1 - i;
            var mayGoOn = chain[i].AcceptsWhateverIsRecognised ? stepsAfter == 1 : (chain[i].Grant?.OnwardMaxHops ?? 0) >= stepsAfter;
            if (!Same(chain[i].Recogniser, visited[^1]) || visited.Contains(chain[i].Recognised, StringComparer.Ordinal) || !mayGoOn)
            {
                return false;
            }

            if (i > 0 && !chain[0].AcceptsWhateverIsRecognised && !IsFull(chain[i].Level))
            {
                return false;
            }

            visited.Add(chain[i].Recognised);
        }

        return true;
    }

    // ---- Walking a way on a day -----------------------------------------------------------------------------------------------

    private RecognitionPath? Walk(Way way, DateOnly day)
    {
        if (LevelIfHeld(way, day, Reading.Generous) is not { } held)
        {
            return null;
        }

        var certificate = way.Candidate.Certificate;
        var period = PeriodOn(certificate, day, Reading.Generous)!;
        var steps = Resolve(way, day, Reading.Generous)!;
        var gives = Gives(way, day, Reading.Generous)!.Value;
        var isCertain = Gives(way, day, Reading.Strict) <= gives;
        var byPolicy = steps.Count > 0 && steps[0].AcceptsWhateverIsRecognised;

        var conditions = new List<PathCondition>();
        if (!byPolicy && held.Level is Level.CommonCriteria or Level.Evidence)
        {
            conditions.AddRange(LeftToProve(steps[0], way.Category, period, day));
        }

        foreach (var step in steps)
        {
            conditions.AddRange(step.Conditions
                .Where(c => Judge(c, certificate) is null)
                .Select(c => new PathCondition(c.Code) { Stated = c, About = step.Name.Agreement ?? step.Name.Policy }));
            if (step.Agreement?.ConfirmedOn is { } confirmed && day > confirmed.LastDay)
            {
                conditions.Add(new(Code.Of(ConditionCode.AgreementStandingUnconfirmed)) { About = step.Agreement.Code });
            }
        }

        if (period.Until is null && period.LastConfirmedOn is { } last && day > last.LastDay)
        {
            conditions.Add(new(Code.Of(ConditionCode.CertificateStandingUnconfirmed)));
        }

        if (!isCertain)
        {
            conditions.Add(new(Code.Of(ConditionCode.DateUncertain)));
        }

        return new(
            isCertain || gives == Outcome.VerificationAccepted ? gives : Outcome.Conditional,
            held.Level,
            Derived: steps.Count > 1,
            HoldsUntil: null,
            certificate,
            period,
            way.Category,
            [.. steps.Select(s => new PathStep(s.Name.Agreement, s.Name.Policy, s.Name.Grant, s.Recogniser, s.Recognised, s.Level))],
            [.. conditions.Distinct()]);
    }

    /// <summary>What a way gives on a day, were every date known as this reading has it; null when it does not hold.</summary>
    private Outcome? Gives(Way way, DateOnly day, Reading reading)
    {
        if (LevelIfHeld(way, day, reading) is not { } held)
        {
            return null;
        }

        var certificate = way.Candidate.Certificate;
        var period = PeriodOn(certificate, day, reading)!;
        var steps = Resolve(way, day, reading)!;
        var isLeftToPeople = (period.Until is null && period.LastConfirmedOn is { } last && day > last.LastDay)
            || steps.Exists(s => s.Conditions.Any(c => Judge(c, certificate) is null) || (s.Agreement?.ConfirmedOn is { } confirmed && day > confirmed.LastDay));
        return steps.Count == 0 ? (isLeftToPeople ? Outcome.Conditional : Outcome.Certified)
            : steps[0].AcceptsWhateverIsRecognised || IsFull(held.Level!.Value) ? (isLeftToPeople ? Outcome.Conditional : Outcome.Recognised)
            : held.Level is Level.CommonCriteria or Level.Evidence ? Outcome.Conditional
            : Outcome.VerificationAccepted;
    }

    /// <summary>The last day before the first on which the way gives something else. Nothing changes but next to a date that is written somewhere.</summary>
    private DateOnly? LastDayOf(Way way, Outcome outcome)
    {
        foreach (var day in DaysToAsk().Where(d => d > question.AsOf))
        {
            if (Walk(way, day)?.Outcome != outcome)
            {
                return day.AddDays(-1);
            }
        }

        return null;
    }

    private List<DateOnly>? daysToAsk;

    private List<DateOnly> DaysToAsk() => daysToAsk ??=
        [.. DatesWritten().SelectMany(d => (DateOnly[])[d.FirstDay, d.LastDay]).Distinct()
            .SelectMany(d => (DateOnly[])[d.AddDays(-1), d, d.AddDays(1)]).Distinct().Order()];

    private IEnumerable<PartialDate> DatesWritten()
    {
        var optional = new List<PartialDate?>();
        foreach (var agreement in registry.Agreements)
        {
            optional.Add(agreement.ConfirmedOn);
            optional.AddRange(agreement.Parties.Select(p => p.AccededOn));
            optional.AddRange(agreement.Events.Select(e => (PartialDate?)e.Effective));
            foreach (var text in agreement.Texts)
            {
                optional.AddRange([text.EffectiveFrom, text.EffectiveUntil, text.SignedOn, text.FirstPublished]);
                optional.AddRange(text.Grants.SelectMany(g => (PartialDate?[])[g.From, g.Until]));
            }
        }

        optional.AddRange(registry.Policies.SelectMany(p => p.Accepts).SelectMany(l => (PartialDate?[])[l.From, l.Until]));
        foreach (var edition in registry.Standards.SelectMany(s => s.Editions))
        {
            optional.AddRange([edition.EffectiveFrom, edition.EffectiveUntil]);
            if (edition.EffectiveUntil is { } end)
            {
                optional.Add(end.FirstDay.AddMonths(edition.TransitionMonths));
                optional.Add(end.LastDay.AddMonths(edition.TransitionMonths));
            }
        }

        foreach (var certificate in subject.Candidates.Select(c => c.Certificate))
        {
            optional.AddRange(certificate.Periods.SelectMany(p => (PartialDate?[])[p.From, p.Until, p.FirstConfirmedOn, p.LastConfirmedOn]));
            optional.AddRange(certificate.Events.Select(e => (PartialDate?)e.Effective));
            optional.AddRange(certificate.Lines.SelectMany(l => (PartialDate?[])[l.From, l.Until]));
        }

        return optional.OfType<PartialDate>();
    }

    /// <summary>What a way is worth on a day; null when it does not hold. The recogniser's own certificate has no level.</summary>
    private Worth? LevelIfHeld(Way way, DateOnly day, Reading reading)
    {
        var certificate = way.Candidate.Certificate;
        var lines = way.Candidate.Lines.Where(l => Same(l.Category, way.Category)).ToList();
        if (WhyNotCounting(way.Candidate, lines, day, reading).Count > 0 || !IsAskedCategory(way.Category))
        {
            return null;
        }

        if (way.Steps.Count == 0)
        {
            return IsOwn(certificate) ? new Worth(null) : null;
        }

        if (Resolve(way, day, reading) is not { } steps
            || !IsConnected(steps)
            || !CountsAs(certificate.Scheme).Contains(steps[^1].Recognised, StringComparer.Ordinal)
            || steps[^1].AcceptsWhateverIsRecognised)
        {
            return null;
        }

        for (var i = 0; i < steps.Count; i++)
        {
            if (WhyNot(steps[i], certificate, way.Category, day, reading, isLast: i == steps.Count - 1 || steps[i].AcceptsWhateverIsRecognised).Count > 0)
            {
                return null;
            }
        }

        if (steps[0].AcceptsWhateverIsRecognised && WhyNotBelow(steps[0].Line!, steps[1], day, reading).Count > 0)
        {
            return null;
        }

        var weakest = steps.Max(s => s.Level);
        return question.MinLevel is { } minimum && weakest > minimum ? null : new Worth(weakest);
    }

    private sealed record Worth(Level? Level);

    private bool IsOwn(Certificate certificate) => CountsAs(certificate.Scheme).Intersect(Recognisers(), StringComparer.Ordinal).Any();

    private List<Step>? Resolve(Way way, DateOnly day, Reading reading)
    {
        var onTheDay = StepsOn(day, reading);
        var steps = way.Steps.Select(name => onTheDay.Find(s => s.Name == name)).ToList();
        return steps.Contains(null) ? null : [.. steps.OfType<Step>()];
    }

    // ---- Rules for one step ---------------------------------------------------------------------------------------------------

    private List<Reason> WhyNot(Step step, Certificate certificate, string? category, DateOnly day, Reading reading, bool isLast)
    {
        var reasons = new List<Reason>();
        if (step.Agreement is { } agreement)
        {
            reasons.AddRange(WhyNotInForce(agreement, step.Grant!, day, reading));
        }

        if (step.From is { } from && day < Start(from, reading))
        {
            reasons.Add(Reason.GrantNotYetEffective);
        }

        if (step.Until is { } until && day > End(until, reading))
        {
            reasons.Add(Reason.GrantExpired);
        }

        if (!HasEffect(step.Level))
        {
            reasons.Add(Reason.AgreementNotOperative);
        }

        if (step.Categories.Count > 0 && !step.Categories.Any(c => IsWithin(category, c)))
        {
            reasons.Add(Reason.CategoryOutOfScope);
        }

        if (step.Text is { } text && text.Reservations.Any(r => Reserves(r, step.Grant!, category)))
        {
            reasons.Add(Reason.PartyReservation);
        }

        if (isLast)
        {
            reasons.AddRange(WhyNotOfPeriod(step, certificate, PeriodOn(certificate, day, reading) ?? FirstPeriod(certificate, reading), day, reading));
        }

        if (step.Conditions.Any(c => Judge(c, certificate) == false))
        {
            reasons.Add(Reason.ConditionFailed);
        }

        return reasons;
    }

    private static List<Reason> WhyNotInForce(Agreement agreement, Grant grant, DateOnly day, Reading reading)
    {
        var reasons = new List<Reason>();
        switch (StandingOf(agreement, [grant.Recogniser, grant.Recognised], day, reading))
        {
            case AgreementStanding.Proposed: reasons.Add(Reason.AgreementProposed); break;
            case AgreementStanding.NotYetEffective: reasons.Add(Reason.AgreementNotYetEffective); break;
            case AgreementStanding.Terminated: reasons.Add(Reason.AgreementTerminated); break;
            case AgreementStanding.Suspended: reasons.Add(Reason.AgreementSuspended); break;
            case AgreementStanding.Expired: reasons.Add(Reason.AgreementExpired); break;
            case AgreementStanding.InForce: break;
        }

        string[] sides = agreement.Kind == AgreementKind.Unilateral ? [grant.Recogniser] : [grant.Recogniser, grant.Recognised];
        foreach (var side in sides)
        {
            // Whoever left may accede again: the membership that began last is asked.
            var memberships = agreement.Parties.Where(p => Same(p.Scheme, side) && !(p.AccededOn is { } acceded && day < Start(acceded, reading))).ToList();
            if (memberships.Count == 0)
            {
                reasons.Add(Reason.PartyNotAcceded);
            }
            else if (memberships.TrueForAll(p => HasLeft(agreement, p, day, reading)))
            {
                reasons.Add(Reason.PartyWithdrawn);
            }
        }

        return [.. reasons.Distinct()];
    }

    private List<Reason> WhyNotOfPeriod(Step step, Certificate certificate, CertificatePeriod? period, DateOnly day, Reading reading)
    {
        var reasons = new List<Reason>();
        if (step.Standards.Count > 0)
        {
            var listed = step.Standards.Where(s => period?.Standard is not null && Same(s.Standard, period.Standard)).ToList();
            if (listed.Count == 0)
            {
                reasons.Add(Reason.StandardOutOfScope);
            }
            else if (!listed.Exists(s => s.Editions.Count == 0 || s.Editions.Any(e => IsEdition(e, s.Standard, period!.Edition, step, day, reading))))
            {
                reasons.Add(Reason.EditionOutOfScope);
            }
        }

        if (step.MinTier is { } minimum)
        {
            // In the order of the scheme that the grant names, else in that of the certificate's own.
            var reaches = Same(period?.Tier, minimum) || ((string[])[step.Recognised, certificate.Scheme])
                .Select(code => registry.Schemes.Single(s => Same(s.Code, code)).Tiers.ToList())
                .Where(tiers => tiers.Contains(minimum) && period?.Tier is { } tier && tiers.Contains(tier))
                .Take(1)
                .Any(tiers => tiers.IndexOf(period!.Tier!) >= tiers.IndexOf(minimum));
            if (!reaches)
            {
                reasons.Add(Reason.TierBelowMinimum);
            }
        }

        return reasons;
    }

    private bool IsEdition(string listed, string standard, string? edition, Step step, DateOnly day, Reading reading) =>
        edition is not null && (Same(listed, edition) || (step.Line is not null && Same(listed, "current") && Same(EditionInForce(standard, day, reading)?.Label, edition)));

    /// <summary>True when met, false when failed, null when left to people.</summary>
    private static bool? Judge(GrantCondition condition, Certificate certificate)
    {
        if (condition.ExcludeSiteCountries.Count == 0 || certificate.SiteCountries is not { Count: > 0 } sites)
        {
            return null;
        }

        var excluded = sites.Count(s => condition.ExcludeSiteCountries.Contains(s, StringComparer.Ordinal));
        return excluded == 0 ? true : excluded == sites.Count ? false : null;
    }

    private bool Reserves(Reservation reservation, Grant grant, string? category)
    {
        var partner = Same(reservation.Party, grant.Recogniser) ? grant.Recognised
            : Same(reservation.Party, grant.Recognised) ? grant.Recogniser
            : null;
        return partner is not null
            && (reservation.Partners.Count == 0 || reservation.Partners.Contains(partner, StringComparer.Ordinal))
            && (reservation.Categories.Count == 0 || category is null || reservation.Categories.Any(c => IsWithin(category, c)));
    }

    /// <summary>What a policy that accepts whatever a scheme recognises asks of the scheme's own step.</summary>
    private List<Reason> WhyNotBelow(PolicyLine line, Step below, DateOnly day, Reading reading)
    {
        var reasons = new List<Reason>();
        if (line.MinLevel is { } minimum && below.Level > minimum)
        {
            reasons.Add(Reason.LevelBelowMinimum);
        }

        var runsBack = StepsOn(day, reading).Any(s => s.Agreement == below.Agreement
            && s.Grant is not null
            && Same(s.Recogniser, below.Recognised)
            && Same(s.Recognised, below.Recogniser)
            && HasEffect(s.Level)
            && WhyNotInForce(s.Agreement!, s.Grant, day, reading).Count == 0
            && !(s.From is { } from && day < Start(from, reading))
            && !(s.Until is { } until && day > End(until, reading)));
        if (line.Reciprocal && !runsBack)
        {
            reasons.Add(Reason.ConditionFailed);
        }

        return reasons;
    }

    // ---- What is left to prove ------------------------------------------------------------------------------------------------

    private IEnumerable<PathCondition> LeftToProve(Step step, string? category, CertificatePeriod period, DateOnly day)
    {
        var grant = step.Grant!;
        var wanted = grant.Wanted.Count > 0
            ? grant.Wanted.Select(w => (w.Standard, Edition: w.Edition is { } label ? FindEdition(w.Standard, label) : EditionInForce(w.Standard, day, Reading.Generous))).OrderBy(w => w.Standard, StringComparer.Ordinal).ThenBy(w => w.Edition?.Label, StringComparer.Ordinal).ToList()
            : [.. registry.Standards
                .Where(s => IsWanted(s) && !registry.Standards.Any(later => IsWanted(later) && Replaced(later).Contains(s.Id, StringComparer.Ordinal)))
                .OrderBy(s => s.Id, StringComparer.Ordinal)
                .Select(s => (s.Id, Edition: EditionInForce(s.Id, day, Reading.Generous)))];
        if (wanted.Count == 0)
        {
            yield return new(Code.Of(ConditionCode.CriteriaNotHeld)) { About = step.Name.Agreement };
        }

        var held = EditionOf(period);
        foreach (var (standard, edition) in wanted)
        {
            foreach (var criterion in edition?.Criteria ?? [])
            {
                var isCommon = grant.CommonCriteria.Any(c =>
                    Same(c.Standard, standard) && (c.Edition is null || Same(c.Edition, edition!.Label)) && c.Refs.Contains(criterion.Ref, StringComparer.Ordinal));
                var isRequirement = criterion.Mandatory
                    && criterion.Comparator is not (Comparator.Definition or Comparator.Exemption or Comparator.Derogation);
                if (isRequirement && !isCommon)
                {
                    yield return new(Code.Of(ConditionCode.CriterionToProve))
                    {
                        Criterion = criterion,
                        Standard = standard,
                        Edition = edition!.Label,
                        Comparison = CriteriaComparison.Of(criterion, held, day),
                        About = step.Name.Agreement,
                    };
                }
            }

            var completeness = edition?.Completeness ?? CriteriaCompleteness.None;
            if (completeness != CriteriaCompleteness.Full)
            {
                yield return new(Code.Of(completeness == CriteriaCompleteness.Excerpt ? ConditionCode.CriteriaIncomplete : ConditionCode.CriteriaNotHeld))
                {
                    Standard = standard,
                    Edition = edition?.Label,
                    About = step.Name.Agreement,
                };
            }
        }

        bool IsWanted(Standard standard) => Same(standard.Scheme, grant.Recogniser)
            && standard.Category is not null
            && IsWithin(category, standard.Category)
            && EditionInForce(standard.Id, day, Reading.Generous) is not null;
    }

    /// <summary>The documents that a renumbered one replaces, one after the other.</summary>
    private List<string> Replaced(Standard standard)
    {
        var replaced = new List<string>();
        for (var older = standard.Supersedes; older is not null && !replaced.Contains(older, StringComparer.Ordinal); older = registry.Standards.First(s => Same(s.Id, older)).Supersedes)
        {
            replaced.Add(older);
        }

        return replaced;
    }

    private Edition? FindEdition(string? standard, string? label) =>
        registry.Standards.FirstOrDefault(s => Same(s.Id, standard))?.Editions.FirstOrDefault(e => label is not null && Same(e.Label, label));

    private Edition? EditionOf(CertificatePeriod period) => period.Standard is null ? null : FindEdition(period.Standard, period.Edition);

    /// <summary>Of several in force the one that began last; one whose beginning is not known has been there all along.</summary>
    private Edition? EditionInForce(string standard, DateOnly day, Reading reading) => registry.Standards.FirstOrDefault(s => Same(s.Id, standard))?.Editions
        .Where(e => !(e.EffectiveFrom is { } from && day < Start(from, reading)) && !(e.EffectiveUntil is { } until && day > End(until, reading)))
        .OrderBy(e => e, ByBeginning(standard, reading))
        .LastOrDefault();

    /// <summary>Of editions that begin on one day the one that more others follow comes first; then by label.</summary>
    private Comparer<Edition> ByBeginning(string standard, Reading reading)
    {
        return Comparer<Edition>.Create((one, other) =>
        {
            int[] differences =
            [
                Begins(one).CompareTo(Begins(other)),
                Following(other, []).CompareTo(Following(one, [])),
                string.CompareOrdinal(one.Label, other.Label),
            ];
            return Array.Find(differences, d => d != 0);
        });

        DateOnly Begins(Edition edition) => edition.EffectiveFrom is { } from ? Start(from, reading) : DateOnly.MinValue;

        int Following(Edition edition, List<string> passed) =>
            FindEdition(standard, edition.SupersededBy) is { } next && !passed.Contains(next.Label, StringComparer.Ordinal)
                ? 1 + Following(next, [.. passed, next.Label])
                : 0;
    }

    // ---- Certificates ---------------------------------------------------------------------------------------------------------

    private List<Reason> WhyNotCounting(Candidate candidate, IReadOnlyList<ProductLine> lines, DateOnly day, Reading reading)
    {
        var reasons = new List<Reason>();
        switch (StandingOf(candidate.Certificate, day, reading))
        {
            case CertificateStanding.NotYetValid: reasons.Add(Reason.CertificateNotYetValid); break;
            case CertificateStanding.Withdrawn: reasons.Add(Reason.CertificateWithdrawn); break;
            case CertificateStanding.Suspended: reasons.Add(Reason.CertificateSuspended); break;
            case CertificateStanding.Expired: reasons.Add(Reason.CertificateExpired); break;
            case CertificateStanding.Valid: break;
        }

        if (!lines.Any(l => IsOn(l, day, reading)))
        {
            reasons.Add(Reason.ProductNotOnCertificate);
        }

        // GB counts in GB-NIR, GB-NIR does not count in GB.
        if (question.Territory is { } asked
            && candidate.Certificate.Territories is { Count: > 0 } territories
            && !territories.Any(t => Same(t, asked) || asked.StartsWith(t + "-", StringComparison.Ordinal)))
        {
            reasons.Add(Reason.TerritoryOutOfScope);
        }

        return reasons;
    }

    private CertificateStanding StandingOf(Certificate certificate, DateOnly day, Reading reading)
    {
        if (PeriodOn(certificate, day, reading) is not { } period)
        {
            return CertificateStanding.NotYetValid;
        }

        // Each in the order of its days; of the same day, as recorded.
        var (withdrawn, unlisted, suspended) = (false, false, false);
        foreach (var (type, byListing, _) in certificate.Events.Select(e => (e.Type, e.IsOfListing, Day: EventDay(e.Effective, lifts: e.Type == CertificateEventType.Reinstated, reading))).Where(e => e.Day <= day).OrderBy(e => e.Day))
        {
            switch (type)
            {
                case CertificateEventType.Withdrawn when byListing: unlisted = true; break;
                case CertificateEventType.Withdrawn: withdrawn = true; break;
                case CertificateEventType.Suspended: suspended = true; break;
                case CertificateEventType.Reinstated when byListing: unlisted = false; break;
                case CertificateEventType.Reinstated: (withdrawn, unlisted, suspended) = (false, false, false); break;
            }
        }

        return withdrawn || unlisted ? CertificateStanding.Withdrawn
            : suspended ? CertificateStanding.Suspended
            : LastDay(period, reading) is { } last && day > last ? CertificateStanding.Expired
            : CertificateStanding.Valid;
    }

    private static CertificatePeriod? PeriodOn(Certificate certificate, DateOnly day, Reading reading) =>
        Begun(certificate, day, reading).LastOrDefault();

    private static CertificatePeriod? FirstPeriod(Certificate certificate, Reading reading) =>
        Begun(certificate, DateOnly.MaxValue, reading).FirstOrDefault();

    private static IEnumerable<CertificatePeriod> Begun(Certificate certificate, DateOnly day, Reading reading) => certificate.Periods
        .Where(p => (p.From ?? p.FirstConfirmedOn) is { } from && Start(from, reading) <= day)
        .OrderBy(p => Start((p.From ?? p.FirstConfirmedOn)!.Value, reading))
        .ThenBy(p => (p.From ?? p.FirstConfirmedOn)!.Value.FirstDay);

    private DateOnly? LastDay(CertificatePeriod period, Reading reading) => period.Until is { } until ? End(until, reading)
        : EditionOf(period) is { EffectiveUntil: { } end } edition ? End(end, reading).AddMonths(edition.TransitionMonths)
        : null;

    private static bool IsOn(ProductLine line, DateOnly day, Reading reading) =>
        !(line.From is { } from && day < Start(from, reading)) && !(line.Until is { } until && day > End(until, reading));

    /// <summary>The scheme itself and those above it, as far as each says that its certificates are its parent's.</summary>
    private List<string> CountsAs(string scheme)
    {
        var counted = new List<string> { scheme };
        while (registry.Schemes.FirstOrDefault(s => Same(s.Code, counted[^1])) is { CountsAsParent: true, Parent: { } parent } && !counted.Contains(parent, StringComparer.Ordinal))
        {
            counted.Add(parent);
        }

        return counted;
    }

    // ---- Agreements -----------------------------------------------------------------------------------------------------------

    private static AgreementStanding StandingOf(Agreement agreement, string[] pair, DateOnly day, Reading reading)
    {
        if (agreement.Events.Any(e => EndsTheWhole(agreement, e, reading) && day >= e.Effective.FirstDay))
        {
            return AgreementStanding.Terminated;
        }

        var signed = agreement.Texts.Where(t => t.IsSigned).ToList();
        if (signed.Count == 0)
        {
            return AgreementStanding.Proposed;
        }

        return !signed.Exists(t => StartOf(agreement, t) is { } start && Start(start, reading) <= day) ? AgreementStanding.NotYetEffective
            : IsSuspended(agreement, null, day, reading)
                || pair.Any(side => IsSuspended(agreement, side, day, reading)) ? AgreementStanding.Suspended
            : TextOn(agreement, day, reading)!.EffectiveUntil is { } until && day > End(until, reading) ? AgreementStanding.Expired
            : AgreementStanding.InForce;
    }

    /// <summary>The registrar's termination, that of a party of two or of the only recogniser, and of anyone, for a day before force, before it was in force.</summary>
    private static bool EndsTheWhole(Agreement agreement, AgreementEvent happened, Reading reading)
    {
        if (happened.Type is not (AgreementEventType.Terminated or AgreementEventType.Withdrawn))
        {
            return false;
        }

        var starts = agreement.Texts.Where(t => t.IsSigned).Select(t => StartOf(agreement, t)).OfType<PartialDate>().ToList();
        var isBefore = happened.Type == AgreementEventType.Terminated
            && starts.TrueForAll(start => happened.Effective.FirstDay < Start(start, reading))
            && !starts.Exists(start => start.FirstDay <= happened.RecordedOn);
        return happened.Party is null
            || HangsOnEach(agreement)
            || isBefore;
    }

    /// <summary>True where nothing is left of the agreement without one of its parties.</summary>
    private static bool HangsOnEach(Agreement agreement) => agreement.Kind switch
    {
        AgreementKind.Bilateral => true,
        AgreementKind.Unilateral => agreement.Parties.Count == 1,
        AgreementKind.Multilateral => false,
    };

    /// <summary>The text whose grants are judged: the signed one that began last; before the first, the signed one that begins first; unsigned, the first.</summary>
    private static AgreementText? TextOn(Agreement agreement, DateOnly day, Reading reading)
    {
        var signed = agreement.Texts.Where(t => t.IsSigned).ToList();
        return signed.Where(t => StartOf(agreement, t) is { } start && Start(start, reading) <= day).OrderBy(t => Start(StartOf(agreement, t)!.Value, reading)).LastOrDefault()
            ?? signed.OrderBy(t => StartOf(agreement, t) is { } start ? Start(start, reading) : DateOnly.MaxValue).FirstOrDefault()
            ?? (agreement.Texts.Count > 0 ? agreement.Texts[0] : null);
    }

    private static PartialDate? StartOf(Agreement agreement, AgreementText text) =>
        text.EffectiveFrom ?? text.SignedOn ?? text.FirstPublished ?? agreement.ConfirmedOn;

    private static bool HasLeft(Agreement agreement, AgreementParty party, DateOnly day, Reading reading) => agreement.Events.Any(e =>
        e.Type is AgreementEventType.Withdrawn or AgreementEventType.Terminated
        && Same(e.Party, party.Scheme)
        && !HangsOnEach(agreement)
        && day >= e.Effective.FirstDay
        && !(party.AccededOn is { } acceded && e.Effective.FirstDay < Start(acceded, reading)));

    /// <summary>Suspended by this party, or by the registrar when the party is null. Only who suspended resumes.</summary>
    private static bool IsSuspended(Agreement agreement, string? party, DateOnly day, Reading reading)
    {
        var suspended = false;
        var own = agreement.Events
            .Where(e => Same(e.Party, party) && e.Type is AgreementEventType.Suspended or AgreementEventType.Resumed)
            .Select(e => (e.Type, Day: EventDay(e.Effective, lifts: e.Type == AgreementEventType.Resumed, reading)));
        foreach (var (type, _) in own.Where(e => e.Day <= day).OrderBy(e => e.Day))
        {
            suspended = type == AgreementEventType.Suspended;
        }

        return suspended;
    }

    // ---- Why not --------------------------------------------------------------------------------------------------------------

    /// <summary>One chain of steps judged for one category of one certificate; without steps, there was none to judge.</summary>
    private sealed record Judged(Certificate Certificate, string? Category, IReadOnlyList<Step> Steps, Step? Failing, IReadOnlyList<ReasonAbout> Reasons);

    private List<Judged> Misses(DateOnly day)
    {
        var misses = new List<Judged>();
        var chains = Chains(day);
        foreach (var candidate in subject.Candidates)
        {
            // Without a line there is nothing that a grant could be judged for.
            var certificate = candidate.Certificate;
            var counted = CountsAs(certificate.Scheme);
            if (candidate.Lines.Count == 0)
            {
                continue;
            }

            var leading = chains.FindAll(c => counted.Contains(c[^1].Recognised, StringComparer.Ordinal) && !c[^1].AcceptsWhateverIsRecognised);
            if (IsOwn(certificate) && LinesJudged(candidate.Lines).Exists(l => !IsAskedCategory(l.Category)))
            {
                misses.Add(new(certificate, null, [], null, [new(Reason.CategoryOutOfScope, SubjectOfReason.Certificate, certificate.Id)]));
            }

            if (leading.Count == 0 && !IsOwn(certificate))
            {
                misses.Add(new(certificate, null, [], null, [new(RunsTheOtherWay(counted, day) ? Reason.WrongDirection : Reason.NoAgreement, SubjectOfReason.Scheme, certificate.Scheme)]));
            }

            foreach (var category in LinesJudged(candidate.Lines).Select(l => l.Category).Distinct(StringComparer.Ordinal))
            {
                var lines = candidate.Lines.Where(l => Same(l.Category, category)).ToList();
                foreach (var chain in leading)
                {
                    var reasons = WhyNotCounting(candidate, lines, day, Reading.Generous)
                        .Concat(IsAskedCategory(category) ? [] : [Reason.CategoryOutOfScope])
                        .Select(r => new ReasonAbout(r, SubjectOfReason.Certificate, certificate.Id))
                        .ToList();
                    Step? failing = null;
                    for (var i = 0; i < chain.Length; i++)
                    {
                        var why = WhyNot(chain[i], certificate, category, day, Reading.Generous, isLast: i == chain.Length - 1 || chain[i].AcceptsWhateverIsRecognised);
                        if (i == 0 && chain[0].AcceptsWhateverIsRecognised)
                        {
                            why.AddRange(WhyNotBelow(chain[0].Line!, chain[1], day, Reading.Generous));
                        }

                        if (i == 0 && question.MinLevel is { } minimum && chain.Max(s => s.Level) > minimum)
                        {
                            why.Add(Reason.LevelBelowMinimum);
                        }

                        var about = chain[i].Agreement is null ? SubjectOfReason.Policy : SubjectOfReason.Agreement;
                        reasons.AddRange(why.Distinct().Order().Select(r => new ReasonAbout(r, about, chain[i].Name.Agreement ?? chain[i].Name.Policy!)));
                        failing ??= why.Count > 0 ? chain[i] : null;
                    }

                    misses.Add(new(certificate, category, chain, failing ?? chain[^1], reasons));
                }
            }
        }

        return misses;
    }

    private bool RunsTheOtherWay(List<string> counted, DateOnly day)
    {
        var asked = Recognisers();
        asked.AddRange(registry.Policies.Where(p => question.Recogniser.Kind == RecogniserKind.Policy && asked.Contains(p.Code, StringComparer.Ordinal))
            .SelectMany(p => p.Accepts).Select(l => l.RecognisedBy).OfType<string>().ToList());
        return StepsOn(day, Reading.Generous).Any(s => counted.Contains(s.Recogniser, StringComparer.Ordinal) && asked.Contains(s.Recognised, StringComparer.Ordinal));
    }

    private List<ReasonAbout> Reasons(List<JudgedCertificate> certificates, List<Judged> misses, Outcome outcome)
    {
        var reasons = certificates.SelectMany(c => c.Reasons.Select(r => new ReasonAbout(r, SubjectOfReason.Certificate, c.Certificate.Id)))
            .Concat(misses.SelectMany(m => m.Reasons))
            .ToList();
        if (outcome == Outcome.Unknown
            && subject.MissingFromRegisterOf is { } missing
            && registry.Schemes.Single(s => Same(s.Code, missing)).Coverage == RegisterCoverage.Full)
        {
            reasons.Add(new(Reason.CertificateNotInRegister, SubjectOfReason.Scheme, missing));
        }

        return [.. reasons.OrderBy(r => r.Reason).ThenBy(r => r.Kind).ThenBy(r => r.Code, StringComparer.Ordinal).DistinctBy(r => r.Reason)];
    }

    private static NearestMiss? Nearest(List<Judged> misses) => misses
        .Where(m => m.Failing is not null && m.Reasons.Count > 0)
        .OrderBy(m => m.Reasons.Select(r => r.Reason).Distinct().Count())
        .ThenBy(m => m.Reasons.Select(r => r.Reason).Distinct().Order().ToArray(), Comparer<Reason[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
        .ThenBy(m => m.Steps.Max(s => s.Level))
        .ThenBy(m => m.Steps, Comparer<IReadOnlyList<Step>>.Create((a, b) => StringSequence(
            a.SelectMany(s => (string?[])[s.Name.Agreement ?? s.Name.Policy, s.Name.Grant]), b.SelectMany(s => (string?[])[s.Name.Agreement ?? s.Name.Policy, s.Name.Grant]))))
        .ThenBy(m => m.Certificate.Number, StringComparer.Ordinal)
        .ThenBy(m => m.Certificate.Scheme, StringComparer.Ordinal)
        .ThenBy(m => m.Certificate.Id, StringComparer.Ordinal)
        .ThenBy(m => m.Category, StringComparer.Ordinal)
        .Select(m => new NearestMiss(
            m.Certificate.Id, m.Failing!.Name.Agreement, m.Failing.Name.Policy, m.Failing.Name.Grant, [.. m.Reasons.Select(r => r.Reason).Distinct().Order()]))
        .FirstOrDefault();

    private List<Coverage> CoverageConcerned(Outcome outcome)
    {
        var concerned = subject.Candidates.Select(c => c.Certificate.Scheme).ToList();
        if (outcome == Outcome.Unknown)
        {
            // Whatever a product may be: of a category that is on record, or of one that nobody has listed.
            var day = question.AsOf;
            var anything = registry.Categories.Select(c => c.Code).Append("unlisted").Where(IsAskedCategory).ToList();
            var recognised = Chains(day)
                .Where(chain => chain.All(s => s.Agreement is null || WhyNotInForce(s.Agreement, s.Grant!, day, Reading.Generous).Count == 0)
                    && chain.All(s => !(s.From is { } from && day < from.FirstDay) && !(s.Until is { } until && day > until.LastDay) && HasEffect(s.Level))
                    && !chain[^1].AcceptsWhateverIsRecognised
                    && !(question.MinLevel is { } minimum && chain.Max(s => s.Level) > minimum)
                    && anything.Any(category => chain.All(s =>
                        (s.Categories.Count == 0 || s.Categories.Any(c => IsWithin(category, c))) && s.Text?.Reservations.Any(r => Reserves(r, s.Grant!, category)) != true))
                    && !(chain[0].AcceptsWhateverIsRecognised && WhyNotBelow(chain[0].Line!, chain[1], day, Reading.Generous).Count > 0))
                .Select(chain => chain[^1].Recognised)
                .Concat(Recognisers())
                .ToList();
            concerned.AddRange(subject.MissingFromRegisterOf is { } searched ? [searched] : []);

            // A set of criteria certifies nothing and keeps no register.
            concerned.AddRange(registry.Schemes
                .Where(s => s.Kind != SchemeKind.CriteriaSet && CountsAs(s.Code).Intersect(recognised, StringComparer.Ordinal).Any())
                .Select(s => s.Code));
        }

        return [.. registry.Schemes.Where(s => concerned.Contains(s.Code, StringComparer.Ordinal))
            .OrderBy(s => s.Code, StringComparer.Ordinal)
            .Select(s => new Coverage(s.Code, s.Coverage, s.RegisterAsOf))];
    }

    private List<Warning> Warnings(Outcome outcome, List<RecognitionPath> paths, List<JudgedCertificate> certificates, List<Judged> misses)
    {
        var warnings = new List<Warning>();

        void When(bool applies, Warning warning)
        {
            if (applies)
            {
                warnings.Add(warning);
            }
        }

        When(outcome.Answer() == Answer.No, Warning.NotAFindingOfNonEquivalence);
        When(outcome.Answer() == Answer.Partly, Warning.LabelStillRequired);
        When(question.Recogniser.Kind == RecogniserKind.Scheme, Warning.SchemeNotPolicy);
        var basis = paths.Count > 0 ? certificates.FindAll(c => paths.Exists(p => p.Certificate.Id == c.Certificate.Id)) : certificates;
        var registers = CoverageConcerned(outcome).FindAll(c => outcome == Outcome.Unknown || basis.Exists(b => Same(b.Certificate.Scheme, c.Scheme)));
        When(registers.Exists(c => c.AsOf is { } asOf && question.AsOf > asOf.LastDay), Warning.RegisterStale);
        When(outcome == Outcome.NotCertified && (registers.Count == 0 || registers.Exists(c => c.Register != RegisterCoverage.Full)), Warning.RegisterIncomplete);
        When(question.Territory is not null && basis.Exists(c => c.Certificate.Territories is null && c.Reasons.Count == 0), Warning.TerritoryNotKnown);
        When(subject.SelectorMismatch, Warning.SelectorMismatch);
        When(subject.GtinAmbiguous, Warning.GtinAmbiguous);
        When(basis.Exists(c => c.Reasons.Count == 0 && IsOverdue(c.Certificate)), Warning.SurveillanceOverdue);

        var steps = StepsOn(question.AsOf, Reading.Generous)
            .Where(s => paths.Count > 0
                ? paths.Exists(p => p.Steps.Any(used => new StepName(used) == s.Name))
                : misses.Exists(m => m.Steps.Any(judged => judged.Name == s.Name)))
            .ToList();
        When(
            steps.Exists(s => paths.Count > 0
                ? paths.Exists(p => p.Steps.Any(used => new StepName(used) == s.Name) && IsStale(s, p.Certificate, new StepName(p.Steps[^1]) == s.Name))
                : misses.Exists(m => m.Steps.Any(x => x.Name == s.Name) && (s.Categories.Count == 0 || s.Categories.Any(c => IsWithin(m.Category, c))) && IsStale(s, m.Certificate, m.Steps[^1].Name == s.Name))),
            Warning.MappingStale);
        When(steps.Exists(s => s.Agreement is { Attested: true }), Warning.AttestedByRegistrar);
        When(steps.Exists(s => s.Agreement?.Events.Any(e => e.Type == AgreementEventType.Contested) == true), Warning.AgreementContested);
        When(steps.Exists(s => s.Text is { EffectiveFrom: null }), Warning.EffectiveDateUnknown);
        When(steps.Exists(s => s.Text is { EffectiveFrom: { } from, SignedOn: { } signed } && from.FirstDay < signed.FirstDay), Warning.EffectiveBeforeSigned);
        When(
            registry.Policies.Any(p => p.Sample && question.Recogniser == new Recogniser(RecogniserKind.Policy, p.Code))
            || registry.Schemes.Any(x => x.Sample && (question.Recogniser == new Recogniser(RecogniserKind.Scheme, x.Code) || basis.Exists(c => Same(c.Certificate.Scheme, x.Code)) || steps.Exists(t => Same(t.Recognised, x.Code))))
            || registry.Standards.Any(x => x.Sample && (basis.Exists(c => Same(c.Period?.Standard, x.Id)) || paths.Exists(p => p.Conditions.Any(q => Same(q.Standard, x.Id)))))
            || basis.Exists(c => c.Certificate.Sample)
            || steps.Exists(s => s.Agreement?.Sample == true || s.Grant?.Sample == true || registry.Policies.Any(p => p.Sample && Same(p.Code, s.Name.Policy))),
            Warning.Sample);
        return [.. warnings.Distinct().Order()];
    }

    /// <summary>
    /// The mapping has been left behind on one of its sides: in the entries that concern the certificate's standard (its own, or one that it
    /// replaces), in what is wanted, or in what is held in common. A grant that is not next to the certificate maps no standards of it.
    /// </summary>
    private bool IsStale(Step step, Certificate certificate, bool isNextToCertificate)
    {
        var held = registry.Standards.FirstOrDefault(s => Same(s.Id, (PeriodOn(certificate, question.AsOf, Reading.Generous) ?? FirstPeriod(certificate, Reading.Generous))?.Standard));
        List<string> concerned = held is null || !(isNextToCertificate || step.Line is not null) ? [] : [held.Id, .. Replaced(held)];
        List<WantedStandard> accepted = [.. step.Standards.SelectMany(s =>
            s.Editions.Count == 0 || s.Editions.Contains("current") ? [new WantedStandard(s.Standard, null)] : s.Editions.Select(e => new WantedStandard(s.Standard, e)))];
        var wanted = step.Grant?.Wanted ?? [];
        List<WantedStandard> common = [.. step.Grant?.CommonCriteria.Select(c => new WantedStandard(c.Standard, c.Edition)) ?? []];
        return accepted.Exists(a => concerned.Contains(a.Standard, StringComparer.Ordinal) && IsBehind(a.Standard, accepted))
            || wanted.Any(w => IsBehind(w.Standard, wanted))
            || common.Exists(c => IsBehind(c.Standard, common));
    }

    /// <summary>Something newer than all that a list names of a document has begun: an edition, or a document that replaces it.</summary>
    private bool IsBehind(string standard, IReadOnlyList<WantedStandard> list)
    {
        var entries = list.Where(e => Same(e.Standard, standard)).ToList();
        var editions = registry.Standards.First(s => Same(s.Id, standard)).Editions.Order(ByBeginning(standard, Reading.Generous)).ToList();
        var newestNamed = editions.FindLastIndex(e => entries.Exists(n => Same(n.Edition, e.Label)));
        return (entries.TrueForAll(e => e.Edition is not null) && newestNamed >= 0 && editions.Skip(newestNamed + 1).Any(HasBegun))
            || registry.Standards.Any(s => Same(s.Supersedes, standard) && Same(s.Scheme, registry.Standards.First(x => Same(x.Id, standard)).Scheme) && !list.Any(e => Same(e.Standard, s.Id)) && s.Editions.Any(HasBegun));

        bool HasBegun(Edition edition) => !(edition.EffectiveFrom is { } from && question.AsOf < from.FirstDay);
    }

    private bool IsOverdue(Certificate certificate) =>
        registry.Schemes.Single(s => Same(s.Code, certificate.Scheme)).SurveillanceMonths is { } months
        && certificate.LastAudit is { } audit
        && question.AsOf > audit.LastDay.AddMonths(months);

    // ---- Dates, categories, levels --------------------------------------------------------------------------------------------

    private static DateOnly Start(PartialDate date, Reading reading) => reading == Reading.Generous ? date.FirstDay : date.LastDay;

    private static DateOnly End(PartialDate date, Reading reading) => reading == Reading.Generous ? date.LastDay : date.FirstDay;

    /// <summary>An event takes effect at the start of its date; strictly, what lifts something does so on the last day that the date can mean.</summary>
    private static DateOnly EventDay(PartialDate date, bool lifts, Reading reading) => lifts ? Start(date, reading) : date.FirstDay;

    private bool IsAskedCategory(string? category) => question.Category is null || IsWithin(category, question.Category);

    private bool IsWithin(string? category, string above)
    {
        for (var code = category; code is not null; code = registry.Categories.FirstOrDefault(c => Same(c.Code, code))?.Parent)
        {
            if (Same(code, above))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFull(Level level) => level is Level.FullScheme or Level.FullProduct;

    private static bool HasEffect(Level level) => level is Level.FullScheme or Level.FullProduct or Level.CommonCriteria or Level.Evidence
        or Level.ProxyVerification or Level.Audit or Level.TestData;

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    // ---- Order ----------------------------------------------------------------------------------------------------------------

    private static int InRank(RecognitionPath one, RecognitionPath other)
    {
        int[] differences =
        [
            one.Outcome.CompareTo(other.Outcome),
            (one.Level is null ? -1 : (int)one.Level).CompareTo(other.Level is null ? -1 : (int)other.Level),
            (other.HoldsUntil ?? DateOnly.MaxValue).CompareTo(one.HoldsUntil ?? DateOnly.MaxValue),
        ];
        return Array.Find(differences, d => d != 0);
    }

    private static int BetterFirst(RecognitionPath one, RecognitionPath other)
    {
        int[] differences =
        [
            InRank(one, other),
            StringSequence(one.Steps.SelectMany(s => (string?[])[s.Agreement ?? s.Policy, s.Grant]), other.Steps.SelectMany(s => (string?[])[s.Agreement ?? s.Policy, s.Grant])),
            string.CompareOrdinal(one.Certificate.Number, other.Certificate.Number),
            string.CompareOrdinal(one.Certificate.Scheme, other.Certificate.Scheme),
            string.CompareOrdinal(one.Certificate.Id, other.Certificate.Id),
            string.CompareOrdinal(one.Category, other.Category),
        ];
        return Array.Find(differences, d => d != 0);
    }

    private static int StringSequence(IEnumerable<string?> one, IEnumerable<string?> other)
    {
        var (left, right) = (one.ToList(), other.ToList());
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (string.CompareOrdinal(left[i], right[i]) is var difference and not 0)
            {
                return difference;
            }
        }

        return left.Count.CompareTo(right.Count);
    }
}
