using System.Text.Json.Serialization;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Certificates;

/// <summary>A certificate with its periods, lines and events, as recorded.</summary>
public sealed record CertificateEntry : Sourced
{
    /// <summary>The registry's id, made of scheme and number.</summary>
    public string? Id { get; init; }

    /// <summary>Code of the scheme that granted it.</summary>
    public string? Scheme { get; init; }

    /// <summary>The scheme's own text; absent where no source prints one.</summary>
    public string? Number { get; init; }

    /// <summary>What stands in for a number that no source prints.</summary>
    public string? Key { get; init; }

    /// <summary>Who holds the licence, as the source names it.</summary>
    public string? Holder { get; init; }

    /// <summary>The office that issued it, as the source names it.</summary>
    public string? IssuedBy { get; init; }

    /// <summary>Further numbers under which it is known.</summary>
    public IReadOnlyList<string>? OtherNumbers { get; init; }

    /// <summary>Day of the last surveillance audit.</summary>
    public PartialDate? LastAudit { get; init; }

    /// <summary>Where it counts; empty is everywhere, absent is not known.</summary>
    public IReadOnlyList<string>? Territories { get; init; }

    /// <summary>Production sites.</summary>
    public IReadOnlyList<Site>? Sites { get; init; }

    /// <summary>Periods, by start.</summary>
    public IReadOnlyList<CertificatePeriodEntry>? Periods { get; init; }

    /// <summary>Product lines; a line keeps its place.</summary>
    public IReadOnlyList<ProductLineEntry>? Products { get; init; }

    /// <summary>Events, in the order recorded.</summary>
    public IReadOnlyList<CertificateEventEntry>? Events { get; init; }

    /// <summary>What a decision needs of its events.</summary>
    public IReadOnlyList<CertificateEvent> HappenedToModel() =>
        [.. (Events ?? []).Select(e => new CertificateEvent(e.Type!.Value, e.Effective!.Value, Listing.IsOfListing(e)))];

    /// <summary>What a decision needs of it.</summary>
    public Certificate ToModel() => new(Id!, Scheme!, Number)
    {
        Periods = [.. (Periods ?? []).Select(p => p.ToModel())],
        Lines = [.. (Products ?? []).Select(p => p.ToModel())],
        Events = HappenedToModel(),
        Territories = Territories,
        SiteCountries = Sites is null ? null : [.. Sites.Select(s => s.Country!)],
        LastAudit = LastAudit,
        Sample = Sample ?? false,
    };
}

/// <summary>A production site.</summary>
/// <param name="Country">ISO 3166-1.</param>
public sealed record Site(string? Country);

/// <summary>One period, as recorded.</summary>
public sealed record CertificatePeriodEntry
{
    /// <summary>Id of the standard.</summary>
    public string? Standard { get; init; }

    /// <summary>The edition.</summary>
    public string? Edition { get; init; }

    /// <summary>The tier.</summary>
    public string? Tier { get; init; }

    /// <summary>First day; absent when known only from a report.</summary>
    public PartialDate? ValidFrom { get; init; }

    /// <summary>Last day; absent is open-ended.</summary>
    public PartialDate? ValidUntil { get; init; }

    /// <summary>The first day on which a source shows it valid.</summary>
    public PartialDate? FirstConfirmedOn { get; init; }

    /// <summary>The last day on which a source shows it valid.</summary>
    public PartialDate? ConfirmedOn { get; init; }

    /// <summary>What a decision needs of it.</summary>
    public CertificatePeriod ToModel() => new()
    {
        From = ValidFrom,
        Until = ValidUntil,
        FirstConfirmedOn = FirstConfirmedOn ?? ConfirmedOn,
        LastConfirmedOn = ConfirmedOn,
        Standard = Standard,
        Edition = Edition,
        Tier = Tier,
    };
}

/// <summary>One product line, as recorded.</summary>
public sealed record ProductLineEntry : Sourced
{
    /// <summary>Brand, as the source has it.</summary>
    public string? Brand { get; init; }

    /// <summary>Model, as the source has it.</summary>
    public string? Model { get; init; }

    /// <summary>GTINs as given, check digit verified.</summary>
    public IReadOnlyList<string>? Gtins { get; init; }

    /// <summary>Code of the category.</summary>
    public string? Category { get; init; }

    /// <summary>Names by language.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>First day on the certificate.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Last day on the certificate.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>Lines of other certificates for the same machine; information, never counted.</summary>
    public IReadOnlyList<RelatedLine>? Related { get; init; }

    /// <summary>Id of the product; null for a line that names none.</summary>
    [JsonIgnore]
    public string? Product => ProductIdentity.IdOf(Brand, Model);

    /// <summary>What a decision needs of it.</summary>
    public ProductLine ToModel() => new(Product, Category, From, Until);
}

/// <summary>A line of another certificate for the same machine.</summary>
/// <param name="Scheme">Code of the scheme.</param>
/// <param name="Certificate">Its number.</param>
/// <param name="Key">Its key, where no number is printed.</param>
/// <param name="Model">The model there.</param>
/// <param name="Relation">How the two are related, as the source says.</param>
public sealed record RelatedLine(string? Scheme, string? Certificate = null, string? Key = null, string? Model = null, string? Relation = null);

/// <summary>One event, as recorded.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Effective">From the start of this day.</param>
/// <param name="Reason">Why, in the body's words.</param>
public sealed record CertificateEventEntry(CertificateEventType? Type, PartialDate? Effective, string? Reason = null);
