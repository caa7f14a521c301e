using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace EcoLabelRegistry.Tests.Http;

/// <summary>Lists the shelves of a shop, a slice that only the tests map.</summary>
/// <remarks>It has a parameter of each kind.</remarks>
public static class ListShelves
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/shelves", HandleAsync)
        .WithExample("""{ "items": [{ "code": "a", "level": "evidence", "since": "2005", "note": null, "inside": { "width": 3 } }], "next": null }""");

    private static async Task<Reply<Page<Row>>> HandleAsync(Parameters<Query> parameters, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(parameters.Value, cancel));

    /// <param name="Level" example="full-scheme">Only shelves of this level.</param>
    /// <param name="AsOf">The date asked about.</param>
    /// <param name="KnownAt">What was known then.</param>
    /// <param name="Gtin">Only shelves that hold it.</param>
    /// <param name="Empty">Also empty ones.</param>
    /// <param name="Paging">The stretch of the list.</param>
    public sealed record Query(Level? Level, AsOf? AsOf, KnownAt? KnownAt, Gtin? Gtin, bool? Empty, Paging Paging) : IRequest<Page<Row>>;

    /// <param name="Code">Its code.</param>
    /// <param name="Level">Its level.</param>
    /// <param name="Since">When it was put up.</param>
    /// <param name="Note">What is written on it.</param>
    /// <param name="Inside">How it is inside.</param>
    public sealed record Row(string Code, Level Level, PartialDate? Since, string? Note, Inside? Inside);

    /// <summary>How a shelf is inside.</summary>
    /// <param name="Width">Its width.</param>
    public sealed record Inside(int Width);

    internal sealed class Handler(TimeProvider clock, Stock stock) : IRequestHandler<Query, Page<Row>>
    {
        public Task<Page<Row>> Handle(Query request, CancellationToken cancellationToken)
        {
            var after = request.Paging.After;
            var rows = stock.Codes
                .Order(StringComparer.Ordinal)
                .Where(code => after is null || string.CompareOrdinal(code, after.Key[0]) > 0)
                .Select(code => new Row(code, Level.Evidence, PartialDate.Parse("2005"), null, new Inside(3)));
            return Task.FromResult(request.Paging.Cut(rows, after?.Revision ?? stock.Revision, after?.Day ?? AsOf.Today(clock), row => [row.Code]));
        }
    }
}

/// <summary>Shows one shelf.</summary>
public static class ShowShelf
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/shelves/{code}", (Parameters<Query> parameters, Stock stock) => parameters.Value.Code switch
        {
            "broken" => throw new InvalidOperationException("the secret of the shelf"),
            "lost" => throw new Npgsql.NpgsqlException("no route to the database"),
            "late" => throw new TimeoutException("too late"),
            "two" => throw Refusal.Ambiguous("two", [new { code = "2" }, new { code = "II" }]),
            "oek" => throw Refusal.Unknown(Thing.Scheme, "code", "oek", ["eco-mark", "oeko", "cel"]),
            var code when stock.Codes.Contains(code) => Reply.Recorded(new Response(code, stock.Revision), stock.Revision, stock.Written),
            var code => throw Refusal.NotFound(Thing.Scheme, code),
        })
        .Refuses(ProblemCode.NotFound, ProblemCode.Ambiguous, ProblemCode.UnknownScheme)
        .WithExample("""{ "code": "a", "revision": 7 }""");

    /// <param name="Code" example="a">The shelf's code.</param>
    /// <param name="KnownAt">What was known then.</param>
    public sealed record Query(string Code, KnownAt? KnownAt);

    /// <param name="Code">The shelf's code.</param>
    /// <param name="Revision">The revision that last wrote it.</param>
    public sealed record Response(string Code, long Revision);
}

/// <summary>Reads out what stands on a shelf, and breaks off in the middle; an endless one is read out until nobody listens.</summary>
public static class ReadOutShelf
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/shelves/{code}/contents", (Parameters<Query> parameters, Stock stock) => Reply.Written("text/csv", stock.Revision, async (body, cancel) =>
        {
            do
            {
                await body.WriteAsync("code,thing\r\na,"u8.ToArray(), cancel);
            }
            while (parameters.Value.Code == "endless");
            throw new InvalidOperationException("the shelf fell down");
        }))
        .AlsoAnswers("text/csv", "code,thing");

    /// <param name="Code">The shelf's code.</param>
    public sealed record Query(string Code);
}

/// <summary>Puts up a shelf.</summary>
public static class PutUpShelf
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/shelves", HandleAsync)
        .WithBodyExample("""{ "code": "a", "level": "full-scheme" }""")
        .WithExample("""{ "code": "a", "level": "full-scheme" }""");

    private static async Task<Reply<Request>> HandleAsync(Body<Request> body, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(body.Value, cancel), revision: 9);

    /// <param name="Code">Its code.</param>
    /// <param name="Level">Its level.</param>
    /// <param name="Boards">Its boards, from below.</param>
    /// <param name="Names">Names by language.</param>
    /// <param name="From">Its first day.</param>
    /// <param name="AsOf">The date asked about.</param>
    /// <param name="KnownAt">What was known then.</param>
    /// <param name="At">The instant.</param>
    /// <param name="Gtin">What it holds.</param>
    public sealed record Request(
        string Code,
        Level Level,
        IReadOnlyList<Board>? Boards,
        IReadOnlyDictionary<string, string>? Names,
        PartialDate? From,
        AsOf? AsOf,
        KnownAt? KnownAt,
        DateTimeOffset? At,
        Gtin? Gtin) : IRequest<Request>;

    /// <param name="Width">In centimetres.</param>
    /// <param name="Weight">In kilograms.</param>
    /// <param name="Sturdy">True when it bears a person.</param>
    public sealed record Board(int Width, decimal? Weight, bool? Sturdy);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Code).MaximumLength(5);
            RuleForEach(r => r.Boards).ChildRules(board => board.RuleFor(b => b.Width).GreaterThan(0).WithText("fault.integer", "0"));
        }
    }

    internal sealed class Handler : IRequestHandler<Request, Request>
    {
        public Task<Request> Handle(Request request, CancellationToken cancellationToken) => Task.FromResult(request);
    }
}

/// <summary>What the shop of the tests holds.</summary>
public sealed class Stock
{
    public List<string> Codes { get; } = ["a", "b", "c", "d", "e"];

    public long Revision { get; set; } = 7;

    public long Written { get; set; } = 3;
}
