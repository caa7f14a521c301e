using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Registers;

/// <summary>Lists imports of registers, newest first, the running ones among them.</summary>
public static class ListImports
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/imports", HandleAsync)
        .WithExample($$"""{ "items": [ {{GetImport.Example}} ], "next": null }""")
        .Refuses(ProblemCode.UnknownScheme);

    private static async Task<Reply<Page<GetImport.Response>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var (page, versions) = await mediator.Send(request.Value, cancel);
        return Reply.Computed(page, versions);
    }

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Scheme" example="eco-mark">Code of a scheme: its imports.</param>
    public sealed record Request(Paging Paging, string? Scheme = null) : IRequest<(Page<GetImport.Response> Page, long Versions)>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Scheme).IsCode();
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, (Page<GetImport.Response> Page, long Versions)>
    {
        private const string Imports = $"select {ImportRow.Columns} from register_import where id < @Before";

        private const string OfScheme = "\nand scheme = @Scheme";

        private const string InOrder = "\norder by id desc limit @Limit";

        public async Task<(Page<GetImport.Response> Page, long Versions)> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            reading.Registry.Schemes.Require(Thing.Scheme, "scheme", request.Scheme);
            var after = request.Paging.After;
            var rows = (await reading.Db.QueryAsync<ImportRow>(
                Imports + (request.Scheme is null ? "" : OfScheme) + InOrder,
                new { request.Scheme, Before = after?.Key[0] ?? "g", Limit = request.Paging.Limit + 1 }, // "g" comes after every id
                reading.Transaction)).AsList();
            var page = request.Paging.Cut(rows.Select(row => row.Read(clock)), reading.Revision, AsOf.Today(clock), row => [row.Id]);
            return (page, rows.Sum(row => row.VersionAt(clock)));
        }
    }
}
