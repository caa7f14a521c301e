using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Objections;

/// <summary>The record that an objection is about: whose it is, who may answer for it.</summary>
/// <param name="Bodies">Codes of the label bodies whose it is: of an agreement, those of all its parties.</param>
/// <param name="Authority">The authority whose policy it is.</param>
internal sealed record ObjectedRecord(IReadOnlyCollection<string> Bodies, string? Authority = null)
{
    /// <summary>True for whom it is of, and for the registrar.</summary>
    public bool IsOf(Actor? actor) => actor is not null
        && (actor.IsRegistrar
            || (actor.LabelBody is { } body && Bodies.Contains(body, StringComparer.Ordinal))
            || (actor.Authority is { } authority && authority == Authority));
}

/// <summary>Finds the record at an address of this registry.</summary>
internal static class FindRecord
{
    private const string SchemeOfCertificate = "select scheme from certificate where id = @Id and recorded_until is null";

    // Whoever certifies a product keeps the line that names it.
    private const string SchemesOfProduct = """
        select distinct c.scheme from product_line l
        join certificate c on c.id = l.certificate and c.recorded_until is null
        where l.product = @Id and l.recorded_until is null
        """;

    /// <summary>The record at the address; null when it names none.</summary>
    public static async ValueTask<ObjectedRecord?> FindAsync(IRegistryView view, string address)
    {
        var registry = view.Registry;
        if (Named(address) is not { } named)
        {
            return null;
        }

        return named switch
        {
            ("categories", var code) => registry.Categories.ContainsKey(code) ? new([]) : null,
            ("label-bodies", var code) => registry.LabelBodies.ContainsKey(code) ? new([code]) : null,
            ("schemes", var code) => OfSchemes([code]),
            ("standards", var id) => OfSchemes([registry.Standards.GetValueOrDefault(id)?.Entry.Scheme]),
            ("agreements", var code) => OfSchemes(registry.Agreements.GetValueOrDefault(code)?.Entry.PartySchemes ?? []),
            ("policies", var code) => registry.Policies.GetValueOrDefault(code) is { } policy ? new([], policy.Entry.Authority) : null,
            ("certificates", var id) => OfSchemes([await view.Db.ExecuteScalarAsync<string?>(SchemeOfCertificate, new { Id = id }, view.Transaction)]),
            ("products", var id) => OfSchemes(await view.Db.QueryAsync<string>(SchemesOfProduct, new { Id = id }, view.Transaction)),
            _ => null,
        };

        ObjectedRecord? OfSchemes(IEnumerable<string?> schemes)
        {
            var bodies = schemes.OfType<string>().Select(s => registry.Schemes.GetValueOrDefault(s)?.Entry.Body).OfType<string>().ToHashSet(StringComparer.Ordinal);
            return bodies.Count == 0 ? null : new(bodies);
        }
    }

    /// <summary>Refuses (422) an address that names no record of this registry.</summary>
    public static async ValueTask<ObjectedRecord> DemandAsync(IRegistryView view, string member, string address) =>
        await FindAsync(view, address) ?? throw Refusal.UnknownResource(member, address, Near(view.Registry, address));

    private static (string Room, string Code)? Named(string address) =>
        address.Split('/') is ["", "v1", var room, { Length: > 0 } code] ? (room, code) : null;

    private static IReadOnlyList<string> Near(RegistryAt registry, string address)
    {
        if (Named(address) is not var (room, code))
        {
            return [];
        }

        IEnumerable<string> known = room switch
        {
            "categories" => registry.Categories.Keys,
            "label-bodies" => registry.LabelBodies.Keys,
            "schemes" => registry.Schemes.Keys,
            "standards" => registry.Standards.Keys,
            "agreements" => registry.Agreements.Keys,
            "policies" => registry.Policies.Keys,
            _ => [],
        };
        return [.. NearMatches.Of(code, known).Select(near => $"/v1/{room}/{near}")];
    }
}
