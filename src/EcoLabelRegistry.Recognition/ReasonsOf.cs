namespace EcoLabelRegistry.Recognition;

/// <summary>Gathers the distinct reasons of all grants and certificates judged.</summary>
internal static class ReasonsOf
{
    /// <summary>Each reason once, in the order of the list, about what comes first: certificates before agreements, then by code.</summary>
    public static IReadOnlyList<ReasonAbout> All(Findings findings)
    {
        var reasons = new SortedDictionary<Reason, ReasonAbout>();
        foreach (var judged in findings.Certificates)
        {
            foreach (var reason in judged.Reasons)
            {
                Add(new ReasonAbout(reason, SubjectOfReason.Certificate, judged.Certificate.Id));
            }
        }

        foreach (var (certificate, reason) in findings.Strangers)
        {
            Add(new ReasonAbout(reason, SubjectOfReason.Scheme, certificate.Scheme));
        }

        foreach (var miss in findings.Misses)
        {
            foreach (var reason in miss.Judgement.Line.Failing.ToList())
            {
                Add(new ReasonAbout(reason, SubjectOfReason.Certificate, miss.About.Certificate.Id));
            }

            for (var i = 0; i < miss.Route.Count; i++)
            {
                var step = miss.Route[i];
                foreach (var reason in miss.Judgement[i].Failing.ToList())
                {
                    Add(step.Agreement is { } agreement
                        ? new ReasonAbout(reason, SubjectOfReason.Agreement, agreement.Code)
                        : new ReasonAbout(reason, SubjectOfReason.Policy, step.Policy!.Code));
                }
            }
        }

        return [.. reasons.Values];

        void Add(ReasonAbout found)
        {
            if (!reasons.TryGetValue(found.Reason, out var known)
                || (found.Kind, string.CompareOrdinal(found.Code, known.Code)).CompareTo((known.Kind, 0)) < 0)
            {
                reasons[found.Reason] = found;
            }
        }
    }
}
