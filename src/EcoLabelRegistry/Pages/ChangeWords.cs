using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Pages;

/// <summary>What an entry of the log did, as people call it.</summary>
public static class ChangeWords
{
    private const string OfCertificate = "certificate-";
    private const string OfAgreement = "agreement-";
    private const string Put = "-put";

    private static readonly Dictionary<string, string> Own = new(StringComparer.Ordinal)
    {
        ["agreement-proposed"] = "changes.agreement-proposed",
        ["agreement-attested"] = "changes.agreement-attested",
        ["agreement-amended"] = "changes.agreement-amended",
        ["agreement-acceded"] = "changes.agreement-acceded",
        ["agreement-signed"] = "changes.agreement-signed",
        ["objection-filed"] = "changes.objection-filed",
        ["objection-answered"] = "changes.objection-answered",
        ["register-imported"] = "changes.register-imported",
        ["key-issued"] = "changes.key-issued",
        ["key-revoked"] = "changes.key-revoked",
        ["subscription-made"] = "changes.subscription-made",
        ["subscription-ended"] = "changes.subscription-ended",
        ["redacted"] = "changes.redacted",
    };

    /// <summary>The type of an entry in words; the type itself where it is none of this version.</summary>
    public static string Of(string type, Words words) =>
        Own.TryGetValue(type, out var key) ? words[key]
        : type.EndsWith(Put, StringComparison.Ordinal) ? words["changes.put"]
        : type.StartsWith(OfCertificate, StringComparison.Ordinal) && Code.TryParse<CertificateEventType>(type[OfCertificate.Length..], out var happened) ? words.Of(happened)
        : type.StartsWith(OfAgreement, StringComparison.Ordinal) && Code.TryParse<HappeningType>(type[OfAgreement.Length..], out var happening) ? words.Of(happening)
        : type;
}
