namespace EcoLabelRegistry.Recognition;

/// <summary>A certificate on one date.</summary>
/// <param name="Standing">Its standing.</param>
/// <param name="Period">The period judged; null before the first.</param>
/// <param name="IsUnconfirmed">True when the date is later than the last report that shows it valid, and it has no end.</param>
public readonly record struct CertificateState(CertificateStanding Standing, CertificatePeriod? Period, bool IsUnconfirmed);

/// <summary>Tells the standing of a certificate on a date.</summary>
public static class CertificateStandings
{
    /// <summary>The standing on a date, given every period and event recorded.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="graph">Holds the editions, whose end and transition end a period that states none.</param>
    /// <param name="date">The date asked about.</param>
    public static CertificateState On(Certificate certificate, RecognitionGraph graph, DateOnly date) => On(certificate, graph, new Day(date));

    /// <summary>True when a withdrawal of one of the two kinds is in force on a date, whatever the periods say.</summary>
    /// <param name="events">Everything that happened to the certificate, in the order recorded.</param>
    /// <param name="date">The date asked about.</param>
    /// <param name="isOfListing">True for its scheme's register, which has dropped it and neither listed it again nor reinstated it; false for a withdrawal by word.</param>
    public static bool IsWithdrawn(IReadOnlyList<CertificateEvent> events, DateOnly date, bool isOfListing) => IsWithdrawn(events, new Day(date), isOfListing);

    internal static CertificateState On(Certificate certificate, RecognitionGraph graph, Day day)
    {
        if (PeriodOn(certificate, day) is not { } period)
        {
            return new CertificateState(CertificateStanding.NotYetValid, null, false);
        }

        var standing = IsWithdrawn(certificate.Events, day, isOfListing: false) || IsWithdrawn(certificate.Events, day, isOfListing: true) ? CertificateStanding.Withdrawn
            : Stands(certificate.Events, CertificateEventType.Suspended, day) ? CertificateStanding.Suspended
            : day.HasEnded(EndOf(period, graph)) ? CertificateStanding.Expired
            : CertificateStanding.Valid;
        var isUnconfirmed = period is { Until: null, LastConfirmedOn: { } confirmed } && day.Date > confirmed.LastDay;
        return new CertificateState(standing, period, isUnconfirmed);
    }

    /// <summary>Adds the days on which the standing may change.</summary>
    internal static void AddChanges(Certificate certificate, RecognitionGraph graph, ref NextChange next)
    {
        for (var i = 0; i < certificate.Periods.Count; i++)
        {
            var period = certificate.Periods[i];
            next.Begins(StartOf(period));
            next.Ends(EndOf(period, graph));
            next.Ends(period.LastConfirmedOn);
        }

        for (var i = 0; i < certificate.Events.Count; i++)
        {
            next.Begins(certificate.Events[i].Effective);
        }
    }

    private static PartialDate? StartOf(CertificatePeriod period) => period.From ?? period.FirstConfirmedOn ?? period.LastConfirmedOn;

    private static PartialDate? EndOf(CertificatePeriod period, RecognitionGraph graph) =>
        period.Until ?? (graph.FindEdition(period.Standard, period.Edition) is { EffectiveUntil: { } end } edition
            ? end.AddMonths(edition.TransitionMonths)
            : null);

    /// <summary>The period whose standard, edition and tier are judged: that of the day, or before the first one the one that comes.</summary>
    internal static CertificatePeriod? PeriodJudged(Certificate certificate, in CertificateState state)
    {
        if (state.Period is { } period)
        {
            return period;
        }

        CertificatePeriod? first = null;
        for (var i = 0; i < certificate.Periods.Count; i++)
        {
            var next = certificate.Periods[i];
            if (StartOf(next) is not null && (first is null || BeganLater(first, next, default)))
            {
                first = next;
            }
        }

        return first;
    }

    /// <summary>Of the periods that have begun, the one that began last.</summary>
    private static CertificatePeriod? PeriodOn(Certificate certificate, Day day)
    {
        CertificatePeriod? latest = null;
        for (var i = 0; i < certificate.Periods.Count; i++)
        {
            var period = certificate.Periods[i];
            if (StartOf(period) is { } start && day.HasBegun(start) && (latest is null || BeganLater(period, latest, day)))
            {
                latest = period;
            }
        }

        return latest;
    }

    /// <summary>Periods that begin on one day are told apart by what they say, so that their order says nothing.</summary>
    private static bool BeganLater(CertificatePeriod period, CertificatePeriod other, Day day)
    {
        var (start, otherStart) = (StartOf(period)!.Value, StartOf(other)!.Value);
        var order = day.StartOf(start).CompareTo(day.StartOf(otherStart));
        order = order != 0 ? order : start.FirstDay.CompareTo(otherStart.FirstDay);
        order = order != 0 ? order : start.LastDay.CompareTo(otherStart.LastDay);
        order = order != 0 ? order : (period.Until?.LastDay ?? DateOnly.MaxValue).CompareTo(other.Until?.LastDay ?? DateOnly.MaxValue);
        order = order != 0 ? order : string.CompareOrdinal(period.Standard, other.Standard);
        order = order != 0 ? order : string.CompareOrdinal(period.Edition, other.Edition);
        order = order != 0 ? order : string.CompareOrdinal(period.Tier, other.Tier);
        return order > 0;
    }

    private static bool IsWithdrawn(IReadOnlyList<CertificateEvent> events, Day day, bool isOfListing) => Stands(events, CertificateEventType.Withdrawn, day, isOfListing);

    /// <summary>
    /// True when the last of such events and of those that lift them is not one that lifts. Of two on one day, the one recorded last. What listing has
    /// withdrawn is lifted by listing too, all else by a reinstatement alone.
    /// </summary>
    private static bool Stands(IReadOnlyList<CertificateEvent> events, CertificateEventType type, Day day, bool isOfListing = false)
    {
        var stands = false;
        var latest = DateOnly.MinValue;
        for (var i = 0; i < events.Count; i++)
        {
            var @event = events[i];
            var isOne = @event.Type == type && (type != CertificateEventType.Withdrawn || @event.IsOfListing == isOfListing);
            var lifts = @event.Type == CertificateEventType.Reinstated && (isOfListing || !@event.IsOfListing);
            if (isOne || lifts)
            {
                // What stops a certificate counts from the first day that it can mean; what lets it go on is read like a start.
                var from = isOne ? @event.Effective.FirstDay : day.StartOf(@event.Effective);
                if (from <= day.Date && from >= latest)
                {
                    latest = from;
                    stands = isOne;
                }
            }
        }

        return stands;
    }
}
