using System.Text.Json;
using System.Text.RegularExpressions;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Tests.Reference;

/// <summary>The requests of <c>db/reference/README.md</c>, by which each answer can be seen in a running service.</summary>
/// <param name="About">What the code is one of.</param>
/// <param name="Code">What its answer shows.</param>
/// <param name="Address">The address.</param>
/// <param name="Body">JSON that is posted; empty where it is a GET.</param>
public sealed partial record SampleRequest(string About, string Code, string Address, string Body)
{
    /// <summary>All of them, in the order of the page.</summary>
    public static readonly IReadOnlyList<SampleRequest> All = Read();

    private static List<SampleRequest> Read()
    {
        var found = new List<SampleRequest>();
        var about = "";
        foreach (var line in File.ReadLines(Path.Combine(Project.Root, "db", "reference", "README.md")))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                about = line[4..];
            }
            else if (Row().Match(line) is { Success: true } row)
            {
                found.Add(new SampleRequest(about, row.Groups["code"].Value, row.Groups["address"].Value, row.Groups["body"].Value));
            }
        }

        return found;
    }

    [GeneratedRegex(@"^\| `(?<code>[a-z-]+)` \| `curl 'http://localhost:5080(?<address>/v1/[^']+)'( --json '(?<body>[^']+)')?` \|$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}

/// <summary>What the page must have a request for.</summary>
public sealed class SampleRequestCodeTests
{
    public static TheoryData<string, string> Codes
    {
        get
        {
            var codes = new TheoryData<string, string>();
            Add("Outcomes", Enum.GetValues<Outcome>());
            Add("Levels", Enum.GetValues<Level>());
            Add("Reasons", Enum.GetValues<Reason>());
            Add("Conditions", Enum.GetValues<ConditionCode>());
            Add("Warnings", Enum.GetValues<Warning>());
            return codes;

            void Add<TCode>(string about, IEnumerable<TCode> members)
                where TCode : struct, Enum
            {
                foreach (var member in members)
                {
                    codes.Add(about, Code.Of(member));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_one_request(string about, string code) =>
        Assert.Single(SampleRequest.All, request => request.About == about && request.Code == code);

    [Fact]
    public void No_request_is_for_a_code_that_does_not_exist() =>
        Assert.Equal(Codes.Select(row => $"{row[0]} {row[1]}"), SampleRequest.All.Select(request => $"{request.About} {request.Code}"));
}

[Collection(SqliteReference.Name)]
public sealed class SqliteSampleRequests(SqliteRegistry app) : SampleRequestTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlSampleRequests(PostgreSqlRegistry app) : SampleRequestTests(app);

/// <summary>Pastes each request of the page.</summary>
public abstract class SampleRequestTests(RegistryApp app)
{
    public static TheoryData<string, string, string, string> Requests
    {
        get
        {
            var requests = new TheoryData<string, string, string, string>();
            foreach (var (about, code, address, body) in SampleRequest.All)
            {
                requests.Add(about, code, address, body);
            }

            return requests;
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task The_answer_shows_the_code_and_says_that_it_rests_on_samples(string about, string code, string address, string body)
    {
        var answer = body.Length == 0 ? await app.GetAsync(address) : (await app.WriteAsync("POST", address, body)).GetProperty("results")[0];

        Assert.True(Shown(about, answer).Contains(code), $"{address} shows {string.Join(", ", Shown(about, answer))}: {answer}");
        Assert.Contains("sample", Rows(answer).SelectMany(row => row.Codes("warnings")));
    }

    private static IEnumerable<string?> Shown(string about, JsonElement answer) => about switch
    {
        "Outcomes" => [answer.Text("outcome")],
        "Levels" => Rows(answer).SelectMany(row => row.TryGetProperty("paths", out _) ? row.Texts("paths", "level") : [row.Text("level")]),
        "Reasons" => answer.Codes("reasons"),
        "Conditions" => answer.GetProperty("paths").EnumerateArray().SelectMany(path => path.Codes("conditions")),
        "Warnings" => answer.Codes("warnings"),
        _ => throw new InvalidOperationException($"Nothing is known about {about}."),
    };

    private static List<JsonElement> Rows(JsonElement answer) => answer.TryGetProperty("items", out _) ? answer.Items() : [answer];
}
