using System.Text.Json.Serialization;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Agreements;

/// <summary>An instrument of recognition with its texts, signatures and events, as recorded.</summary>
public sealed record AgreementEntry
{
    /// <summary>Lower kebab-case.</summary>
    public string? Code { get; init; }

    /// <summary>Bilateral, multilateral or unilateral.</summary>
    public AgreementKind? Kind { get; init; }

    /// <summary>Who is or was a party, and since when.</summary>
    public IReadOnlyList<AgreementPartyEntry>? Parties { get; init; }

    /// <summary>True when the registrar attests it from its sources.</summary>
    public bool? Attested { get; init; }

    /// <summary>The first text and its amendments, in the order recorded.</summary>
    public IReadOnlyList<AgreementTextEntry>? Texts { get; init; }

    /// <summary>Who acceded or asks to, in the order recorded.</summary>
    public IReadOnlyList<AccessionEntry>? Accessions { get; init; }

    /// <summary>Events, in the order recorded.</summary>
    public IReadOnlyList<AgreementEventEntry>? Events { get; init; }

    /// <summary>True for invented data.</summary>
    public bool? Sample { get; init; }

    /// <summary>Every document that is signed: the texts, then the accessions.</summary>
    [JsonIgnore]
    public IEnumerable<ISignedDocument> Documents => [.. Texts ?? [], .. Accessions ?? []];

    /// <summary>Codes of the schemes that are parties, or were and may accede again.</summary>
    [JsonIgnore]
    public IEnumerable<string> PartySchemes =>
        (Parties ?? []).Select(p => p.Scheme).Concat((Accessions ?? []).Where(a => a.IsSigned).Select(a => a.Scheme!)).Distinct(StringComparer.Ordinal);

    /// <summary>The signed text that was recorded last, else the first: what a reader sees first.</summary>
    [JsonIgnore]
    public AgreementTextEntry Text => Texts!.LastOrDefault(IsSigned) ?? Texts![0];

    /// <summary>True while the registrar attests some text of it that not every party has confirmed by its signature.</summary>
    [JsonIgnore]
    public bool IsAttestedYet => Texts!.Any(t => IsAttested(t) && !t.IsSigned);

    // Once all parties have signed here, the registry hears of its end from them, and no longer from sources. The day stays where nothing else says when it began.
    private bool IsConfirmedByAll => Text.IsSigned && (Text.EffectiveFrom ?? Text.SignedOn) is not null;

    /// <summary>Has every party that the text needs signed it, or does the registrar attest it?</summary>
    public bool IsSigned(AgreementTextEntry text) => IsAttested(text) || text.IsSigned;

    /// <summary>Does the registrar attest the text, confirmed or not?</summary>
    public bool IsAttested(AgreementTextEntry text) => text.Attested == true || (Attested == true && ReferenceEquals(text, Texts![0]));

    /// <summary>Codes of the schemes that are parties on a day or on a later one: who has given notice is one until it ends.</summary>
    public IEnumerable<string> PartiesFrom(DateOnly day)
    {
        var model = ToModel();
        return PartySchemes.Where(scheme => IsPartyFrom(model, scheme, day));
    }

    /// <summary>The agreement as it begins: nobody has signed.</summary>
    public static AgreementEntry Propose(AgreementBody body) => new()
    {
        Code = body.Code,
        Kind = body.Kind,
        Parties = [.. body.Parties!.Select(p => new AgreementPartyEntry(p))],
        Attested = body.Attested,
        Texts = [body.ToText()],
        Sample = body.Sample,
    };

    /// <summary>The agreement with an accession that every party present, and the newcomer, has yet to sign; in place of the one of the same scheme that waits.</summary>
    /// <param name="body">Who accedes, and with which lines.</param>
    /// <param name="today">The day on which it is asked for.</param>
    public AgreementEntry Accede(AccessionBody body, DateOnly today) => this with
    {
        Accessions =
        [
            .. (Accessions ?? []).Where(a => a.IsSigned || a.Scheme != body.Scheme),
            new AccessionEntry
            {
                Scheme = body.Scheme,
                Effective = body.Effective,
                Grants = body.Grants,
                TextHash = body.TextHash(Code!),
                Needs = [.. PartiesFrom(today).Where(scheme => scheme != body.Scheme), body.Scheme!],
                Sources = body.Sources,
                Confidence = body.Confidence,
                Notes = body.Notes,
                Sample = body.Sample,
            },
        ],
    };

