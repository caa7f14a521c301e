using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using EcoLabelRegistry.Pages;
using EcoLabelRegistry.Tests.Registers;
using static EcoLabelRegistry.Tests.Registers.RegisterCalls;

namespace EcoLabelRegistry.Tests.Pages;

public sealed class SqliteMyRegister(EmptySqliteRegistry app) : MyRegisterTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlMyRegister(EmptyPostgreSqlRegistry app) : MyRegisterTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>A label body sends its register at the pages: streamed, tried before it is taken, told cell by cell what is wrong, and nobody's but its own.</summary>
public abstract partial class MyRegisterTests(RegistryApp app)
{
    private const string Header = "number,holder,validFrom,validUntil,brand,model\n";

    [Fact]
    public async Task A_file_is_taken_and_what_it_changed_is_shown()
    {
        using var body = await BodyAsync("taken");
        var first = await SentAsync(body, "taken", Header + "A 1,Painter,2024-01-01,,Leaf,One\nA 2,Painter,2024-01-01,,,\n");
        Assert.Contains("2 created, 0 updated, 0 unchanged, 0 withdrawn", first, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(first, "<td>created</td>", RegexOptions.None, TimeSpan.FromSeconds(5)));

        var second = await SentAsync(body, "taken", Header + "A 1,Printer,2024-01-01,,Leaf,One\nA 3,<b>New</b>,2024-01-01,,,\n", ("maxWithdraw", "50"));
        Assert.Contains("1 created, 1 updated, 0 unchanged, 1 withdrawn", second, StringComparison.Ordinal);
        Assert.Contains("<td>updated</td>", second, StringComparison.Ordinal);
        Assert.Contains("<td>withdrawn</td>", second, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;New&lt;/b&gt;", second, StringComparison.Ordinal);
        Assert.Equal("withdrawn", await app.StandingAsync("taken", "A 2"));

        var register = await body.ReadAsync("/my-register/taken");
        Assert.Contains("A 3", register, StringComparison.Ordinal);
        Assert.Matches("standing-withdrawn\">Withdrawn</span> 1", register);
        Assert.Matches("standing-valid\">Valid</span> 2", await body.ReadAsync("/my-register"));
    }

    [Fact]
    public async Task Trying_tells_what_would_change_and_changes_nothing()
    {
        using var body = await BodyAsync("tried");
        await app.PutAsync("tried", RowsOf("A", "B", "C", "D", "E")).TakenAsync();
        var before = await app.RowsAsync();

        var page = await SentAsync(body, "tried", Header + "A,Painter Ltd,2020-01-01,,,\nB,Other Ltd,2020-01-01,,,\nC,Painter Ltd,2020-01-01,,,\nD,Painter Ltd,2020-01-01,,,\nF,New Ltd,2021-01-01,,,\n", ("step", "try"));

        Assert.Contains("Nothing was changed. It would be: 1 created, 1 updated,", page, StringComparison.Ordinal);
        Assert.Contains("1 withdrawn.", page, StringComparison.Ordinal);
        Assert.Equal(before, await app.RowsAsync());
        var listed = (await app.GetAsync("/v1/imports?scheme=tried")).GetProperty("items")[0];
        Assert.Equal("tried", listed.Text("state"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, listed.GetProperty("revision").ValueKind);
    }

    [Fact]
    public async Task A_wrong_cell_is_shown_with_its_line_and_column_and_as_csv()
    {
        using var body = await BodyAsync("cells");
        var before = await app.RevisionAsync();

        var page = await SentAsync(body, "cells", Header + "A 1,Painter,2024-01-01,,,\nA 2,Painter,2024-13-01,,Leaf,=1+1\n");

        Assert.Equal(before, await app.RevisionAsync());
        Assert.Contains("<mark class=\"cell\">2024-13-01</mark>", page, StringComparison.Ordinal);
        Assert.Contains("valid from</span> <code class=\"small\">validFrom</code>", page, StringComparison.Ordinal);
        Assert.Contains("3</th><td data-label=\"Certificate\">A 2</td>", page, StringComparison.Ordinal);
        using var csv = await body.RequestAsync("GET", WebUtility.HtmlDecode(ReportLink().Match(page).Groups["address"].Value), null);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        var lines = (await csv.Content.ReadAsStringAsync()).TrimStart('\uFEFF').Split("\r\n");
        Assert.Equal("line,certificate,column,column_name,cell,code,message", lines[0]);
        Assert.StartsWith("3,A 2,validFrom,valid from,2024-13-01,", lines[1], StringComparison.Ordinal);

        var skipped = await SentAsync(body, "cells", Header + "A 1,Painter,2024-01-01,,,\nA 2,Painter,2024-13-01,,,\n", ("onError", "skip"));
        Assert.Contains("1 created, 0 updated", skipped, StringComparison.Ordinal);
        Assert.Contains("2024-13-01", skipped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NDJSON_is_known_by_its_first_character()
    {
        using var body = await BodyAsync("lines");
        var page = await SentAsync(body, "lines", Row("J 1") + "\n" + Row("J 2", ""","products":[{"brand":"Leaf","model":"X","gtins":["4006381333932"]}]"""), ("onError", "skip"));
        Assert.Contains("1 created", page, StringComparison.Ordinal);
        Assert.Contains("<mark class=\"cell\">4006381333932</mark>", page, StringComparison.Ordinal);
        Assert.Contains("GTINs of the product", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_truncated_file_is_refused_with_its_numbers_and_wipes_nothing()
    {
        using var body = await BodyAsync("guarded-register");
        await app.PutAsync("guarded-register", RowsOf("A", "B", "C", "D")).TakenAsync();
        var before = await app.RowsAsync();
        var page = await SentAsync(body, "guarded-register", Header + "A,Painter Ltd,2020-01-01,,,\nB,Painter Ltd,2020-01-01,,,\n");
        Assert.Contains("The register omits 2 of 4 valid certificates and would withdraw 2 in all; at most 20 per cent", page, StringComparison.Ordinal);
        Assert.Contains("A file that was cut off looks like this.", page, StringComparison.Ordinal);
        Assert.Equal(before, await app.RowsAsync());

        var delta = await SentAsync(body, "guarded-register", Header + "A,Painter Ltd,2020-01-01,,,\n", ("kind", "delta"));
        Assert.Contains("0 withdrawn", delta, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("numbr,holder\nA,B\n", "numbr", "numbr,holder")]
    [InlineData("<h1>Not found</h1>\n", "&lt;h1&gt;", "&lt;h1&gt;Not found")]
    [InlineData("", "The file is empty", "")]
    [InlineData("PK\u0003\u0004zip", "spreadsheet program", "")]
    [InlineData("%PDF-1.4\n1 0 obj\n", "This is a PDF document, not a register.", "")]
    public async Task A_file_that_is_none_is_said_so_with_its_first_lines(string content, string says, string begins)
    {
        using var body = await BodyAsync("wrong-file");
        var before = await app.RevisionAsync();
        using var answer = await SendAsync(body, "wrong-file", content, "wrong.csv");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("id=\"f-file-fault\"", page, StringComparison.Ordinal);
        Assert.Contains(says, page, StringComparison.Ordinal);
        Assert.Equal(begins.Length > 0, page.Contains("class=\"begins", StringComparison.Ordinal));
        Assert.Contains(begins, page, StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Theory]
    [InlineData("kind", "half")]
    [InlineData("onError", "ask")]
    [InlineData("maxWithdraw", "101")]
    [InlineData("maxWithdraw", "many")]
    public async Task A_wrong_choice_is_said_beside_its_field(string field, string value)
    {
        using var body = await BodyAsync("wrong-choice");
        using var answer = await SendAsync(body, "wrong-choice", Header + "A,B,2024-01-01,,,\n", "a.csv", (field, value));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"id=\"f-{field}-fault\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_switch_of_language_keeps_the_choices_and_takes_no_file()
    {
        using var body = await BodyAsync("switched");
        using var refused = await SendAsync(body, "switched", null, null, ("kind", "delta"), ("step", "take"));
        var page = await refused.Content.ReadAsStringAsync();
        Forms.SwitchIn(page, "zh-Hans", out var pressed);
        var before = await app.RevisionAsync();
        using var answer = await SendAsync(body, "switched", Header + "A,B,2024-01-01,,,\n", "a.csv", [pressed, .. Forms.FieldsIn(page).Where(f => f.Name != "file")]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var kept = Forms.FieldsIn(await answer.Content.ReadAsStringAsync());
        Assert.Contains(("kind", "delta"), kept);
        Assert.Contains(("step", "take"), kept);
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task No_file_and_no_form_are_said_so()
    {
        using var body = await BodyAsync("no-file");
        using var none = await SendAsync(body, "no-file", null, null);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.Contains("Choose a file.", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var typed = await body.SendAsync("/my-register/no-file", "/my-register/no-file", ("kind", "full"));
        Assert.Equal(HttpStatusCode.BadRequest, typed.StatusCode);
        using var broken = new StringContent("--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nfu", Encoding.UTF8);
        broken.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        using var cut = await body.RequestAsync("POST", "/my-register/no-file", broken);
        Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
    }

    [Fact]
    public async Task Another_body_reads_and_sends_nothing()
    {
        using var own = await BodyAsync("mine");
        var page = await SentAsync(own, "mine", Header + "A 1,Secret,2024-13-01,,,\n");
        var import = (await app.GetAsync("/v1/imports?scheme=mine")).GetProperty("items")[0].Text("id")!;
        using var stranger = await BodyAsync("not-mine");
        var before = await app.RevisionAsync();

        using var sent = await SendAsync(stranger, "mine", Header + "A 1,B,2024-01-01,,,\n", "a.csv", "/my-register/not-mine");
        Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
        foreach (var address in new[] { "/my-register/mine", Places.Import("mine", import), Places.Import("mine", import) + "?handler=report" })
        {
            using var read = await stranger.RequestAsync("GET", address, null);
            Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
        }

        using var askew = await stranger.RequestAsync("GET", Places.Import("not-mine", import), null);
        Assert.Equal(HttpStatusCode.NotFound, askew.StatusCode);
        Assert.DoesNotContain("/my-register/mine", await stranger.ReadAsync("/my-register"), StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());
        Assert.Contains("2024-13-01", page, StringComparison.Ordinal);

        using var registrar = new Person(app);
        await registrar.SignInAsync(Writing.RegistrarKey);
        Assert.Contains("2024-13-01", await registrar.ReadAsync(Places.Import("mine", import)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_led_to_sign_in_and_his_file_is_not_read()
    {
        await app.SchemeAsync("nobodys-register");
        using var nobody = new Person(app);
        using var read = await nobody.RequestAsync("GET", "/my-register/nobodys-register", null);
        Assert.Equal("/sign-in?to=%2Fmy-register%2Fnobodys-register", read.Headers.Location!.OriginalString);
        using var sent = await SendAsync(nobody, "nobodys-register", Header + "A,B,2024-01-01,,,\n", "a.csv", "/sign-in");
        Assert.Equal(HttpStatusCode.Unauthorized, sent.StatusCode);
        Assert.Contains("choose the file again", await sent.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("forged")]
    public async Task A_form_that_is_not_ours_imports_nothing(string? token)
    {
        using var body = await BodyAsync("planted");
        var imports = (await app.GetAsync("/v1/imports?scheme=planted")).GetProperty("items").GetArrayLength();
        using var form = Form(token, Header + "A,B,2024-01-01,,,\n", "a.csv");
        // A second token behind the file is none: nobody reads that far before the form is known to be ours.
        form.Add(new StringContent(Person.TokenIn(await body.ReadAsync("/my-register/planted"))), "__RequestVerificationToken");
        using var answer = await body.RequestAsync("POST", "/my-register/planted", form);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(imports, (await app.GetAsync("/v1/imports?scheme=planted")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_file_is_imported_while_it_arrives_and_memory_does_not_hold_it()
    {
        using var body = await BodyAsync("large");
        var token = Person.TokenIn(await body.ReadAsync("/my-register/large"));
        using var file = new SlowBody("text/csv");
        using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new StringContent("take"), "step" }, { file, "file", "large.csv" } };
        var sending = body.RequestAsync("POST", "/my-register/large", form);
        file.Send(Header);
        // More than the server takes of any other body.
        var notes = new string('n', 4_000);
        for (var i = 0; i < 9_000; i++)
        {
            file.Send($"A {i},{notes},2024-01-01,,,\n");
        }

        while ((await app.GetAsync("/v1/imports?scheme=large")).GetProperty("items").GetArrayLength() == 0)
        {
            await Task.Delay(50);
        }

        Assert.Equal("receiving", (await app.GetAsync("/v1/imports?scheme=large")).GetProperty("items")[0].Text("state"));
        using var other = await SendAsync(body, "large", Header + "B,C,2024-01-01,,,\n", "b.csv");
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Contains("is running", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var import = (await app.GetAsync("/v1/imports?scheme=large")).GetProperty("items")[0].Text("id")!;
        Assert.Contains("id=\"running\"", await body.ReadAsync(Places.Import("large", import)), StringComparison.Ordinal);

        file.End();
        using var sent = await sending;
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Equal(Places.Import("large", import), sent.Headers.Location!.OriginalString);
        string? state;
        while ((state = (await app.GetAsync("/v1/imports/" + import)).Text("state")) is "receiving" or "checking" or "applying")
        {
            await Task.Delay(50);
        }

        var page = await body.ReadAsync(Places.Import("large", import));
        Assert.Equal("refused", state);
        Assert.Contains("The first 1,000 of 9,000 lines.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_removed_by_law_is_in_no_report()
    {
        using var body = await BodyAsync("lawful");
        await SentAsync(body, "lawful", Header + "A 1,Jane Roe,2024-01-01,,,\n");
        var quoting = await SentAsync(body, "lawful", Header + "A 1,Joan Doe,2024-01-01,,,\nA 1,Jane Roe,2024-01-01,,,\n");
        Assert.Contains("<mark class=\"cell\">Jane Roe</mark>", quoting, StringComparison.Ordinal);
        await SentAsync(body, "lawful", Header + "A 2,Else,2024-13-01,,,\n", ("kind", "delta"));

        var id = (await app.GetAsync("/v1/certificates?scheme=lawful")).GetProperty("items")[0].Text("id");
        await app.WriteAsync("POST", $"/v1/certificates/{id}/redactions", """{ "members": ["holder"], "reason": "Asked for by the person concerned." }""");

        Assert.Equal(0, await app.ScalarAsync<long>("select count(*) from import_report where data like '%Jane Roe%'"));
        Assert.Equal(1, await app.ScalarAsync<long>("select count(*) from import_report r join register_import i on i.id = r.import where i.scheme = 'lawful'"));
    }

    [Fact]
    public async Task What_was_wrong_is_forgotten_with_its_import()
    {
        using var body = await BodyAsync("old");
        await SentAsync(body, "old", Header + "A 1,Painter,2024-13-01,,,\n");
        Assert.Equal(1, await app.ScalarAsync<long>("select count(*) from import_report r join register_import i on i.id = r.import where i.scheme = 'old'"));
        await app.ScalarAsync<long>("update register_import set ended_at = '2001-01-01T00:00:00.000000Z' where scheme = 'old' returning 1");
        await app.PutAsync("old", Row("B")).TakenAsync();
        Assert.Equal(0, await app.ScalarAsync<long>("select count(*) from import_report r join register_import i on i.id = r.import where i.scheme = 'old'"));
    }

    private async Task<Person> BodyAsync(string scheme)
    {
        var person = new Person(app);
        await person.SignInAsync(await app.SchemeAsync(scheme));
        return person;
    }

    private static MultipartFormDataContent Form(string? token, string? content, string? name, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, value) in token is null ? fields : fields.Prepend(("__RequestVerificationToken", token)))
        {
            form.Add(new StringContent(value), field);
        }

        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(content ?? ""));
        if (name is null)
        {
            // As a browser sends a field in which no file was chosen.
            file.Headers.ContentDisposition = new("form-data") { Name = "file", FileName = "\"\"" };
            form.Add(file);
        }
        else
        {
            form.Add(file, "file", name);
        }

        return form;
    }

    private static Task<HttpResponseMessage> SendAsync(Person person, string scheme, string? content, string? name, params (string Name, string Value)[] fields) =>
        SendAsync(person, scheme, content, name, "/my-register/" + scheme, fields);

    private static async Task<HttpResponseMessage> SendAsync(Person person, string scheme, string? content, string? name, string page, params (string Name, string Value)[] fields)
    {
        using var form = Form(Person.TokenIn(await person.ReadAsync(page)), content, name, fields);
        return await person.RequestAsync("POST", "/my-register/" + scheme, form);
    }

    /// <summary>Sends a file, and gives the page of its import once it has ended.</summary>
    private static async Task<string> SentAsync(Person person, string scheme, string content, params (string Name, string Value)[] fields)
    {
        using var sent = await SendAsync(person, scheme, content, "register.csv", fields);
        Assert.True(sent.StatusCode == HttpStatusCode.Redirect, await sent.Content.ReadAsStringAsync());
        var address = sent.Headers.Location!.OriginalString;
        while (true)
        {
            var page = await person.ReadAsync(address);
            if (!page.Contains("id=\"running\"", StringComparison.Ordinal))
            {
                return page;
            }

            await Task.Delay(50);
        }
    }

    [GeneratedRegex("href=\"(?<address>[^\"]*handler=report)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReportLink();
}
