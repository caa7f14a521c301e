using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Standards;

namespace EcoLabelRegistry.Tests.Cases;

/// <summary>A registry without a database and without HTTP: what the writes make of the records, and the engine's decision on it.</summary>
internal sealed class RegistryOnPaper
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
    private readonly Dictionary<string, CertificateEntry> _certificates = new(StringComparer.Ordinal);
    private RegistryAt _registry = RegistryAt.Empty;

    /// <summary>What the registry has become by a revision; each write makes one.</summary>
    public RegistryOnPaper(GivenRegistry given, int? knownAt)
    {
        foreach (var write in given.Writes.Take(knownAt ?? int.MaxValue))
        {
            Apply(write.Request);
        }
    }

    /// <summary>The answer as JSON, as it would be sent.</summary>
    public JsonElement Ask(JsonObject ask)
    {
        var question = new RecognitionQuestion(FindScheme.FindRecogniser(_registry, "recognisedBy", (string)ask["recognisedBy"]!), PartialDate.Parse((string)ask["asOf"]!).FirstDay)
        {
            Category = (string?)ask["category"] is { } category ? FindCategory.Find(_registry, "category", category) : null,
            Territory = (string?)ask["territory"],
            MinLevel = (string?)ask["minLevel"] is { } level ? Code.TryParse<Level>(level, out var least) ? least : throw new FormatException(level) : null,
        };
        var found = Find(ask);
        var answer = RecognitionEngine.Decide(_registry.Graph, found.Subject, question);
        var written = WriteAnswer.Write(_registry, question, found, answer, Language.English);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(written, EcoLabelRegistry.Http.Json.Options);

        // An answer writes itself, as the serializer would.
        using var own = new MemoryStream();
        using (var json = new Utf8JsonWriter(own, new JsonWriterOptions { Encoder = EcoLabelRegistry.Http.Json.Options.Encoder }))
        {
            written.WriteTo(json);
        }

        Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(own.ToArray()));
        return JsonSerializer.Deserialize<JsonElement>(bytes);
    }

    private void Apply(object write)
    {
        switch (write)
        {
            case PutCategory.Request put:
                Put(RecordKind.Category, put.Entry.Code!, put.Entry);
                break;
            case PutLabelBody.Request put:
                Put(RecordKind.LabelBody, put.Entry.Code!, put.Entry);
                break;
            case PutScheme.Request put:
                Put(RecordKind.Scheme, put.Entry.Code!, put.Entry);
                break;
            case PutStandard.Request put:
                Put(RecordKind.Standard, put.Entry.Id!, put.Entry);
                break;
            case PutPolicy.Request put:
                Put(RecordKind.Policy, put.Entry.Code!, put.Entry);
                break;
            case RegisterAgreement.Request register:
                Sign(AgreementEntry.Propose(register.Body), register.Body.TextHash(), register.Actor);
                break;
            case AccedeToAgreement.Request accede:
                Sign(_registry.Agreements[accede.Agreement].Entry.Accede(accede.Body, Today), accede.Body.TextHash(accede.Agreement), accede.Actor);
                break;
            case SignAgreement.Request sign:
                Sign(_registry.Agreements[sign.Agreement].Entry, sign.TextHash!, sign.Actor);
                break;
            case RecordAgreementEvent.Request record:
                Put(RecordKind.Agreement, record.Agreement, _registry.Agreements[record.Agreement].Entry.Record(record.Event, Today));
                break;
            case RegisterCertificate.Request register:
                var id = ProductIdentity.CertificateId(register.Body.Scheme!, register.Body.Number, register.Body.Key);
                _certificates[id] = register.Body.Merge(_certificates.GetValueOrDefault(id), Today);
                break;
            case RecordCertificateEvent.Request record:
                var before = _certificates[record.Certificate];
                _certificates[record.Certificate] = before with { Events = [.. before.Events ?? [], record.Event] };
                break;
            default:
                throw new ArgumentException($"{write.GetType()} is not applied on paper.", nameof(write));
        }
    }

    private void Sign(AgreementEntry agreement, string hash, Actor actor)
    {
        var missing = agreement.Documents.First(d => d.TextHash == hash).Missing;
        Put(RecordKind.Agreement, agreement.Code!, agreement.Sign(hash, actor.SchemesAmong(_registry, missing), "2026-01-01T00:00:00Z", actor));
    }

    private void Put<T>(RecordKind kind, string code, T entry) => _registry = _registry.With(kind, code, RecordJson.Text(entry), _registry.Revision + 1);

    /// <summary>What is asked about, found by going through everything.</summary>
    private Found Find(JsonObject ask)
    {
        string? gtin = null;
        if ((string?)ask["gtin"] is { } article)
        {
            Assert.Null(Gtin.Read(article, out var read));
            gtin = read.Digits;
        }

        var product = ProductIdentity.IdOf((string?)ask["brand"], (string?)ask["model"]);
        var lists = (ProductLineEntry line) => gtin is null || (line.Gtins ?? []).Any(g => g.PadLeft(14, '0') == gtin);
        var products = gtin is null
            ? product is null ? [] : [product]
            : _certificates.Values.SelectMany(c => c.Products ?? []).Where(lists).Select(l => l.Product!).Distinct(StringComparer.Ordinal).ToList();
        var isAmbiguous = products.Count > 1;
        var asked = (ProductLineEntry line) => (gtin is null && product is null)
            || (products.Contains(line.Product, StringComparer.Ordinal) && (!isAmbiguous || lists(line)));

        if ((string?)ask["certificate"] is { } number)
        {
            var scheme = FindScheme.Find(_registry, "scheme", (string)ask["scheme"]!);
            var certificate = _registry.Graph.CountedAs(scheme).Prepend(scheme)
                .Select(code => _certificates.GetValueOrDefault(ProductIdentity.CertificateId(code, number, null)))
                .FirstOrDefault(c => c is not null);
            var isBeside = gtin is not null || product is not null;
            var alone = certificate is null
                ? new RecognitionSubject(SubjectKind.Certificate, []) { OnRecord = false, MissingFromRegisterOf = scheme }
                : Subject(isBeside && certificate.Products is not { Count: > 0 } ? SubjectKind.Product : SubjectKind.Certificate, [certificate], asked);
            return Answerable(alone, certificate is null ? [] : [certificate]);
        }

        var certificates = _certificates.Values.Where(c => (c.Products ?? []).Any(asked)).ToList();
        var subject = Subject(SubjectKind.Product, certificates, asked) with { OnRecord = certificates.Count > 0, GtinAmbiguous = isAmbiguous };
        return Answerable(subject with { SelectorMismatch = (bool?)ask["selectorMismatch"] ?? false }, certificates);
    }

    private static RecognitionSubject Subject(SubjectKind kind, List<CertificateEntry> certificates, Func<ProductLineEntry, bool> asked) =>
        new(kind, [.. certificates.Select(c => new Candidate(c.ToModel(), [.. (c.Products ?? []).Where(asked).Select(l => l.ToModel())]))]);

    private static Found Answerable(RecognitionSubject subject, List<CertificateEntry> certificates) =>
        new(subject, null, [.. certificates.Select(c => new RecordedCertificate(c, 1))]);
}
