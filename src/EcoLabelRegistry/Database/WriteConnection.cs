using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace EcoLabelRegistry.Database;

/// <summary>A connection to SQLite that is kept for all writes of this server: what it has read stays in memory, and its statements stay prepared.</summary>
/// <remarks>
/// SQLite throws a connection's pages away as soon as another one has written, so writers that take turns with connections read everything again. A
/// statement is found by its text; one that is being read meanwhile is prepared a second time. One thread at a time, as any connection.
/// </remarks>
internal sealed class WriteConnection(string connectionString) : SqliteConnection(connectionString)
{
    // The program's own statements are some hundred; texts with lists of parameters in them come in more forms.
    private const int MostKept = 200;

    private readonly Dictionary<string, SqliteCommand> _kept = new(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override DbCommand CreateDbCommand() => new KeptCommand(this);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _kept.Values)
            {
                command.Dispose();
            }

            _kept.Clear();
        }

        base.Dispose(disposing);
    }

    private SqliteCommand Take(string text)
    {
        if (!_kept.Remove(text, out var command))
        {
            command = CreateCommand();
#pragma warning disable CA2100 // as whoever asked for the command has it
            command.CommandText = text;
#pragma warning restore CA2100
        }

        command.Transaction = Transaction;
        return command;
    }

    private void GiveBack(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.CommandTimeout = DefaultTimeout;
        if (!IsKept(command.CommandText) || _kept.Count >= MostKept || !_kept.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    // A pragma may act while it is prepared, and never again; what makes and drops tables is run once.
    private static bool IsKept(string text) =>
        text.StartsWith("select", StringComparison.Ordinal) || text.StartsWith("insert", StringComparison.Ordinal)
        || text.StartsWith("update", StringComparison.Ordinal) || text.StartsWith("delete", StringComparison.Ordinal);

    /// <summary>A command that takes the statement of its text, and gives it back when it is disposed. Its text comes first.</summary>
    private sealed class KeptCommand(WriteConnection db) : DbCommand
    {
        private SqliteCommand? _statement;
        private bool _hasFailed;

        [AllowNull]
        public override string CommandText
        {
            get => _statement?.CommandText ?? "";
            set
            {
                GiveBack();
                _statement = db.Take(value ?? "");
            }
        }

        public override int CommandTimeout
        {
            get => Statement.CommandTimeout;
            set => Statement.CommandTimeout = value;
        }

        public override CommandType CommandType
        {
            get => CommandType.Text;
            set => Statement.CommandType = value;
        }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection
        {
            get => db;
            set => throw new NotSupportedException("The command belongs to its connection.");
        }

        protected override DbParameterCollection DbParameterCollection => Statement.Parameters;

        /// <remarks>There is one transaction at a time on the connection, and every command belongs to it.</remarks>
        protected override DbTransaction? DbTransaction
        {
            get => db.Transaction;
            set
            {
                if (value is not null && value != db.Transaction)
                {
                    throw new InvalidOperationException("The transaction is another connection's, or has ended.");
                }
            }
        }

        private SqliteCommand Statement => _statement ?? throw new InvalidOperationException("The command has no text yet.");

        public override void Cancel() => Statement.Cancel();

        public override void Prepare() => Statement.Prepare();

        public override int ExecuteNonQuery() => Run(s => s.ExecuteNonQuery());

        public override object? ExecuteScalar() => Run(s => s.ExecuteScalar());

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Run(s => s.ExecuteReader(behavior));

        protected override DbParameter CreateDbParameter() => Statement.CreateParameter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                GiveBack();
            }

            base.Dispose(disposing);
        }

        private T Run<T>(Func<SqliteCommand, T> run)
        {
            _hasFailed = true;
            var result = run(Statement);
            _hasFailed = false;
            return result;
        }

        private void GiveBack()
        {
            if (_hasFailed)
            {
                _statement?.Dispose(); // nothing of a failure is kept
            }
            else if (_statement is not null)
            {
                db.GiveBack(_statement);
            }

            _statement = null;
        }
    }
}
