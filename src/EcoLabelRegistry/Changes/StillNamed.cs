using Dapper;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Standards;

namespace EcoLabelRegistry.Changes;

/// <summary>What cannot go from a scheme or a standard, because agreements, policies or certificates name it.</summary>
/// <remarks>
/// Texts of agreements count whether they are in force or not: the dates before an amendment are judged by the old one. Certificates are looked
/// through in the database, and only when something goes that they may name.
/// </remarks>
internal static class StillNamed
{
    private const string AnyCertificate = """
        select id from certificate
        where scheme = @Scheme and recorded_until is null
        order by id
        limit 1
        """;

    // The words as the document has them: what else they may be part of is sorted out from the document itself.
    private const string CertificatesWith = """
        select id, data from certificate
        where scheme = @Scheme and recorded_until is null and data like @One escape '!' and data like @Other escape '!'
        order by id
        """;

    /// <summary>Refuses (409) a version of a scheme that lacks a tier that is named, or that certifies nothing while it has certificates.</summary>
    public static async Task RefuseAsync(Write write, SchemeEntry before, SchemeEntry after)
    {
        var code = after.Code!;
        foreach (var tier in (before.Tiers ?? []).Except(after.Tiers ?? [], StringComparer.Ordinal))
        {
            Refuse("tiers", tier, Grants(write.Registry, g => g.Recognised == code && g.MinTier == tier)
                ?? Policies(write.Registry, l => l.Scheme == code && l.MinTier == tier)
                ?? await CertificateAsync(write, code, ("tier", tier), ("tier", tier), p => p.Tier == tier));
        }

        if (after.Kind == SchemeKind.CriteriaSet && before.Kind != SchemeKind.CriteriaSet
            && await write.Db.ExecuteScalarAsync<string?>(AnyCertificate, new { Scheme = code }, write.Transaction) is { } id)
        {
            throw Refusal.NotPossible("kind", new Message("refusal.has-certificates", code, Subjects.OfCertificate(id)));
        }
    }

    /// <summary>Refuses (409) a version of a standard that is of another scheme, or lacks an edition, while that is named.</summary>
    public static async Task RefuseAsync(Write write, StandardEntry before, StandardEntry after)
    {
        var id = after.Id!;
        if (after.Scheme != before.Scheme)
        {
            Refuse("scheme", id, Grants(write.Registry, g => Named(g).Any(n => n.Standard == id))
                ?? Policies(write.Registry, l => (l.Standards ?? []).Any(s => s.Id == id))
                ?? await CertificateAsync(write, before.Scheme!, ("standard", id), ("standard", id), p => p.Standard == id));
        }

        foreach (var edition in Labels(before).Except(Labels(after), StringComparer.Ordinal))
        {
            Refuse("editions", $"{id} {edition}", Grants(write.Registry, g => Named(g).Any(n => n.Standard == id && n.Edition == edition))
                ?? Policies(write.Registry, l => (l.Standards ?? []).Any(s => s.Id == id && (s.Editions ?? []).Contains(edition, StringComparer.Ordinal)))
                ?? await CertificateAsync(write, before.Scheme!, ("standard", id), ("edition", edition), p => p.Standard == id && p.Edition == edition));
        }
    }

    private static void Refuse(string member, string what, string? by)
    {
        if (by is not null)
        {
            throw Refusal.NotPossible(member, new Message("refusal.still-named", what, by));
        }
    }

    private static string? Grants(RegistryAt registry, Func<GrantEntry, bool> names) =>
        registry.Agreements.FirstOrDefault(a =>
            (a.Value.Entry.Texts ?? []).SelectMany(t => t.Grants ?? []).Concat((a.Value.Entry.Accessions ?? []).SelectMany(x => x.Grants ?? [])).Any(names)).Key is { } code
            ? Subjects.Of(RecordKind.Agreement, code)
            : null;

    private static string? Policies(RegistryAt registry, Func<EcoLabelRegistry.Policies.PolicyLineEntry, bool> names) =>
        registry.Policies.FirstOrDefault(p => (p.Value.Entry.Accepts ?? []).Any(names)).Key is { } code ? Subjects.Of(RecordKind.Policy, code) : null;

    private static IEnumerable<(string? Standard, string? Edition)> Named(GrantEntry grant) =>
    [
        .. (grant.Standards ?? []).SelectMany(s => (s.Editions ?? []).Select(e => ((string?)s.Id, (string?)e)).Prepend((s.Id, null))),
        .. (grant.Wanted ?? []).Select(w => (w.Standard, w.Edition)),
        .. (grant.CommonCriteria ?? []).Select(c => (c.Standard, c.Edition)),
    ];

    private static IEnumerable<string> Labels(StandardEntry standard) => (standard.Editions ?? []).Select(e => e.Edition!);

    private static async Task<string?> CertificateAsync(
        Write write, string scheme, (string Member, string Text) one, (string Member, string Text) other, Func<CertificatePeriodEntry, bool> names)
    {
        var parameters = new { Scheme = scheme, One = Pattern(one), Other = Pattern(other) };
        await foreach (var (id, data) in write.Db.QueryUnbufferedAsync<(string Id, string Data)>(CertificatesWith, parameters, write.Transaction))
        {
            if ((RecordJson.Read<CertificateEntry>(data).Periods ?? []).Any(names))
            {
                return Subjects.OfCertificate(id);
            }
        }

        return null;
    }

    private static string Pattern((string Member, string Text) of)
    {
        var words = $"\"{of.Member}\":{RecordJson.Text(of.Text)}";
        return $"%{words.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
    }
}
