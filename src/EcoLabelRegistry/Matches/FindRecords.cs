using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Matches;

/// <summary>A line of a certificate, or a certificate alone, and how well it fits.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Line">The line; null for the certificate alone.</param>
/// <param name="Score">How well it fits.</param>
internal sealed record FoundRecord(RecordedCertificate Certificate, ProductLineEntry? Line, RecordScore Score);

/// <summary>What was found.</summary>
/// <param name="Records">What fits, in no order.</param>
/// <param name="IsCut">True when more fit than were looked at closely.</param>
internal sealed record FoundRecords(IReadOnlyList<FoundRecord> Records, bool IsCut);

/// <summary>Finds what somebody may have meant, from memory and from the database alike. For people who choose: no check rests on it.</summary>
internal static class FindRecords
{
    /// <summary>The least score of what is worth showing.</summary>
    public const double LeastScore = 0.5;

    // Lines of a certificate that was found by its number or holder.
    private const int MostLines = 20;

    /// <summary>Finds it: what is near by its pairs of letters, then each looked at closely.</summary>
    public static async ValueTask<FoundRecords> FindAsync(ICertificates certificates, AskedText asked, SearchScope scope)
    {
        if (asked.Words.Count == 0)
        {
            return new FoundRecords([], IsCut: false);
        }

        var near = await certificates.NearAsync(asked, scope);
        var seen = new HashSet<(string, int)>();
        var records = new List<FoundRecord>();
        foreach (var (certificate, place) in near.Lines)
        {
            Look(certificate, place);
        }

        foreach (var certificate in near.Certificates)
        {
            var named = 0;
            foreach (var (place, line) in (certificate.Entry.Products ?? []).Index())
            {
                if (named < MostLines && line.Product is not null && scope.Takes(line.Category))
                {
                    named++;
                    Look(certificate, place);
                }
            }

            if (named == 0)
            {
                Look(certificate, -1);
            }
        }

        return new FoundRecords(records, near.IsCut);

        void Look(RecordedCertificate certificate, int place)
        {
            if (seen.Add((certificate.Entry.Id!, place)))
            {
                var line = place < 0 ? null : certificate.Entry.Products![place];
                var score = ScoreMatch.Of(asked, certificate.Entry, line);
                if (score.Score >= LeastScore)
                {
                    records.Add(new FoundRecord(certificate, line, score));
                }
            }
        }
    }
}
