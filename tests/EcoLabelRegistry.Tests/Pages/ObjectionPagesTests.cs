using System.Net;
using EcoLabelRegistry.Pages;
using EcoLabelRegistry.Tests.Objections;

namespace EcoLabelRegistry.Tests.Pages;

public sealed class SqliteObjectionPages(EmptySqliteRegistry app) : ObjectionPagesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlObjectionPages(EmptyPostgreSqlRegistry app) : ObjectionPagesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Objecting and answering at the pages: who sees what, and whose forms count.</summary>
public abstract class ObjectionPagesTests(RegistryApp app)
{
    [Fact]
    public async Task Anybody_objects_and_goes_to_the_page_of_the_objection()
    {
        await app.SchemeAsync("open");
        var certificate = await app.CertificateAsync("open", "O 1");
        using var person = new Person(app);
        var form = Places.ObjectTo(certificate);
        Assert.Contains("open O 1", await person.ReadAsync(form), StringComparison.Ordinal);

        using var filed = await person.SendAsync(form, "/objections/new", ("about", certificate), ("text", "It <b>ended</b> in May."), ("contact", "me@holder.example"));

        Assert.Equal(HttpStatusCode.Redirect, filed.StatusCode);
        var address = filed.Headers.Location!.OriginalString;
        Assert.StartsWith("/objections/", address, StringComparison.Ordinal);
        foreach (var place in new[] { address, "/objections", "/objections?answered=no", Places.OfProgram(certificate)! })
        {
            var page = await person.ReadAsync(place);
            Assert.Contains("It &lt;b&gt;ended&lt;/b&gt; in May.", page, StringComparison.Ordinal);
            Assert.DoesNotContain("me@holder.example", page, StringComparison.Ordinal);
            Assert.DoesNotContain("name=\"text\"", page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("in May.", await person.ReadAsync("/objections?answered=yes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_copied_names_the_record()
    {
        await app.SchemeAsync("copied");
        using var person = new Person(app);
        foreach (var (copied, text) in new[] { ("/labels/copied?asOf=2024-01-01", "By its page."), ("https://registry.example/labels/copied#accepts", "By its site."), ("/labels/copied/", "By its page, with a slash."), ("/v1/schemes/copied", "By the API.") })
        {
            using var filed = await person.SendAsync("/objections/new", "/objections/new", ("about", copied), ("text", text), ("contact", ""));
            Assert.Equal(HttpStatusCode.Redirect, filed.StatusCode);
            Assert.Contains(text, await person.ReadAsync("/labels/copied"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/labels/chose", "", "text", HttpStatusCode.BadRequest)]
    [InlineData("", "Typed with care.", "about", HttpStatusCode.BadRequest)]
    [InlineData("/labels/chos", "Typed with care.", "about", HttpStatusCode.UnprocessableEntity)]
    [InlineData("nonsense", "Typed with care.", "about", HttpStatusCode.UnprocessableEntity)]
    public async Task What_is_missing_or_wrong_is_said_beside_its_field(string about, string text, string field, HttpStatusCode status)
    {
        await app.SchemeAsync("chose");
        var before = await app.RevisionAsync();
        using var person = new Person(app);
        using var refused = await person.SendAsync("/objections/new", "/objections/new", ("about", about), ("text", text), ("contact", "kept@holder.example"));

        Assert.Equal(status, refused.StatusCode);
        var page = await refused.Content.ReadAsStringAsync();
        Assert.Contains($"id=\"f-{field}-fault\"", page, StringComparison.Ordinal);
        Assert.Contains("kept@holder.example", page, StringComparison.Ordinal);
        Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task A_record_that_is_none_is_said_to_be_none()
    {
        using var person = new Person(app);
        using var form = await person.RequestAsync("GET", "/objections/new?about=/labels/none", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, form.StatusCode);
        using var list = await person.RequestAsync("GET", "/objections?about=/labels/none", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, list.StatusCode);
        Assert.Contains("id=\"about-fault\"", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var one = await person.RequestAsync("GET", "/objections/none", null);
        Assert.Equal(HttpStatusCode.NotFound, one.StatusCode);
    }

    [Fact]
    public async Task The_body_concerned_sees_the_contact_and_answers_once()
    {
        var key = await app.SchemeAsync("asked");
        var id = await app.ObjectAsync("/v1/schemes/asked", "The website is gone.", "who@asks.example");
        using var body = new Person(app);
        await body.SignInAsync(key);
        var address = Places.Objection(id);
        var page = await body.ReadAsync(address);
        Assert.Contains("who@asks.example", page, StringComparison.Ordinal);
        Assert.Contains("name=\"text\"", page, StringComparison.Ordinal);

        using var blank = await body.SendAsync(address, address, ("text", " "));
        Assert.Equal(HttpStatusCode.BadRequest, blank.StatusCode);
        Assert.Contains("id=\"f-text-fault\"", await blank.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var answered = await body.SendAsync(address, address, ("text", "Corrected today."));
        Assert.Equal(HttpStatusCode.Redirect, answered.StatusCode);
        using var anybody = new Person(app);
        foreach (var place in new[] { address, "/labels/asked", "/objections?answered=yes" })
        {
            var shown = await anybody.ReadAsync(place);
            Assert.Contains("Corrected today.", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("who@asks.example", shown, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("name=\"text\"", await body.ReadAsync(address), StringComparison.Ordinal);
        using var twice = await body.SendAsync("/sign-in", address, ("text", "And again."));
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        Assert.Contains("And again.", await twice.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_objected_and_who_answered_are_named_with_links_to_their_pages()
    {
        var key = await app.SchemeAsync("named-asked");
        var other = await app.SchemeAsync("named-asks");
        await app.WriteAsync("PUT", "/v1/label-bodies/named-asked", """{ "names": { "en": "The <i>Asked</i> Body", "zh": "被问机构" } }""");
        await app.WriteAsync("PUT", "/v1/label-bodies/named-asks", """{ "names": { "en": "The Asking Body", "zh": "提问机构" } }""");
        var id = await app.ObjectAsync("/v1/schemes/named-asked", "Is it so?", key: other);
        await app.WriteAsync("POST", $"/v1/objections/{id}/answer", """{ "text": "It is." }""", key);
        using var person = new Person(app);
        foreach (var place in new[] { Places.Objection(id), "/objections", "/labels/named-asked", Places.ObjectTo("/v1/schemes/named-asked") })
        {
            var page = await person.ReadAsync(place + (place.Contains('?', StringComparison.Ordinal) ? "&lang=en" : "?lang=en"));
            Assert.Contains("<a href=\"/label-bodies/named-asked\">The &lt;i&gt;Asked&lt;/i&gt; Body</a>", page, StringComparison.Ordinal);
            Assert.Contains("<a href=\"/label-bodies/named-asks\">The Asking Body</a>", page, StringComparison.Ordinal);
        }

        Assert.Contains("<a href=\"/label-bodies/named-asked\">被问机构</a>", await person.ReadAsync(Places.Objection(id) + "?lang=zh-Hans"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_sees_neither_contact_nor_form_and_answers_nothing()
    {
        await app.SchemeAsync("quiet");
        var address = Places.Objection(await app.ObjectAsync("/v1/schemes/quiet", "Wrong name.", "secret@holder.example"));
        using var stranger = new Person(app);
        await stranger.SignInAsync(await app.SchemeAsync("loud"));
        foreach (var place in new[] { address, "/objections?about=/labels/quiet", "/labels/quiet" })
        {
            var page = await stranger.ReadAsync(place);
            Assert.DoesNotContain("secret@holder.example", page, StringComparison.Ordinal);
            Assert.DoesNotContain("name=\"text\"", page, StringComparison.Ordinal);
        }

        using var refused = await stranger.SendAsync("/", address, ("text", "In another's name."));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        using var registrar = new Person(app);
        await registrar.SignInAsync(Writing.RegistrarKey);
        Assert.Contains("secret@holder.example", await registrar.ReadAsync(address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_session_ended_loses_no_answer()
    {
        var key = await app.SchemeAsync("slow");
        var address = Places.Objection(await app.ObjectAsync("/v1/schemes/slow", "Too slow.", "hidden@holder.example"));
        using var person = new Person(app);
        using var asked = await person.SendAsync("/sign-in", address, ("text", "Typed for an hour."));
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        var page = await asked.Content.ReadAsStringAsync();
        Assert.Contains("Typed for an hour.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden@holder.example", page, StringComparison.Ordinal);

        using var done = await person.SendAsync("/sign-in", address, ("text", "Typed for an hour."), ("key", key));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
    }

    [Fact]
    public async Task The_switch_of_language_beside_a_refused_form_keeps_its_text_and_files_nothing()
    {
        await app.SchemeAsync("spoken");
        using var person = new Person(app);
        Assert.DoesNotContain("form=\"writing\"", await person.ReadAsync("/objections"), StringComparison.Ordinal);
        var before = await app.RevisionAsync();
        using var refused = await person.SendAsync("/objections/new", "/objections/new", ("about", "/labels/spokn"), ("text", "Typed with care."), ("contact", ""));
        var page = await refused.Content.ReadAsStringAsync();
        Assert.Matches("(?s)<button type=\"submit\" form=\"writing\"[^>]* aria-hidden=\"true\"></button>.*formaction", page); // Enter must not press the switch

        var fields = Forms.FieldsIn(page).With(("about", "/labels/spoken"), ("contact", "typed@since.example"));
        using var switched = await person.SendAsync("/objections/new", Forms.SwitchIn(page, "zh-Hans", out var pressed), fields.With(pressed));
        Assert.Equal(HttpStatusCode.OK, switched.StatusCode);
        var chinese = await switched.Content.ReadAsStringAsync();
        Assert.Contains("<html lang=\"zh-Hans\"", chinese, StringComparison.Ordinal);
        Assert.Contains(("text", "Typed with care."), Forms.FieldsIn(chinese));
        Assert.Contains(("contact", "typed@since.example"), Forms.FieldsIn(chinese));
        Assert.Equal(before, await app.RevisionAsync());
        using var filed = await person.SendAsync("/objections/new", "/objections/new", [.. Forms.FieldsIn(chinese)]);
        Assert.Equal(HttpStatusCode.Redirect, filed.StatusCode);
        Assert.Equal(before + 1, await app.RevisionAsync());
    }

    [Fact]
    public async Task A_form_that_is_not_ours_files_and_answers_nothing()
    {
        var key = await app.SchemeAsync("own");
        var address = Places.Objection(await app.ObjectAsync("/v1/schemes/own"));
        using var person = new Person(app);
        await person.SignInAsync(key);
        var before = await app.RevisionAsync();
        using var filed = await person.SendAsync(null, "/objections/new", ("about", "/v1/schemes/own"), ("text", "planted"));
        Assert.Equal(HttpStatusCode.BadRequest, filed.StatusCode);
        using var answered = await person.SendAsync(null, address, ("text", "planted"));
        Assert.Equal(HttpStatusCode.BadRequest, answered.StatusCode);
        Assert.Equal(before, await app.RevisionAsync());
    }
}
