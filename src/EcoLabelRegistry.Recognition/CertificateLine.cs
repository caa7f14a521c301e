namespace EcoLabelRegistry.Recognition;

/// <summary>What is judged: those lines of a certificate that are asked about and lie in one category, under one question.</summary>
internal sealed class CertificateLine(RecognitionGraph graph, RecognitionQuestion question, Candidate candidate, string? category)
{
    public RecognitionGraph Graph { get; } = graph;

    public RecognitionQuestion Question { get; } = question;

    public Certificate Certificate { get; } = candidate.Certificate;

    /// <summary>The category of the lines; null when it is not known.</summary>
    public string? Category { get; } = category;

    /// <summary>Rule 1, and the part of rule 5 that concerns the category asked: neither depends on a grant.</summary>
    public CertificateLineState On(Day day)
    {
        var state = CertificateStandings.On(Certificate, Graph, day);
        var failing = default(ReasonSet) | WhyNot(state.Standing);
        failing = failing.Unless(Includes(candidate, Category, day), Reason.ProductNotOnCertificate);
        failing = failing.Unless(CountsInTerritory(Certificate, Question), Reason.TerritoryOutOfScope);
        failing = failing.Unless(
            Question.Category is not { } asked || (Category is not null && Graph.IsWithin(Category, asked)), Reason.CategoryOutOfScope);
        return new CertificateLineState(state, failing);
    }

    /// <summary>Why a certificate of this standing does not count; none when it is valid.</summary>
    public static ReasonSet WhyNot(CertificateStanding standing) => standing switch
    {
        CertificateStanding.NotYetValid => ReasonSet.Of(Reason.CertificateNotYetValid),
        CertificateStanding.Withdrawn => ReasonSet.Of(Reason.CertificateWithdrawn),
        CertificateStanding.Suspended => ReasonSet.Of(Reason.CertificateSuspended),
        CertificateStanding.Expired => ReasonSet.Of(Reason.CertificateExpired),
        CertificateStanding.Valid => default,
    };

    /// <summary>True when no territory is asked, or the certificate counts there.</summary>
    public static bool CountsInTerritory(Certificate certificate, RecognitionQuestion question) =>
        question.Territory is not { } asked || Territories.Include(certificate.Territories, asked);

    /// <summary>Adds the days on which the certificate, or a line of it that is asked about, may begin or end.</summary>
    public void AddChanges(ref NextChange next)
    {
        CertificateStandings.AddChanges(Certificate, Graph, ref next);
        for (var i = 0; i < candidate.Lines.Count; i++)
        {
            next.Begins(candidate.Lines[i].From);
            next.Ends(candidate.Lines[i].Until);
        }
    }

    private static bool Includes(Candidate candidate, string? category, Day day)
    {
        for (var i = 0; i < candidate.Lines.Count; i++)
        {
            var line = candidate.Lines[i];
            if (string.Equals(line.Category, category, StringComparison.Ordinal) && day.IsWithin(line.From, line.Until))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A certificate line on a day.</summary>
/// <param name="Certificate">The certificate's standing and period.</param>
/// <param name="Failing">What keeps the line from counting, whatever the grant.</param>
internal readonly record struct CertificateLineState(CertificateState Certificate, ReasonSet Failing);
