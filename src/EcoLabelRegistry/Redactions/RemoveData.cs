using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Redactions;

/// <summary>Removes members of one record from its versions, from the log, and from what was answered: the only thing that changes what is written.</summary>
internal sealed class RemoveData(Write write, string address, IReadOnlyList<string> members)
{
    // Shorter ones stand in any text.
    private const int LeastTelling = 3;

    private const string Entries = "select revision, type, data, salts from change where subject = @Subject and salts <> '{}' order by revision";

    private const string ChangeEntry = "update change set data = @Data, salts = @Salts where revision = @Revision";

    // Those of the registers that wrote a version of the certificate.
    private const string Imports = """
        select c.revision from change c
        join certificate v on v.recorded_from = c.revision
        where v.id = @Id and c.type = @ChangeType
        order by c.revision
        """;

    private const string Items = "select place, data, salts from change_item where revision = @Revision and salts <> '{}'";

    private const string ChangeItem = "update change_item set data = @Data, salts = @Salts where revision = @Revision and place = @Place";

    private const string CertificateVersions = "select recorded_from as Revision, data from certificate where id = @Id";

    private const string ChangeCertificate = "update certificate set data = @Data, find_holder = null where id = @Id and recorded_from = @Revision";

    private const string AgreementVersions = "select recorded_from as Revision, data from record where kind = @Kind and code = @Code order by recorded_from";

    private const string ChangeRecord = "update record set data = @Data where kind = @Kind and code = @Code and recorded_from = @Revision";

    private const string ObjectionVersions = "select recorded_from as Revision, data from objection where id = @Id";

    private const string ChangeObjection = "update objection set data = @Data where id = @Id and recorded_from = @Revision";

    private const string Answers = "select caller, idempotency_key as Key, answer as Text from idempotent_answer where answer is not null";

    private const string ForgetAnswer = "delete from idempotent_answer where caller = @Caller and idempotency_key = @Key";

    private const string Reports = "select import, data as Text from import_report";

