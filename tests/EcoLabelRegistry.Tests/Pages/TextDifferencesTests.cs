using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Pages;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Tests.Pages;

public sealed class TextDifferencesTests
{
    private static readonly AgreementTextEntry First = new()
    {
        TextHash = "one",
        Title = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = "An agreement" },
        EffectiveFrom = PartialDate.Parse("2020"),
        Grants =
        [
            new() { Id = "a", Recogniser = "x", Recognised = "y", Level = Level.Evidence, Categories = ["paper"] },
            new() { Id = "b", Recogniser = "y", Recognised = "x", Level = Level.Evidence },
        ],
    };

    [Fact]
    public void The_same_text_differs_in_nothing_whoever_signed_it() =>
        Assert.Empty(TextDifferences.Between(First, First with { TextHash = "two", Needs = ["x"], Signatures = [new("x", "two", "2020-01-01T00:00:00Z", "body:x")] }));

    [Fact]
    public void What_is_changed_added_and_gone_is_told_by_its_member_and_a_grant_by_its_id()
    {
        var second = First with
        {
            EffectiveFrom = PartialDate.Parse("2021-06-01"),
            Grants =
            [
                new() { Id = "c", Recogniser = "x", Recognised = "z", Level = Level.Audit },
                First.Grants![0] with { Level = Level.CommonCriteria, Categories = ["paper", "paint"] },
            ],
        };

        var differences = TextDifferences.Between(First, second).Select(d => $"{d.Member}: {d.Before} > {d.After}").ToList();

        Assert.Contains("effectiveFrom: 2020 > 2021-06-01", differences);
        Assert.Contains("grants[a].level: evidence > common-criteria", differences);
        Assert.Contains("grants[a].categories: paper > paper, paint", differences);
        Assert.Contains("grants[c].level:  > audit", differences);
        Assert.Contains("grants[b].level: evidence > ", differences);
        Assert.DoesNotContain(differences, d => d.StartsWith("title", StringComparison.Ordinal) || d.StartsWith("grants[a].recogniser:", StringComparison.Ordinal));
    }
}