    /// <summary>The agreement with one more text, which says anew what the accessions that stand have said.</summary>
    public AgreementEntry Amend(AgreementTextEntry text) => this with
    {
        Texts = [.. Texts!, text with { Replaces = [.. (Accessions ?? []).Where(a => a.IsSigned).Select(a => a.TextHash!)] }],
    };

    /// <summary>The agreement with one more event. Who leaves holds up nothing any more that will not bind it.</summary>
    /// <param name="happened">What happened, by whom.</param>
    /// <param name="today">The day on which it is recorded.</param>
    public AgreementEntry Record(AgreementEventBody happened, DateOnly today)
    {
        var after = this with { Events = [.. Events ?? [], happened.ToEntry(today)] };
        return happened is { Type: AgreementEventType.Withdrawn or AgreementEventType.Terminated, Party: { } party }
            ? after.Release(party, happened.Effective!.Value.FirstDay, today)
            : after;
    }

    /// <summary>The agreement with one more signature of each scheme under the document with this hash.</summary>
    public AgreementEntry Sign(string textHash, IEnumerable<string> schemes, string at, Actor actor)
    {
        var signatures = schemes.Select(s => new SignatureEntry(s, textHash, at, actor.Code, actor.KeyIssuedBy)).ToList();
        return signatures.Count == 0 ? this : this with
        {
            Texts = Texts?.Select(t => t.Takes(textHash) ? t with { Signatures = [.. t.Signatures ?? [], .. signatures] } : t).ToList(),
            Accessions = Accessions?.Select(x => x.Takes(textHash) ? x with { Signatures = [.. x.Signatures ?? [], .. signatures] } : x).ToList(),
        };
    }

    /// <summary>The directed lines of a text, with those that accessions add to it.</summary>
    public IEnumerable<GrantEntry> GrantsOf(AgreementTextEntry text) => (text.Grants ?? []).Concat(Beside(text).SelectMany(GrantsOf));

    /// <summary>From where a line of a text is known: what it says itself, else the accession that brought it, else the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="grant">The line, as the engine has it.</param>
    public IReadOnlyList<Source> SourcesOf(AgreementTextEntry text, Grant grant)
    {
        var lines = (text.Grants ?? []).Select(g => (Line: g, Else: (IReadOnlyList<Source>?)null))
            .Concat(Beside(text).SelectMany(a => (a.Grants ?? []).Select(g => (Line: g, Else: a.Sources))));
        var (line, other) = lines.First(l => l.Line.Id == grant.Id && l.Line.Recogniser == grant.Recogniser && l.Line.Recognised == grant.Recognised);
        return line.Sources ?? other ?? text.Sources ?? [];
    }

    /// <summary>What a decision needs of it.</summary>
    public Agreement ToModel() => new(Code!, Kind!.Value)
    {
        Parties =
        [
            .. (Parties ?? []).Select(p => new AgreementParty(p.Scheme, p.AccededOn)),
            .. (Accessions ?? []).Where(a => a.IsSigned).Select(a => new AgreementParty(a.Scheme!, a.Effective)),
        ],
        Texts = [.. (Texts ?? []).Select(t => t.ToModel(IsSigned(t), GrantsOf(t)))],
        Events = [.. (Events ?? []).Select(e => new AgreementEvent(e.Type!.Value, e.Effective!.Value, e.Party, e.RecordedOn))],
        Attested = IsAttestedYet,
        ConfirmedOn = IsConfirmedByAll ? null : Text.ConfirmedOn,
        Sample = Sample ?? false,
    };

    private static bool IsPartyFrom(Agreement model, string scheme, DateOnly day) => AgreementStandings.SpansOf(model, scheme)
        .Any(span => span.Until is not { } until || (until >= day && !(until < span.From?.FirstDay)));

    /// <summary>The accessions that a text was made without, so that their lines stand beside it. Whoever proposes an amendment has those before him that stand.</summary>
    private IEnumerable<AccessionEntry> Beside(AgreementTextEntry text) => (Accessions ?? []).Where(a =>
        ReferenceEquals(text, Texts![0])
        || !(text.Replaces is { } replaced ? replaced.Contains(a.TextHash, StringComparer.Ordinal) : (text.Needs ?? []).Contains(a.Scheme, StringComparer.Ordinal)));

