using FsCheck;
using FsCheck.Fluent;

namespace EcoLabelRegistry.Recognition.Tests.Oracle;

/// <summary>Small registries that a person could have entered, crowded so that rules meet: few schemes, few days, many dates on the same days.</summary>
/// <remarks>What a write would refuse is not made: unknown references, an end before its start, strangers in a bilateral agreement, cycles of parents.</remarks>
public sealed class RandomRegistry
{
    private static readonly string[] SchemeCodes = ["alder", "birch", "cedar", "dogwood", "elm"];
    private static readonly string[] Tiers = ["bronze", "silver", "gold"];
    private static readonly string[] Parameters = ["voc", "noise", "fibre"];

    // A tree and a second root; "paints" lies below "coatings" though no dot says so.
    private static readonly Category[] AllCategories =
        [new("coatings", null), new("coatings.decorative", "coatings"), new("paints", "coatings.decorative"), new("it", null), new("it.imaging", "it")];

    // In order, so that a tame registry can begin things early, end them late and be asked in between.
    private static readonly string[] Early = ["2010", "2010-01-01", "2010-06-30", "2011-02", "2011-02-28", "2012"];
    private static readonly string[] Middle = ["2012", "2012-02-29", "2012-06", "2012-06-15", "2012-12-31", "2013-01-01", "2013-05-05", "2013"];
    private static readonly string[] Late = ["2013", "2014-03", "2014-03-31", "2015-07-01", "2016-12-31"];
    private static readonly string[] Dates = [.. Early, .. Middle, .. Late];

    private readonly Random random;
    private readonly bool tame;
    private readonly bool chained;
    private readonly List<Scheme> schemes = [];
    private readonly List<Standard> standards = [];
    private Aim? aim;

    private RandomRegistry(Random random)
    {
        this.random = random;
        tame = Chance(75);
        chained = Chance(25);
    }

    /// <summary>Cases from a seed that FsCheck prints; a failing one is made smaller piece by piece.</summary>
    public static Arbitrary<RecognitionCase> Cases() => Arb.From(Gen.Choose(int.MinValue, int.MaxValue).Select(Case), SmallerCase.Of);

    /// <summary>The case of a seed.</summary>
    public static RecognitionCase Case(int seed) => new RandomRegistry(new Random(seed)).NextCase();

    private RecognitionCase NextCase()
    {
        var count = random.Next(chained ? 3 : 2, SchemeCodes.Length + 1);
        for (var i = 0; i < count; i++)
        {
            schemes.Add(NextScheme(i));
        }

        for (var i = random.Next(8); i > 0; i--)
        {
            standards.Add(NextStandard());
        }

        var agreements = Several(chained ? count : 1, 6, i => NextAgreement("agreement-" + (char)('a' + i), i));
        var policies = Several(1, 2, i => NextPolicy("policy-" + (i + 1)));
        var registry = new PlainRegistry(AllCategories, schemes, standards, agreements, policies);
        aim = Chance(65) ? NextAim(registry) : null;
        var subject = NextSubject();
        return new(registry, subject, NextQuestion(policies));
    }

    /// <summary>What many a question is about: without it most answers would be that nobody signed with anybody.</summary>
    private sealed record Aim(Recogniser Recogniser, string Recognised, IReadOnlyList<string> Categories, IReadOnlyList<GrantedStandard> Standards);

    private Aim? NextAim(PlainRegistry registry)
    {
        var grants = registry.Agreements.SelectMany(a => a.Texts).SelectMany(t => t.Grants).ToList();
        List<Aim> aims =
        [
            .. grants.Select(g => new Aim(new(RecogniserKind.Scheme, g.Recogniser), g.Recognised, g.Categories, g.Standards)),
            .. registry.Policies.SelectMany(p => p.Accepts.Select(l => new Aim(
                new(RecogniserKind.Policy, p.Code),
                l.Scheme ?? grants.Find(g => Same(g.Recogniser, l.RecognisedBy))?.Recognised ?? l.RecognisedBy!,
                l.Categories,
                l.Standards))),
        ];
        return aims.Count > 0 ? OneOf([.. aims]) : null;
    }

