using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Registers;

/// <summary>Reads what was wrong with an import, for the body whose register it is and for the registrar: it holds cells that were never published.</summary>
public static class ReadReport
{
    /// <param name="Import">Id of the import.</param>
    /// <param name="Reader">Who asks.</param>
    public sealed record Request(string Import, Actor Reader) : IRequest<ImportReport?>;

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, ImportReport?>
    {
        private const string SchemeOf = "select scheme from register_import where id = @Import";

        private const string Report = "select data from import_report where import = @Import";

        public async Task<ImportReport?> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            var scheme = await reading.Db.ExecuteScalarAsync<string?>(SchemeOf, new { request.Import }, reading.Transaction)
                ?? throw Refusal.NotFound(Thing.Import, request.Import);
            if (!request.Reader.IsRegistrar && !request.Reader.Owns(reading.Registry, scheme))
            {
                throw Refusal.Forbidden(Subjects.OfRegister(scheme));
            }

            return await reading.Db.ExecuteScalarAsync<string?>(Report, new { request.Import }, reading.Transaction) is { } data ? ImportReport.Read(data) : null;
        }
    }
}
