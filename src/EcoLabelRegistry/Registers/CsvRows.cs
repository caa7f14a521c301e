using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;

namespace EcoLabelRegistry.Registers;

/// <summary>A register as CSV (RFC 4180): one product line of a certificate a row, under a header.</summary>
/// <remarks>
/// Each row is written as the JSON of a certificate with at most one line and one event, and judged as such; a fault is named by its column. The columns
/// are listed in the README of this folder and in the contract.
/// </remarks>
/// <param name="body">The body.</param>
public sealed class CsvRows(Stream body) : RegisterRows
{
    /// <summary>Most columns of a header.</summary>
    public const int MostColumns = 200;

    private const string NamePrefix = "name.";

    private static readonly SearchValues<char> ListSeparators = SearchValues.Create(";|");
    private static readonly SearchValues<char> CodeSeparators = SearchValues.Create(";|,/ \n\t\u3000");

    private static readonly Column[] Columns =
    [
        new("scheme", Part.Certificate, Form.Text, ColumnNames.Scheme),
        new("number", Part.Certificate, Form.Text, ColumnNames.Certificate),
        new("key", Part.Certificate, Form.Text),
        new("holder", Part.Certificate, Form.Text, "持证企业"),
        new("standard", Part.Certificate, Form.Text, "标准"),
        new("edition", Part.Certificate, Form.Text, "版本"),
        new("tier", Part.Certificate, Form.Text, "等级"),
        new("validFrom", Part.Certificate, Form.Text, "有效期起"),
        new("validUntil", Part.Certificate, Form.Text, "有效期至"),
        new("confirmedOn", Part.Certificate, Form.Text),
        new("lastAudit", Part.Certificate, Form.Text),
        new("issuedBy", Part.Certificate, Form.Text, "发证机构"),
        new("otherNumbers", Part.Certificate, Form.Texts),
        new("territories", Part.Certificate, Form.Territories, "territory"),
        new("siteCountries", Part.Certificate, Form.Sites, "siteCountry"),
        new("notes", Part.Certificate, Form.Text),
        new("sample", Part.Certificate, Form.Truth),
        new("brand", Part.Line, Form.Text, ColumnNames.Brand),
        new("model", Part.Line, Form.Text, ColumnNames.Model),
        new("gtins", Part.Line, Form.Codes, ColumnNames.Gtin),
        new("category", Part.Line, Form.Text, ColumnNames.Category),
        new("from", Part.Line, Form.Text),
        new("until", Part.Line, Form.Text),
        new("event", Part.Event, Form.Text) { Member = "type" },
        new("eventEffective", Part.Event, Form.Text) { Member = "effective" },
        new("eventReason", Part.Event, Form.Text) { Member = "reason" },
    ];

    private static readonly Dictionary<string, Column> ByName = Columns
        .SelectMany(column => column.Aliases.Prepend(column.Name).Select(ProductIdentity.FindKey).Distinct(StringComparer.Ordinal).Select(name => (Name: name, Column: column)))
        .ToDictionary(name => name.Name, name => name.Column, StringComparer.Ordinal);

    private enum Part
    {
        Certificate,
        Line,
        Event,
        Name,
    }

    private enum Form
    {
        Text,
        Texts,
        Codes,
        Territories,
        Sites,
        Truth,
    }

    /// <inheritdoc />
    internal override bool AreLines => true;

    /// <inheritdoc />
    internal override async Task StageAsync(RegisterStage stage, string scheme, ImportCounts counts, CancellationToken cancel)
    {
        var lines = new CutLines(body, quotes: true);
        if (!await lines.ReadAsync(cancel))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.body-empty"));
        }

