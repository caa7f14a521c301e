namespace EcoLabelRegistry.Recognition;

/// <summary>How a held standard stands to one wanted criterion.</summary>
public enum Comparison
{
    /// <summary>Stricter than wanted.</summary>
    Exceeds,

    /// <summary>As strict as wanted.</summary>
    Meets,

    /// <summary>Less strict than wanted.</summary>
    FallsShort,

    /// <summary>Says nothing about the parameter.</summary>
    IsSilent,

    /// <summary>Both limit the parameter, and the two cannot be set side by side.</summary>
    NotComparable,
}

/// <summary>Why two criteria of one parameter cannot be compared.</summary>
public enum Incomparability
{
    /// <summary>The parameter is defined differently (VOC up to 250 °C, VOC from 23 to 260 °C).</summary>
    DifferentDefinition,

    /// <summary>Measured by another method (ISO 11890-2, EPA Method 24).</summary>
    DifferentMethod,

    /// <summary>Related to something else (ready to use, less water).</summary>
    DifferentBasis,

    /// <summary>The units are of different dimensions.</summary>
    DifferentUnit,

    /// <summary>One side does not state what the other does, so nothing may be concluded.</summary>
    NotStated,
}

/// <summary>The comparison of one wanted criterion with a held standard.</summary>
/// <param name="Result">How the held standard stands.</param>
/// <param name="Why">Why not comparable; null otherwise.</param>
/// <param name="Held">The criterion of the held standard that was set beside it; null when silent.</param>
public sealed record ComparisonResult(Comparison Result, Incomparability? Why, Criterion? Held);

/// <summary>A wanted criterion and how the held standard stands to it.</summary>
/// <param name="Wanted">The criterion of the wanted standard.</param>
/// <param name="Result">How the held standard stands.</param>
public sealed record ComparedCriterion(Criterion Wanted, ComparisonResult Result);

/// <summary>How many criteria of one aspect came out how; alternatives of the wanted standard count once, by the best of them.</summary>
/// <param name="Aspect">The aspect; null for criteria that state none.</param>
/// <param name="Exceeds">Stricter than wanted.</param>
/// <param name="Meets">As strict as wanted.</param>
/// <param name="FallsShort">Less strict than wanted.</param>
/// <param name="IsSilent">Not spoken of.</param>
/// <param name="NotComparable">Spoken of in a way that cannot be set beside what is wanted.</param>
public sealed record AspectCount(string? Aspect, int Exceeds, int Meets, int FallsShort, int IsSilent, int NotComparable);

/// <summary>The comparison of two editions, criterion by criterion. There is no total: strict on paint does not pay for silence on noise.</summary>
/// <param name="Criteria">Every requirement of the wanted edition, in its order.</param>
/// <param name="Aspects">The counts, aspects in the order in which the wanted edition first speaks of them.</param>
public sealed record CriteriaMatrix(IReadOnlyList<ComparedCriterion> Criteria, IReadOnlyList<AspectCount> Aspects);

