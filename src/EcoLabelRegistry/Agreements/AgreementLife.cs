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

    /// <summary>Ends the whole; in a multilateral agreement a party only leaves, and before force it rejects the proposal.</summary>
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
/// | sign, amend | terminated | there: a party, suspended or not | |
/// | accede | terminated | not there: before its accession, or withdrawn | in a multilateral agreement |
/// | suspend | proposed, terminated | a party that has not suspended already | |
/// | resume | proposed, terminated | suspended by itself | |
/// | withdraw | proposed, terminated | there | |
/// | terminate | terminated | there | |
/// | contest | — | one that is or was there | while the registrar attests it |
/// </remarks>
internal static class AgreementLife
{
    /// <summary>Refuses (409) what cannot be done in the state that the agreement is in.</summary>
    /// <param name="agreement">The agreement as recorded.</param>
    /// <param name="act">What is done.</param>
    /// <param name="party">Code of the scheme that does it; null for the registrar.</param>
    /// <param name="on">The day on which it takes effect.</param>
    /// <param name="member">The member of the request that is refused.</param>
    public static void Demand(AgreementEntry agreement, AgreementAct act, string? party, DateOnly on, string member)
    {
        if (WhyNot(agreement, act, party, on) is { } fault)
        {
            throw Refusal.NotPossible(member, fault);
        }
    }

    /// <summary>What cannot be done in the state that the agreement is in, and why; null for what can.</summary>
    /// <param name="agreement">The agreement as recorded.</param>
    /// <param name="act">What is to be done.</param>
    /// <param name="party">Code of the scheme that would do it; null for the registrar.</param>
    /// <param name="on">The day on which it would take effect.</param>
    public static Message? WhyNot(AgreementEntry agreement, AgreementAct act, string? party, DateOnly on)
    {
        var model = agreement.ToModel();
        var whole = AgreementStandings.On(model, on).Standing;
        var place = party is null ? RegistrarsPlace(model, on) : AgreementStandings.OfParty(model, party, on);
        return WhyNot(agreement, act, whole, place, on);
    }

    private static Message? WhyNot(AgreementEntry agreement, AgreementAct act, AgreementStanding whole, PartyStanding place, DateOnly on)
    {
        if (act == AgreementAct.Contest)
        {
            return agreement.Attested == true ? null : new Message("fault.not-attested");
        }

        if (act == AgreementAct.Accede && agreement.Kind != AgreementKind.Multilateral)
        {
            return new Message("fault.not-multilateral");
        }

        if (whole == AgreementStanding.Terminated)
        {
            return new Message("fault.agreement-ended", on);
        }

        if (act == AgreementAct.Sign)
        {
            return null; // who signs is told by the document: a newcomer signs before he is there
        }

        var isThere = place is PartyStanding.Party or PartyStanding.Suspended;
        if (isThere == (act == AgreementAct.Accede))
        {
            return isThere ? new Message("fault.already-a-party") : new Message("fault.party-not-there", on);
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

    /// <summary>The registrar is no party, yet suspends and resumes the whole of what he attests.</summary>
    private static PartyStanding RegistrarsPlace(Agreement model, DateOnly on) =>
        AgreementStandings.IsSuspendedBy(model, null, on) ? PartyStanding.Suspended : PartyStanding.Party;
}
