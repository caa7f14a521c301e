namespace EcoLabelRegistry.Recognition.Tests;

public sealed class TerritoriesTests
{
    [Theory]
    [InlineData("GB", "GB", true)]
    [InlineData("GB", "GB-NIR", true)]
    [InlineData("GB-NIR", "GB-NIR", true)]
    [InlineData("GB-NIR", "GB", false)]
    [InlineData("GB-NIR", "GB-SCT", false)]
    [InlineData("GB-NI", "GB-NIR", false)]
    [InlineData("GB", "FR", false)]
    [InlineData("", "FR", true)]
    [InlineData("DE,FR", "FR", true)]
    public void A_country_counts_for_its_parts_and_a_part_not_for_its_country(string territories, string asked, bool counts) =>
        Assert.Equal(counts, Territories.Include(territories.Split(',', StringSplitOptions.RemoveEmptyEntries), asked));

    [Fact]
    public void A_certificate_that_does_not_say_where_counts() => Assert.True(Territories.Include(null, "FR"));
}
