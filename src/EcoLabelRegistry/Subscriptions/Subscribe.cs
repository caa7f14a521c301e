using System.Text.Json.Nodes;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Subscriptions;

/// <summary>Asks for every later change that concerns certain things to be posted to an address as it happens.</summary>
/// <remarks>
/// Each delivery is a POST whose body is the entry of the change log, as <c>/v1/changes/{revision}</c> shows it, signed as Standard Webhooks has it:
/// <c>webhook-id</c> is the delivery's id, the same each time that it is tried; <c>webhook-timestamp</c> is the time of the attempt in seconds since 1970;
/// <c>webhook-signature</c> is <c>v1,</c> and the base64 of the HMAC-SHA256 of <c>{webhook-id}.{webhook-timestamp}.{body}</c> under the secret, which is
/// base64 behind <c>whsec_</c>. Any status of 2xx takes it. Anything else, a redirect included, is tried again, at growing intervals and in order: the next
/// entry waits until this one was taken or is a dead letter. At least once: a receiver drops an id that it has had. The secret is shown in this answer
/// alone. The address is of the public internet and https.
/// </remarks>
public static class Subscribe
{
    private const int MostOfOneOwner = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/subscriptions", HandleAsync)
        .WithBodyExample("""
            {
              "url": "https://procurement.example/labels",
              "filter": { "schemes": ["eco-mark"], "agreements": ["cel-ecomark-2005"], "categories": ["it.imaging"], "products": ["p-0123456789abcdef0123"] }
            }
            """)
        .WithExample("""
            { "id": "5f1c0a9be2d34f77", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=", "revision": 413 }
            """)
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownAgreement, ProblemCode.UnknownCategory, ProblemCode.NotPossible, ProblemCode.KeyAlreadyShown);

    private static async Task<WriteReply<Response>> HandleAsync(Body<NewSubscription> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var made = await mediator.Send(new Request(body.Value, caller.Actor), cancel);
        return Reply.Wrote(made, made.Revision, SubscriptionRows.AddressOf(made.Id));
    }

    /// <summary>What is asked for.</summary>
    /// <param name="Url">Where to post to: https, without user, password and fragment.</param>
    /// <param name="Filter">What must be concerned; everything unless given.</param>
    public sealed record NewSubscription(string? Url = null, ChangeFilter? Filter = null);

    /// <param name="Subscription">What is asked for.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(NewSubscription Subscription, Actor Actor) : IRequest<Response>;

    /// <summary>A new subscription.</summary>
    /// <param name="Id">By which it is read and ended.</param>
    /// <param name="Secret">Signs the deliveries: kept by its owner, shown here alone.</param>
    /// <param name="Revision">The revision that this made; every later one is delivered if it concerns what was named.</param>
    public sealed record Response(string Id, string Secret, long Revision) : IShownOnce;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Subscription.Url).Required().IsText(2_000).OverridePropertyName("url");
            RuleFor(r => r.Subscription.Filter!.Schemes).IsFilterList().OverridePropertyName("filter.schemes").When(HasFilter);
            RuleFor(r => r.Subscription.Filter!.Agreements).IsFilterList().OverridePropertyName("filter.agreements").When(HasFilter);
            RuleFor(r => r.Subscription.Filter!.Categories).IsFilterList().OverridePropertyName("filter.categories").When(HasFilter);
            RuleFor(r => r.Subscription.Filter!.Products).IsFilterList().OverridePropertyName("filter.products").When(HasFilter);
        }

        private static bool HasFilter(Request request) => request.Subscription.Filter is not null;
    }

    private static IRuleBuilderOptions<Request, IReadOnlyList<string>?> IsFilterList(this IRuleBuilder<Request, IReadOnlyList<string>?> rule) => rule
        .IsListOfDistinct()
        .Must(list => list is null || list.Count <= ChangeFilter.MostItems).Says(_ => new Message("fault.too-many", ChangeFilter.MostItems));

    internal sealed class Handler(ChangeLog log, PublicAddresses addresses) : IRequestHandler<Request, Response>
    {
        private const string CountOfOwner = "select count(*) from subscription where owner = @Owner";

        private const string Insert = """
            insert into subscription (id, owner, url, filter, secret, made_at, after_revision)
            values (@Id, @Owner, @Url, @Filter, @Secret, @At, @Revision)
            """;

        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            var (url, filter) = (request.Subscription.Url!, request.Subscription.Filter ?? new());
            if (await addresses.FaultOfAsync(url, cancel) is { } fault)
            {
                throw Refusal.Invalid("url", fault);
            }

            return await log.WriteAsync(
                async write =>
                {
                    filter.Demand(write.Registry, "filter.");
                    if (await write.Db.ExecuteScalarAsync<long>(CountOfOwner, new { Owner = request.Actor.Code }, write.Transaction) >= MostOfOneOwner)
                    {
                        throw Refusal.NotPossible("url", new Message("refusal.too-many-subscriptions", MostOfOneOwner));
                    }

                    var (id, secret) = (ApiKey.Make().Id, SendDelivery.MakeSecret());
                    await write.ExecuteAsync(Insert, new
                    {
                        Id = id,
                        Owner = request.Actor.Code,
                        Url = url,
                        Filter = RecordJson.Text(filter),
                        Secret = secret,
                        write.At,
                        write.Revision,
                    });

                    // Everybody reads the log. What somebody watches, and where he hears of it, is nobody else's business.
                    await write.AppendAsync(request.Actor, "subscription-made", SubscriptionRows.AddressOf(id), new JsonObject { ["id"] = id });
                    return new Response(id, secret, write.Revision);
                },
                cancel);
        }
    }
}
