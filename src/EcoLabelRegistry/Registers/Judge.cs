using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Registers;

/// <summary>Judges the rows of one certificate against what stands. It keeps nothing but what it has looked up, and may be asked on any thread.</summary>
internal sealed class Judge(RegistryAt registry, string scheme, ImportKind kind, bool areLines, DateOnly today)
{
    // What most rows name, many name alike.
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, RefusalException?> _remembered = new(StringComparer.Ordinal);

    /// <summary>What becomes of a certificate.</summary>
    public Judgement Of(Pair pair)
    {
        var before = pair.Before is null ? null : RecordJson.Read<CertificateEntry>(pair.Before.Data);
        var standing = kind == ImportKind.Full && before is not null ? CertificateStandings.On(before.ToModel(), registry.Graph, today).Standing : (CertificateStanding?)null;
        var judgement = pair.Rows.Count == 0 ? Omitted(before!, standing!.Value) : Listed(pair, before);
        return judgement with { WasValid = standing == CertificateStanding.Valid };
    }

    private Judgement Omitted(CertificateEntry before, CertificateStanding standing)
    {
        if (!Listing.IsWithdrawnByOmission(before, standing, today))
        {
            return new Judgement(JudgementKind.Omitted, 0);
        }

        var withdrawn = Listing.Omitted(today);
        var item = new CertificateBody { Scheme = before.Scheme, Number = before.Number, Key = before.Key, Events = [withdrawn] };
        return Changed(JudgementKind.Omitted, 0, item, before, before with { Events = [.. before.Events ?? [], withdrawn] });
    }

    private Judgement Listed(Pair pair, CertificateEntry? before)
    {
        var line = pair.Rows[0].Line;
        var body = areLines ? Join(pair.Rows, out var refused) : Read(pair.Rows[0], out refused);
        if (body is not null)
        {
            body = body with { Scheme = body.Scheme ?? scheme };
            refused = Check(body) is { } refusal ? Place(refusal, pair.Rows, body) : [];
        }

        if (refused.Count > 0)
        {
            return new Judgement(JudgementKind.Refused, line) { Refused = refused };
        }

        var after = body!.Merge(before, today);
        if (CertificateRules.Merged(body, before, after) is { } unfit)
        {
            return new Judgement(JudgementKind.Refused, line) { Refused = Place(unfit, pair.Rows, body) };
        }

        if (before is null)
        {
            return Changed(JudgementKind.Created, line, body, null, after);
        }

        if (Listing.Relisted(after, today) is { Count: > 0 } relisted)
        {
            after = after with { Events = [.. after.Events ?? [], .. relisted] };
            body = body with { Events = [.. body.Events ?? [], .. relisted] };
        }

        return RecordJson.Text(after) is var text && (text == pair.Before!.Data || text == RecordJson.Text(before))
            ? new Judgement(JudgementKind.Unchanged, line)
            : Changed(JudgementKind.Updated, line, body, before, after);
    }

    private static Judgement Changed(JudgementKind kind, long line, CertificateBody item, CertificateEntry? before, CertificateEntry after) =>
        new(kind, line) { After = PlannedCertificate.Of(before, after), Item = PersonalData.Seal(RecordJson.Node(item)) };

    private static CertificateBody? Read(StagedRow row, out IReadOnlyList<RefusedLine> refused)
    {
        refused = [];
        try
        {
            return Json.Read<CertificateBody>(row.Data);
        }
        catch (RefusalException refusal)
        {
            refused = [new(row.Line, OfOneLine(refusal))];
            return null;
        }
    }

    /// <summary>The text is one line of many: its number is said beside it.</summary>
    internal static RefusalException OfOneLine(RefusalException refusal) => refusal.Detail.Key == "fault.body-json"
        ? new(refusal.ProblemCode, new Message("fault.line-json", refusal.Detail.Values[1], refusal.Detail.Values[2]))
        : refusal;

