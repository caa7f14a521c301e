using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Http;

[Collection(SqliteReference.Name)]
public sealed class SqliteBadInput(SqliteRegistry app) : BadInputTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlBadInput(PostgreSqlRegistry app) : BadInputTests(app);

/// <summary>What people and attackers send to the whole service, on each database: a problem that says what would be right, or an answer; never a failure.</summary>
public abstract class BadInputTests(RegistryApp app)
{
    private const string Gtin = "4006381333931";

    // As they stand in an address. The last ones are bytes that are not UTF-8, and a NUL.
    private static readonly string[] Hostile =
    [
        .. new[]
        {
            "", " ", "'", "'; drop table record; --", "' or '1'='1", "\\", "%", "_", "*", "null", "-1", "0", "100001", "1e9", "NaN", "9223372036854775808", new('9', 60),
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "${jndi:ldap://x}", "=cmd|' /C calc'!A0", "..\\..\\etc\\passwd", "a\r\nX-Injected: 1",
            "2026-02-30", "0001-01-01", "9999-12-31", "2026-13-45T25:00:00Z", "body:", "body:cell", "cpv:", "cpv:9", "cpv:99999999", "unspsc:'", "urn:epc:1", "http://[", "SGLS+", "SGLS ",
            "İ", "ß", "e\u0301", "\u0301", "\u202e", "\ufeff", "１２３", "😀", "中", new('x', 500), new('％', 500),
        }.Select(Uri.EscapeDataString),
        "%FF", "%C3%28", "%ED%A0%80", "%F8%88%80%80%80", "a%00b", "%u0041", "%", "%4",
    ];

    [Theory]
    [InlineData("recognisedBy=cel&gtin=4006381333932", "invalid", "gtin")]
    [InlineData("recognisedBy=cel&gtin=40063813339", "invalid", "gtin")]
    [InlineData("recognisedBy=cel&gtin=https://id.gs1.org/01/04006381333932", "invalid", "gtin")]
    [InlineData("recognisedBy=cel&gtin=https://id.gs1.org/414/04006381333931", "invalid", "gtin")]
    [InlineData("recognisedBy=cel", "invalid-selector", "gtin brand model product scheme certificate")]
    [InlineData("recognisedBy=cel&brand=a", "invalid-selector", "model")]
    [InlineData("recognisedBy=cel&model=a", "invalid-selector", "brand")]
    [InlineData("recognisedBy=cel&scheme=geca", "invalid-selector", "certificate")]
    [InlineData("recognisedBy=cel&certificate=1", "invalid-selector", "scheme")]
    [InlineData("recognisedBy=cel&gtin=" + Gtin + "&product=p-1", "invalid-selector", "gtin product")]
    [InlineData("recognisedBy=cel&gtin=" + Gtin + "&brand=a&model=b", "invalid-selector", "gtin brand model")]
    [InlineData("recognisedBy=cel&brand=a&model=b&product=p-1", "invalid-selector", "brand model product")]
    [InlineData("recognisedBy=cel&scheme=geca&certificate=1&product=p-1", "invalid-selector", "product scheme certificate")]
    [InlineData("recognisedBy=cel&scheme=geca&certificate=1&gtin=" + Gtin + "&brand=a&model=b", "invalid-selector", "gtin brand model scheme certificate")]
    [InlineData("gtin=" + Gtin, "invalid", "recognisedBy")]
    [InlineData("recognisedBy=&gtin=" + Gtin, "invalid", "recognisedBy")]
    [InlineData("recognisedBy=eco-mrak&gtin=" + Gtin, "unknown-recogniser", "recognisedBy")]
    [InlineData("recognisedBy=body:cel&gtin=" + Gtin, "unknown-recogniser", "recognisedBy")]
    [InlineData("recognisedBy=cel&scheme=eco-mrak&certificate=1", "unknown-scheme", "scheme")]
    [InlineData("recognisedBy=cel&gtin=" + Gtin + "&category=it.imagin", "unknown-category", "category")]
    [InlineData("recognizedBy=cel&gtin=" + Gtin, "unknown-parameter", "recognizedBy")]
    [InlineData("recognisedBy=cel&recognisedBy=geca&gtin=" + Gtin, "repeated-parameter", "recognisedBy")]
    [InlineData("recognisedBy=cel&asOf=2026-02-30&gtin=" + Gtin, "invalid", "asOf")]
    [InlineData("recognisedBy=cel&asOf=0001-01-01&gtin=" + Gtin, "invalid", "asOf")]
    [InlineData("recognisedBy=cel&asOf=9999-12-31&gtin=" + Gtin, "invalid", "asOf")]
    [InlineData("recognisedBy=cel&knownAt=2199-01-01T00:00:00Z&gtin=" + Gtin, "not-yet-known", "knownAt")]
    [InlineData("recognisedBy=cel&knownAt=999999999&gtin=" + Gtin, "not-yet-known", "knownAt")]
    [InlineData("recognisedBy=cel&territory=ZZ&gtin=" + Gtin, "invalid", "territory")]
    [InlineData("recognisedBy=cel&territory=jp&gtin=" + Gtin, "invalid", "territory")]
    [InlineData("recognisedBy=cel&minLevel=full&gtin=" + Gtin, "invalid", "minLevel")]
    [InlineData("recognisedBy=cel&brand=%C3%28&model=b", "unreadable-request", "brand")]
    [InlineData("recognisedBy=cel&brand=a%00b&model=b", "unreadable-request", "brand")]
    public async Task A_wrong_question_is_refused_by_its_members_in_both_languages(string question, string code, string members)
    {
        foreach (var language in new[] { Language.English, Language.Chinese })
        {
            var problem = await ProblemAsync("/v1/check?" + question, language);

            Assert.Equal(code, problem.Text("code"));
            Assert.Equal(members, string.Join(' ', problem.GetProperty("errors").EnumerateObject().Select(member => member.Name)));
        }
    }

