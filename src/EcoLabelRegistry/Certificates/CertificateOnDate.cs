using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Certificates;

/// <summary>A certificate on one date, with the documents of its records beside what the engine says of it.</summary>
/// <param name="Entry">The certificate.</param>
/// <param name="State">Its standing on the date.</param>
/// <param name="Period">The period judged: that of the date, or before the first one the one that comes; null when it has none.</param>
/// <param name="Date">The date.</param>
public sealed record CertificateOnDate(CertificateEntry Entry, CertificateState State, CertificatePeriodEntry? Period, DateOnly Date)
{
    /// <summary>The certificate on a date.</summary>
    public static CertificateOnDate Of(RegistryAt registry, RecordedCertificate certificate, DateOnly date)
    {
        var state = CertificateStandings.On(certificate.Model, registry.Graph, date);
        var place = state.Period is null ? 0 : certificate.Model.Periods.ToList().FindIndex(p => ReferenceEquals(p, state.Period));
        return new CertificateOnDate(certificate.Entry, state, (certificate.Entry.Periods ?? []).ElementAtOrDefault(place), date);
    }

    /// <summary>True when the line is on the certificate on the date: a start counts from its first day, an end to its last.</summary>
    public bool Lists(ProductLineEntry line) => (line.From?.FirstDay ?? Date) <= Date && (line.Until?.LastDay ?? Date) >= Date;

    /// <summary>The lines that say what the certificate is for on the date: those on it, else all.</summary>
    public IEnumerable<ProductLineEntry> Lines()
    {
        var lines = Entry.Products ?? [];
        return lines.Any(Lists) ? lines.Where(Lists) : lines;
    }
}