    /// <summary>Makes one certificate of rows that are its lines: what they say of the certificate itself must agree, where they say it.</summary>
    private static CertificateBody? Join(List<StagedRow> rows, out IReadOnlyList<RefusedLine> refused)
    {
        if (rows.Count > Limits.Items || rows.Sum(r => (long)r.Data.Length) > CutLines.Longest)
        {
            refused = [new(rows[0].Line, Refusal.Invalid("number", new Message("fault.certificate-too-long", Limits.Items, CutLines.Longest)))];
            return null;
        }

        if (rows.Count == 1)
        {
            return Read(rows[0], out refused);
        }

        var found = new List<RefusedLine>();
        var common = new JsonObject();
        var products = new List<ProductLineEntry>();
        var events = new List<CertificateEventEntry>();
        foreach (var row in rows)
        {
            if (Read(row, out var unreadable) is not { } body)
            {
                found.AddRange(unreadable);
                continue;
            }

            products.AddRange(body.Products ?? []);
            events.AddRange(body.Events ?? []);
            foreach (var (member, value) in RecordJson.Node(body with { Products = null, Events = null }).AsObject().ToList())
            {
                if (!common.TryAdd(member, value?.DeepClone()) && !JsonNode.DeepEquals(common[member], value))
                {
                    found.Add(new(row.Line, Refusal.Invalid(member, new Message("fault.rows-differ", rows[0].Line))));
                }
            }
        }

        refused = found;
        return found.Count > 0 ? null : common.Deserialize<CertificateBody>(RecordJson.Options)! with
        {
            Products = products.Count == 0 ? null : products,
            Events = events.Count == 0 ? null : [.. events.Distinct()],
        };
    }

    private RefusalException? Check(CertificateBody body)
    {
        if (CertificateRules.Faults(body) is { Count: > 0 } faults)
        {
            return Refusal.Invalid(faults);
        }

        if (body.Scheme != scheme)
        {
            return Refusal.Invalid("scheme", new Message("fault.row-of-another-scheme", body.Scheme));
        }

        var named = $"{body.Standard}\n{body.Edition}\n{body.Tier}\n{string.Join('\n', (body.Products ?? []).Select(p => p.Category))}";
        if (!_remembered.TryGetValue(named, out var refusal))
        {
            refusal = Names(body);
            if (_remembered.Count < MostRemembered && named.Length < 1000)
            {
                _remembered[named] = refusal;
            }
        }

        return refusal;
    }

    private RefusalException? Names(CertificateBody body)
    {
        try
        {
            CertificateRules.Check(registry, body);
            return null;
        }
        catch (RefusalException refusal)
        {
            return refusal;
        }
    }

    /// <summary>Says a fault at the row that has it: of several rows, those of a product's line at the row of the line, under the name of its column.</summary>
    private IReadOnlyList<RefusedLine> Place(RefusalException refusal, List<StagedRow> rows, CertificateBody body)
    {
        if (!areLines)
        {
            return [new(rows[0].Line, refusal)];
        }

        var withProduct = rows.Count == 1 ? [.. rows] : rows.Where(r => JsonSerializer.Deserialize<CertificateBody>(r.Data, Json.Options)!.Products is { Count: > 0 }).ToList();
        return [.. refusal.Faults
            .Select(fault => At(fault, "products", out var place, out var member) && place < withProduct.Count ? (withProduct[place].Line, new Fault(member, fault.Message)) : (rows[0].Line, fault))
            .GroupBy(at => at.Line)
            .Select(at => new RefusedLine(at.Key, refusal.ProblemCode == ProblemCode.Invalid
                ? Refusal.Invalid([.. at.Select(a => a.Item2)])
                : new(refusal.ProblemCode, refusal.Detail) { Faults = [.. at.Select(a => a.Item2)], Suggestions = refusal.Suggestions }))];
    }

    private static bool At(Fault fault, string list, out int place, out string member)
    {
        (place, member) = (0, fault.Member);
        var end = fault.Member.IndexOf("].", StringComparison.Ordinal);
        if (end < 0 || !fault.Member.StartsWith(list + "[", StringComparison.Ordinal) || !int.TryParse(fault.Member.AsSpan(list.Length + 1, end - list.Length - 1), out place))
        {
            return false;
        }

        member = fault.Member[(end + 2)..];
        return true;
    }
}

