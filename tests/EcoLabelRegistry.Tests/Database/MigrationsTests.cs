using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Database;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EcoLabelRegistry.Tests.Database;

public sealed class SqliteMigrations : MigrationsTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-migrations-").FullName;

    protected override Engine Engine => Engine.Sqlite;

    protected override async Task<DbDataSource> NewAsync(string name)
    {
        await Task.CompletedTask;
        return Engines.Open($"Data Source={Path.Combine(_folder, name + ".db")}");
    }

    protected override async Task<List<string>> CatalogueAsync(DbConnection db)
    {
        var tables = (await db.QueryAsync<string>("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")).AsList();
        var catalogue = new List<string>();
        foreach (var table in tables)
        {
            catalogue.AddRange(await db.QueryAsync<string>("select 'column ' || @Table || ' ' || cid || ' ' || name || ' ' || type || ' ' || \"notnull\" || ' ' || coalesce(dflt_value, '') || ' ' || pk from pragma_table_xinfo(@Table)", new { Table = table }));
            catalogue.AddRange(await db.QueryAsync<string>(
                "select 'key ' || @Table || ' ' || \"from\" || ' ' || \"table\" || ' ' || \"to\" from pragma_foreign_key_list(@Table)", new { Table = table }));
        }

        // Checks, and the conditions of indexes, are found in the text alone.
        var texts = await db.QueryAsync<(string Name, string Sql)>("select name, sql from sqlite_master where sql is not null");
        catalogue.AddRange(texts.Select(t => $"text {t.Name} {Bare(t.Sql)}"));
        return catalogue;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Bare(string sql)
    {
        var lines = sql.Split('\n').Select(line => line.Split("--")[0]);
        return string.Concat(string.Concat(lines).Where(c => !char.IsWhiteSpace(c))).Replace("ifnotexists", "", StringComparison.OrdinalIgnoreCase);
    }
}

public sealed class PostgreSqlMigrations : MigrationsTests
{
    private readonly string _name = "migrations_" + Guid.NewGuid().ToString("n");
    private readonly List<string> _made = [];

    protected override Engine Engine => Engine.PostgreSql;

    protected override async Task<DbDataSource> NewAsync(string name)
    {
        var database = $"{_name}_{name}";
        await ExecuteAsync($"create database {database}");
        _made.Add(database);
        return Engines.Open(new NpgsqlConnectionStringBuilder(PostgreSqlRegistry.TestServer) { Database = database, Pooling = false }.ConnectionString);
    }

    protected override async Task<List<string>> CatalogueAsync(DbConnection db) =>
    [
        .. await db.QueryAsync<string>("""
            select 'column ' || table_name || ' ' || ordinal_position || ' ' || column_name || ' ' || coalesce(domain_name, data_type) || ' ' || is_nullable || ' '
                || coalesce(column_default, '') || ' ' || coalesce(collation_name, '')
            from information_schema.columns where table_schema = 'public'
            """),
        .. await db.QueryAsync<string>("select 'index ' || indexdef from pg_indexes where schemaname = 'public'"),
        .. await db.QueryAsync<string>("select 'constraint ' || conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace"),
        .. await db.QueryAsync<string>("select 'type ' || typname || ' ' || typtype::text || ' ' || typcollation::regcollation::text from pg_type where typnamespace = 'public'::regnamespace and typtype = 'd'"),
    ];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var database in _made)
        {
            await ExecuteAsync($"drop database {database} with (force)");
        }
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var server = NpgsqlDataSource.Create(PostgreSqlRegistry.TestServer);
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

public abstract class MigrationsTests : IAsyncLifetime
{
    private readonly List<DbDataSource> _opened = [];