    [Theory]
    [InlineData("/v1/check?recognisedBy=eco-mrak&product=x", "eco-mark")]
    [InlineData("/v1/check?recognisedBy=SVANEN&product=x", "nordic-swan")]
    [InlineData("/v1/check?recognisedBy=SGLS%2B&product=x", "sgls-plus")]
    [InlineData("/v1/check?recognisedBy=SGLS&product=x", "sgls")]
    [InlineData("/v1/check?recognisedBy=SGLS+&product=x", "sgls sgls-plus")] // arrives as "SGLS "
    [InlineData("/v1/recognitions?recogniser=SGLS%2B", "sgls-plus")]
    [InlineData("/v1/check?recognisedBy=cel&scheme=SVANNEN&certificate=1", "SVANEN")]
    [InlineData("/v1/check?recogniseBy=cel&product=x", "recognisedBy")]
    public async Task What_was_meant_is_offered(string address, string suggestions)
    {
        var problem = await app.GetAsync(address);

        Assert.Equal(suggestions, string.Join(' ', problem.Texts("suggestions")));
        Assert.Contains("Did you mean", problem.Text("detail"), StringComparison.Ordinal);
    }

    /// <summary>Every parameter of every address that anybody may read, taken from the contract, so that a new one is tried as well.</summary>
    [Fact]
    public async Task Whatever_stands_in_a_parameter_the_answer_is_an_answer_or_a_problem_and_the_log_stays_clean()
    {
        var before = app.Log.Entries.Count;
        var contract = await app.GetAsync("/openapi/v1.json");
        var asked = 0;
        foreach (var path in contract.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out var read) && !read.NeedsKey()))
        {
            var parameters = Parameters(contract, path.Value.GetProperty("get"));
            foreach (var parameter in parameters)
            {
                foreach (var text in Hostile.Where(text => parameter.In == "query" || (text.Length > 0 && !text.Contains("%00", StringComparison.Ordinal))))
                {
                    await AskAsync(Address(path.Name, parameters, parameter.Name, text), asked++ % 2 == 0 ? Language.English : Language.Chinese);
                }
            }
        }

        Assert.True(asked > 3000, $"{asked} questions");
        AssertClean(before);
    }

    [Theory]
    [InlineData("/v1/schemes", "/v1/label-bodies")]
    [InlineData("/v1/schemes", "/v1/schemes?country=JP")]
    [InlineData("/v1/certificates", "/v1/certificates?asOf=2019-01-01")]
    [InlineData("/v1/products", "/v1/certificates")]
    public async Task A_cursor_of_another_list_is_refused(string list, string other)
    {
        var cursor = (await app.GetAsync(list + "?limit=1")).Text("next");
        var problem = await ProblemAsync($"{other}{(other.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}", Language.English);

        Assert.Equal("invalid-cursor", problem.Text("code"));
        Assert.Equal("", (await app.GetAsync($"{list}?limit=1&cursor={cursor}")).TryGetProperty("code", out var code) ? code.GetString() : "");
    }

    /// <summary>What Kestrel refuses before there is a request has a status and no body.</summary>
    [Theory]
    [InlineData("long query", "HTTP/1.1 414 ")]
    [InlineData("GET /v1/check?brand=\u00c3( HTTP/1.1", "HTTP/1.1 400 ")]
    [InlineData("GET /v1/schemes/a%00b HTTP/1.1", "HTTP/1.1 400 ")]
    [InlineData("GET /v1/schemes/a b HTTP/1.1", "HTTP/1.1 400 ")]
    [InlineData("GET /v1/schemes HTTP/9.9", "HTTP/1.1 505 ")]
    public async Task What_is_no_request_is_refused_by_its_status(string line, string status)
    {
        var before = app.Log.Entries.Count;
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, app.Client.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        var first = line == "long query" ? $"GET /v1/check?recognisedBy=cel&product={new string('x', 9000)} HTTP/1.1" : line;
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{first}\r\nHost: x\r\nConnection: close\r\n\r\n"));
        using var answer = new StreamReader(stream, Encoding.UTF8);

        Assert.StartsWith(status, await answer.ReadLineAsync(), StringComparison.Ordinal);
        AssertClean(before);
    }

    private static List<(string Name, string In, bool Required, string Example)> Parameters(JsonElement contract, JsonElement operation) =>
        operation.TryGetProperty("parameters", out var all)
            ? [.. all.EnumerateArray()
                .Select(p => p.TryGetProperty("$ref", out var shared) ? contract.GetProperty("components").GetProperty("parameters").GetProperty(shared.GetString()!.Split('/')[^1]) : p)
                .Where(p => p.Text("in") != "header")
                .Select(p => (p.Text("name")!, p.Text("in")!, p.TryGetProperty("required", out var required) && required.GetBoolean(), p.TryGetProperty("example", out var example) ? example.ToString() : ""))]
            : [];

    /// <summary>The address with the examples of the contract for what must be given, and a text in one parameter.</summary>
    private static string Address(string path, List<(string Name, string In, bool Required, string Example)> parameters, string name, string text)
    {
        var query = new List<string>();
        foreach (var parameter in parameters.Where(p => p.Required || p.Name == name))
        {
            var value = parameter.Name == name ? text : Uri.EscapeDataString(parameter.Example);
            if (parameter.In == "path")
            {
                path = path.Replace($"{{{parameter.Name}}}", value, StringComparison.Ordinal);
            }
            else
            {
                query.Add($"{parameter.Name}={value}");
            }
        }

        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private async Task<JsonElement> ProblemAsync(string address, Language language) =>
        await AskAsync(address, language) ?? throw new InvalidOperationException($"{address} is answered.");

    /// <summary>The problem; null for an answer. Fails when it is neither, or when a member that is wrong is not named.</summary>
    private async Task<JsonElement?> AskAsync(string address, Language language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.AcceptLanguage.ParseAdd(language.Tag);
        using var answer = await app.Client.SendAsync(request);
        var status = (int)answer.StatusCode;
        Assert.True(status is 200 or 304 or (>= 400 and < 500), $"{status} {address}");
        if (status < 400)
        {
            return null;
        }

        Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{status} {answer.Content.Headers.ContentType} {address}");
        var text = await answer.Content.ReadAsStringAsync();
        var problem = JsonElement.Parse(text);
        Assert.True(Code.TryParse<ProblemCode>(problem.Text("code"), out var code), text);
        Assert.Equal((status, code.Status()), (problem.GetProperty("status").GetInt32(), status));
        Assert.Equal("/problems/" + problem.Text("code"), problem.Text("type"));
        Assert.Equal(Texts.Of(code, language), problem.Text("title"));
        Assert.NotEmpty(problem.Text("detail")!);
        Assert.Matches("^[0-9a-f]{32}$", problem.Text("traceId"));
        Assert.True(status is not (400 or 422) || problem.GetProperty("errors").EnumerateObject().Any(), $"{address} {text}");
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        return problem;
    }

    private void AssertClean(int before) =>
        Assert.DoesNotContain(app.Log.Entries.Skip(before), entry => entry.Level > LogLevel.Information || entry.Exception is not null);
}
