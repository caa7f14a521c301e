using System.Net;
using System.Text.Json;

namespace EcoLabelRegistry.Tests.Http;

public sealed class PagingTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Pages_follow_each_other_to_the_end_and_lose_nothing()
    {
        var (codes, pages) = await ReadToTheEndAsync("/v1/shelves?limit=2");
        Assert.Equal("abcde", codes);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task A_page_that_ends_with_the_list_has_no_next()
    {
        var page = await (await _shop.Http.GetAsync("/v1/shelves?limit=5")).JsonAsync();
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.Equal(5, page.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task What_is_written_between_two_pages_repeats_nothing_and_loses_nothing()
    {
        var first = await _shop.Http.GetAsync("/v1/shelves?limit=2");
        _shop.Stock.Codes.RemoveAll(code => code is "a" or "b");
        _shop.Stock.Codes.Insert(0, "aa");
        var (codes, _) = await ReadToTheEndAsync(Next(first)!);
        Assert.Equal("cde", codes);
    }

    [Fact]
    public async Task A_list_read_to_its_end_is_of_the_revision_and_day_of_its_first_page()
    {
        var first = await _shop.Http.GetAsync("/v1/shelves?limit=2&level=evidence");
        _shop.Stock.Revision = 8;
        _shop.Clock.Now = _shop.Clock.Now.AddDays(1);
        var second = await _shop.Http.GetAsync(Next(first));
        Assert.Equal("7", second.Headers.GetValues("Registry-Revision").Single());
        Assert.Equal("8", (await _shop.Http.GetAsync("/v1/shelves")).Headers.GetValues("Registry-Revision").Single());
    }

    [Fact]
    public async Task The_link_is_the_same_address_with_the_cursor_of_the_body()
    {
        var answer = await _shop.Http.GetAsync("/v1/shelves?level=evidence&limit=2&gtin=4006381333931");
        var cursor = (await answer.JsonAsync()).GetProperty("next").GetString();
        Assert.Equal($"/v1/shelves?level=evidence&limit=2&gtin=4006381333931&cursor={cursor}", Next(answer));
        Assert.Equal(Next(answer)!.Replace(cursor!, string.Empty, StringComparison.Ordinal), Next(await _shop.Http.GetAsync(Next(answer)))![..Next(answer)!.LastIndexOf('=')] + "=");
    }

    [Fact]
    public async Task The_limit_may_change_from_page_to_page_and_the_order_of_parameters_too()
    {
        var cursor = await CursorAsync("/v1/shelves?limit=2&level=evidence&empty=true");
        Assert.Equal(HttpStatusCode.OK, (await _shop.Http.GetAsync($"/v1/shelves?cursor={cursor}&empty=true&level=evidence&limit=3")).StatusCode);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        var cursor = await CursorAsync("/v1/shelves?limit=2");
        var problem = await (await _shop.Http.GetAsync($"/v1/shelves?level=evidence&cursor={cursor}")).ProblemAsync("invalid-cursor");
        Assert.NotEmpty(problem.Errors("cursor"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("!!!")]
    [InlineData("%E4%B8%AD")]
    [InlineData("AAAAAAAAAAAAWyI3IiwiMjAyNi0xMS0yMiIsImIiXQ")]
    public async Task What_is_no_cursor_is_refused(string cursor) =>
        await (await _shop.Http.GetAsync("/v1/shelves?cursor=" + cursor)).ProblemAsync("invalid-cursor");

    [Fact]
    public async Task A_cursor_with_any_letter_altered_is_refused()
    {
        var cursor = await CursorAsync("/v1/shelves?limit=2");
        for (var i = 0; i < cursor.Length; i++)
        {
            var altered = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            await (await _shop.Http.GetAsync("/v1/shelves?cursor=" + altered)).ProblemAsync("invalid-cursor");
        }
    }

    private static string? Next(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Link", out var links) && links.Single() is var link && link.EndsWith("; rel=\"next\"", StringComparison.Ordinal)
            ? link[1..link.IndexOf('>', StringComparison.Ordinal)]
            : null;

    private async Task<string> CursorAsync(string address) => (await (await _shop.Http.GetAsync(address)).JsonAsync()).GetProperty("next").GetString()!;

    private async Task<(string Codes, int Pages)> ReadToTheEndAsync(string first)
    {
        var (codes, pages) = (string.Empty, 0);
        for (var address = first; address is not null; pages++)
        {
            var answer = await _shop.Http.GetAsync(address);
            var page = await answer.JsonAsync();
            codes += string.Concat(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("code").GetString()));
            address = Next(answer);
            Assert.Equal(address is null, page.GetProperty("next").ValueKind == JsonValueKind.Null);
        }

        return (codes, pages);
    }
}
