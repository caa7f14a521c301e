using System.Globalization;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using static EcoLabelRegistry.Tests.Registers.RegisterCalls;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Registers;

public sealed class SqliteReplaceRegister(EmptySqliteRegistry app) : ReplaceRegisterTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlReplaceRegister(EmptyPostgreSqlRegistry app) : ReplaceRegisterTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class ReplaceRegisterTests(RegistryApp app)
{
    private static string Today => DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_register_is_one_entry_of_the_log_with_its_rows_beside_it()
    {
        var scheme = await app.NewSchemeAsync();
        var before = await app.RevisionAsync();

        var answer = await app.PutAsync(scheme, RowsOf("C", "A", "B")).TakenAsync();

        Assert.Equal("3/0/0/0", answer.Counts());
        Assert.Equal(3, answer.GetProperty("received").GetInt32());
        Assert.Equal(before + 1, answer.GetProperty("revision").GetInt64());
        var entry = await app.GetAsync($"/v1/changes/{before + 1}");
        Assert.Equal($"/v1/schemes/{scheme}/register", entry.Text("subject"));
        Assert.Equal("3/0/0/0", entry.GetProperty("data").Counts());
        var items = await app.AllAsync($"/v1/changes/{before + 1}/items?limit=2");
        Assert.Equal(["C", "A", "B"], items.Select(item => item.GetProperty("data").Text("number")));
        Assert.Equal([1, 2, 3], items.Select(item => item.GetProperty("place").GetInt32()));
        Assert.All(items, item => Assert.True(item.GetProperty("salts").TryGetProperty("/holder", out _)));
        Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task What_is_imported_is_found_like_what_was_registered_alone()
    {
        var scheme = await app.NewSchemeAsync();
        const string More = ""","otherNumbers":["ALT 7"],"products":[{"brand":"Acme","model":"Mega 1","gtins":["4006381333931"],"category":"coatings.decorative"},{"category":"coatings"}]""";
        await app.PutAsync(scheme, Row("FIND-1", More)).TakenAsync();

        Assert.Equal("FIND-1", Assert.Single((await app.GetAsync($"/v1/certificates?scheme={scheme}&number=alt7")).Items()).Text("number"));
        Assert.Equal("FIND-1", Assert.Single((await app.GetAsync($"/v1/certificates?scheme={scheme}&holder=painter")).Items()).Text("number"));
        Assert.Equal("yes", (await app.GetAsync($"/v1/check?recognisedBy={scheme}&gtin=04006381333931")).Text("answer"));
        Assert.Equal("yes", (await app.GetAsync($"/v1/check?recognisedBy={scheme}&brand=acme&model=mega1")).Text("answer"));

        var id = ProductIdentity.CertificateId(scheme, "FIND-1", null);
        var body = new CertificateBody
        {
            Scheme = scheme,
            Number = "FIND-1",
            Holder = "Painter Ltd",
            ValidFrom = Date("2020-01-01"),
            OtherNumbers = ["ALT 7"],
            Products = [Product("Acme", "Mega 1") with { Gtins = ["4006381333931"] }, new ProductLineEntry { Category = "coatings" }],
        };
        Assert.False((await app.RegisterAsync(body)).Created);
        Assert.Equal(1, await app.ScalarAsync<long>("select count(*) from certificate where id = @Id", new { Id = id })); // just so: no new version
    }

    [Fact]
    public async Task A_changed_row_is_a_new_version_and_the_old_one_stays_readable()
    {
        var scheme = await app.NewSchemeAsync();
        const string First = ""","otherNumbers":["N1"],"products":[{"brand":"Acme","model":"One","gtins":["4006381333931"]},{"brand":"Acme","model":"Two"}]""";
        const string Second = ""","otherNumbers":["N2"],"products":[{"brand":"Acme","model":"Two","category":"coatings","gtins":["96385074"]},{"brand":"Acme","model":"Three"}]""";
        var old = (await app.PutAsync(scheme, Row("V", First)).TakenAsync()).GetProperty("revision").GetInt64();

        Assert.Equal("0/1/0/0", (await app.PutAsync(scheme, Row("V", Second)).TakenAsync()).Counts());

        Assert.Empty((await app.GetAsync($"/v1/certificates?scheme={scheme}&number=N1")).Items());
        Assert.Single((await app.GetAsync($"/v1/certificates?scheme={scheme}&number=N2")).Items());
        Assert.Single((await app.GetAsync($"/v1/certificates?scheme={scheme}&number=N1&knownAt={old}")).Items());
        Assert.Equal("no", (await app.GetAsync($"/v1/check?recognisedBy={scheme}&brand=Acme&model=One")).Text("answer"));
        Assert.Equal("yes", (await app.GetAsync($"/v1/check?recognisedBy={scheme}&brand=Acme&model=One&knownAt={old}")).Text("answer"));
        Assert.Equal("yes", (await app.GetAsync($"/v1/check?recognisedBy={scheme}&gtin=96385074")).Text("answer"));
        Assert.Equal("yes", (await app.GetAsync($"/v1/check?recognisedBy={scheme}&brand=Acme&model=Three")).Text("answer"));
        Assert.Equal(4, await app.ScalarAsync<long>( // One, which keeps its place; Two without its category and with it; Three
            "select count(*) from product_line where certificate = @Id", new { Id = ProductIdentity.CertificateId(scheme, "V", null) }));
    }

    [Fact]
    public async Task Repeating_a_register_changes_nothing()
    {
        var scheme = await app.NewSchemeAsync();
        var body = RowsOf("A") + "\n" + Row("B", ""","products":[{"brand":"Acme","model":"B"}],"events":[{"type":"suspended","effective":"2024-01-01"}]""");
        await app.PutAsync(scheme, body).TakenAsync();
        var rows = await app.RowsAsync();

        var again = await app.PutAsync(scheme, body).TakenAsync();

        Assert.Equal("0/0/2/0", again.Counts());
        Assert.Equal(rows, await app.RowsAsync());
        Assert.Equal(await app.RevisionAsync(), again.GetProperty("revision").GetInt64());
        Assert.Equal("suspended", await app.StandingAsync(scheme, "B"));
    }

    [Fact]
    public async Task What_a_register_omits_is_withdrawn_from_that_day_unless_it_has_ended()
    {
        var scheme = await app.NewSchemeAsync();
        string[] rows =
        [
            RowsOf("KEPT-1", "KEPT-2", "KEPT-3", "KEPT-4", "GONE"),
            Row("SUSPENDED", ""","events":[{"type":"suspended","effective":"2024-05-01"}]"""),
            """{"number":"TO-COME","validFrom":"2199-01-01"}""",
            Row("EXPIRED", ""","validUntil":"2021-12-31" """),
            Row("WITHDRAWN", ""","events":[{"type":"withdrawn","effective":"2023-01-01","reason":"fraud"}]"""),
        ];
        await app.PutAsync(scheme, string.Join('\n', rows)).TakenAsync();

        var answer = await app.PutAsync(scheme, RowsOf("KEPT-1", "KEPT-2", "KEPT-3", "KEPT-4")).TakenAsync();

        Assert.Equal("0/0/4/3", answer.Counts());
        Assert.Equal("withdrawn", await app.StandingAsync(scheme, "GONE"));
        Assert.Equal("withdrawn", await app.StandingAsync(scheme, "SUSPENDED"));
        Assert.Equal("withdrawn", await app.StandingAsync(scheme, "TO-COME", "2199-06-01"));
        Assert.Equal("expired", await app.StandingAsync(scheme, "EXPIRED"));
        Assert.Equal("valid", await app.StandingAsync(scheme, "GONE", DateTime.UtcNow.AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        var events = (await app.CertificateAsync(scheme, "GONE")).GetProperty("events");
        Assert.Equal(("withdrawn", Today, "no-longer-listed"), (events[0].Text("type"), events[0].Text("effective"), events[0].Text("reason")));
        Assert.Single((await app.CertificateAsync(scheme, "WITHDRAWN")).GetProperty("events").EnumerateArray());

        var items = await app.AllAsync($"/v1/changes/{answer.GetProperty("revision")}/items");
        Assert.Equal(["GONE", "SUSPENDED", "TO-COME"], items.Select(i => i.GetProperty("data").Text("number")).Order(StringComparer.Ordinal));
        Assert.All(items, item => Assert.Equal("no-longer-listed", item.GetProperty("data").GetProperty("events")[0].Text("reason")));

        var rowsThen = await app.RowsAsync();
        Assert.Equal("0/0/4/0", (await app.PutAsync(scheme, RowsOf("KEPT-1", "KEPT-2", "KEPT-3", "KEPT-4")).TakenAsync()).Counts());
        Assert.Equal(rowsThen, await app.RowsAsync());
        Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task One_that_is_listed_again_is_reinstated_and_a_suspension_goes_on()
    {
        var scheme = await app.NewSchemeAsync();
        var suspended = Row("S", ""","events":[{"type":"suspended","effective":"2024-05-01","reason":"audit"}]""");
        var all = RowsOf("A", "B", "C", "D", "E") + "\n" + suspended;
        var fewer = RowsOf("A", "B", "C", "D");
        await app.PutAsync(scheme, all).TakenAsync();

        // On one day, again and again: the last word counts.
        for (var time = 0; time < 3; time++)
        {
            Assert.Equal("0/0/4/2", (await app.PutAsync(scheme, fewer).TakenAsync()).Counts());
            Assert.Equal("withdrawn", await app.StandingAsync(scheme, "E"));
            Assert.Equal("withdrawn", await app.StandingAsync(scheme, "S"));

            Assert.Equal("0/2/4/0", (await app.PutAsync(scheme, all).TakenAsync()).Counts());
            Assert.Equal("valid", await app.StandingAsync(scheme, "E"));
            Assert.Equal("suspended", await app.StandingAsync(scheme, "S"));
            Assert.Equal("0/0/6/0", (await app.PutAsync(scheme, all).TakenAsync()).Counts());
        }

        Assert.Equal("suspended", await app.StandingAsync(scheme, "S", "2025-01-01"));
        var item = Assert.Single(
            await app.AllAsync($"/v1/changes/{await app.RevisionAsync()}/items"), i => i.GetProperty("data").Text("number") == "E");
        Assert.Equal("listed-again", item.GetProperty("data").GetProperty("events")[0].Text("reason"));
    }

    [Fact]
    public async Task What_is_recorded_late_of_days_before_is_not_lifted_by_listing_again()
    {
        var scheme = await app.NewSchemeAsync();
        var (all, fewer) = (RowsOf("A", "B", "C", "D", "E", "S", "W"), RowsOf("A", "B", "C", "D", "E"));
        await app.PutAsync(scheme, all).TakenAsync();
        await app.PutAsync(scheme, fewer, "?maxWithdraw=50").TakenAsync();
        await app.PutAsync(scheme, all).TakenAsync();
        Assert.Equal(("valid", "valid"), (await app.StandingAsync(scheme, "S"), await app.StandingAsync(scheme, "W")));

        var (suspended, withdrawn) = (ProductIdentity.CertificateId(scheme, "S", null), ProductIdentity.CertificateId(scheme, "W", null));
        await app.WriteAsync("POST", $"/v1/certificates/{suspended}/events", """{ "type": "suspended", "effective": "2025-01-01" }""");
        await app.WriteAsync("POST", $"/v1/certificates/{withdrawn}/events", """{ "type": "withdrawn", "effective": "2025-01-01" }""");

        Assert.Equal(("suspended", "withdrawn"), (await app.StandingAsync(scheme, "S"), await app.StandingAsync(scheme, "W")));
        Assert.Equal("0/0/7/0", (await app.PutAsync(scheme, all).TakenAsync()).Counts());

        // Its body's own reinstatement lifts both.
        await app.WriteAsync("POST", $"/v1/certificates/{suspended}/events", $$"""{ "type": "reinstated", "effective": "{{Today}}" }""");
        await app.WriteAsync("POST", $"/v1/certificates/{withdrawn}/events", $$"""{ "type": "reinstated", "effective": "{{Today}}" }""");
        Assert.Equal(("valid", "valid"), (await app.StandingAsync(scheme, "S"), await app.StandingAsync(scheme, "W")));
    }

    [Fact]
    public async Task Listing_lifts_neither_a_suspension_nor_a_withdrawal_by_the_body()
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, RowsOf("A", "B")).TakenAsync();
        await app.SendAsync(new RecordCertificateEvent.Request(
            ProductIdentity.CertificateId(scheme, "A", null), new(CertificateEventType.Suspended, Date("2025-01-01")), Actor.Registrar));
        await app.SendAsync(new RecordCertificateEvent.Request(
            ProductIdentity.CertificateId(scheme, "B", null), new(CertificateEventType.Withdrawn, Date("2025-01-01"), "fraud"), Actor.Registrar));

        Assert.Equal("0/0/2/0", (await app.PutAsync(scheme, RowsOf("A", "B")).TakenAsync()).Counts());

        Assert.Equal("suspended", await app.StandingAsync(scheme, "A"));
        Assert.Equal("withdrawn", await app.StandingAsync(scheme, "B"));
    }

    [Theory]
    [InlineData(2, "", true)]
    [InlineData(3, "", false)]
    [InlineData(3, "?maxWithdraw=30", true)]
    [InlineData(3, "?maxWithdraw=29", false)]
    [InlineData(1, "?maxWithdraw=0", false)]
    [InlineData(0, "?maxWithdraw=0", true)]
    [InlineData(10, "", false)]
    [InlineData(10, "?maxWithdraw=99", false)]
    [InlineData(10, "?maxWithdraw=100", true)]
    public async Task A_register_withdraws_no_more_than_it_may_of_the_valid_ones(int dropped, string query, bool taken)
    {
        var scheme = await app.NewSchemeAsync();
        var lapsed = Enumerable.Range(0, 30).Select(i => Row($"LAPSED-{i}", ""","validUntil":"2021-12-31" """));
        await app.PutAsync(scheme, string.Join('\n', lapsed.Append(RowsOf(Enumerable.Range(0, 10).Select(i => $"V-{i}"))))).TakenAsync();
        var before = await app.RowsAsync();

        var sent = app.PutAsync(scheme, RowsOf(Enumerable.Range(dropped, 10 - dropped).Select(i => $"V-{i}")), query);

        if (taken)
        {
            Assert.Equal($"0/0/{10 - dropped}/{dropped}", (await sent.TakenAsync()).Counts());
        }
        else
        {
            var problem = await sent.RefusedAsync(409, "too-many-withdrawals");
            Assert.Contains($"{dropped} of 10", problem.Text("detail"), StringComparison.Ordinal);
            Assert.Equal(before, await app.RowsAsync());
        }
    }

    [Fact]
    public async Task An_empty_register_is_refused_where_it_would_withdraw_anything()
    {
        var scheme = await app.NewSchemeAsync();
        Assert.Equal("0/0/0/0", (await app.PutAsync(scheme, "").TakenAsync()).Counts());
        await app.PutAsync(scheme, """{"number":"TO-COME","validFrom":"2199-01-01"}""").TakenAsync();

        await app.PutAsync(scheme, "").RefusedAsync(409, "too-many-withdrawals");
        await app.PutAsync(scheme, "\n\r\n  \n").RefusedAsync(409, "too-many-withdrawals");
        await app.PutAsync(scheme, "number,validFrom\n", mediaType: Csv).RefusedAsync(409, "too-many-withdrawals");
        await app.PutAsync(scheme, "", mediaType: Csv).RefusedAsync(400, "unreadable-body");
    }

    [Fact]
    public async Task With_skip_the_good_rows_are_taken_and_the_others_are_reported()
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, RowsOf("A", "B", "C", "D", "E", "F")).TakenAsync();
        var body = string.Join('\n', RowsOf("A", "B", "C", "D"), Row("E", ""","standard":"nowhere" """), Row("NEW"), Row("NEW"), """{"number":"X"}""");

        var answer = await app.PutAsync(scheme, body, "?onError=skip").TakenAsync();

        // E is listed, if wrongly, and is not withdrawn; F is not.
        Assert.Equal("1/0/4/1", answer.Counts());
        Assert.Equal(8, answer.GetProperty("received").GetInt32());
        Assert.Equal(3, answer.GetProperty("rejectedTotal").GetInt32());
        Assert.Equal(
            ["5 unknown-standard standard", "7 invalid number", "8 invalid validFrom"],
            answer.GetProperty("rejected").EnumerateArray().Select(r => $"{r.GetProperty("line")} {r.Text("code")} {r.GetProperty("errors").EnumerateObject().Single().Name}"));
        Assert.All(answer.GetProperty("rejected").EnumerateArray(), r => Assert.NotEmpty(r.Text("message")!));
        Assert.Equal("valid", await app.StandingAsync(scheme, "E"));
        Assert.Equal("withdrawn", await app.StandingAsync(scheme, "F"));
    }

