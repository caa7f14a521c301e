using System.Globalization;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Objections;

/// <summary>Lists objections with their answers, in the order in which they were filed.</summary>
/// <remarks>The contact is shown to a key of the body whose record an objection is about, and to the registrar; to all others it is null.</remarks>
public static class ListObjections
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/objections", HandleAsync)
        .WithExample($$"""{ "items": [{{GetObjection.Example}}], "next": null }""")
        .Refuses(ProblemCode.UnknownResource);

    private static async Task<Reply<Page<GetObjection.Response>>> HandleAsync(
        Parameters<Query> query, Visitor visitor, IMediator mediator, CancellationToken cancel)
    {
        var page = await mediator.Send(new Request(query.Value, visitor.Actor), cancel);
        return page.Items.All(o => o.Contact is null) ? Reply.Computed(page) : Reply.Live(page);
    }

    /// <param name="Paging">Which stretch.</param>
    /// <param name="About" example="/v1/agreements/cel-ecomark-2005">Address of a record: the objections to it.</param>
    /// <param name="Answered">Those that have an answer, or those that have none.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Query(Paging Paging, string? About = null, bool? Answered = null, KnownAt? KnownAt = null);

    /// <param name="Query">What is asked for.</param>
    /// <param name="Reader">Who asks.</param>
    public sealed record Request(Query Query, Actor Reader) : IRequest<Page<GetObjection.Response>>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Query.About).IsText(Limits.Line).OverridePropertyName("about");
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetObjection.Response>>
    {
        private const string All = $"select recorded_from as Revision, filed, data from objection where {ObjectionRows.Counts} and filed > @After";

        private const string OfRecord = "\nand about = @About";

        private const string InOrder = "\norder by filed limit @Limit";

        public async Task<Page<GetObjection.Response>> Handle(Request request, CancellationToken cancel)
        {
            var (query, after) = (request.Query, request.Query.Paging.After);
            await using var reading = await registries.ReadAsync(after is null ? query.KnownAt : new KnownAt(after.Revision, null), cancel);
            if (query.About is not null)
            {
                await FindRecord.DemandAsync(reading, "about", query.About);
            }

            var sql = All
                + (query.About is null ? "" : OfRecord)
                + (query.Answered switch { null => "", true => "\nand answered_at is not null", false => "\nand answered_at is null" })
                + InOrder;
            var rows = await reading.Db.QueryAsync<ObjectionRow>(
                sql, new { reading.Revision, query.About, After = after is null ? 0 : long.Parse(after.Key[0], CultureInfo.InvariantCulture), Limit = query.Paging.Limit + 1 }, reading.Transaction);
            var contacts = new ContactReader(reading, request.Reader);
            var page = query.Paging.Cut(rows, reading.Revision, AsOf.Today(clock), row => [row.Filed.ToString(CultureInfo.InvariantCulture)]);
            var shown = new List<GetObjection.Response>();
            foreach (var row in page.Items)
            {
                shown.Add(GetObjection.Response.Of(row, await contacts.MayReadAsync(row.Entry)));
            }

            return new(shown, page.Next, page.Revision);
        }
    }
}
