using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcoLabelRegistry.Changes;

/// <summary>One text for one JSON value, as RFC 8785 has it: members sorted by UTF-16 code unit, no blanks, nothing escaped that need not be.</summary>
/// <remarks>
/// What is hashed and signed is this text, so it must not depend on who wrote the value, nor on the library that writes it here.
/// Numbers in the registry are decimals: they are written without an exponent and without trailing zeros, which is RFC 8785's
/// form for every number of up to 17 digits from 0.000001 to 10^21.
/// </remarks>
public static class CanonicalJson
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(c => (char)c), '"', '\\']);

    /// <summary>The canonical text of a value.</summary>
    public static string Text(JsonNode? node)
    {
        var text = new StringBuilder(256);
        Write(text, node);
        return text.ToString();
    }

    /// <summary>SHA-256 of the canonical text, in lower-case hexadecimal.</summary>
    public static string Digest(JsonNode? node) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(node))));

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var separator = '{';
                foreach (var (name, value) in members.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    text.Append(separator);
                    WriteString(text, name);
                    text.Append(':');
                    Write(text, value);
                    separator = ',';
                }

                text.Append(separator == '{' ? "{}" : "}");
                break;
            case JsonArray items:
                text.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    Write(text, items[i]);
                }

                text.Append(']');
                break;
            case null:
                text.Append("null");
                break;
            default:
                WriteValue(text, node);
                break;
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(text, value.GetValue<string>());
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.ToJsonString()));
                break;
            default:
                text.Append(value.ToJsonString()); // true, false
                break;
        }
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        var rest = value.AsSpan();
        for (int at; (at = rest.IndexOfAny(Escaped)) >= 0; rest = rest[(at + 1)..])
        {
            text.Append(rest[..at]);
            _ = rest[at] switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                var control => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)control:x4}"),
            };
        }

        text.Append(rest).Append('"');
    }

    private static string Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (number / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture) // the division drops trailing zeros
            : double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
}
