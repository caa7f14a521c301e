using System.Buffers;
using System.Text;

namespace EcoLabelRegistry.Http;

/// <summary>A table as CSV for spreadsheets: UTF-8 with a byte order mark, commas, CRLF (RFC 4180).</summary>
/// <remarks>A text that a spreadsheet would take for a formula gets an apostrophe in front, which the spreadsheet shows as the text it is.</remarks>
public sealed class CsvText
{
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly StringBuilder _text = new();

    /// <summary>Adds a row.</summary>
    public void Add(params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            _text.Append(i == 0 ? "" : ",").Append(Cell(cells[i] ?? ""));
        }

        _text.Append("\r\n");
    }

    /// <summary>Several texts in one cell.</summary>
    public static string List(IEnumerable<string?> texts) => string.Join("; ", texts);

    /// <summary>The table.</summary>
    public byte[] ToUtf8() => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(_text.ToString())];

    /// <summary>A text that no spreadsheet takes for a formula.</summary>
    public static string Safe(string text) => text.Length > 0 && FormulaStarts.Contains(text[0]) ? "'" + text : text;

    private static string Cell(string text)
    {
        var safe = Safe(text);
        return safe.AsSpan().ContainsAny(Quoted) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
