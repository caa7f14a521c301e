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
    /// <param name="Mine">Only those that he may answer, for whoever shows him what waits for him.</param>
    public sealed record Request(Query Query, Actor Reader, bool Mine = false) : IRequest<Page<GetObjection.Response>>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Query.About).IsText(Limits.Line).OverridePropertyName("about");
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetObjection.Response>>
    {
        private const int BatchSize = 500;

        // Most that are looked at for one page of those of one reader.
        private const int MostLookedAt = 10_000;

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
            var from = after is null ? 0 : long.Parse(after.Key[0], CultureInfo.InvariantCulture);
            var contacts = new ContactReader(reading, request.Reader);
            var page = request.Mine
                ? await query.Paging.SieveAsync(JudgedAsync(reading, sql, query.About, from, request.Reader), judged => judged.IsHis ? judged.Row : null, MostLookedAt, reading.Revision, AsOf.Today(clock), judged => Key(judged.Row))
                : query.Paging.Cut(await RowsAsync(reading, sql, query.About, from, query.Paging.Limit + 1), reading.Revision, AsOf.Today(clock), Key);
            var shown = new List<GetObjection.Response>();
            foreach (var row in page.Items)
            {
                shown.Add(GetObjection.Response.Of(row, await contacts.MayReadAsync(row.Entry)));
            }

            return new(shown, page.Next, page.Revision);
        }

        private static string[] Key(ObjectionRow row) => [row.Filed.ToString(CultureInfo.InvariantCulture)];

        private static async Task<List<ObjectionRow>> RowsAsync(Reading reading, string sql, string? about, long after, int limit) =>
            (await reading.Db.QueryAsync<ObjectionRow>(sql, new { reading.Revision, About = about, After = after, Limit = limit }, reading.Transaction)).AsList();

        /// <summary>Each objection, with whether the reader may answer it: whose a record is, the registry tells and no column.</summary>
        private static async IAsyncEnumerable<(ObjectionRow Row, bool IsHis)> JudgedAsync(Reading reading, string sql, string? about, long after, Actor reader)
        {
            var judged = new Dictionary<string, bool>(StringComparer.Ordinal);
            for (var rows = await RowsAsync(reading, sql, about, after, BatchSize); rows.Count > 0; rows = await RowsAsync(reading, sql, about, rows[^1].Filed, BatchSize))
            {
                foreach (var row in rows)
                {
                    if (!judged.TryGetValue(row.Entry.About!, out var isHis))
                    {
                        judged[row.Entry.About!] = isHis = await FindRecord.FindAsync(reading, row.Entry.About!) is { } record && record.IsOf(reader);
                    }

                    yield return (row, isHis);
                }
            }
        }
    }
}
