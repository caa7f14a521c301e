using System.Data.Common;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Reference;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Database;

/// <summary>Makes a registry ready to answer: its folder, its schema, the last entry of its log, and on a first start the reference registry.</summary>
/// <remarks>It runs before the server listens, so that whoever can connect gets an answer.</remarks>
public sealed class OpenRegistry(
    DbDataSource database, Registries registries, LoadReference reference, RegistrarKey registrar, RegistryOptions settings, ILogger<OpenRegistry> logger)
    : IHostedService, IDisposable
{
    private IDisposable? _held;

    /// <summary>Opens the registry.</summary>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="StartupException">The registry cannot be used; the message says what to do.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken);
        }
        catch (DbException failure)
        {
            throw Migrations.Explain(failure); // damage shows where it is first read, which may be long after the schema
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var engine = Engines.Of(settings.Database);
        if (engine == Engine.Sqlite && RegistryFile.Of(settings.Database) is { } file)
        {
            RegistryFile.MakeFolder(file);
            _held = RegistryFile.Hold(file);
        }

        await Migrations.ApplyAsync(database, engine, cancellationToken);
        var revision = await ReadAsync(cancellationToken);
        if (revision > 0 || settings.Seed != Seed.Reference)
        {
            logger.LogInformation("Registry opened at revision {Revision}.", revision);
        }
        else if (await reference.RunAsync(cancellationToken))
        {
            logger.LogInformation("Reference registry loaded: revision {Revision}.", registries.Seen);
        }
        else
        {
            logger.LogInformation("Registry opened at revision {Revision}; another server has just loaded it.", registries.Seen);
        }

        // To the terminal and not to the log, which others read.
        await registrar.MakeAsync(Console.Out.WriteLine, cancellationToken);
    }

    /// <summary>Lets go of the file.</summary>
    public void Dispose() => _held?.Dispose();

    private async Task<long> ReadAsync(CancellationToken cancel)
    {
        await using var reading = await registries.ReadAsync(null, cancel);
        await RefuseBrokenLogAsync(reading);
        return reading.Revision;
    }

    /// <summary>The last entry alone: the whole chain is the work of <c>verify</c>.</summary>
    private static async Task RefuseBrokenLogAsync(Reading reading)
    {
        if (reading.NewestRevision == 0)
        {
            return;
        }

        var last = (await ReadChanges.AfterAsync(reading.Db, reading.Transaction, reading.NewestRevision - 1, reading.NewestRevision, 1)).SingleOrDefault();
        if (last is null || !ReadChanges.IsIntact(last))
        {
            throw new StartupException(new Message("start.last-entry-broken", reading.NewestRevision));
        }
    }
}