    private Scheme NextScheme(int place)
    {
        // Only earlier schemes can be parents, so there is no cycle.
        var parent = place > 0 && Chance(35) ? SchemeCodes[random.Next(place)] : null;
        return new(SchemeCodes[place], "body-" + random.Next(1, 4))
        {
            Kind = Chance(3) ? SchemeKind.CriteriaSet : SchemeKind.Scheme,
            Parent = parent,
            CountsAsParent = parent is not null && Chance(60),
            Tiers = Chance(70) ? Chance(85) ? Tiers : [.. Enumerable.Reverse(Tiers).Take(2)] : [],
            SurveillanceMonths = Chance(40) ? 12 : null,
            Coverage = OneOf<RegisterCoverage>(RegisterCoverage.None, RegisterCoverage.Partial, RegisterCoverage.Full),
            RegisterAsOf = Chance(60) ? NextDate() : null,
            Sample = Chance(10),
        };
    }

    private Standard NextStandard()
    {
        var scheme = AnyScheme();
        var labels = new[] { "1", "2", "3" }[..random.Next(4)];
        var older = standards.FindAll(s => Same(s.Scheme, scheme)).ConvertAll(s => s.Id);
        return new($"{scheme}-{standards.Count}", scheme, $"N {standards.Count}")
        {
            Category = Chance(85) ? AnyCategory() : null,
            // Only an older document can be replaced, so there is no cycle; nor is there one of editions.
            Supersedes = older.Count > 0 && Chance(25) ? OneOf([.. older]) : null,
            Editions = [.. labels.Select((label, i) => NextEdition(label, i + 1 < labels.Length ? OneOf(labels[(i + 1)..]) : null)).OrderBy(_ => random.Next())],
            Sample = Chance(5),
        };
    }

    private Edition NextEdition(string label, string? next)
    {
        var (from, until) = NextSpan(startMissing: 25, endMissing: 60);

        // Some have just ended, so that their transition counts.
        until = Chance(25) && PartialDate.Parse(OneOf(Early)) is var end && !(from?.LastDay > end.LastDay) ? end : until;
        return new(label)
        {
            EffectiveFrom = from,
            EffectiveUntil = until,
            TransitionMonths = Chance(40) ? 0 : OneOf(1, 6, 12, 36),
            SupersededBy = Chance(30) ? next : null,
            Completeness = OneOf(CriteriaCompleteness.Full, CriteriaCompleteness.Excerpt, CriteriaCompleteness.None),
            Criteria = Several(0, 4, i => NextCriterion((i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))),
        };
    }

    private Criterion NextCriterion(string reference)
    {
        // Half of them alike, so that two of them compare.
        if (Chance(50))
        {
            return new(reference, Comparator.AtMost) { Parameter = "voc", Limit = random.Next(1, 4) * 10, Unit = "g/L" };
        }

        var comparator = Chance(75) ? OneOf(Comparator.AtMost, Comparator.AtLeast) : OneOf(Enum.GetValues<Comparator>());
        return new(reference, comparator)
        {
            Parameter = OneOf(Parameters),
            Limit = Chance(90) ? random.Next(1, 4) * 10 : null,
            LimitMax = comparator is Comparator.Between or Comparator.BetweenExclusive ? 50 : null,
            Unit = Chance(80) ? OneOf("g/L", "mg/L", "%") : null,
            Method = Chance(30) ? OneOf("ISO 11890-2", "EPA Method 24") : null,
            AppliesTo = Chance(15) ? "primer" : null,
            Mandatory = comparator != Comparator.Points && Chance(85),
            AlternativeGroup = Chance(10) ? "either" : null,
            Until = comparator == Comparator.Derogation && Chance(70) ? NextDate() : null,
        };
    }

    private Agreement NextAgreement(string code, int place)
    {
        var kind = OneOf(AgreementKind.Bilateral, AgreementKind.Multilateral, AgreementKind.Unilateral);
        var shuffled = schemes.Select(s => s.Code).OrderBy(_ => random.Next()).ToList();
        if (chained || Chance(50))
        {
            // Neighbours sign with each other, so that onward recognition finds chains; the last with the first, so that it finds rings.
            var first = (chained ? place : random.Next(schemes.Count)) % schemes.Count;
            var next = (first + 1) % schemes.Count;
            shuffled = [.. shuffled.OrderBy(s => !Same(s, schemes[first].Code)).ThenBy(s => !Same(s, schemes[next].Code))];
        }

        var parties = shuffled.Take(kind switch
        {
            AgreementKind.Bilateral => 2,
            AgreementKind.Multilateral => random.Next(2, shuffled.Count + 1),
            _ => random.Next(1, 3),
        }).ToList();
        var confirmed = Chance(35) ? NextDate() : (PartialDate?)null;
        var events = Several(0, Chance(tame ? 20 : 40) ? 3 : 0, _ => NextAgreementEvent(kind, parties));
        if (kind == AgreementKind.Multilateral && parties.Count > 2 && Chance(15))
        {
            // One of several ends it for a day before force: early enough to reject it, or long after.
            events.Add(new(AgreementEventType.Terminated, PartialDate.Parse("2001-01-01"), parties[^1], Chance(80) ? PartialDate.Parse(OneOf(Dates)).FirstDay : null));
        }

        return new(code, kind)
        {
            Parties = [.. parties.SelectMany(p => NextMemberships(p, kind, events))],
            Texts = Several(1, Chance(25) ? 3 : 1, i => NextText(kind, parties, i)),
            Events = events,
            Attested = Chance(20),
            ConfirmedOn = confirmed,
            Sample = Chance(5),
        };
    }

