using System.Globalization;
using System.Runtime.CompilerServices;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Changes;

/// <summary>Lists the change log, oldest first: every write with its actor, chained by hashes; or follows it live.</summary>
/// <remarks>
/// A list ends at the revision of its first page. To go on later, ask for what comes after the last revision seen. With filters, entries that concern
/// any one of the things named are listed; a page may then be short, or empty, and still have a next one.
/// As <c>text/event-stream</c> it goes on as the log grows: each entry is an event whose <c>id</c> is its revision, whose <c>event</c> is its type and
/// whose <c>data</c> is the entry on one line. A client that was cut off resumes with <c>Last-Event-ID</c>, which goes before <c>after</c>. A line with a
/// colon alone says that the stream is alive. A stream after a revision that this server has not reached is refused (503) as with <c>Registry-Min-Revision</c>.
/// </remarks>
public static class ListChanges
{
    private const string Json = "application/json";

    // Most entries looked at for one page of those that pass a filter.
    private const int MostLookedAt = 2000;

    private const int PageLength = 200;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/changes", HandleAsync)
        .Produces<Page<GetChange.Response>>()
        .WithExample($$"""{ "items": [ {{GetChange.Example}} ], "next": null }""")
        .AlsoAnswers(FollowChanges.MediaType, """
            retry: 2000

            id: 413
            event: agreement-suspended
            data: {"revision":413,"at":"2026-11-22T09:30:00.123456Z","actor":"body:geca","type":"agreement-suspended","subject":"/v1/agreements/cel-geca", …}

            """)
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownAgreement, ProblemCode.UnknownCategory, ProblemCode.NotAcceptable);

    private static async Task<IResult> HandleAsync(
        Parameters<Request> request, IMediator mediator, Registries registries, HttpContext http, CancellationToken cancel)
    {
        if (MediaTypes.Choose(http, Json, FollowChanges.MediaType) == Json)
        {
            return Reply.Computed(await mediator.Send(request.Value, cancel));
        }

        if (request.Value.Paging.IsAsked)
        {
            throw Refusal.Invalid("limit", new Message("fault.stream-has-no-pages"));
        }

        await using var reading = await registries.ReadAsync(null, cancel);
        request.Value.Filter.Demand(reading.Registry, "");
        var after = FollowChanges.Resumed(http.Request) ?? request.Value.After?.Value ?? 0;
        return after > reading.Revision
            ? throw Refusal.NotReached(after, reading.Revision) // it would be silent for as long as the log is shorter, and look alive
            : new FollowChanges(http, after, request.Value.Filter);
    }

    /// <param name="Paging">Which stretch.</param>
    /// <param name="After" example="0">The last revision seen: what comes after it is listed; everything unless given.</param>
    /// <param name="Schemes" example="cel,eco-mark">Codes of schemes, separated by commas: what is written of them, of their certificates and standards, and of agreements and policies that name them.</param>
    /// <param name="Agreements" example="cel-ecomark-2005">Codes of agreements, separated by commas.</param>
    /// <param name="Categories" example="it.imaging">Codes of categories, separated by commas: what is written of them and of all that covers them or lies below them.</param>
    /// <param name="Products" example="p-0123456789abcdef0123">Ids of products, separated by commas: their certificates, and the schemes that certified them with those schemes' standards, agreements and policies.</param>
    public sealed record Request(
        Paging Paging, RevisionNumber? After = null, CodeList? Schemes = null, CodeList? Agreements = null, CodeList? Categories = null, CodeList? Products = null)
        : IRequest<Page<GetChange.Response>>
    {
        /// <summary>Which entries are listed.</summary>
        internal ChangeFilter Filter { get; } = new(Schemes?.Codes, Agreements?.Codes, Categories?.Codes, Products?.Codes);
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetChange.Response>>
    {
        public async Task<Page<GetChange.Response>> Handle(Request request, CancellationToken cancel)
        {
            var (paging, page, filter) = (request.Paging, request.Paging.After, request.Filter);
            await using var reading = await registries.ReadAsync(null, cancel);
            filter.Demand(reading.Registry, "");
            var until = page?.Revision ?? reading.Revision;
            var after = page is null ? request.After?.Value ?? 0 : long.Parse(page.Key[0], CultureInfo.InvariantCulture);
            if (!filter.IsEmpty)
            {
                return await paging.SieveAsync(
                    JudgedAsync(reading, filter, after, until, cancel), judged => judged.Passes ? GetChange.Response.Of(judged.Change) : null,
                    MostLookedAt, until, AsOf.Today(clock), judged => Key(judged.Change.Revision));
            }

            var changes = await ReadChanges.AfterAsync(reading.Db, reading.Transaction, after, until, paging.Limit + 1);
            return paging.Cut(changes.Select(GetChange.Response.Of), until, AsOf.Today(clock), row => Key(row.Revision));
        }

        private static string[] Key(long revision) => [revision.ToString(CultureInfo.InvariantCulture)];

        private static async IAsyncEnumerable<(Change Change, bool Passes)> JudgedAsync(
            Reading reading, ChangeFilter filter, long after, long until, [EnumeratorCancellation] CancellationToken cancel)
        {
            var sieve = new SieveChanges(reading);
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var changes = await ReadChanges.AfterAsync(reading.Db, reading.Transaction, after, until, PageLength);
                foreach (var change in changes)
                {
                    yield return (change, await sieve.PassesAsync(change, filter));
                    after = change.Revision;
                }

                if (changes.Count < PageLength)
                {
                    yield break;
                }
            }
        }
    }
}