    private const string ForgetReport = "delete from import_report where import = @Import";

    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);

    /// <summary>Rows of registers in the log from which something was removed.</summary>
    public int Rows { get; private set; }

    /// <summary>True when a text says what was removed.</summary>
    public bool IsToldBy(string text) => _removed.Any(value => value.Length >= LeastTelling && text.Contains(value, StringComparison.OrdinalIgnoreCase));

    /// <summary>Removes a certificate's holder, and the words that it is searched by, and from the registers that it was listed in.</summary>
    /// <returns>How many versions held it.</returns>
    public async Task<int> FromCertificateAsync(string id)
    {
        var versions = await ChangeVersionsAsync<CertificateEntry>(
            CertificateVersions, ChangeCertificate, new { Id = id }, entry => entry.Holder is null ? null : entry with { Holder = Removed(entry.Holder) });
        foreach (var revision in (await write.Db.QueryAsync<long>(Imports, new { Id = id, ItemsDigest.ChangeType }, write.Transaction)).AsList())
        {
            await FromRowsAsync(id, revision);
        }

        return versions;
    }

    /// <summary>Removes the names of those who signed an agreement in the world outside. The hash of the text stays: it is what was signed.</summary>
    /// <returns>How many versions held them.</returns>
    public async Task<int> FromAgreementAsync(string code)
    {
        var parameters = new { Kind = Code.Of(RecordKind.Agreement), Code = code };
        var versions = await ChangeVersionsAsync<AgreementEntry>(AgreementVersions, ChangeRecord, parameters, entry =>
            (entry.Texts ?? []).All(t => t.Signatories is null) ? null : entry with
            {
                Texts = [.. entry.Texts!.Select(t => t with { Signatories = Removed(t.Signatories) })],
            });
        if (versions > 0)
        {
            var current = (await write.Db.QueryAsync<Stored>(AgreementVersions, parameters, write.Transaction)).Last();
            write.Reread(RecordKind.Agreement, code, current.Data, current.Revision);
        }

        return versions;
    }

    /// <summary>Removes what somebody wrote, or how he can be reached, or what he was answered.</summary>
    /// <returns>How many versions held it.</returns>
    public Task<int> FromObjectionAsync(string id) => ChangeVersionsAsync<ObjectionEntry>(ObjectionVersions, ChangeObjection, new { Id = id }, entry =>
    {
        var after = entry with
        {
            Contact = Has("contact") ? Removed(entry.Contact) : entry.Contact,
            Text = Has("text") ? Removed(entry.Text) : entry.Text,
            Answer = Has("answer") && entry.Answer is { } answer ? answer with { Text = Removed(answer.Text) } : entry.Answer,
        };
        return after == entry ? null : after;
    });

    /// <summary>Removes it from the entries of the log that wrote the record.</summary>
    /// <returns>How many held it.</returns>
    public async Task<int> FromLogAsync()
    {
        var changed = 0;
        foreach (var entry in (await write.Db.QueryAsync<Entry>(Entries, new { Subject = address }, write.Transaction)).AsList())
        {
            if (PersonalData.Redact(entry.Data, entry.Salts, pointer => Has(MemberAt(pointer, entry.Type)), Note) is { } left)
            {
                await write.ExecuteAsync(ChangeEntry, new { entry.Revision, left.Data, left.Salts });
                changed++;
            }
        }

        return changed;
    }

    /// <summary>Forgets the answers kept for repeated requests that say it; whoever repeats such a request makes it anew.</summary>
    public async Task FromAnswersAsync()
    {
        foreach (var kept in (await write.Db.QueryAsync<Answer>(Answers, transaction: write.Transaction)).AsList())
        {
            if (Texts(JsonNode.Parse(kept.Text)).Any(text => _removed.Any(value => text.Contains(value, StringComparison.Ordinal))))
            {
                await write.ExecuteAsync(ForgetAnswer, new { kept.Caller, kept.Key });
            }
        }
    }

    /// <summary>Forgets what imports were told about their rows, where it quotes what was removed.</summary>
    public async Task FromReportsAsync()
    {
        foreach (var report in (await write.Db.QueryAsync<Report>(Reports, transaction: write.Transaction)).AsList())
        {
            if (Texts(JsonNode.Parse(report.Text)).Any(text => _removed.Any(value => text.Contains(value, StringComparison.Ordinal) || IsBeginningOf(text, value))))
            {
                await write.ExecuteAsync(ForgetReport, new { report.Import });
            }
        }
    }

    // A long cell is quoted by its beginning.
    private static bool IsBeginningOf(string text, string value) => text.Length > 1 && text.EndsWith('…') && value.StartsWith(text[..^1], StringComparison.Ordinal);

    private async Task FromRowsAsync(string id, long revision)
    {
        var found = new List<(long Place, string Data, string Salts)>();
        await foreach (var row in write.Db.QueryUnbufferedAsync<Item>(Items, new { Revision = revision }, write.Transaction))
        {
            if (IsOf(id, row.Data) && PersonalData.Redact(row.Data, row.Salts, pointer => Has(MemberAt(pointer, null)), Note) is { } left)
            {
                found.Add((row.Place, left.Data, left.Salts));
            }
        }

        foreach (var (place, data, salts) in found)
        {
            await write.ExecuteAsync(ChangeItem, new { Revision = revision, Place = place, Data = data, Salts = salts });
            Rows++;
        }
    }

    private async Task<int> ChangeVersionsAsync<T>(string select, string update, object parameters, Func<T, T?> without)
        where T : class
    {
        var changed = 0;
        foreach (var version in (await write.Db.QueryAsync<Stored>(select, parameters, write.Transaction)).AsList())
        {
            if (without(RecordJson.Read<T>(version.Data)) is { } left)
            {
                var row = new DynamicParameters(parameters);
                row.AddDynamicParams(new { version.Revision, Data = RecordJson.Text(left) });
                await write.ExecuteAsync(update, row);
                changed++;
            }
        }

        return changed;
    }

    private bool Has(string? member) => member is not null && members.Contains(member, StringComparer.Ordinal);

    /// <summary>What a personal member of an entry is called by whoever asks for its removal: the text of an answer is the answer.</summary>
    private static string? MemberAt(string pointer, string? type) => (pointer, type) switch
    {
        ("/text", "objection-answered") => "answer",
        _ => pointer.LastIndexOf('/') == 0 ? pointer[1..] : null,
    };

    private T? Removed<T>(T? value)
        where T : class
    {
        if (value is not null)
        {
            Note(RecordJson.Node(value));
        }

        return null;
    }

    private void Note(JsonNode? value) => _removed.UnionWith(Texts(value).Where(text => text.Length > 0));

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Texts(m.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    private static bool IsOf(string id, string data)
    {
        var row = RecordJson.Read<CertificateBody>(data);
        return row.Scheme is not null && (row.Number is not null || row.Key is not null) && ProductIdentity.CertificateId(row.Scheme, row.Number, row.Key) == id;
    }

    private sealed record Stored(long Revision, string Data);

    private sealed record Entry(long Revision, string Type, string Data, string Salts);

    private sealed record Item(long Place, string Data, string Salts);

    private sealed record Answer(string Caller, string Key, string Text);

    private sealed record Report(string Import, string Text);
}