    /// <summary>Who joins a multilateral later accedes; who has left it may accede again.</summary>
    private List<AgreementParty> NextMemberships(string scheme, AgreementKind kind, List<AgreementEvent> events)
    {
        var joins = new AgreementParty(scheme, kind == AgreementKind.Multilateral && Chance(35) ? NextDate() : null);
        if (kind != AgreementKind.Multilateral || !Chance(20))
        {
            return [joins];
        }

        var (left, again) = NextSpan(0, 0);
        events.Insert(random.Next(events.Count + 1), new AgreementEvent(OneOf(AgreementEventType.Withdrawn, AgreementEventType.Terminated), left!.Value, scheme));
        return Chance(75) ? [joins, new AgreementParty(scheme, tame ? PartialDate.Parse(OneOf(Middle)) : again)] : [joins];
    }

    private AgreementText NextText(AgreementKind kind, List<string> parties, int place)
    {
        var (from, until) = NextSpan(startMissing: 30, endMissing: 65);
        var recognised = kind == AgreementKind.Unilateral ? schemes.ConvertAll(s => s.Code) : parties;
        return new()
        {
            IsSigned = Chance(place == 0 ? 90 : 75),
            EffectiveFrom = from,
            EffectiveUntil = until,
            SignedOn = Chance(60) ? NextSpan(0, 100).From : null,
            FirstPublished = Chance(50) ? NextSpan(0, 100).From : null,
            Grants = [.. Several(1, 4, i => NextGrant("g" + (i + 1), parties, recognised)).OfType<Grant>()],
            Reservations = Several(0, Chance(20) ? 2 : 0, _ => new Reservation(
                OneOf([.. parties]), Chance(60) ? [AnyCategory()] : [], Chance(60) ? [OneOf([.. parties])] : [])),
        };
    }

    private Grant? NextGrant(string id, List<string> parties, List<string> candidates)
    {
        var isLink = chained && parties.Count > 1 && Chance(75);
        var recogniser = isLink ? parties[0] : OneOf([.. parties]);
        var others = candidates.FindAll(c => !Same(c, recogniser));
        if (others.Count == 0)
        {
            return null;
        }

        var recognised = isLink ? parties[1] : OneOf([.. others]);
        var (from, until) = NextSpan(startMissing: 85, endMissing: 85);
        var wanted = standards.FindAll(s => Same(s.Scheme, recogniser));
        return new(id, recogniser, recognised, isLink ? OneOf(Level.FullScheme, Level.FullProduct) : NextLevel())
        {
            Categories = isLink && Chance(60) ? [] : NextCategories(),
            Standards = isLink && Chance(60) ? [] : NextStandards(recognised, allowCurrent: false),
            Wanted = wanted.Count > 0 && Chance(40)
                ? Several(1, 2, _ => OneOf([.. wanted]) is var s ? new WantedStandard(s.Id, s.Editions.Count > 0 && Chance(60) ? OneOf([.. s.Editions]).Label : null) : null!)
                : [],
            CommonCriteria = wanted.Count > 0 && Chance(40)
                ? [new CommonCriteria(null, OneOf([.. wanted]).Id, Chance(50) ? null : OneOf("1", "2"), Several(0, 2, _ => OneOf("1", "2", "3", "4")))]
                : [],
            Conditions = NextConditions(),
            MinTier = Chance(12) ? OneOf(Tiers) : null,
            From = from,
            Until = until,
            OnwardMaxHops = Chance(isLink ? 85 : 50) ? random.Next(1, 4) : 0,
            Sample = Chance(5),
        };
    }

