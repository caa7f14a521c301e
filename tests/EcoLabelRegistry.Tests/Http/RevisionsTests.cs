using System.Net;

namespace EcoLabelRegistry.Tests.Http;

public sealed class RevisionsTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("/v1/shelves")]
    [InlineData("/v1/shelves/a")]
    [InlineData("/v1/shelves/nowhere")]
    [InlineData("/v1/shelves/broken")]
    [InlineData("/v1/shelves?limit=0")]
    [InlineData("/nothing/here")]
    [InlineData("/health/live")]
    [InlineData("/problems")]
    [InlineData("/openapi/v1.json")]
    public async Task Every_answer_says_the_revision(string address) =>
        Assert.Equal("7", (await _shop.Http.GetAsync(address)).Headers.GetValues("Registry-Revision").Single());

    [Fact]
    public async Task An_answer_that_is_held_is_not_sent_again()
    {
        var tag = await TagAsync("/v1/shelves/a");
        foreach (var held in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            var again = await GetAsync("/v1/shelves/a", ("If-None-Match", held));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
            Assert.Equal(tag, again.Headers.ETag!.ToString());
            Assert.Equal("7", again.Headers.GetValues("Registry-Revision").Single());
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v1/shelves/a", ("If-None-Match", "\"other\""))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v1/shelves/a", ("If-None-Match", "no tag"))).StatusCode);
    }

    [Fact]
    public async Task A_record_keeps_its_tag_until_it_is_written_again()
    {
        var tag = await TagAsync("/v1/shelves/a");
        _shop.Stock.Revision = 8;
        _shop.Clock.Now = _shop.Clock.Now.AddDays(1);
        Assert.Equal(tag, await TagAsync("/v1/shelves/a"));
        _shop.Stock.Written = 8;
        Assert.NotEqual(tag, await TagAsync("/v1/shelves/a"));
    }

    [Fact]
    public async Task What_is_computed_has_a_new_tag_with_each_revision_day_and_language()
    {
        var tags = new List<string> { await TagAsync("/v1/shelves"), await TagAsync("/v1/shelves", ("Accept-Language", "zh")) };
        _shop.Stock.Revision = 8;
        tags.Add(await TagAsync("/v1/shelves"));
        _shop.Clock.Now = _shop.Clock.Now.AddMinutes(2); // past midnight
        tags.Add(await TagAsync("/v1/shelves"));
        Assert.Equal(tags.Count, tags.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(tags[3], await TagAsync("/v1/shelves"));
    }

    [Fact]
    public async Task A_reader_gets_nothing_older_than_it_asks_for()
    {
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v1/shelves", ("Registry-Min-Revision", "7"))).StatusCode);
        var answer = await GetAsync("/v1/shelves", ("Registry-Min-Revision", "8"));
        Assert.Equal(503, (await answer.ProblemAsync("revision-not-reached")).GetProperty("status").GetInt32());
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        _shop.Stock.Revision = 8;
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v1/shelves", ("Registry-Min-Revision", "8"))).StatusCode);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task A_least_revision_that_is_none_is_refused(string revision)
    {
        var answer = await GetAsync("/v1/shelves", ("Registry-Min-Revision", revision));
        Assert.Equal("7", answer.Headers.GetValues("Registry-Revision").Single());
        Assert.NotEmpty((await answer.ProblemAsync("invalid")).Errors("Registry-Min-Revision"));
    }

    [Fact]
    public async Task A_problem_has_no_tag_and_is_not_kept()
    {
        var answer = await GetAsync("/v1/shelves/nowhere");
        Assert.Null(answer.Headers.ETag);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    private async Task<string> TagAsync(string address, params (string Name, string Value)[] headers) => (await GetAsync(address, headers)).Headers.ETag!.ToString();

    private async Task<HttpResponseMessage> GetAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _shop.Http.SendAsync(request);
    }
}
