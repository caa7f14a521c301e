namespace EcoLabelRegistry.Recognition;

/// <summary>Who binds whom.</summary>
public enum AgreementKind
{
    /// <summary>Two schemes; either ends the whole.</summary>
    Bilateral,

    /// <summary>Several schemes, which accede and withdraw.</summary>
    Multilateral,

    /// <summary>Recognisers only; the recognised may be a stranger to it.</summary>
    Unilateral,
}

/// <summary>An instrument of recognition with its whole history.</summary>
/// <param name="Code">The registry's code.</param>
/// <param name="Kind">Who binds whom.</param>
public sealed record Agreement(string Code, AgreementKind Kind)
{
    /// <summary>The schemes that are or were parties; each counts from its accession to its withdrawal.</summary>
    public IReadOnlyList<AgreementParty> Parties { get; init; } = [];

    /// <summary>The first text and its amendments. A date is judged by the signed text in force on it: the one whose start is the latest not after it.</summary>
    public IReadOnlyList<AgreementText> Texts { get; init; } = [];

    /// <summary>Suspensions, resumptions, terminations, withdrawals and contests, in the order recorded.</summary>
    public IReadOnlyList<AgreementEvent> Events { get; init; } = [];

    /// <summary>True for a historical agreement that the registrar attests with its sources and some party has not confirmed.</summary>
    public bool Attested { get; init; }

    /// <summary>The last day on which a source shows the agreement alive; later days leave its standing to be confirmed. Null adds nothing.</summary>
    public PartialDate? ConfirmedOn { get; init; }

    /// <summary>True for invented data.</summary>
    public bool Sample { get; init; }
}

/// <summary>A scheme's membership.</summary>
/// <param name="Scheme">Code of the scheme.</param>
/// <param name="AccededOn">First day as a party; null from the beginning.</param>
public sealed record AgreementParty(string Scheme, PartialDate? AccededOn = null);

/// <summary>One text of an agreement: the first, or an amendment.</summary>
public sealed record AgreementText
{
    /// <summary>True when every party it needs has signed it (or the registrar attests it).</summary>
    public bool IsSigned { get; init; }

    /// <summary>Day of the signature as the source states it; it stands in for a missing <see cref="EffectiveFrom"/>.</summary>
    public PartialDate? SignedOn { get; init; }

    /// <summary>First day in force; null when not known.</summary>
    public PartialDate? EffectiveFrom { get; init; }

    /// <summary>Last day in force; null while no end is agreed.</summary>
    public PartialDate? EffectiveUntil { get; init; }

    /// <summary>Day on which the earliest source was published; stands in when neither date is known.</summary>
    public PartialDate? FirstPublished { get; init; }

    /// <summary>The directed lines of the text.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>What parties exclude for themselves.</summary>
    public IReadOnlyList<Reservation> Reservations { get; init; } = [];
}

/// <summary>A party's exclusion of categories, partners, or both. Empty lists mean all; a reservation holds in both directions.</summary>
/// <param name="Party">Code of the scheme that reserves.</param>
/// <param name="Categories">Categories kept out, with those below them; empty means every one.</param>
/// <param name="Partners">Codes of the schemes kept out; empty means every one.</param>
public sealed record Reservation(string Party, IReadOnlyList<string> Categories, IReadOnlyList<string> Partners);

/// <summary>What can happen to an agreement.</summary>
public enum AgreementEventType
{
    /// <summary>Suspended from the start of the day: the party's grants, or the whole when the registrar records it.</summary>
    Suspended,

    /// <summary>The party's (or the registrar's) suspension lifted from the start of the day.</summary>
    Resumed,

    /// <summary>Ended from the start of the day; by a party of a multilateral, a withdrawal.</summary>
    Terminated,

    /// <summary>The party has left from the start of the day.</summary>
    Withdrawn,

    /// <summary>A party says that the record is wrong; nothing stops, answers say so.</summary>
    Contested,
}

/// <summary>One event, in force from the start of its day, past or future.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Effective">From the start of this day.</param>
/// <param name="Party">Code of the scheme that acts; null for the registrar, whose event stops or ends the whole.</param>
/// <param name="RecordedOn">The day on which it was recorded; null when not known. A party that terminates for a day before force rejects a proposal, unless the agreement was in force when it said so.</param>
public sealed record AgreementEvent(AgreementEventType Type, PartialDate Effective, string? Party = null, DateOnly? RecordedOn = null);

/// <summary>One directed line: <see cref="Recogniser"/> accepts <see cref="Recognised"/> at a level, for a scope, under conditions.</summary>
/// <param name="Id">Unique in the agreement.</param>
/// <param name="Recogniser">Code of the scheme that accepts.</param>
/// <param name="Recognised">Code of the scheme that is accepted.</param>
/// <param name="Level">What is accepted.</param>
public sealed record Grant(string Id, string Recogniser, string Recognised, Level Level)
{
    /// <summary>Categories covered, with those below them; empty means all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Standards of the recognised scheme that are covered; empty means all.</summary>
    public IReadOnlyList<GrantedStandard> Standards { get; init; } = [];

    /// <summary>Standards of the recogniser whose criteria are wanted; empty means those of the line's category, in force on the date.</summary>
    public IReadOnlyList<WantedStandard> Wanted { get; init; } = [];

    /// <summary>Criteria of wanted standards that are common and need no further proof.</summary>
    public IReadOnlyList<CommonCriteria> CommonCriteria { get; init; } = [];

    /// <summary>Conditions of the grant.</summary>
    public IReadOnlyList<GrantCondition> Conditions { get; init; } = [];

    /// <summary>Lowest tier accepted; null means any.</summary>
    public string? MinTier { get; init; }

    /// <summary>First day of this line; null from the text's start.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Last day of this line; null to the text's end.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>Number of further grants that the recogniser accepts after this one; 0 means that recognition is not passed on.</summary>
    public int OnwardMaxHops { get; init; }

    /// <summary>True for invented data.</summary>
    public bool Sample { get; init; }
}

/// <summary>A standard in a grant's list.</summary>
/// <param name="Standard">Id of the standard.</param>
/// <param name="Editions">Labels of the editions; empty means all. A policy may say <c>current</c>: the one in force on the date.</param>
public sealed record GrantedStandard(string Standard, IReadOnlyList<string> Editions)
{
    /// <summary>Stands for the edition in force on the date; only a policy says it.</summary>
    public const string Current = "current";
}

/// <summary>A standard of the recogniser whose criteria must be met.</summary>
/// <param name="Standard">Id of the standard.</param>
/// <param name="Edition">Label of the edition; null means the one in force on the date.</param>
public sealed record WantedStandard(string Standard, string? Edition);

/// <summary>Criteria that both sides hold in common.</summary>
/// <param name="Document">The common document; null when the source names none.</param>
/// <param name="Standard">Id of the wanted standard.</param>
/// <param name="Edition">Label of the wanted edition; null means any.</param>
/// <param name="Refs">The refs in the wanted standard that need no further proof.</param>
public sealed record CommonCriteria(string? Document, string Standard, string? Edition, IReadOnlyList<string> Refs);

/// <summary>A condition of a grant or of a policy's line.</summary>
/// <param name="Code">The condition's own code.</param>
/// <param name="Message">Texts by language, passed through to the answer.</param>
/// <param name="ExcludeSiteCountries">When not empty, the data can decide: no site may lie in one of these countries. Else it is always left to people.</param>
public sealed record GrantCondition(string Code, IReadOnlyDictionary<string, string> Message, IReadOnlyList<string> ExcludeSiteCountries);
