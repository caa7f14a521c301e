namespace EcoLabelRegistry.Recognition;

/// <summary>A stretch of days on which nothing recorded changes how a grant stands, so that all of them are judged alike.</summary>
/// <param name="From">The first day of it that was looked at.</param>
/// <param name="ChangesOn">The first day after it on which something recorded may change; null when nothing does any more.</param>
/// <param name="HasPartialDates">True when some date of the grant or its agreement, past or future, is not known to the day.</param>
/// <param name="Counted">The grant on these days, as dates count.</param>
/// <param name="Certain">The grant on these days, as it stands whatever the sources meant.</param>
/// <param name="Warnings">The warnings of the grant and its agreement, whatever certificate it is asked about.</param>
internal sealed record GrantStretch(DateOnly From, DateOnly? ChangesOn, bool HasPartialDates, GrantState Counted, GrantState Certain, WarningSet Warnings)
{
    /// <summary>True when the day is one of these.</summary>
    public bool Has(DateOnly day) => day >= From && (ChangesOn is not { } change || day < change);

    /// <summary>Looks at a grant on a day, and how long it stays so.</summary>
    public static GrantStretch Around(GrantLine line, DateOnly day)
    {
        var next = new NextChange(day);
        line.AddChanges(ref next);
        if (line.Agreement is { } agreement)
        {
            AgreementStandings.AddChanges(agreement, ref next);
        }

        var counted = GrantState.WorkOut(line, new Day(day));
        var warnings = default(WarningSet);
        if (line.Agreement is not null && counted.Grant is { } grant)
        {
            WarningsOf.AddOfAgreement(line.Agreement, counted.Text, grant, ref warnings);
        }

        return new(day, next.Day, next.HasPartialDates, counted, next.HasPartialDates ? GrantState.WorkOut(line, new Day(day, IsCertain: true)) : counted, warnings);
    }
}
