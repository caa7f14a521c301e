using System.Data;
using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Http;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EcoLabelRegistry.Database;

/// <summary>The database engines that a registry can live on.</summary>
public enum Engine
{
    /// <summary>One file, nothing to install.</summary>
    Sqlite,

    /// <summary>PostgreSQL 15 or later; any number of servers on one database.</summary>
    PostgreSql,
}

/// <summary>The few lines in which the engines differ.</summary>
public static class Engines
{
    private const string News = "registry_news";

    // 16 MiB of pages for what is written again and again, and as much of a log before it goes into the file, so that a page that many wrote is written there once.
    // What pages were before a savepoint is kept in memory: each of the writes that share a commit has one, and none is long.
    private const string ForShortWrites = "pragma cache_size = -16384; pragma wal_autocheckpoint = 4000; pragma temp_store = memory";

    /// <summary>Tells the engine by the connection string: <c>Data Source=…</c> is SQLite, <c>Host=…</c> PostgreSQL.</summary>
    /// <exception cref="StartupException">It is neither.</exception>
    public static Engine Of(string connectionString)
    {
        var words = Parse(connectionString);
        return words.ContainsKey("Host") || words.ContainsKey("Server") ? Engine.PostgreSql
            : words.ContainsKey("Data Source") || words.ContainsKey("DataSource") || words.ContainsKey("Filename") ? Engine.Sqlite
            : throw new StartupException(new Message("start.no-engine"));
    }

    /// <summary>Opens the source of connections. No connection is made yet.</summary>
    /// <exception cref="StartupException">The connection string has a word that the engine does not know, or names no place that lasts.</exception>
    public static DbDataSource Open(string connectionString)
    {
        try
        {
            return Of(connectionString) == Engine.PostgreSql
                ? NpgsqlDataSource.Create(connectionString)
                : SqliteFactory.Instance.CreateDataSource(Lasting(new SqliteConnectionStringBuilder(connectionString)).ConnectionString);
        }
        catch (ArgumentException wrong)
        {
            throw new StartupException(new Message("start.database-setting", wrong.Message.TrimEnd('.')), wrong);
        }
    }

    // Full synchronous writes and a busy wait of 30 s are the engine's and the provider's defaults; foreign keys are not.
    private static SqliteConnectionStringBuilder Lasting(SqliteConnectionStringBuilder sqlite)
    {
        if (sqlite.DataSource is "" or ":memory:" || sqlite.Mode == SqliteOpenMode.Memory)
        {
            throw new StartupException(new Message("start.no-file"));
        }

        sqlite.ForeignKeys = true;
        return sqlite;
    }

    /// <summary>Opens a connection for many short writes: on SQLite one that is worth keeping.</summary>
    public static async ValueTask<DbConnection> OpenForWritingAsync(this DbDataSource database, CancellationToken cancel)
    {
        if (database.CreateConnection() is not SqliteConnection)
        {
            return await database.OpenConnectionAsync(cancel);
        }

        var db = new WriteConnection(new SqliteConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            await db.OpenAsync(cancel);
            await db.ExecuteAsync(ForShortWrites);
            return db;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a transaction in which everything read is of one revision. Readers block nobody, in either engine.</summary>
    public static async ValueTask<DbTransaction> BeginReadAsync(this DbConnection db, CancellationToken cancel) => db is SqliteConnection sqlite
        ? sqlite.BeginTransaction(deferred: true) // the default takes the write lock, which locks out every other reader that does the same
        : await db.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);

    /// <summary>Waits until no write is in progress: what comes after is written later than now.</summary>
    public static async Task AwaitWriterAsync(this DbConnection db, CancellationToken cancel)
    {
        if (db is SqliteConnection)
        {
            await using var lockOfAll = await db.BeginTransactionAsync(cancel);
            return;
        }

        await db.ExecuteAsync(new CommandDefinition("select 1 from registry for share", cancellationToken: cancel));
    }

    /// <summary>Tells every server on the database, once the transaction is committed, that there is something new. SQLite has no such word.</summary>
    public static async Task AnnounceAsync(this DbConnection db, DbTransaction transaction)
    {
        if (db is NpgsqlConnection)
        {
            await db.ExecuteAsync("notify " + News, transaction: transaction);
        }
    }

    /// <summary>Calls back whenever a server on the database has written, for as long as the connection holds.</summary>
    /// <returns>False at once where the engine has no such word, and asking is the only way.</returns>
    public static async Task<bool> ListenAsync(this DbDataSource database, Action heard, CancellationToken cancel)
    {
        await using var db = await database.OpenConnectionAsync(cancel);
        if (db is not NpgsqlConnection listening)
        {
            return false;
        }

        listening.Notification += (_, _) => heard();
        await db.ExecuteAsync(new CommandDefinition("listen " + News, cancellationToken: cancel));
        heard(); // what was written before it listened
        while (true)
        {
            await listening.WaitAsync(cancel);
        }
    }

    /// <summary>Gives the transaction room for many rows, so that pages of large indexes are not written again and again.</summary>
    public static async Task ExpectManyRowsAsync(this DbConnection db, DbTransaction transaction)
    {
        if (db is SqliteConnection)
        {
            await db.ExecuteAsync("pragma cache_size = -65536", transaction: transaction); // in KiB
        }
    }

    /// <summary>Takes the room back: the connection is used by others again.</summary>
    public static async Task ForgetManyRowsAsync(this DbConnection db, DbTransaction transaction)
    {
        if (db is SqliteConnection)
        {
            // The engine's own default; and the log of a long transaction is cut back when it is next begun anew, instead of staying as long as it was.
            await db.ExecuteAsync("pragma cache_size = -2000; pragma journal_size_limit = 67108864", transaction: transaction);
        }
    }

    /// <summary>Lets what the transaction removes be overwritten in the file, and not only set free. PostgreSQL has no such word.</summary>
    public static async Task OverwriteRemovedAsync(this DbConnection db, DbTransaction transaction, bool isOn)
    {
        if (db is SqliteConnection)
        {
            await db.ExecuteAsync(isOn ? "pragma secure_delete = on" : "pragma secure_delete = off", transaction: transaction);
        }
    }

    /// <summary>Empties SQLite's write-ahead log, where pages stand as they were before. PostgreSQL's is its operator's.</summary>
    /// <returns>False when readers kept it from that for some seconds: then it is emptied when it is next begun anew.</returns>
    public static async Task<bool> ForgetRemovedAsync(this DbDataSource database)
    {
        await using var db = await database.OpenConnectionAsync();
        for (var left = db is SqliteConnection ? 50 : 0; left > 0; left--)
        {
            if (await db.ExecuteScalarAsync<long>("pragma wal_checkpoint(truncate)") == 0)
            {
                return true;
            }

            await Task.Delay(100);
        }

        return db is not SqliteConnection;
    }

    /// <summary>True when the failure says that the database cannot be reached or used now, and may be later.</summary>
    public static bool IsUnavailable(DbException failure) => failure switch
    {
        // 08: connection; 53: resources; 57P: shutting down; 55P03: waited too long for a lock; no state at all: the socket failed.
        PostgresException { SqlState: var state } => state.StartsWith("08", StringComparison.Ordinal)
            || state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal)
            || state == PostgresErrorCodes.LockNotAvailable,
        NpgsqlException => true,
        SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 13 or 14 } => true, // busy, locked, read-only, I/O error, full, cannot open
        _ => false,
    };

    private static DbConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = connectionString };
        }
        catch (ArgumentException)
        {
            throw new StartupException(new Message("start.no-connection-string"));
        }
    }
}
