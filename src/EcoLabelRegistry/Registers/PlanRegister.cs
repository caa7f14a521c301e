using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Registers;

/// <summary>What an import would write at one revision; the rows themselves are on the stage.</summary>
/// <param name="Revision">The revision that it was made at.</param>
/// <param name="Received">Certificates received, those refused included.</param>
/// <param name="Created">Certificates that are new.</param>
/// <param name="Updated">Certificates that change.</param>
/// <param name="Unchanged">Certificates that are on record just so.</param>
/// <param name="Withdrawn">Certificates that are withdrawn because a full register omits them.</param>
/// <param name="Withheld">Certificates that are omitted and not withdrawn, because lines were refused that may be theirs.</param>
/// <param name="Valid">Valid certificates of the scheme on the day; counted for a full register alone.</param>
/// <param name="ValidWithdrawn">Those of them that are withdrawn.</param>
internal sealed record RegisterPlan(
    long Revision, long Received, long Created, long Updated, long Unchanged, long Withdrawn, long Withheld, long Valid, long ValidWithdrawn)
{
    /// <summary>True when something is to be written.</summary>
    public bool HasChanges => Created + Updated + Withdrawn > 0;

    /// <summary>The share of the valid certificates that would be withdrawn, in per cent. Where none is valid, withdrawing anything is all.</summary>
    public double WithdrawnShare => Valid > 0 ? 100.0 * ValidWithdrawn / Valid : Withdrawn > 0 ? 100 : 0;
}

/// <summary>Judges the rows of a register against what stands, and makes of them the rows that will be written.</summary>
/// <remarks>
/// Rows and certificates on record are read side by side in the order of their ids, so that nothing is looked up by itself and memory does not
/// grow with either. The work on each certificate is done on all processors, some hundred at a time; what comes of it is kept in order.
/// </remarks>
internal sealed class PlanRegister(RegisterStage stage, string scheme, ImportKind kind, bool areLines, DateOnly today, ImportCounts counts)
{
    private const int Together = 200;

    private const string AllOnRecord = """
        select id, recorded_from as Revision, data from certificate
        where scheme = @Scheme and recorded_until is null
        order by id
        """;

    private const string SomeOnRecord = """
        select id, recorded_from as Revision, data from certificate
        where recorded_until is null and id in
        """;

    private const string Staged = "select id, line, data from row order by id, line";

    private static readonly string[] Item = ["line", "data", "salts", "digest"];
    private static readonly string[] Certificate = ["id", "find_number", "find_holder", "data"];
    private static readonly string[] Number = ["find_number", "certificate"];
    private static readonly string[] Line = ["certificate", "line", "product", "find_product", "brand", "model", "category"];
    private static readonly string[] GtinOfLine = ["gtin", "certificate", "line", "product"];
    private static readonly string[] Ended = ["kind", "certificate", "key", "line"];

    private long _omitted;
    private long _repeated;

    /// <summary>Makes the plan. What an earlier one left on the stage is forgotten.</summary>
    /// <param name="db">The connection.</param>
    /// <param name="transaction">A transaction that sees the revision of <paramref name="registry"/>.</param>
    /// <param name="registry">The records that the rows are judged by.</param>
    /// <param name="cancel">Stops between two certificates.</param>
    public async Task<RegisterPlan> RunAsync(DbConnection db, DbTransaction transaction, RegistryAt registry, CancellationToken cancel)
    {
        stage.ForgetPlan();
        (counts.Checked, _omitted, _repeated) = (0, 0, 0);
        var judge = new Judge(registry, scheme, kind, areLines, today);
        var plan = new RegisterPlan(registry.Revision, stage.Unidentified, 0, 0, 0, 0, 0, 0, 0);
        var underWay = new Queue<Task<Judgement[]>>();
        await foreach (var together in PairsAsync(db, transaction, cancel).WithCancellation(cancel))
        {
            underWay.Enqueue(Task.Run(() => Array.ConvertAll(together, judge.Of), cancel));
            if (underWay.Count > Environment.ProcessorCount)
            {
                plan = Keep(plan, await underWay.Dequeue());
            }
        }

        while (underWay.TryDequeue(out var last))
        {
            plan = Keep(plan, await last);
        }

        return plan with { Received = plan.Received + _repeated };
    }

    // So many together, or so long: what is under way at once is bounded in bytes too.
    private async IAsyncEnumerable<Pair[]> PairsAsync(DbConnection db, DbTransaction transaction, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (together, length) = (new List<Pair>(Together), 0);
        await foreach (var pair in kind == ImportKind.Full ? BesideAllAsync(db, transaction, cancel) : BesideTheirOwnAsync(db, transaction))
        {
            together.Add(pair);
            length += pair.Length;
            if (together.Count == Together || length > CutLines.Longest)
            {
                yield return [.. together];
                together.Clear();
                length = 0;
            }
        }

        yield return [.. together];
    }

