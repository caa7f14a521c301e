using EcoLabelRegistry.Network;

namespace EcoLabelRegistry.Tests.Network;

public sealed class DrawnNameTests
{
    [Theory]
    [InlineData("Blue Angel", "Blue Angel")]
    [InlineData("China Environmental Labelling", "China Environmental|Labelling")]
    [InlineData("Eco Choice Aotearoa (formerly Environmental Choice New Zealand)", "Eco Choice Aotearoa (formerly|Environmental Choice New Zealand)")]
    [InlineData("新加坡绿色标志计划升级版（纸浆和纸）", "新加坡绿色标志计划|升级版（纸浆和纸）")]
    [InlineData("中国环境标志", "中国环境标志")]
    public void A_long_name_stands_whole_in_two_lines(string name, string lines) => Assert.Equal(lines.Split('|'), DrawnName.Of(name).Lines);

    [Fact]
    public void Only_a_name_longer_than_any_is_cut_and_a_sign_of_two_halves_is_not()
    {
        var drawn = DrawnName.Of(string.Concat(Enumerable.Repeat("𠮷", 400)));
        Assert.All(drawn.Lines, line => Assert.EndsWith("…", line, StringComparison.Ordinal));
        Assert.All(drawn.Lines, line => Assert.DoesNotContain(line, c => char.IsHighSurrogate(c) && line[line.IndexOf(c, StringComparison.Ordinal) + 1] == '…'));
        Assert.True(drawn.Width < 400);
    }
}
