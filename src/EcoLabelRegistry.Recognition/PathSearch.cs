namespace EcoLabelRegistry.Recognition;

/// <summary>Finds every route that may lead from a recogniser to a scheme's certificates. Whether one holds is judged elsewhere.</summary>
internal static class PathSearch
{
    /// <summary>True when a certificate is the recogniser's own.</summary>
    /// <param name="graph">The registry.</param>
    /// <param name="recogniser">Who is asked.</param>
    /// <param name="countsAs">The schemes whose certificate it counts as.</param>
    public static bool IsOwn(RecognitionGraph graph, Recogniser recogniser, IReadOnlyList<string> countsAs) => recogniser.Kind switch
    {
        RecogniserKind.Scheme => Contains(countsAs, recogniser.Code),
        RecogniserKind.Body => ContainsAny(countsAs, graph.SchemesOf(recogniser.Code)),
        RecogniserKind.Policy => false,
    };

    /// <summary>Adds every route to certificates that count as one of the schemes.</summary>
    public static void AddRoutes(RecognitionGraph graph, Recogniser recogniser, IReadOnlyList<string> countsAs, List<Route> routes)
    {
        switch (recogniser.Kind)
        {
            case RecogniserKind.Scheme:
                AddRoutesOf(graph, recogniser.Code, countsAs, routes);
                break;
            case RecogniserKind.Body:
                foreach (var own in graph.SchemesOf(recogniser.Code))
                {
                    AddRoutesOf(graph, own, countsAs, routes);
                }

                break;
            case RecogniserKind.Policy:
                AddRoutesOfPolicy(graph, recogniser.Code, countsAs, routes);
                break;
        }
    }

    /// <summary>True when no route leads to the schemes, and a grant of one of them to the recogniser exists.</summary>
    public static bool HasOnlyTheOpposite(RecognitionGraph graph, Recogniser recogniser, IReadOnlyList<string> countsAs, DateOnly date) => recogniser.Kind switch
    {
        RecogniserKind.Scheme => GrantsTo(graph, countsAs, recogniser.Code, date),
        RecogniserKind.Body => graph.SchemesOf(recogniser.Code).Any(own => GrantsTo(graph, countsAs, own, date)),
        RecogniserKind.Policy => graph.LinesOfPolicy(recogniser.Code)
            .Any(l => l.PolicyLine!.RecognisedBy is { } asked && GrantsTo(graph, countsAs, asked, date)),
    };

    private static void AddRoutesOf(RecognitionGraph graph, string recogniser, IReadOnlyList<string> countsAs, List<Route> routes)
    {
        var onward = graph.OnwardGrantsOf(recogniser);
        for (var i = 0; i < countsAs.Count; i++)
        {
            // A route visits no scheme twice, so cycles end, and nobody recognises himself.
            var recognised = countsAs[i];
            if (recognised == recogniser)
            {
                continue;
            }

            foreach (var direct in graph.Grants(recogniser, recognised))
            {
                routes.Add(new Route(direct));
            }

            // Recognition is not passed on, except by a grant that says so.
            foreach (var first in onward)
            {
                if (first.Recognised != recogniser && first.Recognised != recognised)
                {
                    AddOnward(graph, first, recognised, routes);
                }
            }
        }
    }

    private static void AddOnward(RecognitionGraph graph, GrantLine first, string recognised, List<Route> routes)
    {
        foreach (var second in graph.Grants(first.Recognised, recognised))
        {
            routes.Add(new Route(first, second));
        }

        foreach (var second in graph.OnwardGrantsOf(first.Recognised))
        {
            if (second.Recognised == first.Recogniser || second.Recognised == first.Recognised || second.Recognised == recognised)
            {
                continue;
            }

            foreach (var third in graph.Grants(second.Recognised, recognised))
            {
                routes.Add(new Route(first, second, third));
            }
        }
    }

    private static void AddRoutesOfPolicy(RecognitionGraph graph, string policy, IReadOnlyList<string> countsAs, List<Route> routes)
    {
        foreach (var line in graph.LinesOfPolicy(policy))
        {
            for (var i = 0; i < countsAs.Count; i++)
            {
                if (line.PolicyLine!.RecognisedBy is not { } recogniser)
                {
                    if (line.Recognised == countsAs[i])
                    {
                        routes.Add(new Route(line));
                    }
                }
                else if (recogniser != countsAs[i])
                {
                    foreach (var below in graph.Grants(recogniser, countsAs[i]))
                    {
                        routes.Add(new Route(line, below));
                    }
                }
            }
        }
    }

    private static bool GrantsTo(RecognitionGraph graph, IReadOnlyList<string> recognisers, string recognised, DateOnly date)
    {
        for (var i = 0; i < recognisers.Count; i++)
        {
            foreach (var line in graph.Grants(recognisers[i], recognised))
            {
                if (line.Around(date).Counted.Grant is not null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool ContainsAny(IReadOnlyList<string> codes, IReadOnlyList<string> others)
    {
        for (var i = 0; i < others.Count; i++)
        {
            if (Contains(codes, others[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(IReadOnlyList<string> codes, string code)
    {
        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i] == code)
            {
                return true;
            }
        }

        return false;
    }
}
