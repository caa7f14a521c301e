using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using EcoLabelRegistry.Http;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EcoLabelRegistry.Database;

/// <summary>Brings a database to the schema that this program was built with, and refuses one that it does not know.</summary>
/// <remarks>Several servers may start at once: all of it runs under one lock, and each migration commits together with its line in the journal.</remarks>
public static class Migrations
{
    private const string CreateJournal = """
        create table if not exists schema_migration (
            number      bigint not null primary key,
            name        text not null,
            checksum    text not null,
            applied_at  text not null
        )
        """;

    private const string Journal = "schema_migration";

    private const string RegistryTable = "registry";

    private const string SqliteTables = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'";

    private const string PostgreSqlTables = "select tablename from pg_tables where schemaname = current_schema()";

    private const string ReadJournal = "select number, name, checksum from schema_migration order by number";

    private const string WriteJournal = """
        insert into schema_migration (number, name, checksum, applied_at)
        values (@Number, @Name, @Checksum, @AppliedAt)
        """;

    private const string FormatOf = "select format from registry";

    /// <summary>The name that a registry's database carries in its one row of <c>registry</c>.</summary>
    public const string Format = "ecolabel-registry";

    /// <summary>The migrations embedded in this program for an engine, in order.</summary>
    public static IReadOnlyList<Migration> For(Engine engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var other = engine == Engine.Sqlite ? ".postgresql.sql" : ".sqlite.sql";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("migrations/", StringComparison.Ordinal) && !name.EndsWith(other, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(assembly, name))];
    }

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StartupException">The database is not ours, or was made by a newer program.</exception>
    /// <exception cref="DbException">It cannot be reached or is damaged; <see cref="Explain"/> says it in words.</exception>
    public static async Task ApplyAsync(DbDataSource database, Engine engine, CancellationToken cancel)
    {
        await using var db = await database.OpenConnectionAsync(cancel);
        await using (var tx = await db.BeginTransactionAsync(cancel))
        {
            await ApplyAsync(db, tx, engine, For(engine), cancel);
            await tx.CommitAsync(cancel);
        }

        if (engine == Engine.Sqlite)
        {
            await db.ExecuteAsync("pragma journal_mode = wal"); // kept in the file, so only once it is known to be ours
        }
    }

    /// <summary>Applies what is missing of the migrations given, in a transaction of the caller's.</summary>
    /// <exception cref="StartupException">The database is not ours, or was made by a newer program.</exception>
    internal static async Task ApplyAsync(DbConnection db, DbTransaction tx, Engine engine, IReadOnlyList<Migration> wanted, CancellationToken cancel)
    {
        if (engine == Engine.PostgreSql)
        {
            // "ecol"; SQLite: the transaction holds the write lock. However long another server needs, this one waits.
            await db.ExecuteAsync("select pg_advisory_xact_lock(1701015404)", transaction: tx, commandTimeout: 0);
        }

        var schema = await RecogniseAsync(db, tx, engine);
        schema.Demand();
        await db.ExecuteAsync(CreateJournal, transaction: tx);
        foreach (var migration in wanted.Skip(schema.Applied))
        {
            cancel.ThrowIfCancellationRequested();
            await db.ExecuteAsync(migration.Sql, transaction: tx, commandTimeout: 0); // an index over millions of rows takes its time
            await db.ExecuteAsync(WriteJournal, new
            {
                migration.Number,
                migration.Name,
                migration.Checksum,
                AppliedAt = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            }, tx);
        }

        if (await db.QuerySingleOrDefaultAsync<string>(FormatOf, transaction: tx) != Format)
        {
            throw new StartupException(new Message("start.foreign-database"));
        }
    }

    /// <summary>Reads what a database is, and changes nothing.</summary>
    internal static async Task<Schema> RecogniseAsync(DbConnection db, DbTransaction tx, Engine engine)
    {
        var tables = await TablesAsync(db, tx, engine);
        if (tables.Count == 0)
        {
            return new Schema(SchemaState.None);
        }

        if (!tables.Contains(Journal))
        {
            return new Schema(SchemaState.Foreign);
        }

        var known = For(engine);
        var applied = (await db.QueryAsync<(long Number, string Name, string Checksum)>(ReadJournal, transaction: tx)).AsList();
        if (applied.Count > known.Count)
        {
            return new Schema(SchemaState.Newer, applied.Count, applied[^1].Number, applied[^1].Name);
        }

        foreach (var (done, match) in applied.Zip(known).Where(pair => pair.First.Number != pair.Second.Number || pair.First.Checksum != pair.Second.Checksum))
        {
            return new Schema(SchemaState.Other, applied.Count, done.Number, done.Name);
        }

        return tables.Contains(RegistryTable) && await db.QuerySingleOrDefaultAsync<string>(FormatOf, transaction: tx) != Format
            ? new Schema(SchemaState.Foreign)
            : new Schema(SchemaState.Known, applied.Count);
    }

    /// <summary>The names of the database's tables.</summary>
    internal static async Task<IReadOnlySet<string>> TablesAsync(DbConnection db, DbTransaction tx, Engine engine) =>
        (await db.QueryAsync<string>(engine == Engine.Sqlite ? SqliteTables : PostgreSqlTables, transaction: tx)).ToHashSet(StringComparer.Ordinal);

    /// <summary>What a failure of the database means to the person who started the program.</summary>
    internal static StartupException Explain(DbException failure) => failure switch
    {
        SqliteException { SqliteErrorCode: 26 or 11 } => new(new Message("start.damaged-file"), failure),
        SqliteException { SqliteErrorCode: 14 } => new(new Message("start.file-not-opened"), failure),
        SqliteException { SqliteErrorCode: 8 } => new(new Message("start.file-read-only"), failure),
        SqliteException { SqliteErrorCode: 5 or 6 } => new(new Message("start.file-locked"), failure),
        SqliteException { SqliteErrorCode: 10 or 13 } => new(new Message("start.disk-failed", failure.Message), failure),
        // 28: who one is; 3D: no such database; 42501: not allowed. Anything else is no matter of settings.
        PostgresException refused when refused.SqlState.StartsWith("28", StringComparison.Ordinal)
            || refused.SqlState.StartsWith("3D", StringComparison.Ordinal) || refused.SqlState == PostgresErrorCodes.InsufficientPrivilege =>
            new(new Message("start.refused-by-postgresql", refused.MessageText), failure),
        PostgresException refused => new(new Message("start.failed-in-postgresql", refused.MessageText), failure),
        NpgsqlException => new(new Message("start.postgresql-not-reached"), failure),
        _ => new(new Message("start.database-failed", failure.Message), failure),
    };

    private static Migration Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
        var name = resource["migrations/".Length..].Split('.')[0];
        return new Migration(
            long.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture),
            name,
            sql,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
    }
}

