using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Changes;

/// <summary>Proves the change log: every entry is as it was written, and none is missing.</summary>
/// <remarks>
/// It reads the whole log, with the rows of registers. A log that is cut off at its end verifies as well: who keeps an earlier <c>head</c> with its
/// <c>revision</c> sees that too, because it must still be the hash of that revision.
/// </remarks>
public static class VerifyChanges
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/changes/verify", HandleAsync)
        .WithExample("""
            { "valid": true, "revision": 412, "head": "1c3e5f7081927d6b0c1f4f9d3d1b0f7f6d1f5b7a9f0c1f3a5d7e9b2c4d6f8a0b", "firstBad": null }
            """);

    private static async Task<Reply<Verification>> HandleAsync(IMediator mediator, CancellationToken cancel)
    {
        var proof = await mediator.Send(new Request(), cancel);
        return Reply.Computed(proof, proof.Revision, proof.FirstBad); // a log changed by hand keeps its revision, and is another answer
    }

    /// <summary>Asks for a proof.</summary>
    public sealed record Request : IRequest<Verification>;

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, Verification>
    {
        public async Task<Verification> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            return await ReadChanges.VerifyAsync(reading.Db, reading.Transaction, after: 0, cancel);
        }
    }
}
