using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b": [ 1, null, true ], "a": { } }""", """{"a":{},"b":[1,null,true]}""")]
    [InlineData("""{ "\u20ac": 1, "\r": 2, "1": 3, "\ud83d\ude00": 4, "\ufb33": 5 }""", "{\"\\r\":2,\"1\":3,\"€\":1,\"😀\":4,\"\ufb33\":5}")] // RFC 8785, 3.2.3: by UTF-16 unit
    [InlineData("\"\\u0000\\u0008\\u0009\\u000a\\u000c\\u000d\\u001f\\\"\\\\\\/\"", "\"\\u0000\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\"")]
    [InlineData("\"\\u4e2d\\u6587 \\ud840\\udc00 \\u2028\\u007f<>&'\"", "\"中文 𠀀 \u2028\u007f<>&'\"")]
    [InlineData("[1.0, 100, 1.50, 0.000001, -0.10, 1e3, 12345678901234567]", "[1,100,1.5,0.000001,-0.1,1000,12345678901234567]")]
    public void A_value_has_one_text(string json, string canonical) => Assert.Equal(canonical, CanonicalJson.Text(JsonNode.Parse(json)));

    [Fact]
    public void The_canonical_text_is_its_own_canonical_text()
    {
        const string Text = """{"a":[{"b":"\n"},1.5,"😀"],"z":null}""";

        Assert.Equal(Text, CanonicalJson.Text(JsonNode.Parse(Text)));
    }

    [Fact]
    public void A_value_made_in_the_program_has_the_text_of_the_same_value_read() => Assert.Equal(
        """{"n":5,"s":"ä\u0001","t":true}""", CanonicalJson.Text(new JsonObject { ["t"] = true, ["s"] = "ä\u0001", ["n"] = 5 }));

    [Fact]
    public void A_digest_is_the_SHA_256_of_the_text_in_UTF_8() => Assert.Equal(
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", CanonicalJson.Digest(new JsonObject())); // of {}
}
