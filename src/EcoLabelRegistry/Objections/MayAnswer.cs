using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Objections;

/// <summary>Tells whether somebody may answer objections to a record, for whoever shows a form for it. Who answers is judged all the same.</summary>
public static class MayAnswer
{
    /// <param name="About">Address of the record.</param>
    /// <param name="Actor">Who would answer.</param>
    public sealed record Request(string About, Actor Actor) : IRequest<bool>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.About).Required().IsText(Limits.Line).OverridePropertyName("about");
    }

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, bool>
    {
        public async Task<bool> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            return await FindRecord.FindAsync(reading, request.About) is { } record && record.IsOf(request.Actor);
        }
    }
}
