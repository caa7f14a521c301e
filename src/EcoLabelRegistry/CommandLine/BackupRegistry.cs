using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using Microsoft.Data.Sqlite;

namespace EcoLabelRegistry.CommandLine;

/// <summary>Copies a registry on SQLite into one file, while a service writes to it.</summary>
/// <remarks>
/// The copy is of one revision, is proven before it gets its name, and carries a <see cref="Seal"/>. What was deleted or redacted is not in it:
/// <c>vacuum into</c> writes what the tables hold, not the pages of the file.
/// </remarks>
internal static class BackupRegistry
{
    private const string CopyInto = "vacuum into @Copy";

    public static async Task<Done> RunAsync(Call call, CancellationToken cancel)
    {
        if (Engines.Of(call.Settings.Database) != Engine.Sqlite)
        {
            throw new StartupException(new Message("command.backup-of-postgresql"));
        }

        var place = NewPlace.For(call.Operand);
        await using (await StoredRegistry.OpenAsync(call.Settings.Database, cancel))
        {
            // It is there, and it is ours.
        }

        try
        {
            await CopyAsync(call.Settings.Database, place.Unfinished, cancel);
            var proof = await ProveAsync(place.Unfinished, cancel);
            await Seal.PutAsync(place.Unfinished, cancel);
            place.Finish();
            return new Done(new Message("command.backed-up", place.Path, proof.Revision, proof.Head));
        }
        finally
        {
            RegistryFile.Delete(place.Unfinished);
        }
    }

    private static async Task CopyAsync(string database, string into, CancellationToken cancel)
    {
        // Readable by its owner alone: it holds what the registry tells to nobody.
        await using (new FileStream(into, NewPlace.PrivateFile))
        {
        }

        await using var source = StoredRegistry.Source(database);
        await using var db = (SqliteConnection)await source.OpenConnectionAsync(cancel);
        await using var stop = cancel.Register(() => SQLitePCL.raw.sqlite3_interrupt(db.Handle));
        try
        {
            await db.ExecuteAsync(CopyInto, new { Copy = into });
        }
        catch (SqliteException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is 10 or 13)
        {
            throw new StartupException(new Message("command.not-written", into, failure.Message), failure);
        }
    }

    private static async Task<Verification> ProveAsync(string copy, CancellationToken cancel)
    {
        await using var registry = await StoredRegistry.OpenAsync(RegistryFile.Connection(copy), cancel);
        return await registry.DemandProofAsync(cancel);
    }
}
