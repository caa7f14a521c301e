namespace EcoLabelRegistry.Recognition;

/// <summary>An agreement on one date.</summary>
/// <param name="Standing">Its standing as a whole; parties of a multilateral may still be suspended or gone.</param>
/// <param name="TextIndex">Place of the judged text in <see cref="Agreement.Texts"/>; -1 when it has none.</param>
/// <param name="IsUnconfirmed">True when the date is later than the last on which a source shows it alive.</param>
public readonly record struct AgreementState(AgreementStanding Standing, int TextIndex, bool IsUnconfirmed);

/// <summary>Tells the standing of an agreement, and of two schemes in it, on a date.</summary>
public static class AgreementStandings
{
    /// <summary>The standing on a date, given every text and event recorded.</summary>
    public static AgreementState On(Agreement agreement, DateOnly date) => On(agreement, new Day(date));

    /// <summary>The first day of a text, or what stands in for it; null when nothing is known, and then it never begins.</summary>
    public static PartialDate? StartOf(AgreementText text, Agreement agreement) =>
        text.EffectiveFrom ?? text.SignedOn ?? text.FirstPublished ?? agreement.ConfirmedOn;

    /// <summary>The standing of one party on a date; what ends or suspends the whole is not asked.</summary>
    public static PartyStanding OfParty(Agreement agreement, string scheme, DateOnly date) => OfParty(agreement, scheme, new Day(date));

    /// <summary>The stretches of time in which a scheme is a party, by start: who left may come back. What ends the whole is not asked.</summary>
    public static IReadOnlyList<PartySpan> SpansOf(Agreement agreement, string scheme)
    {
        var starts = agreement.Parties.Where(p => p.Scheme == scheme).Select(p => p.AccededOn).OrderBy(from => from?.FirstDay ?? DateOnly.MinValue).ToList();
        var ends = agreement.Events.Where(e => IsDeparture(agreement, e, scheme)).Select(e => e.Effective.FirstDay).Order().ToList();
        return
        [
            .. starts.Select((from, i) =>
            {
                var next = i + 1 < starts.Count ? starts[i + 1]!.Value.FirstDay : DateOnly.MaxValue;
                var end = ends.Find(e => e >= (from?.FirstDay ?? DateOnly.MinValue) && e <= next);
                return new PartySpan(from, end == default ? null : end.AddDays(-1));
            }),
        ];
    }

    /// <summary>True when the last suspension of a party (null: of the registrar) by the date was not followed by its own resumption.</summary>
    public static bool IsSuspendedBy(Agreement agreement, string? party, DateOnly date) => IsSuspendedBy(agreement, party, new Day(date));

    internal static AgreementState On(Agreement agreement, Day day)
    {
        var text = TextOn(agreement, day, out var standing);
        var isUnconfirmed = agreement.ConfirmedOn is { } confirmed && day.Date > confirmed.LastDay;
        if (agreement.Events.Count > 0)
        {
            // A proposal that was rejected, and a text ended before its first day, stay ended.
            standing = IsEnded(agreement, standing, day) ? AgreementStanding.Terminated
                : standing == AgreementStanding.InForce && IsWhollySuspended(agreement, day) ? AgreementStanding.Suspended
                : standing;
        }

        if (standing == AgreementStanding.InForce && day.HasEnded(agreement.Texts[text].EffectiveUntil))
        {
            standing = AgreementStanding.Expired;
        }

        return new AgreementState(standing, text, isUnconfirmed);
    }

