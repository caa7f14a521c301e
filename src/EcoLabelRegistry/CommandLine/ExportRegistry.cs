using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary>Writes a whole registry, its log included, as plain files that either engine can be filled from.</summary>
/// <remarks>Of one revision, while a service writes; proven first, because an import would refuse what is not.</remarks>
internal static class ExportRegistry
{
    public static async Task<Done> RunAsync(Call call, CancellationToken cancel)
    {
        var place = NewPlace.For(call.Operand, orEmptyFolder: true);
        await using var registry = await StoredRegistry.OpenAsync(call.Settings.Database, cancel);
        var proof = await registry.DemandProofAsync(cancel);
        NewPlace.MakePrivateFolder(place.Unfinished);
        try
        {
            var tables = new List<ExportTable>();
            foreach (var table in await RegistryTables.InAsync(registry.Db, registry.Transaction, registry.Engine))
            {
                tables.Add(await ExportedRows.WriteAsync(registry, table, place.Unfinished, cancel));
            }

            var schema = new ExportSchema(registry.Newest.Number, registry.Newest.Name);
            await new ExportManifest(ExportManifest.FormatName, ExportManifest.CurrentVersion, schema, proof.Revision, proof.Head!, tables)
                .WriteAsync(place.Unfinished, cancel);
            place.Finish();
            return new Done(new Message("command.exported", place.Path, tables.Sum(t => t.Rows), proof.Revision, proof.Head));
        }
        finally
        {
            if (Directory.Exists(place.Unfinished))
            {
                Directory.Delete(place.Unfinished, recursive: true);
            }
        }
    }
}
