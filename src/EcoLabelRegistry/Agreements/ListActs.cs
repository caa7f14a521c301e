using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>What somebody may do to an agreement today: his own part in it, as <see cref="AgreementLife"/> has it.</summary>
public static class ListActs
{
    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="Actor">Who asks.</param>
    public sealed record Request(string Agreement, Actor Actor) : IRequest<IReadOnlyList<Row>>;

    /// <summary>Something that can be done.</summary>
    /// <param name="Act">What.</param>
    /// <param name="Schemes">Codes of the schemes for which it can be done: each for itself, but for a signature and an amendment, which are made for all at once.</param>
    /// <param name="TextHash">What can be signed; null for all else.</param>
    public sealed record Row(AgreementAct Act, IReadOnlyList<string> Schemes, string? TextHash = null);

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, IReadOnlyList<Row>>
    {
        private static readonly AgreementAct[] OfParties =
            [AgreementAct.Amend, AgreementAct.Suspend, AgreementAct.Resume, AgreementAct.Withdraw, AgreementAct.Terminate, AgreementAct.Contest];

        // The registrar acts on the whole of what he attests, and leaves nothing that he is no party to.
        private static readonly AgreementAct[] OfRegistrar = [AgreementAct.Amend, AgreementAct.Suspend, AgreementAct.Resume, AgreementAct.Terminate];

        public async Task<IReadOnlyList<Row>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(null, cancel);
            var entry = reading.Registry.Agreements.Named(Thing.Agreement, request.Agreement).Entry;
            var today = AsOf.Today(clock);
            return request.Actor.IsRegistrar ? [.. OfAttested(entry, today)] : [.. OfBody(reading.Registry, entry, request.Actor, today)];
        }

        private static IEnumerable<Row> OfAttested(AgreementEntry entry, DateOnly today) =>
            from act in OfRegistrar
            where entry.Attested == true
            where AgreementLife.WhyNot(entry, act, null, today, byRegistrar: true) is null
            select new Row(act, []);

        private static IEnumerable<Row> OfBody(RegistryAt registry, AgreementEntry entry, Actor actor, DateOnly today)
        {
            foreach (var document in entry.Documents)
            {
                if (actor.SchemesAmong(registry, document.Missing) is { Count: > 0 } signs && AgreementLife.WhyNotSign(entry, document, today) is null)
                {
                    yield return new Row(AgreementAct.Sign, signs, document.TextHash);
                }
            }

            var own = actor.SchemesAmong(registry, entry.PartySchemes);
            foreach (var act in OfParties)
            {
                if (own.Where(scheme => AgreementLife.WhyNot(entry, act, scheme, today) is null).ToList() is { Count: > 0 } may)
                {
                    yield return new Row(act, may);
                }
            }

            var newcomers = actor.SchemesAmong(registry, registry.Schemes.Keys)
                .Where(scheme => AgreementLife.WhyNot(entry, AgreementAct.Accede, scheme, today) is null).ToList();
            if (newcomers.Count > 0)
            {
                yield return new Row(AgreementAct.Accede, newcomers);
            }
        }
    }
}
