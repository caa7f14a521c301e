using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
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
    /// <exception cref="StartupException">The database cannot be used: unreachable, not ours, corrupt, or made by a newer program.</exception>
    public static async Task ApplyAsync(DbDataSource database, Engine engine, CancellationToken cancel)
    {
        try
        {
            await using var db = await database.OpenConnectionAsync(cancel);
            await using (var tx = await db.BeginTransactionAsync(cancel))
            {
                if (engine == Engine.PostgreSql)
                {
                    await db.ExecuteAsync("select pg_advisory_xact_lock(1701015404)", transaction: tx); // "ecol"; SQLite: the transaction holds the write lock
                }

                await ApplyAsync(db, tx, engine, For(engine), cancel);
                await tx.CommitAsync(cancel);
            }

            if (engine == Engine.Sqlite)
            {
                await db.ExecuteAsync("pragma journal_mode = wal"); // kept in the file, so only once it is known to be ours
            }
        }
        catch (DbException failure)
        {
            throw Explain(failure);
        }
    }

    private static async Task ApplyAsync(DbConnection db, DbTransaction tx, Engine engine, IReadOnlyList<Migration> known, CancellationToken cancel)
    {
        var tables = (await db.QueryAsync<string>(engine == Engine.Sqlite ? SqliteTables : PostgreSqlTables, transaction: tx)).ToHashSet(StringComparer.Ordinal);
        if (tables.Count > 0 && !tables.Contains(Journal))
        {
            throw Foreign();
        }

        await db.ExecuteAsync(CreateJournal, transaction: tx);
        var applied = (await db.QueryAsync<Applied>(ReadJournal, transaction: tx)).AsList();
        if (applied.Count > known.Count)
        {
            throw new StartupException(
                $"The database was made by a newer version of this program (migration {applied[^1].Number}, {applied[^1].Name}). Start that version, or restore a backup.");
        }

        foreach (var (done, match) in applied.Zip(known))
        {
            if (done.Number != match.Number || done.Checksum != match.Checksum)
            {
                throw new StartupException(
                    $"Migration {done.Number} ({done.Name}) of the database differs from this program's. Start the program that made it, or restore a backup.");
            }
        }

        foreach (var migration in known.Skip(applied.Count))
        {
            cancel.ThrowIfCancellationRequested();
            await db.ExecuteAsync(migration.Sql, transaction: tx);
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
            throw Foreign();
        }
    }

    private static StartupException Foreign() =>
        new("The database is not a registry of this program. Point Registry:Database at an empty one, or at its own.");

    private static StartupException Explain(DbException failure) => failure switch
    {
        SqliteException { SqliteErrorCode: 26 } or SqliteException { SqliteErrorCode: 11 } =>
            new("The database file is damaged or is no SQLite database. Restore a backup, or move the file away to start anew.", failure),
        SqliteException { SqliteErrorCode: 14 } =>
            new("The database file cannot be opened. Check that its folder exists and may be written to, or set Registry:Database.", failure),
        SqliteException { SqliteErrorCode: 8 } =>
            new("The database file or its folder is read-only. Make both writable for this user, or set Registry:Database.", failure),
        SqliteException { SqliteErrorCode: 5 or 6 } =>
            new("The database file is locked by another program. Stop that program, then start again.", failure),
        // 28: who one is; 3D: no such database; 42501: not allowed. Anything else is no matter of settings.
        PostgresException refused when refused.SqlState.StartsWith("28", StringComparison.Ordinal)
            || refused.SqlState.StartsWith("3D", StringComparison.Ordinal) || refused.SqlState == PostgresErrorCodes.InsufficientPrivilege =>
            new($"PostgreSQL refused: {refused.MessageText}. Check user, password, database and rights in Registry:Database.", failure),
        PostgresException refused => new($"PostgreSQL could not prepare the database: {refused.MessageText}.", failure),
        NpgsqlException =>
            new("PostgreSQL cannot be reached. Check that it runs and that Host and Port in Registry:Database are right.", failure),
        _ => new($"The database cannot be used: {failure.Message}", failure),
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

    private sealed record Applied(long Number, string Name, string Checksum);
}

/// <summary>One step of the schema. Never edited once it has landed: a database remembers its checksum.</summary>
/// <param name="Number">Place in the order, from 1, without gaps.</param>
/// <param name="Name"><c>NNNN_verb_noun</c>.</param>
/// <param name="Sql">The text, with line feeds.</param>
/// <param name="Checksum">SHA-256 of the text, in hexadecimal.</param>
public sealed record Migration(long Number, string Name, string Sql, string Checksum);
