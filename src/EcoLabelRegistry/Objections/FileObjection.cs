using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Objections;

/// <summary>Objects to a record: it is wrong, or not whose it says. Anybody may; no key is needed.</summary>
/// <remarks>
/// It stands beside the record from now on, and in the change log. The contact is shown to the body whose record it is and to the registrar alone, who
/// answers once. Without a key, one address files so many a minute as <c>Registry:Objections:PerMinute</c> says.
/// </remarks>
public static class FileObjection
{
    /// <summary>Longest text of an objection, and of its answer.</summary>
    internal const int LongestText = 4_000;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/objections", HandleAsync)
        .WithBodyExample("""
            {
              "about": "/v1/certificates/eco-mark-780077197d1be3d01844",
              "text": "We hold this certificate. It was extended in 2025, and the record does not show it.",
              "contact": "certificates@holder.example"
            }
            """)
        .WithExample("""{ "id": "019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a", "revision": 414 }""")
        .Refuses(ProblemCode.UnknownResource);

    private static async Task<WriteReply<Response>> HandleAsync(Body<NewObjection> body, Visitor visitor, IMediator mediator, CancellationToken cancel)
    {
        var filed = await mediator.Send(new Request(body.Value, visitor), cancel);
        return Reply.Wrote(filed, filed.Revision, ObjectionRows.AddressOf(filed.Id));
    }

    /// <summary>What somebody holds against a record.</summary>
    /// <param name="About">Address of the record: a certificate, agreement, scheme, standard, policy, product, label body or category.</param>
    /// <param name="Text">The objection.</param>
    /// <param name="Contact">How to reach who objects. It is published nowhere.</param>
    public sealed record NewObjection(string? About = null, string? Text = null, string? Contact = null);

    /// <param name="Objection">What he holds against a record.</param>
    /// <param name="Visitor">Who objects.</param>
    public sealed record Request(NewObjection Objection, Visitor Visitor) : IRequest<Response>;

    /// <summary>An objection on record.</summary>
    /// <param name="Id">By which it is read and answered.</param>
    /// <param name="Revision">The revision that this made.</param>
    public sealed record Response(string Id, long Revision);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Objection.About).Required().IsText(Limits.Line).OverridePropertyName("about");
            RuleFor(r => r.Objection.Text).Required().IsText(LongestText).OverridePropertyName("text");
            RuleFor(r => r.Objection.Contact).IsText(Limits.Line).OverridePropertyName("contact");
        }
    }

    internal sealed class Handler(ChangeLog log, FilingLimit limit, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        public Task<Response> Handle(Request request, CancellationToken cancel)
        {
            limit.Count(request.Visitor);
            return log.WriteAsync(
                async write =>
                {
                    var (objection, actor) = (request.Objection, request.Visitor.Actor);
                    await FindRecord.DemandAsync(write, "about", objection.About!);
                    var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
                    await ObjectionRows.PutAsync(write, new ObjectionEntry
                    {
                        Id = id,
                        About = objection.About,
                        Text = objection.Text,
                        Contact = objection.Contact,
                        At = write.At,
                        Actor = actor.Code,
                    }, filed: write.Revision);
                    await write.AppendAsync(actor, "objection-filed", ObjectionRows.AddressOf(id), RecordJson.Node(objection));
                    return new Response(id, write.Revision);
                },
                cancel);
        }
    }
}
