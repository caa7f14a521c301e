namespace EcoLabelRegistry.Recognition;

/// <summary>Finds the last day on which a route keeps its outcome.</summary>
internal static class HoldsUntil
{
    /// <summary>Judges the route again on each later day on which something recorded may change, until its outcome does.</summary>
    /// <param name="route">The route.</param>
    /// <param name="about">The certificate line.</param>
    /// <param name="outcome">Its outcome on the day asked about.</param>
    /// <param name="next">The first change after that day.</param>
    /// <returns>Null when it is open-ended.</returns>
    public static DateOnly? Of(in Route route, CertificateLine about, Outcome outcome, NextChange next)
    {
        while (next.Day is { } date)
        {
            // Most paths end with their certificate, whatever the grants say then.
            var day = new Day(date);
            if (!about.On(day).Failing.IsEmpty)
            {
                return date.AddDays(-1);
            }

            var judgement = RouteJudgement.Of(route, about, day);
            if (!judgement.Holds || RouteJudgement.Outcome(route, about, judgement, date, next.HasPartialDates, out _) != outcome)
            {
                return date.AddDays(-1);
            }

            next = NextChangeAfter(date, route, about);
        }

        return null;
    }

    /// <summary>The first change after a date of anything that the route rests on.</summary>
    public static NextChange NextChangeAfter(DateOnly date, in Route route, CertificateLine about)
    {
        var next = new NextChange(date);
        about.AddChanges(ref next);
        for (var i = 0; i < route.Count; i++)
        {
            var line = route[i];
            next.Changes(line);
            if (line.PolicyLine is { } policyLine)
            {
                AddChanges(policyLine, route, about.Graph, ref next);
            }
        }

        return next;
    }

    /// <summary>A policy may ask for the edition in force, and for a grant the other way.</summary>
    private static void AddChanges(PolicyLine line, in Route route, RecognitionGraph graph, ref NextChange next)
    {
        foreach (var granted in line.Standards)
        {
            if (granted.Editions.Contains(GrantedStandard.Current, StringComparer.Ordinal) && graph.Standards.TryGetValue(granted.Standard, out var standard))
            {
                Editions.AddChanges(standard, ref next);
            }
        }

        if (line.Reciprocal && route.Second is { } below)
        {
            foreach (var back in graph.Grants(below.Recognised, below.Recogniser))
            {
                back.AddChanges(ref next);
            }
        }
    }
}
