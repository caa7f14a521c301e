using System.Net;
using System.Net.Sockets;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Http;

public sealed class ProblemsTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public static TheoryData<string> Codes => new(Code.All<ProblemCode>());

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_defect_is_answered_without_detail_and_found_in_the_log_by_its_trace_id()
    {
        var problem = await (await _shop.Http.GetAsync("/v1/shelves/broken")).ProblemAsync("internal-error");
        Assert.Equal(500, problem.GetProperty("status").GetInt32());
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        var entry = Assert.Single(_shop.Log, entry => entry.Level == LogLevel.Error);
        Assert.IsType<InvalidOperationException>(entry.Exception);
    }

    [Theory]
    [InlineData("/v1/shelves/lost")]
    [InlineData("/v1/shelves/late")]
    public async Task A_lost_database_is_503_with_the_time_to_try_again(string address)
    {
        var answer = await _shop.Http.GetAsync(address);
        Assert.Equal(503, (await answer.ProblemAsync("unavailable")).GetProperty("status").GetInt32());
        Assert.NotNull(answer.Headers.RetryAfter!.Delta);
        Assert.DoesNotContain(_shop.Log, entry => entry.Exception is not null);
    }

    [Fact]
    public async Task A_clients_mistake_leaves_no_stack_trace_and_no_warning_in_the_log()
    {
        await _shop.Http.GetAsync("/v1/shelves?limit=0");
        await _shop.Http.GetAsync("/v1/shelves?level=%FF");
        await _shop.Http.GetAsync("/v1/shelves/nowhere");
        await _shop.Http.GetAsync("/nowhere");
        await _shop.Http.DeleteAsync("/v1/shelves");
        await _shop.Http.PostAsync("/v1/shelves", new StringContent("{"));
        await _shop.RawAsync($"POST /v1/shelves HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: 40000000\nConnection: close\n\n{new string(' ', 40_000_000)}");
        await _shop.RawAsync("GET /v1/shelves\n\n");
        Assert.DoesNotContain(_shop.Log, entry => entry.Level > LogLevel.Information || entry.Exception is not null);
        Assert.Contains(_shop.Log, entry => entry.Message == "GET /v1/shelves refused, invalid");
    }

    [Fact]
    public async Task An_address_without_a_route_is_404()
    {
        var problem = await (await _shop.Http.GetAsync("/v1/nowhere")).ProblemAsync("not-found");
        Assert.Contains("/v1/nowhere", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_method_is_405_and_says_which_are_possible()
    {
        var answer = await _shop.Http.DeleteAsync("/v1/shelves/a");
        await answer.ProblemAsync("method-not-allowed");
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task HEAD_is_answered_like_GET_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v1/shelves/a");
        var answer = await _shop.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((await _shop.Http.GetAsync("/v1/shelves/a")).Content.Headers.ContentLength, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_missing_record_is_404_and_names_what_was_asked_for() =>
        Assert.Equal("No scheme \"nowhere\" is on record.", (await (await _shop.Http.GetAsync("/v1/shelves/nowhere")).ProblemAsync("not-found")).GetProperty("detail").GetString());

    [Fact]
    public async Task Several_records_that_fit_are_409_with_the_candidates()
    {
        var problem = await (await _shop.Http.GetAsync("/v1/shelves/two")).ProblemAsync("ambiguous");
        Assert.Equal("II", problem.GetProperty("candidates")[1].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_422_with_what_resembles_it()
    {
        var problem = await (await _shop.Http.GetAsync("/v1/shelves/oek")).ProblemAsync("unknown-scheme");
        Assert.Equal(422, problem.GetProperty("status").GetInt32());
        Assert.Equal("oeko", problem.GetProperty("suggestions")[0].GetString());
        Assert.Contains("Did you mean oeko?", problem.Errors("code"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_the_clients_doing()
    {
        await _shop.RawAsync("POST /v1/shelves HTTP/1.1\nHost: x\nContent-Type: application/json\nTransfer-Encoding: chunked\nConnection: close\n\nzz\n");
        Assert.DoesNotContain(_shop.Log, entry => entry.Level > LogLevel.Information);
    }

    [Fact]
    public async Task A_failure_after_the_first_byte_never_looks_like_a_clean_end()
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _shop.Http.GetStringAsync("/v1/shelves/a/contents"));
        Assert.Contains(_shop.Log, entry => entry.Level == LogLevel.Error && entry.Message.Contains("the connection is aborted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_of_an_answer_leaves_nothing_in_the_log()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, _shop.Http.BaseAddress!.Port);
            await socket.GetStream().WriteAsync("GET /v1/shelves/endless/contents HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            Assert.NotEqual(0, await socket.GetStream().ReadAsync(new byte[1000]));
        }

        await _shop.CloseAsync();
        Assert.DoesNotContain(_shop.Log, entry => entry.Level > LogLevel.Information || entry.Exception is not null);
    }

    [Fact]
    public async Task Problems_are_written_in_the_language_asked_for()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/shelves?asOf=2026-02-30");
        request.Headers.AcceptLanguage.ParseAdd("fr, zh-CN;q=0.8, en;q=0.7");
        var answer = await _shop.Http.SendAsync(request);
        var problem = await answer.ProblemAsync("invalid");
        Assert.Equal("zh-Hans", answer.Content.Headers.ContentLanguage.Single());
        Assert.Contains("Accept-Language", answer.Headers.Vary);
        Assert.Equal("值无效", problem.GetProperty("title").GetString());
        Assert.Contains("不是有效的日期", problem.Errors("asOf"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Each_problem_has_a_page_in_both_languages(string code)
    {
        Assert.True(Code.TryParse<ProblemCode>(code, out var problem));
        foreach (var language in new[] { Language.English, Language.Chinese })
        {
            var answer = await _shop.Http.GetAsync($"/problems/{code}?lang={language.Tag}");
            Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(language.Tag, answer.Content.Headers.ContentLanguage.Single());
            var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            Assert.Contains($"<html lang=\"{language.Tag}\">", page, StringComparison.Ordinal);
            Assert.Contains(Texts.Of(problem, language), page, StringComparison.Ordinal);
            Assert.Contains(Texts.Of(Texts.Key(problem) + ".explanation", language), page, StringComparison.Ordinal);
            Assert.Contains($"HTTP {problem.Status()}", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_index_leads_to_every_page()
    {
        var index = await _shop.Http.GetStringAsync("/problems?lang=zh");
        Assert.All(Code.All<ProblemCode>(), code => Assert.Contains($"href=\"/problems/{code}?lang=zh-Hans\"", index, StringComparison.Ordinal));
    }

    [Fact]
    public async Task There_is_no_page_for_what_is_no_problem()
    {
        await (await _shop.Http.GetAsync("/problems/nonsense")).ProblemAsync("not-found");
        await (await _shop.Http.GetAsync("/problems?lang=fr")).ProblemAsync("invalid");
    }

    [Fact]
    public void Each_code_has_a_status_of_its_kind() => Assert.All(Enum.GetValues<ProblemCode>(), code => Assert.InRange(code.Status(), 400, 599));

    [Theory]
    [InlineData("/v1/shelves", "default-src 'none'")]
    [InlineData("/v1/shelves/nowhere", "default-src 'none'")]
    [InlineData("/problems", "style-src 'sha256-")]
    [InlineData("/swagger/index.html", "default-src 'self'")]
    public async Task Every_answer_forbids_what_it_does_not_need(string address, string policy)
    {
        var headers = (await _shop.Http.GetAsync(address)).Headers;
        Assert.Contains(policy, headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(headers.Contains("Server"));
    }
}
