using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

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
            using var insert = new PreparedInsert(sqlite, (SqliteTransaction)transaction, table, columns);
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
public sealed class PreparedInsert : IDisposable
{
    private readonly SqliteCommand _command;

    /// <summary>Prepares the insert.</summary>
    public PreparedInsert(SqliteConnection db, SqliteTransaction? transaction, string table, IReadOnlyList<string> columns)
    {
        _command = db.CreateCommand();
        _command.Transaction = transaction;
#pragma warning disable CA2100 // the names are constants of this program
        _command.CommandText = $"insert into {table} ({string.Join(", ", columns)}) values ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
#pragma warning restore CA2100
        for (var i = 0; i < columns.Count; i++)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" });
        }

        _command.Prepare();
    }

    /// <summary>Adds a row.</summary>
    public void Add(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        _command.ExecuteNonQuery();
    }

    /// <inheritdoc />
    public void Dispose() => _command.Dispose();
}
