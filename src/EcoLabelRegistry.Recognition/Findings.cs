namespace EcoLabelRegistry.Recognition;

/// <summary>Everything found while one question is judged: the paths that hold, the routes that do not, and the certificates.</summary>
internal sealed class Findings(RecognitionGraph graph, RecognitionQuestion question)
{
    private static readonly IReadOnlyList<ProductLine> WithoutLines = [new ProductLine(null, null)];
    private static readonly Comparison<FoundPath> BestFirst = (left, right) => FoundPath.Compare(left, right);
    private static readonly Comparison<JudgedCertificate> ByNumber = (left, right) => Compare(left.Certificate, right.Certificate);

    // Most questions are about one certificate that one route leads to.
    private readonly List<Route> _routes = new(1);

    public RecognitionGraph Graph { get; } = graph;

    public RecognitionQuestion Question { get; } = question;

    /// <summary>Every path that holds; best first once sorted.</summary>
    public List<FoundPath> Paths { get; } = new(1);

    /// <summary>Every route that exists and does not hold; null when there is none.</summary>
    public List<Miss>? Misses { get; private set; }

    /// <summary>Certificates to which no route leads, and why; null when there are none.</summary>
    public List<(Certificate Certificate, Reason Reason)>? Strangers { get; private set; }

    /// <summary>Every certificate judged.</summary>
    public List<JudgedCertificate> Certificates { get; } = new(1);

    /// <summary>Whether some certificate counts.</summary>
    public bool AnyCounts => Certificates.Exists(c => c.Reasons.Count == 0);

    /// <summary>The best path's outcome; without a path, whether a certificate counts at all.</summary>
    public Outcome Outcome => Paths.Count > 0 ? Paths[0].Path.Outcome : AnyCounts ? Outcome.NotRecognised : Outcome.NotCertified;

    /// <summary>Judges one certificate: on its own, then every category of its lines that are asked about by every route that leads to it.</summary>
    public void Judge(Candidate candidate, SubjectKind kind)
    {
        var certificate = candidate.Certificate;

        // A certificate without any line names no product: asked alone, it stands for itself.
        var lines = candidate.Lines.Count == 0 && certificate.Lines.Count == 0 && kind == SubjectKind.Certificate ? WithoutLines : candidate.Lines;
        var asked = ReferenceEquals(lines, candidate.Lines) ? candidate : candidate with { Lines = lines };
        var isOnIt = IsAnyOn(lines);
        var state = CertificateStandings.On(certificate, Graph, Question.AsOf);
        var failing = CertificateLine.WhyNot(state.Standing)
            .Unless(isOnIt, Reason.ProductNotOnCertificate)
            .Unless(CertificateLine.CountsInTerritory(certificate, Question), Reason.TerritoryOutOfScope);
        Certificates.Add(new JudgedCertificate(certificate, state.Period, state.Standing, failing.ToList()));

        // When some lines are on the certificate on the date, those that are not say nothing.
        for (var i = 0; i < lines.Count; i++)
        {
            if ((!isOnIt || IsOn(lines[i])) && !IsRepeated(lines, i, isOnIt))
            {
                Judge(new CertificateLine(Graph, Question, asked, lines[i].Category));
            }
        }
    }

    private void Judge(CertificateLine about)
    {
        var countsAs = Graph.CountsAs(about.Certificate.Scheme);
        var isOwn = PathSearch.IsOwn(Graph, Question.Recogniser, countsAs);
        if (isOwn)
        {
            Judge(default, about);
        }

        _routes.Clear();
        PathSearch.AddRoutes(Graph, Question.Recogniser, countsAs, _routes);
        var found = Paths.Count + (Misses?.Count ?? 0);
        foreach (var route in _routes)
        {
            Judge(route, about);
        }

        if (!isOwn && Paths.Count + (Misses?.Count ?? 0) == found)
        {
            var isOpposite = PathSearch.HasOnlyTheOpposite(Graph, Question.Recogniser, countsAs, Question.AsOf);
            (Strangers ??= new(1)).Add((about.Certificate, isOpposite ? Reason.WrongDirection : Reason.NoAgreement));
        }
    }

    /// <summary>Judges one route for one certificate line.</summary>
    private void Judge(in Route route, CertificateLine about)
    {
        var judgement = RouteJudgement.Of(route, about, new Day(Question.AsOf));
        if (!judgement.Exists)
        {
            return;
        }

        if (judgement.Holds)
        {
            Paths.Add(FoundPath.Of(route, about, judgement));
        }
        else
        {
            (Misses ??= new(1)).Add(new Miss(route, about, judgement));
        }
    }

    /// <summary>Puts everything into the order of the answer, which the order of the input never changes.</summary>
    public void Sort()
    {
        Paths.Sort(BestFirst);
        Certificates.Sort(ByNumber);
    }

    /// <summary>The paths, in the order sorted.</summary>
    public IReadOnlyList<RecognitionPath> ListPaths()
    {
        if (Paths.Count == 0)
        {
            return [];
        }

        var paths = new RecognitionPath[Paths.Count];
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = Paths[i].Path;
        }

        return paths;
    }

    /// <summary>By scheme, number and id, ordinally.</summary>
    public static int Compare(Certificate left, Certificate right)
    {
        var order = string.CompareOrdinal(left.Scheme, right.Scheme);
        order = order != 0 ? order : string.CompareOrdinal(left.Number, right.Number);
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }

    private bool IsOn(ProductLine line) => new Day(Question.AsOf).IsWithin(line.From, line.Until);

    private bool IsAnyOn(IReadOnlyList<ProductLine> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (IsOn(lines[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when an earlier line that is judged has the same category.</summary>
    private bool IsRepeated(IReadOnlyList<ProductLine> lines, int index, bool onlyThoseOnIt)
    {
        for (var i = 0; i < index; i++)
        {
            if (lines[i].Category == lines[index].Category && (!onlyThoseOnIt || IsOn(lines[i])))
            {
                return true;
            }
        }

        return false;
    }
}