/// <summary>Sets what a certificate's own standard demands beside what another standard wants.</summary>
/// <remarks>
/// <para>
/// Two criteria compare only if parameter, definition, test method, basis and dimension of unit agree. A difference that both sides state
/// outranks a silence of one side, in that order; where one states what the other leaves out, nothing may be concluded
/// (<see cref="Incomparability.NotStated"/>). What neither side states, neither contradicts: that counts as agreement.
/// </para>
/// <para>
/// A limit is the set of values it allows. The held one <em>meets</em> an equal set, <em>exceeds</em> a set that properly contains it, and
/// otherwise <em>falls short</em>: it lets something through that is not wanted.
/// </para>
/// </remarks>
public static class CriteriaComparison
{
    /// <summary>How the held edition stands to one wanted criterion.</summary>
    /// <param name="wanted">The criterion to be proven. An exemption or derogation asks for nothing and is met by anything.</param>
    /// <param name="held">The edition of the certificate's own standard; null when it is not known, and then nothing may be concluded.</param>
    /// <param name="asOf">The day on which reliefs of the held edition are judged; null takes every one of them as in force.</param>
    /// <remarks>
    /// <para>
    /// Sub-types: equal ones are paired (the held criterion for all stands in where none is for the wanted one). What is wanted for all is met only
    /// if the held edition demands it for all; a sub-type with less falls short. Names of sub-types are each scheme's own, so a
    /// parameter that is limited only under other names is not comparable rather than silent.
    /// </para>
    /// <para>
    /// A held criterion that a certificate can go without never meets a mandatory one: points and options fall short; of alternatives all must
    /// suffice; an exemption, or a derogation still running, leaves open whether the product met the limit.
    /// </para>
    /// <para>Silent means silent in what is held here: an edition held as an excerpt may say more.</para>
    /// </remarks>
    public static ComparisonResult Of(Criterion wanted, Edition? held, DateOnly? asOf = null)
    {
        if (IsRelief(wanted))
        {
            return new(Comparison.Meets, null, null);
        }

        if (wanted.Parameter is null || held is null || (held.Criteria.Count == 0 && held.Completeness != CriteriaCompleteness.Full))
        {
            return new(Comparison.NotComparable, Incomparability.NotStated, null);
        }

        var sameParameter = held.Criteria.Where(c => string.Equals(c.Parameter, wanted.Parameter, StringComparison.Ordinal)).ToList();
        if (wanted.Comparator == Comparator.Definition)
        {
            return OfDefinition(wanted, sameParameter);
        }

        var bySubType = sameParameter
            .Where(IsRequirement)
            .GroupBy(c => c.AppliesTo, StringComparer.Ordinal)
            .Select(g => (SubType: g.Key, Result: OfSubType(wanted, [.. g], held, asOf)))
            .ToList();
        if (bySubType.Count == 0)
        {
            return new(Comparison.IsSilent, null, null);
        }

        if (wanted.AppliesTo is null)
        {
            return ForAllSubTypes([.. bySubType.Select(s => s.Result)], coversAll: bySubType.Exists(s => s.SubType is null));
        }

        foreach (var subType in (string?[])[wanted.AppliesTo, null])
        {
            var pair = bySubType.FindIndex(s => string.Equals(s.SubType, subType, StringComparison.Ordinal));
            if (pair >= 0)
            {
                return bySubType[pair].Result;
            }
        }

        // Only sub-types of other names: a stated difference is still worth saying, equal numbers are not.
        var different = bySubType.Find(s => s.Result is { Why: not null and not Incomparability.NotStated }).Result;
        return different ?? new(Comparison.NotComparable, Incomparability.NotStated, bySubType[0].Result.Held);
    }

    /// <summary>Compares every requirement of one edition with another edition.</summary>
    /// <param name="wanted">The edition whose criteria are to be met; its definitions, exemptions and derogations are no rows.</param>
    /// <param name="held">The edition that a certificate was granted against.</param>
    /// <param name="asOf">The day on which derogations are judged.</param>
    public static CriteriaMatrix Matrix(Edition wanted, Edition held, DateOnly asOf)
    {
        var rows = wanted.Criteria.Where(IsRequirement).Select(c => new ComparedCriterion(c, Of(c, held, asOf))).ToList();

        // A group of alternatives is asked for once; a single criterion is a group of its own.
        var asked = rows
            .Select((row, place) => (row, group: row.Wanted.AlternativeGroup is { } name ? (name, -1) : (string.Empty, place)))
            .GroupBy(r => r.group, r => r.row)
            .Select(g => (g.First().Wanted.Aspect, Best: g.Select(r => r.Result.Result).MinBy(PlaceAmongAlternatives)));

        var counts = asked
            .GroupBy(a => a.Aspect, a => a.Best, StringComparer.Ordinal)
            .Select(g => new AspectCount(
                g.Key,
                g.Count(c => c == Comparison.Exceeds),
                g.Count(c => c == Comparison.Meets),
                g.Count(c => c == Comparison.FallsShort),
                g.Count(c => c == Comparison.IsSilent),
                g.Count(c => c == Comparison.NotComparable)))
            .ToList();
        return new(rows, counts);
    }

    // What cannot be compared may still be met, so it says more of a group than what falls short.
    private static int PlaceAmongAlternatives(Comparison comparison) => comparison switch
    {
        Comparison.Exceeds => 0,
        Comparison.Meets => 1,
        Comparison.NotComparable => 2,
        Comparison.FallsShort => 3,
        Comparison.IsSilent => 4,
    };

    private static bool IsRelief(Criterion criterion) => criterion.Comparator is Comparator.Exemption or Comparator.Derogation;

