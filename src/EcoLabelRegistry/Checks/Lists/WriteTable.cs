using System.Buffers;
using System.Globalization;
using System.Text;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Writes a table with its answers: each input cell as it was, then our own columns. UTF-8 with a byte order mark, commas, CRLF.</summary>
internal static class WriteTable
{
    /// <summary>Our own columns.</summary>
    public static readonly IReadOnlyList<string> Own =
        ["answer", "outcome", "certificate_scheme", "certificate_number", "agreement", "level", "conditions", "holds_until", "reasons", "warnings"];

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<byte> QuotedBytes = SearchValues.Create(",\"\r\n"u8);

    /// <summary>Our own columns behind the items of a catalogue or a tender: at the end the labels accepted for an item that names a class alone.</summary>
    public static readonly IReadOnlyList<string> OwnOfItems = [.. Own, "accepted"];

    /// <summary>The byte order mark and the header. A column of ours whose name the input has already gets <c>_2</c>, or the next number that is free.</summary>
    public static void Header(Page page, IReadOnlyList<string> names, IReadOnlyList<string> own)
    {
        page.Add(Encoding.UTF8.Preamble);
        var taken = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            Cell(page, names[i], isFirst: i == 0);
        }

        foreach (var name in own)
        {
            var free = name;
            for (var number = 2; !taken.Add(free); number++)
            {
                free = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
            }

            Cell(page, free, isFirst: false);
        }

        page.Add("\r\n"u8);
    }

    /// <summary>A cell that holds a text as it is.</summary>
    public static void Cell(Page page, ReadOnlySpan<char> text, bool isFirst)
    {
        if (!isFirst)
        {
            page.Add((byte)',');
        }

        if (!text.ContainsAny(Quoted))
        {
            page.Add(text);
            return;
        }

        page.Add((byte)'"');
        foreach (var part in text.Split('"'))
        {
            if (part.Start.Value > 0)
            {
                page.Add("\"\""u8);
            }

            page.Add(text[part]);
        }

        page.Add((byte)'"');
    }

    /// <summary>A cell that holds a text as it is.</summary>
    public static void Cell(Page page, ReadOnlySpan<byte> text, bool isFirst)
    {
        if (!isFirst)
        {
            page.Add((byte)',');
        }

        if (!text.ContainsAny(QuotedBytes))
        {
            page.Add(text);
            return;
        }

        page.Add((byte)'"');
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            page.Add(text[..quote]);
            page.Add("\"\""u8);
            text = text[(quote + 1)..];
        }

        page.Add(text);
        page.Add((byte)'"');
    }

    /// <summary>The columns of ours, after the input's.</summary>
    public static void Answer(Page page, RowAnswer row)
    {
        Ten(page, row);
        page.Add("\r\n"u8);
    }

    /// <summary>The columns of ours, after those of an item of a catalogue or a tender.</summary>
    public static void AnswerOfItem(Page page, RowAnswer row)
    {
        Ten(page, row);
        OwnCell(page, row.Accepted is { } accepted ? Joined(accepted, a => a.Recognised) : null);
        page.Add("\r\n"u8);
    }

    private static void Ten(Page page, RowAnswer row)
    {
        if (row.Answered is not { } answered)
        {
            page.Add(",,,,,,,,,"u8); // all before the reasons are empty
            page.Add(row.Refusal is { } refusal ? Code.Of(refusal.ProblemCode) : "");
            page.Add((byte)',');
            return;
        }

        var answer = answered.Answer;
        var best = answer.Paths.Count > 0 ? answer.Paths[0] : null;
        var certificate = best?.Certificate ?? (answer.Certificates.Count == 1 ? answer.Certificates[0].Certificate : null);
        CodeCell<Answer>(page, answer.Outcome.Answer());
        CodeCell<Outcome>(page, answer.Outcome);
        OwnCell(page, certificate?.Scheme);
        OwnCell(page, certificate?.Number);
        OwnCell(page, best is null ? null : Joined(best.Steps, s => s.Agreement ?? s.Policy));
        CodeCell(page, best?.Level);
        OwnCell(page, best is null ? null : Joined(best.Conditions, c => c.Criterion is { } criterion ? $"{c.Code} {criterion.Ref}" : c.Code));
        page.Add((byte)',');
        if (answer.HoldsUntil is { } last)
        {
            last.TryFormat(page.GetSpan(), out var length, "O", CultureInfo.InvariantCulture);
            page.Advance(length);
        }

        page.Add((byte)',');
        for (var i = 0; i < answer.Reasons.Count; i++)
        {
            AddCode(page, answer.Reasons[i].Reason, isFirst: i == 0);
        }

        page.Add((byte)',');
        for (var i = 0; i < answer.Warnings.Count; i++)
        {
            AddCode(page, answer.Warnings[i], isFirst: i == 0);
        }
    }

    private static void CodeCell<TMember>(Page page, TMember? member)
        where TMember : struct, Enum
    {
        page.Add((byte)',');
        if (member is { } given)
        {
            AddCode(page, given, isFirst: true);
        }
    }

    // A code stands in a cell as it is, in a table as in JSON: letters and hyphens.
    private static void AddCode<TMember>(Page page, TMember member, bool isFirst)
        where TMember : struct, Enum
    {
        if (!isFirst)
        {
            page.Add("; "u8);
        }

        page.Add(JsonCode.Of(member).EncodedUtf8Bytes);
    }

    private static void OwnCell(Page page, string? text) => Cell(page, CsvText.Safe(text ?? ""), isFirst: false);

    // Several texts of one cell, each once. Most lists have none or one.
    private static string? Joined<T>(IReadOnlyList<T> items, Func<T, string?> text) => items.Count switch
    {
        0 => null,
        1 => text(items[0]),
        _ => CsvText.List(items.Select(text).Distinct(StringComparer.Ordinal)),
    };
}
