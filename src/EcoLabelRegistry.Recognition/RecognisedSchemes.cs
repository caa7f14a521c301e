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
            if (!Holds(first, graph, question, out var grant) || !Reaches(grant.Level, question))
            {
                continue;
            }

            found.Add(first.Recognised);
            AddOnward(first.Recognised, grant.OnwardMaxHops, Route.MaxSteps - 1, graph, question, found);
        }
    }

    private static void AddOnward(string via, int hops, int steps, RecognitionGraph graph, RecognitionQuestion question, HashSet<string> found)
    {
        foreach (var next in hops > 0 && steps > 0 ? graph.GrantsOf(via) : [])
        {
            if (Holds(next, graph, question, out var grant) && grant.Level.IsFull())
            {
                found.Add(next.Recognised);
                AddOnward(next.Recognised, Math.Min(hops - 1, grant.OnwardMaxHops), steps - 1, graph, question, found);
            }
        }
    }

    private static void AddOfPolicy(RecognitionGraph graph, RecognitionQuestion question, HashSet<string> found)
    {
        foreach (var line in graph.LinesOfPolicy(question.Recogniser.Code))
        {
            if (!Holds(line, graph, question, out var accepted))
            {
                continue;
            }

            if (line.PolicyLine!.RecognisedBy is not { } recogniser)
            {
                if (Reaches(accepted.Level, question))
                {
                    found.Add(line.Recognised);
                }

                continue;
            }

            foreach (var below in graph.GrantsOf(recogniser))
            {
                if (Holds(below, graph, question, out var grant)
                    && Reaches(grant.Level, question)
                    && RouteJudgement.WhatThePolicyMisses(line.PolicyLine, below, grant, graph, new Day(question.AsOf)).IsEmpty)
                {
                    found.Add(below.Recognised);
                }
            }
        }
    }

    private static bool Reaches(Level level, RecognitionQuestion question) => question.MinLevel is not { } wanted || level <= wanted;

    /// <summary>In force with an effect, and open to some product of the category asked.</summary>
    private static bool Holds(GrantLine line, RecognitionGraph graph, RecognitionQuestion question, out Grant grant)
    {
        var state = GrantState.On(line, new Day(question.AsOf));
        grant = state.Grant!;
        return state is { Grant: not null, Failing.IsEmpty: true } && GrantsInForce.IsOpenTo(question.Category, line, state, graph);
    }
}
