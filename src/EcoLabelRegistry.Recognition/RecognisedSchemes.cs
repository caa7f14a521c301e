namespace EcoLabelRegistry.Recognition;

/// <summary>Which schemes a recogniser recognises on a date, before any certificate is looked at.</summary>
public static class RecognisedSchemes
{
    /// <summary>
    /// The recogniser's own schemes, and every scheme that a grant in force with an effect, a policy's line or onward recognition leads to,
    /// with the sub-schemes that count as theirs; ordinally. The question's category and minimum level narrow them.
    /// </summary>
    public static IReadOnlyList<string> Of(RecognitionGraph graph, RecognitionQuestion question)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        switch (question.Recogniser.Kind)
        {
            case RecogniserKind.Scheme:
                AddOf(question.Recogniser.Code, graph, question, found);
                break;
            case RecogniserKind.Body:
                foreach (var own in graph.SchemesOf(question.Recogniser.Code))
                {
                    AddOf(own, graph, question, found);
                }

                break;
            case RecogniserKind.Policy:
                AddOfPolicy(graph, question, found);
                break;
        }

        var counted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var scheme in found)
        {
            counted.UnionWith(graph.CountedAs(scheme));
        }

        counted.RemoveWhere(s => graph.Schemes.TryGetValue(s, out var scheme) && scheme.Kind == SchemeKind.CriteriaSet);
        return [.. counted];
    }

    private static void AddOf(string recogniser, RecognitionGraph graph, RecognitionQuestion question, HashSet<string> found)
    {
        found.Add(recogniser);
        foreach (var first in graph.GrantsOf(recogniser))
        {
            if (Carries(first, Carried.Asked(question), graph, question, out var grant, out var carried))
            {
                found.Add(first.Recognised);
                AddOnward(first.Recognised, grant.OnwardMaxHops, Route.MaxSteps - 1, carried, graph, question, found);
            }
        }
    }

    private static void AddOnward(
        string via, int hops, int steps, Carried soFar, RecognitionGraph graph, RecognitionQuestion question, HashSet<string> found)
    {
        foreach (var next in hops > 0 && steps > 0 ? graph.GrantsOf(via) : [])
        {
            if (Carries(next, soFar, graph, question, out var grant, out var carried) && grant.Level.IsFull())
            {
                found.Add(next.Recognised);
                AddOnward(next.Recognised, Math.Min(hops - 1, grant.OnwardMaxHops), steps - 1, carried, graph, question, found);
            }
        }
    }

    private static void AddOfPolicy(RecognitionGraph graph, RecognitionQuestion question, HashSet<string> found)
    {
        foreach (var line in graph.LinesOfPolicy(question.Recogniser.Code))
        {
            if (!Carries(line, Carried.Asked(question), graph, question, out _, out var accepted))
            {
                continue;
            }

            if (line.PolicyLine!.RecognisedBy is not { } recogniser)
            {
                found.Add(line.Recognised);
                continue;
            }

            foreach (var below in graph.GrantsOf(recogniser))
            {
                if (Carries(below, accepted, graph, question, out var grant, out _)
                    && RouteJudgement.WhatThePolicyMisses(line.PolicyLine, below, grant, graph, new Day(question.AsOf)).IsEmpty)
                {
                    found.Add(below.Recognised);
                }
            }
        }
    }

    /// <summary>In force with an effect, of the level asked at least, and open to some product that has come this far.</summary>
    private static bool Carries(
        GrantLine line, Carried soFar, RecognitionGraph graph, RecognitionQuestion question, out Grant grant, out Carried carried)
    {
        var state = GrantState.On(line, new Day(question.AsOf));
        (grant, carried) = (state.Grant!, soFar);
        if (state is not { Grant: not null, Failing.IsEmpty: true }
            || (question.MinLevel is { } wanted && grant.Level > wanted)
            || graph.CommonTo(soFar.Categories, grant.Categories) is not { } categories)
        {
            return false;
        }

        var keptOut = soFar.KeptOut.Concat(state.Reservations.SelectMany(r => r.Categories)).ToList();
        carried = new Carried(categories, keptOut);
        return Array.TrueForAll(state.Reservations, r => r.Categories.Count > 0)
            && (categories.Count == 0 || categories.Any(c => !graph.IsWithinAny(c, keptOut)));
    }

    /// <summary>What may have come so far along a way: each step covers categories of its own and keeps some out.</summary>
    /// <param name="Categories">Products of these, and of those below them; empty is all.</param>
    /// <param name="KeptOut">But none of these.</param>
    private readonly record struct Carried(IReadOnlyList<string> Categories, IReadOnlyList<string> KeptOut)
    {
        public static Carried Asked(RecognitionQuestion question) => new(question.Category is { } asked ? [asked] : [], []);
    }
}
