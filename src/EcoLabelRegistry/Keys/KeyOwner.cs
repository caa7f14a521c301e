using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Keys;

/// <summary>Who can own a key beside the registrar.</summary>
public enum KeyOwner
{
    /// <summary>A label body.</summary>
    Body,

    /// <summary>The authority of a purchasing policy.</summary>
    Authority,
}

/// <summary>How the owner of a key is named, and who manages his keys: he himself, and the registrar.</summary>
internal static class KeyOwners
{
    /// <summary>The address of the record that the keys are under.</summary>
    public static string AddressOf(this KeyOwner owner, string code) => owner switch
    {
        KeyOwner.Body => Subjects.Of(RecordKind.LabelBody, code),
        KeyOwner.Authority => Subjects.Of(RecordKind.Policy, code),
    };

    /// <summary>The owner as an actor.</summary>
    /// <exception cref="RefusalException">The record does not exist.</exception>
    public static Actor ActorOf(this KeyOwner owner, RegistryAt registry, string code) => owner switch
    {
        KeyOwner.Body => Actor.OfBody(registry.LabelBodies.Named(Thing.LabelBody, code).Entry.Code!),
        KeyOwner.Authority => Actor.OfAuthority(registry.Policies.Named(Thing.Policy, code).Entry.Authority!),
    };

    /// <summary>Refuses everybody but the registrar and the owner.</summary>
    public static void Demand(this KeyOwner owner, RegistryAt registry, string code, Actor actor)
    {
        if (!actor.IsRegistrar && ActorOf(owner, registry, code).Code != actor.Code)
        {
            throw Refusal.Forbidden(owner.AddressOf(code) + "/keys");
        }

        ActorOf(owner, registry, code); // 404 for the registrar too
    }
}