    private static bool IsRequirement(Criterion criterion) => !IsRelief(criterion) && criterion.Comparator != Comparator.Definition;

    // Points are an offer even where the source calls their criterion mandatory.
    private static bool IsBinding(Criterion held, Criterion wanted) =>
        (held.Mandatory && held.Comparator != Comparator.Points) || !wanted.Mandatory || wanted.Comparator == Comparator.Points;

    private static bool Suffices(ComparisonResult result) => result.Result is Comparison.Exceeds or Comparison.Meets;

    private static ComparisonResult OfDefinition(Criterion wanted, List<Criterion> sameParameter)
    {
        var definitions = sameParameter.FindAll(c => c.Comparator == Comparator.Definition);
        if (definitions.Count == 0)
        {
            return new(Comparison.IsSilent, null, null);
        }

        var same = definitions.Find(d => string.Equals(d.Definition, wanted.Definition, StringComparison.OrdinalIgnoreCase)
            && d.Limit == wanted.Limit && d.LimitMax == wanted.LimitMax && string.Equals(d.Unit, wanted.Unit, StringComparison.Ordinal));
        return same is not null
            ? new(Comparison.Meets, null, same)
            : new(Comparison.NotComparable, Incomparability.DifferentDefinition, definitions[0]);
    }

    private static ComparisonResult ForAllSubTypes(List<ComparisonResult> results, bool coversAll) =>
        results.Find(r => r.Result == Comparison.FallsShort)
        ?? results.Find(r => r.Result == Comparison.NotComparable)
        ?? (coversAll
            ? results.Find(r => r.Result == Comparison.Meets) ?? results[0]
            : new(Comparison.NotComparable, Incomparability.NotStated, results[0].Held));

    /// <summary>All held criteria of one parameter and sub-type bind together, so the one that helps most is the result.</summary>
    private static ComparisonResult OfSubType(Criterion wanted, List<Criterion> held, Edition edition, DateOnly? asOf)
    {
        var results = held.ConvertAll(c => Relieved(WithAlternatives(wanted, c, edition), wanted, edition, asOf));
        return results.Find(r => r.Result == Comparison.Exceeds)
            ?? results.Find(r => r.Result == Comparison.Meets)
            ?? (TogetherInRange(wanted, held, results) is { } together ? Relieved(together, wanted, edition, asOf) : null)
            ?? results.Find(r => r.Result == Comparison.FallsShort)
            ?? results[0];
    }

    /// <summary>At least 6 and at most 9, each by itself short of "between 6 and 9", are together just that.</summary>
    private static ComparisonResult? TogetherInRange(Criterion wanted, List<Criterion> held, List<ComparisonResult> results)
    {
        var binding = held
            .Where((c, place) => results[place].Result == Comparison.FallsShort && c.AlternativeGroup is null && IsBinding(c, wanted))
            .ToList();
        if (binding.Count < 2 || AllowedValues.Of(wanted) is not { } asked)
        {
            return null;
        }

        var together = default(AllowedValues);
        foreach (var criterion in binding)
        {
            if (AllowedValues.Of(criterion) is not { } values)
            {
                return null;
            }

            together = together.And(values);
        }

        return together.StandsTo(asked) is { } comparison and not Comparison.FallsShort ? new(comparison, null, binding[0]) : null;
    }

    private static ComparisonResult WithAlternatives(Criterion wanted, Criterion held, Edition edition)
    {
        var own = OfPair(wanted, held);
        if (held.AlternativeGroup is null)
        {
            return own;
        }

        // Whoever holds the certificate may have gone any of the ways; one of another parameter leaves this one open.
        var ways = edition.Criteria
            .Where(c => string.Equals(c.AlternativeGroup, held.AlternativeGroup, StringComparison.Ordinal) && IsRequirement(c) && Concerns(c, wanted))
            .Select(c => ReferenceEquals(c, held) ? own
                : string.Equals(c.Parameter, wanted.Parameter, StringComparison.Ordinal) ? OfPair(wanted, c)
                : new(Comparison.NotComparable, Incomparability.NotStated, held))
            .ToList();
        return ways.Find(r => r.Result == Comparison.FallsShort)
            ?? ways.Find(r => r.Result == Comparison.NotComparable)
            ?? ways.Find(r => r.Result == Comparison.Meets)
            ?? own;
    }