    [Fact]
    public async Task While_a_rejected_line_names_no_certificate_none_is_withdrawn_and_that_is_said()
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, RowsOf("A", "B", "C", "D", "E", "F")).TakenAsync();

        var answer = await app.PutAsync(scheme, RowsOf("A", "B", "C", "D", "E") + "\n{\"number\":\"F", "?onError=skip").TakenAsync();

        Assert.Equal("0/0/5/0", answer.Counts());
        Assert.Equal(1, answer.GetProperty("withheld").GetInt32());
        Assert.Equal("valid", await app.StandingAsync(scheme, "F"));
    }

    [Fact]
    public async Task A_delta_withdraws_nothing_and_puts_back_what_it_names()
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, RowsOf("A", "B", "C", "D", "E", "F")).TakenAsync();
        await app.PutAsync(scheme, RowsOf("A", "B", "C", "D", "E")).TakenAsync();

        Assert.Equal("1/1/1/0", (await app.PatchAsync(scheme, RowsOf("F", "A", "NEW")).TakenAsync()).Counts());
        Assert.Equal("valid", await app.StandingAsync(scheme, "B"));
        Assert.Equal("valid", await app.StandingAsync(scheme, "F"));
        Assert.Equal("0/0/0/0", (await app.PatchAsync(scheme, "").TakenAsync()).Counts());
        await app.PatchAsync(scheme, "", "?maxWithdraw=50").RefusedAsync(400, "unknown-parameter");
    }

    [Fact]
    public async Task A_long_register_repeats_to_the_letter_and_a_delta_of_many_finds_its_own()
    {
        var scheme = await app.NewSchemeAsync();
        var numbers = Enumerable.Range(0, 1500).Select(i => $"L-{i}").ToList();
        Assert.Equal("1500/0/0/0", (await app.PutAsync(scheme, RowsOf(numbers)).TakenAsync()).Counts());
        Assert.Equal("0/0/1500/0", (await app.PutAsync(scheme, RowsOf(numbers.AsEnumerable().Reverse())).TakenAsync()).Counts());
        Assert.Equal("500/0/1000/0", (await app.PatchAsync(scheme, RowsOf(Enumerable.Range(500, 1500).Select(i => $"L-{i}"))).TakenAsync()).Counts());
        var items = await app.AllAsync($"/v1/changes/{await app.RevisionAsync()}/items?limit=1000");
        Assert.Equal(Enumerable.Range(1500, 500).Select(i => $"L-{i}"), items.Select(i => i.GetProperty("data").Text("number")));
    }

    [Fact]
    public async Task A_register_that_was_written_since_is_not_written_over()
    {
        var scheme = await app.NewSchemeAsync();
        var first = (await app.PutAsync(scheme, RowsOf("A")).TakenAsync()).GetProperty("revision").GetInt64();
        var second = (await app.PatchAsync(scheme, RowsOf("B")).TakenAsync()).GetProperty("revision").GetInt64();

        await SendAsync(first).RefusedAsync(412, "precondition-failed");
        Assert.Equal("1/0/2/0", (await SendAsync(second).TakenAsync()).Counts());

        Task<HttpResponseMessage> SendAsync(long revision)
        {
            var body = RegisterCalls.Text(RowsOf("A", "B", "C"));
            return app.SendAsync(HttpMethod.Put, scheme, body, ifMatch: $"\"r{revision}\"");
        }
    }

    [Fact]
    public async Task Only_the_registrar_and_the_body_of_the_scheme_may()
    {
        var scheme = await app.NewSchemeAsync();
        await app.SendAsync(Body("others"));
        var own = await app.KeyOfAsync("bureau");
        var others = await app.KeyOfAsync("others");
        var before = await app.RowsAsync();

        foreach (var send in new Send[] { RegisterCalls.PutAsync, RegisterCalls.PatchAsync })
        {
            await send(app, scheme, Row("A"), "", Ndjson, null).RefusedAsync(401, "unauthorised");
            await send(app, scheme, "not even JSON", "", Ndjson, others).RefusedAsync(403, "forbidden");
            await send(app, "nowhere", Row("A"), "", Ndjson, RegistrarKey).RefusedAsync(404, "not-found");
            await send(app, scheme, Row("A"), "", "application/json", own).RefusedAsync(415, "unsupported-media-type");
            await send(app, scheme, Row("A"), "?onEror=skip", Ndjson, own).RefusedAsync(400, "unknown-parameter");
            await send(app, scheme, Row("A"), "?onError=ignore", Ndjson, own).RefusedAsync(400, "invalid");
        }

        await app.PutAsync(scheme, Row("A"), "?maxWithdraw=101").RefusedAsync(400, "invalid");
        Assert.Equal(before, await app.RowsAsync());
        Assert.Empty((await app.GetAsync($"/v1/imports?scheme={scheme}")).Items());

        Assert.Equal("1/0/0/0", (await app.PutAsync(scheme, Row("A"), key: own).TakenAsync()).Counts());
        Assert.Equal("body:bureau", (await app.GetAsync($"/v1/changes/{await app.RevisionAsync()}")).Text("actor"));
    }

    private delegate Task<HttpResponseMessage> Send(RegistryApp app, string scheme, string body, string query, string mediaType, string? key);
}