    /// <summary>The lines of an accession. Membership says from when on, so that earlier dates can say why not; of a scheme that was a party before, the accession itself.</summary>
    private IEnumerable<GrantEntry> GrantsOf(AccessionEntry accession)
    {
        var wasParty = (Parties ?? []).Any(p => p.Scheme == accession.Scheme)
            || (Accessions ?? []).TakeWhile(a => a.TextHash != accession.TextHash).Any(a => a.Scheme == accession.Scheme && a.IsSigned);
        var lines = accession.Grants ?? [];
        return !wasParty ? lines
            : accession.IsSigned ? lines.Select(g => g.From?.FirstDay >= accession.Effective!.Value.FirstDay ? g : g with { From = accession.Effective })
            : [];
    }

    /// <summary>Takes a party that has left from the documents that wait: an amendment that begins without it; an accession that it is not there to answer.</summary>
    private AgreementEntry Release(string party, DateOnly leaves, DateOnly today)
    {
        var model = ToModel();
        if (AgreementStandings.On(model, leaves).Standing == AgreementStanding.Terminated)
        {
            return this; // all is over: a rejection signs nothing
        }

        return this with
        {
            Texts = [.. Texts!.Select(t => !IsAttested(t) && !t.IsSigned && t.EffectiveFrom is { } from && !IsPartyFrom(model, party, from.FirstDay)
                ? t with { Needs = Without(t) } : t)],
            Accessions = Accessions?.Select(a => !a.IsSigned && a.Scheme != party && !IsPartyFrom(model, party, IsNamed(a) ? First(a) : Later(First(a), today))
                ? a with { Needs = Without(a) } : a).ToList(),
        };

        IReadOnlyList<string> Without(ISignedDocument document) => [.. (document.Needs ?? []).Where(scheme => scheme != party)];

        // What a line of it gives or takes while it is a party needs its word.
        bool IsNamed(AccessionEntry accession) => (accession.Grants ?? []).Any(g => g.Recogniser == party || g.Recognised == party);

        static DateOnly First(AccessionEntry accession) => accession.Effective!.Value.FirstDay;

        static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;
    }
}

/// <summary>What takes effect when every party that it needs has signed it.</summary>
public interface ISignedDocument
{
    /// <summary>Digest of the document in canonical JSON: what a signature covers.</summary>
    string? TextHash { get; }

    /// <summary>Codes of the schemes whose signatures it needs.</summary>
    IReadOnlyList<string>? Needs { get; }

    /// <summary>The signatures made here.</summary>
    IReadOnlyList<SignatureEntry>? Signatures { get; }
}

/// <summary>What the signatures under a document say.</summary>
public static class SignedDocuments
{
    extension(ISignedDocument document)
    {
        /// <summary>Codes of the schemes whose signatures are missing.</summary>
        public IEnumerable<string> Missing => (document.Needs ?? []).Where(scheme => !(document.Signatures ?? []).Any(s => s.Scheme == scheme));

        /// <summary>Has every party that it needs signed it?</summary>
        public bool IsSigned => !document.Missing.Any();

        /// <summary>True when a signature under this hash is one under the document, and it still misses some.</summary>
        public bool Takes(string textHash) => document.TextHash == textHash && !document.IsSigned;
    }
}

/// <summary>A scheme's membership, as recorded.</summary>
/// <param name="Scheme">Code of the scheme.</param>
/// <param name="AccededOn">First day as a party; absent from the beginning.</param>
public sealed record AgreementPartyEntry(string Scheme, PartialDate? AccededOn = null);

/// <summary>One text of an agreement, as recorded.</summary>
public record AgreementTextEntry : AgreementTextBody, ISignedDocument
{
    public AgreementTextEntry()
    {
    }

    /// <summary>A text as it was sent, which nobody has signed yet.</summary>
    /// <param name="text">The text.</param>
    /// <param name="textHash">What a signature under it covers.</param>
    /// <param name="needs">Codes of the schemes whose signatures it needs.</param>
    internal AgreementTextEntry(AgreementTextBody text, string textHash, IReadOnlyList<string> needs)
        : base(text)
    {
        TextHash = textHash;
        Needs = needs;
    }

