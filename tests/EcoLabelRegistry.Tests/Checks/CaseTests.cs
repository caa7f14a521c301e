using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Reference;
using EcoLabelRegistry.Tests.Cases;

namespace EcoLabelRegistry.Tests.Checks;

/// <summary>The worked cases of <c>Cases/*.json</c> on the engine alone, and what holds for the cases themselves.</summary>
public sealed class CaseTests
{
    private const int Fewest = 80;

    public static TheoryData<string> OnPaper => Case.Names(c => c.Given is not null && c.Only != "http");

    /// <summary>Everything that a code can be, each of which some case must expect.</summary>
    public static TheoryData<string, string> Codes
    {
        get
        {
            var codes = new TheoryData<string, string>();
            Add<Outcome>("outcome");
            Add<Level>("level");
            Add<Reason>("reasons");
            Add<ConditionCode>("conditions");
            Add<Comparison>("conditions");
            Add<Incomparability>("conditions");
            Add<CertificateStanding>("certificates");
            Add<Warning>("warnings");
            return codes;

            void Add<TCode>(string member)
                where TCode : struct, Enum => Array.ForEach(Enum.GetValues<TCode>(), c => codes.Add(member, Code.Of(c)));
        }
    }

    [Theory]
    [MemberData(nameof(OnPaper))]
    public void The_engine_answers_as_the_case_expects(string name)
    {
        var asked = Case.Named(name);
        CaseExpectations.AssertMet(asked, new RegistryOnPaper(asked.Given!, asked.KnownAt).Ask(asked.Ask));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_expected_by_some_case(string member, string code) =>
        Assert.True(Case.All.Any(c => c.Expects(member).Contains(code)), $"No case expects {code} in {member}.");

    [Fact]
    public void There_are_enough_cases_and_each_has_a_name_of_its_own()
    {
        Assert.True(Case.All.Count >= Fewest, $"{Case.All.Count} cases");
        Assert.DoesNotContain(Case.All.CountBy(c => c.Name, StringComparer.Ordinal), c => c.Value > 1);
    }

    [Fact]
    public void Every_case_says_which_outcome_it_expects_and_on_which_day() =>
        Assert.DoesNotContain(Case.All, c => c.Ask["asOf"] is null || (c.Expect["outcome"] is null && c.Expect["problem"] is null));

    [Fact]
    public void Every_case_is_invented_or_names_a_source_of_the_reference_registry()
    {
        var assembly = typeof(Program).Assembly;
        var facts = string.Concat(assembly.GetManifestResourceNames().Where(n => n.StartsWith("reference/", StringComparison.Ordinal) && n.EndsWith(".json", StringComparison.Ordinal))
            .Select(n => new StreamReader(assembly.GetManifestResourceStream(n)!).ReadToEnd()));
        var lists = EnergyStarRegister.All.Select(r => r.Title).ToList();

        Assert.Empty(Case.All
            .Where(c => c.IsInvented ? c.Source is not null : !lists.Contains(c.Source!) && !facts.Contains($"\"title\": \"{c.Source}\"", StringComparison.Ordinal))
            .Select(c => $"{c.Name}: {c.Source}"));
    }

    [Theory]
    [InlineData("""{ "outcome": "certified" }""")]
    [InlineData("""{ "holdsUntil": null }""")]
    [InlineData("""{ "nearest": { "grant": "mra/g" } }""")]
    [InlineData("""{ "nothing": "of that name" }""")]
    [InlineData("""{ "reasons": [] }""")]
    [InlineData("""{ "reasons": ["grant-expired"] }""")]
    [InlineData("""{ "reasons": ["agreements/mra"] }""")]
    [InlineData("""{ "reasons": ["agreement-expired agreements/other"] }""")]
    [InlineData("""{ "reasons": ["agreement-expired", "agreement-expired"] }""")]
    [InlineData("""{ "paths": [] }""")]
    [InlineData("""{ "paths": [{ "level": "evidence" }, { "level": "audit" }] }""")]
    [InlineData("""{ "paths": [{ "level": "audit" }] }""")]
    [InlineData("""{ "paths": [{ "conditions": ["criterion-to-prove 5.4"] }] }""")]
    [InlineData("""{ "paths": [{ "conditions": ["criterion-to-prove meets 5.3"] }] }""")]
    [InlineData("""{ "with": { "reasons": ["grant-expired"] } }""")]
    [InlineData("""{ "without": { "reasons": ["agreement-expired"] } }""")]
    [InlineData("""{ "best": { "without": { "conditions": ["criterion-to-prove"] } } }""")]
    public void An_answer_that_is_not_as_expected_is_told(string expected) => Assert.NotEmpty(Answered.Differences(Parse(expected), Said()));

    [Theory]
    [InlineData("""{ "outcome": "conditional", "holdsUntil": "2020-12-31", "nearest": null }""")]
    [InlineData("""{ "reasons": ["agreement-expired agreements/mra"], "paths": [{ "level": "evidence", "conditions": ["criterion-to-prove 5.3 meets"] }] }""")]
    [InlineData("""{ "with": { "reasons": ["agreement-expired"] }, "without": { "reasons": ["agreement", "grant-expired"] }, "best": { "with": { "conditions": ["criterion-to-prove a-1 5.3"] } } }""")]
    public void An_answer_that_is_as_expected_is_not_told(string expected) => Assert.Empty(Answered.Differences(Parse(expected), Said()));

    private static JsonObject Said() => Parse(
        """
        {
          "outcome": "conditional", "holdsUntil": "2020-12-31", "nearest": null, "reasons": ["agreement-expired agreements/mra"],
          "best": { "level": "evidence", "conditions": ["criterion-to-prove a-1 2020 5.3 meets"] },
          "paths": [{ "level": "evidence", "conditions": ["criterion-to-prove a-1 2020 5.3 meets"] }]
        }
        """);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}

/// <summary>Compares answers with what cases expect.</summary>
internal static class CaseExpectations
{
    public static void AssertMet(Case asked, JsonElement answer)
    {
        var said = Answered.Shorten(answer);
        var differences = Answered.Differences(asked.Expect, said);
        Assert.True(differences.Count == 0, $"{asked.Name}\n{string.Join('\n', differences)}\nThe whole answer: {said.ToJsonString(RecordJson.Options)}");
    }
}

public sealed class SqliteCases(CaseAnswers<EmptySqliteRegistry> answers) : CaseTestsOverHttp<EmptySqliteRegistry>(answers), IClassFixture<CaseAnswers<EmptySqliteRegistry>>;

public sealed class PostgreSqlCases(CaseAnswers<EmptyPostgreSqlRegistry> answers) : CaseTestsOverHttp<EmptyPostgreSqlRegistry>(answers), IClassFixture<CaseAnswers<EmptyPostgreSqlRegistry>>;

/// <summary>The cases that bring their own registry, over HTTP.</summary>
public abstract class CaseTestsOverHttp<TRegistry>(CaseAnswers<TRegistry> answers)
    where TRegistry : RegistryApp, new()
{
    public static TheoryData<string> OverHttp => Case.Names(c => c.Given is not null && c.Only != "engine");

    [Theory]
    [MemberData(nameof(OverHttp))]
    public void The_service_answers_as_the_case_expects(string name) => CaseExpectations.AssertMet(Case.Named(name), answers.To(name));
}

/// <summary>The answers to all cases that bring their own registry: each registry in an empty database, written by the requests of the service.</summary>
public sealed class CaseAnswers<TRegistry> : IAsyncLifetime
    where TRegistry : RegistryApp, new()
{
    private readonly ConcurrentDictionary<string, JsonElement> _answers = new(StringComparer.Ordinal);

    public JsonElement To(string name) => _answers[name];

    public async Task InitializeAsync()
    {
        foreach (var cases in Case.All.Where(c => c.Given is not null && c.Only != "engine").GroupBy(c => c.Given!.Text, StringComparer.Ordinal))
        {
            var app = new TRegistry();
            await app.InitializeAsync();
            try
            {
                await cases.First().Given!.SendAsync(app);
                foreach (var asked in cases)
                {
                    _answers[asked.Name] = await app.GetAsync(asked.Query());
                }
            }
            finally
            {
                await app.DisposeAsync();
            }
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;
}

[Collection(SqliteReference.Name)]
public sealed class SqliteReferenceCases(SqliteRegistry app) : ReferenceCaseTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlReferenceCases(PostgreSqlRegistry app) : ReferenceCaseTests(app);

/// <summary>The cases on the reference registry, over HTTP.</summary>
public abstract class ReferenceCaseTests(RegistryApp app)
{
    public static TheoryData<string> OnReference => Case.Names(c => c.Given is null);

    [Theory]
    [MemberData(nameof(OnReference))]
    public async Task The_reference_registry_answers_as_the_case_expects(string name)
    {
        var asked = Case.Named(name);
        CaseExpectations.AssertMet(asked, await app.GetAsync(asked.Query()));
    }
}