/// <summary>One step of the schema. Never edited once it has landed: a database remembers its checksum.</summary>
/// <param name="Number">Place in the order, from 1, without gaps.</param>
/// <param name="Name"><c>NNNN_verb_noun</c>.</param>
/// <param name="Sql">The text, with line feeds.</param>
/// <param name="Checksum">SHA-256 of the text, in hexadecimal.</param>
public sealed record Migration(long Number, string Name, string Sql, string Checksum);

/// <summary>What a database is to this program.</summary>
public enum SchemaState
{
    /// <summary>It has no table at all.</summary>
    None,

    /// <summary>Made by this version or an earlier one.</summary>
    Known,

    /// <summary>Made by a newer version.</summary>
    Newer,

    /// <summary>A migration in it is not the one that this program has under its number.</summary>
    Other,

    /// <summary>No registry of this program.</summary>
    Foreign,
}

/// <summary>What a database is to this program, and how far it has come.</summary>
/// <param name="State">What it is.</param>
/// <param name="Applied">How many migrations it has.</param>
/// <param name="Number">The migration that this program does not know, if there is one.</param>
/// <param name="Name">Its name.</param>
public sealed record Schema(SchemaState State, int Applied = 0, long Number = 0, string Name = "")
{
    /// <summary>Lets a database through that is empty or ours.</summary>
    /// <exception cref="StartupException">It is neither.</exception>
    public void Demand()
    {
        switch (State)
        {
            case SchemaState.Foreign:
                throw new StartupException(new Message("start.foreign-database"));
            case SchemaState.Newer:
                throw new StartupException(new Message("start.newer-database", Number, Name));
            case SchemaState.Other:
                throw new StartupException(new Message("start.other-migration", Number, Name));
            case SchemaState.None or SchemaState.Known:
            default:
                break;
        }
    }
}
