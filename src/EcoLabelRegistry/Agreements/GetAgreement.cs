using System.Text.Json.Serialization;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Shows an agreement with its parties, texts, grants, standing and history.</summary>
/// <remarks>
/// A date is judged by the signed text in force on it. Title, dates, grants, reservations and sources at the top are those of that text;
/// <c>texts</c> has all of them, amendments that still miss a signature included.
/// </remarks>
public static class GetAgreement
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/agreements/{code}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Computed(found.Value, found.Revision, found.Value.Revision);
    }

    /// <param name="Code" example="cel-ecomark-2005">Code of the agreement.</param>
    /// <param name="AsOf">The date of its standing; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string Code, AsOf? AsOf = null, KnownAt? KnownAt = null) : IRequest<Read<Response>>;

    /// <summary>An agreement on a date.</summary>
    public sealed record Response : Sourced
    {
        /// <summary>Lower kebab-case.</summary>
        public required string Code { get; init; }

        /// <summary>Title by language.</summary>
        public IReadOnlyDictionary<string, string>? Title { get; init; }

        /// <summary>Bilateral, multilateral or unilateral.</summary>
        public AgreementKind Kind { get; init; }

        /// <summary>The date of the standing.</summary>
        public DateOnly AsOf { get; init; }

        /// <summary>Its standing on the date.</summary>
        public AgreementStanding Standing { get; init; }

        /// <summary>True when no source shows it alive as late as the date.</summary>
        public bool Unconfirmed { get; init; }

        /// <summary>True while the registrar attests it from its sources and some party has not confirmed it by a signature.</summary>
        public bool Attested { get; init; }

        /// <summary>Who is or was a party; in a unilateral agreement, recognisers only.</summary>
        public required IReadOnlyList<Party> Parties { get; init; }

        /// <summary>Code of the agreement that this one adds to.</summary>
        public string? Parent { get; init; }

        /// <summary>Day of the signature, as the source states it.</summary>
        public PartialDate? SignedOn { get; init; }

        /// <summary>Who signed, by the name at signing.</summary>
        public required IReadOnlyList<Signatory> Signatories { get; init; }

        /// <summary>Days on which it was renewed.</summary>
        public required IReadOnlyList<PartialDate> Renewals { get; init; }

        /// <summary>The last day on which a source shows it alive.</summary>
        public PartialDate? ConfirmedOn { get; init; }

        /// <summary>First day in force; null when not known.</summary>
        public PartialDate? EffectiveFrom { get; init; }

        /// <summary>Last day in force; null while no end is agreed.</summary>
        public PartialDate? EffectiveUntil { get; init; }

        /// <summary>Digest of the text judged on the date: what a signature covers.</summary>
        public string? TextHash { get; init; }

        /// <summary>The directed lines of the text judged on the date.</summary>
        public required IReadOnlyList<JudgedGrant> Grants { get; init; }

        /// <summary>What parties exclude.</summary>
        public required IReadOnlyList<ReservationEntry> Reservations { get; init; }

        /// <summary>The first text and its amendments, in the order recorded.</summary>
        public required IReadOnlyList<Text> Texts { get; init; }

        /// <summary>Who acceded or asks to, in the order recorded.</summary>
        public required IReadOnlyList<Accession> Accessions { get; init; }

        /// <summary>What happened, by day.</summary>
        public required IReadOnlyList<Happening> History { get; init; }

        /// <summary>What keeps a reader from a wrong conclusion.</summary>
        public required IReadOnlyList<AnsweredWarning> Warnings { get; init; }

        /// <summary>The first objections to it, those without an answer before the others; all are at <c>/v1/objections?about=</c>. A list shows none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<ObjectionBeside>? Objections { get; init; }

        /// <summary>How many objections to it there are.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? ObjectionCount { get; init; }

        /// <summary>The revision that last wrote it.</summary>
        public long Revision { get; init; }

        internal static Response Of(RegistryAt registry, Recorded<AgreementEntry> recorded, DateOnly asOf)
        {
            var entry = recorded.Entry;
            var model = registry.Graph.Agreements[entry.Code!];
            var judged = AgreementOnDate.Of(registry.Graph, model, asOf);
            var text = entry.Texts![judged.State.TextIndex];
            return new()
            {
                Code = entry.Code!,
                Title = text.Title,
                Kind = entry.Kind!.Value,
                AsOf = asOf,
                Standing = judged.State.Standing,
                Unconfirmed = judged.State.IsUnconfirmed,
                Attested = model.Attested,
                Parties = [.. model.Parties.Index().DistinctBy(p => p.Item.Scheme, StringComparer.Ordinal).Select(party => Party.Of(
                    registry, AgreementStandings.SpansOf(model, party.Item.Scheme), party.Item.Scheme, judged.Parties[party.Index], asOf, text))],
                Parent = text.Parent,
                SignedOn = text.SignedOn,
                Signatories = text.Signatories ?? [],
                Renewals = [.. entry.Texts.SelectMany(t => t.Renewals ?? [])],
                ConfirmedOn = model.ConfirmedOn,
                EffectiveFrom = text.EffectiveFrom,
                EffectiveUntil = text.EffectiveUntil,
                TextHash = text.TextHash,
                Grants = [.. entry.GrantsOf(text).Select((grant, i) => new JudgedGrant(grant, judged.Grants[i], Language.Current))],
                Reservations = text.Reservations ?? [],
                Texts = [.. entry.Texts.Select(t => new Text(t, entry.IsSigned(t)))],
                Accessions = [.. (entry.Accessions ?? []).Select(a => new Accession(a))],
                History = AgreementHistory.Of(entry),
                Warnings = [.. judged.Warnings.Select(w => new AnsweredWarning(w, Resources.Texts.Of(w, Language.Current)))],
                Revision = recorded.Revision,
                Sources = text.Sources,
                Confidence = text.Confidence,
                Notes = text.Notes,
                Sample = entry.Sample,
            };
        }
    }

    /// <summary>A party, once, however often it has come and gone.</summary>
    /// <param name="Scheme">Code of the scheme.</param>
    /// <param name="Names">Its names by language, as they are now; the name at signing stands with the signatories.</param>
    /// <param name="Standing">Where it stands on the date; what ends or suspends the whole is told by the agreement's standing.</param>
    /// <param name="AccededOn">First day as a party, of the last time that it had become one by the date; null from the beginning.</param>
    /// <param name="HasSigned">True when it has signed the text judged on the date in this registry.</param>
    /// <param name="Spans">From when until when it is a party, by start: who left may come back. What ends the agreement as a whole is told by its standing.</param>
    public sealed record Party(
        string Scheme,
        IReadOnlyDictionary<string, string>? Names,
        PartyStanding Standing,
        PartialDate? AccededOn,
        bool HasSigned,
        IReadOnlyList<PartySpan> Spans)
    {
        internal static Party Of(RegistryAt registry, IReadOnlyList<PartySpan> spans, string scheme, PartyStanding standing, DateOnly asOf, AgreementTextEntry text) => new(
            scheme,
            registry.Schemes.GetValueOrDefault(scheme)?.Entry.Names,
            standing,
            (spans.LastOrDefault(s => s.From is not { } from || from.FirstDay <= asOf) ?? spans[0]).From,
            (text.Signatures ?? []).Any(s => s.Scheme == scheme),
            spans);
    }

    /// <summary>A directed line, and whether it is in force on the date.</summary>
    public sealed record JudgedGrant : GrantEntry
    {
        public JudgedGrant()
        {
        }

        internal JudgedGrant(GrantEntry entry, GrantOnDate judged, Language language)
            : base(entry)
        {
            Reasons = [.. judged.Reasons.Select(r => new AnsweredReasonCode(r, Resources.Texts.Of(r, language)))];
            DateUncertain = judged.IsDateUncertain;
            MappingStale = judged.IsMappingStale;
        }

        /// <summary>What keeps it from giving anything to any certificate on the date; empty when it is in force with an effect.</summary>
        [JsonPropertyOrder(1)]
        public IReadOnlyList<AnsweredReasonCode> Reasons { get; init; } = [];

        /// <summary>True when it is in force only inside the uncertain part of a date.</summary>
        [JsonPropertyOrder(1)]
        public bool DateUncertain { get; init; }

        /// <summary>True when a newer edition has come by the date that its mapping does not name yet.</summary>
        [JsonPropertyOrder(1)]
        public bool MappingStale { get; init; }
    }

    /// <summary>A text as recorded, and who has still to sign it.</summary>
    public sealed record Text : AgreementTextEntry
    {
        public Text()
        {
        }

        internal Text(AgreementTextEntry entry, bool isSigned)
            : base(entry)
        {
            FullySigned = isSigned;
            Awaits = isSigned ? [] : [.. (entry.Needs ?? []).Where(scheme => (entry.Signatures ?? []).All(s => s.Scheme != scheme))];
        }

        /// <summary>True when every party that it needs has signed it, or the registrar attests it.</summary>
        [JsonPropertyOrder(1)]
        public bool FullySigned { get; init; }

        /// <summary>Codes of the schemes whose signatures are missing.</summary>
        [JsonPropertyOrder(1)]
        public IReadOnlyList<string> Awaits { get; init; } = [];
    }

    /// <summary>An accession as recorded, and who has still to sign it.</summary>
    public sealed record Accession : AccessionEntry
    {
        public Accession()
        {
        }

        internal Accession(AccessionEntry entry)
            : base(entry)
        {
            Awaits = [.. entry.Missing];
        }

        /// <summary>Codes of the schemes whose signatures are missing; with none it stands.</summary>
        [JsonPropertyOrder(1)]
        public IReadOnlyList<string> Awaits { get; init; } = [];
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Read<Response>>
    {
        public async Task<Read<Response>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(request.KnownAt, cancel);
            var shown = Response.Of(
                reading.Registry, reading.Registry.Agreements.Named(Thing.Agreement, request.Code), request.AsOf?.Day ?? Http.AsOf.Today(clock));
            var objections = await reading.ObjectionsAsync(Subjects.Of(RecordKind.Agreement, request.Code));
            return new(shown with { Objections = objections.Items, ObjectionCount = objections.Count }, reading.Revision);
        }
    }

    /// <summary>A true answer, for the contract.</summary>
    internal const string Example = """
        {
          "code": "geca-accepts-eu-ecolabel",
          "title": { "en": "GECA scheme rules 2014: EU Ecolabel certification accepted as evidence", "zh": "GECA 2014 年标志规则：接受欧盟生态标签认证作为符合性证据" },
          "kind": "unilateral", "asOf": "2026-11-22", "standing": "in-force", "unconfirmed": true, "attested": true,
          "parties": [
            {
              "scheme": "geca", "names": { "en": "Good Environmental Choice Australia", "zh": "澳大利亚良好环境选择标志" }, "standing": "party",
              "accededOn": null, "hasSigned": false, "spans": [{ "from": null, "until": null }]
            }
          ],
          "parent": null, "signedOn": null, "signatories": [], "renewals": [], "confirmedOn": "2014-05-13",
          "effectiveFrom": "2014-05-13", "effectiveUntil": null,
          "textHash": "e37d3924d524efe77b975bf5a213ed269e011a053ebe573b2e2769f8faa7017e",
          "grants": [
            {
              "id": "geca-accepts-eu-ecolabel-evidence", "recogniser": "geca", "recognised": "eu-ecolabel", "level": "evidence",
              "categories": null, "standards": null, "wanted": null, "commonCriteria": null,
              "conditions": [
                {
                  "code": "additional-criteria",
                  "message": {
                    "en": "GECA criteria that go beyond the partner standard must also be shown to be met.",
                    "zh": "GECA 标准中超出或严于对方标准的指标，须另行证明符合。"
                  },
                  "excludeSiteCountries": null
                }
              ],
              "minTier": null, "from": null, "until": null, "onward": null, "sources": null, "confidence": null, "notes": null,
              "sample": null, "reasons": [], "dateUncertain": false, "mappingStale": false
            }
          ],
          "reservations": [],
          "texts": [
            {
              "textHash": "e37d3924d524efe77b975bf5a213ed269e011a053ebe573b2e2769f8faa7017e",
              "title": {
                "en": "GECA scheme rules 2014: EU Ecolabel certification accepted as evidence",
                "zh": "GECA 2014 年标志规则：接受欧盟生态标签认证作为符合性证据"
              },
              "parent": null, "signedOn": null, "signatories": null, "renewals": null, "confirmedOn": "2014-05-13",
              "effectiveFrom": "2014-05-13", "effectiveUntil": null, "grants": null, "reservations": null, "needs": ["geca"],
              "attested": null, "replaces": null, "signatures": null, "sources": null, "confidence": "verified", "notes": null, "sample": null, "fullySigned": true,
              "awaits": []
            }
          ],
          "accessions": [],
          "history": [
            {
              "type": "effective", "on": "2014-05-13", "party": null, "reason": null,
              "textHash": "e37d3924d524efe77b975bf5a213ed269e011a053ebe573b2e2769f8faa7017e", "actor": null, "keyIssuedBy": null
            }
          ],
          "warnings": [
            {
              "code": "attested-by-registrar",
              "message": "The agreement is historical: the registrar attests it from its sources, and the parties have not all confirmed it here."
            }
          ],
          "revision": 476,
          "sources": [
            {
              "title": "GECA: updated scheme rules (2014-05-13)",
              "address": "https://geca.eco/news-and-events/geca-updates-scheme-rules/", "published": "2014-05-13",
              "readOn": "2026-11-22", "confidence": "verified"
            }
          ],
          "confidence": "verified", "notes": "Any GECA category whose criteria are covered.", "sample": null
        }
        """;
}
