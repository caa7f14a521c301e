namespace EcoLabelRegistry.Recognition.Tests;

public sealed class CodeTests
{
    [Fact]
    public void A_code_is_the_members_name_in_lower_kebab_case_and_reads_back()
    {
        Assert.Equal("full-scheme", Code.Of(Level.FullScheme));
        Assert.Equal("not-a-finding-of-non-equivalence", Code.Of(Warning.NotAFindingOfNonEquivalence));
        Assert.Equal(Code.All<Reason>(), Enum.GetValues<Reason>().Select(Code.Of));
        Assert.All(Enum.GetValues<Reason>(), reason => Assert.True(Code.TryParse<Reason>(Code.Of(reason), out var same) && same == reason));
    }

    [Fact]
    public void What_is_no_code_of_the_list_is_refused()
    {
        Assert.False(Code.TryParse<Level>("FullScheme", out _));
        Assert.False(Code.TryParse<Level>(null, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Code.Of((Level)99));
    }

    /// <summary>Sets of reasons and of warnings are kept in 32 bits.</summary>
    [Fact]
    public void The_closed_lists_fit_their_sets()
    {
        Assert.InRange(Enum.GetValues<Reason>().Length, 1, 32);
        Assert.InRange(Enum.GetValues<Warning>().Length, 1, 32);
    }
}
