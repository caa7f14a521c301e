using System.Globalization;
using System.Net;

namespace EcoLabelRegistry.Tests.Pages;

/// <summary>Who sends forms too often is told when to come back, and loses nothing of what he typed. What is counted is in memory, so that one engine shows it.</summary>
public sealed class FormLimitsTests
{
    private const int Most = 5;

    [Theory]
    [InlineData("en", "Try again in ", "Nothing has been done")]
    [InlineData("zh-Hans", "秒后重试", "尚未执行任何操作")]
    public async Task A_form_sent_too_often_is_shown_again_with_its_text(string language, string when, string kept)
    {
        await using var app = await StartAsync();
        using var person = new Person(app);
        await person.ReadAsync("/?lang=" + language);
        var before = await app.RevisionAsync();
        using var last = await ExhaustAsync(() => person.SendAsync("/objections/new", "/objections/new", ("about", ""), ("text", "Typed <b>for</b> an hour."), ("contact", "me@holder.example")));

        await AssertToldAsync(last, "id=\"wrong\"", when, kept);
        Assert.Equal(before, await app.RevisionAsync());
        var fields = Forms.FieldsIn(await last.Content.ReadAsStringAsync());
        Assert.Contains(("text", "Typed <b>for</b> an hour."), fields);
        Assert.Contains(("contact", "me@holder.example"), fields);
    }

    [Fact]
    public async Task A_body_that_sends_too_often_writes_nothing_more_and_keeps_its_text()
    {
        await using var app = await StartAsync();
        using var person = new Person(app);
        await person.SignInAsync(await app.SchemeAsync("busy"));
        using var last = await ExhaustAsync(() => person.SendAsync("/label-bodies/busy", "/label-bodies/busy?handler=issue", ("name", "typed and kept"), ("expires", "2001-01-01")));
        await AssertToldAsync(last, "value=\"typed and kept\"", "Try again in ");

        var before = await app.RevisionAsync();
        using var good = await person.SendAsync("/label-bodies/busy", "/label-bodies/busy?handler=issue", ("name", "typed and kept"), ("expires", ""));
        Assert.Equal(HttpStatusCode.TooManyRequests, good.StatusCode);
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task Whoever_has_no_session_is_told_beside_the_field_for_his_key()
    {
        await using var app = await StartAsync();
        await app.SchemeAsync("lapsed");
        using var person = new Person(app);
        using var last = await ExhaustAsync(() => person.SendAsync("/sign-in", "/label-bodies/lapsed?handler=issue", ("name", "typed before it ended")));
        await AssertToldAsync(last, "value=\"typed before it ended\"", "id=\"f-key\"", "Try again in ");
    }

    [Fact]
    public async Task A_list_sent_too_often_keeps_its_fields()
    {
        await using var app = await StartAsync();
        using var person = new Person(app);
        var token = Person.TokenIn(await person.ReadAsync("/list"));
        using var last = await ExhaustAsync(() => person.RequestAsync("POST", "/list", new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" },
            { new StringContent("who was typed"), "recognisedBy" },
            { new StringContent("gtin\n2900000000018\n"), "file", "list.csv" },
        }));
        await AssertToldAsync(last, "value=\"who was typed\"", "Try again in ");
        Assert.Contains("form=\"list\" formaction=\"/list?lang=zh-Hans\"", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var begun = await person.SendAsync("/list", "/list?handler=Begin", ("recognisedBy", "cel"));
        await AssertToldAsync(begun, "class=\"problem\"");
    }

    [Fact]
    public async Task Where_nothing_was_typed_a_page_says_from_when_on_it_works_again()
    {
        await using var app = await StartAsync();
        using var person = new Person(app);
        using var last = await ExhaustAsync(() => person.SendAsync("/sign-in", "/sign-out"));
        await AssertToldAsync(last, "class=\"problem\"", "Too many requests", "Try again in ", " UTC on it can be tried again.");
    }

    [Fact]
    public async Task A_form_of_another_site_is_not_shown_even_then()
    {
        await using var app = await StartAsync();
        using var person = new Person(app);
        using var last = await ExhaustAsync(() => person.SendAsync(null, "/objections/new", ("text", "planted")), HttpStatusCode.BadRequest);
        Assert.DoesNotContain("planted", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // One for each test, since all of them ask from one address.
    private static async Task<Limited> StartAsync(string limit = "Registry:RateLimit:PerMinute", int most = Most)
    {
        var app = new Limited(limit, most);
        await app.InitializeAsync();
        return app;
    }

    // A minute may begin in between.
    private static async Task<HttpResponseMessage> ExhaustAsync(Func<Task<HttpResponseMessage>> send, HttpStatusCode ends = HttpStatusCode.TooManyRequests)
    {
        for (var i = 0; i < 2 * Most; i++)
        {
            (await send()).Dispose();
        }

        var last = await send();
        Assert.Equal(ends, last.StatusCode);
        return last;
    }

    private static async Task AssertToldAsync(HttpResponseMessage last, params string[] texts)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.StartsWith("text/html", last.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.InRange(int.Parse(last.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 60);
        var page = WebUtility.HtmlDecode(await last.Content.ReadAsStringAsync());
        Assert.All(texts, text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    private sealed class Limited(string limit, int most) : SqliteRegistry
    {
        protected override string Seed => "none";

        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [limit] = most.ToString(CultureInfo.InvariantCulture),
        };
    }

    [Fact]
    public async Task Who_objects_too_often_keeps_his_objection_and_is_told_when()
    {
        await using var few = await StartAsync("Registry:Objections:PerMinute", 3);
        await few.SchemeAsync("held");
        using var person = new Person(few);
        using var last = await ExhaustAsync(() => person.SendAsync("/objections/new", "/objections/new", ("about", "/v1/schemes/held"), ("text", "One more objection.")));
        await AssertToldAsync(last, "Try again in ", "Nothing has been done");
        Assert.Contains(("text", "One more objection."), Forms.FieldsIn(await last.Content.ReadAsStringAsync()));
    }
}
