using System.Data;
using System.Data.Common;
using System.Globalization;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary>Fills a table with many rows, some at a time: one portable statement, prepared once.</summary>
internal sealed class RowInserter(DbConnection db, DbTransaction tx, Engine engine, MovedTable table, IReadOnlyList<Column> columns, string file) : IAsyncDisposable
{
    private const int MostRows = 100;
    private const int MostBytes = 1 << 20; // of the lines that the rows come from

    private readonly List<ExportedRow> _waiting = [];
    private DbCommand? _full;
    private int _bytes;

    /// <summary>Adds a row, now or with those to come.</summary>
    public async Task AddAsync(ExportedRow row, CancellationToken cancel)
    {
        if (engine == Engine.PostgreSql && row.Values.Any(value => value is string text && text.Contains('\0', StringComparison.Ordinal)))
        {
            throw new StartupException(new Message("command.zero-character", file, row.Line));
        }

        _waiting.Add(row);
        _bytes += row.Size;
        if (_waiting.Count == MostRows || _bytes >= MostBytes)
        {
            await FlushAsync(cancel);
        }
    }

    /// <summary>Inserts what waits.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var isFull = _waiting.Count == MostRows;
        var command = isFull ? _full ??= await PreparedAsync(cancel) : Command(_waiting.Count);
        try
        {
            for (var i = 0; i < command.Parameters.Count; i++)
            {
                command.Parameters[i].Value = _waiting[i / columns.Count].Values[i % columns.Count] ?? DBNull.Value;
            }

            await command.ExecuteNonQueryAsync(cancel);
        }
        catch (DbException failure) when (!Engines.IsUnavailable(failure))
        {
            throw new StartupException(new Message("command.rows-refused", file, _waiting[0].Line, _waiting[^1].Line, failure.Message), failure);
        }
        finally
        {
            if (!isFull)
            {
                await command.DisposeAsync();
            }
        }

        _waiting.Clear();
        _bytes = 0;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await (_full?.DisposeAsync() ?? default);

    private async Task<DbCommand> PreparedAsync(CancellationToken cancel)
    {
        var command = Command(MostRows);
        await command.PrepareAsync(cancel);
        return command;
    }

    private DbCommand Command(int rows)
    {
        var command = db.CreateCommand();
        command.Transaction = tx;
        foreach (var column in Enumerable.Repeat(columns, rows).SelectMany(row => row))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{command.Parameters.Count}");
            parameter.DbType = column.Type switch
            {
                ColumnType.Integer => DbType.Int64,
                ColumnType.Boolean => DbType.Boolean,
                _ => DbType.String,
            };
            command.Parameters.Add(parameter);
        }

        var names = command.Parameters.Cast<DbParameter>().Select(p => p.ParameterName).Chunk(columns.Count).Select(row => $"({string.Join(", ", row)})");
        command.CommandText = $"insert into {table.Name} ({string.Join(", ", columns.Select(c => c.Name))}) values {string.Join(", ", names)}";
        return command;
    }
}
