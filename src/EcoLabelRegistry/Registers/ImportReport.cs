using System.Globalization;
using System.Text.Json;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Registers;

/// <summary>What was wrong with an import, for whoever sent it, in the language in which it was sent.</summary>
/// <param name="Language">Tag of the language.</param>
/// <param name="Refusal">Why it was refused; null when it was not.</param>
/// <param name="Withheld">Certificates that it omits and that were not withdrawn all the same.</param>
/// <param name="Rows">The first rows that could not be taken, in the order received.</param>
public sealed record ImportReport(string Language, string? Refusal, long Withheld, IReadOnlyList<ReportedRow> Rows)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoErrors = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    private const int LongestCell = 200;

    // A row that is longer is not opened for the sake of one cell.
    private const int LongestRow = 1 << 16;

    /// <summary>The report of an import that was refused.</summary>
    internal static ImportReport Of(RegisterStage stage, RefusalException refusal)
    {
        var language = Http.Language.Current;
        return new(language.Tag, refusal.Detail.In(language), 0, RowsOf(stage, refusal.Rejected));
    }

    /// <summary>The report of an import that was taken; null when nothing was wrong.</summary>
    internal static ImportReport? Of(RegisterStage stage, ImportRegister.Response answer) => answer is { Rejected.Count: 0, Withheld: 0 }
        ? null
        : new(Http.Language.Current.Tag, null, answer.Withheld, RowsOf(stage, answer.Rejected));

    /// <summary>As it is stored.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, Json.Options);

    /// <summary>As it was stored.</summary>
    internal static ImportReport Read(string json) => JsonSerializer.Deserialize<ImportReport>(json, Json.Options)!;

    private static IReadOnlyList<ReportedRow> RowsOf(RegisterStage stage, IReadOnlyList<RejectedRow> rejected) => [.. rejected.Select(row =>
    {
        using var document = stage.RowOf(row.Line) is { Length: <= LongestRow } data ? Open(data) : null;
        var root = document?.RootElement ?? default;
        return new ReportedRow(
            row.Line,
            CellAt(root, "number") ?? CellAt(root, "key"),
            Code.Of(row.Code),
            row.Message,
            [.. (row.Errors ?? NoErrors).Select(e => new ReportedCell(e.Key, CellAt(root, e.Key) ?? CellAt(root, "products[0]." + e.Key), e.Value))]);
    })];

    private static JsonDocument? Open(byte[] data)
    {
        try
        {
            return JsonDocument.Parse(data);
        }
        catch (JsonException)
        {
            return null; // that is what is wrong with it
        }
    }

    /// <summary>What stands at a path such as <c>products[0].gtins[1]</c>; null when nothing does.</summary>
    private static string? CellAt(JsonElement at, string path)
    {
        foreach (var step in path.Split('.'))
        {
            var open = step.IndexOf('[', StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(open < 0 ? step : step[..open], out at))
            {
                return null;
            }

            if (open >= 0)
            {
                if (at.ValueKind != JsonValueKind.Array || !int.TryParse(step.AsSpan(open + 1).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var place) || place >= at.GetArrayLength())
                {
                    return null;
                }

                at = at[place];
            }
        }

        var text = at.ValueKind switch { JsonValueKind.String => at.GetString()!, JsonValueKind.Null => null, _ => at.GetRawText() };
        return text?.Length > LongestCell ? text[..LongestCell] + "…" : text;
    }
}

/// <summary>A row that could not be taken.</summary>
/// <param name="Line">Where it stands in the file, from 1.</param>
/// <param name="Number">Number or key of its certificate; null when it tells none.</param>
/// <param name="Code">Why, for programs.</param>
/// <param name="Message">Why.</param>
/// <param name="Cells">The cells that are wrong; none when the row as such is.</param>
public sealed record ReportedRow(long Line, string? Number, string Code, string Message, IReadOnlyList<ReportedCell> Cells);

/// <summary>A cell of a row that is wrong.</summary>
/// <param name="Member">Its column, or its path in a certificate.</param>
/// <param name="Text">What stands in it; null when nothing does.</param>
/// <param name="Messages">What is wrong with it.</param>
public sealed record ReportedCell(string Member, string? Text, IReadOnlyList<string> Messages);
