namespace EcoLabelRegistry.Recognition.Tests.Oracle;

/// <summary>The laws are worth as much as the cases that they are tried on: what the random registries never make, no law has tried.</summary>
public sealed class RandomRegistryTests
{
    private const int Seeds = 8_000;

    private static readonly Lazy<Dictionary<string, int>> Reached = new(Count);

    public static TheoryData<string> Codes =>
    [
        .. Enum.GetValues<Outcome>().Select(Word),
        .. Enum.GetValues<Reason>().Select(Word),
        .. Enum.GetValues<Warning>().Select(Word),
        .. Enum.GetValues<ConditionCode>().Select(Word),
        .. Enum.GetValues<CertificateStanding>().Select(Word),
        .. Enum.GetValues<Comparison>().Select(Word),
        .. Enum.GetValues<Level>().Where(l => l.Gives() is not null).Select(Word),
    ];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_reached(string code) => AssertReached(code);

    [Theory]
    [InlineData("path of 0 steps")]
    [InlineData("path of 1 steps")]
    [InlineData("path of 2 steps")]
    [InlineData("path of 3 steps")]
    [InlineData("path of a policy's line for a scheme")]
    [InlineData("path of a policy's line for what a scheme recognises")]
    [InlineData("path of a policy's line with a minimum level")]
    [InlineData("path of a reciprocal line")]
    [InlineData("path by an edition that a policy calls current")]
    [InlineData("path by a tier that is asked for")]
    [InlineData("path by a standard and edition that a grant names")]
    [InlineData("path to a certificate of a sub-scheme")]
    [InlineData("path past a reservation")]
    [InlineData("path past sites that decide a condition")]
    [InlineData("path with a condition left to people")]
    [InlineData("path by an amendment")]
    [InlineData("path of a party that acceded")]
    [InlineData("path of a party that left and acceded again")]
    [InlineData("path in spite of a party that ended the agreement for a day before force")]
    [InlineData("path after a suspension was lifted")]
    [InlineData("path in the transition of an edition")]
    [InlineData("path in a renewal of partial date")]
    [InlineData("path in a part of a country")]
    [InlineData("path in an asked category")]
    [InlineData("path of an asked minimum level")]
    [InlineData("path of a body")]
    [InlineData("path that ends")]
    [InlineData("miss by a ring of onward grants")]
    public void Every_circumstance_is_reached(string circumstance) => AssertReached(circumstance);

    private static void AssertReached(string what) => Assert.True(Reached.Value.GetValueOrDefault(what) >= 5, $"{what}: {Reached.Value.GetValueOrDefault(what)} of {Seeds} cases.");

    private static string Word<T>(T member)
        where T : struct, Enum => $"{typeof(T).Name} {member}";

    private static Dictionary<string, int> Count()
    {
        var reached = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var asked = RandomRegistry.Case(seed);
            foreach (var what in Of(asked, asked.ByEngine()).Distinct(StringComparer.Ordinal))
            {
                reached[what] = reached.GetValueOrDefault(what) + 1;
            }
        }

