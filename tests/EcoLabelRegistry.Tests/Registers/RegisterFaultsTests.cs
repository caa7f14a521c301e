using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using static EcoLabelRegistry.Tests.Registers.RegisterCalls;

namespace EcoLabelRegistry.Tests.Registers;

public sealed class SqliteRegisterFaults(EmptySqliteRegistry app) : RegisterFaultsTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlRegisterFaults(EmptyPostgreSqlRegistry app) : RegisterFaultsTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class RegisterFaultsTests(RegistryApp app)
{
    [Theory]
    [InlineData("not JSON", "unreadable-body", null)]
    [InlineData("{\"number\":\"B\",", "unreadable-body", null)]
    [InlineData("[]", "invalid", "$")]
    [InlineData("null", "invalid", "$")]
    [InlineData("\"B\"", "invalid", "$")]
    [InlineData("{}", "invalid", "number")]
    [InlineData("{\"number\":7,\"validFrom\":\"2020\"}", "invalid", "number")]
    [InlineData("{\"number\":\"\",\"validFrom\":\"2020\"}", "invalid", "number")]
    [InlineData("{\"number\":\"B\",\"key\":\"B\",\"validFrom\":\"2020\"}", "invalid", "number")]
    [InlineData("{\"number\":\"B\"}", "invalid", "validFrom")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020-02-30\"}", "invalid", "validFrom")]
    [InlineData("{\"number\":\"B\",\"validFrom\":20200101}", "invalid", "validFrom")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"validUntil\":\"2019\"}", "invalid", "validUntil")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"holdr\":\"x\"}", "unknown-member", "holdr")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"validFrom\":\"2021\"}", "repeated-member", "validFrom")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"holder\":\"a\\u0000b\"}", "invalid", "holder")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"holder\":\"a\\u0007b\"}", "invalid", "holder")]
    [InlineData("{\"number\":\"B\\ud800\",\"validFrom\":\"2020\"}", "invalid", "number")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"scheme\":\"alpha\"}", "invalid", "scheme")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"standard\":\"nowhere\"}", "unknown-standard", "standard")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"standard\":\"beta-1\"}", "invalid", "standard")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"territories\":[\"DE\",\"ZZ\"]}", "invalid", "territories[1]")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"sites\":[{\"country\":\"Germany\"}]}", "invalid", "sites[0].country")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"products\":[{\"brand\":\"A\",\"model\":\"B\"},{\"category\":\"coatings.decorativ\"}]}", "unknown-category", "products[1].category")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"products\":[{\"gtins\":[\"96385075\"]}]}", "invalid", "products[0].gtins[0]")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"products\":[null]}", "invalid", "products[0]")]
    [InlineData("{\"number\":\"B\",\"validFrom\":\"2020\",\"events\":[{\"type\":\"gone\",\"effective\":\"2020\"}]}", "invalid", "events[0].type")]
    [InlineData("{\"number\":\"Ａ\",\"validFrom\":\"2020\"}", "invalid", "number")] // line 1 again, by its width
    public async Task A_row_that_cannot_be_taken_is_named_by_its_line_and_member_and_nothing_is_changed(string row, string code, string? member)
    {
        var scheme = await app.NewSchemeAsync();
        var before = await app.RowsAsync();
        var body = RowsOf("A") + "\n\n" + row + "\n" + RowsOf("C");

        var status = code.StartsWith("unknown-s", StringComparison.Ordinal) || code == "unknown-category" ? 422 : 400;
        var problem = await app.PutAsync(scheme, body).RefusedAsync(status, code);

        var rejected = Assert.Single(problem.GetProperty("rejected").EnumerateArray());
        Assert.Equal((3, code), (rejected.GetProperty("line").GetInt32(), rejected.Text("code")));
        Assert.Equal(1, problem.GetProperty("rejectedTotal").GetInt32());
        Assert.Contains("3", problem.Text("detail"), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("errors").GetProperty(member is null ? "lines[3]" : "lines[3]." + member).EnumerateArray());
        Assert.Equal(before, await app.RowsAsync());
        var import = Assert.Single((await app.GetAsync($"/v1/imports?scheme={scheme}")).Items());
        Assert.Equal(("refused", code), (import.Text("state"), import.Text("problem")));

        var taken = await app.PutAsync(scheme, body, "?onError=skip").TakenAsync();
        Assert.Equal("2/0/0/0", taken.Counts());
        Assert.Equal(rejected.ToString(), Assert.Single(taken.GetProperty("rejected").EnumerateArray()).ToString());
    }

    [Theory]
    [InlineData(Ndjson, "{\"number\":\"BIG\",\"validFrom\":\"2020\",\"holder\":\"{0}\"}")]
    [InlineData(Csv, "BIG,\"{0}\"")]
    [InlineData(Csv, "BIG,{0}")]
    public async Task Ten_megabytes_in_one_field_are_one_line_too_long(string mediaType, string row)
    {
        var scheme = await app.NewSchemeAsync();
        var before = await app.RowsAsync();
        var (header, first, last) = mediaType == Csv ? ("number,validFrom\n", "A,2020\n", "\nB,2020-13") : ("", Row("A") + "\n", "\n" + Row("B", ",\"tier\":7"));
        var body = header + first + row.Replace("{0}", new string('x', 10 << 20), StringComparison.Ordinal) + last;

        var problem = await app.PutAsync(scheme, body, mediaType: mediaType).RefusedAsync(400, "unreadable-body");

        var at = mediaType == Csv ? 3 : 2;
        Assert.Equal([at, at + 1], problem.GetProperty("rejected").EnumerateArray().Select(r => r.GetProperty("line").GetInt32()));
        Assert.Contains("4194304", problem.GetProperty("rejected")[0].Text("message"), StringComparison.Ordinal);
        Assert.Equal(before, await app.RowsAsync());
    }

    [Fact]
    public async Task Of_many_rejected_lines_the_first_thousand_are_shown_and_all_are_counted()
    {
        var scheme = await app.NewSchemeAsync();
        var bad = string.Join('\n', Enumerable.Range(0, 1500).Select(i => i % 2 == 0 ? "?" : Row($"N-{i}", ",\"standard\":\"nowhere\"")));

        var problem = await app.PutAsync(scheme, bad).RefusedAsync(400, "unreadable-body");

        Assert.Equal(1500, problem.GetProperty("rejectedTotal").GetInt32());
        Assert.Equal(Enumerable.Range(1, 1000), problem.GetProperty("rejected").EnumerateArray().Select(r => r.GetProperty("line").GetInt32()));
        var taken = await app.PutAsync(scheme, bad + "\n" + Row("GOOD"), "?onError=skip").TakenAsync();
        Assert.Equal((1500, 1000), (taken.GetProperty("rejectedTotal").GetInt32(), taken.GetProperty("rejected").GetArrayLength()));
        Assert.Equal("1/0/0/0", taken.Counts());
    }

    [Fact]
    public async Task Messages_are_in_the_language_of_the_request()
    {
        var scheme = await app.NewSchemeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/schemes/{scheme}/register") { Content = RegisterCalls.Text("?") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RegistrarKey);
        request.Headers.AcceptLanguage.ParseAdd("zh");
        using var response = await app.Client.SendAsync(request);

        var problem = System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains("该行不是 JSON", problem.GetProperty("rejected")[0].Text("message"), StringComparison.Ordinal);
        Assert.Contains("未作任何更改", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UTF_8_is_taken_with_a_byte_order_mark_or_without_and_nothing_else_is()
    {
        var scheme = await app.NewSchemeAsync();
        Assert.Equal("1/0/0/0", (await app.PutAsync(scheme, "\uFEFF" + Row("绿色-1")).TakenAsync()).Counts());
        Assert.Equal("0/0/1/0", (await app.PutAsync(scheme, "\uFEFFnumber,holder,validFrom\n绿色-1,Painter Ltd,2020-01-01", mediaType: Csv + "; charset=\"UTF-8\"").TakenAsync()).Counts());

        await RefusedAsync(Encoding.Unicode, "UTF-16", Ndjson, 400);
        await RefusedAsync(Encoding.BigEndianUnicode, "UTF-16", Csv, 400);
        await RefusedAsync(Encoding.UTF8, "gb18030", Csv + "; charset=gb18030", 415);
        await RefusedAsync(Encoding.UTF8, "latin1", Ndjson + "; charset=latin1", 415);

        var latin = Bytes([.. Encoding.UTF8.GetBytes(Row("A") + "\n"), .. Encoding.Latin1.GetBytes(Row("B", ",\"tier\":\"é\""))], Ndjson);
        var problem = await app.SendAsync(HttpMethod.Put, scheme, latin).RefusedAsync(400, "unreadable-body");
        Assert.Equal(2, problem.GetProperty("rejected")[0].GetProperty("line").GetInt32());
        latin = Bytes([.. Encoding.UTF8.GetBytes("number,validFrom,holder\nA,2020,x\n"), .. Encoding.Latin1.GetBytes("B,2020,é")], Csv);
        problem = await app.SendAsync(HttpMethod.Put, scheme, latin).RefusedAsync(400, "unreadable-body");
        Assert.Equal(3, problem.GetProperty("rejected")[0].GetProperty("line").GetInt32());

        async Task RefusedAsync(Encoding encoding, string name, string mediaType, int status)
        {
            var text = mediaType.StartsWith(Csv, StringComparison.Ordinal) ? "number,validFrom\nA,2020" : Row("A");
            var refused = await app.SendAsync(HttpMethod.Put, scheme, Bytes([.. encoding.Preamble, .. encoding.GetBytes(text)], mediaType))
                .RefusedAsync(status, status == 415 ? "unsupported-media-type" : "unreadable-body");
            Assert.Contains(name, refused.Text("detail"), StringComparison.Ordinal);
            Assert.Contains("UTF-8", refused.Text("detail"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Content-Length: 100000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_that_ends_early_leaves_the_old_register(string length)
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, RowsOf("OLD-1", "OLD-2")).TakenAsync();
        var before = await app.RowsAsync();
        var rows = RowsOf("OLD-1", "NEW") + "\n";

        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync("127.0.0.1", app.Client.BaseAddress!.Port);
            var head = $"PUT /v1/schemes/{scheme}/register?onError=skip&maxWithdraw=100 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RegistrarKey}\r\nContent-Type: {Ndjson}\r\n{length}\r\n\r\n";
            var body = length.StartsWith('C') ? rows : $"{rows.Length:x}\r\n{rows}\r\n{rows.Length:x}\r\n{{\"num";
            await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(head + body));
            await WaitAsync("receiving");
        }

        await WaitAsync("interrupted");
        Assert.Equal(before, await app.RowsAsync());
        Assert.Equal("0/0/2/0", (await app.PutAsync(scheme, RowsOf("OLD-1", "OLD-2")).TakenAsync()).Counts()); // and its turn is over
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);

        async Task WaitAsync(string state)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while ((await app.GetAsync($"/v1/imports?scheme={scheme}&limit=1")).Items()[0] is var newest && newest.Text("state") != state)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    [Fact]
    public async Task A_certificate_has_no_more_lines_than_it_may()
    {
        var scheme = await app.NewSchemeAsync();
        var header = "number,validFrom,brand,model\n";
        var lines = Enumerable.Range(0, 10_001).Select(i => $"MANY,2020,B,M{i}").ToList();
        var problem = await app.PutAsync(scheme, header + "A,2020,B,M\n" + string.Join('\n', lines), mediaType: Csv).RefusedAsync(400, "invalid");
        var rejected = Assert.Single(problem.GetProperty("rejected").EnumerateArray());
        Assert.Equal(3, rejected.GetProperty("line").GetInt32());
        Assert.Contains("10000", rejected.Text("message"), StringComparison.Ordinal);

        Assert.Equal("2/0/0/0", (await app.PutAsync(scheme, header + "A,2020,B,M\n" + string.Join('\n', lines.Take(10_000)), mediaType: Csv).TakenAsync()).Counts());
    }

    private static ByteArrayContent Bytes(byte[] bytes, string mediaType)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }
}
