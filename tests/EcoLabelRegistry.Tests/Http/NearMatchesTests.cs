using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Tests.Http;

public sealed class NearMatchesTests
{
    private static readonly string[] Codes = ["blue-angel", "cel", "eco-mark", "eu-ecolabel", "geca", "greencircle", "green-seal", "sgls", "sgls-plus"];

    [Theory]
    [InlineData("cle", "cel")]
    [InlineData("CEL ", "cel")]
    [InlineData("eco-mrak", "eco-mark")]
    [InlineData("ecomark", "eco-mark")]
    [InlineData("blueangel", "blue-angel")]
    [InlineData("sgls", "sgls, sgls-plus")]
    [InlineData("ecolabel", "eu-ecolabel")]
    [InlineData("nordic-swan", "")]
    [InlineData("", "")]
    [InlineData("x", "")]
    public void The_nearest_words_are_offered_and_nothing_that_only_differs(string given, string offered) =>
        Assert.Equal(offered, string.Join(", ", NearMatches.Of(given, Codes)));

    [Fact]
    public void At_most_three_are_offered_in_one_order_whatever_the_order_of_the_list()
    {
        string[] words = ["ab1", "ab2", "ab3", "ab4", "abc"];
        Assert.Equal(["abc", "ab1", "ab2"], NearMatches.Of("abc", words));
        Assert.Equal(["abc", "ab1", "ab2"], NearMatches.Of("abc", words.Reverse()));
    }

    [Fact]
    public void A_text_of_a_million_letters_is_no_misspelling() => Assert.Empty(NearMatches.Of(new string('a', 1_000_000), Codes));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("recognizedBy", "recognisedBy", 1)]
    public void A_swap_of_neighbours_counts_once(string left, string right, int distance)
    {
        Assert.Equal(distance, NearMatches.Distance(left, right));
        Assert.Equal(distance, NearMatches.Distance(right, left));
    }
}
