using System.Globalization;
using System.Text.Json;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Changes;

/// <summary>Lists the rows of a register that was written as one change, in the order received.</summary>
/// <remarks>
/// The entry's <c>data.digest</c> is the SHA-256 of the digests of all its rows, each followed by a line feed. A row's digest is made as that of
/// an entry. A change that wrote no register has no rows.
/// </remarks>
public static class ListChangeItems
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/changes/{revision}/items", HandleAsync)
        .WithExample("""
            {
              "items": [
                { "place": 1, "data": { "scheme": "energy-star", "number": "2359398", "holder": "Dell Inc.", "validFrom": "2020-05-04" },
                  "salts": { "/holder": { "salt": "00112233445566778899aabbccddeeff", "digest": "7d6b0c1f4f9d3d1b0f7f6d1f5b7a9f0c1f3a5d7e9b2c4d6f8a0b1c3e5f708192" } },
                  "digest": "1c3e5f7081927d6b0c1f4f9d3d1b0f7f6d1f5b7a9f0c1f3a5d7e9b2c4d6f8a0b" }
              ],
              "next": null
            }
            """);

    private static async Task<Reply<Page<Row>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Revision" example="771">The revision that wrote the register.</param>
    public sealed record Request(Paging Paging, RevisionNumber Revision) : IRequest<Page<Row>>;

    /// <summary>A row of a register.</summary>
    /// <param name="Place">From 1, in the order received.</param>
    /// <param name="Data">The row.</param>
    /// <param name="Salts">By JSON Pointer, the salt and the digest of each personal member of the data.</param>
    /// <param name="Digest">Digest of the data.</param>
    public sealed record Row(long Place, JsonElement Data, JsonElement Salts, string Digest);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<Row>>
    {
        public async Task<Page<Row>> Handle(Request request, CancellationToken cancel)
        {
            var (paging, page) = (request.Paging, request.Paging.After);
            await using var reading = await registries.ReadAsync(null, cancel);
            var change = await reading.ChangeAsync(request.Revision);
            var after = page is null ? 0 : long.Parse(page.Key[0], CultureInfo.InvariantCulture);
            var items = await ReadChanges.ItemsAsync(reading.Db, reading.Transaction, change.Revision, after, paging.Limit + 1);
            return paging.Cut(
                items.Select(i => new Row(i.Place, GetChange.Response.Json(i.Data), GetChange.Response.Json(i.Salts), i.Digest)),
                page?.Revision ?? reading.Revision,
                AsOf.Today(clock),
                row => [row.Place.ToString(CultureInfo.InvariantCulture)]);
        }
    }
}
