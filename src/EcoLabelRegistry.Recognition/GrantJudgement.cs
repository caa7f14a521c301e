namespace EcoLabelRegistry.Recognition;

/// <summary>How one grant stands to one certificate line on a day.</summary>
/// <param name="Grant">The grant as the judged text has it; null when that text has none.</param>
/// <param name="Text">Place of the judged text.</param>
/// <param name="Failing">What keeps the grant from covering the line.</param>
/// <param name="LeavesToPeople">True when it has a condition that the data cannot decide.</param>
/// <param name="IsUnconfirmed">True when no source shows the agreement alive as late as the day.</param>
internal readonly record struct GrantJudgement(Grant? Grant, int Text, ReasonSet Failing, bool LeavesToPeople, bool IsUnconfirmed)
{
    /// <summary>Judges a grant by rules 3 to 8. Rule 1 is the line's own, rules 2 and 9 are those of a whole route.</summary>
    /// <param name="line">The grant through all its texts, or a policy's line.</param>
    /// <param name="about">The certificate line.</param>
    /// <param name="period">The certificate's period; null when it has none.</param>
    /// <param name="isLast">True for the step next to the certificate, the only one that asks for standards, editions and tiers.</param>
    /// <param name="day">The day.</param>
    public static GrantJudgement Of(GrantLine line, CertificateLine about, CertificatePeriod? period, bool isLast, Day day)
    {
        var state = GrantState.On(line, day);
        if (state.Grant is not { } grant)
        {
            return default;
        }

        // Rules 3 and 4: the grant in force, with an effect.
        var failing = state.Failing;

        // Rule 5: the category, and what a party keeps out.
        var graph = about.Graph;
        failing = failing.Unless(grant.Categories.Count == 0 || graph.IsWithinAny(about.Category, grant.Categories), Reason.CategoryOutOfScope);
        failing = failing.Unless(!IsReserved(state.Reservations, about.Category, graph), Reason.PartyReservation);

        // Rules 6 and 7: standard, edition, tier. What a policy's line asks for is asked of the certificate, in whatever step.
        if (isLast || line.Agreement is null)
        {
            failing |= StandardAndEdition(grant, period, graph, day);
            failing = failing.Unless(grant.MinTier is null || IsTierAtLeast(period?.Tier, grant.MinTier, line.Recognised, about), Reason.TierBelowMinimum);
        }

        // Rule 8: conditions.
        var leavesToPeople = false;
        for (var i = 0; i < grant.Conditions.Count; i++)
        {
            var verdict = Judge(grant.Conditions[i], about.Certificate);
            failing = failing.Unless(verdict is not false, Reason.ConditionFailed);
            leavesToPeople |= verdict is null;
        }

        return new GrantJudgement(grant, state.Text, failing, leavesToPeople, state.IsUnconfirmed);
    }

    /// <summary>Whether the data shows a condition met (true) or failed (false); null leaves it to people.</summary>
    public static bool? Judge(GrantCondition condition, Certificate certificate)
    {
        if (condition.ExcludeSiteCountries.Count == 0 || certificate.SiteCountries is not { Count: > 0 } sites)
        {
            return null;
        }

        var excluded = 0;
        for (var i = 0; i < sites.Count; i++)
        {
            excluded += Contains(condition.ExcludeSiteCountries, sites[i]) ? 1 : 0;
        }

        return excluded == 0 ? true : excluded == sites.Count ? false : null;
    }

    /// <summary>True when either party keeps the category, the partner, or both out. An unknown category cannot be shown to be outside.</summary>
    private static bool IsReserved(Reservation[] reservations, string? category, RecognitionGraph graph)
    {
        foreach (var reservation in reservations)
        {
            if (reservation.Categories.Count == 0 || category is null || graph.IsWithinAny(category, reservation.Categories))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the reservation concerns the two of the grant, whichever of them made it.</summary>
    internal static bool KeepsOut(Reservation reservation, GrantLine line) =>
        (reservation.Party == line.Recogniser && IsNamed(reservation.Partners, line.Recognised))
        || (reservation.Party == line.Recognised && IsNamed(reservation.Partners, line.Recogniser));

    private static ReasonSet StandardAndEdition(Grant grant, CertificatePeriod? period, RecognitionGraph graph, Day day)
    {
        if (grant.Standards.Count == 0)
        {
            return default;
        }

        var isStandardNamed = false;
        for (var i = 0; i < grant.Standards.Count; i++)
        {
            var granted = grant.Standards[i];
            if (period?.Standard is { } standard && standard == granted.Standard)
            {
                isStandardNamed = true;
                if (granted.Editions.Count == 0 || IsEditionNamed(granted, standard, period.Edition, graph, day))
                {
                    return default;
                }
            }
        }

        return ReasonSet.Of(isStandardNamed ? Reason.EditionOutOfScope : Reason.StandardOutOfScope);
    }

    private static bool IsEditionNamed(GrantedStandard granted, string standard, string? edition, RecognitionGraph graph, Day day) =>
        edition is not null
        && (Contains(granted.Editions, edition)
            || (Contains(granted.Editions, GrantedStandard.Current)
                && graph.Standards.TryGetValue(standard, out var document)
                && Editions.InForce(document, day)?.Label == edition));

    /// <summary>Tiers are those of the recognised scheme, else those of the certificate's own; a tier that is in neither is below.</summary>
    private static bool IsTierAtLeast(string? tier, string minimum, string recognised, CertificateLine about) =>
        tier is not null
        && (tier == minimum
            || (IsAtLeast(tier, minimum, about.Graph, recognised) ?? IsAtLeast(tier, minimum, about.Graph, about.Certificate.Scheme) ?? false));

    /// <summary>Null when the scheme does not order the two.</summary>
    private static bool? IsAtLeast(string tier, string minimum, RecognitionGraph graph, string scheme)
    {
        if (!graph.Schemes.TryGetValue(scheme, out var known))
        {
            return null;
        }

        var (has, wants) = (-1, -1);
        for (var i = 0; i < known.Tiers.Count; i++)
        {
            has = known.Tiers[i] == tier ? i : has;
            wants = known.Tiers[i] == minimum ? i : wants;
        }

        return wants < 0 || has < 0 ? null : has >= wants;
    }

    private static bool IsNamed(IReadOnlyList<string> names, string name) => names.Count == 0 || Contains(names, name);

    private static bool Contains(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return true;
            }
        }

        return false;
    }
}
