namespace EcoLabelRegistry.Recognition.Tests;

public sealed class PartialDateTests
{
    [Theory]
    [InlineData("2005", "2005-01-01", "2005-12-31")]
    [InlineData("2007-04", "2007-04-01", "2007-04-30")]
    [InlineData("2008-02", "2008-02-01", "2008-02-29")]
    [InlineData("2007-04-30", "2007-04-30", "2007-04-30")]
    public void A_date_is_kept_as_given_with_the_days_that_it_can_mean(string text, string first, string last)
    {
        var date = PartialDate.Parse(text);

        Assert.Equal((Given.Day(first), Given.Day(last), text), (date.FirstDay, date.LastDay, date.ToString()));
        Assert.Equal(first == last, date.IsDay);
    }

    [Theory]
    [InlineData("2007-13")]
    [InlineData("2007-02-29")]
    [InlineData("0000")]
    [InlineData("07-04")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_date_of_the_calendar_is_refused(string? text)
    {
        Assert.False(PartialDate.TryParse(text, out _));
        Assert.Throws<FormatException>(() => PartialDate.Parse(text!));
    }
}
