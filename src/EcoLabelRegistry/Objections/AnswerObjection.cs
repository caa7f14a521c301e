using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Objections;

/// <summary>Answers an objection, once, for the body whose record it is about.</summary>
/// <remarks>
/// For an agreement the body of any party answers, for a policy its authority, for a product the body of any scheme that certifies it; the registrar
/// for all. The answer stands beside the record, and changes nothing in it: what is wrong is corrected by a write of its own.
/// </remarks>
public static class AnswerObjection
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/objections/{id}/answer", HandleAsync)
        .WithBodyExample("""{ "text": "Thank you. The extension is on record since today." }""")
        .WithExample("""{ "revision": 415, "created": true }""")
        .Refuses(ProblemCode.NotPossible);

    private static async Task<WriteReply<Written>> HandleAsync(
        Parameters<Address> address, Body<NewAnswer> body, Caller caller, IMediator mediator, CancellationToken cancel)
    {
        var written = await mediator.Send(new Request(address.Value.Id, body.Value, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(written, written.Revision, ObjectionRows.AddressOf(address.Value.Id));
    }

    /// <param name="Id" example="019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a">Id of the objection.</param>
    public sealed record Address(string Id);

    /// <summary>An answer.</summary>
    /// <param name="Text">The answer.</param>
    public sealed record NewAnswer(string? Text = null);

    /// <param name="Objection">Id of the objection.</param>
    /// <param name="Answer">The answer.</param>
    /// <param name="Actor">Who answers.</param>
    /// <param name="IfMatch">What he demands of the objection.</param>
    public sealed record Request(string Objection, NewAnswer Answer, Actor Actor, Precondition? IfMatch = null) : IRequest<Written>, IWriteRequest
    {
        /// <inheritdoc />
        public async ValueTask DemandAsync(IRegistryView view)
        {
            var stored = await ObjectionRows.FindAsync(view, Objection) ?? throw Refusal.NotFound(Thing.Objection, Objection);
            if (!(await FindRecord.FindAsync(view, stored.Entry.About!) ?? new([])).IsOf(Actor))
            {
                throw Refusal.Forbidden(ObjectionRows.AddressOf(Objection));
            }
        }
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Answer.Text).Required().IsText(FileObjection.LongestText).OverridePropertyName("text");
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            request,
            async write =>
            {
                var before = (await ObjectionRows.FindAsync(write, request.Objection))!;
                if (before.Entry.Answer is { } given)
                {
                    throw Refusal.NotPossible("text", new Message("refusal.already-answered", given.At));
                }

                request.IfMatch?.Demand(before.Revision);
                await ObjectionRows.PutAsync(write, before.Entry with { Answer = new(request.Answer.Text, write.At, request.Actor.Code) }, before.Filed);
                await write.AppendAsync(request.Actor, "objection-answered", ObjectionRows.AddressOf(request.Objection), RecordJson.Node(request.Answer));
                return new Written(write.Revision, Created: true);
            },
            cancel);
    }
}
