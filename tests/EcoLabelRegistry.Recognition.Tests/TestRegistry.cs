namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>A small registry that a test fills with just what it is about, and asks.</summary>
/// <remarks>
/// Schemes that are named anywhere exist. The usual certificate is of <c>geca</c>, the usual recogniser <c>cel</c>, the usual category
/// <c>coatings.decorative</c> below <c>coatings</c>, the usual agreement in force from 2010-01-01, the usual certificate from 2015-01-01.
/// </remarks>
internal sealed class TestRegistry
{
    private readonly List<Category> _categories =
        [new("coatings", null), new("coatings.decorative", "coatings"), new("coatings.industrial", "coatings"), new("it", null), new("it.imaging", "it")];

    private readonly Dictionary<string, Scheme> _schemes = new(StringComparer.Ordinal);
    private readonly List<Standard> _standards = [];
    private readonly List<Agreement> _agreements = [];
    private readonly List<Policy> _policies = [];
    private readonly List<Certificate> _certificates = [];

    public RecognitionGraph Graph => new(1, _categories, _schemes.Values, _standards, _agreements, _policies);

    public RecognitionSubject Product => new(SubjectKind.Product, [.. _certificates.Select(c => new Candidate(c, c.Lines))]);

    public RecognitionSubject CertificateAlone => Product with { Kind = SubjectKind.Certificate };

    public TestRegistry With(params Category[] categories) => Add(() => _categories.AddRange(categories));

    public TestRegistry With(params Scheme[] schemes) => Add(() => Array.ForEach(schemes, s => _schemes[s.Code] = s));

    public TestRegistry With(params Standard[] standards) => Add(() =>
    {
        _standards.AddRange(standards);
        Name(standards.Select(s => s.Scheme));
    });

    public TestRegistry With(params Agreement[] agreements) => Add(() =>
    {
        _agreements.AddRange(agreements);
        Name(agreements.SelectMany(a => a.Parties.Select(p => p.Scheme)));
        Name(agreements.SelectMany(a => a.Texts).SelectMany(t => t.Grants).SelectMany(g => new[] { g.Recogniser, g.Recognised }));
    });

    public TestRegistry With(params Policy[] policies) => Add(() =>
    {
        _policies.AddRange(policies);
        Name(policies.SelectMany(p => p.Accepts).Select(l => l.Scheme ?? l.RecognisedBy!));
    });

    public TestRegistry With(params Certificate[] certificates) => Add(() =>
    {
        _certificates.AddRange(certificates);
        Name(certificates.Select(c => c.Scheme));
    });

    /// <summary>Asks a scheme (or a policy, or <c>body:…</c>) about everything on record.</summary>
    public RecognitionAnswer Ask(string recogniser, string asOf, Func<RecognitionQuestion, RecognitionQuestion>? also = null) =>
        Ask(Product, recogniser, asOf, also);

    public RecognitionAnswer Ask(
        RecognitionSubject subject, string recogniser, string asOf, Func<RecognitionQuestion, RecognitionQuestion>? also = null)
    {
        Name(recogniser.StartsWith("body:", StringComparison.Ordinal) || _policies.Exists(p => p.Code == recogniser) ? [] : [recogniser]);
        var graph = Graph;
        var question = new RecognitionQuestion(graph.FindRecogniser(recogniser)!.Value, Given.Day(asOf));
        return RecognitionEngine.Decide(graph, subject, also is null ? question : also(question));
    }

    private TestRegistry Add(Action what)
    {
        what();
        return this;
    }

    private void Name(IEnumerable<string> schemes)
    {
        foreach (var scheme in schemes)
        {
            _schemes.TryAdd(scheme, Given.Scheme(scheme));
        }
    }
}

/// <summary>The pieces of a registry, as usual as can be; a test changes with <c>with</c> what it is about.</summary>
internal static class Given
{
    public static DateOnly Day(string day) => PartialDate.Parse(day).FirstDay;

    public static PartialDate Date(string date) => PartialDate.Parse(date);

    public static PartialDate? MaybeDate(string? date) => date is null ? null : Date(date);

    public static Scheme Scheme(string code) => new(code, $"{code}-body") { Coverage = RegisterCoverage.Full };

    public static Grant Grant(string recogniser, string recognised, Level level = Level.FullProduct, string id = "g") =>
        new(id, recogniser, recognised, level);

    public static AgreementText Text(string? from, params Grant[] grants) =>
        new() { IsSigned = true, EffectiveFrom = MaybeDate(from), Grants = grants };

    /// <summary>An agreement of two, signed, from 2010-01-01.</summary>
    public static Agreement Bilateral(params Grant[] grants) => Agreement("mra", AgreementKind.Bilateral, grants);

    public static Agreement Agreement(string code, AgreementKind kind, params Grant[] grants) => new(code, kind)
    {
        Parties =
        [
            .. grants.SelectMany(g => kind == AgreementKind.Unilateral ? new[] { g.Recogniser } : [g.Recogniser, g.Recognised])
                .Distinct(StringComparer.Ordinal).Select(s => new AgreementParty(s)),
        ],
        Texts = [Text("2010-01-01", grants)],
    };

    public static Agreement WithText(this Agreement agreement, Func<AgreementText, AgreementText> change) =>
        agreement with { Texts = [change(agreement.Texts[0])] };

    public static Agreement WithEvent(this Agreement agreement, AgreementEventType type, string effective, string? party = null) =>
        agreement with { Events = [.. agreement.Events, new AgreementEvent(type, Date(effective), party)] };

    public static Certificate Certificate(
        string scheme = "geca", string number = "C-1", string? from = "2015-01-01", string? until = null, string? category = "coatings.decorative") =>
        new($"{scheme}:{number}", scheme, number)
        {
            Periods = [Period(from, until)],
            Lines = [new ProductLine("acme-gloss", category)],
            Territories = [],
        };

    public static CertificatePeriod Period(string? from, string? until = null) => new() { From = MaybeDate(from), Until = MaybeDate(until) };

    public static Certificate WithPeriod(this Certificate certificate, Func<CertificatePeriod, CertificatePeriod> change) =>
        certificate with { Periods = [change(certificate.Periods[0])] };

    public static Certificate WithEvent(this Certificate certificate, CertificateEventType type, string effective, bool isOfListing = false) =>
        certificate with { Events = [.. certificate.Events, new CertificateEvent(type, Date(effective), isOfListing)] };

    public static GrantCondition Condition(string code, params string[] excludeSiteCountries) =>
        new(code, new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = code }, excludeSiteCountries);

    public static Policy Policy(params PolicyLine[] lines) => new("buyer", lines);
}
