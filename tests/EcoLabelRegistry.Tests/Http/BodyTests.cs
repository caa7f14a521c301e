using System.Net;
using System.Text;
using System.Text.Json;

namespace EcoLabelRegistry.Tests.Http;

public sealed class BodyTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_body_is_read_and_answered_alike()
    {
        const string body = """
            {"code":"a","level":"common-criteria","boards":[{"width":3,"weight":1.50,"sturdy":true}],"names":{"en":"Shelf","zh":"架"},
             "from":"2007-04","asOf":"2026-11-22","knownAt":"412","at":"2026-11-22T09:30:00.5Z","gtin":"04006381333931"}
            """;
        var answer = await PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(body).RootElement, await answer.JsonAsync()));
        Assert.Contains("架", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_be_absent_may_be_null_and_a_revision_may_be_a_number()
    {
        var answer = await (await PostAsync("""{"code":"a","level":"audit","boards":null,"names":null,"knownAt":412}""")).JsonAsync();
        Assert.Equal("412", answer.GetProperty("knownAt").GetString());
    }

    [Fact]
    public async Task A_byte_order_mark_does_not_matter() =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync([0xEF, 0xBB, 0xBF, .. """{"code":"a","level":"audit"}"""u8])).StatusCode);

    [Theory]
    [InlineData("""{"code":"a","level":"audit","boads":[]}""", "boads", "Did you mean \"boards\"?")]
    [InlineData("""{"code":"a","level":"audit","Boards":[]}""", "Boards", "Did you mean \"boards\"?")]
    [InlineData("""{"code":"a","level":"audit","boards":[{"width":1},{"width":1,"wiegt":2}]}""", "boards[1].wiegt", "weight")]
    [InlineData("""{"code":"a","level":"audit","a\"b<":1}""", "[\"a\\\"b<\"]", "no member")]
    public async Task An_unknown_member_is_refused_and_the_nearest_offered(string body, string member, string offered) =>
        Assert.Contains(offered, (await (await PostAsync(body)).ProblemAsync("unknown-member")).Errors(member), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"code":"a","code":"b","level":"audit"}""", "code")]
    [InlineData("""{"code":"a","level":"audit","names":{"en":"1","en":"2"}}""", "names.en")]
    public async Task A_member_given_twice_is_refused(string body, string member) =>
        Assert.NotEmpty((await (await PostAsync(body)).ProblemAsync("repeated-member")).Errors(member));

    [Theory]
    [InlineData("""{}""", "code", "required")]
    [InlineData("""{"code":"a"}""", "level", "required")]
    [InlineData("""{"code":null,"level":"audit"}""", "code", "null")]
    [InlineData("""{"code":"a","level":null}""", "level", "null")]
    [InlineData("""{"code":1,"level":"audit"}""", "code", "text in quotation marks")]
    [InlineData("""{"code":"a","level":"Audit"}""", "level", "full-scheme")]
    [InlineData("""{"code":"a","level":5}""", "level", "text in quotation marks")]
    [InlineData("""{"code":"a","level":"audit","boards":{}}""", "boards", "list")]
    [InlineData("""{"code":"a","level":"audit","boards":[1]}""", "boards[0]", "object")]
    [InlineData("""{"code":"a","level":"audit","boards":[null]}""", "boards[0]", "null")]
    [InlineData("""{"code":"a","level":"audit","boards":[{"width":"3"}]}""", "boards[0].width", "whole number")]
    [InlineData("""{"code":"a","level":"audit","boards":[{"width":3.5}]}""", "boards[0].width", "whole number")]
    [InlineData("""{"code":"a","level":"audit","boards":[{"width":99999999999}]}""", "boards[0].width", "whole number")]
    [InlineData("""{"code":"a","level":"audit","boards":[{"width":3,"weight":"1"}]}""", "boards[0].weight", "number")]
    [InlineData("""{"code":"a","level":"audit","boards":[{"width":3,"weight":1e400}]}""", "boards[0].weight", "number")]
    [InlineData("""{"code":"a","level":"audit","boards":[{"width":3,"sturdy":1}]}""", "boards[0].sturdy", "true or false")]
    [InlineData("""{"code":"a","level":"audit","names":{"en":1}}""", "names.en", "text")]
    [InlineData("""{"code":"a","level":"audit","names":{"en":null}}""", "names.en", "null")]
    [InlineData("""{"code":"a","level":"audit","names":[]}""", "names", "object")]
    [InlineData("""{"code":"a","level":"audit","from":"2007-13"}""", "from", "YYYY-MM")]
    [InlineData("""{"code":"a","level":"audit","asOf":"2026-02-29"}""", "asOf", "YYYY-MM-DD")]
    [InlineData("""{"code":"a","level":"audit","asOf":"2200-01-01"}""", "asOf", "1970 to 2199")]
    [InlineData("""{"code":"a","level":"audit","knownAt":"soon"}""", "knownAt", "revision")]
    [InlineData("""{"code":"a","level":"audit","knownAt":1.5}""", "knownAt", "revision")]
    [InlineData("""{"code":"a","level":"audit","at":"2026-11-22"}""", "at", "instant")]
    [InlineData("""{"code":"a","level":"audit","gtin":"4006381333930"}""", "gtin", "check digit")]
    [InlineData("""{"code":"\ud800","level":"audit"}""", "code", "half of a character")]
    [InlineData("""{"code":"a\u0000b","level":"audit"}""", "code", "NUL")]
    [InlineData("""{"code":"a","level":"audit","names":{"en":"\u0000"}}""", "names.en", "NUL")]
    [InlineData("""[]""", "$", "object")]
    [InlineData("""null""", "$", "object")]
    [InlineData("\"text\"", "$", "object")]
    public async Task A_member_of_the_wrong_type_is_named_with_what_would_be_right(string body, string member, string expected)
    {
        var problem = await (await PostAsync(body)).ProblemAsync("invalid");
        Assert.Contains(expected, problem.Errors(member), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_are_named_at_once_and_the_code_is_that_of_the_first_to_mend()
    {
        var problem = await (await PostAsync("""{"level":"x","boards":[{"width":"w"},{"wdth":1}]}""")).ProblemAsync("unknown-member");
        Assert.Equal(
            "level, boards[0].width, boards[1].wdth, boards[1].width, code",
            string.Join(", ", problem.GetProperty("errors").EnumerateObject().Select(e => e.Name)));
    }

    [Fact]
    public async Task An_escaped_backslash_before_u0000_is_no_NUL() =>
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("""{"code":"a","level":"audit","names":{"en":"\\u0000"}}""")).StatusCode);

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("{")]
    [InlineData("{\"code\":\"a\",}")]
    [InlineData("{} {}")]
    [InlineData("{'code':1}")]
    [InlineData("// comment\n{}")]
    [InlineData("code=a&level=audit")]
    [InlineData("<html></html>")]
    public async Task What_is_no_JSON_is_refused(string body) => await (await PostAsync(body)).ProblemAsync("unreadable-body");

    [Fact]
    public async Task The_line_and_position_of_a_slip_are_named()
    {
        var problem = await (await PostAsync("{\n  \"code\" \"a\"\n}")).ProblemAsync("unreadable-body");
        Assert.Contains("line 2, position 10", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nesting_bomb_is_refused() =>
        await (await PostAsync($$"""{"boards":{{new string('[', 100_000)}}""")).ProblemAsync("unreadable-body");

    [Fact]
    public async Task Broken_UTF8_is_refused() =>
        await (await SendAsync([.. "{\"code\":\""u8, 0xC3, 0x28, .. "\",\"level\":\"audit\"}"u8])).ProblemAsync("unreadable-body");

    [Fact]
    public async Task A_thousand_faults_do_not_make_an_endless_answer()
    {
        var members = string.Join(",", Enumerable.Range(0, 1000).Select(i => $"\"m{i}\":1"));
        var problem = await (await PostAsync("{" + members + "}")).ProblemAsync("unknown-member");
        Assert.Equal(50, problem.GetProperty("errors").EnumerateObject().Count());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=gb18030")]
    [InlineData("application/merge-patch+json")]
    [InlineData("application/JSON-Patch+json")]
    [InlineData(null)]
    public async Task Another_media_type_is_refused(string? mediaType)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        var problem = await (await shop.Http.PostAsync("/v1/shelves", content)).ProblemAsync("unsupported-media-type");
        Assert.Equal(415, problem.GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("APPLICATION/JSON; charset=\"utf-8\"")]
    [InlineData("application/ld+json")]
    public async Task JSON_by_any_of_its_names_is_taken(string mediaType)
    {
        var content = new ByteArrayContent("""{"code":"a","level":"audit"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        Assert.Equal(HttpStatusCode.OK, (await shop.Http.PostAsync("/v1/shelves", content)).StatusCode);
    }

    [Fact]
    public async Task What_a_validator_finds_is_named_by_its_JSON_path_in_the_language_asked_for()
    {
        const string body = """{"code":"abcdefgh","level":"audit","boards":[{"width":1},{"width":0}]}""";
        var english = await (await PostAsync(body)).ProblemAsync("invalid");
        Assert.Contains("'code' must be 5 characters or fewer", english.Errors("code"), StringComparison.Ordinal);
        Assert.Contains("whole number", english.Errors("boards[1].width"), StringComparison.Ordinal);
        var chinese = await (await PostAsync(body, "zh")).ProblemAsync("invalid");
        Assert.Contains("'code' 必须小于或等于5个字符", chinese.Errors("code"), StringComparison.Ordinal);
        Assert.Contains("不是整数", chinese.Errors("boards[1].width"), StringComparison.Ordinal);
    }

    /// <summary>More than any buffer between the two takes: a server that closed after its answer would take the answer back.</summary>
    [Fact]
    public async Task A_client_that_sends_everything_before_it_reads_learns_that_it_was_too_much()
    {
        var answer = await shop.RawAsync($"POST /v1/shelves HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: 40000000\nConnection: close\n\n{new string(' ', 40_000_000)}");
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"payload-too-large\"", answer, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string language = "en") => SendAsync(Encoding.UTF8.GetBytes(body), language);

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/shelves") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.AcceptLanguage.ParseAdd(language);
        return await shop.Http.SendAsync(request);
    }
}