        return reached;
    }

    private static IEnumerable<string> Of(RecognitionCase asked, RecognitionAnswer answer)
    {
        var conditions = Enum.GetValues<ConditionCode>().ToDictionary(c => Code.Of(c), StringComparer.Ordinal);
        return
        [
            Word(answer.Outcome),
            .. answer.Reasons.Select(r => Word(r.Reason)),
            .. answer.Warnings.Select(Word),
            .. answer.Certificates.Select(c => Word(c.Standing)),
            .. answer.Paths.SelectMany(p => p.Conditions).Where(c => conditions.ContainsKey(c.Code)).Select(c => Word(conditions[c.Code])),
            .. answer.Paths.SelectMany(p => p.Conditions).Select(c => c.Comparison?.Result).OfType<Comparison>().Select(Word),
            .. answer.Paths.Select(p => p.Level).OfType<Level>().Select(Word),
            .. answer.Paths.SelectMany(p => Of(asked, p)),
            .. asked.Registry.Agreements.SelectMany(a => a.Texts).SelectMany(t => t.Grants).Where(g => g.OnwardMaxHops > 0).ToList() is var onward
                && onward.Any(a => onward.Any(b => b.Recogniser == a.Recognised && onward.Any(c => c.Recogniser == b.Recognised && c.Recognised == a.Recogniser)))
                && answer.Paths.Count == 0 && answer.Nearest is not null
                ? ["miss by a ring of onward grants"]
                : Array.Empty<string>(),
        ];
    }

    private static IEnumerable<string> Of(RecognitionCase asked, RecognitionPath path)
    {
        var (registry, question, certificate, period) = (asked.Registry, asked.Question, path.Certificate, path.Period);
        var edition = registry.Standards.SingleOrDefault(s => s.Id == period.Standard)?.Editions.SingleOrDefault(e => e.Label == period.Edition);
        yield return $"path of {path.Steps.Count} steps";
        foreach (var (holds, what) in new (bool, string)[]
        {
            (path.Steps.Count > 0 && registry.Schemes.Single(s => s.Code == certificate.Scheme).Parent == path.Steps[^1].Recognised, "path to a certificate of a sub-scheme"),
            (certificate.Events.Any(e => e.Type == CertificateEventType.Suspended && e.Effective.FirstDay <= question.AsOf), "path after a suspension was lifted"),
            (period.Until is null && edition?.EffectiveUntil is { } end && end.LastDay < question.AsOf, "path in the transition of an edition"),
            (certificate.Periods.Count > 1 && certificate.Periods.Any(p => p != period && p.From?.FirstDay < period.From?.FirstDay) && period.From is { IsDay: false }, "path in a renewal of partial date"),
            (question.Territory == "GB-NIR" && certificate.Territories is { } territories && territories.Contains("GB") && !territories.Contains("GB-NIR"), "path in a part of a country"),
            (question.Category is not null && question.Category != path.Category, "path in an asked category"),
            (question.MinLevel is not null && path.Level is not null, "path of an asked minimum level"),
            (question.Recogniser.Kind == RecogniserKind.Body, "path of a body"),
            (path.HoldsUntil is not null, "path that ends"),
            (path.Conditions.Any(c => c.Stated is not null), "path with a condition left to people"),
        })
        {
            if (holds)
            {
                yield return what;
            }
        }

        foreach (var step in path.Steps)
        {
            foreach (var what in step.Policy is not null
                ? Of(registry.Policies.Single(p => p.Code == step.Policy).Accepts[int.Parse(step.Grant, System.Globalization.CultureInfo.InvariantCulture) - 1])
                : Of(registry.Agreements.Single(a => a.Code == step.Agreement), step, certificate, question.AsOf))
            {
                yield return what;
            }
        }
    }

    private static IEnumerable<string> Of(PolicyLine line) =>
    [
        line.Scheme is not null ? "path of a policy's line for a scheme" : "path of a policy's line for what a scheme recognises",
        .. line.MinLevel is not null ? ["path of a policy's line with a minimum level"] : Array.Empty<string>(),
        .. line.Reciprocal ? ["path of a reciprocal line"] : Array.Empty<string>(),
        .. line.Standards.Any(s => s.Editions.Contains(GrantedStandard.Current)) ? ["path by an edition that a policy calls current"] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> Of(Agreement agreement, PathStep step, Certificate certificate, DateOnly day)
    {
        var text = agreement.Texts[AgreementStandings.On(agreement, day).TextIndex];
        var grant = text.Grants.Single(g => g.Id == step.Grant && g.Recogniser == step.Recogniser && g.Recognised == step.Recognised);
        var memberships = agreement.Parties.Where(p => p.Scheme == step.Recogniser || p.Scheme == step.Recognised).ToList();
        return new (bool Holds, string What)[]
        {
            (grant.MinTier is not null, "path by a tier that is asked for"),
            (grant.Standards.Any(s => s.Editions.Count > 0), "path by a standard and edition that a grant names"),
            (text.Reservations.Any(r => r.Party == step.Recogniser || r.Party == step.Recognised), "path past a reservation"),
            (grant.Conditions.Any(c => c.ExcludeSiteCountries.Count > 0) && certificate.SiteCountries is { Count: > 0 }, "path past sites that decide a condition"),
            (text != agreement.Texts[0], "path by an amendment"),
            (agreement.Events.Any(e => e.Type == AgreementEventType.Terminated && e.Party is not null && e.Effective.FirstDay <= day
                && agreement.Texts.All(t => !t.IsSigned || AgreementStandings.StartOf(t, agreement) is not { } start || e.Effective.FirstDay < start.FirstDay)), "path in spite of a party that ended the agreement for a day before force"),
            (memberships.Exists(p => p.AccededOn is not null), "path of a party that acceded"),
            (memberships.GroupBy(p => p.Scheme, StringComparer.Ordinal).Any(g => g.Count() > 1 && agreement.Events.Any(e => e.Party == g.Key && e.Type is AgreementEventType.Withdrawn or AgreementEventType.Terminated && e.Effective.FirstDay <= day)), "path of a party that left and acceded again"),
        }.Where(c => c.Holds).Select(c => c.What);
    }
}