    private static bool Concerns(Criterion held, Criterion wanted) =>
        held.AppliesTo is null || wanted.AppliesTo is null || string.Equals(held.AppliesTo, wanted.AppliesTo, StringComparison.Ordinal);

    private static ComparisonResult Relieved(ComparisonResult result, Criterion wanted, Edition edition, DateOnly? asOf) =>
        Suffices(result) && edition.Criteria.Any(c => IsRelief(c)
            && string.Equals(c.Parameter, wanted.Parameter, StringComparison.Ordinal)
            && Concerns(c, wanted)
            && !(c.Until is { } until && asOf > until.LastDay))
            ? new(Comparison.NotComparable, Incomparability.NotStated, result.Held)
            : result;

    /// <summary>One criterion beside one other of the same parameter.</summary>
    private static ComparisonResult OfPair(Criterion wanted, Criterion held)
    {
        if (Disagreement(wanted, held) is { } why)
        {
            return new(Comparison.NotComparable, why, held);
        }

        if (!IsBinding(held, wanted))
        {
            return new(Comparison.FallsShort, null, held);
        }

        return OfLimits(wanted, held) is { } comparison
            ? new(comparison, null, held)
            : new(Comparison.NotComparable, Incomparability.NotStated, held);
    }

    private static Incomparability? Disagreement(Criterion wanted, Criterion held)
    {
        var notStated = false;

        bool Differ(string? one, string? other)
        {
            notStated |= one is null != other is null;
            return one is not null && other is not null && !string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
        }

        return Differ(wanted.Definition, held.Definition) ? Incomparability.DifferentDefinition
            : Differ(wanted.Method, held.Method) ? Incomparability.DifferentMethod
            : Differ(wanted.Basis, held.Basis) ? Incomparability.DifferentBasis
            : wanted.Limit is not null && held.Limit is not null && Differ(wanted.Unit, held.Unit) && !SameDimension(wanted.Unit, held.Unit)
                ? Incomparability.DifferentUnit
            : notStated ? Incomparability.NotStated
            : null;
    }

    private static bool SameDimension(string? one, string? other) =>
        Unit.TryParse(one, out var first) && Unit.TryParse(other, out var second) && first.HasDimensionOf(second);

    /// <summary>Sets the limits of two criteria that agree in all else side by side; null when one of them does not state its limit.</summary>
    private static Comparison? OfLimits(Criterion wanted, Criterion held) => (wanted.Comparator, held.Comparator) switch
    {
        (Comparator.OneOf, Comparator.OneOf) => OfLists(wanted.OneOf, held.OneOf),
        (Comparator.ByReference, Comparator.ByReference) => OfReferences(wanted, held),

        // Each scheme's points count towards a total of its own; only a stated basis makes them the same points.
        (Comparator.Points, Comparator.Points) when wanted.Basis is null => null,
        (Comparator.Points, not Comparator.Points) or (not Comparator.Points, Comparator.Points) => null,
        (Comparator.NotDetected, Comparator.NotDetected) when wanted.Limit is null && held.Limit is null =>
            wanted.Method is null ? null : Comparison.Meets,
        (Comparator.NotDetected, Comparator.Absent) => Comparison.Exceeds,
        (Comparator.Absent or Comparator.Present, Comparator.NotDetected) => Comparison.FallsShort,
        _ => AllowedValues.Of(wanted) is { } asked ? AllowedValues.Of(held)?.StandsTo(asked) : null,
    };

    private static Comparison? OfLists(IReadOnlyList<string> wanted, IReadOnlyList<string> held)
    {
        // Lists without a common value may name the same things in two schemes' words.
        if (!held.Intersect(wanted, StringComparer.Ordinal).Any())
        {
            return null;
        }

        return held.Except(wanted, StringComparer.Ordinal).Any() ? Comparison.FallsShort
            : wanted.Except(held, StringComparer.Ordinal).Any() ? Comparison.Exceeds
            : Comparison.Meets;
    }

    /// <summary>The same other document sets both limits; which one it is stands in the definition, the method or the list.</summary>
    private static Comparison? OfReferences(Criterion wanted, Criterion held) =>
        wanted.OneOf.Count == held.OneOf.Count && !wanted.OneOf.Except(held.OneOf, StringComparer.Ordinal).Any()
        && (wanted.Definition is not null || wanted.Method is not null || wanted.OneOf.Count > 0)
            ? Comparison.Meets
            : null;
}
