using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Shows a subscription of one's own. Its secret is not shown again.</summary>
public static class GetSubscription
{
    internal const string Example = """
        {
          "id": "5f1c0a9be2d34f77", "url": "https://procurement.example/labels",
          "filter": { "schemes": ["eco-mark"], "agreements": ["cel-ecomark-2005"], "categories": null, "products": null },
          "madeAt": "2026-11-22T09:30:00.123456Z", "afterRevision": 413, "resumesAt": null
        }
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/subscriptions/{id}", HandleAsync)
        .WithExample(Example)
        .IsLive()
        .Refuses(ProblemCode.NotFound);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Address> address, Caller caller, IMediator mediator, CancellationToken cancel) =>
        Reply.Live(await mediator.Send(new Request(address.Value.Id, caller.Actor), cancel));

    /// <param name="Id" example="5f1c0a9be2d34f77">Id of the subscription.</param>
    public sealed record Address(string Id);

    /// <param name="Id">Id of the subscription.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(string Id, Actor Actor) : IRequest<Response>;

    /// <summary>A subscription, without its secret.</summary>
    /// <param name="Id">By which it is read and ended.</param>
    /// <param name="Url">Where it is posted to.</param>
    /// <param name="Filter">What must be concerned.</param>
    /// <param name="MadeAt">When it was made.</param>
    /// <param name="AfterRevision">What concerns it up to this revision was taken, is tried, or is a dead letter. It may lag while nothing concerns it.</param>
    /// <param name="ResumesAt">When the next attempt is made after one that failed; null where none is waited for.</param>
    public sealed record Response(string Id, string Url, ChangeFilter Filter, string MadeAt, long AfterRevision, string? ResumesAt)
    {
        /// <summary>A subscription as its owner sees it.</summary>
        internal static Response Of(SubscriptionRow row) => new(row.Id, row.Url, RecordJson.Read<ChangeFilter>(row.Filter), row.MadeAt, row.AfterRevision, row.ResumeAt);
    }

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            return Response.Of(await SubscriptionRows.DemandAsync(reading, request.Id, request.Actor));
        }
    }
}
