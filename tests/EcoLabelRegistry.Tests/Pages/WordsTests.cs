using System.Globalization;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Pages;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Tests.Pages;

public sealed class WordsTests
{
    private static readonly Words W = new();

    [Theory]
    [InlineData("2019-11-01", "1 November 2019", "2019年11月1日")]
    [InlineData("2007-04", "April 2007", "2007年4月")]
    [InlineData("2005", "2005", "2005年")]
    public void A_date_is_written_as_exactly_as_it_is_known(string date, string english, string chinese)
    {
        Assert.Equal(english, In(Language.English, () => W.Date(PartialDate.Parse(date))));
        Assert.Equal(chinese, In(Language.Chinese, () => W.Date(PartialDate.Parse(date))));
    }

    [Theory]
    [InlineData("JP", "Japan", "日本")]
    [InlineData("EU", "European Union", "欧洲联盟")]
    [InlineData("TW", "Chinese Taipei", "中华台北")]
    [InlineData("ZZ", "ZZ", "ZZ")]
    [InlineData("not a country", "not a country", "not a country")]
    public void A_country_has_its_name_in_the_language_of_the_page(string code, string english, string chinese)
    {
        Assert.Equal(english, In(Language.English, () => W.Country(code)));
        Assert.Equal(chinese, In(Language.Chinese, () => W.Country(code)));
    }

    [Theory]
    [InlineData("g/L", "g/L")]
    [InlineData("mg/(m2.h)", "mg/(m²·h)")]
    [InlineData("ug/m3", "µg/m³")]
    [InlineData("[ppm]", "ppm")]
    [InlineData("Cel", "°C")]
    [InlineData("{pages}/min", "pages/min")]
    public void A_unit_is_written_as_people_write_it(string code, string written) => Assert.Equal(written, W.Unit(code));

    [Theory]
    [InlineData(Comparator.AtMost, "50", null, "≤ 50 g/L")]
    [InlineData(Comparator.Below, "0.5", null, "< 0.5 g/L")]
    [InlineData(Comparator.AtLeast, "1000", null, "≥ 1,000 g/L")]
    [InlineData(Comparator.Between, "6", "9", "6 – 9 g/L")]
    [InlineData(Comparator.NotDetected, null, null, "not detected")]
    [InlineData(Comparator.AtMost, null, null, "at most: the limit is not on record here")]
    [InlineData(Comparator.Between, "6", null, "between: the limit is not on record here")]
    public void A_limit_is_written_with_its_sign_and_unit(Comparator comparator, string? limit, string? limitMax, string written) =>
        Assert.Equal(written, In(Language.English, () => W.Limit(comparator, Number(limit), Number(limitMax), null, "g/L")));

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static T In<T>(Language language, Func<T> say)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = language.Culture;
        try
        {
            return say();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
