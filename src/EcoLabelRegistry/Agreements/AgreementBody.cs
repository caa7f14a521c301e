using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Agreements;

/// <summary>An agreement as it is proposed or attested.</summary>
public sealed record AgreementBody : Sourced
{
    /// <summary>Lower kebab-case.</summary>
    public string? Code { get; init; }

    /// <summary>Title by language.</summary>
    public IReadOnlyDictionary<string, string>? Title { get; init; }

    /// <summary>Bilateral, multilateral or unilateral.</summary>
    public AgreementKind? Kind { get; init; }

    /// <summary>Codes of the schemes bound; in a unilateral one, recognisers only.</summary>
    public IReadOnlyList<string>? Parties { get; init; }

    /// <summary>Code of the agreement that this one adds to.</summary>
    public string? Parent { get; init; }

    /// <summary>Day of the signature, as the source states it.</summary>
    public PartialDate? SignedOn { get; init; }

    /// <summary>Who signed, by the name at signing.</summary>
    public IReadOnlyList<Signatory>? Signatories { get; init; }

    /// <summary>Days on which it was renewed.</summary>
    public IReadOnlyList<PartialDate>? Renewals { get; init; }

    /// <summary>The last day on which a source shows it alive.</summary>
    public PartialDate? ConfirmedOn { get; init; }

    /// <summary>First day in force.</summary>
    public PartialDate? EffectiveFrom { get; init; }

    /// <summary>Last day in force.</summary>
    public PartialDate? EffectiveUntil { get; init; }

    /// <summary>The directed lines.</summary>
    public IReadOnlyList<GrantEntry>? Grants { get; init; }

    /// <summary>What parties exclude.</summary>
    public IReadOnlyList<ReservationEntry>? Reservations { get; init; }

    /// <summary>True for a historical agreement that the registrar attests.</summary>
    public bool? Attested { get; init; }

    /// <summary>The hash that a signature covers: of the whole body in canonical JSON.</summary>
    public string TextHash() => CanonicalJson.Digest(RecordJson.Node(this));

    /// <summary>The text as it is kept.</summary>
    public AgreementTextEntry ToText() => new()
    {
        TextHash = TextHash(),
        Title = Title,
        Parent = Parent,
        SignedOn = SignedOn,
        Signatories = Signatories,
        Renewals = Renewals,
        ConfirmedOn = ConfirmedOn,
        EffectiveFrom = EffectiveFrom,
        EffectiveUntil = EffectiveUntil,
        Grants = Grants,
        Reservations = Reservations,
        Needs = Parties,
        Sources = Sources,
        Confidence = Confidence,
        Notes = Notes,
        Sample = Sample,
    };
}
