namespace EcoLabelRegistry.Recognition.Tests.Oracle;

/// <summary>Every case that is one piece smaller, so that a failing one shrinks to what matters.</summary>
public static class SmallerCase
{
    public static IEnumerable<RecognitionCase> Of(RecognitionCase failing)
    {
        var registry = failing.Registry;
        foreach (var agreements in Fewer(registry.Agreements, Of))
        {
            yield return failing with { Registry = registry with { Agreements = agreements } };
        }

        foreach (var policies in Fewer(registry.Policies, Of).Where(p => p.Count == registry.Policies.Count))
        {
            yield return failing with { Registry = registry with { Policies = policies } };
        }

        foreach (var standards in Fewer(registry.Standards, Of).Where(s => s.Count == registry.Standards.Count))
        {
            yield return failing with { Registry = registry with { Standards = standards } };
        }

        foreach (var schemes in Fewer(registry.Schemes, Of).Where(s => s.Count == registry.Schemes.Count))
        {
            yield return failing with { Registry = registry with { Schemes = schemes } };
        }

        foreach (var candidates in Fewer(failing.Subject.Candidates, Of))
        {
            yield return failing with { Subject = failing.Subject with { Candidates = candidates } };
        }

        var question = failing.Question;
        foreach (var simpler in (RecognitionQuestion[])[question with { Category = null }, question with { Territory = null }, question with { MinLevel = null }])
        {
            if (simpler != question)
            {
                yield return failing with { Question = simpler };
            }
        }
    }

    private static IEnumerable<Agreement> Of(Agreement agreement)
    {
        foreach (var texts in Fewer(agreement.Texts, Of).Where(t => t.Count > 0))
        {
            yield return agreement with { Texts = texts };
        }

        foreach (var events in Fewer(agreement.Events))
        {
            yield return agreement with { Events = events };
        }

        if (agreement.ConfirmedOn is not null)
        {
            yield return agreement with { ConfirmedOn = null };
        }

        // Nobody is taken away, only that he acceded twice.
        var schemes = agreement.Parties.Select(p => p.Scheme).Distinct(StringComparer.Ordinal).Count();
        foreach (var parties in Fewer(agreement.Parties, p => p.AccededOn is null ? [] : [p with { AccededOn = null }])
            .Where(p => p.Select(one => one.Scheme).Distinct(StringComparer.Ordinal).Count() == schemes))
        {
            yield return agreement with { Parties = parties };
        }
    }

    private static IEnumerable<AgreementText> Of(AgreementText text)
    {
        foreach (var grants in Fewer(text.Grants, Of))
        {
            yield return text with { Grants = grants };
        }

        foreach (var reservations in Fewer(text.Reservations))
        {
            yield return text with { Reservations = reservations };
        }

        AgreementText[] simpler = [text with { EffectiveUntil = null }, text with { SignedOn = null }, text with { FirstPublished = null }];
        foreach (var one in simpler.Where(s => s != text))
        {
            yield return one;
        }
    }

    private static IEnumerable<Grant> Of(Grant grant)
    {
        foreach (var conditions in Fewer(grant.Conditions))
        {
            yield return grant with { Conditions = conditions };
        }

        Grant[] simpler =
        [
            grant with { From = null }, grant with { Until = null }, grant with { MinTier = null }, grant with { OnwardMaxHops = 0 },
            grant.Categories.Count > 0 ? grant with { Categories = [] } : grant,
            grant.Standards.Count > 0 ? grant with { Standards = [] } : grant,
            grant.Wanted.Count > 0 ? grant with { Wanted = [] } : grant,
            grant.CommonCriteria.Count > 0 ? grant with { CommonCriteria = [] } : grant,
        ];
        foreach (var one in simpler.Where(s => s != grant))
        {
            yield return one;
        }
    }

    private static IEnumerable<Policy> Of(Policy policy) => Fewer(policy.Accepts, Of).Select(lines => policy with { Accepts = lines });

    private static IEnumerable<PolicyLine> Of(PolicyLine line)
    {
        PolicyLine[] simpler =
        [
            line with { From = null }, line with { Until = null }, line with { MinTier = null }, line with { MinLevel = null }, line with { Reciprocal = false },
            line.Categories.Count > 0 ? line with { Categories = [] } : line,
            line.Standards.Count > 0 ? line with { Standards = [] } : line,
            line.Conditions.Count > 0 ? line with { Conditions = [] } : line,
        ];
        return simpler.Where(s => s != line);
    }

    private static IEnumerable<Standard> Of(Standard standard) =>
        Fewer(standard.Editions, e => Fewer(e.Criteria).Select(c => e with { Criteria = c })).Select(editions => standard with { Editions = editions });

    private static IEnumerable<Scheme> Of(Scheme scheme)
    {
        Scheme[] simpler =
        [
            scheme with { CountsAsParent = false }, scheme with { RegisterAsOf = null }, scheme with { SurveillanceMonths = null },
            scheme with { Coverage = RegisterCoverage.Full }, scheme with { Sample = false }, scheme with { Kind = SchemeKind.Scheme },
        ];
        return simpler.Where(s => s != scheme);
    }

    private static IEnumerable<Candidate> Of(Candidate candidate)
    {
        var certificate = candidate.Certificate;
        foreach (var events in Fewer(certificate.Events))
        {
            yield return candidate with { Certificate = certificate with { Events = events } };
        }

        foreach (var periods in Fewer(certificate.Periods, p => p.Until is null ? [] : [p with { Until = null }]).Where(p => p.Count > 0))
        {
            yield return candidate with { Certificate = certificate with { Periods = periods } };
        }

        foreach (var lines in Fewer(candidate.Lines))
        {
            yield return candidate with { Lines = lines };
        }

        if (certificate.Territories is null or { Count: > 0 })
        {
            yield return candidate with { Certificate = certificate with { Territories = [] } };
        }

        if (certificate.SiteCountries is { Count: > 0 })
        {
            yield return candidate with { Certificate = certificate with { SiteCountries = [] } };
        }

        if (certificate.LastAudit is not null)
        {
            yield return candidate with { Certificate = certificate with { LastAudit = null } };
        }
    }

    private static IEnumerable<List<T>> Fewer<T>(IReadOnlyList<T> list, Func<T, IEnumerable<T>>? smaller = null)
    {
        for (var i = 0; i < list.Count; i++)
        {
            yield return [.. list.Take(i), .. list.Skip(i + 1)];
        }

        for (var i = 0; i < list.Count && smaller is not null; i++)
        {
            foreach (var item in smaller(list[i]))
            {
                yield return [.. list.Take(i), item, .. list.Skip(i + 1)];
            }
        }
    }
}
