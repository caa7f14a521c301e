namespace EcoLabelRegistry.Recognition;

/// <summary>Gathers the distinct reasons of all grants and certificates judged.</summary>
internal static class ReasonsOf
{
    /// <summary>Each reason once, in the order of the list, about what comes first: certificates before agreements, then by code.</summary>
    public static IReadOnlyList<ReasonAbout> All(Findings findings)
    {
        // As few as they are, a list that is kept in order finds them fastest.
        var reasons = new List<ReasonAbout>(2);
        foreach (var judged in findings.Certificates)
        {
            for (var i = 0; i < judged.Reasons.Count; i++)
            {
                Add(reasons, judged.Reasons[i], SubjectOfReason.Certificate, judged.Certificate.Id);
            }
        }

        foreach (var (certificate, reason) in findings.Strangers ?? [])
        {
            Add(reasons, reason, SubjectOfReason.Scheme, certificate.Scheme);
        }

        foreach (var miss in findings.Misses ?? [])
        {
            Add(reasons, miss.Judgement.Line.Failing, SubjectOfReason.Certificate, miss.About.Certificate.Id);
            for (var i = 0; i < miss.Route.Count; i++)
            {
                var (failing, step) = (miss.Judgement[i].Failing, miss.Route[i]);
                if (step.Agreement is { } agreement)
                {
                    Add(reasons, failing, SubjectOfReason.Agreement, agreement.Code);
                }
                else
                {
                    Add(reasons, failing, SubjectOfReason.Policy, step.Policy!.Code);
                }
            }
        }

        return reasons;
    }

    private static void Add(List<ReasonAbout> reasons, ReasonSet failing, SubjectOfReason kind, string code)
    {
        foreach (var reason in failing)
        {
            Add(reasons, reason, kind, code);
        }
    }

    private static void Add(List<ReasonAbout> reasons, Reason reason, SubjectOfReason kind, string code)
    {
        var place = 0;
        while (place < reasons.Count && reasons[place].Reason < reason)
        {
            place++;
        }

        if (place == reasons.Count || reasons[place].Reason != reason)
        {
            reasons.Insert(place, new ReasonAbout(reason, kind, code));
        }
        else if (reasons[place] is var known && (kind < known.Kind || (kind == known.Kind && string.CompareOrdinal(code, known.Code) < 0)))
        {
            reasons[place] = new ReasonAbout(reason, kind, code);
        }
    }
}
