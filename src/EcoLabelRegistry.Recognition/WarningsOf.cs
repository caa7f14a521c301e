namespace EcoLabelRegistry.Recognition;

/// <summary>Gathers the warnings of an answer, in the order of their list.</summary>
internal static class WarningsOf
{
    /// <summary>The warnings of an answer. It rests on its paths; without one, on every certificate and grant judged.</summary>
    public static IReadOnlyList<Warning> Answer(
        RecognitionSubject subject, Findings findings, Outcome outcome, IReadOnlyList<Coverage> coverage, bool hasSeveralCategories)
    {
        var (graph, question) = (findings.Graph, findings.Question);
        var found = default(WarningSet);
        AddOfQuestion(subject, question, graph, outcome, ref found);
        found.AddIf(hasSeveralCategories, Warning.SeveralCategories);
        if (findings.Paths.Count > 0)
        {
            foreach (var path in findings.Paths)
            {
                AddOfCertificate(path.About.Certificate, path.Judgement.Line.Certificate, findings, ref found);
                AddOfRoute(path.Route, path.About, path.Judgement, ref found);
                AddOfCriteria(path.Path.Conditions, graph, ref found);
                found.AddIf(IsStale(graph.CoverageOf(path.Path.Certificate.Scheme), question.AsOf), Warning.RegisterStale);
            }
        }
        else
        {
            foreach (var judged in findings.Certificates)
            {
                var state = new CertificateState(judged.Standing, judged.Period, false);
                AddOfCertificate(judged.Certificate, state, findings, ref found, counts: judged.Reasons.Count == 0);
            }

            foreach (var miss in findings.Misses ?? [])
            {
                AddOfRoute(miss.Route, miss.About, miss.Judgement, ref found);
            }

            AddOfRegisters(coverage, question.AsOf, ref found);
            found.AddIf(outcome == Outcome.NotCertified && !AreAllFull(coverage), Warning.RegisterIncomplete);
        }

        return found.ToList();
    }

    /// <summary>The warnings of an answer about something that is not on record.</summary>
    public static IReadOnlyList<Warning> Unknown(
        RecognitionSubject subject, RecognitionQuestion question, RecognitionGraph graph, IReadOnlyList<Coverage> coverage)
    {
        var found = default(WarningSet);
        AddOfQuestion(subject, question, graph, Outcome.Unknown, ref found);
        AddOfRegisters(coverage, question.AsOf, ref found);
        return found.ToList();
    }

    /// <summary>The warnings of a grant itself, whatever certificate it is asked about.</summary>
    public static void AddOfAgreement(Agreement agreement, int text, Grant grant, ref WarningSet found)
    {
        AddOfAgreement(agreement, text, ref found);
        found.AddIf(grant.Sample, Warning.Sample);
    }

    /// <summary>The warnings of an agreement itself, whatever grant is looked at.</summary>
    public static void AddOfAgreement(Agreement agreement, int text, ref WarningSet found)
    {
        found.AddIf(agreement.Attested, Warning.AttestedByRegistrar);
        found.AddIf(IsContested(agreement), Warning.AgreementContested);
        found.AddIf(agreement.Sample, Warning.Sample);
        if (agreement.Texts[text] is { EffectiveFrom: { } effective } judged)
        {
            found.AddIf(judged.SignedOn is { } signed && effective.FirstDay < signed.FirstDay, Warning.EffectiveBeforeSigned);
        }
        else
        {
            found.AddIf(true, Warning.EffectiveDateUnknown);
        }
    }

    private static bool IsContested(Agreement agreement)
    {
        for (var i = 0; i < agreement.Events.Count; i++)
        {
            if (agreement.Events[i].Type == AgreementEventType.Contested)
            {
                return true;
            }
        }

        return false;
    }

