namespace EcoLabelRegistry.Recognition.Tests;

public sealed class UnitTests
{
    [Theory]
    [InlineData("50", "g/L", "50000", "mg/L")]
    [InlineData("50", "g/L", "50", "kg/m3")]
    [InlineData("1", "mg/kg", "1", "[ppm]")]
    [InlineData("0.5", "%", "5000", "[ppm]")]
    [InlineData("1", "[ppm]", "1000", "[ppb]")]
    [InlineData("1", "g/kg", "1", "[ppth]")]
    [InlineData("1", "mL/L", "1", "g/kg")]
    [InlineData("1", "l", "1", "dm3")]
    [InlineData("1", "t", "1000", "kg")]
    [InlineData("10", "mg/(m2.h)", "240", "mg/m2/d")]
    [InlineData("1", "m3/t", "0.001", "m3/kg")]
    [InlineData("1", "[sft_i]", "144", "[sin_i]")]
    [InlineData("1", "[sft_i]", "0.09290304", "m2")]
    [InlineData("1", "[gal_us]", "3.785411784", "L")]
    [InlineData("1", "[lb_av]", "453.59237", "g")]
    [InlineData("16", "[oz_av]", "1", "[lb_av]")]
    [InlineData("1", "[lb_av]/[gal_us]", "453.59237", "g/[gal_us]")]
    [InlineData("1", "kW.h", "3.6", "MJ")]
    [InlineData("1", "J", "1", "kg.m2.s-2")]
    [InlineData("365.25", "/a", "1", "/d")]
    [InlineData("12", "/a", "1", "/mo")]
    [InlineData("7", "/wk", "1", "/d")]
    [InlineData("70", "{page}/min", "4200", "/h")]
    [InlineData("10", "{particle}/(10.min)", "1", "{particle}/min")]
    [InlineData("3", "10*3", "3000", "1")]
    [InlineData("1", "10^-6", "1", "[ppm]")]
    [InlineData("1", "g{Cu}/L", "1", "g/L")]
    [InlineData("25", "Cel", "298.15", "K")]
    [InlineData("212", "[degF]", "100", "Cel")]
    [InlineData("-40", "[degF]", "-40", "Cel")]
    [InlineData("63", "dB", "6.3", "B")]
    [InlineData("1", "kBy", "8000", "bit")]
    [InlineData("1", "dam", "10", "m")]
    [InlineData("1", "Pa", "0.01", "mbar")]
    [InlineData("1", "min", "60", "s")]
    [InlineData("5", "[pH]", "5", "[pH]")]
    [InlineData("1", "/m/m", "1", "m-2")]
    public void Equal_amounts_in_two_units_compare_equal_exactly(string one, string oneUnit, string other, string otherUnit)
    {
        var (first, second) = (Unit.Parse(oneUnit), Unit.Parse(otherUnit));

        Assert.True(first.HasDimensionOf(second));
        Assert.Equal(0, Unit.Compare(Number(one), first, Number(other), second));
        Assert.True(Unit.Compare(Number(one) + 0.000_000_000_1m, first, Number(other), second) > 0);
        Assert.True(second.TryConvert(Number(other), first, out var converted));
        Assert.Equal(Number(one), decimal.Round(converted, 20));
    }

