using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Agreements;

/// <summary>An agreement as it is proposed or attested.</summary>
public sealed record AgreementBody : AgreementTextBody
{
    /// <summary>Lower kebab-case.</summary>
    public string? Code { get; init; }

    /// <summary>Bilateral, multilateral or unilateral.</summary>
    public AgreementKind? Kind { get; init; }

    /// <summary>Codes of the schemes bound; in a unilateral one, recognisers only.</summary>
    public IReadOnlyList<string>? Parties { get; init; }

    /// <summary>True for a historical agreement that the registrar attests.</summary>
    public bool? Attested { get; init; }

    /// <summary>The hash that a signature covers: of the whole body in canonical JSON, the code with it.</summary>
    public string TextHash() => CanonicalJson.Digest(RecordJson.Node(this));

    /// <summary>The text as it is kept.</summary>
    public AgreementTextEntry ToText() => new(this, TextHash(), Parties!);
}
