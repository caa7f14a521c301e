using System.Globalization;
using System.Text.Json.Serialization;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Http;
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

    private static readonly AgreementTextEntry Second = First with
    {
        EffectiveFrom = PartialDate.Parse("2021-06-01"),
        Grants =
        [
            new() { Id = "c", Recogniser = "x", Recognised = "z", Level = Level.Audit },
            First.Grants![0] with { Level = Level.CommonCriteria, Categories = ["paper", "paint"], Onward = new(1) },
        ],
    };

    [Fact]
    public void The_same_text_differs_in_nothing_whoever_signed_it() =>
        Assert.Empty(TextDifferences.Between(First, First with { TextHash = "two", Needs = ["x"], Signatures = [new("x", "two", "2020-01-01T00:00:00Z", "body:x")] }));

    [Fact]
    public void What_is_changed_added_and_gone_is_told_by_its_member_and_a_grant_by_its_id() => Assert.Equal(
        ["/effectiveFrom: True > True", "c/: False > True", "a/level: True > True", "a/categories: True > True", "a/onward: False > True", "b/: True > False"],
        TextDifferences.Between(First, Second).Select(d => $"{d.Grant}/{d.Member}: {d.Before is not null} > {d.After is not null}"));

    [Theory]
    [InlineData("en", "In force from: 2020 > 1 June 2021", "x accepts y: Level: The certificate is accepted as proof of the criteria that it covers. > The common criteria", "x accepts z:  > Level: The partner's site audits", "x accepts y: Passes recognition on:  > 1")]
    [InlineData("zh-Hans", "生效日期: 2020年 > 2021年6月1日", "x 接受 y：", "x 接受 z:  > ", "1")]
    public void It_is_said_in_the_words_of_the_form(string language, params string[] said)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            var words = new Words();
            var page = new AgreementModel(null!, TimeProvider.System);
            var told = TextDifferences.Between(First, Second).Select(d =>
                $"{TextDifferences.Label(d, [First, Second], page, words)}: {TextDifferences.Say(d.Member, d.Before, page, words)} > {TextDifferences.Say(d.Member, d.After, page, words)}").ToList();
            Assert.All(said, sentence => Assert.Contains(told, t => t.Contains(sentence, StringComparison.Ordinal)));
            Assert.All(told, t => Assert.DoesNotContain("common-criteria", t, StringComparison.Ordinal));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void Every_member_of_a_text_and_of_a_grant_has_a_name()
    {
        var members = new[] { typeof(GetAgreement.Text), typeof(GrantEntry) }.SelectMany(t => t.GetProperties())
            .Where(p => !p.IsDefined(typeof(JsonIgnoreAttribute), true) && p.Name is not ("Grants" or "Id" or "EqualityContract"))
            .Select(p => Json.Options.PropertyNamingPolicy!.ConvertName(p.Name));
        Assert.All(members, member => Assert.True(TextDifferences.IsNamed(member), member));
    }

    [Fact]
    public void Of_several_grants_in_one_direction_each_is_told_by_its_id()
    {
        var two = First with { Grants = [First.Grants![0], First.Grants[0] with { Id = "a2" }] };
        var after = two with { Grants = [two.Grants![0] with { Level = Level.Audit }, two.Grants[1]] };
        var difference = Assert.Single(TextDifferences.Between(two, after));
        Assert.Contains("(a)", TextDifferences.Label(difference, [two, after], new AgreementModel(null!, TimeProvider.System), new Words()), StringComparison.Ordinal);
    }
}
