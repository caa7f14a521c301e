using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Lists agreements with their parties, texts, grants, standing and history, by code.</summary>
/// <remarks>All of them, in force or not: <c>standing</c> narrows them to those that have it on the date.</remarks>
public static class ListAgreements
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/agreements", HandleAsync)
        .WithExample($$"""{ "items": [{{GetAgreement.Example}}], "next": null }""")
        .Refuses(ProblemCode.UnknownScheme, ProblemCode.UnknownCategory, ProblemCode.Ambiguous);

    private static async Task<Reply<Page<GetAgreement.Response>>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel) =>
        Reply.Computed(await mediator.Send(request.Value, cancel));

    /// <param name="Paging">Which stretch.</param>
    /// <param name="Party" example="cel">Code or alias of a scheme: the agreements to which it is or was a party.</param>
    /// <param name="Kind">Bilateral, multilateral or unilateral.</param>
    /// <param name="Standing" example="in-force">The standing on the date.</param>
    /// <param name="Category" example="it.imaging">Own code, <c>cpv:…</c> or <c>unspsc:…</c>: agreements with a grant for it, for a part of it, or for more than it.</param>
    /// <param name="Mapping">Whether on the date a newer edition has come, on either side, that a grant does not name yet.</param>
    /// <param name="AsOf">The date of the standing; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(
        Paging Paging,
        string? Party = null,
        AgreementKind? Kind = null,
        AgreementStanding? Standing = null,
        string? Category = null,
        MappingState? Mapping = null,
        AsOf? AsOf = null,
        KnownAt? KnownAt = null) : IRequest<Page<GetAgreement.Response>>;

    /// <summary>Whether the editions that an agreement names are the newest.</summary>
    public enum MappingState
    {
        /// <summary>Every grant names the newest editions, or none.</summary>
        Current,

        /// <summary>Some grant names an edition that has a newer one.</summary>
        Stale,
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Party).IsText(Limits.Line);
            RuleFor(r => r.Category).IsText(Limits.Line);
        }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Page<GetAgreement.Response>>
    {
        public Task<Page<GetAgreement.Response>> Handle(Request request, CancellationToken cancel) => registries.PageAsync(
            request.Paging, request.KnownAt, request.AsOf?.Day ?? Http.AsOf.Today(clock), (registry, day) => Rows(registry, request, day), row => [row.Code], cancel);

        private static IEnumerable<GetAgreement.Response> Rows(RegistryAt registry, Request request, DateOnly day)
        {
            var party = request.Party is null ? null : FindScheme.Find(registry, "party", request.Party);
            var category = request.Category is null ? null : FindCategory.Find(registry, "category", request.Category);
            return
                from agreement in registry.Agreements.Values
                let entry = agreement.Entry
                where party is null || entry.PartySchemes.Contains(party, StringComparer.Ordinal)
                where request.Kind is null || entry.Kind == request.Kind
                let shown = GetAgreement.Response.Of(registry, agreement, day)
                where request.Standing is null || shown.Standing == request.Standing
                where request.Mapping is null || shown.Grants.Any(g => g.MappingStale) == (request.Mapping == MappingState.Stale)
                where category is null || shown.Grants.Any(g => registry.Graph.Touches(g.Categories, category))
                select shown;
        }
    }
}
