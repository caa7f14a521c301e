using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Internal;
using FluentValidation.Resources;

namespace EcoLabelRegistry.Http;

/// <summary>How FluentValidation speaks here: of members as JSON names them, in the language of the request.</summary>
public static class Validation
{
    private static readonly ConditionalWeakTable<LambdaExpression, string> Names = [];

    /// <summary>Sets the library up; it has one set of options for the whole process.</summary>
    public static void Configure()
    {
        ValidatorOptions.Global.LanguageManager = new RequestLanguage();
        ValidatorOptions.Global.PropertyNameResolver = (_, member, expression) => Name(member, expression);
        ValidatorOptions.Global.DisplayNameResolver = (_, member, expression) => Name(member, expression);
    }

    /// <summary>What is said when the rule before is broken: a text of ours.</summary>
    public static IRuleBuilderOptions<T, TProperty> WithText<T, TProperty>(this IRuleBuilderOptions<T, TProperty> rule, string key, params object?[] values) =>
        rule.WithState(_ => new Message(key, values));

    // The library asks for the name of a list's member each time that it looks at the list.
    private static string? Name(MemberInfo? member, LambdaExpression? expression) =>
        expression is null ? Make(member, null) : Names.GetValue(expression, e => Make(member, e) ?? "") is { Length: > 0 } name ? name : null;

    private static string? Make(MemberInfo? member, LambdaExpression? expression)
    {
        var path = expression is null ? null : PropertyChain.FromExpression(expression).ToString();
        path = string.IsNullOrEmpty(path) ? member?.Name : path;
        return path is null ? null : string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
    }

    // The library's own texts exist for "zh-CN" alone.
    private sealed class RequestLanguage : LanguageManager
    {
        private static readonly CultureInfo EnglishTexts = CultureInfo.GetCultureInfo("en");
        private static readonly CultureInfo ChineseTexts = CultureInfo.GetCultureInfo("zh-CN");

        public override string GetString(string key, CultureInfo? culture = null) =>
            base.GetString(key, Language.Current == Language.Chinese ? ChineseTexts : EnglishTexts);
    }
}
