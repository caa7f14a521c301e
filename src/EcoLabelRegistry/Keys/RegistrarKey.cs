using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Keys;

/// <summary>The registrar's own key: from configuration, else made when the registry has none and printed once.</summary>
public sealed class RegistrarKey(DbDataSource database, RegistryOptions settings, TimeProvider clock)
{
    private const string HasOne = "select exists (select 1 from api_key where owner = @Owner)";

    private const string Insert = """
        insert into api_key (id, owner, name, secret_hash, issued_by, issued_at)
        select @Id, @Owner, 'first start', @Hash, @Owner, @At
        where not exists (select 1 from api_key where owner = @Owner)
        """;

    /// <summary>Makes the key if there is none. Of two servers that start at once on one database, one makes it.</summary>
    /// <param name="print">Shows a line to the person who starts the service.</param>
    /// <param name="cancel">Stops before the write.</param>
    public async Task MakeAsync(Action<string> print, CancellationToken cancel)
    {
        if (settings.AdminKey is not null)
        {
            return;
        }

        var key = ApiKey.Make();
        await using var db = await database.OpenConnectionAsync(cancel);
        if (await db.ExecuteScalarAsync<bool>(HasOne, new { Owner = Actor.Registrar.Code }))
        {
            return; // a restart waits for no writer
        }

        await using var tx = await db.BeginTransactionAsync(cancel);
        await db.ExecuteAsync("update registry set revision = revision", transaction: tx); // the lock of all writers
        var made = await db.ExecuteAsync(Insert, new { key.Id, Owner = Actor.Registrar.Code, key.Hash, At = Change.Instant(clock.GetUtcNow()) }, tx);
        await tx.CommitAsync(cancel);
        if (made == 1)
        {
            print(new Message("start.registrar-key", key.Text).In(Language.OfEnvironment));
        }
    }
}
