using System.Net;

namespace EcoLabelRegistry.Tests.Http;

public sealed class ParametersTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=100001", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("asOf=2026-02-30", "asOf")]
    [InlineData("asOf=2026-2-3", "asOf")]
    [InlineData("asOf=0001-01-01", "asOf")]
    [InlineData("asOf=1969-12-31", "asOf")]
    [InlineData("asOf=2200-01-01", "asOf")]
    [InlineData("asOf=9999-12-31", "asOf")]
    [InlineData("asOf=today", "asOf")]
    [InlineData("asOf=", "asOf")]
    [InlineData("knownAt=yesterday", "knownAt")]
    [InlineData("knownAt=-1", "knownAt")]
    [InlineData("knownAt=2026-11-22", "knownAt")]
    [InlineData("knownAt=2026-11-22T09:30:00", "knownAt")]
    [InlineData("knownAt=2026-13-22T09:30:00Z", "knownAt")]
    [InlineData("knownAt=99999999999999999999", "knownAt")]
    [InlineData("level=Evidence", "level")]
    [InlineData("level=evidense", "level")]
    [InlineData("level=3", "level")]
    [InlineData("empty=yes", "empty")]
    [InlineData("gtin=4006381333930", "gtin")]
    [InlineData("gtin=12345678901", "gtin")]
    [InlineData("gtin=' or 1=1 --", "gtin")]
    [InlineData("gtin=https://example.org/product/1", "gtin")]
    public async Task A_value_that_cannot_be_read_is_refused_by_name(string query, string parameter)
    {
        var problem = await (await shop.Http.GetAsync("/v1/shelves?" + query)).ProblemAsync("invalid");
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.Errors(parameter));
    }

    [Theory]
    [InlineData("asOf=1970-01-01")]
    [InlineData("asOf=2199-12-31")]
    [InlineData("asOf=2024-02-29")]
    [InlineData("knownAt=0")]
    [InlineData("knownAt=412")]
    [InlineData("knownAt=2026-11-22T09:30:00Z")]
    [InlineData("knownAt=2026-11-22T17:30:00.5%2B08:00")]
    [InlineData("knownAt=2026-11-22T17:30:00+08:00")]
    [InlineData("knownAt=2026-11-22T09:30:00.123456789Z")]
    [InlineData("level=evidence")]
    [InlineData("limit=1000&empty=true")]
    [InlineData("gtin=4006381333931")]
    [InlineData("gtin=%EF%BC%94006381333931")]
    [InlineData("gtin=https%3A%2F%2Fid.gs1.org%2F01%2F04006381333931%2F10%2FA")]
    public async Task A_value_that_can_be_read_is_taken(string query) =>
        Assert.Equal(HttpStatusCode.OK, (await shop.Http.GetAsync("/v1/shelves?" + query)).StatusCode);

    [Fact]
    public async Task A_wrong_check_digit_is_named_with_the_right_one()
    {
        var problem = await (await shop.Http.GetAsync("/v1/shelves?gtin=4006381333930")).ProblemAsync("invalid");
        Assert.Contains("check digit is 0", problem.Errors("gtin"), StringComparison.Ordinal);
        Assert.Contains("call for 1", problem.Errors("gtin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_are_named_at_once()
    {
        var problem = await (await shop.Http.GetAsync("/v1/shelves?asOf=x&level=y&limit=0")).ProblemAsync("invalid");
        Assert.NotEmpty(problem.Errors("asOf"));
        Assert.NotEmpty(problem.Errors("level"));
        Assert.NotEmpty(problem.Errors("limit"));
        Assert.Contains("level, asOf, limit", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/shelves?levle=evidence", "levle", "level")]
    [InlineData("/v1/shelves?Level=evidence", "Level", "level")]
    [InlineData("/v1/shelves?asof=2026-01-01", "asof", "asOf")]
    [InlineData("/v1/shelves?lim=5", "lim", "limit")]
    [InlineData("/v1/shelves/a?knowAt=5", "knowAt", "knownAt")]
    public async Task An_unknown_parameter_is_refused_and_the_nearest_offered(string address, string parameter, string nearest)
    {
        var problem = await (await shop.Http.GetAsync(address)).ProblemAsync("unknown-parameter");
        Assert.Contains($"Did you mean \"{nearest}\"?", problem.Errors(parameter), StringComparison.Ordinal);
        Assert.Equal(nearest, problem.GetProperty("suggestions")[0].GetString());
    }

    [Fact]
    public async Task A_parameter_of_the_route_is_none_of_the_query() =>
        await (await shop.Http.GetAsync("/v1/shelves/a?code=b")).ProblemAsync("unknown-parameter");

    [Fact]
    public async Task An_address_that_takes_none_refuses_any()
    {
        var problem = await (await shop.Http.PostAsync("/v1/shelves?dryRun=true", new StringContent("{", null, "application/json"))).ProblemAsync("unknown-parameter");
        Assert.Contains("takes none", problem.Errors("dryRun"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_media_type_is_said_before_a_wrong_parameter() =>
        await (await shop.Http.PostAsync("/v1/shelves?dryRun=true", new StringContent("{"))).ProblemAsync("unsupported-media-type");

    [Theory]
    [InlineData("level=evidence&level=evidence")]
    [InlineData("level=evidence&l%65vel=audit")]
    [InlineData("limit=1&limit=2")]
    [InlineData("cursor=&cursor=")]
    public async Task A_parameter_given_twice_is_refused(string query) =>
        await (await shop.Http.GetAsync("/v1/shelves?" + query)).ProblemAsync("repeated-parameter");

    [Theory]
    [InlineData("/v1/shelves?level=%FF", "level")]
    [InlineData("/v1/shelves?level=%C3%28", "level")]
    [InlineData("/v1/shelves?level=%ED%A0%80", "level")]
    [InlineData("/v1/shelves?level=a%00b", "level")]
    [InlineData("/v1/shelves?%00=1", "%00")]
    [InlineData("/v1/shelves?level=%", "level")]
    [InlineData("/v1/shelves?level=%4", "level")]
    [InlineData("/v1/shelves?level=%zz", "level")]
    public async Task Text_that_is_not_percent_encoded_UTF8_is_refused_by_name(string address, string parameter)
    {
        var answer = await shop.RawAsync($"GET {address} HTTP/1.1\nHost: x\nConnection: close\n\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"unreadable-request\"", answer, StringComparison.Ordinal);
        Assert.Contains($"\"errors\":{{\"{parameter}\":", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SQL_and_HTML_come_back_as_text_and_harm_nothing()
    {
        var problem = await (await shop.Http.GetAsync("/v1/shelves?level=" + Uri.EscapeDataString("'; drop table x; --<script>alert(1)</script>"))).ProblemAsync("invalid");
        Assert.Contains("<script>", problem.Errors("level"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_value_is_not_repeated_whole()
    {
        var problem = await (await shop.Http.GetAsync("/v1/shelves?level=" + new string('x', 7000))).ProblemAsync("invalid");
        Assert.InRange(problem.Errors("level").Length, 400, 900);
    }
}