/// <summary>A certificate with its rows in the register, which may be none, and as it is on record, if it is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Rows">Its rows, by line.</param>
/// <param name="Before">As it is on record.</param>
internal sealed record Pair(string Id, List<StagedRow> Rows, OnRecord? Before)
{
    /// <summary>Its size, in bytes or thereabouts.</summary>
    public int Length => Rows.Sum(r => r.Data.Length) + (Before?.Data.Length ?? 0);
}

/// <param name="Line">Where it stands in the body.</param>
/// <param name="Data">A certificate, or a line of one, as JSON.</param>
internal readonly record struct StagedRow(long Line, byte[] Data);

/// <param name="Id">The certificate's id.</param>
/// <param name="Revision">The revision that wrote it.</param>
/// <param name="Data">Its document.</param>
internal sealed record OnRecord(string Id, long Revision, string Data);

/// <param name="Line">Where it stands in the body.</param>
/// <param name="Refusal">What is wrong with it.</param>
internal readonly record struct RefusedLine(long Line, RefusalException Refusal);

/// <summary>What becomes of a certificate.</summary>
internal enum JudgementKind
{
    Created,
    Updated,
    Unchanged,
    Omitted,
    Refused,
}

/// <param name="Kind">What becomes of it.</param>
/// <param name="Line">The line of its first row; 0 when it has none.</param>
internal sealed record Judgement(JudgementKind Kind, long Line)
{
    /// <summary>What is wrong with its rows.</summary>
    public IReadOnlyList<RefusedLine> Refused { get; init; } = [];

    /// <summary>True when it is on record and valid on the day.</summary>
    public bool WasValid { get; init; }

    /// <summary>What is to be written; null when nothing is.</summary>
    public PlannedCertificate? After { get; init; }

    /// <summary>What the log keeps of it.</summary>
    public SealedData? Item { get; init; }

    /// <summary>One certificate received, or none.</summary>
    public int Received => Kind == JudgementKind.Omitted ? 0 : 1;
}

/// <summary>The rows of a new version of a certificate.</summary>
/// <param name="Entry">The certificate.</param>
/// <param name="Data">Its document.</param>
/// <param name="FindNumber">Its number, for finding.</param>
/// <param name="FindHolder">Its holder, for finding.</param>
/// <param name="Numbers">Further numbers.</param>
/// <param name="Lines">Lines that name a product.</param>
/// <param name="Gtins">GTINs of its lines.</param>
internal sealed record PlannedCertificate(
    CertificateEntry Entry,
    string Data,
    string? FindNumber,
    string? FindHolder,
    Difference<string> Numbers,
    Difference<PlannedLine> Lines,
    Difference<CertificateRows.GtinRow> Gtins)
{
    /// <summary>What is to be written so that one version follows the other.</summary>
    public static PlannedCertificate Of(CertificateEntry? before, CertificateEntry after)
    {
        var lines = Difference.Between(before is null ? [] : CertificateRows.Lines(before), CertificateRows.Lines(after));
        return new PlannedCertificate(
            after,
            RecordJson.Text(after),
            after.Number is null ? null : ProductIdentity.FindKey(after.Number),
            after.Holder is null ? null : ProductIdentity.FindKey(after.Holder),
            Difference.Between(before is null ? [] : CertificateRows.Numbers(before), CertificateRows.Numbers(after)),
            new([.. lines.Gone.Select(l => new PlannedLine(l, ""))], [.. lines.Come.Select(l => new PlannedLine(l, ProductIdentity.FindKey(l.Brand, l.Model)))]),
            Difference.Between(before is null ? [] : CertificateRows.Gtins(before), CertificateRows.Gtins(after)));
    }
}

/// <param name="Row">The line.</param>
/// <param name="FindProduct">Its brand and model, for finding.</param>
internal readonly record struct PlannedLine(CertificateRows.LineRow Row, string FindProduct);

/// <param name="Gone">Rows that end.</param>
/// <param name="Come">Rows that begin.</param>
internal sealed record Difference<T>(IReadOnlyList<T> Gone, IReadOnlyList<T> Come);

/// <summary>Makes differences.</summary>
internal static class Difference
{
    /// <summary>What ends and what begins between two sets.</summary>
    public static Difference<T> Between<T>(HashSet<T> before, HashSet<T> after) =>
        new([.. before.Where(b => !after.Contains(b))], [.. after.Where(a => !before.Contains(a))]);
}