    // A full register: every certificate of the scheme, with its rows or without.
    private async IAsyncEnumerable<Pair> BesideAllAsync(DbConnection db, DbTransaction transaction, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var groups = Groups().GetEnumerator();
        var hasRows = groups.MoveNext();
        await foreach (var before in db.QueryUnbufferedAsync<OnRecord>(AllOnRecord, new { Scheme = scheme }, transaction).WithCancellation(cancel))
        {
            for (; hasRows && string.CompareOrdinal(groups.Current.Id, before.Id) < 0; hasRows = groups.MoveNext())
            {
                yield return groups.Current;
            }

            if (hasRows && groups.Current.Id == before.Id)
            {
                yield return groups.Current with { Before = before };
                hasRows = groups.MoveNext();
            }
            else
            {
                yield return new Pair(before.Id, [], before);
            }
        }

        for (; hasRows; hasRows = groups.MoveNext())
        {
            yield return groups.Current;
        }
    }

    // A delta: only the certificates that it names.
    private async IAsyncEnumerable<Pair> BesideTheirOwnAsync(DbConnection db, DbTransaction transaction)
    {
        foreach (var groups in Groups().Chunk(Together))
        {
            var parameters = new DynamicParameters();
            for (var i = 0; i < groups.Length; i++)
            {
                parameters.Add($"Id{i}", groups[i].Id);
            }

            var sql = $"{SomeOnRecord} ({string.Join(", ", groups.Select((_, i) => $"@Id{i}"))})";
            var known = (await db.QueryAsync<OnRecord>(sql, parameters, transaction)).ToDictionary(c => c.Id, StringComparer.Ordinal);
            foreach (var group in groups)
            {
                yield return group with { Before = known.GetValueOrDefault(group.Id) };
            }
        }
    }

    private IEnumerable<Pair> Groups()
    {
        Pair? group = null;
        foreach (var row in stage.Read(Staged))
        {
            var (id, line) = ((string)row[0]!, (long)row[1]!);
            if (group?.Id != id)
            {
                if (group is not null)
                {
                    yield return group;
                }

                group = new Pair(id, [], null);
            }
            else if (!areLines)
            {
                // Each row is all that stands now: of two, the second would strike off what the first lists.
                stage.Refuse(line, Refusal.Invalid("number", new Message("fault.repeated-certificate", group.Rows[0].Line)));
                _repeated++;
                continue;
            }

            // More rows than a certificate may have lines are not collected; one too many tells.
            if (group.Rows.Count <= Limits.Items && group.Length <= CutLines.Longest)
            {
                group.Rows.Add(new StagedRow(line, (byte[])row[2]!));
            }
        }

        if (group is not null)
        {
            yield return group;
        }
    }

    private RegisterPlan Keep(RegisterPlan plan, Judgement[] judgements)
    {
        foreach (var judgement in judgements)
        {
            counts.Checked++;
            var isWithheld = judgement is { Kind: JudgementKind.Omitted, After: not null } && stage.Unidentified > 0;
            foreach (var (line, refusal) in judgement.Refused)
            {
                stage.Refuse(line, refusal);
            }

            plan = plan with
            {
                Received = plan.Received + judgement.Received,
                Created = plan.Created + (judgement.Kind == JudgementKind.Created ? 1 : 0),
                Updated = plan.Updated + (judgement.Kind == JudgementKind.Updated ? 1 : 0),
                Unchanged = plan.Unchanged + (judgement.Kind == JudgementKind.Unchanged ? 1 : 0),
                Withdrawn = plan.Withdrawn + (judgement is { Kind: JudgementKind.Omitted, After: not null } && !isWithheld ? 1 : 0),
                Withheld = plan.Withheld + (isWithheld ? 1 : 0),
                Valid = plan.Valid + (judgement.WasValid ? 1 : 0),
                ValidWithdrawn = plan.ValidWithdrawn + (judgement is { Kind: JudgementKind.Omitted, After: not null, WasValid: true } && !isWithheld ? 1 : 0),
            };
            if (judgement.After is not null && !isWithheld)
            {
                Keep(judgement);
            }
        }

        return plan;
    }

    private void Keep(Judgement judgement)
    {
        var (after, item) = (judgement.After!, judgement.Item!);
        var id = after.Entry.Id!;

        // Withdrawals come after all lines, in the order of their ids.
        stage.Add("item", Item, judgement.Kind == JudgementKind.Omitted ? long.MaxValue / 2 + ++_omitted : judgement.Line, item.Data, item.Salts, item.Digest);
        stage.Add("certificate", Certificate, id, after.FindNumber, after.FindHolder, after.Data);
        foreach (var number in after.Numbers.Come)
        {
            stage.Add("certificate_number", Number, number, id);
        }

        foreach (var line in after.Lines.Come)
        {
            stage.Add("product_line", Line, id, line.Row.Line, line.Row.Product, line.FindProduct, line.Row.Brand, line.Row.Model, line.Row.Category);
        }

        foreach (var gtin in after.Gtins.Come)
        {
            stage.Add("product_gtin", GtinOfLine, gtin.Gtin, id, gtin.Line, gtin.Product);
        }

        if (judgement.Kind != JudgementKind.Created)
        {
            stage.Add("ended", Ended, "certificate", id, "", 0L);
        }

        foreach (var number in after.Numbers.Gone)
        {
            stage.Add("ended", Ended, "certificate_number", id, number, 0L);
        }

        foreach (var line in after.Lines.Gone)
        {
            stage.Add("ended", Ended, "product_line", id, "", line.Row.Line);
        }

        foreach (var gtin in after.Gtins.Gone)
        {
            stage.Add("ended", Ended, "product_gtin", id, gtin.Gtin, gtin.Line);
        }
    }
}
