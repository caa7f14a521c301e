using EcoLabelRegistry.Products;

namespace EcoLabelRegistry.Tests.Products;

public sealed class MistypedGtinTests
{
    [Theory]
    [InlineData("2900000000O18", "2900000000018", "O0")]
    [InlineData("29000000000l8", "2900000000018", "l1")]
    [InlineData("29oooo0000OI8", "2900000000018", "o0 O0 I1")]
    [InlineData("EAN 2900000000018", "2900000000018", "")]
    [InlineData("ean13:2900000000018", "2900000000018", "")]
    [InlineData("GTIN-14 No. 02900000000018", "02900000000018", "")]
    [InlineData("UPC 0 12345 67890 5", "012345678905", "")]
    [InlineData("EAN 8712345678906", "8712345678906", "")]
    [InlineData("条码：2900000000018", "2900000000018", "")]
    [InlineData("Muster 29000000000l8", "2900000000018", "l1")]
    [InlineData("２９００００００００Ｏ１８", "2900000000018", "O0")]
    public void Letters_that_look_like_digits_and_a_word_in_front_are_seen(string typed, string digits, string letters)
    {
        var read = MistypedGtin.Of(typed);
        Assert.NotNull(read);
        Assert.Equal(digits, read.Digits);
        Assert.Equal(letters, string.Join(' ', read.Letters.Select(l => $"{l.Typed}{l.Meant}")));
    }

    [Theory]
    [InlineData("2900000000018")] // nothing is mistyped
    [InlineData("2900000000S18")]
    [InlineData("29000000O18")] // no length of a GTIN
    [InlineData("Muster Tisch T1")]
    [InlineData("OOOOIIIIOOOOI")]
    [InlineData("EAN")]
    [InlineData("")]
    [InlineData("RISOGRAPH MF9350")]
    public void Whatever_else_is_typed_is_left_to_other_readings(string typed) => Assert.Null(MistypedGtin.Of(typed));
}