        var (columns, delimiter) = Header(lines);
        lines.Delimiters = [(byte)delimiter];
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json);
        for (var cells = new List<string>(); await lines.ReadAsync(cancel); counts.Received++)
        {
            var fault = lines.Fault ?? (Utf8.IsValid(lines.Current.Span) ? null : new Message("fault.line-utf8"));
            if (fault is null)
            {
                Split(Encoding.UTF8.GetString(lines.Current.Span), delimiter, cells);
                fault = cells.Count < columns.Count ? new Message("fault.too-few-columns", cells.Count, columns.Count)
                    : cells.Count > columns.Count ? new Message("fault.too-many-columns", cells.Count, columns.Count)
                    : null;
            }

            if (fault is not null)
            {
                stage.Unidentified++;
                stage.Refuse(lines.Line, new(ProblemCode.UnreadableBody, fault));
                continue;
            }

            if (cells.TrueForAll(cell => cell.Length == 0))
            {
                counts.Received--; // spreadsheets leave such rows behind
                continue;
            }

            json.ResetWrittenCount();
            writer.Reset();
            Write(writer, columns, cells);
            Add(stage, scheme, lines.Line, json.WrittenSpan.ToArray());
        }
    }

    private static (List<Column> Columns, char Delimiter) Header(CutLines lines)
    {
        if (lines.Fault is { } fault || !Utf8.IsValid(lines.Current.Span))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("refusal.line", lines.Line, lines.Fault ?? new Message("fault.line-utf8")));
        }

        var text = Encoding.UTF8.GetString(lines.Current.Span);
        var delimiter = ",;\t".MaxBy(d => text.Count(c => c == d));
        var names = new List<string>();
        Split(text, delimiter, names);
        if (names.Count > MostColumns)
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("refusal.most-columns", names.Count, MostColumns));
        }

        var columns = new List<Column>();
        foreach (var name in names)
        {
            var column = name.StartsWith(NamePrefix, StringComparison.OrdinalIgnoreCase) && name.Length > NamePrefix.Length
                ? new Column(NamePrefix + name[NamePrefix.Length..], Part.Name, Form.Text) { Member = name[NamePrefix.Length..] }
                : ByName.GetValueOrDefault(ProductIdentity.FindKey(name))
                    ?? throw new RefusalException(ProblemCode.UnknownMember, Unknown(name)) { Faults = [new(name, Unknown(name))] };
            if (columns.Exists(c => c.Name == column.Name))
            {
                var message = new Message("fault.repeated-column", name);
                throw new RefusalException(ProblemCode.RepeatedMember, message) { Faults = [new(name, message)] };
            }

            columns.Add(column);
        }

        return columns.Exists(c => c.Name is "number" or "key")
            ? (columns, delimiter)
            : throw Refusal.Invalid("number", new Message("fault.no-number-column"));
    }

    private static Message Unknown(string name)
    {
        var known = Columns.Select(c => c.Name).Append(NamePrefix + "en").ToList();
        return NearMatches.Of(name, known) is [var nearest, ..]
            ? new Message("fault.unknown-column-near", name, nearest)
            : new Message("fault.unknown-column", name, string.Join(", ", known));
    }

    /// <summary>Cuts a record into cells. Blanks around a cell that is not quoted are no part of it.</summary>
    private static void Split(string record, char delimiter, List<string> cells)
    {
        cells.Clear();
        for (var at = 0; ; at++)
        {
            if (at < record.Length && record[at] == '"')
            {
                var cell = new StringBuilder();
                for (at++; at < record.Length; at++)
                {
                    if (record[at] != '"')
                    {
                        cell.Append(record[at]);
                    }
                    else if (at + 1 < record.Length && record[at + 1] == '"')
                    {
                        cell.Append(record[at++]);
                    }
                    else
                    {
                        break;
                    }
                }

                var rest = record.IndexOf(delimiter, Math.Min(at + 1, record.Length));
                rest = rest < 0 ? record.Length : rest;
                cells.Add(cell.Append(record.AsSpan(Math.Min(at + 1, rest)..rest)).ToString().Trim());
                at = rest;
            }
            else
            {
                var end = record.IndexOf(delimiter, at);
                end = end < 0 ? record.Length : end;
                cells.Add(record[at..end].Trim());
                at = end;
            }

            if (at >= record.Length)
            {
                return;
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, List<Column> columns, List<string> cells)
    {
        writer.WriteStartObject();
        WriteMembers(writer, columns, cells, Part.Certificate);
        if (Has(columns, cells, Part.Line) || Has(columns, cells, Part.Name))
        {
            writer.WriteStartArray("products");
            writer.WriteStartObject();
            WriteMembers(writer, columns, cells, Part.Line);
            if (Has(columns, cells, Part.Name))
            {
                writer.WriteStartObject("names");
                WriteMembers(writer, columns, cells, Part.Name);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        if (Has(columns, cells, Part.Event))
        {
            writer.WriteStartArray("events");
            writer.WriteStartObject();
            WriteMembers(writer, columns, cells, Part.Event);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    private static bool Has(List<Column> columns, List<string> cells, Part part)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Part == part && cells[i].Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void WriteMembers(Utf8JsonWriter writer, List<Column> columns, List<string> cells, Part part)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Part == part && cells[i].Length > 0)
            {
                Write(writer, columns[i], cells[i]);
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, Column column, string cell)
    {
        switch (column.Form)
        {
            case Form.Truth when cell.ToLowerInvariant() is "true" or "false":
                writer.WriteBoolean(column.Member, cell.Equals("true", StringComparison.OrdinalIgnoreCase));
                break;
            case Form.Texts:
                WriteList(writer, column.Member, Items(cell, ListSeparators));
                break;
            case Form.Codes:
                WriteList(writer, column.Member, Items(cell, CodeSeparators));
                break;
            case Form.Territories:
                WriteList(writer, column.Member, cell == "*" ? [] : Items(cell, CodeSeparators));
                break;
            case Form.Sites:
                writer.WriteStartArray("sites");
                foreach (var country in Items(cell, CodeSeparators))
                {
                    writer.WriteStartObject();
                    writer.WriteString("country", country);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteString(column.Member, cell);
                break;
        }
    }

    private static void WriteList(Utf8JsonWriter writer, string member, IEnumerable<string> items)
    {
        writer.WriteStartArray(member);
        foreach (var item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }

    private static IEnumerable<string> Items(string cell, SearchValues<char> separators)
    {
        for (var from = 0; from <= cell.Length;)
        {
            var next = cell.AsSpan(from).IndexOfAny(separators);
            var end = next < 0 ? cell.Length : from + next;
            if (cell[from..end].Trim() is { Length: > 0 } item)
            {
                yield return item;
            }

            from = end + 1;
        }
    }

    /// <param name="Name">Its name in a header; case, blanks, hyphens and the like do not matter.</param>
    /// <param name="Part">What it says something of.</param>
    /// <param name="Form">How a cell is read.</param>
    /// <param name="Aliases">Other names.</param>
    private sealed record Column(string Name, Part Part, Form Form, params IReadOnlyList<string> Aliases)
    {
        /// <summary>The member that it fills.</summary>
        public string Member { get; init; } = Name;
    }
}
