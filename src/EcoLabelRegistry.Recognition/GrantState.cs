namespace EcoLabelRegistry.Recognition;

/// <summary>A grant on a day, before any certificate is looked at.</summary>
/// <param name="Grant">The grant as the judged text has it; null when that text has none.</param>
/// <param name="Text">Place of the judged text.</param>
/// <param name="Failing">What keeps the grant from being in force, or from having an effect.</param>
/// <param name="IsUnconfirmed">True when no source shows the agreement alive as late as the day.</param>
/// <param name="Reservations">The reservations of the judged text that concern the two of the grant.</param>
internal readonly record struct GrantState(Grant? Grant, int Text, ReasonSet Failing, bool IsUnconfirmed, Reservation[] Reservations)
{
    /// <summary>True when it is in force, with an effect or without.</summary>
    public bool IsInForce => Grant is not null && (Failing.IsEmpty || Failing == ReasonSet.Of(Reason.AgreementNotOperative));

    /// <summary>The grant on a day.</summary>
    public static GrantState On(GrantLine line, Day day)
    {
        var stretch = line.Around(day.Date);
        return day.IsCertain ? stretch.Certain : stretch.Counted;
    }

    /// <summary>Works the grant on a day out from what is recorded.</summary>
    public static GrantState WorkOut(GrantLine line, Day day)
    {
        var agreement = line.Agreement;
        var state = agreement is null ? default : AgreementStandings.On(agreement, day);
        if (line.InText(state.TextIndex) is not { } grant)
        {
            return default;
        }

        // Rule 3: the agreement, both parties, the grant's own dates.
        var failing = agreement is null ? default : AgreementStandings.Between(agreement, state, line.Recogniser, line.Recognised, day);
        failing = failing.Unless(day.HasBegun(grant.From), Reason.GrantNotYetEffective);
        failing = failing.Unless(!day.HasEnded(grant.Until), Reason.GrantExpired);

        // Rule 4: the level.
        failing = failing.Unless(grant.Level.Gives() is not null, Reason.AgreementNotOperative);
        Reservation[] reservations = agreement is null ? [] : [.. agreement.Texts[state.TextIndex].Reservations.Where(r => GrantJudgement.KeepsOut(r, line))];
        return new GrantState(grant, state.TextIndex, failing, state.IsUnconfirmed, reservations);
    }
}
