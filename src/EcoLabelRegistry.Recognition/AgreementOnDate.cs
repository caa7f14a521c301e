namespace EcoLabelRegistry.Recognition;

/// <summary>Where a party stands on a date.</summary>
public enum PartyStanding
{
    /// <summary>A party, as far as the agreement as a whole is in force.</summary>
    Party,

    /// <summary>Before its accession.</summary>
    NotAcceded,

    /// <summary>Its own suspension stops every grant in which it is recogniser or recognised.</summary>
    Suspended,

    /// <summary>It has left.</summary>
    Withdrawn,
}

/// <summary>A stretch of time in which a scheme is a party.</summary>
/// <param name="From">First day, as exactly as it is known; null from the beginning of the agreement.</param>
/// <param name="Until">Last day; null while it has not left. Before <paramref name="From"/> when it left on the day on which it came.</param>
public sealed record PartySpan(PartialDate? From, DateOnly? Until);

/// <summary>A grant of the text judged on a date.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Reasons">What keeps it from giving anything to any certificate; empty when it is in force with an effect.</param>
/// <param name="IsDateUncertain">True when it is in force only inside the uncertain part of a date.</param>
/// <param name="IsMappingStale">True when a newer edition has come that its mapping does not name yet.</param>
public sealed record GrantOnDate(Grant Grant, IReadOnlyList<Reason> Reasons, bool IsDateUncertain, bool IsMappingStale);

/// <summary>An agreement with all that is in it, on a date.</summary>
/// <param name="State">Its standing, and the text that is judged.</param>
/// <param name="Parties">The standing of each party, in the order of <see cref="Agreement.Parties"/>.</param>
/// <param name="Grants">The grants of the judged text, in its order.</param>
/// <param name="Warnings">What keeps a reader from a wrong conclusion, whatever grant is looked at.</param>
public sealed record AgreementOnDate(
    AgreementState State, IReadOnlyList<PartyStanding> Parties, IReadOnlyList<GrantOnDate> Grants, IReadOnlyList<Warning> Warnings)
{
    /// <summary>Judges an agreement of the registry on a date.</summary>
    public static AgreementOnDate Of(RecognitionGraph graph, Agreement agreement, DateOnly date)
    {
        var day = new Day(date);
        var state = AgreementStandings.On(agreement, day);
        var warnings = default(WarningSet);
        if (state.TextIndex >= 0)
        {
            WarningsOf.AddOfAgreement(agreement, state.TextIndex, ref warnings);
        }

        return new(
            state,
            [.. agreement.Parties.Select(p => AgreementStandings.OfParty(agreement, p.Scheme, day))],
            state.TextIndex < 0 ? [] : [.. agreement.Texts[state.TextIndex].Grants.Select(g => OnDay(graph, agreement, g, day))],
            warnings.ToList());
    }

    private static GrantOnDate OnDay(RecognitionGraph graph, Agreement agreement, Grant grant, Day day)
    {
        var line = Array.Find(graph.Grants(grant.Recogniser, grant.Recognised), l => l.Agreement?.Code == agreement.Code && l.Id == grant.Id)!;
        var state = GrantState.On(line, day);
        var isReserved = Array.Exists(state.Reservations, r => r.Categories.Count == 0);
        return new(
            grant,
            state.Failing.Unless(!isReserved, Reason.PartyReservation).ToList(),
            state.IsInForce && !GrantState.On(line, day with { IsCertain = true }).IsInForce,
            line.MappingInText(state.Text, graph).IsStale(graph, day.Date));
    }
}
