namespace EcoLabelRegistry.Recognition;

/// <summary>A route that exists and does not hold for a certificate line.</summary>
internal sealed record Miss(Route Route, CertificateLine About, RouteJudgement Judgement)
{
    /// <summary>The nearest of all: the fewest reasons, then the order of the reasons, then the order in which paths are listed.</summary>
    /// <returns>Null when there is none.</returns>
    public static NearestMiss? Nearest(List<Miss> misses)
    {
        Miss? nearest = null;
        foreach (var miss in misses)
        {
            // The recogniser's own certificate rests on no grant.
            if (miss.Route.Count > 0 && (nearest is null || Compare(miss, nearest) < 0))
            {
                nearest = miss;
            }
        }

        if (nearest is not { } found)
        {
            return null;
        }

        var step = found.Route[found.StepToName()];
        return new NearestMiss(found.About.Certificate.Id, step.Agreement?.Code, step.Policy?.Code, step.Id, found.Judgement.Failing.ToList());
    }

    private static int Compare(Miss left, Miss right)
    {
        var order = ReasonSet.Compare(left.Judgement.Failing, right.Judgement.Failing);
        order = order != 0 ? order : Nullable.Compare(left.Judgement.Level, right.Judgement.Level);
        order = order != 0 ? order : Route.Compare(left.Route, right.Route);
        order = order != 0 ? order : string.CompareOrdinal(left.About.Certificate.Number, right.About.Certificate.Number);
        order = order != 0 ? order : Findings.Compare(left.About.Certificate, right.About.Certificate);
        return order != 0 ? order : string.CompareOrdinal(left.About.Category, right.About.Category);
    }

    /// <summary>The first step that fails; when only the certificate does, the step next to it.</summary>
    private int StepToName()
    {
        var step = 0;
        while (step < Route.Count - 1 && Judgement[step].Failing.IsEmpty)
        {
            step++;
        }

        return step;
    }
}
