namespace EcoLabelRegistry.Recognition;

/// <summary>Who can be asked to recognise.</summary>
public enum RecogniserKind
{
    /// <summary>A scheme.</summary>
    Scheme,

    /// <summary>A purchasing policy.</summary>
    Policy,

    /// <summary>A label body: any of its schemes.</summary>
    Body,
}

/// <summary>Who is asked.</summary>
public readonly record struct Recogniser(RecogniserKind Kind, string Code);

/// <summary>How the product or certificate was selected, which decides how lines of several categories are weighed.</summary>
public enum SubjectKind
{
    /// <summary>A product: the best outcome of all its lines wins.</summary>
    Product,

    /// <summary>One certificate alone: if its lines differ in category and none is asked, the weakest outcome is the answer.</summary>
    Certificate,
}

/// <summary>What is asked about: the certificates on record, each with the lines that the question concerns.</summary>
/// <param name="Kind">How it was selected.</param>
/// <param name="Candidates">Every certificate with a line of the product, current or not, or the one certificate asked; empty when nothing is on record.</param>
public sealed record RecognitionSubject(SubjectKind Kind, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>True when the product or certificate is on record. A known certificate without the asked product is on record.</summary>
    public bool OnRecord { get; init; } = true;

    /// <summary>When a certificate number was asked and is not on record: the scheme whose register was searched.</summary>
    public string? MissingFromRegisterOf { get; init; }

    /// <summary>True when the asked GTIN names several products.</summary>
    public bool GtinAmbiguous { get; init; }

    /// <summary>True when the selectors given do not name the same product.</summary>
    public bool SelectorMismatch { get; init; }
}

/// <summary>One certificate and those of its lines that are asked about.</summary>
/// <param name="Certificate">The whole certificate.</param>
/// <param name="Lines">Its lines for the asked product, on it today or not; all its lines when the certificate alone is asked; empty when the asked product never was on it.</param>
public sealed record Candidate(Certificate Certificate, IReadOnlyList<ProductLine> Lines);

/// <summary>One question: does the recogniser accept what is asked about, for its category, on a calendar date?</summary>
/// <param name="Recogniser">Who is asked; must be in the graph.</param>
/// <param name="AsOf">The date, between 1970 and 2199.</param>
public sealed record RecognitionQuestion(Recogniser Recogniser, DateOnly AsOf)
{
    /// <summary>Only lines of this category or of one below it count; null for the lines' own.</summary>
    public string? Category { get; init; }

    /// <summary>Only certificates that count in this territory (ISO 3166-1 or -2) count; null asks nothing.</summary>
    public string? Territory { get; init; }

    /// <summary>Weakest level that the caller accepts; never concerns the recogniser's own certificates. Null accepts any.</summary>
    public Level? MinLevel { get; init; }
}
