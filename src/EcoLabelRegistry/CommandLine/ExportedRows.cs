using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary>The file of one table in an export: a row a line, as a JSON object with a member for each column and, last, a check.</summary>
/// <remarks>
/// The check is the beginning of a SHA-256 over the line's number and all before the check, so that a line that was changed, cut off, lost or moved
/// is named; the manifest's SHA-256 covers the file as a whole. Both ways a line at a time, so memory stays flat.
/// </remarks>
internal static class ExportedRows
{
    private const int CheckLength = 16;

    // A text of 32 MB, more than one request can bring, with every character escaped.
    private const int LongestLine = 6 * 32 << 20; // bytes

    private static readonly byte[] BeforeCheck = ",\"check\":\""u8.ToArray();
    private static readonly byte[] AfterCheck = "\"}"u8.ToArray();

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes all rows of a table, in the order of its key, and waits until the disk has all of them.</summary>
    public static async Task<ExportTable> WriteAsync(StoredRegistry registry, MovedTable table, string folder, CancellationToken cancel)
    {
        var columns = await table.ColumnsAsync(registry.Db, registry.Transaction);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(Path.Combine(folder, table.File), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        await using var rows = await registry.Db.ExecuteReaderAsync(
            $"select {string.Join(", ", columns.Select(c => c.Name))} from {table.Name} order by {table.Key}", transaction: registry.Transaction);
        using var line = new MemoryStream();
        await using var json = new Utf8JsonWriter(line, Writing);
        long number = 0;
        while (await rows.ReadAsync(cancel))
        {
            line.SetLength(0);
            json.Reset();
            Write(json, columns, rows);
            line.SetLength(line.Length - 1); // the closing brace comes after the check
            line.Position = line.Length;
            var check = CheckOf(++number, line.GetBuffer().AsSpan(0, (int)line.Length));
            line.Write(BeforeCheck);
            line.Write(Encoding.ASCII.GetBytes(check));
            line.Write(AfterCheck);
            line.WriteByte((byte)'\n');
            digest.AppendData(line.GetBuffer(), 0, (int)line.Length);
            await file.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), cancel);
        }

        await file.FlushAsync(cancel);
        file.Flush(flushToDisk: true);
        return new ExportTable(table.Name, number, Convert.ToHexStringLower(digest.GetHashAndReset()));
    }

    /// <summary>Reads the rows of a table as they were written.</summary>
    /// <exception cref="StartupException">The file is not as it was written; the text names the line.</exception>
    public static async IAsyncEnumerable<ExportedRow> ReadAsync(
        string folder, MovedTable table, IReadOnlyList<Column> columns, ExportTable listed, [EnumeratorCancellation] CancellationToken cancel)
    {
        var path = Path.Combine(folder, table.File);
        if (!File.Exists(path))
        {
            throw new StartupException(new Message("command.missing-file", path));
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var lines = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        long number = 0;
        for (var ended = false; !ended;)
        {
            var read = await lines.ReadAsync(cancel);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                if (++number > listed.Rows)
                {
                    throw Bad("command.too-many-lines", path, number, listed.Rows);
                }

                var line = buffer.Slice(0, end).ToArray();
                digest.AppendData(line);
                digest.AppendData("\n"u8);
                yield return Read(path, number, line, columns);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (buffer.Length > LongestLine)
            {
                throw Bad("command.too-long-line", path, number + 1);
            }

            ended = read.IsCompleted;
            if (ended && !buffer.IsEmpty)
            {
                throw Bad("command.cut-off-line", path, number + 1);
            }

            lines.AdvanceTo(buffer.Start, buffer.End);
        }

        if (number < listed.Rows)
        {
            throw Bad("command.too-few-lines", path, number, listed.Rows);
        }

        if (Convert.ToHexStringLower(digest.GetHashAndReset()) != listed.Sha256)
        {
            throw Bad("command.other-digest", path, ExportManifest.File);
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Column> columns, DbDataReader row)
    {
        json.WriteStartObject();
        for (var i = 0; i < columns.Count; i++)
        {
            json.WritePropertyName(columns[i].Name);
            if (row.IsDBNull(i))
            {
                json.WriteNullValue();
                continue;
            }

            switch (columns[i].Type)
            {
                case ColumnType.Integer:
                    json.WriteNumberValue(row.GetInt64(i));
                    break;
                case ColumnType.Boolean:
                    json.WriteBooleanValue(row.GetBoolean(i));
                    break;
                case ColumnType.Text:
                default:
                    json.WriteStringValue(row.GetString(i));
                    break;
            }
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static ExportedRow Read(string path, long number, byte[] line, IReadOnlyList<Column> columns)
    {
        var content = line.Length - BeforeCheck.Length - CheckLength - AfterCheck.Length;
        if (content < 0 || !line.AsSpan(content, BeforeCheck.Length).SequenceEqual(BeforeCheck)
            || Encoding.ASCII.GetString(line, content + BeforeCheck.Length, CheckLength) != CheckOf(number, line.AsSpan(0, content)))
        {
            throw Bad("command.changed-line", path, number);
        }

        try
        {
            return new ExportedRow(number, Values(line, columns), line.Length);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new StartupException(new Message("command.foreign-line", path, number), fault);
        }
    }

    /// <summary>The values of a line, in the order of the columns; each column once, and none else but the check.</summary>
    private static object?[] Values(byte[] line, IReadOnlyList<Column> columns)
    {
        using var row = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
        if (row.RootElement.ValueKind != JsonValueKind.Object || row.RootElement.GetPropertyCount() != columns.Count + 1)
        {
            throw new JsonException();
        }

        return [.. columns.Select(column => !row.RootElement.TryGetProperty(column.Name, out var value) ? throw new JsonException()
            : value.ValueKind == JsonValueKind.Null ? null
            : column.Type switch
            {
                ColumnType.Integer => value.GetInt64(),
                ColumnType.Boolean => value.GetBoolean(),
                _ => (object?)value.GetString(),
            })];
    }

    private static string CheckOf(long number, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}\n")));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..CheckLength];
    }

    private static StartupException Bad(string text, params object?[] values) => new(new Message(text, values));
}

/// <summary>One row of an export.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Values">Its values, in the order of the columns.</param>
/// <param name="Size">How many bytes the line has.</param>
internal sealed record ExportedRow(long Line, object?[] Values, int Size);
