namespace EcoLabelRegistry.Recognition.Tests;

public sealed class GtinTests
{
    [Theory]
    [InlineData("96385074", "00000096385074")]
    [InlineData("614141000036", "00614141000036")]
    [InlineData("4006381333931", "04006381333931")]
    [InlineData("04006381333931", "04006381333931")]
    [InlineData("10614141000415", "10614141000415")]
    [InlineData(" 4 006381 333931 ", "04006381333931")]
    [InlineData("4006381-333931", "04006381333931")]
    [InlineData("４００６３８１３３３９３１", "04006381333931")]
    [InlineData("https://id.gs1.org/01/09506000134352", "09506000134352")]
    [InlineData("https://example.com/shop/01/4006381333931/10/A1?17=261122", "04006381333931")]
    public void A_GTIN_is_read_as_14_digits(string text, string digits)
    {
        Assert.Null(Gtin.Read(text, out var gtin));
        Assert.Equal(digits, gtin.Digits);
    }

    [Fact]
    public void An_indicator_digit_makes_another_item()
    {
        Assert.True(Gtin.TryParse("14006381333938", out var box));
        Assert.True(Gtin.TryParse("4006381333931", out var piece));
        Assert.NotEqual(box, piece);
    }

    [Theory]
    [InlineData("", GtinFaultKind.WrongLength, 0)]
    [InlineData("12345678901", GtinFaultKind.WrongLength, 11)]
    [InlineData("123456789012345678901234567890", GtinFaultKind.WrongLength, 30)]
    [InlineData("400638133393X", GtinFaultKind.NotDigits, 0)]
    [InlineData("٤٠٠٦٣٨١٣٣٣٩٣١", GtinFaultKind.NotDigits, 0)]
    [InlineData("4006381\0333931", GtinFaultKind.NotDigits, 0)]
    [InlineData("https://id.gs1.org/414/09506000134352", GtinFaultKind.NoGtinInLink, 0)]
    [InlineData("ftp://id.gs1.org/01/09506000134352", GtinFaultKind.NoGtinInLink, 0)]
    [InlineData("https://id.gs1.org/01", GtinFaultKind.NoGtinInLink, 0)]
    [InlineData("https://id.gs1.org/01/095060001", GtinFaultKind.WrongLength, 9)]
    public void What_is_no_GTIN_is_told_apart(string text, GtinFaultKind kind, int length)
    {
        var fault = Gtin.Read(text, out _);
        Assert.Equal(kind, fault!.Kind);
        Assert.Equal(length, fault.Length);
    }

    [Theory]
    [InlineData("4006381333930", '0', '1')]
    [InlineData("96385073", '3', '4')]
    public void A_wrong_check_digit_is_told_with_the_right_one(string text, char given, char expected) =>
        Assert.Equal(new GtinFault(GtinFaultKind.WrongCheckDigit, CheckDigit: given, Expected: expected), Gtin.Read(text, out _));

    [Fact]
    public void Every_single_wrong_digit_is_found()
    {
        const string right = "4006381333931";
        for (var place = 0; place < right.Length; place++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                var text = right[..place] + digit + right[(place + 1)..];
                Assert.Equal(text == right, Gtin.TryParse(text, out _));
            }
        }
    }
}