    private Level NextLevel() => random.Next(100) switch
    {
        < 50 => OneOf(Level.FullScheme, Level.FullProduct),
        < 90 => OneOf(Level.CommonCriteria, Level.Evidence, Level.ProxyVerification, Level.Audit, Level.TestData),
        _ => OneOf(Level.StandardAdoption, Level.CriteriaAlignment, Level.Framework, Level.PeerReview, Level.CapacityBuilding),
    };

    private List<GrantedStandard> NextStandards(string recognised, bool allowCurrent)
    {
        var own = standards.FindAll(s => Same(s.Scheme, recognised));
        return own.Count == 0 || !Chance(30)
            ? []
            : Several(1, 2, _ => new GrantedStandard(
                OneOf([.. own]).Id, Chance(40) ? [] : Several(1, 2, _ => allowCurrent && Chance(50) ? GrantedStandard.Current : OneOf("1", "2", "3"))));
    }

    private List<GrantCondition> NextConditions() => Several(0, Chance(25) ? 2 : 0, i => new GrantCondition(
        "stated-" + (i + 1), new Dictionary<string, string>(StringComparer.Ordinal), Chance(70) ? [OneOf("CN", "JP")] : []));

    private AgreementEvent NextAgreementEvent(AgreementKind kind, List<string> parties)
    {
        var party = Chance(75) ? OneOf([.. parties]) : null;
        var type = Chance(55) ? OneOf(AgreementEventType.Suspended, AgreementEventType.Resumed)
            : party is not null && kind != AgreementKind.Bilateral ? OneOf(AgreementEventType.Terminated, AgreementEventType.Withdrawn, AgreementEventType.Contested)
            : OneOf(AgreementEventType.Terminated, AgreementEventType.Contested);
        return new(type, NextDate(), party, Chance(60) ? NextDate().FirstDay : null);
    }

    private Policy NextPolicy(string code) => new(code, Several(0, 3, _ => NextPolicyLine())) { Sample = Chance(10) };

    private PolicyLine NextPolicyLine()
    {
        var (from, until) = NextSpan(startMissing: 80, endMissing: 80);
        var line = new PolicyLine { Categories = NextCategories(), From = from, Until = until, Conditions = NextConditions() };
        var scheme = AnyScheme();
        return Chance(60)
            ? line with { Scheme = scheme, Standards = [.. NextStandards(scheme, allowCurrent: true), .. NextStandards(scheme, allowCurrent: true)], MinTier = Chance(15) ? OneOf(Tiers) : null }
            : line with { RecognisedBy = scheme, MinLevel = Chance(40) ? NextLevel() : null, Reciprocal = Chance(50) };
    }

    private RecognitionSubject NextSubject()
    {
        var kind = Chance(70) ? SubjectKind.Product : SubjectKind.Certificate;
        if (Chance(4))
        {
            return new(kind, []) { OnRecord = false, MissingFromRegisterOf = kind == SubjectKind.Certificate ? AnyScheme() : null };
        }

        return new(kind, kind == SubjectKind.Certificate ? [NextCandidate(0, kind)] : Several(Chance(5) ? 0 : 1, 3, i => NextCandidate(i, kind)))
        {
            GtinAmbiguous = kind == SubjectKind.Product && Chance(5),
            SelectorMismatch = Chance(5),
        };
    }

    private Candidate NextCandidate(int place, SubjectKind kind)
    {
        var scheme = chained && Chance(50) ? schemes[Math.Min(3, schemes.Count - 1)].Code
            : aim is not null && Chance(80) ? aim.Recognised
            : AnyScheme();
        var certificate = new Certificate("certificate-" + (place + 1), scheme, Chance(10) ? null : "N" + random.Next(1, 3))
        {
            Periods = NextPeriods(scheme),
            Lines = Several(kind == SubjectKind.Certificate && Chance(5) ? 0 : 1, 3, _ => NextLine()),
            Events = Several(0, Chance(tame ? 15 : 40) ? 3 : 0, _ => new CertificateEvent(OneOf(Enum.GetValues<CertificateEventType>()), NextDate(), Chance(40))),
            Territories = Chance(50) ? [] : Chance(50) ? Several(1, 2, _ => OneOf("GB", "GB-NIR", "JP")) : null,
            SiteCountries = Chance(60) ? Several(1, 2, _ => OneOf("CN", "JP", "DE")) : Chance(50) ? [] : null,
            LastAudit = Chance(40) ? NextDate() : null,
            Sample = Chance(5),
        };
        return kind == SubjectKind.Certificate
            ? new(certificate, certificate.Lines)
            : new(certificate, [.. certificate.Lines.Where(l => Same(l.Product, "asked"))]);
    }

