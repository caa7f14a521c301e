namespace EcoLabelRegistry.Recognition;

/// <summary>How much of a category is covered.</summary>
public enum CategoryExtent
{
    /// <summary>Every product of it.</summary>
    Whole,

    /// <summary>Some: categories below it are listed, or a party keeps some out.</summary>
    Part,
}

/// <summary>A label that a recogniser accepts on a date, before any certificate is looked at.</summary>
/// <param name="Grant">The grant, or the line of a policy.</param>
/// <param name="Below">The grant of a scheme whose recognition the policy's line accepts; null otherwise.</param>
/// <param name="Recognised">Code of the scheme that is accepted.</param>
/// <param name="Level">The level; of two steps the weaker.</param>
/// <param name="Outcome">The best that it can give a certificate; null when its level has no effect.</param>
/// <param name="Categories">Categories covered, with those below them; empty means all.</param>
/// <param name="Except">Categories that a party keeps out, with those below them.</param>
/// <param name="Extent">How much of the category asked it covers; null when none was asked.</param>
/// <param name="IsUnconfirmed">True when no source shows an agreement alive as late as the date.</param>
/// <param name="IsDateUncertain">True when it is in force only inside the uncertain part of a date.</param>
/// <param name="HoldsUntil">Last day on which it is in force, given every recorded event, future ones included; null when open-ended.</param>
/// <param name="Warnings">What keeps a reader from a wrong conclusion.</param>
public sealed record AcceptedLabel(
    GrantInForce Grant,
    GrantInForce? Below,
    string Recognised,
    Level Level,
    Outcome? Outcome,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Except,
    CategoryExtent? Extent,
    bool IsUnconfirmed,
    bool IsDateUncertain,
    DateOnly? HoldsUntil,
    IReadOnlyList<Warning> Warnings);

/// <summary>Lists what recognisers accept: "which labels does Y accept for category C on date D".</summary>
public static class AcceptedLabels
{
    /// <summary>
    /// Every grant and policy's line in force on a date, of whatever level: by agreement and grant, then by policy and place, ordinally. A line
    /// that accepts whatever a scheme recognises stands once for each of that scheme's grants that it accepts.
    /// </summary>
    /// <param name="graph">The registry.</param>
    /// <param name="date">The date.</param>
    /// <param name="category">Only what some product of this category may fall under; null for all.</param>
    public static IReadOnlyList<AcceptedLabel> On(RecognitionGraph graph, DateOnly date, string? category = null)
    {
        GrantLine?[] nothingBelow = [null];
        var found = new List<AcceptedLabel>();
        foreach (var line in graph.Lines)
        {
            foreach (var below in line.PolicyLine?.RecognisedBy is { } recogniser ? graph.GrantsOf(recogniser) : nothingBelow)
            {
                if (Holds(line, below, graph, new Day(date)) && Describe(line, below, graph, date, category) is { } accepted)
                {
                    found.Add(accepted);
                }
            }
        }

        return found;
    }

    private static bool Holds(GrantLine line, GrantLine? below, RecognitionGraph graph, Day day)
    {
        var state = GrantState.On(line, day);
        if (!state.IsInForce || below is null)
        {
            return state.IsInForce;
        }

        var belowState = GrantState.On(below, day);
        return belowState is { Grant: { } grant, Failing.IsEmpty: true }
            && RouteJudgement.WhatThePolicyMisses(line.PolicyLine!, below, grant, graph, day).IsEmpty;
    }

