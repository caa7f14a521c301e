namespace EcoLabelRegistry.Recognition;

/// <summary>A path of the answer, with the route that it was made from.</summary>
internal sealed record FoundPath(RecognitionPath Path, Route Route, CertificateLine About, RouteJudgement Judgement)
{
    public static FoundPath Of(in Route route, CertificateLine about, in RouteJudgement judgement)
    {
        var date = about.Question.AsOf;
        var next = HoldsUntil.NextChangeAfter(date, route, about);
        var outcome = RouteJudgement.Outcome(route, about, judgement, date, next.HasPartialDates, out var isDateUncertain);
        var path = new RecognitionPath(
            outcome,
            judgement.Level,
            route.Count > 1,
            HoldsUntil.Of(route, about, outcome, next),
            about.Certificate,
            judgement.Line.Certificate.Period!,
            about.Category,
            Steps(route, judgement),
            Conditions(route, about, judgement, isDateUncertain) is { } conditions ? conditions : []);
        return new FoundPath(path, route, about, judgement);
    }

    /// <summary>By outcome, level, later end, agreements and grants, certificate.</summary>
    public static int Compare(FoundPath left, FoundPath right)
    {
        var order = CompareStrength(left.Path, right.Path);
        order = order != 0 ? order : Route.Compare(left.Route, right.Route);
        order = order != 0 ? order : string.CompareOrdinal(left.Path.Certificate.Number, right.Path.Certificate.Number);
        order = order != 0 ? order : Findings.Compare(left.Path.Certificate, right.Path.Certificate);
        return order != 0 ? order : string.CompareOrdinal(left.Path.Category, right.Path.Category);
    }

    /// <summary>By outcome, then level, then later end; the recogniser's own certificates come first among equal outcomes.</summary>
    public static int CompareStrength(RecognitionPath left, RecognitionPath right)
    {
        var order = left.Outcome.CompareTo(right.Outcome);
        order = order != 0 ? order : Nullable.Compare(left.Level, right.Level);
        return order != 0 ? order : (right.HoldsUntil ?? DateOnly.MaxValue).CompareTo(left.HoldsUntil ?? DateOnly.MaxValue);
    }

    private static PathStep[] Steps(in Route route, in RouteJudgement judgement)
    {
        if (route.Count == 0)
        {
            return [];
        }

        var steps = new PathStep[route.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = route[i].StepInText(judgement[i].Text);
        }

        return steps;
    }

    /// <summary>Step by step: what is left to prove, what the grant states, what no source confirms; then what concerns the certificate and the date.</summary>
    private static List<PathCondition>? Conditions(in Route route, CertificateLine about, in RouteJudgement judgement, bool isDateUncertain)
    {
        var isPolicys = route.First is { PolicyLine: not null };
        List<PathCondition>? conditions = null;
        for (var i = 0; i < route.Count; i++)
        {
            var grant = judgement[i].Grant!;
            var source = route[i].Agreement?.Code ?? route[i].Policy?.Code;

            // A policy that accepts whatever a scheme recognises asks for none of the criteria that the scheme would.
            if (!isPolicys && grant.Level is Level.CommonCriteria or Level.Evidence)
            {
                ProofLeft.AddConditions(grant, source, about, judgement.Line.Certificate.Period!, conditions ??= []);
            }

            for (var c = 0; c < grant.Conditions.Count; c++)
            {
                if (GrantJudgement.Judge(grant.Conditions[c], about.Certificate) is null)
                {
                    (conditions ??= []).Add(new PathCondition(grant.Conditions[c].Code) { Stated = grant.Conditions[c], About = source });
                }
            }

            if (judgement[i].IsUnconfirmed && !HasEarlierStepOf(route, i))
            {
                (conditions ??= []).Add(new PathCondition(Code.Of(ConditionCode.AgreementStandingUnconfirmed)) { About = source });
            }
        }

        if (judgement.Line.Certificate.IsUnconfirmed)
        {
            (conditions ??= []).Add(new PathCondition(Code.Of(ConditionCode.CertificateStandingUnconfirmed)));
        }

        if (isDateUncertain)
        {
            (conditions ??= []).Add(new PathCondition(Code.Of(ConditionCode.DateUncertain)));
        }

        return conditions;
    }

    /// <summary>True when an earlier step rests on the same agreement, so that its standing is said once.</summary>
    private static bool HasEarlierStepOf(in Route route, int step)
    {
        for (var i = 0; i < step; i++)
        {
            if (ReferenceEquals(route[i].Agreement, route[step].Agreement))
            {
                return true;
            }
        }

        return false;
    }
}
