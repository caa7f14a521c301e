using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Certificates;

/// <summary>What it means for a certificate to be on its scheme's register, or no longer.</summary>
public static class Listing
{
    /// <summary>The reason of a withdrawal by a full register that omits the certificate.</summary>
    public const string NoLongerListed = "no-longer-listed";

    /// <summary>The reason of the reinstatement when it is listed again, and of the suspension that goes on then.</summary>
    public const string ListedAgain = "listed-again";

    /// <summary>True when a full register that omits the certificate withdraws it: it is valid, suspended or not yet begun. What has ended is left alone.</summary>
    public static bool IsWithdrawnByOmission(CertificateEntry entry, CertificateStanding standing, DateOnly today) =>
        standing is CertificateStanding.Valid or CertificateStanding.Suspended or CertificateStanding.NotYetValid
        && Standing(entry.Events, CertificateEventType.Withdrawn, today) is null;

    /// <summary>The event that takes an omitted certificate off.</summary>
    public static CertificateEventEntry Omitted(DateOnly today) => new(CertificateEventType.Withdrawn, PartialDate.Of(today), NoLongerListed);

    /// <summary>The events that put a listed certificate back, if it was off only because it was not listed. Withdrawn by its body, it stays so; and a suspension goes on.</summary>
    public static IReadOnlyList<CertificateEventEntry> Relisted(CertificateEntry entry, DateOnly today)
    {
        if (Standing(entry.Events, CertificateEventType.Withdrawn, today) is not { Reason: NoLongerListed })
        {
            return [];
        }

        var reinstated = new CertificateEventEntry(CertificateEventType.Reinstated, PartialDate.Of(today), ListedAgain);
        return Standing(entry.Events, CertificateEventType.Suspended, today) is null
            ? [reinstated]
            : [reinstated, new CertificateEventEntry(CertificateEventType.Suspended, PartialDate.Of(today), ListedAgain)];
    }

    /// <summary>The event of the type that is in force: none later is a reinstatement, and of two on one day the one recorded last counts.</summary>
    private static CertificateEventEntry? Standing(IReadOnlyList<CertificateEventEntry>? events, CertificateEventType type, DateOnly today)
    {
        CertificateEventEntry? standing = null;
        var latest = DateOnly.MinValue;
        foreach (var @event in events ?? [])
        {
            if ((@event.Type == type || @event.Type == CertificateEventType.Reinstated) && @event.Effective!.Value.FirstDay is var day && day <= today && day >= latest)
            {
                latest = day;
                standing = @event.Type == type ? @event : null;
            }
        }

        return standing;
    }
}
