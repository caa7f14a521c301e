using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace EcoLabelRegistry.Database;

/// <summary>Adds many rows to one table in the way that the engine does fastest: a prepared insert, or PostgreSQL's COPY.</summary>
/// <remarks>While rows of one table are added, the connection can do nothing else. Values are texts, whole numbers, bytes or null.</remarks>
public static class BulkRows
{
    /// <summary>Adds the rows.</summary>
    /// <param name="db">The connection.</param>
    /// <param name="transaction">What the rows belong to.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns, as the rows have them.</param>
    /// <param name="rows">The rows; one array may be used for all.</param>
    /// <param name="cancel">Stops between two rows.</param>
    /// <returns>How many.</returns>
    public static async Task<long> AddAsync(
        DbConnection db, DbTransaction transaction, string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows, CancellationToken cancel)
    {
        long added = 0;
        if (db is SqliteConnection sqlite)
        {
            using var insert = new PreparedInsert(sqlite, table, columns);
            foreach (var row in rows)
            {
                cancel.ThrowIfCancellationRequested();
                insert.Add(row);
                added++;
            }

            return added;
        }

        await using var copy = await ((NpgsqlConnection)db).BeginBinaryImportAsync($"copy {table} ({string.Join(", ", columns)}) from stdin (format binary)", cancel);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancel);
            foreach (var value in row)
            {
                await (value switch
                {
                    null => copy.WriteNullAsync(cancel),
                    long number => copy.WriteAsync(number, NpgsqlDbType.Bigint, cancel),
                    byte[] bytes => copy.WriteAsync(bytes, NpgsqlDbType.Bytea, cancel),
                    _ => copy.WriteAsync((string)value, NpgsqlDbType.Text, cancel),
                });
            }

            added++;
        }

        await copy.CompleteAsync(cancel);
        return added;
    }
}

/// <summary>One insert into a table of SQLite, prepared once and run for each row.</summary>
/// <remarks>By the engine's own calls: the provider makes a reader for each row, and looks each parameter up by its name.</remarks>
public sealed class PreparedInsert : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _insert;
    private byte[] _text = new byte[4096];

    /// <summary>Prepares the insert. Rows belong to the transaction that the connection is in.</summary>
    public PreparedInsert(SqliteConnection db, string table, IReadOnlyList<string> columns)
    {
        _db = db.Handle!;
        Demand(raw.sqlite3_prepare_v2(_db, $"insert into {table} ({string.Join(", ", columns)}) values ({string.Join(", ", columns.Select(_ => "?"))})", out _insert));
    }

    /// <summary>Adds a row.</summary>
    public void Add(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Demand(values[i] switch
            {
                null => raw.sqlite3_bind_null(_insert, i + 1),
                long number => raw.sqlite3_bind_int64(_insert, i + 1, number),
                byte[] bytes => bytes.Length == 0 ? raw.sqlite3_bind_zeroblob(_insert, i + 1, 0) : raw.sqlite3_bind_blob(_insert, i + 1, bytes),
                var text => Bind(i + 1, (string)text),
            });
        }

        var done = raw.sqlite3_step(_insert);
        var reset = raw.sqlite3_reset(_insert);
        Demand(done == raw.SQLITE_DONE ? reset : done);
    }

    /// <inheritdoc />
    public void Dispose() => _insert.Dispose();

    private int Bind(int place, string text)
    {
        if (text.Length == 0)
        {
            return raw.sqlite3_bind_text(_insert, place, ""); // no bytes at all would be null
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }

        return raw.sqlite3_bind_text(_insert, place, _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text)));
    }

    private void Demand(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _db);
        }
    }
}
