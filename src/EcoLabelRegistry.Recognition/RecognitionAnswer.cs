namespace EcoLabelRegistry.Recognition;

/// <summary>Standing of a certificate on a date, in the order in which they are checked.</summary>
public enum CertificateStanding
{
    /// <summary>Before its first period.</summary>
    NotYetValid,

    /// <summary>Withdrawn on the date.</summary>
    Withdrawn,

    /// <summary>Suspended on the date.</summary>
    Suspended,

    /// <summary>After its period; without an end, after the edition's end and transition.</summary>
    Expired,

    /// <summary>None of these.</summary>
    Valid,
}

/// <summary>Standing of an agreement on a date, in the order in which they are checked.</summary>
public enum AgreementStanding
{
    /// <summary>A signature is missing.</summary>
    Proposed,

    /// <summary>Before its first day.</summary>
    NotYetEffective,

    /// <summary>Ended by an event.</summary>
    Terminated,

    /// <summary>The whole is suspended.</summary>
    Suspended,

    /// <summary>After its agreed end.</summary>
    Expired,

    /// <summary>None of these.</summary>
    InForce,
}

/// <summary>What a question comes to, with all the evidence. Codes and values only; words live outside the engine.</summary>
/// <param name="Outcome">The best path's outcome, or why there is none.</param>
/// <param name="HoldsUntil">Last day on which the best path keeps its outcome; null when open-ended or when the answer is no or unknown.</param>
/// <param name="Paths">Every path with an effect, best first.</param>
/// <param name="Certificates">Every certificate judged, with its standing and what keeps it from counting.</param>
/// <param name="Reasons">The distinct reasons of all grants and certificates judged, when the answer is not yes.</param>
/// <param name="Nearest">The grant with the fewest failing reasons; null when nothing is near or the answer has a path.</param>
/// <param name="Coverage">How completely the registers concerned are held here.</param>
/// <param name="Warnings">Distinct warnings, in the order of their list.</param>
public sealed record RecognitionAnswer(
    Outcome Outcome,
    DateOnly? HoldsUntil,
    IReadOnlyList<RecognitionPath> Paths,
    IReadOnlyList<JudgedCertificate> Certificates,
    IReadOnlyList<ReasonAbout> Reasons,
    NearestMiss? Nearest,
    IReadOnlyList<Coverage> Coverage,
    IReadOnlyList<Warning> Warnings);

/// <summary>One way from the recogniser to a certificate that counts.</summary>
/// <param name="Outcome">What this path gives.</param>
/// <param name="Level">Its weakest level; null for the recogniser's own certificate.</param>
/// <param name="Derived">True for onward recognition and for a policy's <c>recognisedBy</c>.</param>
/// <param name="HoldsUntil">Last day on which it keeps its outcome; null when open-ended.</param>
/// <param name="Certificate">The certificate at its end.</param>
/// <param name="Period">The certificate's period judged on the date.</param>
/// <param name="Category">The category of the line judged; null when the line has none.</param>
/// <param name="Steps">From the recogniser to the certificate; empty for the recogniser's own.</param>
/// <param name="Conditions">What is left to prove or to be confirmed by people.</param>
public sealed record RecognitionPath(
    Outcome Outcome,
    Level? Level,
    bool Derived,
    DateOnly? HoldsUntil,
    Certificate Certificate,
    CertificatePeriod Period,
    string? Category,
    IReadOnlyList<PathStep> Steps,
    IReadOnlyList<PathCondition> Conditions);

/// <summary>One step: a grant of an agreement, or a line of a policy.</summary>
/// <param name="Agreement">Code of the agreement; null for a policy's line.</param>
/// <param name="Policy">Code of the policy; null for an agreement's grant.</param>
/// <param name="Grant">Id of the grant, or the line's place in the policy, counted from 1.</param>
/// <param name="Recogniser">Code of who accepts.</param>
/// <param name="Recognised">Code of the scheme that is accepted.</param>
/// <param name="Level">What is accepted.</param>
public sealed record PathStep(string? Agreement, string? Policy, string Grant, string Recogniser, string Recognised, Level Level);

/// <summary>Something that a path leaves to prove or to confirm.</summary>
/// <param name="Code">A <see cref="ConditionCode"/> in kebab-case, or the grant's own condition code.</param>
public sealed record PathCondition(string Code)
{
    /// <summary>The criterion to prove.</summary>
    public Criterion? Criterion { get; init; }

    /// <summary>Id of the standard that the condition concerns.</summary>
    public string? Standard { get; init; }

    /// <summary>Label of the edition that the condition concerns.</summary>
    public string? Edition { get; init; }

    /// <summary>How the certificate's own standard compares, for a criterion to prove.</summary>
    public ComparisonResult? Comparison { get; init; }

    /// <summary>The grant's condition, whose texts are passed through.</summary>
    public GrantCondition? Stated { get; init; }

    /// <summary>Code of the agreement or policy that the condition comes from; null when it is the certificate's.</summary>
    public string? About { get; init; }
}

/// <summary>One certificate on record, judged on the date.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Period">The period judged; null before the first.</param>
/// <param name="Standing">Its standing on the date.</param>
/// <param name="Reasons">Why it does not count; empty when it does.</param>
public sealed record JudgedCertificate(
    Certificate Certificate, CertificatePeriod? Period, CertificateStanding Standing, IReadOnlyList<Reason> Reasons);

/// <summary>A reason and what it is about.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Kind">What <paramref name="Code"/> names.</param>
/// <param name="Code">The certificate's id, the agreement's, policy's or scheme's code.</param>
public sealed record ReasonAbout(Reason Reason, SubjectOfReason Kind, string Code);

/// <summary>What a reason is about.</summary>
public enum SubjectOfReason
{
    /// <summary>A certificate, by id.</summary>
    Certificate,

    /// <summary>An agreement, by code.</summary>
    Agreement,

    /// <summary>A policy, by code.</summary>
    Policy,

    /// <summary>A scheme, by code (no grant exists).</summary>
    Scheme,
}

/// <summary>The grant that came nearest to holding.</summary>
/// <param name="Certificate">Id of the certificate.</param>
/// <param name="Agreement">Code of the agreement; null for a policy's line.</param>
/// <param name="Policy">Code of the policy; null for an agreement's grant.</param>
/// <param name="Grant">Id of the grant, or the line's place.</param>
/// <param name="Reasons">What keeps it from holding.</param>
public sealed record NearestMiss(string Certificate, string? Agreement, string? Policy, string Grant, IReadOnlyList<Reason> Reasons);

/// <summary>How completely a scheme's register is held here.</summary>
public sealed record Coverage(string Scheme, RegisterCoverage Register, PartialDate? AsOf);
