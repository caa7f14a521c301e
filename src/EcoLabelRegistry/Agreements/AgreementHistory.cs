using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Agreements;

/// <summary>What can happen to an agreement or a text of it.</summary>
public enum HappeningType
{
    /// <summary>A text was signed in the world outside, as the source states it.</summary>
    Signing,

    /// <summary>A party signed a text in this registry.</summary>
    Signature,

    /// <summary>A text took, or takes, effect.</summary>
    Effective,

    /// <summary>A scheme became, or becomes, a party.</summary>
    Acceded,

    /// <summary>Renewed.</summary>
    Renewed,

    /// <summary>Suspended from the start of the day: the party's grants, or the whole.</summary>
    Suspended,

    /// <summary>A suspension lifted from the start of the day.</summary>
    Resumed,

    /// <summary>A party says that the record is wrong.</summary>
    Contested,

    /// <summary>A party left from the start of the day.</summary>
    Withdrawn,

    /// <summary>Ended from the start of the day.</summary>
    Terminated,

    /// <summary>The last day of a text, as agreed.</summary>
    LastDay,
}

/// <summary>One thing that happened, or is on record to happen.</summary>
/// <param name="Type">What.</param>
/// <param name="On">The day, as exactly as it is known.</param>
/// <param name="Party">Code of the scheme that acted; null for the registrar, and for the agreement as a whole.</param>
/// <param name="Reason">Why, in the party's words.</param>
/// <param name="TextHash">Digest of the text concerned.</param>
/// <param name="Actor">Who made the signature here, as the log names it.</param>
/// <param name="KeyIssuedBy">Who issued the key that the signature was made with.</param>
public sealed record Happening(
    HappeningType Type, PartialDate On, string? Party = null, string? Reason = null, string? TextHash = null, string? Actor = null, string? KeyIssuedBy = null);

/// <summary>Puts what an agreement's record tells about its past and future in order.</summary>
internal static class AgreementHistory
{
    /// <summary>By day; what is known to the year only stands before what happened in it.</summary>
    public static IReadOnlyList<Happening> Of(AgreementEntry agreement) =>
    [
        .. agreement.Texts!.SelectMany(OfText)
            .Concat(agreement.Parties!.Where(p => p.AccededOn is not null).Select(p => new Happening(HappeningType.Acceded, p.AccededOn!.Value, p.Scheme)))
            .Concat((agreement.Accessions ?? []).SelectMany(OfAccession))
            .Concat((agreement.Events ?? []).Select(OfEvent))
            .Select((happening, place) => (happening, place))
            .OrderBy(h => h.happening.On.FirstDay)
            .ThenByDescending(h => h.happening.On.LastDay)
            .ThenBy(h => h.happening.Type)
            .ThenBy(h => h.place)
            .Select(h => h.happening),
    ];

    private static IEnumerable<Happening> OfText(AgreementTextEntry text)
    {
        if (text.SignedOn is { } signed)
        {
            yield return new(HappeningType.Signing, signed, TextHash: text.TextHash);
        }

        foreach (var signature in OfSignatures(text))
        {
            yield return signature;
        }

        if (text.EffectiveFrom is { } effective)
        {
            yield return new(HappeningType.Effective, effective, TextHash: text.TextHash);
        }

        foreach (var renewal in text.Renewals ?? [])
        {
            yield return new(HappeningType.Renewed, renewal, TextHash: text.TextHash);
        }

        if (text.EffectiveUntil is { } last)
        {
            yield return new(HappeningType.LastDay, last, TextHash: text.TextHash);
        }
    }

    private static IEnumerable<Happening> OfAccession(AccessionEntry accession) => accession.IsSigned
        ? OfSignatures(accession).Append(new(HappeningType.Acceded, accession.Effective!.Value, accession.Scheme, TextHash: accession.TextHash))
        : OfSignatures(accession);

    private static IEnumerable<Happening> OfSignatures(ISignedDocument document) => (document.Signatures ?? []).Select(s =>
        new Happening(HappeningType.Signature, PartialDate.Parse(s.At[..10]), s.Scheme, null, s.TextHash, s.Actor, s.KeyIssuedBy));

    private static Happening OfEvent(AgreementEventEntry happened) => new(
        happened.Type!.Value switch
        {
            AgreementEventType.Suspended => HappeningType.Suspended,
            AgreementEventType.Resumed => HappeningType.Resumed,
            AgreementEventType.Terminated => HappeningType.Terminated,
            AgreementEventType.Withdrawn => HappeningType.Withdrawn,
            AgreementEventType.Contested => HappeningType.Contested,
        },
        happened.Effective!.Value,
        happened.Party,
        happened.Reason);
}
