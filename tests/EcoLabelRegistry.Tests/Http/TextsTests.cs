using System.Text.RegularExpressions;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Resources;

namespace EcoLabelRegistry.Tests.Http;

public sealed partial class TextsTests
{
    private static readonly IReadOnlyDictionary<string, string> English = Texts.In(Language.English);
    private static readonly IReadOnlyDictionary<string, string> Chinese = Texts.In(Language.Chinese);

    // Every closed list whose members a person reads.
    private static readonly string[] OfMembers =
    [
        .. Keys<Answer>(), .. Keys<Outcome>(), .. Keys<Reason>(), .. Keys<Warning>(), .. Keys<ConditionCode>(), .. Keys<Level>(),
        .. Keys<CertificateStanding>(), .. Keys<AgreementStanding>(), .. Keys<AgreementKind>(), .. Keys<Comparison>(), .. Keys<Incomparability>(),
        .. Keys<RegisterCoverage>(), .. Keys<CriteriaCompleteness>(), .. Keys<Thing>(), .. Keys<Comparator>(), .. Keys<RecogniserKind>(), .. Keys<Confidence>(),
        .. Keys<HappeningType>(), .. Keys<PartyStanding>(), .. Keys<CertificateEventType>(), .. Keys<AgreementAct>(),
        .. Keys<ImportState>(), .. Keys<ImportKind>(), .. Keys<OnError>(), .. Keys<Imported>(),
        .. Keys<ProblemCode>(), .. Keys<ProblemCode>().Select(key => key + ".explanation"),
    ];

    [Fact]
    public void Dates_and_instants_are_written_as_they_are_read()
    {
        var instant = new DateTimeOffset(2027, 2, 1, 9, 30, 0, TimeSpan.FromHours(8));

        foreach (var language in new[] { Language.English, Language.Chinese })
        {
            Assert.Contains(" 2027-02-01 ", Texts.Of("fault.not-suspended", language, new DateOnly(2027, 2, 1)), StringComparison.Ordinal);
            Assert.Contains("2027-02-01T01:30:00Z", Texts.Of("fault.not-suspended", language, instant), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Both_languages_have_the_same_keys() =>
        Assert.Equal(English.Keys.Order(StringComparer.Ordinal), Chinese.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Both_languages_fill_the_same_placeholders() =>
        Assert.All(English, text => Assert.Equal(Placeholders(text.Value), Placeholders(Chinese[text.Key])));

    [Fact]
    public void Every_member_of_a_closed_list_has_a_text_in_both_languages() => Assert.All(OfMembers, key =>
    {
        Assert.NotEmpty(English[key]);
        Assert.NotEmpty(Chinese[key]);
    });

    [Fact]
    public void Chinese_texts_are_Chinese_and_English_ones_are_not() => Assert.All(English.Keys.Where(HasWords), key =>
    {
        Assert.Matches(Han(), Chinese[key]);
        Assert.DoesNotMatch(Han(), English[key]);
    });

    [Fact]
    public void Every_text_is_used_and_every_text_used_is_there()
    {
        var used = Directory.EnumerateFiles(Path.Combine(Project.Root, "src", "EcoLabelRegistry"), "*.cs*", SearchOption.AllDirectories)
            .SelectMany(file => Literals().Matches(File.ReadAllText(file)).Select(match => match.Groups["key"].Value))
            .ToHashSet(StringComparer.Ordinal);
        var prefixes = English.Keys.Select(key => key.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        var asked = used.Where(key => prefixes.Contains(key.Split('.')[0])).ToList();

        Assert.All(asked, key => Assert.Contains(key, English));
        Assert.All(English.Keys.Except(OfMembers), key => Assert.Contains(key, used));
    }

    [Fact]
    public void A_message_within_a_message_is_of_the_same_language()
    {
        var refusal = Refusal.NotFound(Thing.LabelBody, "x");
        Assert.Equal("No label body \"x\" is on record.", refusal.Detail.In(Language.English));
        Assert.Equal("没有登记编号或代码为“x”的标志机构。", refusal.Detail.In(Language.Chinese));
    }

    private static IEnumerable<string> Keys<TMember>()
        where TMember : struct, Enum => Enum.GetValues<TMember>().Select(Texts.Key);

    // A text of placeholders alone has no language.
    private static bool HasWords(string key) => PlaceholderPattern().Replace(English[key], string.Empty).Any(char.IsLetter);

    private static string Placeholders(string text) =>
        string.Join(" ", PlaceholderPattern().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"(?<!\{)\{\d+\}", RegexOptions.None, 1000)]
    private static partial Regex PlaceholderPattern();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}", RegexOptions.None, 1000)]
    private static partial Regex Han();

    [GeneratedRegex("\"(?<key>verbatim|[a-z-]+\\.[a-z0-9-]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literals();
}