    /// <summary>What keeps a grant between two schemes from being in force: the standing of the whole, then that of each party.</summary>
    internal static ReasonSet Between(Agreement agreement, in AgreementState state, string recogniser, string recognised, Day day)
    {
        var reasons = state.Standing switch
        {
            AgreementStanding.Proposed => ReasonSet.Of(Reason.AgreementProposed),
            AgreementStanding.NotYetEffective => ReasonSet.Of(Reason.AgreementNotYetEffective),
            AgreementStanding.Terminated => ReasonSet.Of(Reason.AgreementTerminated),
            AgreementStanding.Suspended => ReasonSet.Of(Reason.AgreementSuspended),
            AgreementStanding.Expired => ReasonSet.Of(IsSuspended(agreement, recogniser, recognised, day) ? Reason.AgreementSuspended : Reason.AgreementExpired),
            AgreementStanding.InForce => IsSuspended(agreement, recogniser, recognised, day) ? ReasonSet.Of(Reason.AgreementSuspended) : default,
        };
        reasons |= Membership(agreement, recogniser, day);

        // In a unilateral agreement only recognisers are parties; the recognised may be a stranger to it.
        return agreement.Kind == AgreementKind.Unilateral ? reasons : reasons | Membership(agreement, recognised, day);
    }

    /// <summary>The standing of one party; what ends or suspends the whole is not asked.</summary>
    internal static PartyStanding OfParty(Agreement agreement, string scheme, Day day)
    {
        var membership = Membership(agreement, scheme, day);
        return membership.Contains(Reason.PartyNotAcceded) ? PartyStanding.NotAcceded
            : membership.Contains(Reason.PartyWithdrawn) ? PartyStanding.Withdrawn
            : IsSuspendedBy(agreement, scheme, day) ? PartyStanding.Suspended
            : PartyStanding.Party;
    }

    /// <summary>Adds the days on which the standing of the whole or of a party may change.</summary>
    internal static void AddChanges(Agreement agreement, ref NextChange next)
    {
        for (var i = 0; i < agreement.Texts.Count; i++)
        {
            next.Begins(StartOf(agreement.Texts[i], agreement));
            next.Ends(agreement.Texts[i].EffectiveUntil);
        }

        for (var i = 0; i < agreement.Parties.Count; i++)
        {
            next.Begins(agreement.Parties[i].AccededOn);
        }

        for (var i = 0; i < agreement.Events.Count; i++)
        {
            next.Begins(agreement.Events[i].Effective);
        }

        next.Ends(agreement.ConfirmedOn);
    }

    /// <summary>The signed text that began last; before the first, the one that begins first; without a signed one, the first proposed.</summary>
    private static int TextOn(Agreement agreement, Day day, out AgreementStanding standing)
    {
        var judged = -1;
        var earliest = -1;
        for (var i = 0; i < agreement.Texts.Count; i++)
        {
            if (!agreement.Texts[i].IsSigned)
            {
                continue;
            }

            if (earliest < 0 || Begins(agreement, i, day) < Begins(agreement, earliest, day))
            {
                earliest = i;
            }

            if (Begins(agreement, i, day) <= day.Date && (judged < 0 || Begins(agreement, i, day) >= Begins(agreement, judged, day)))
            {
                judged = i;
            }
        }

        standing = judged >= 0 ? AgreementStanding.InForce
            : earliest >= 0 ? AgreementStanding.NotYetEffective
            : AgreementStanding.Proposed;
        return judged >= 0 ? judged
            : earliest >= 0 ? earliest
            : agreement.Texts.Count > 0 ? 0 : -1;
    }

    /// <summary>A text of which no date is known begins after every day that can be asked about.</summary>
    private static DateOnly Begins(Agreement agreement, int text, Day day) =>
        StartOf(agreement.Texts[text], agreement) is { } start ? day.StartOf(start) : DateOnly.MaxValue;

