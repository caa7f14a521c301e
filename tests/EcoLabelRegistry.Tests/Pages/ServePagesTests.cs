using System.Net;

namespace EcoLabelRegistry.Tests.Pages;

[Collection(SqliteReference.Name)]
public sealed class SqliteServePagesTests(SqliteRegistry app) : ServePagesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlServePagesTests(PostgreSqlRegistry app) : ServePagesTests(app);

public abstract class ServePagesTests(RegistryApp app)
{
    // Keeps no cookie from one test to the next.
    private static readonly HttpClient Bare = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    [Fact]
    public async Task A_page_takes_everything_from_here_and_nothing_inline()
    {
        using var answer = await GetAsync("/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        var page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotMatch("<style|style=|<script>| on[a-z]+=|(src|action)=\"(https?:)?//", page);
    }

    [Fact]
    public async Task An_answer_for_programs_keeps_its_stricter_policy()
    {
        using var answer = await GetAsync("/v1/schemes/cel");
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task Files_come_from_the_program_itself_and_a_version_never_changes()
    {
        var page = await (await GetAsync("/")).Content.ReadAsStringAsync();
        var address = page[page.IndexOf("/assets/site.css?v=", StringComparison.Ordinal)..].Split('"')[0];
        using var versioned = await GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, versioned.StatusCode);
        Assert.Equal("text/css", versioned.Content.Headers.ContentType!.MediaType);
        Assert.True(versioned.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(300));
        using var bare = await GetAsync("/assets/site.css");
        Assert.True(bare.Headers.CacheControl!.NoCache);
        using var none = await GetAsync("/assets/../Program.cs");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory]
    [InlineData("TRACE", "/")]
    [InlineData("PUT", "/labels")]
    [InlineData("DELETE", "/check")]
    [InlineData("OPTIONS", "/recognition")]
    public async Task A_page_is_read_or_sent_and_nothing_else(string method, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(app.Client.BaseAddress!, address));
        using var answer = await Bare.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD", "POST"], answer.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/check", "application/json", "text/html")]
    [InlineData("/nothing-here", "text/html,application/xhtml+xml;q=0.9", "text/html")]
    [InlineData("/nothing-here", "*/*", "application/problem+json")]
    [InlineData("/v1/nothing-here", "text/html", "application/problem+json")]
    public async Task A_problem_is_a_page_for_people_and_a_document_for_programs(string address, string accept, string mediaType)
    {
        using var answer = await GetAsync(address, accept);
        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_language_chosen_is_kept_for_pages_and_never_for_programs()
    {
        using var chosen = await GetAsync("/?lang=zh-Hans");
        Assert.Equal("zh-Hans", chosen.Content.Headers.ContentLanguage.Single());
        var cookie = chosen.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = await GetAsync("/", cookie: "lang=zh-Hans");
        Assert.Equal("zh-Hans", page.Content.Headers.ContentLanguage.Single());
        using var program = await GetAsync("/v1/schemes/cel", cookie: "lang=zh-Hans");
        Assert.Equal("en", program.Content.Headers.ContentLanguage.Single());
        using var other = await GetAsync("/?lang=fr");
        Assert.Equal("en", other.Content.Headers.ContentLanguage.Single());
        Assert.False(other.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Search_engines_are_told_every_label_and_agreement_and_kept_from_answers()
    {
        var robots = await (await GetAsync("/robots.txt")).Content.ReadAsStringAsync();
        Assert.Contains("Disallow: /check\n", robots, StringComparison.Ordinal);
        var map = System.Xml.Linq.XDocument.Parse(await (await GetAsync("/sitemap.xml")).Content.ReadAsStringAsync());
        var places = map.Descendants().Where(e => e.Name.LocalName == "loc").Select(e => new Uri(e.Value).AbsolutePath).ToList();
        Assert.Contains("/labels/cel", places);
        Assert.Contains("/agreements/cel-ecomark-2005", places);
        Assert.Equal(places.Count, places.Distinct(StringComparer.Ordinal).Count());
    }

    private async Task<HttpResponseMessage> GetAsync(string address, string accept = "text/html", string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Client.BaseAddress!, address));
        request.Headers.Add("Accept", accept);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return await Bare.SendAsync(request);
    }
}
