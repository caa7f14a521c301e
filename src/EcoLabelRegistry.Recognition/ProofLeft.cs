namespace EcoLabelRegistry.Recognition;

/// <summary>Lists what a grant of common criteria or of evidence leaves to prove.</summary>
internal static class ProofLeft
{
    /// <summary>The editions whose criteria the grant wants met, by standard and edition; an edition that is not held here is null.</summary>
    public static IReadOnlyList<(string? Standard, string? Label, Edition? Edition)> Wanted(Grant grant, CertificateLine about)
    {
        var wanted = new List<(string? Standard, string? Label, Edition? Edition)>(1);
        for (var i = 0; i < grant.Wanted.Count; i++)
        {
            wanted.Add(Resolve(grant.Wanted[i], about));
        }

        if (grant.Wanted.Count == 0)
        {
            AddOfTheCategory(grant.Recogniser, about, wanted);
        }

        return wanted.Count switch
        {
            0 => [default],
            1 => wanted,
            _ => [.. wanted.Distinct().OrderBy(w => w.Standard, StringComparer.Ordinal).ThenBy(w => w.Label, StringComparer.Ordinal)],
        };
    }

    /// <summary>Adds the criteria still to be proven, and says so where more may be left than is listed.</summary>
    public static void AddConditions(Grant grant, string? agreement, CertificateLine about, CertificatePeriod period, List<PathCondition> conditions)
    {
        var held = about.Graph.FindEdition(period.Standard, period.Edition);
        foreach (var (standard, label, edition) in Wanted(grant, about))
        {
            foreach (var criterion in edition?.Criteria ?? [])
            {
                if (MustBeProven(criterion) && !IsCommon(criterion, standard, label, grant))
                {
                    conditions.Add(Condition(ConditionCode.CriterionToProve) with
                    {
                        Criterion = criterion,
                        Comparison = CriteriaComparison.Of(criterion, held, about.Question.AsOf),
                    });
                }
            }

            if (edition is not { Completeness: CriteriaCompleteness.Full })
            {
                conditions.Add(Condition(
                    edition is { Completeness: CriteriaCompleteness.Excerpt } ? ConditionCode.CriteriaIncomplete : ConditionCode.CriteriaNotHeld));
            }

            PathCondition Condition(ConditionCode code) => new(Code.Of(code)) { Standard = standard, Edition = label, About = agreement };
        }
    }

    private static bool MustBeProven(Criterion criterion) =>
        criterion.Mandatory && criterion.Comparator is not (Comparator.Definition or Comparator.Exemption or Comparator.Derogation);

    private static bool IsCommon(Criterion criterion, string? standard, string? edition, Grant grant) =>
        grant.CommonCriteria.Any(c => c.Standard == standard && (c.Edition is null || c.Edition == edition) && c.Refs.Contains(criterion.Ref, StringComparer.Ordinal));

    private static (string? Standard, string? Label, Edition? Edition) Resolve(WantedStandard wanted, CertificateLine about)
    {
        var edition = wanted.Edition is not null ? about.Graph.FindEdition(wanted.Standard, wanted.Edition)
            : about.Graph.Standards.TryGetValue(wanted.Standard, out var standard) ? Editions.InForce(standard, about.Question.AsOf)
            : null;
        return (wanted.Standard, wanted.Edition ?? edition?.Label, edition);
    }

    /// <summary>
    /// Adds the recogniser's standards for the line's category or one above it that have an edition in force; of a renumbered one and its successor,
    /// the successor alone.
    /// </summary>
    private static void AddOfTheCategory(string recogniser, CertificateLine about, List<(string? Standard, string? Label, Edition? Edition)> wanted)
    {
        var standards = about.Graph.StandardsOf(recogniser);
        for (var i = 0; i < standards.Count; i++)
        {
            if (EditionInForce(standards[i], about) is { } edition && !IsReplaced(standards[i], about, new HashSet<string>(StringComparer.Ordinal)))
            {
                wanted.Add((standards[i].Id, edition.Label, edition));
            }
        }
    }

    /// <summary>True when a document that replaces it, or one that replaces that, is the recogniser's for the category and in force.</summary>
    private static bool IsReplaced(Standard standard, CertificateLine about, HashSet<string> seen) =>
        seen.Add(standard.Id)
        && about.Graph.SuccessorsOf(standard.Id).Any(s =>
            (s.Scheme == standard.Scheme && EditionInForce(s, about) is not null) || IsReplaced(s, about, seen));

    /// <summary>Null when the standard is for other products, or has no edition in force.</summary>
    private static Edition? EditionInForce(Standard standard, CertificateLine about) =>
        standard.Category is not null && about.Category is not null && about.Graph.IsWithin(about.Category, standard.Category)
            ? Editions.InForce(standard, about.Question.AsOf)
            : null;
}