    private static AcceptedLabel? Describe(GrantLine line, GrantLine? below, RecognitionGraph graph, DateOnly date, string? category)
    {
        var state = GrantState.On(line, new Day(date));
        var belowState = below is null ? default : GrantState.On(below, new Day(date));
        var isOpen = GrantsInForce.IsOpenTo(category, state, graph)
            && (below is null || GrantsInForce.IsOpenTo(category, belowState, graph))
            && (below is null || graph.CommonTo(state.Grant!.Categories, belowState.Grant!.Categories) is not null);
        if (!isOpen)
        {
            return null;
        }

        var first = GrantsInForce.Describe(line, state, graph, date);
        var second = below is null ? null : GrantsInForce.Describe(below, belowState, graph, date);
        var categories = second is null ? first.Grant.Categories : graph.CommonTo(first.Grant.Categories, second.Grant.Categories)!;
        var except = KeptOut(state).Concat(below is null ? [] : KeptOut(belowState))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (LeftOver(categories, except, category, graph) is not { } extent)
        {
            return null;
        }

        var isUnconfirmed = first.IsUnconfirmed || second is { IsUnconfirmed: true };
        var isDateUncertain = first.IsDateUncertain || second is { IsDateUncertain: true };
        var leavesToPeople = isUnconfirmed || isDateUncertain
            || first.Grant.Conditions.Concat(second?.Grant.Conditions ?? []).Any(c => c.ExcludeSiteCountries.Count == 0);
        var outcome = line.PolicyLine is not null ? Outcome.Recognised : first.Grant.Level.Gives();
        outcome = outcome == Outcome.Recognised && leavesToPeople ? Outcome.Conditional : outcome;
        return new AcceptedLabel(
            first,
            second,
            second?.Grant.Recognised ?? first.Grant.Recognised,
            second is null || second.Grant.Level < first.Grant.Level ? first.Grant.Level : second.Grant.Level,
            outcome,
            categories,
            except,
            category is null ? null : extent,
            isUnconfirmed,
            isDateUncertain,
            HoldsUntil(line, below, graph, date),
            Warnings(first, second, outcome, graph));
    }

    private static IEnumerable<string> KeptOut(GrantState state) => state.Reservations.SelectMany(r => r.Categories);

    /// <summary>How much of the category asked is left when what is kept out is taken away; null when nothing is.</summary>
    private static CategoryExtent? LeftOver(IReadOnlyList<string> categories, List<string> except, string? asked, RecognitionGraph graph)
    {
        var coversAll = categories.Count == 0 || graph.IsWithinAny(asked, categories);
        var covered = !coversAll ? categories.Where(c => asked is null || graph.IsWithin(c, asked)) : asked is null ? [] : [asked];
        var left = covered.Where(c => !graph.IsWithinAny(c, except)).ToList();
        return left.Count == 0 && !(coversAll && asked is null) ? null
            : coversAll && (asked is null || !except.Exists(c => graph.IsWithin(c, asked))) ? CategoryExtent.Whole
            : CategoryExtent.Part;
    }

    private static DateOnly? HoldsUntil(GrantLine line, GrantLine? below, RecognitionGraph graph, DateOnly date)
    {
        while (true)
        {
            var next = new NextChange(date);
            AddChanges(line, graph, ref next);
            if (below is not null)
            {
                AddChanges(below, graph, ref next);
            }

            if (next.Day is not { } day)
            {
                return null;
            }

            if (!Holds(line, below, graph, new Day(day)))
            {
                return day.AddDays(-1);
            }

            date = day;
        }
    }

    private static void AddChanges(GrantLine line, RecognitionGraph graph, ref NextChange next)
    {
        line.AddChanges(ref next);
        if (line.Agreement is not { } agreement)
        {
            return;
        }

        AgreementStandings.AddChanges(agreement, ref next);

        // A policy may ask for a grant the other way, which has dates of its own.
        foreach (var back in graph.Grants(line.Recognised, line.Recogniser))
        {
            back.AddChanges(ref next);
        }
    }

    private static List<Warning> Warnings(GrantInForce first, GrantInForce? second, Outcome? outcome, RecognitionGraph graph)
    {
        var found = first.Warnings.Concat(second?.Warnings ?? []).ToHashSet();
        foreach (var grant in second is null ? [first.Grant] : new[] { first.Grant, second.Grant })
        {
            if (IsSample(grant.Recogniser) || IsSample(grant.Recognised))
            {
                found.Add(Warning.Sample);
            }
        }

        if (first.Agreement is not null)
        {
            found.Add(Warning.SchemeNotPolicy);
        }

        if (outcome?.Answer() == Answer.Partly)
        {
            found.Add(Warning.LabelStillRequired);
        }

        return [.. found.Order()];

        bool IsSample(string scheme) => graph.Schemes.TryGetValue(scheme, out var known) && known.Sample;
    }
}
