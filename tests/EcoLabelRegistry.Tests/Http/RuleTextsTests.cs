using System.Reflection;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.Extensions.DependencyInjection;

namespace EcoLabelRegistry.Tests.Http;

/// <summary>What a broken rule says is a text of the registry's own, in both languages, and never the library's.</summary>
public sealed class RuleTextsTests
{
    [Fact]
    public void Every_rule_says_what_is_wrong_in_a_text_of_ours()
    {
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var rules = typeof(Program).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, ContainsGenericParameters: false } && typeof(IValidator).IsAssignableFrom(type))
            .SelectMany(type => RulesOf((IValidator)ActivatorUtilities.CreateInstance(services, type))).ToList();

        Assert.True(rules.Count > 200, $"Only {rules.Count} rules were found.");
        Assert.Contains(rules, rule => rule.Name.Contains(" Title ", StringComparison.OrdinalIgnoreCase)); // of a source, by a rule within a rule
        Assert.DoesNotContain(rules, rule => !rule.HasText);
    }

    [Fact]
    public void A_rule_without_one_would_be_found() =>
        Assert.Contains(RulesOf(new Wordless()), rule => !rule.HasText);

    private static IEnumerable<(string Name, bool HasText)> RulesOf(IValidator validator)
    {
        foreach (var rule in validator.CreateDescriptor().Rules)
        {
            foreach (var component in rule.Components)
            {
                if (component.Validator is not IChildValidatorAdaptor)
                {
                    yield return ($"{validator.GetType()} {rule.PropertyName} {component.Validator.Name}", component.GetType().GetProperty("CustomStateProvider")!.GetValue(component) is not null);
                }
                else if (ChildOf(component.Validator) is { } child)
                {
                    foreach (var inner in RulesOf(child))
                    {
                        yield return inner;
                    }
                }
            }
        }
    }

    private static IValidator? ChildOf(object adaptor)
    {
        for (var type = adaptor.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField("_validator", BindingFlags.Instance | BindingFlags.NonPublic) is { } field)
            {
                return (IValidator?)field.GetValue(adaptor);
            }
        }

        return null;
    }

    private sealed class Wordless : AbstractValidator<string>
    {
        public Wordless() => RuleFor(text => text).Must(text => text.Length > 1);
    }
}
