using Dapper;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Registers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EcoLabelRegistry.Tests.CommandLine;

/// <summary>Databases that have nothing in them yet, on one engine, and a folder; all thrown away afterwards.</summary>
public abstract class Databases : IAsyncLifetime
{
    /// <summary>A folder for files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("registry-commands-").FullName;

    public abstract Engine Engine { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A path in the folder at which nothing is.</summary>
    public string NewPath(string ending = "") => Path.Combine(Folder, Guid.NewGuid().ToString("n") + ending);

    /// <summary>The connection string of a new database.</summary>
    public abstract Task<string> NewAsync();

    /// <summary>How many tables a database has; on SQLite none where there is no file.</summary>
    public abstract Task<long> TablesAsync(string database);

    /// <summary>Changes a database by hand.</summary>
    public static async Task ExecuteAsync(string database, string sql, object? parameters = null)
    {
        await using var source = Engines.Open(database + ";Pooling=false");
        await using var db = await source.OpenConnectionAsync();
        await db.ExecuteAsync(sql, parameters);
    }

    /// <summary>Reads one value of a database.</summary>
    public static async Task<T?> ScalarAsync<T>(string database, string sql)
    {
        await using var source = Engines.Open(database + ";Pooling=false");
        await using var db = await source.OpenConnectionAsync();
        return await db.ExecuteScalarAsync<T>(sql);
    }
}

public sealed class SqliteDatabases : Databases
{
    public override Engine Engine => Engine.Sqlite;

    public static string FileOf(string database) => new SqliteConnectionStringBuilder(database).DataSource;

    public override Task<string> NewAsync() => Task.FromResult($"Data Source={NewPath(".db")}");

    public override async Task<long> TablesAsync(string database) =>
        File.Exists(FileOf(database)) ? await ScalarAsync<long>(database, "select count(*) from sqlite_master") : 0;
}

public sealed class PostgreSqlDatabases : Databases
{
    private readonly List<string> _made = [];

    public override Engine Engine => Engine.PostgreSql;

    public override async Task<string> NewAsync()
    {
        var name = "commands_" + Guid.NewGuid().ToString("n");
        await ExecuteAsync(PostgreSqlRegistry.TestServer, $"create database {name}");
        _made.Add(name);
        return new NpgsqlConnectionStringBuilder(PostgreSqlRegistry.TestServer) { Database = name }.ConnectionString;
    }

    public override async Task<long> TablesAsync(string database) => await ScalarAsync<long>(database, "select count(*) from pg_tables where schemaname = 'public'");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var name in _made)
        {
            await ExecuteAsync(PostgreSqlRegistry.TestServer, $"drop database {name} with (force)");
        }
    }
}

/// <summary>The service on a registry that a command made.</summary>
public sealed class ServiceOn(string database) : RegistryApp
{
    public override string Database => database;

    protected override string Seed => "none";

    /// <summary>Does something while the service runs, and lets go of the database afterwards.</summary>
    public static async Task WhileAsync(string database, Func<ServiceOn, Task> work)
    {
        var app = new ServiceOn(database);
        await app.InitializeAsync();
        try
        {
            await work(app);
        }
        finally
        {
            await app.DisposeAsync();
            SqliteConnection.ClearAllPools();
        }
    }
}

/// <summary>A small registry that a service runs on: seven entries that make it, one certificate (8), a register of three rows (9).</summary>
public sealed class SmallSqliteRegistry : SqliteRegistry
{
    protected override string Seed => "none";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await this.FillWithCertificatesAsync();
    }
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class SmallPostgreSqlRegistry : PostgreSqlRegistry
{
    protected override string Seed => "none";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await this.FillWithCertificatesAsync();
    }
}

internal static class SmallRegistryWithCertificates
{
    public static async Task FillWithCertificatesAsync(this RegistryApp app)
    {
        await app.FillAsync();
        await app.RegisterAsync(SmallRegistry.Certificate("L-1", products: SmallRegistry.Product("Acme", "漆 \"1\"")));
        CertificateBody[] rows = [SmallRegistry.Certificate("R-1"), SmallRegistry.Certificate("R-2"), SmallRegistry.Certificate("R-3")];
        await app.SendAsync(new ImportRegister.Request("beta", rows, null, Actor.Registrar));
    }
}
