using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Objections;

/// <summary>Shows an objection with its answer.</summary>
/// <remarks>Anybody may read it. The contact is shown to a key of the body whose record it is about, and to the registrar; to all others it is null.</remarks>
public static class GetObjection
{
    /// <summary>A true answer, for the contract.</summary>
    internal const string Example = """
        {
          "id": "019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a", "about": "/v1/certificates/eco-mark-780077197d1be3d01844",
          "text": "We hold this certificate. It was extended in 2025, and the record does not show it.", "contact": null,
          "at": "2026-11-22T09:30:00.123456Z", "actor": "anyone",
          "answer": { "text": "Thank you. The extension is on record since today.", "at": "2026-11-23T08:00:00.123456Z", "actor": "body:jea" },
          "revision": 415
        }
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/objections/{id}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Address> address, Visitor visitor, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(new Request(address.Value.Id, address.Value.KnownAt, visitor.Actor), cancel);
        return found.Value.Contact is null ? Reply.Computed(found.Value, found.Revision, found.Value.Revision)
            : Reply.Live(found.Value); // what is for one caller alone is kept by nobody
    }

    /// <param name="Id" example="019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a">Id of the objection.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Address(string Id, KnownAt? KnownAt = null);

    /// <param name="Id">Id of the objection.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for.</param>
    /// <param name="Reader">Who asks.</param>
    public sealed record Request(string Id, KnownAt? KnownAt, Actor Reader) : IRequest<Read<Response>>;

    /// <summary>An objection on record.</summary>
    /// <param name="Id">By which it is read and answered.</param>
    /// <param name="About">Address of the record that it is about.</param>
    /// <param name="Text">The objection; null once it was removed by law.</param>
    /// <param name="Contact">How to reach who objects; null for whom it is not meant, where none was given, and once it was removed by law.</param>
    /// <param name="At">When it was filed.</param>
    /// <param name="Actor">Who filed it, as the log names him: <c>anyone</c> without a key.</param>
    /// <param name="Answer">The answer; null while there is none.</param>
    /// <param name="Revision">The revision that last wrote it.</param>
    public sealed record Response(string Id, string About, string? Text, string? Contact, string At, string Actor, ObjectionAnswer? Answer, long Revision)
    {
        internal static Response Of(ObjectionRow objection, bool withContact)
        {
            var entry = objection.Entry;
            return new(entry.Id!, entry.About!, entry.Text, withContact ? entry.Contact : null, entry.At!, entry.Actor!, entry.Answer, objection.Revision);
        }
    }

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, Read<Response>>
    {
        public async Task<Read<Response>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(request.KnownAt, cancel);
            var found = await reading.ObjectionAsync(request.Id) ?? throw Refusal.NotFound(Thing.Objection, request.Id);
            return new(Response.Of(found, await new ContactReader(reading, request.Reader).MayReadAsync(found.Entry)), reading.Revision);
        }
    }
}
