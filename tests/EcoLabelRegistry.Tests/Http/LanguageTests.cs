using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Tests.Http;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("", "en")]
    [InlineData("zh", "zh-Hans")]
    [InlineData("zh-CN", "zh-Hans")]
    [InlineData("ZH-hans-cn", "zh-Hans")]
    [InlineData("zh-TW", "zh-Hans")]
    [InlineData("en-GB,zh;q=0.9", "en")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans")]
    [InlineData("en;q=0.5, zh;q=0.6", "zh-Hans")]
    [InlineData("de, fr;q=0.9", "en")]
    [InlineData("de, zh;q=0.1", "zh-Hans")]
    [InlineData("zh;q=0", "en")]
    [InlineData("en;q=0, zh;q=0.1", "zh-Hans")]
    [InlineData("*", "en")]
    [InlineData("zh;q=0.4, *;q=0.5", "en")]
    [InlineData("zh;q=0.5, en;q=0.5", "zh-Hans")]
    [InlineData(";;q=,,zh;q=2", "en")]
    [InlineData("zhuang, zh-Hant;q=0.3", "zh-Hans")]
    public void The_language_of_the_highest_weight_wins_and_English_where_none_is_asked(string header, string language) =>
        Assert.Equal(language, Language.Preferred(header).Tag);

    [Fact]
    public void Several_headers_count_as_one() => Assert.Equal(Language.Chinese, Language.Preferred(new(["de", "zh;q=0.2"])));
}
