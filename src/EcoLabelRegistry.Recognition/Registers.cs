namespace EcoLabelRegistry.Recognition;

/// <summary>How completely the registers that an answer concerns are held here.</summary>
internal static class Registers
{
    /// <summary>The registers of the certificates judged, by scheme.</summary>
    public static IReadOnlyList<Coverage> Of(List<JudgedCertificate> certificates, RecognitionGraph graph)
    {
        if (certificates.Count == 1)
        {
            return graph.RegisterOf(certificates[0].Certificate.Scheme);
        }

        // The certificates are in order of their schemes.
        var coverage = new List<Coverage>();
        foreach (var judged in certificates)
        {
            if (coverage.Count == 0 || coverage[^1].Scheme != judged.Certificate.Scheme)
            {
                coverage.Add(graph.CoverageOf(judged.Certificate.Scheme));
            }
        }

        return coverage;
    }

    /// <summary>The registers of every scheme that the recogniser recognises, and of the one that was searched in vain.</summary>
    public static IReadOnlyList<Coverage> OfRecognised(RecognitionGraph graph, RecognitionQuestion question, string? searched)
    {
        var recognised = graph.RegistersRecognised(question);
        return searched is null || recognised.Any(c => c.Scheme == searched)
            ? recognised
            : [.. recognised.Append(graph.CoverageOf(searched)).OrderBy(c => c.Scheme, StringComparer.Ordinal)];
    }
}
