using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Agreements;

/// <summary>Whose an agreement is: its parties', each for itself.</summary>
internal static class AgreementParties
{
    /// <summary>Refuses everybody but the bodies of schemes that are or were parties.</summary>
    /// <param name="registry">The registry as it stands.</param>
    /// <param name="agreement">Code of the agreement.</param>
    /// <param name="actor">Who writes.</param>
    /// <param name="registrarToo">True for what the registrar may do to an agreement that he attests; <see cref="AgreementLife"/> says how long.</param>
    /// <exception cref="RefusalException">The agreement does not exist, or the actor has no part in it.</exception>
    public static void Demand(RegistryAt registry, string agreement, Actor actor, bool registrarToo = false)
    {
        var entry = registry.Agreements.GetValueOrDefault(agreement)?.Entry;
        if (entry is null)
        {
            throw actor.IsRegistrar || actor.LabelBody is not null ? Refusal.NotFound(Thing.Agreement, agreement) : Forbidden(agreement);
        }

        var may = actor.IsRegistrar ? registrarToo && entry.Attested == true : actor.SchemesAmong(registry, entry.PartySchemes).Count > 0;
        if (!may)
        {
            throw Forbidden(agreement);
        }
    }

    /// <summary>The schemes of the caller that act: the one named, else his only one among the parties.</summary>
    /// <param name="registry">The registry as it stands.</param>
    /// <param name="agreement">The agreement.</param>
    /// <param name="actor">Who writes.</param>
    /// <param name="named">Code of the scheme that acts, if he says so.</param>
    /// <returns>One scheme or more.</returns>
    public static IReadOnlyList<string> Acting(RegistryAt registry, AgreementEntry agreement, Actor actor, string? named)
    {
        var own = actor.SchemesAmong(registry, agreement.PartySchemes);
        return named is null ? own
            : own.Contains(named, StringComparer.Ordinal) ? [named]
            : throw Refusal.Forbidden($"{Subjects.Of(RecordKind.Agreement, agreement.Code!)}, {named}");
    }

    private static RefusalException Forbidden(string agreement) => Refusal.Forbidden(Subjects.Of(RecordKind.Agreement, agreement));
}
