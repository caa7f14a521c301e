using System.Data.Common;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using Npgsql;

namespace EcoLabelRegistry.CommandLine;

/// <summary>A registry that is there, opened to be read at one revision, whether a service runs on it or not. Nothing is made, migrated or written.</summary>
internal sealed class StoredRegistry : IAsyncDisposable
{
    private readonly DbDataSource _source;

    private StoredRegistry(DbDataSource source, DbConnection db, DbTransaction transaction, Engine engine, Schema schema)
    {
        (_source, Db, Transaction, Engine) = (source, db, transaction, engine);
        Newest = Migrations.For(engine)[schema.Applied - 1];
    }

    /// <summary>The connection; everything read through it belongs to <see cref="Transaction"/>.</summary>
    public DbConnection Db { get; }

    /// <summary>The read transaction.</summary>
    public DbTransaction Transaction { get; }

    /// <summary>The engine.</summary>
    public Engine Engine { get; }

    /// <summary>The newest migration that the registry has; an earlier version's registry is read too.</summary>
    public Migration Newest { get; }

    /// <summary>The source of connections for one command: nothing stays open afterwards, and no statement is cut off for taking long.</summary>
    public static DbDataSource Source(string connectionString) => Engines.Of(connectionString) == Engine.PostgreSql
        ? Engines.Open(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0, Pooling = false }.ConnectionString)
        : Engines.Open(RegistryFile.Connection(FileOf(connectionString)));

    /// <summary>The file of a registry on SQLite.</summary>
    /// <exception cref="StartupException">It has none.</exception>
    public static string FileOf(string connectionString) =>
        RegistryFile.Of(connectionString) ?? throw new StartupException(new Message("command.no-plain-file"));

    /// <summary>Opens the registry.</summary>
    /// <exception cref="StartupException">There is none, or it is not one of this program's.</exception>
    public static async Task<StoredRegistry> OpenAsync(string connectionString, CancellationToken cancel)
    {
        var engine = Engines.Of(connectionString);
        if (engine == Engine.Sqlite && FileOf(connectionString) is var file && !File.Exists(file))
        {
            throw new StartupException(new Message("command.no-file", file));
        }

        var source = Source(connectionString);
        DbConnection? db = null;
        DbTransaction? tx = null;
        try
        {
            db = await source.OpenConnectionAsync(cancel);
            tx = await db.BeginReadAsync(cancel);
            var schema = await Migrations.RecogniseAsync(db, tx, engine);
            schema.Demand();
            return schema.State == SchemaState.None
                ? throw new StartupException(new Message("command.no-registry"))
                : new StoredRegistry(source, db, tx, engine, schema);
        }
        catch
        {
            await (tx?.DisposeAsync() ?? default);
            await (db?.DisposeAsync() ?? default);
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Proves the chain from its beginning.</summary>
    public Task<Verification> ProveAsync(CancellationToken cancel) => ReadChanges.VerifyAsync(Db, Transaction, after: 0, cancel);

    /// <summary>Proves the chain, and goes no further when it is broken.</summary>
    /// <exception cref="StartupException">It is; the text names the first bad revision.</exception>
    public async Task<Verification> DemandProofAsync(CancellationToken cancel)
    {
        var proof = await ProveAsync(cancel);
        return proof.Valid ? proof : throw new StartupException(new Message("command.broken-log", proof.FirstBad));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Db.DisposeAsync();
        await _source.DisposeAsync();
    }
}