    protected abstract Engine Engine { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var database in _opened)
        {
            await database.DisposeAsync();
        }
    }

    /// <summary>An empty database.</summary>
    protected abstract Task<DbDataSource> NewAsync(string name);

    /// <summary>Everything that the engine knows of the schema.</summary>
    protected abstract Task<List<string>> CatalogueAsync(DbConnection db);

    [Fact]
    public async Task The_schema_as_it_is_written_down_is_what_the_migrations_add_up_to()
    {
        var (migrated, written) = (await OpenAsync("migrated"), await OpenAsync("written"));
        await Migrations.ApplyAsync(migrated, Engine, CancellationToken.None);
        await using var db = await written.OpenConnectionAsync();
        if (Engine == Engine.PostgreSql)
        {
            await db.ExecuteAsync(Migrations.For(Engine)[0].Sql); // the one difference, as the file says
        }

        await db.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Project.Root, "db", "schema.sql")));

        await using var other = await migrated.OpenConnectionAsync();
        var expected = await CatalogueAsync(other);
        Assert.True(expected.Count > 50);
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await CatalogueAsync(db)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Migrations_are_applied_once_whoever_starts_first()
    {
        var database = await OpenAsync("once");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Migrations.ApplyAsync(database, Engine, CancellationToken.None))));

        await using var db = await database.OpenConnectionAsync();
        var journal = (await db.QueryAsync<(long Number, string Name, string Checksum)>("select number, name, checksum from schema_migration order by number")).AsList();
        Assert.Equal(Migrations.For(Engine).Select(m => (m.Number, m.Name, m.Checksum)), journal);
    }

    [Fact]
    public async Task A_database_that_an_earlier_version_made_is_brought_up_to_date_and_keeps_what_it_holds()
    {
        foreach (var released in Enumerable.Range(2, Migrations.For(Engine).Count - 2))
        {
            var database = await OpenAsync($"from{released}");
            await using (var db = await database.OpenConnectionAsync())
            {
                await db.ExecuteAsync("create table schema_migration (number bigint not null primary key, name text not null, checksum text not null, applied_at text not null)");
                foreach (var migration in Migrations.For(Engine).Take(released))
                {
                    await db.ExecuteAsync(migration.Sql);
                    await db.ExecuteAsync("insert into schema_migration values (@Number, @Name, @Checksum, '2026-11-22T00:00:00Z')", migration);
                }

                await db.ExecuteAsync("update registry set revision = 7");
            }

            await Migrations.ApplyAsync(database, Engine, CancellationToken.None);

            await using var after = await database.OpenConnectionAsync();
            Assert.Equal(Migrations.For(Engine).Count, await after.ExecuteScalarAsync<long>("select count(*) from schema_migration"));
            Assert.Equal(7, await after.ExecuteScalarAsync<long>("select revision from registry"));
        }
    }

    [Theory]
    [InlineData("update schema_migration set checksum = 'edited' where number = 2", "Migration 2 (0002_create_registry) of the database differs from this program's. *restore a backup.")]
    [InlineData("delete from schema_migration where number = 1", "Migration 2 (0002_create_registry) of the database differs from this program's. *restore a backup.")]
    [InlineData("insert into schema_migration values (9999, '9999_add_future', 'x', 'x')", "The database was made by a newer version of this program (migration 9999, 9999_add_future). *restore a backup.")]
    [InlineData("update registry set format = 'other'", "The database is not a registry of this program. Point Registry:Database at *")]
    [InlineData("drop table schema_migration", "The database is not a registry of this program. Point Registry:Database at *")]
    public async Task A_database_that_is_not_as_it_should_be_is_refused_in_one_line_and_left_alone(string byHand, string line)
    {
        var database = await OpenAsync("refused");
        await Migrations.ApplyAsync(database, Engine, CancellationToken.None);
        await using var db = await database.OpenConnectionAsync();
        await db.ExecuteAsync(byHand);
        var before = (await CatalogueAsync(db)).Order(StringComparer.Ordinal).ToList();

        var refusal = await Assert.ThrowsAsync<StartupException>(() => Migrations.ApplyAsync(database, Engine, CancellationToken.None));

        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(line).Replace("\\*", ".*", StringComparison.Ordinal) + "$", refusal.Message);
        Assert.Equal(before, (await CatalogueAsync(db)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_before_anything_is_made_in_it()
    {
        var database = await OpenAsync("foreign");
        await using var db = await database.OpenConnectionAsync();
        await db.ExecuteAsync("create table customer (name text)");

        var refusal = await Assert.ThrowsAsync<StartupException>(() => Migrations.ApplyAsync(database, Engine, CancellationToken.None));

        Assert.StartsWith("The database is not a registry of this program.", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await CatalogueAsync(db), entry => !entry.Contains("customer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a,B,_,Z,z,é,中,😀", "B,Z,_,a,z,é,中,😀")]
    public async Task Texts_sort_by_code_point_on_every_engine(string given, string sorted)
    {
        var database = await OpenAsync("sorted");
        await Migrations.ApplyAsync(database, Engine, CancellationToken.None);
        await using var db = await database.OpenConnectionAsync();
        foreach (var code in given.Split(','))
        {
            await db.ExecuteAsync("insert into record (kind, code, recorded_from, data) values ('category', @Code, 1, '{}')", new { Code = code });
        }

        Assert.Equal(sorted.Split(','), await db.QueryAsync<string>("select code from record order by code"));
        Assert.Equal("B", await db.ExecuteScalarAsync<string>("select min(code) from record where code > @Below", new { Below = "A" }));
    }

    private async Task<DbDataSource> OpenAsync(string name)
    {
        var database = await NewAsync(name);
        _opened.Add(database);
        return database;
    }
}
