namespace EcoLabelRegistry.Recognition;

/// <summary>How a whole route stands to one certificate line on a day: every step, the line itself, and the route's level.</summary>
/// <param name="Exists">Rule 2: every step is in the text judged on the day, and each may be passed on as far as the route does.</param>
/// <param name="Line">The certificate line.</param>
/// <param name="First">The recogniser's step; without a grant for its own certificate.</param>
/// <param name="Second">The step after it.</param>
/// <param name="Third">The third step.</param>
/// <param name="Level">The weakest level; null for the recogniser's own certificate.</param>
internal readonly record struct RouteJudgement(
    bool Exists, CertificateLineState Line, GrantJudgement First, GrantJudgement Second, GrantJudgement Third, Level? Level)
{
    public ReasonSet Failing => Line.Failing | First.Failing | Second.Failing | Third.Failing;

    public bool Holds => Exists && Failing.IsEmpty;

    /// <summary>True when something keeps a full grant, or the recogniser's own certificate, from a plain yes.</summary>
    public bool LeavesToPeople =>
        Line.Certificate.IsUnconfirmed
        || First.LeavesToPeople || Second.LeavesToPeople || Third.LeavesToPeople
        || First.IsUnconfirmed || Second.IsUnconfirmed || Third.IsUnconfirmed;

    public GrantJudgement this[int step] => step switch
    {
        0 => First,
        1 => Second,
        _ => Third,
    };

    public static RouteJudgement Of(in Route route, CertificateLine about, Day day)
    {
        var line = about.On(day);
        if (route.First is not { } firstLine)
        {
            return new RouteJudgement(true, line, default, default, default, null);
        }

        var period = CertificateStandings.PeriodJudged(about.Certificate, line.Certificate);
        var steps = route.Count;
        var first = GrantJudgement.Of(firstLine, about, period, steps == 1, day);
        var second = route.Second is null ? default : GrantJudgement.Of(route.Second, about, period, steps == 2, day);
        var third = route.Third is null ? default : GrantJudgement.Of(route.Third, about, period, true, day);

        if (firstLine.PolicyLine is { RecognisedBy: not null } policyLine)
        {
            if (first.Grant is null || second.Grant is null)
            {
                return default;
            }

            first = first with { Failing = first.Failing | WhatThePolicyMisses(policyLine, route.Second!, second.Grant, about.Graph, day) };
        }
        else if (!MayPassOn(first, steps, 0) || !MayPassOn(second, steps, 1) || !MayPassOn(third, steps, 2))
        {
            return default;
        }

        // Rule 9: the caller's minimum level.
        var level = Weakest(first, second, third);
        first = first with { Failing = first.Failing.Unless(about.Question.MinLevel is not { } wanted || level <= wanted, Reason.LevelBelowMinimum) };
        return new RouteJudgement(true, line, first, second, third, level);
    }

    /// <summary>The outcome of a route that holds on a day.</summary>
    /// <param name="route">The route.</param>
    /// <param name="about">The certificate line.</param>
    /// <param name="judgement">How the route stands on the day.</param>
    /// <param name="date">The day.</param>
    /// <param name="hasPartialDates">False when every date that the route rests on is known to the day.</param>
    /// <param name="isDateUncertain">True when it holds, or gives as much, only inside the uncertain part of a date.</param>
    public static Outcome Outcome(
        in Route route, CertificateLine about, in RouteJudgement judgement, DateOnly date, bool hasPartialDates, out bool isDateUncertain)
    {
        var gives = judgement.Gives(route);
        isDateUncertain = false;
        if (hasPartialDates)
        {
            var certain = Of(route, about, new Day(date, IsCertain: true));
            isDateUncertain = !certain.Holds || certain.Gives(route) > gives;
        }

        return isDateUncertain && gives is Recognition.Outcome.Certified or Recognition.Outcome.Recognised ? Recognition.Outcome.Conditional : gives;
    }

    /// <summary>What a route that holds gives, if every date is known.</summary>
    private Outcome Gives(in Route route)
    {
        var gives = Level is not { } level ? Recognition.Outcome.Certified

            // The buyer's rule accepts whatever has an effect; how strong it is, the path shows.
            : route.First!.PolicyLine is not null ? Recognition.Outcome.Recognised
            : level.Gives()!.Value;
        return LeavesToPeople && gives is Recognition.Outcome.Certified or Recognition.Outcome.Recognised ? Recognition.Outcome.Conditional : gives;
    }

    /// <summary>A step lets the recogniser rely on as many further grants as its text says, and each of those is full.</summary>
    private static bool MayPassOn(in GrantJudgement judgement, int steps, int step) =>
        step >= steps || (judgement.Grant is { } grant && grant.OnwardMaxHops >= steps - 1 - step && (step == 0 || grant.Level.IsFull()));

    private static Level Weakest(in GrantJudgement first, in GrantJudgement second, in GrantJudgement third)
    {
        var level = first.Grant!.Level;
        level = second.Grant is { } next && next.Level > level ? next.Level : level;
        return third.Grant is { } last && last.Level > level ? last.Level : level;
    }

    /// <summary>What a policy that accepts whatever a scheme recognises asks of that recognition.</summary>
    public static ReasonSet WhatThePolicyMisses(PolicyLine line, GrantLine below, Grant grant, RecognitionGraph graph, Day day)
    {
        var failing = default(ReasonSet).Unless(line.MinLevel is not { } weakest || grant.Level <= weakest, Reason.LevelBelowMinimum);
        return failing.Unless(!line.Reciprocal || RunsTheOtherWayToo(below, graph, day), Reason.ConditionFailed);
    }

    private static bool RunsTheOtherWayToo(GrantLine below, RecognitionGraph graph, Day day)
    {
        foreach (var back in graph.Grants(below.Recognised, below.Recogniser))
        {
            var state = GrantState.On(back, day);
            if (ReferenceEquals(back.Agreement, below.Agreement) && state.Grant is not null && state.Failing.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }
}
