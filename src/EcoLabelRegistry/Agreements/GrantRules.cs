using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Snapshot;
using FluentValidation;

namespace EcoLabelRegistry.Agreements;

/// <summary>What a grant, and the like of it in a policy, may say.</summary>
internal static class GrantRules
{
    /// <summary>Refuses standards and editions that are not on record, and those of another scheme.</summary>
    public static void CheckStandards(
        RegistryAt registry, IReadOnlyList<GrantedStandardEntry>? standards, string? scheme, string member, bool currentAllowed)
    {
        for (var i = 0; i < (standards?.Count ?? 0); i++)
        {
            var at = $"{member}.standards[{i}]";
            CheckStandard(registry, standards![i].Id, scheme, at + ".id");
            var editions = standards[i].Editions ?? [];
            for (var e = 0; e < editions.Count; e++)
            {
                if (!currentAllowed || editions[e] != PutPolicy.Current)
                {
                    CheckEdition(registry, standards[i].Id!, editions[e], $"{at}.editions[{e}]");
                }
            }
        }
    }

    /// <summary>Refuses a tier that the scheme does not have.</summary>
    public static void CheckTier(RegistryAt registry, string? scheme, string? tier, string member)
    {
        if (tier is not null && scheme is not null && registry.Schemes[scheme].Entry.Tiers is { Count: > 0 } tiers && !tiers.Contains(tier, StringComparer.Ordinal))
        {
            throw Refusal.Invalid(member + ".minTier", new Message("fault.one-of", tier, string.Join(", ", tiers)));
        }
    }

    /// <summary>Refuses a grant that names what is not on record, or schemes that it cannot bind.</summary>
    /// <param name="registry">The registry as it stands.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="member">Its place in the body.</param>
    public static void Check(RegistryAt registry, GrantEntry grant, string member)
    {
        registry.Schemes.Require(Thing.Scheme, member + ".recogniser", grant.Recogniser);
        registry.Schemes.Require(Thing.Scheme, member + ".recognised", grant.Recognised);
        registry.Categories.Require(Thing.Category, member + ".categories", grant.Categories);
        CheckStandards(registry, grant.Standards, grant.Recognised, member, currentAllowed: false);
        CheckTier(registry, grant.Recognised, grant.MinTier, member);
        for (var i = 0; i < (grant.Wanted?.Count ?? 0); i++)
        {
            var wanted = grant.Wanted![i];
            CheckStandard(registry, wanted.Standard, grant.Recogniser, $"{member}.wanted[{i}].standard");
            CheckEdition(registry, wanted.Standard!, wanted.Edition, $"{member}.wanted[{i}].edition");
        }

        for (var i = 0; i < (grant.CommonCriteria?.Count ?? 0); i++)
        {
            var common = grant.CommonCriteria![i];
            if (common.Standard is null)
            {
                continue;
            }

            var at = $"{member}.commonCriteria[{i}]";
            CheckStandard(registry, common.Standard, grant.Recogniser, at + ".standard");
            CheckEdition(registry, common.Standard, common.Edition, at + ".edition");
            CheckRefs(registry, common, at + ".refs");
        }
    }

    private static void CheckStandard(RegistryAt registry, string? id, string? scheme, string member)
    {
        registry.Standards.Require(Thing.Standard, member, id);
        if (scheme is not null && registry.Standards[id!].Entry.Scheme is { } owner && owner != scheme)
        {
            throw Refusal.Invalid(member, new Message("fault.standard-of-another", id, owner, scheme));
        }
    }

    private static void CheckEdition(RegistryAt registry, string standard, string? edition, string member)
    {
        var known = (registry.Standards[standard].Entry.Editions ?? []).Select(e => e.Edition!).ToList();
        if (edition is not null && !known.Contains(edition, StringComparer.Ordinal))
        {
            throw Refusal.Unknown(Thing.Edition, member, edition, known);
        }
    }

    private static void CheckRefs(RegistryAt registry, CommonCriteriaEntry common, string member)
    {
        // A ref that the wanted edition does not hold would silently leave a criterion to prove that is common.
        var refs = (registry.Standards[common.Standard!].Entry.Editions ?? [])
            .Where(e => common.Edition is null || e.Edition == common.Edition)
            .SelectMany(e => e.Criteria ?? []).Select(c => c.Ref).ToHashSet(StringComparer.Ordinal);
        if ((common.Refs ?? []).FirstOrDefault(r => !refs.Contains(r)) is { } stranger)
        {
            throw Refusal.Invalid(member, new Message("fault.unknown-ref", stranger, common.Standard));
        }
    }

    /// <summary>A standard in a list of those covered.</summary>
    public sealed class GrantedStandard : AbstractValidator<GrantedStandardEntry>
    {
        public GrantedStandard()
        {
            RuleFor(s => s.Id).Required().IsCode();
            RuleFor(s => s.Editions).IsListOfDistinct();
            RuleForEach(s => s.Editions).Required().IsText(Limits.Line);
        }
    }

    /// <summary>A condition.</summary>
    public sealed class Condition : AbstractValidator<ConditionEntry>
    {
        public Condition()
        {
            RuleFor(c => c.Code).Required().IsCode();
            RuleFor(c => c.Message).IsTextByLanguage();
            RuleFor(c => c.ExcludeSiteCountries).IsListOfDistinct();
            RuleForEach(c => c.ExcludeSiteCountries).Required().IsCountry();
        }
    }

    /// <summary>A grant.</summary>
    public sealed class Grant : SourcedRules<GrantEntry>
    {
        public Grant()
        {
            RuleFor(g => g.Id).Required().IsCode();
            RuleFor(g => g.Recogniser).Required().IsCode();
            RuleFor(g => g.Recognised).Required().IsCode();
            RuleFor(g => g.Level).Required();
            RuleFor(g => g.Recognised).Must((grant, recognised) => recognised is null || recognised != grant.Recogniser)
                .Says(_ => new Message("fault.recognises-itself"));
            RuleFor(g => g.Categories).IsListOfDistinct();
            RuleForEach(g => g.Categories).Required();
            RuleFor(g => g.Standards).AreDistinctBy(s => s.Id);
            RuleForEach(g => g.Standards).Required().SetValidator(new GrantedStandard());
            RuleFor(g => g.Wanted).IsBounded();
            RuleForEach(g => g.Wanted).Required().ChildRules(w =>
            {
                w.RuleFor(x => x.Standard).Required().IsCode();
                w.RuleFor(x => x.Edition).IsText(Limits.Line);
            });
            RuleFor(g => g.CommonCriteria).IsBounded();
            RuleForEach(g => g.CommonCriteria).Required().ChildRules(c =>
            {
                c.RuleFor(x => x.Document).IsText(Limits.Line);
                c.RuleFor(x => x.Standard).IsCode();
                c.RuleFor(x => x.Edition).IsText(Limits.Line);
                c.RuleFor(x => x.Refs).IsListOfDistinct();
                c.RuleForEach(x => x.Refs).Required();
            });
            RuleFor(g => g.Conditions).IsBounded();
            RuleForEach(g => g.Conditions).Required().SetValidator(new Condition());
            RuleFor(g => g.MinTier).IsText(Limits.Line);
            RuleFor(g => g.Until).IsNotBefore(g => g.From, "from");
            RuleFor(g => g.Onward!.MaxHops).Required().IsBetween(1, 2).When(g => g.Onward is not null);
        }
    }
}
