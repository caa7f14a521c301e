namespace EcoLabelRegistry.Recognition;

/// <summary>A grant, or a policy's line, that is in force on a date.</summary>
/// <param name="Agreement">The agreement; null for a policy's line.</param>
/// <param name="Policy">The policy; null for an agreement's grant.</param>
/// <param name="Line">The policy's line, which may name <c>recognisedBy</c>; null for an agreement's grant.</param>
/// <param name="Grant">The grant as the text judged on the date has it; a policy's line reads as a full-product grant.</param>
/// <param name="EffectiveFrom">First day of the grant, else of its text; null when neither is known, or for a policy always.</param>
/// <param name="EffectiveUntil">Last day of the grant, else of its text; null while open.</param>
/// <param name="IsUnconfirmed">True when no source shows the agreement alive as late as the date.</param>
/// <param name="IsDateUncertain">True when it is in force only inside the uncertain part of a date.</param>
/// <param name="Warnings">What keeps a reader from a wrong conclusion.</param>
public sealed record GrantInForce(
    Agreement? Agreement,
    Policy? Policy,
    PolicyLine? Line,
    Grant Grant,
    PartialDate? EffectiveFrom,
    PartialDate? EffectiveUntil,
    bool IsUnconfirmed,
    bool IsDateUncertain,
    IReadOnlyList<Warning> Warnings);

/// <summary>Tells what a grant in force is, and for what it is open.</summary>
internal static class GrantsInForce
{
    /// <summary>True when some product of the category may fall under the grant; a grant for a part of it, or for more, is open to it.</summary>
    public static bool IsOpenTo(string? category, in GrantState state, RecognitionGraph graph)
    {
        var touches = category is null || graph.Touches(state.Grant!.Categories, category);
        return touches && !Array.Exists(state.Reservations, r => r.Categories.Count == 0 || graph.IsWithinAny(category, r.Categories));
    }

    /// <summary>The grant as it stands on the date.</summary>
    public static GrantInForce Describe(GrantLine line, in GrantState state, RecognitionGraph graph, DateOnly date)
    {
        var grant = state.Grant!;
        var text = line.Agreement?.Texts[state.Text];
        var warnings = default(WarningSet);
        if (line.Agreement is { } agreement)
        {
            WarningsOf.AddOfAgreement(agreement, state.Text, grant, ref warnings);
        }

        warnings.AddIf(line.Policy is { Sample: true }, Warning.Sample);
        warnings.AddIf(line.MappingInText(state.Text, graph).IsStale(graph, date), Warning.MappingStale);
        return new GrantInForce(
            line.Agreement,
            line.Policy,
            line.PolicyLine,
            grant,
            grant.From ?? (text is null ? null : AgreementStandings.StartOf(text, line.Agreement!)),
            grant.Until ?? text?.EffectiveUntil,
            state.IsUnconfirmed,
            !GrantState.On(line, new Day(date, IsCertain: true)).IsInForce,
            warnings.ToList());
    }
}
