using System.Net;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Tests.Pages;

[Collection(SqliteReference.Name)]
public sealed class SqliteServePagesTests(SqliteRegistry app) : ServePagesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlServePagesTests(PostgreSqlRegistry app) : ServePagesTests(app);

public abstract partial class ServePagesTests(RegistryApp app)
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
        var lists = await PlacesAsync("sitemapindex", "/sitemap.xml");
        var places = new List<string>();
        foreach (var list in lists)
        {
            Assert.Equal(1, list.Count(c => c == '/')); // a list speaks for what lies below its own address alone
            places.AddRange(await PlacesAsync("urlset", list));
        }

        Assert.Contains("/list", places);
        Assert.Contains("/labels/cel", places);
        Assert.Contains("/agreements/cel-ecomark-2005", places);
        Assert.Contains("/certificates/eco-mark-780077197d1be3d01844", places);
        Assert.Contains("/products/p-93fc56e22692c3490803", places);
        Assert.Equal(places.Count, places.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(await PlacesAsync("urlset", "/sitemap-products-2.xml"));
        using var beyond = await GetAsync($"/sitemap-products-{EcoLabelRegistry.Pages.Robots.MostStretches + 1}.xml");
        Assert.Equal(HttpStatusCode.NotFound, beyond.StatusCode);

        async Task<List<string>> PlacesAsync(string root, string address)
        {
            var map = System.Xml.Linq.XDocument.Parse(await (await GetAsync(address)).Content.ReadAsStringAsync());
            Assert.Equal(root, map.Root!.Name.LocalName);
            return [.. map.Descendants().Where(e => e.Name.LocalName == "loc").Select(e => new Uri(e.Value).AbsolutePath)];
        }
    }

    [Fact]
    public async Task What_is_held_can_be_browsed_from_a_label_to_its_certificates_and_products()
    {
        Assert.Contains("<a href=\"/certificates?scheme=eco-mark\">", await PageAsync("/labels/eco-mark"), StringComparison.Ordinal);
        var held = await PageAsync("/certificates?scheme=eco-mark&asOf=2026-11-01");
        Assert.Contains("<a href=\"/certificates/eco-mark-780077197d1be3d01844\">17 133 003</a>", held, StringComparison.Ordinal);
        Assert.DoesNotContain("/certificates/cel-", held, StringComparison.Ordinal);
        Assert.Contains("/products/p-93fc56e22692c3490803", await PageAsync("/certificates/eco-mark-780077197d1be3d01844"), StringComparison.Ordinal);

        // All of them, page after page, each once.
        var seen = new List<string>();
        for (var next = "/certificates?asOf=2026-11-01"; next is not null;)
        {
            var page = await PageAsync(next);
            seen.AddRange(Row().Matches(page).Select(m => m.Groups["id"].Value));
            next = Next().Match(page) is { Success: true } more ? WebUtility.HtmlDecode(more.Groups["address"].Value) : null;
        }

        Assert.True(seen.Count > 50, "more than one page");
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        using var unknown = await GetAsync("/certificates?scheme=no-such-label");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Policies_and_label_bodies_are_listed_and_filtered()
    {
        var all = await PageAsync("/policies");
        Assert.Contains("href=\"/policies/tw-type1-foreign\"", all, StringComparison.Ordinal);
        var chinese = await PageAsync("/policies?jurisdiction=CN");
        Assert.DoesNotContain("href=\"/policies/tw-type1-foreign\"", chinese, StringComparison.Ordinal);
        Assert.NotEqual(all.Split("<h2 class=\"card\">").Length, chinese.Split("<h2 class=\"card\">").Length);
        Assert.Contains("No", await PageAsync("/policies?q=zzzz"), StringComparison.Ordinal);
        Assert.Contains("class=\"empty\"", await PageAsync("/policies?q=zzzz"), StringComparison.Ordinal);
        Assert.Contains("href=\"/policies\"", await PageAsync("/policies/tw-type1-foreign"), StringComparison.Ordinal);

        Assert.Contains("href=\"/label-bodies/geca\"", await PageAsync("/label-bodies"), StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/label-bodies/geca\"", await PageAsync("/label-bodies?country=CN"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2900000000O18", "The letter “O” stands where a GTIN has the digit 0.")]
    [InlineData("29000000000l8", "The letter “l” stands where a GTIN has the digit 1.")]
    [InlineData("EAN-13: 2900OOOO00018", "The letter “O” stands where a GTIN has the digit 0.")]
    public async Task A_letter_in_a_GTIN_is_told_and_the_number_offered_and_never_answered_for(string typed, string told)
    {
        var page = await PageAsync($"/check?what={Uri.EscapeDataString(typed)}&recognisedBy=sample-beta&asOf=2026-11-01");
        Assert.Contains(told, page, StringComparison.Ordinal);
        Assert.Contains("href=\"/check?what=2900000000018&amp;recognisedBy=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"verdict", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_in_a_GTIN_whose_check_digit_fails_offers_only_what_is_on_record()
    {
        using var answer = await GetAsync("/check?what=29000000000I9&recognisedBy=sample-beta&asOf=2026-11-01");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("The letter “I” stands where", page, StringComparison.Ordinal);
        Assert.Contains("what-fault", page, StringComparison.Ordinal);
        Assert.Contains("Digit 13 is wrong: 9 was typed, and with 8 in its place", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/check?what=2900000000019", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EAN 2900000000018")]
    [InlineData("GTIN: 2900000000018")]
    [InlineData("条码 2900000000018")]
    [InlineData("EAN-13 290 0000 000018")]
    public async Task A_word_before_a_GTIN_is_left_out(string typed)
    {
        using var answer = await GetAsync($"/check?what={Uri.EscapeDataString(typed)}&recognisedBy=sample-beta&asOf=2026-11-01");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("gtin=02900000000018", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_switch_of_language_keeps_the_question_that_is_being_typed()
    {
        foreach (var place in new[] { "/", "/check?what=zzzz&recognisedBy=cel" })
        {
            var page = await PageAsync(place);
            Assert.Contains("<form class=\"check\" id=\"check\"", page, StringComparison.Ordinal);
            Assert.Contains($"form=\"check\" formaction=\"{place.Split('?')[0]}\" formnovalidate name=\"lang\" value=\"zh-Hans\"", page, StringComparison.Ordinal);
        }

        var switched = await PageAsync("/?what=Tisch+T1&recognisedBy=sampl&asOf=2026-05-01&category=furniture&territory=DE&lang=zh-Hans");
        Assert.Contains("<html lang=\"zh-Hans\"", switched, StringComparison.Ordinal);
        foreach (var typed in new[] { "Tisch T1", "sampl", "2026-05-01", "furniture", "DE" })
        {
            Assert.Contains($"value=\"{typed}\"", switched, StringComparison.Ordinal);
        }

        using var led = await GetAsync("/check?recognisedBy=sample-beta&gtin=2900000000018&asOf=2026-11-01");
        Assert.DoesNotContain("formaction", await PageAsync(led.Headers.Location!.OriginalString), StringComparison.Ordinal); // an answer keeps its address
    }

    private async Task<string> PageAsync(string address)
    {
        using var answer = await GetAsync(address);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        return await answer.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("<th scope=\"row\"><a href=\"/certificates/(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("rel=\"next\" href=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Next();

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
