using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary>Fills an empty database with an exported registry: all of it, proven, or nothing.</summary>
/// <remarks>
/// One transaction makes the schema that the export was written from, fills it, applies the migrations that came since, and proves the chain. A
/// service that starts meanwhile waits, or finds the database locked.
/// </remarks>
internal static class ImportRegistry
{
    public static async Task<Done> RunAsync(Call call, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(call.Operand);
        if (!Directory.Exists(folder))
        {
            throw new StartupException(new Message("command.no-export", folder));
        }

        var manifest = await ExportManifest.ReadAsync(folder, cancel);
        var engine = Engines.Of(call.Settings.Database);
        DemandSchema(manifest, engine);
        if (engine == Engine.PostgreSql)
        {
            return await FillAsync(StoredRegistry.Source(call.Settings.Database), engine, folder, manifest, cancel);
        }

        var file = StoredRegistry.FileOf(call.Settings.Database);
        RegistryFile.MakeFolder(file);
        using var held = RegistryFile.Hold(file);
        var isNew = !File.Exists(file);
        try
        {
            return await FillAsync(Engines.Open(RegistryFile.NewConnection(file)), engine, folder, manifest, cancel);
        }
        catch when (isNew)
        {
            RegistryFile.Delete(file);
            throw;
        }
    }

    private static void DemandSchema(ExportManifest manifest, Engine engine)
    {
        var known = Migrations.For(engine);
        if (manifest.Schema.Number < 1 || manifest.Schema.Number > known.Count || known[(int)manifest.Schema.Number - 1].Name != manifest.Schema.Name)
        {
            throw new StartupException(new Message("command.newer-schema", manifest.Schema.Number, manifest.Schema.Name));
        }
    }

    private static async Task<Done> FillAsync(DbDataSource opened, Engine engine, string folder, ExportManifest manifest, CancellationToken cancel)
    {
        await using var database = opened;
        await using var db = await database.OpenConnectionAsync(cancel);
        await using var tx = await db.BeginTransactionAsync(cancel);
        var migrations = Migrations.For(engine);
        await Migrations.ApplyAsync(db, tx, engine, [.. migrations.Take((int)manifest.Schema.Number)], cancel);
        if ((await Migrations.RecogniseAsync(db, tx, engine)).Applied != manifest.Schema.Number)
        {
            throw new StartupException(new Message("command.later-database", manifest.Schema.Number, manifest.Schema.Name));
        }

        if (await RegistryTables.FirstFilledAsync(db, tx, engine) is { } filled)
        {
            throw new StartupException(new Message("command.database-not-empty", filled));
        }

        var tables = await RegistryTables.InAsync(db, tx, engine);
        if (!tables.Select(t => t.Name).SequenceEqual(manifest.Tables.Select(t => t.Table), StringComparer.Ordinal))
        {
            throw new StartupException(new Message("command.other-tables", Path.Combine(folder, ExportManifest.File), string.Join(", ", tables.Select(t => t.Name))));
        }

        await db.ExecuteAsync("delete from registry", transaction: tx); // the row that the migrations made
        foreach (var (table, listed) in tables.Zip(manifest.Tables))
        {
            var columns = await table.ColumnsAsync(db, tx);
            await using var into = new RowInserter(db, tx, engine, table, columns, Path.Combine(folder, table.File));
            await foreach (var row in ExportedRows.ReadAsync(folder, table, columns, listed, cancel))
            {
                await into.AddAsync(row, cancel);
            }

            await into.FlushAsync(cancel);
        }

        await Migrations.ApplyAsync(db, tx, engine, migrations, cancel);
        var proof = await ReadChanges.VerifyAsync(db, tx, after: 0, cancel);
        Demand(proof, manifest, folder);
        await tx.CommitAsync(CancellationToken.None); // who gives up now could not know what became of it
        return new Done(new Message("command.imported", manifest.Tables.Sum(t => t.Rows), proof.Revision, proof.Head));
    }

    private static void Demand(Verification proof, ExportManifest manifest, string folder)
    {
        if (!proof.Valid)
        {
            throw new StartupException(new Message("command.broken-export", folder, proof.FirstBad));
        }

        if (proof.Revision != manifest.Revision || proof.Head != manifest.Head)
        {
            throw new StartupException(new Message(
                "command.other-head", Path.Combine(folder, ExportManifest.File), manifest.Revision, manifest.Head, proof.Revision, proof.Head));
        }
    }
}