    private static void AddOfQuestion(
        RecognitionSubject subject, RecognitionQuestion question, RecognitionGraph graph, Outcome outcome, ref WarningSet found)
    {
        found.AddIf(outcome.Answer() == Recognition.Answer.No, Warning.NotAFindingOfNonEquivalence);
        found.AddIf(outcome.Answer() == Recognition.Answer.Partly, Warning.LabelStillRequired);
        found.AddIf(question.Recogniser.Kind == RecogniserKind.Scheme, Warning.SchemeNotPolicy);
        found.AddIf(subject.SelectorMismatch, Warning.SelectorMismatch);
        found.AddIf(subject.GtinAmbiguous, Warning.GtinAmbiguous);
        found.AddIf(
            question.Recogniser.Kind switch
            {
                RecogniserKind.Scheme => IsSample(graph, question.Recogniser.Code),
                RecogniserKind.Policy => graph.Policies[question.Recogniser.Code].Sample,
                RecogniserKind.Body => false,
            },
            Warning.Sample);
    }

    private static void AddOfCertificate(
        Certificate certificate, in CertificateState state, Findings findings, ref WarningSet found, bool counts = true)
    {
        var (graph, question) = (findings.Graph, findings.Question);
        graph.Schemes.TryGetValue(certificate.Scheme, out var scheme);
        found.AddIf(
            certificate.Sample || scheme is { Sample: true }
            || (state.Period?.Standard is { } id && graph.Standards.TryGetValue(id, out var standard) && standard.Sample),
            Warning.Sample);
        if (counts)
        {
            found.AddIf(question.Territory is not null && certificate.Territories is null, Warning.TerritoryNotKnown);
            found.AddIf(
                scheme is { SurveillanceMonths: { } months } && certificate.LastAudit is { } audit
                && question.AsOf > audit.AddMonths(months).LastDay,
                Warning.SurveillanceOverdue);
        }
    }

    private static void AddOfRoute(in Route route, CertificateLine about, in RouteJudgement judgement, ref WarningSet found)
    {
        for (var i = 0; i < route.Count; i++)
        {
            var (line, step) = (route[i], judgement[i]);
            found.Add(line.Around(about.Question.AsOf).Warnings);
            found.AddIf(line.Policy is { Sample: true } || IsSample(about.Graph, line.Recognised), Warning.Sample);
            if (!step.Failing.Contains(Reason.CategoryOutOfScope))
            {
                found.AddIf(
                    IsMappingStale(
                        line.MappingInText(step.Text, about.Graph), isNextToCertificate: i == route.Count - 1 || line.Policy is not null, about, judgement),
                    Warning.MappingStale);
            }
        }
    }

    private static bool IsMappingStale(MappingStaleness mapping, bool isNextToCertificate, CertificateLine about, in RouteJudgement judgement)
    {
        var (graph, date) = (about.Graph, about.Question.AsOf);
        return (isNextToCertificate
                && CertificateStandings.PeriodJudged(about.Certificate, judgement.Line.Certificate) is { Standard: { } held }
                && mapping.IsHeldSideStale(held, graph, date))
            || mapping.IsWantedSideStale(date);
    }

    /// <summary>What is left to prove rests on the wanted standards.</summary>
    private static void AddOfCriteria(IReadOnlyList<PathCondition> conditions, RecognitionGraph graph, ref WarningSet found)
    {
        for (var i = 0; i < conditions.Count; i++)
        {
            found.AddIf(
                conditions[i].Standard is { } id && graph.Standards.TryGetValue(id, out var standard) && standard.Sample, Warning.Sample);
        }
    }

    private static void AddOfRegisters(IReadOnlyList<Coverage> coverage, DateOnly date, ref WarningSet found)
    {
        for (var i = 0; i < coverage.Count; i++)
        {
            found.AddIf(IsStale(coverage[i], date), Warning.RegisterStale);
        }
    }

    private static bool AreAllFull(IReadOnlyList<Coverage> coverage)
    {
        var full = 0;
        for (var i = 0; i < coverage.Count; i++)
        {
            full += coverage[i].Register == RegisterCoverage.Full ? 1 : 0;
        }

        return full > 0 && full == coverage.Count;
    }

    private static bool IsStale(Coverage register, DateOnly date) => register.AsOf is { } asOf && date > asOf.LastDay;

    private static bool IsSample(RecognitionGraph graph, string scheme) => graph.Schemes.TryGetValue(scheme, out var known) && known.Sample;
}