    [Theory]
    [InlineData("g/L", "g/kg")]
    [InlineData("g", "m")]
    [InlineData("dB", "%")]
    [InlineData("dB", "dB[SPL]")]
    [InlineData("[pH]", "1")]
    [InlineData("[iU]/L", "g/L")]
    [InlineData("mol/L", "/L")]
    [InlineData("W", "W.h")]
    [InlineData("lm/W", "cd/W")]
    public void Units_of_different_dimensions_never_convert(string one, string other)
    {
        var (first, second) = (Unit.Parse(one), Unit.Parse(other));

        Assert.False(first.HasDimensionOf(second));
        Assert.False(first.TryConvert(1, second, out _));
        Assert.Throws<ArgumentException>(() => Unit.Compare(1, first, 1, second));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" g/L")]
    [InlineData("g/l ")]
    [InlineData("g//L")]
    [InlineData("g/")]
    [InlineData("g..L")]
    [InlineData("(g/L")]
    [InlineData("g/L)")]
    [InlineData("()")]
    [InlineData("g{Cu/L")]
    [InlineData("g{{Cu}}/L")]
    [InlineData("G")]
    [InlineData("ML/gallon")]
    [InlineData("m%")]
    [InlineData("k[ft_i]")]
    [InlineData("kmin")]
    [InlineData("kkg")]
    [InlineData("k")]
    [InlineData("m-")]
    [InlineData("m99")]
    [InlineData("m31")]
    [InlineData("0")]
    [InlineData("g/0")]
    [InlineData("1234567890")]
    [InlineData("[ft")]
    [InlineData("[unknown]")]
    [InlineData("µg")]
    [InlineData("°C")]
    [InlineData("W/(m2.Cel)")]
    [InlineData("Cel2")]
    [InlineData("/Cel")]
    [InlineData("2.Cel")]
    [InlineData("dB(A)")]
    [InlineData("pages/min")]
    public void What_is_no_unit_of_the_subset_does_not_parse(string? code)
    {
        Assert.False(Unit.TryParse(code, out _));
    }

    [Fact]
    public void A_hostile_code_is_refused_by_its_length()
    {
        Assert.True(Unit.TryParse(new string('(', 40) + "m" + new string(')', 40), out _));
        Assert.False(Unit.TryParse(new string('(', 50) + "m" + new string(')', 50), out _));
    }

    [Fact]
    public void A_third_of_a_foot_is_not_rounded_on_the_way()
    {
        // 1 [ft_us] is 1200/3937 m, which no decimal holds.
        Assert.Equal(0, Unit.Compare(3937, Unit.Parse("[ft_us]"), 1200, Unit.Parse("m")));
        Assert.Equal(0, Unit.Compare(1m, Unit.Parse("[degF]"), 1m, Unit.Parse("[degF]")));
        Assert.Equal(0, Unit.Compare(decimal.MaxValue, Unit.Parse("Ym"), decimal.MaxValue, Unit.Parse("10*24.m")));
    }

    [Fact]
    public void A_value_beyond_a_decimal_does_not_convert_and_still_compares()
    {
        Assert.False(Unit.Parse("Ym").TryConvert(decimal.MaxValue, Unit.Parse("ym"), out _));
        Assert.True(Unit.Compare(decimal.MaxValue, Unit.Parse("Ym"), decimal.MaxValue, Unit.Parse("ym")) > 0);
        Assert.True(Unit.Compare(decimal.MinValue, Unit.Parse("Ym"), decimal.MaxValue, Unit.Parse("ym")) < 0);
    }

    [Fact]
    public void A_conversion_without_a_finite_decimal_is_rounded_to_what_a_decimal_holds()
    {
        Assert.True(Unit.Parse("/h").TryConvert(1, Unit.Parse("/d"), out var perDay));
        Assert.Equal(24m, perDay);
        Assert.True(Unit.Parse("d").TryConvert(1, Unit.Parse("wk"), out var weeks));
        Assert.Equal(0.142857142857142857m, decimal.Round(weeks, 18));
        Assert.True(Unit.Parse("d").TryConvert(-1, Unit.Parse("wk"), out var back));
        Assert.Equal(-weeks, back);
    }

    [Fact]
    public void A_unit_keeps_its_code_as_given()
    {
        Assert.Equal("g{Cu}/L", Unit.Parse("g{Cu}/L").Code);
        Assert.Equal("[ppm]", Unit.Parse("[ppm]").ToString());
        Assert.Contains("'kilos'", Assert.Throws<FormatException>(() => Unit.Parse("kilos")).Message, StringComparison.Ordinal);
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