    private List<CertificatePeriod> NextPeriods(string scheme)
    {
        var periods = Several(1, Chance(30) ? 3 : 1, _ =>
        {
            var (from, until) = NextSpan(startMissing: 20, endMissing: tame ? 65 : 45);
            var own = standards.FindAll(s => Same(s.Scheme, scheme));
            var standard = aim is { Standards.Count: > 0 } && Chance(70) ? OneOf([.. aim.Standards]).Standard is var named ? standards.Find(s => Same(s.Id, named)) : null
                : own.Count > 0 && Chance(80) ? OneOf([.. own])
                : null;
            var confirmed = from is null || Chance(25) ? new[] { NextSpan(0, 100).From!.Value, NextDate() }.OrderBy(d => d.FirstDay).ToArray() : null;
            return new CertificatePeriod
            {
                From = from,
                Until = until,
                FirstConfirmedOn = confirmed?[0],
                LastConfirmedOn = confirmed?[1],
                Standard = standard?.Id,
                Edition = standard is null || Chance(10) ? null : standard.Editions.Count > 0 && Chance(80) ? OneOf([.. standard.Editions]).Label : OneOf("1", "2", "3"),
                Tier = Chance(50) ? OneOf(Tiers) : null,
            };
        });

        // A period with the start of another would have corrected it.
        return [.. periods.DistinctBy(p => (p.From ?? p.FirstConfirmedOn)!.Value.FirstDay)];
    }

    private ProductLine NextLine()
    {
        var (from, until) = NextSpan(startMissing: 75, endMissing: 75);
        var category = aim is { Categories.Count: > 0 } && Chance(60) ? OneOf([.. aim.Categories]) : Chance(92) ? AnyCategory() : null;
        return new(Chance(80) ? "asked" : null, category, from, until);
    }

    private RecognitionQuestion NextQuestion(List<Policy> policies)
    {
        var recogniser = random.Next(100) switch
        {
            < 10 => new Recogniser(RecogniserKind.Body, OneOf([.. schemes]).Body),
            < 25 => new Recogniser(RecogniserKind.Scheme, schemes[0].Code),
            < 50 when chained => new Recogniser(RecogniserKind.Scheme, schemes[0].Code),
            < 30 => new Recogniser(RecogniserKind.Scheme, AnyScheme()),
            _ when aim is not null => aim.Recogniser,
            < 80 => new Recogniser(RecogniserKind.Policy, OneOf([.. policies]).Code),
            _ => new Recogniser(RecogniserKind.Body, OneOf([.. schemes]).Body),
        };
        var date = tame ? PartialDate.Parse(OneOf(Middle)) : NextDate();
        var day = OneOf(date.FirstDay, date.LastDay).AddDays(OneOf(-1, 0, 0, 0, 1));
        return new(recogniser, day)
        {
            Category = Chance(20) ? AnyCategory() : null,
            Territory = Chance(20) ? OneOf("GB", "GB-NIR", "JP") : null,
            MinLevel = Chance(15) ? NextLevel() : null,
        };
    }

    private (PartialDate? From, PartialDate? Until) NextSpan(int startMissing, int endMissing)
    {
        var from = Chance(startMissing) ? (PartialDate?)null : tame && Chance(85) ? PartialDate.Parse(OneOf(Early)) : NextDate();
        var until = Chance(endMissing) ? (PartialDate?)null : tame && Chance(75) ? PartialDate.Parse(OneOf(Late)) : NextDate();
        return from is { } start && until is { } end && end.LastDay < start.LastDay ? (end, start) : (from, until);
    }

    private PartialDate NextDate() => PartialDate.Parse(OneOf(Dates));

    private List<string> NextCategories() => Chance(60) ? [] : Several(1, 2, _ => AnyCategory());

    private string AnyScheme() => OneOf([.. schemes]).Code;

    private string AnyCategory() => OneOf(AllCategories).Code;

    private bool Chance(int percent) => random.Next(100) < percent;

    private T OneOf<T>(params T[] choices) => choices[random.Next(choices.Length)];

    private List<T> Several<T>(int least, int most, Func<int, T> next) => [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(next)];

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);
}