    /// <summary>Digest of the document in canonical JSON: what a signature covers.</summary>
    public string? TextHash { get; init; }

    /// <summary>Codes of the schemes whose signatures it needs.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>The signatures made here.</summary>
    public IReadOnlyList<SignatureEntry>? Signatures { get; init; }

    /// <summary>True for an amendment that the registrar attests from its sources; of a first text the agreement says so.</summary>
    public bool? Attested { get; init; }

    /// <summary>Of an amendment, hashes of the accessions that stood when it was proposed: their lines are what it says of them. Those of later ones stand beside it.</summary>
    public IReadOnlyList<string>? Replaces { get; init; }

    /// <summary>What a decision needs of it.</summary>
    /// <param name="isSigned">True when it counts.</param>
    /// <param name="grants">Its grants, with those of accessions to it.</param>
    public AgreementText ToModel(bool isSigned, IEnumerable<GrantEntry> grants) => new()
    {
        IsSigned = isSigned,
        SignedOn = SignedOn,
        EffectiveFrom = EffectiveFrom,
        EffectiveUntil = EffectiveUntil,
        FirstPublished = (Sources ?? []).Where(s => s.Published is not null).Select(s => s.Published)
            .OrderBy(d => d!.Value.FirstDay).ThenBy(d => d!.Value.LastDay).FirstOrDefault(),
        Grants = [.. grants.Select(g => g.ToModel())],
        Reservations = [.. (Reservations ?? []).Select(r => new Reservation(r.Party!, r.Categories ?? [], r.Partners ?? []))],
    };
}

/// <summary>A scheme that becomes a party to a multilateral agreement, with the directed lines between it and the others.</summary>
public record AccessionEntry : Sourced, ISignedDocument
{
    /// <summary>Digest of the document in canonical JSON: what a signature covers.</summary>
    public string? TextHash { get; init; }

    /// <summary>Codes of the schemes whose signatures it needs.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>The signatures made here.</summary>
    public IReadOnlyList<SignatureEntry>? Signatures { get; init; }

    /// <summary>Code of the scheme.</summary>
    public string? Scheme { get; init; }

    /// <summary>First day as a party.</summary>
    public PartialDate? Effective { get; init; }

    /// <summary>What it accepts of parties, and they of it.</summary>
    public IReadOnlyList<GrantEntry>? Grants { get; init; }
}

/// <summary>Who signed in the world outside, by the name at signing.</summary>
public sealed record Signatory(string? Name, string? Scheme = null);

/// <summary>A signature made here.</summary>
/// <param name="Scheme">Code of the scheme that is bound.</param>
/// <param name="TextHash">Hash of the text that was signed.</param>
/// <param name="At">When, RFC 3339 in UTC.</param>
/// <param name="Actor">Who, as the log names it.</param>
/// <param name="KeyIssuedBy">Who issued the key that it was made with.</param>
public sealed record SignatureEntry(string Scheme, string TextHash, string At, string Actor, string? KeyIssuedBy = null);

/// <summary>One directed line, as recorded.</summary>
public record GrantEntry : Sourced
{
    /// <summary>Unique in the agreement.</summary>
    public string? Id { get; init; }

    /// <summary>Code of the scheme that accepts.</summary>
    public string? Recogniser { get; init; }

    /// <summary>Code of the scheme that is accepted.</summary>
    public string? Recognised { get; init; }

    /// <summary>What is accepted.</summary>
    public Level? Level { get; init; }

    /// <summary>Codes of the categories covered; none means all.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Standards of the recognised covered; none means all.</summary>
    public IReadOnlyList<GrantedStandardEntry>? Standards { get; init; }

    /// <summary>Standards of the recogniser whose criteria are wanted.</summary>
    public IReadOnlyList<WantedStandardEntry>? Wanted { get; init; }

    /// <summary>Criteria held in common.</summary>
    public IReadOnlyList<CommonCriteriaEntry>? CommonCriteria { get; init; }

    /// <summary>Conditions.</summary>
    public IReadOnlyList<ConditionEntry>? Conditions { get; init; }

    /// <summary>Lowest tier accepted.</summary>
    public string? MinTier { get; init; }

    /// <summary>First day of this line.</summary>
    public PartialDate? From { get; init; }

    /// <summary>Last day of this line.</summary>
    public PartialDate? Until { get; init; }

