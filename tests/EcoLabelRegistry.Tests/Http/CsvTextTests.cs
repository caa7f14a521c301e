using System.Text;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Tests.Http;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@sum", "'@sum")]
    [InlineData("＝1", "'＝1")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a=1", "a=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_cell_is_what_it_was_and_never_a_formula(string? text, string cell)
    {
        var csv = new CsvText();
        csv.Add("first", text);
        csv.Add("second");
        Assert.Equal($"\uFEFFfirst,{cell}\r\nsecond\r\n", Encoding.UTF8.GetString(csv.ToUtf8()));
    }
}
