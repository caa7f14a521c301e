using EcoLabelRegistry.Http;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>What a record may be called: nothing that already means another, in whatever way it is written.</summary>
/// <remarks>
/// A recogniser is looked up as scheme, then policy, then body, and a scheme by every spelling of its code and aliases. So a name that comes to mean a
/// second thing would change the answers to questions that were asked before. Names that a record has already may stay: only new ones are judged.
/// </remarks>
internal static class TakenNames
{
    /// <summary>Refuses (409) a code or alias that means another scheme, a policy or a body other than the scheme's own.</summary>
    public static void Refuse(RegistryAt registry, SchemeEntry entry)
    {
        var before = registry.Schemes.GetValueOrDefault(entry.Code!)?.Entry;
        var kept = (before is null ? [] : NamesOf(before)).Select(n => ProductIdentity.FindKey(n.Name)).ToHashSet(StringComparer.Ordinal);
        var come = NamesOf(entry).Select(n => (n.Member, n.Name, Key: ProductIdentity.FindKey(n.Name))).Where(n => !kept.Contains(n.Key)).ToList();
        if (come.Count == 0)
        {
            return;
        }

        var policies = ByKey(registry.Policies.Keys);
        var bodies = ByKey(registry.LabelBodies.Keys.Where(b => b != entry.Body));
        foreach (var (member, name, key) in come)
        {
            Refuse(member, name, RecordKind.Scheme, registry.SchemeNames.Named(key).FirstOrDefault(s => s != entry.Code));
            Refuse(member, name, RecordKind.Policy, policies.GetValueOrDefault(key));
            Refuse(member, name, RecordKind.LabelBody, bodies.GetValueOrDefault(key));
        }
    }

    /// <summary>Refuses (409) the code of a new policy that means a scheme or a body.</summary>
    public static void Refuse(RegistryAt registry, PolicyEntry entry)
    {
        if (!registry.Policies.ContainsKey(entry.Code!))
        {
            var key = ProductIdentity.FindKey(entry.Code!);
            Refuse("code", entry.Code!, RecordKind.Scheme, registry.SchemeNames.Named(key).FirstOrDefault());
            Refuse("code", entry.Code!, RecordKind.LabelBody, ByKey(registry.LabelBodies.Keys).GetValueOrDefault(key));
        }
    }

    /// <summary>Refuses (409) the code of a new body that means a scheme, of which a new body has none, or a policy.</summary>
    public static void Refuse(RegistryAt registry, LabelBodyEntry entry)
    {
        if (!registry.LabelBodies.ContainsKey(entry.Code!))
        {
            var key = ProductIdentity.FindKey(entry.Code!);
            Refuse("code", entry.Code!, RecordKind.Scheme, registry.SchemeNames.Named(key).FirstOrDefault());
            Refuse("code", entry.Code!, RecordKind.Policy, ByKey(registry.Policies.Keys).GetValueOrDefault(key));
        }
    }

    private static void Refuse(string member, string name, RecordKind kind, string? other)
    {
        if (other is not null)
        {
            throw Refusal.Taken(member, name, Subjects.Of(kind, other));
        }
    }

    private static IEnumerable<(string Member, string Name)> NamesOf(SchemeEntry scheme) =>
        (scheme.Aliases ?? []).Select((alias, i) => (Member: $"aliases[{i}]", Name: alias)).Prepend(("code", scheme.Code!));

    private static Dictionary<string, string> ByKey(IEnumerable<string> codes)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var code in codes)
        {
            found.TryAdd(ProductIdentity.FindKey(code), code);
        }

        return found;
    }
}
