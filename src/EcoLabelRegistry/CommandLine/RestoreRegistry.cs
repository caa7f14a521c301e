using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using Microsoft.Data.Sqlite;

namespace EcoLabelRegistry.CommandLine;

/// <summary>Puts a backup in the place of the registry on SQLite, once all of it is proven.</summary>
/// <remarks>
/// The backup is copied beside the registry, judged there, and takes its place in one step, so that a crash at any moment leaves the old
/// registry or the new one. Keys that were revoked after the backup was made are valid again.
/// </remarks>
internal static class RestoreRegistry
{
    /// <summary>Lets a registry that is not empty be replaced.</summary>
    public const string ReplaceFlag = "--replace";

    // SQLite reads what is missing from its last page as zeros.
    private const string Bytes = "select page_count * page_size from pragma_page_count(), pragma_page_size()";

    public static async Task<Done> RunAsync(Call call, CancellationToken cancel)
    {
        if (Engines.Of(call.Settings.Database) != Engine.Sqlite)
        {
            throw new StartupException(new Message("command.restore-to-postgresql"));
        }

        var file = StoredRegistry.FileOf(call.Settings.Database);
        var backup = Path.GetFullPath(call.Operand);
        DemandBackup(backup, file);
        RegistryFile.MakeFolder(file);
        using var alone = RegistryFile.HoldAlone(file) ?? throw InUse(file);
        await DemandReplaceableAsync(file, call.Flags.Contains(ReplaceFlag), cancel);

        var unfinished = $"{file}.unfinished-{Guid.NewGuid():n}";
        try
        {
            var sealIsIntact = await Seal.CopyWithoutAsync(backup, unfinished, cancel);
            var proof = await ProveAsync(backup, unfinished, cancel);
            if (sealIsIntact == false)
            {
                throw new StartupException(new Message("command.backup-damaged", backup));
            }

            RegistryFile.Replace(file, unfinished);
            return new Done(new Message(sealIsIntact is null ? "command.restored-unsealed" : "command.restored", file, proof.Revision, proof.Head));
        }
        finally
        {
            RegistryFile.Delete(unfinished);
        }
    }

    private static void DemandBackup(string backup, string file)
    {
        if (!File.Exists(backup))
        {
            throw new StartupException(new Message("command.no-backup", backup));
        }

        if (string.Equals(backup, file, StringComparison.Ordinal))
        {
            throw new StartupException(new Message("command.backup-is-registry", backup));
        }

        // A registry that changes while it is copied, or that a crash left with writes that are not in the file yet, is no backup.
        if (RegistryFile.IsHeld(backup) || new FileInfo(backup + "-wal") is { Exists: true, Length: > 0 })
        {
            throw new StartupException(new Message("command.backup-in-use", backup));
        }
    }

    /// <summary>Nobody has the registry open, and it is absent, empty, or given up by whoever asked for its replacement.</summary>
    private static async Task DemandReplaceableAsync(string file, bool replace, CancellationToken cancel)
    {
        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            await using var source = StoredRegistry.Source(RegistryFile.Connection(file));
            await using var db = (SqliteConnection)await source.OpenConnectionAsync(cancel);
            db.DefaultTimeout = 1; // second
            await db.ExecuteAsync("pragma locking_mode = exclusive"); // refused while any other program has the database open
            await using var tx = await db.BeginTransactionAsync(cancel);
            var schema = await Migrations.RecogniseAsync(db, tx, Engine.Sqlite);
            if (schema.State == SchemaState.Foreign)
            {
                throw new StartupException(new Message("start.foreign-database")); // never replaced, whatever was asked
            }

            if (schema.State != SchemaState.None && !replace && await RegistryTables.FirstFilledAsync(db, tx, Engine.Sqlite) is { } filled)
            {
                throw new StartupException(new Message("command.not-empty", file, filled));
            }
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is 5 or 6)
        {
            throw InUse(file);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is 11 or 26)
        {
            if (!replace)
            {
                throw new StartupException(new Message("command.registry-damaged", file), failure);
            }
        }
    }

    private static async Task<Verification> ProveAsync(string backup, string copy, CancellationToken cancel)
    {
        try
        {
            await using var source = StoredRegistry.Source(RegistryFile.Connection(copy));
            await using var db = await source.OpenConnectionAsync(cancel);
            await using var tx = await db.BeginReadAsync(cancel);
            if (await db.ExecuteScalarAsync<long>(Bytes, transaction: tx) != new FileInfo(copy).Length
                || await db.ExecuteScalarAsync<string>("pragma integrity_check(1)", transaction: tx) != "ok")
            {
                throw new StartupException(new Message("command.backup-damaged", backup));
            }

            Demand(backup, await Migrations.RecogniseAsync(db, tx, Engine.Sqlite));
            var proof = await ReadChanges.VerifyAsync(db, tx, after: 0, cancel);
            return proof.Valid ? proof : throw new StartupException(new Message("command.backup-broken-log", backup, proof.FirstBad));
        }
        catch (DbException failure)
        {
            throw new StartupException(new Message("command.backup-damaged", backup), failure);
        }
    }

    private static void Demand(string backup, Schema schema)
    {
        if (schema.State != SchemaState.Known)
        {
            throw new StartupException(schema.State is SchemaState.Newer or SchemaState.Other
                ? new Message("command.backup-newer", backup, schema.Number, schema.Name)
                : new Message("command.backup-foreign", backup));
        }
    }

    private static StartupException InUse(string file) => new(new Message("command.in-use", file));
}
