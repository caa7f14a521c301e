using System.Net;
using System.Text.RegularExpressions;
using EcoLabelRegistry.Pages;
using EcoLabelRegistry.Tests.Http;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Pages;

public sealed class SqliteSignIn(EmptySqliteRegistry app) : SignInTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlSignIn(EmptyPostgreSqlRegistry app) : SignInTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>A session at the pages: how it begins and ends, what its cookie is, and what it never does.</summary>
public abstract class SignInTests(RegistryApp app)
{
    [Fact]
    public async Task Who_shows_his_key_is_signed_in_and_named_in_both_languages()
    {
        await app.WriteAsync("PUT", "/v1/label-bodies/named", """{ "names": { "en": "The Named Body", "zh": "署名机构" } }""");
        using var person = new Person(app);
        await person.SignInAsync(await app.KeyOfAsync("named"));

        Assert.Contains("The Named Body", await person.ReadAsync("/labels"), StringComparison.Ordinal);
        Assert.Contains("署名机构", await person.ReadAsync("/labels?lang=zh-Hans"), StringComparison.Ordinal);

        using var registrar = new Person(app);
        await registrar.SignInAsync(Writing.RegistrarKey);
        Assert.Contains("the registrar", await registrar.ReadAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites_and_does_not_show_the_key()
    {
        var key = await app.SchemeAsync("flags");
        using var person = new Person(app);
        using var answer = await person.SignInAsync(key);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=32400", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase); // not https
        Assert.DoesNotContain(key[^43..], Uri.UnescapeDataString(cookie), StringComparison.Ordinal);
        Assert.Equal("/label-bodies/flags", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/agreements?party=cel", "/agreements?party=cel")]
    [InlineData("//elsewhere.example/", "/label-bodies/led")]
    [InlineData("https://elsewhere.example/", "/label-bodies/led")]
    public async Task Who_signs_in_goes_on_where_he_was_and_never_elsewhere(string to, string goes)
    {
        using var person = new Person(app);
        using var answer = await person.SendAsync("/sign-in?to=" + Uri.EscapeDataString(to), "/sign-in", ("key", await app.SchemeAsync("led")), ("to", to));
        Assert.Equal(goes, answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("elr_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_wrong_key_is_said_beside_its_field_and_begins_nothing(string key)
    {
        using var person = new Person(app);
        using var answer = await person.SendAsync("/sign-in", "/sign-in", ("key", key));

        Assert.Equal(key.Length == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(person.Has("session"));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("id=\"f-key-fault\"", page, StringComparison.Ordinal);
        Assert.Contains(key.Length == 0 ? "This is required." : "The key is wrong, revoked or expired.", page, StringComparison.Ordinal);
        if (key.Length > 0)
        {
            Assert.DoesNotContain(key, page, StringComparison.Ordinal);
            Assert.Contains(app.Log.Entries, e => e.Level == LogLevel.Warning && e.Message.StartsWith("POST /sign-in refused, unauthorised: nobody, from ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_key_longer_than_a_cookie_may_be_is_said_so()
    {
        using var person = new Person(app);
        using var answer = await person.SendAsync("/sign-in", "/sign-in", ("key", new string('x', Sessions.LongestKey + 1)));
        Assert.Contains("longer than 2000 characters", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_with_its_key()
    {
        await app.SchemeAsync("brief");
        var made = await app.WriteAsync("POST", "/v1/label-bodies/brief/keys", """{ "name": "brief" }""");
        using var person = new Person(app);
        await person.SignInAsync(made.GetProperty("key").GetString()!);
        Assert.Contains("Sign out", await person.ReadAsync("/"), StringComparison.Ordinal);

        await app.WriteAsync("DELETE", $"/v1/label-bodies/brief/keys/{made.GetProperty("id").GetString()}", null);

        Assert.DoesNotContain("Sign out", await person.ReadAsync("/"), StringComparison.Ordinal);
        Assert.False(person.Has("session"));
    }

    [Fact]
    public async Task A_session_ends_when_one_signs_out_and_nobody_signs_another_out()
    {
        using var person = new Person(app);
        await person.SignInAsync(await app.SchemeAsync("leaving"));
        using var foreign = await person.SendAsync(null, "/sign-out");
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        Assert.True(person.Has("session"));

        using var own = await person.SendAsync("/", "/sign-out");

        Assert.Equal(HttpStatusCode.Redirect, own.StatusCode);
        Assert.False(person.Has("session"));
        Assert.Contains("You are signed out.", await person.ReadAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(-1, false)]
    public async Task A_session_that_has_expired_or_is_forged_is_none(int minutes, bool lives)
    {
        var key = await app.SchemeAsync("timed");
        var protector = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector(typeof(Sessions).FullName!).ToTimeLimitedDataProtector();
        using var person = new Person(app);
        person.Take("session", protector.Protect(key, TimeSpan.FromMinutes(minutes)));
        Assert.Equal(lives, (await person.ReadAsync("/")).Contains("Sign out", StringComparison.Ordinal));

        person.Take("session", key);
        Assert.DoesNotContain("Sign out", await person.ReadAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_of_the_contract_is_answered_by_the_cookie()
    {
        var key = await app.SchemeAsync("apart");
        using var person = new Person(app);
        await person.SignInAsync(key);
        var before = await app.RevisionAsync();

        using var read = await person.RequestAsync("GET", "/v1/label-bodies/apart/keys", null);
        await read.ProblemAsync("unauthorised");
        using var written = await person.RequestAsync(
            "PUT", "/v1/schemes/apart", new StringContent("""{ "body": "apart", "names": { "en": "By cookie" } }""", System.Text.Encoding.UTF8, "application/json"));
        await written.ProblemAsync("unauthorised");
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task A_form_that_is_not_ours_writes_nothing()
    {
        await app.SchemeAsync("forms");
        using var person = new Person(app);
        await person.SignInAsync(await app.KeyOfAsync("forms"));
        var before = await app.RevisionAsync();

        using var bare = await person.SendAsync(null, "/label-bodies/forms?handler=issue", ("name", "planted"));
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.DoesNotContain("planted", await bare.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var stranger = new Person(app);
        var token = Person.TokenIn(await stranger.ReadAsync("/sign-in"));
        using var others = await person.SendAsync(null, "/label-bodies/forms?handler=issue", ("name", "planted"), ("__RequestVerificationToken", token));
        Assert.Equal(HttpStatusCode.BadRequest, others.StatusCode);
        Assert.Equal(before, await app.RevisionAsync());
        Assert.Contains(app.Log.Entries, e => e.Level == LogLevel.Warning && e.Message.StartsWith("POST /label-bodies/forms refused, invalid: body:forms", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_browser_that_lost_its_cookies_is_shown_what_was_typed()
    {
        await app.SchemeAsync("lost");
        using var person = new Person(app);
        await person.SignInAsync(await app.KeyOfAsync("lost"));
        person.FromHere = true;
        using var answer = await person.SendAsync(null, "/label-bodies/lost?handler=issue", ("name", "typed for an hour"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("value=\"typed for an hour\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_form_that_writes_carries_a_token()
    {
        await app.SchemeAsync("tokens");
        using var person = new Person(app);
        await person.SignInAsync(await app.KeyOfAsync("tokens"));
        foreach (var address in new[] { "/", "/sign-in", "/label-bodies/tokens" })
        {
            var forms = Regex.Matches(await person.ReadAsync(address), "<form[^>]*method=\"post\".*?</form>", RegexOptions.Singleline, TimeSpan.FromSeconds(5));
            Assert.NotEmpty(forms);
            Assert.All(forms, form => Assert.Contains("__RequestVerificationToken", form.Value, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_body_makes_a_key_sees_it_once_and_revokes_it()
    {
        await app.SchemeAsync("keeper");
        using var person = new Person(app);
        await person.SignInAsync(await app.KeyOfAsync("keeper"));

        using var refused = await person.SendAsync("/label-bodies/keeper", "/label-bodies/keeper?handler=issue", ("name", "late"), ("expires", "2001-01-01"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("id=\"f-expires-fault\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var made = await person.SendAsync("/label-bodies/keeper", "/label-bodies/keeper?handler=issue", ("name", "<b>upload</b>"), ("expires", ""));
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        var page = await person.ReadAsync("/label-bodies/keeper");
        var key = Regex.Match(page, "elr_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", RegexOptions.None, TimeSpan.FromSeconds(5)).Value;
        Assert.Contains("&lt;b&gt;upload&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain(key, await person.ReadAsync("/label-bodies/keeper"), StringComparison.Ordinal);
        await app.WriteAsync("PUT", "/v1/schemes/keeper", """{ "body": "keeper", "names": { "en": "Keeper" } }""", key);

        using var revoked = await person.SendAsync("/label-bodies/keeper", "/label-bodies/keeper?handler=revoke", ("id", key.Substring(4, 16)));
        Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
        await app.RefusedAsync("PUT", "/v1/schemes/keeper", """{ "body": "keeper", "names": { "en": "Keeper" } }""", key, "unauthorised");
    }

    [Fact]
    public async Task A_stranger_sees_no_keys_and_makes_none()
    {
        await app.SchemeAsync("guarded");
        using var stranger = new Person(app);
        await stranger.SignInAsync(await app.SchemeAsync("curious"));
        Assert.DoesNotContain("id=\"keys\"", await stranger.ReadAsync("/label-bodies/guarded"), StringComparison.Ordinal);
        using var refused = await stranger.SendAsync("/", "/label-bodies/guarded?handler=issue", ("name", "mine"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        using var nobody = new Person(app);
        using var asked = await nobody.SendAsync("/sign-in", "/label-bodies/guarded?handler=issue", ("name", "kept through"));
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Contains("value=\"kept through\"", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var done = await nobody.SendAsync("/sign-in", "/label-bodies/guarded?handler=issue", ("name", "kept through"), ("key", await app.KeyOfAsync("guarded")));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        Assert.Contains("kept through", await nobody.ReadAsync("/label-bodies/guarded"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_encrypts_sessions_lies_in_the_database_for_every_server()
    {
        Assert.True(await app.ScalarAsync<long>("select count(*) from session_key") > 0);
        var other = ActivatorUtilities.CreateInstance<SessionKeys>(app.Services);
        Assert.NotEmpty(other.GetAllElements());
    }
}

/// <summary>Forms that are tried are counted like requests of the contract.</summary>
public sealed class SignInLimitsTests(SignInLimitsTests.Limited app) : IClassFixture<SignInLimitsTests.Limited>
{
    [Fact]
    public async Task Who_tries_keys_is_told_to_wait()
    {
        using var person = new Person(app);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            using var answer = await person.SendAsync("/sign-in", "/sign-in", ("key", "guess"));
            statuses.Add(answer.StatusCode);
        }

        // A minute may begin in between.
        Assert.InRange(statuses.Count(s => s == HttpStatusCode.Unauthorized), 5, 10);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        Assert.NotEmpty(await person.ReadAsync("/")); // reading goes on
    }

    public sealed class Limited : SqliteRegistry
    {
        protected override string Seed => "none";

        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Registry:RateLimit:PerMinute"] = "5",
        };
    }
}
