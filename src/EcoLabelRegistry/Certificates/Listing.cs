using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Certificates;

/// <summary>What it means for a certificate to be on its scheme's register, or no longer.</summary>
public static class Listing
{
    /// <summary>The reason of a withdrawal by a full register that omits the certificate.</summary>
    public const string NoLongerListed = "no-longer-listed";

    /// <summary>The reason of the reinstatement when it is listed again, which lifts that withdrawal and nothing else.</summary>
    public const string ListedAgain = "listed-again";

    /// <summary>True for what listing has brought about, and listing can undo.</summary>
    public static bool IsOfListing(CertificateEventEntry happened) =>
        (happened.Type, happened.Reason) is (CertificateEventType.Withdrawn, NoLongerListed) or (CertificateEventType.Reinstated, ListedAgain);

    /// <summary>True when a full register that omits the certificate withdraws it: it is valid, suspended or not yet begun. What has ended is left alone.</summary>
    public static bool IsWithdrawnByOmission(CertificateEntry entry, CertificateStanding standing, DateOnly today) =>
        standing is CertificateStanding.Valid or CertificateStanding.Suspended or CertificateStanding.NotYetValid
        && !IsWithdrawn(entry, today, isOfListing: false) && !IsWithdrawn(entry, today, isOfListing: true);

    /// <summary>The event that takes an omitted certificate off.</summary>
    public static CertificateEventEntry Omitted(DateOnly today) => new(CertificateEventType.Withdrawn, PartialDate.Of(today), NoLongerListed);

    /// <summary>The event that puts a listed certificate back, if it was off only because it was not listed. Withdrawn by its body, it stays so.</summary>
    public static IReadOnlyList<CertificateEventEntry> Relisted(CertificateEntry entry, DateOnly today) =>
        IsWithdrawn(entry, today, isOfListing: true) && !IsWithdrawn(entry, today, isOfListing: false)
            ? [new CertificateEventEntry(CertificateEventType.Reinstated, PartialDate.Of(today), ListedAgain)]
            : [];

    private static bool IsWithdrawn(CertificateEntry entry, DateOnly today, bool isOfListing) => CertificateStandings.IsWithdrawn(entry.HappenedToModel(), today, isOfListing);
}