    /// <summary>Does the recogniser rely on what its partner fully recognises?</summary>
    public Onward? Onward { get; init; }

    /// <summary>What a decision needs of it.</summary>
    public Grant ToModel() => new(Id!, Recogniser!, Recognised!, Level!.Value)
    {
        Categories = Categories ?? [],
        Standards = [.. (Standards ?? []).Select(s => s.ToModel())],
        Wanted = [.. (Wanted ?? []).Select(w => new WantedStandard(w.Standard!, w.Edition))],
        CommonCriteria = [.. (CommonCriteria ?? []).Where(c => c.Standard is not null)
            .Select(c => new CommonCriteria(c.Document, c.Standard!, c.Edition, c.Refs ?? []))],
        Conditions = [.. (Conditions ?? []).Select(c => c.ToModel())],
        MinTier = MinTier,
        From = From,
        Until = Until,
        OnwardMaxHops = Onward?.MaxHops ?? 0,
        Sample = Sample ?? false,
    };
}

/// <summary>A standard in a list of those covered.</summary>
/// <param name="Id">Id of the standard.</param>
/// <param name="Editions">Editions covered; none means all.</param>
public sealed record GrantedStandardEntry(string? Id, IReadOnlyList<string>? Editions = null)
{
    /// <summary>What a decision needs of it.</summary>
    public GrantedStandard ToModel() => new(Id!, Editions ?? []);
}

/// <summary>A wanted standard.</summary>
/// <param name="Standard">Id of the standard.</param>
/// <param name="Edition">The edition; absent means the one in force on the date.</param>
public sealed record WantedStandardEntry(string? Standard, string? Edition = null);

/// <summary>Criteria held in common.</summary>
/// <param name="Document">The common document.</param>
/// <param name="Standard">Id of the wanted standard; absent where the source names only the document.</param>
/// <param name="Edition">The wanted edition.</param>
/// <param name="Refs">Refs in the wanted standard.</param>
public sealed record CommonCriteriaEntry(string? Document = null, string? Standard = null, string? Edition = null, IReadOnlyList<string>? Refs = null);

/// <summary>A condition of a grant or of a policy's line.</summary>
/// <param name="Code">Lower kebab-case.</param>
/// <param name="Message">Texts by language.</param>
/// <param name="ExcludeSiteCountries">No site may lie in one of these countries.</param>
public sealed record ConditionEntry(string? Code, IReadOnlyDictionary<string, string>? Message = null, IReadOnlyList<string>? ExcludeSiteCountries = null)
{
    /// <summary>What a decision needs of it.</summary>
    public GrantCondition ToModel() => new(Code!, Message ?? new Dictionary<string, string>(StringComparer.Ordinal), ExcludeSiteCountries ?? []);
}

/// <summary>Recognition passed on.</summary>
/// <param name="MaxHops">Number of further grants after this one.</param>
public sealed record Onward(int? MaxHops);

/// <summary>What a party excludes.</summary>
/// <param name="Party">Code of the scheme that reserves.</param>
/// <param name="Categories">Categories kept out; none means all.</param>
/// <param name="Partners">Schemes kept out; none means all.</param>
public sealed record ReservationEntry(string? Party, IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? Partners = null);

/// <summary>One event, as it is sent.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Effective">From the start of this day.</param>
/// <param name="Reason">Why, in the party's words.</param>
/// <param name="Party">Code of the scheme that acts; absent for the registrar.</param>
public sealed record AgreementEventBody(AgreementEventType? Type, PartialDate? Effective, string? Reason = null, string? Party = null)
{
    /// <summary>The event as it is kept.</summary>
    /// <param name="recordedOn">The day on which it is recorded.</param>
    public AgreementEventEntry ToEntry(DateOnly recordedOn) => new(Type, Effective, Reason, Party, recordedOn);
}

/// <summary>One event, as recorded.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Effective">From the start of this day.</param>
/// <param name="Reason">Why, in the party's words.</param>
/// <param name="Party">Code of the scheme that acts; absent for the registrar.</param>
/// <param name="RecordedOn">The day on which it was recorded, UTC: it tells a proposal that is rejected from a party that leaves. Absent in old records.</param>
public sealed record AgreementEventEntry(
    AgreementEventType? Type, PartialDate? Effective, string? Reason = null, string? Party = null, DateOnly? RecordedOn = null);
