using System.Globalization;
using System.Text.Json;
using Dapper;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Registers;

/// <summary>Lists the certificates that an import changed, in the order of the file, those withdrawn last: the rows of its entry in the log, each with what it did.</summary>
public static class ListImported
{
    /// <param name="Paging">Which stretch.</param>
    /// <param name="Revision">The revision that the import made.</param>
    /// <param name="Scheme">Code of the scheme.</param>
    public sealed record Request(Paging Paging, RevisionNumber Revision, string Scheme) : IRequest<Page<Row>>;

    /// <summary>A certificate that an import changed.</summary>
    /// <param name="Place">Place of its row in the log.</param>
    /// <param name="Id">Id of the certificate.</param>
    /// <param name="Number">Its number, or what stands in for one.</param>
    /// <param name="Holder">Its holder as the row has it; null where the row has none.</param>
    /// <param name="Become">What became of it.</param>
    public sealed record Row(long Place, string Id, string? Number, string? Holder, Imported Become);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<Row>>
    {
        private const string KnownBefore = "select distinct id from certificate where recorded_from < @Revision and id in";

        public async Task<Page<Row>> Handle(Request request, CancellationToken cancel)
        {
            var (paging, page) = (request.Paging, request.Paging.After);
            await using var reading = await registries.ReadAsync(null, cancel);
            var revision = request.Revision.Value;
            var after = page is null ? 0 : long.Parse(page.Key[0], CultureInfo.InvariantCulture);
            var items = (await ReadChanges.ItemsAsync(reading.Db, reading.Transaction, revision, after, paging.Limit + 1))
                .Select(item => (item.Place, Data: JsonElement.Parse(item.Data)))
                .Select(item => (item.Place, item.Data, Id: ProductIdentity.CertificateId(request.Scheme, Text(item.Data, "number"), Text(item.Data, "key") ?? "")))
                .ToList();
            var parameters = new DynamicParameters(new { Revision = revision });
            for (var i = 0; i < items.Count; i++)
            {
                parameters.Add($"Id{i}", items[i].Id);
            }

            var known = items.Count == 0 ? [] : (await reading.Db.QueryAsync<string>(
                $"{KnownBefore} ({string.Join(", ", items.Select((_, i) => $"@Id{i}"))})", parameters, reading.Transaction)).ToHashSet(StringComparer.Ordinal);
            return paging.Cut(
                items.Select(item => new Row(
                    item.Place,
                    item.Id,
                    Text(item.Data, "number") ?? Text(item.Data, "key"),
                    Text(item.Data, "holder"),
                    !known.Contains(item.Id) ? Imported.Created : IsOmission(item.Data) ? Imported.Withdrawn : Imported.Updated)),
                page?.Revision ?? reading.Revision,
                AsOf.Today(clock),
                row => [row.Place.ToString(CultureInfo.InvariantCulture)]);
        }

        private static string? Text(JsonElement row, string member) =>
            row.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        // Such a row names its certificate and says nothing else; one of a file has at least a date.
        private static bool IsOmission(JsonElement row) =>
            row.EnumerateObject().All(member => member.Name is "scheme" or "number" or "key" or "events")
            && row.TryGetProperty("events", out var events) && events.GetArrayLength() == 1 && Text(events[0], "reason") == Listing.NoLongerListed;
    }
}

/// <summary>What became of a certificate through an import.</summary>
public enum Imported
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It changed.</summary>
    Updated,

    /// <summary>It was withdrawn, because the register omits it.</summary>
    Withdrawn,
}
