using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Agreements;

/// <summary>What a party, or the registrar, does to an agreement.</summary>
public enum AgreementAct
{
    /// <summary>Signs a text or an accession.</summary>
    Sign,

    /// <summary>Proposes another text.</summary>
    Amend,

    /// <summary>Asks to become a party.</summary>
    Accede,

    /// <summary>Stops its own grants, and those to it, for the time being.</summary>
    Suspend,

    /// <summary>Lifts its own suspension.</summary>
    Resume,

    /// <summary>Leaves.</summary>
    Withdraw,

    /// <summary>Ends the whole; in a multilateral agreement a party only leaves, and before it is in force it rejects the proposal.</summary>
    Terminate,

    /// <summary>Says that the registrar's record is wrong.</summary>
    Contest,
}

/// <summary>The life of an agreement: what may be done to it in which state. The one place that says so.</summary>
/// <remarks>
/// <code>
///  proposed ──each party signs──▶ not-yet-effective ──its first day──▶ in-force ──its last day──▶ expired
///     │                                  │                           ▲  │  │
///     │                                  │        a party resumes ───┘  │  └── a party suspends ──▶ suspended
///     └────────────── terminated ◀───────┴──────────────────────────────┘
/// </code>
/// The state is the engine's own standing of the agreement and of the party, on the day on which the act takes effect and given all that is
/// recorded, so that what may be done and what is answered can never disagree.
///
/// | act | not when the agreement is | only when the party is | and only |
/// | --- | --- | --- | --- |
/// | sign | terminated, unless the registrar attests the text: then it confirms what was | among those whom the document needs | |
/// | amend | terminated | there: a party, suspended or not | |
/// | accede | terminated | not there: before its accession, or withdrawn the day before or earlier | in a multilateral agreement |
/// | suspend | proposed, terminated | a party that has not suspended already | |
/// | resume | proposed, terminated | suspended by itself | |
/// | withdraw | proposed, terminated | there | |
/// | terminate | terminated | there | |
/// | contest | — | one that is or was there, and has not confirmed all that the registrar attests | while the registrar attests it |
///
/// The registrar does the same to the whole of what he attests, by its first column, or records what a party did: until all parties have confirmed it. He signs, withdraws and
/// contests nothing, and amends only until all have confirmed the first text.
/// </remarks>
internal static class AgreementLife
{
    /// <summary>Refuses (409) what cannot be done in the state that the agreement is in.</summary>
    /// <param name="agreement">The agreement as recorded.</param>
    /// <param name="act">What is done.</param>
    /// <param name="party">Code of the scheme that does it; null for the registrar.</param>
    /// <param name="on">The day on which it takes effect.</param>
    /// <param name="member">The member of the request that is refused.</param>
    /// <param name="byRegistrar">True when the registrar does it, for the whole or for a party.</param>
    public static void Demand(AgreementEntry agreement, AgreementAct act, string? party, DateOnly on, string member, bool byRegistrar = false)
    {
        if (WhyNot(agreement, act, party, on, byRegistrar) is { } fault)
        {
            throw Refusal.NotPossible(member, fault);
        }
    }

    /// <summary>Refuses (409) a signature that nothing can come of.</summary>
    /// <param name="agreement">The agreement as recorded.</param>
    /// <param name="document">The text or accession that waits for it.</param>
    /// <param name="today">The day of the signature.</param>
    /// <param name="member">The member of the request that is refused.</param>
    public static void DemandSignature(AgreementEntry agreement, ISignedDocument document, DateOnly today, string member)
    {
        if (WhyNotSign(agreement, document, today) is { } fault)
        {
            throw Refusal.NotPossible(member, fault);
        }
    }

    /// <summary>Why a document that waits for a signature cannot get it; null when it can. Who signs is told by the document: a newcomer signs before he is there.</summary>
    /// <param name="agreement">The agreement as recorded.</param>
    /// <param name="document">The text or accession.</param>
    /// <param name="today">The day of the signature.</param>
    public static Message? WhyNotSign(AgreementEntry agreement, ISignedDocument document, DateOnly today) =>
        !(document is AgreementTextEntry text && agreement.IsAttested(text))
        && AgreementStandings.On(agreement.ToModel(), today).Standing == AgreementStanding.Terminated ? new Message("fault.agreement-ended", today) : null;

    /// <summary>What cannot be done in the state that the agreement is in, and why; null for what can.</summary>
    /// <param name="agreement">The agreement as recorded.</param>
    /// <param name="act">What is to be done.</param>
    /// <param name="party">Code of the scheme that would do it; null for the registrar.</param>
    /// <param name="on">The day on which it would take effect.</param>
    /// <param name="byRegistrar">True when the registrar would do it, for the whole or for a party.</param>
    public static Message? WhyNot(AgreementEntry agreement, AgreementAct act, string? party, DateOnly on, bool byRegistrar = false)
    {
        if (act == AgreementAct.Contest)
        {
            return WhyNotContest(agreement, party, byRegistrar);
        }

        if (byRegistrar && (!agreement.IsAttestedYet || (act == AgreementAct.Amend && agreement.Texts![0].IsSigned)))
        {
            return new Message("fault.confirmed-by-all");
        }

        var model = agreement.ToModel();
        var place = party is null ? RegistrarsPlace(model, on) : AgreementStandings.OfParty(model, party, on);
        return act == AgreementAct.Accede && agreement.Kind != AgreementKind.Multilateral ? new Message("fault.not-multilateral")
            : act == AgreementAct.Accede && place == PartyStanding.Withdrawn && IsThere(AgreementStandings.OfParty(model, party!, on.AddDays(-1))) ? new Message("fault.leaves-that-day", on)
            : WhyNot(act, AgreementStandings.On(model, on).Standing, place, on);
    }

    private static Message? WhyNot(AgreementAct act, AgreementStanding whole, PartyStanding place, DateOnly on)
    {
        if (whole == AgreementStanding.Terminated)
        {
            return new Message("fault.agreement-ended", on);
        }

        if (IsThere(place) == (act == AgreementAct.Accede))
        {
            return IsThere(place) ? new Message("fault.already-a-party") : new Message("fault.party-not-there", on);
        }

        if (whole == AgreementStanding.Proposed && act is AgreementAct.Suspend or AgreementAct.Resume or AgreementAct.Withdraw)
        {
            return new Message("fault.only-proposed");
        }

        var isSuspended = place == PartyStanding.Suspended;
        return act == AgreementAct.Suspend && isSuspended ? new Message("fault.already-suspended", on)
            : act == AgreementAct.Resume && !isSuspended ? new Message("fault.not-suspended", on)
            : null;
    }

    /// <summary>Each party confirms what the registrar attests, or contests it.</summary>
    private static Message? WhyNotContest(AgreementEntry agreement, string? party, bool byRegistrar) =>
        byRegistrar ? new Message("fault.contested-by-parties")
        : !agreement.IsAttestedYet ? new Message("fault.not-attested")
        : agreement.Texts!.Where(agreement.IsAttested).All(t => (t.Signatures ?? []).Any(s => s.Scheme == party)) ? new Message("fault.confirmed-by-party", party)
        : null;

    private static bool IsThere(PartyStanding place) => place is PartyStanding.Party or PartyStanding.Suspended;

    /// <summary>The registrar is no party, yet suspends and resumes the whole of what he attests.</summary>
    private static PartyStanding RegistrarsPlace(Agreement model, DateOnly on) =>
        AgreementStandings.IsSuspendedBy(model, null, on) ? PartyStanding.Suspended : PartyStanding.Party;
}
