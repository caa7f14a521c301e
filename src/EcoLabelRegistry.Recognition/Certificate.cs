namespace EcoLabelRegistry.Recognition;

/// <summary>The licence that a scheme granted, with everything recorded of it, past and future.</summary>
/// <param name="Id">The registry's id.</param>
/// <param name="Scheme">Code of the scheme that granted it.</param>
/// <param name="Number">The scheme's own text; null where no source prints it.</param>
public sealed record Certificate(string Id, string Scheme, string? Number)
{
    /// <summary>Periods in any order; a renewal adds one. Of two that overlap, the one that began last is judged.</summary>
    public IReadOnlyList<CertificatePeriod> Periods { get; init; } = [];

    /// <summary>Product lines, each with its own dates.</summary>
    public IReadOnlyList<ProductLine> Lines { get; init; } = [];

    /// <summary>Suspensions, reinstatements and withdrawals, in the order recorded.</summary>
    public IReadOnlyList<CertificateEvent> Events { get; init; } = [];

    /// <summary>Where it counts, ISO 3166-1 or -2; empty is everywhere, null is not known (it counts, with a warning).</summary>
    public IReadOnlyList<string>? Territories { get; init; }

    /// <summary>Countries of the production sites, ISO 3166-1; null or empty when none are listed.</summary>
    public IReadOnlyList<string>? SiteCountries { get; init; }

    /// <summary>Day of the last surveillance audit; null when none is recorded.</summary>
    public PartialDate? LastAudit { get; init; }

    /// <summary>True for invented data.</summary>
    public bool Sample { get; init; }
}

/// <summary>One period of a certificate: what it was granted against, and from when to when.</summary>
public sealed record CertificatePeriod
{
    /// <summary>First day; null when the certificate is known only from a report.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Last day; null is open-ended, and then the edition's end and transition end it.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>The first day on which a source shows it valid; stands in for a missing <see cref="From"/>.</summary>
    public PartialDate? FirstConfirmedOn { get; init; }

    /// <summary>The last day on which a source shows it valid; later days leave its standing to be confirmed while it has no end.</summary>
    public PartialDate? LastConfirmedOn { get; init; }

    /// <summary>Id of the standard; null when not known.</summary>
    public string? Standard { get; init; }

    /// <summary>Label of the edition; null when not known.</summary>
    public string? Edition { get; init; }

    /// <summary>Tier; null when not stated.</summary>
    public string? Tier { get; init; }
}

/// <summary>One line of a certificate: a product in a category.</summary>
/// <param name="Product">Id of the product (brand and model); null for a line that names none.</param>
/// <param name="Category">The category of this line, which is the one judged; null when not known.</param>
/// <param name="From">First day on the certificate; null from the certificate's start.</param>
/// <param name="Until">Last day on the certificate; null to the certificate's end.</param>
public sealed record ProductLine(string? Product, string? Category, PartialDate? From = null, PartialDate? Until = null);

/// <summary>What can happen to a certificate.</summary>
public enum CertificateEventType
{
    /// <summary>Suspended from the start of the day.</summary>
    Suspended,

    /// <summary>A suspension or withdrawal lifted from the start of the day.</summary>
    Reinstated,

    /// <summary>Withdrawn from the start of the day.</summary>
    Withdrawn,
}

/// <summary>One event, in force from the start of its day, past or future.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Effective">From the start of this day.</param>
/// <param name="IsOfListing">
/// Of a withdrawal: because its scheme's register no longer lists the certificate. Of a reinstatement: because it is listed again, which lifts such a withdrawal
/// and nothing else. It says nothing of a suspension.
/// </param>
public sealed record CertificateEvent(CertificateEventType Type, PartialDate Effective, bool IsOfListing = false);