    private static bool IsEnded(Agreement agreement, AgreementStanding standing, Day day)
    {
        for (var i = 0; i < agreement.Events.Count; i++)
        {
            var @event = agreement.Events[i];
            if (@event.Effective.FirstDay <= day.Date && (EndsTheWhole(agreement, @event) || Rejects(agreement, @event, standing, day)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when it ends what was not in force: a proposal. What is in force when the event is recorded is none any more, so that who ends it for an earlier day only leaves.</summary>
    private static bool Rejects(Agreement agreement, AgreementEvent @event, AgreementStanding standing, Day day) =>
        @event.Type == AgreementEventType.Terminated
        && (standing == AgreementStanding.Proposed
            || (@event.Effective.FirstDay < FirstDayInForce(agreement, day) && !(@event.RecordedOn >= FirstDayInForce(agreement, new Day(day.Date)))));

    private static DateOnly FirstDayInForce(Agreement agreement, Day day)
    {
        var first = DateOnly.MaxValue;
        for (var i = 0; i < agreement.Texts.Count; i++)
        {
            if (agreement.Texts[i].IsSigned && Begins(agreement, i, day) < first)
            {
                first = Begins(agreement, i, day);
            }
        }

        return first;
    }

    /// <summary>The registrar's word, a party's in a bilateral agreement, and that of the only party end the whole; else only the party leaves.</summary>
    private static bool EndsTheWhole(Agreement agreement, AgreementEvent @event) =>
        @event.Type is AgreementEventType.Terminated or AgreementEventType.Withdrawn
        && (@event.Party is null || BindsAsOne(agreement));

    private static bool IsDeparture(Agreement agreement, AgreementEvent @event, string scheme) =>
        @event.Type is AgreementEventType.Withdrawn or AgreementEventType.Terminated && @event.Party == scheme && !EndsTheWhole(agreement, @event);

    private static bool IsWhollySuspended(Agreement agreement, Day day)
    {
        if (IsSuspendedBy(agreement, null, day))
        {
            return true;
        }

        for (var i = 0; BindsAsOne(agreement) && i < agreement.Parties.Count; i++)
        {
            if (IsSuspendedBy(agreement, agreement.Parties[i].Scheme, day))
            {
                return true;
            }
        }

        return false;
    }

    private static bool BindsAsOne(Agreement agreement) =>
        agreement.Kind == AgreementKind.Bilateral || (agreement.Kind == AgreementKind.Unilateral && agreement.Parties.Count <= 1);

    private static bool IsSuspended(Agreement agreement, string recogniser, string recognised, Day day) =>
        agreement.Events.Count > 0
        && (IsSuspendedBy(agreement, null, day) || IsSuspendedBy(agreement, recogniser, day) || IsSuspendedBy(agreement, recognised, day));

    /// <summary>True when the party's (null: the registrar's) last suspension was not followed by its own resumption.</summary>
    private static bool IsSuspendedBy(Agreement agreement, string? party, Day day)
    {
        var stands = false;
        var latest = DateOnly.MinValue;
        for (var i = 0; i < agreement.Events.Count; i++)
        {
            var @event = agreement.Events[i];
            if (@event.Type is AgreementEventType.Suspended or AgreementEventType.Resumed && @event.Party == party)
            {
                // As with certificates: a stop from the first day that it can mean, a resumption like a start.
                var suspends = @event.Type == AgreementEventType.Suspended;
                var from = suspends ? @event.Effective.FirstDay : day.StartOf(@event.Effective);
                if (from <= day.Date && from >= latest)
                {
                    latest = from;
                    stands = suspends;
                }
            }
        }

        return stands;
    }

    private static ReasonSet Membership(Agreement agreement, string scheme, Day day)
    {
        DateOnly? acceded = null;
        for (var i = 0; i < agreement.Parties.Count; i++)
        {
            var party = agreement.Parties[i];
            if (party.Scheme == scheme && day.HasBegun(party.AccededOn))
            {
                var from = party.AccededOn is { } start ? day.StartOf(start) : DateOnly.MinValue;
                acceded = acceded is { } known && known > from ? known : from;
            }
        }

        if (acceded is null)
        {
            return ReasonSet.Of(Reason.PartyNotAcceded);
        }

        for (var i = 0; i < agreement.Events.Count; i++)
        {
            var @event = agreement.Events[i];
            if (IsDeparture(agreement, @event, scheme) && @event.Effective.FirstDay <= day.Date && @event.Effective.FirstDay >= acceded)
            {
                return ReasonSet.Of(Reason.PartyWithdrawn);
            }
        }

        return default;
    }
}
