using Dapper;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Certificates;

/// <summary>Counts the certificates of a scheme by their standing today.</summary>
public static class CountCertificates
{
    /// <summary>Most certificates that are judged, by id; of a larger register it is said how many were.</summary>
    public const int MostJudged = 20_000;

    /// <param name="Scheme">Code of the scheme.</param>
    public sealed record Request(string Scheme) : IRequest<Response>;

    /// <param name="Total">Certificates on record.</param>
    /// <param name="Judged">How many of them were judged.</param>
    /// <param name="Standings">How many of those have which standing; one that none has is left out.</param>
    public sealed record Response(long Total, long Judged, IReadOnlyDictionary<CertificateStanding, int> Standings);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        private const string Current = """
            from certificate
            where scheme = @Scheme and recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)
            """;

        private const string Count = $"select count(*) {Current}";

        private const string First = $"select recorded_from as Revision, data {Current} order by id limit @Limit";

        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            var parameters = new { request.Scheme, reading.Revision, Limit = MostJudged };
            var total = await reading.Db.ExecuteScalarAsync<long>(Count, parameters, reading.Transaction);
            var today = AsOf.Today(clock);
            var standings = new SortedDictionary<CertificateStanding, int>();
            await foreach (var row in reading.Db.QueryUnbufferedAsync<CertificateRow>(First, parameters, reading.Transaction).WithCancellation(cancel))
            {
                var standing = CertificateOnDate.Of(reading.Registry, row.Read(), today).State.Standing;
                standings[standing] = standings.GetValueOrDefault(standing) + 1;
            }

            return new(total, standings.Values.Sum(), standings);
        }
    }
}
