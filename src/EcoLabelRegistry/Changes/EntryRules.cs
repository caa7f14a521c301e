using System.Collections;
using System.Linq.Expressions;
using System.Text.RegularExpressions;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using FluentValidation;

namespace EcoLabelRegistry.Changes;

/// <summary>How long texts may be, in UTF-16 code units, and lists, in items. Documented for integrators; a longer one is refused, never cut.</summary>
public static class Limits
{
    /// <summary>A code, an id.</summary>
    public const int Code = 120;

    /// <summary>A name, a number, a title.</summary>
    public const int Line = 500;

    /// <summary>Notes, a reason, the words of a criterion.</summary>
    public const int Page = 10_000;

    /// <summary>Items of one list.</summary>
    public const int Items = 10_000;
}

/// <summary>Rules for every fact from the outside; what a slice writes adds its own.</summary>
public abstract class SourcedRules<T> : AbstractValidator<T>
    where T : Sourced
{
    /// <summary>Sources with their texts within bounds.</summary>
    protected SourcedRules()
    {
        RuleFor(e => e.Notes).IsText(Limits.Page);
        RuleFor(e => e.Sources).IsBounded();
        RuleForEach(e => e.Sources).Required().ChildRules(source =>
        {
            source.RuleFor(s => s.Title).Required().IsText(Limits.Line);
            source.RuleFor(s => s.Address).IsText(2_000);
        });
    }
}

/// <summary>The rules that the written resources share. A missing value satisfies every rule but <see cref="Required"/>.</summary>
public static partial class EntryRules
{
    /// <summary>The value is there, and not an empty text or list.</summary>
    public static IRuleBuilderOptions<T, TValue> Required<T, TValue>(this IRuleBuilder<T, TValue> rule) =>
        rule.Must(value => value is not null and not "" and not ICollection { Count: 0 }).Says(_ => new Message("fault.required"));

    /// <summary>Lower kebab-case.</summary>
    public static IRuleBuilderOptions<T, string?> IsCode<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(code => code is null || (code.Length <= Limits.Code && CodePattern().IsMatch(code))).Says(code => new Message("fault.code", code, Limits.Code));

    /// <summary>The code in the body is that in the address.</summary>
    public static IRuleBuilderOptions<T, string?> IsThatOf<T>(this IRuleBuilder<T, string?> rule, Func<T, string?> address) =>
        rule.Must((request, code) => address(request) is not { } own || code == own).WithState((request, _) => new Message("fault.other-address", address(request)));

    /// <summary>Dotted lower kebab-case.</summary>
    public static IRuleBuilderOptions<T, string?> IsCategoryCode<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(code => code is null || (code.Length <= Limits.Code && CategoryPattern().IsMatch(code)))
            .Says(code => new Message("fault.category-code", code, Limits.Code));

    /// <summary>A text that is no longer than the limit, not blank, and has no control characters but line breaks and tabs.</summary>
    public static IRuleBuilderOptions<T, string?> IsText<T>(this IRuleBuilder<T, string?> rule, int longest) =>
        rule.Must(text => text is null || FaultOf(text, longest) is null).Says(text => FaultOf(text!, longest)!);

    /// <summary>What the rule for texts has against this one; null when nothing.</summary>
    public static Message? FaultOf(string text, int longest) =>
        text.Length > longest ? new Message("fault.too-long", longest)
        : text.AsSpan().ContainsAny(Controls) ? new Message("fault.control-character")
        : string.IsNullOrWhiteSpace(text) ? new Message("fault.blank")
        : null;

    /// <summary>One text or more, each under a language tag.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyDictionary<string, string>?> IsTextByLanguage<T>(
        this IRuleBuilder<T, IReadOnlyDictionary<string, string>?> rule) => rule
        .Must(texts => texts is null || (texts.Count > 0 && texts.Keys.All(k => LanguagePattern().IsMatch(k)))).Says(_ => new Message("fault.languages"))
        .Must(texts => texts is null || texts.Values.All(t => !string.IsNullOrWhiteSpace(t) && t.Length <= Limits.Line * 4 && !t.AsSpan().ContainsAny(Controls)))
        .Says(_ => new Message("fault.language-text", Limits.Line * 4));

    /// <summary>A country of ISO 3166-1, or <c>EU</c>, <c>UN</c>.</summary>
    public static IRuleBuilderOptions<T, string?> IsCountry<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(country => country is null || Countries.IsCountry(country)).Says(country => new Message("fault.country", country));

    /// <summary>A country of ISO 3166-1 or a part of one of ISO 3166-2.</summary>
    public static IRuleBuilderOptions<T, string?> IsTerritory<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(territory => territory is null || Countries.IsTerritory(territory)).Says(territory => new Message("fault.territory", territory));

    /// <summary>One of the texts.</summary>
    public static IRuleBuilderOptions<T, string?> IsOneOf<T>(this IRuleBuilder<T, string?> rule, IReadOnlyCollection<string> allowed) =>
        rule.Must(text => text is null || allowed.Contains(text, StringComparer.Ordinal)).Says(text => new Message("fault.one-of", text, string.Join(", ", allowed)));

    /// <summary>A number within bounds, both included.</summary>
    public static IRuleBuilderOptions<T, int?> IsBetween<T>(this IRuleBuilder<T, int?> rule, int least, int greatest) =>
        rule.Must(number => number is null || (number >= least && number <= greatest)).Says(_ => new Message("fault.between", least, greatest));

    /// <summary>An end that can lie on or after its start.</summary>
    public static IRuleBuilderOptions<T, PartialDate?> IsNotBefore<T>(
        this IRuleBuilder<T, PartialDate?> rule, Expression<Func<T, PartialDate?>> start, string startMember)
    {
        var startOf = start.Compile();
        return rule.Must((entry, end) => end is null || startOf(entry) is not { } from || end.Value.LastDay >= from.FirstDay)
            .Says(end => new Message("fault.date-order", end, startMember));
    }

    /// <summary>A list that is not longer than lists may be.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> IsBounded<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>?> rule) =>
        rule.Must(list => list is null || list.Count <= Limits.Items).Says(_ => new Message("fault.too-many", Limits.Items));

    /// <summary>A bounded list in which nothing stands twice.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> IsListOfDistinct<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) =>
        rule.AreDistinctBy(item => item);

    /// <summary>A bounded list in which no two items have the same key.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>?> AreDistinctBy<T, TItem>(
        this IRuleBuilder<T, IReadOnlyList<TItem>?> rule, Func<TItem, string?> key) => rule
        .IsBounded()
        .Must(list => Repeated(list, key) is null).Says(list => new Message("fault.repeated", Repeated(list, key)));

    /// <summary>What is said when the rule before is broken.</summary>
    public static IRuleBuilderOptions<T, TValue> Says<T, TValue>(this IRuleBuilderOptions<T, TValue> rule, Func<TValue, Message> message) =>
        rule.WithState((_, value) => message(value));

    private static string? Repeated<TItem>(IReadOnlyList<TItem>? list, Func<TItem, string?> key) => list is null or { Count: < 2 } ? null :
        list.Where(item => item is not null).GroupBy(key, StringComparer.Ordinal).FirstOrDefault(g => g.Key is not null && g.Skip(1).Any())?.Key;

    private static readonly System.Buffers.SearchValues<char> Controls = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t'), '\uFFFE', '\uFFFF']);

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CategoryPattern();

    [GeneratedRegex(@"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LanguagePattern();
}
