using System.Net;
using System.Text.Json;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Snapshot;
using Microsoft.Extensions.DependencyInjection;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Matches;

[Collection(SqliteReference.Name)]
public sealed class SqliteFindMatches(SqliteRegistry app) : FindMatchesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlFindMatches(PostgreSqlRegistry app) : FindMatchesTests(app);

public sealed class SqliteFindMatchesInDatabase(UnheldSqliteRegistry app) : FindMatchesTests(app), IClassFixture<UnheldSqliteRegistry>;

public sealed class PostgreSqlFindMatchesInDatabase(UnheldPostgreSqlRegistry app) : FindMatchesTests(app), IClassFixture<UnheldPostgreSqlRegistry>;

/// <summary>The reference registry on SQLite, with nothing in memory.</summary>
public sealed class UnheldSqliteRegistry : SqliteRegistry
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["Registry:Snapshot:MaxMegabytes"] = "0" };
}

/// <summary>The reference registry on PostgreSQL, with nothing in memory.</summary>
public sealed class UnheldPostgreSqlRegistry : PostgreSqlRegistry
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["Registry:Snapshot:MaxMegabytes"] = "0" };
}

/// <summary>Finding over HTTP, in the reference registry, from memory and from the database.</summary>
public abstract class FindMatchesTests(RegistryApp app)
{
    [Theory]
    [InlineData("RISOGRAPH MF935")]
    [InlineData("risograph mf-935")]
    [InlineData("ＭＦ９３５　Risograph")]
    [InlineData("MF935")]
    public async Task What_is_typed_as_it_stands_on_record_is_chosen(string typed)
    {
        var answer = await MatchAsync(typed);

        var chosen = answer.GetProperty("chosen");
        Assert.Equal(("product", 1.0, "MF935"), (chosen.Text("kind"), chosen.GetProperty("score").GetDouble(), chosen.GetProperty("product").Text("model")));
        Assert.Equal("RISOGRAPH", chosen.GetProperty("product").Text("brand"));
        Assert.Equal("it.digital-duplicator", chosen.GetProperty("product").Text("category"));
        Assert.Equal(JsonValueKind.Null, chosen.GetProperty("certificate").ValueKind);
        Assert.Equal(chosen.ToString(), answer.GetProperty("candidates")[0].ToString());
    }

    [Theory]
    [InlineData("Risogarph MF935", "MF935", true)]
    [InlineData("risograph mf936", "MF935", false)]
    [InlineData("risograph mf9350", "MF9350C", false)]
    [InlineData("MF 9350-C risogaph", "MF9350C", true)]
    [InlineData("理想科学 MF935", "MF935", true)]
    [InlineData("Tosihba e-studio400ac", "e-STUDIO400AC", false)] // another line writes the same machine "eStudio 400AC"
    public async Task A_typing_error_still_finds_and_a_wrong_digit_is_never_chosen(string typed, string model, bool isChosen)
    {
        var answer = await MatchAsync(typed);

        Assert.Equal(model, answer.GetProperty("candidates")[0].GetProperty("product").Text("model"));
        Assert.Equal(isChosen, answer.GetProperty("chosen").ValueKind != JsonValueKind.Null);
        Assert.InRange(answer.GetProperty("candidates")[0].GetProperty("score").GetDouble(), 0.6, 0.999);
    }

    [Theory]
    [InlineData("SVANEN 3096 0032", true)]
    [InlineData("Nordic Swan Ecolabel 30960032", true)]
    [InlineData("nordic-swan 3096-0032", true)]
    [InlineData("SVANEN 3096 0023", false)]
    [InlineData("svanen 3096 032", false)]
    public async Task A_number_is_found_with_its_scheme_by_any_name_and_chosen_only_when_no_digit_is_guessed(string typed, bool isChosen)
    {
        var answer = await MatchAsync(typed);

        var numbers = answer.GetProperty("candidates").EnumerateArray().Where(c => c.Text("kind") == "certificate").Select(c => c.GetProperty("certificate").Text("number")).ToList();
        Assert.Contains("3096 0032", numbers);
        Assert.Equal(isChosen, answer.GetProperty("chosen").ValueKind != JsonValueKind.Null);
        if (isChosen)
        {
            var certificate = answer.GetProperty("chosen").GetProperty("certificate");
            Assert.Equal(("nordic-swan", "3096 0032"), (certificate.Text("scheme"), certificate.Text("number")));
            Assert.Equal(["scheme", "number"], answer.GetProperty("chosen").Texts("matched", "field"));
        }
    }

    [Theory]
    [InlineData("海宁市志达织造有限公司", "CEC2019ELP00908696")] // two characters of the name missing
    [InlineData("广东泰強科技实业", "CEC2020ELP00811231")] // a traditional character, the end missing
    [InlineData("ﾎﾃﾙｵｰｸﾗ東京ﾍﾞｲ", "13 503 001")] // half width
    public async Task A_holder_is_found_in_Chinese_and_Japanese(string typed, string number)
    {
        var answer = await MatchAsync(typed);

        var first = answer.GetProperty("candidates")[0];
        Assert.Equal(number, first.GetProperty("certificate").Text("number"));
        Assert.Equal(["holder"], first.Texts("matched", "field").Distinct());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("chosen").ValueKind);
    }

    [Fact]
    public async Task Equally_good_candidates_come_in_the_order_of_their_names_and_none_is_chosen()
    {
        var answer = await MatchAsync("muster weiss", "&limit=20");

        var candidates = answer.GetProperty("candidates").EnumerateArray().ToList();
        var weiss = candidates.Where(c => c.GetProperty("product").Text("model")!.StartsWith("Weiss", StringComparison.Ordinal)).ToList();
        Assert.True(weiss.Count >= 10);
        Assert.Equal(candidates.Select(c => c.GetProperty("score").GetDouble()).OrderDescending(), candidates.Select(c => c.GetProperty("score").GetDouble()));
        Assert.All(weiss.GroupBy(c => c.GetProperty("score").GetDouble()), group =>
        {
            var keys = group.Select(c => EcoLabelRegistry.Products.ProductIdentity.FindKey(c.GetProperty("product").Text("model")!)).ToList();
            Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        });
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("chosen").ValueKind);
        Assert.Equal(answer.ToString(), (await MatchAsync("muster weiss", "&limit=20")).ToString());
    }

    [Fact]
    public async Task That_more_fit_than_are_shown_is_said()
    {
        var few = await MatchAsync("muster weiss", "&limit=2");
        Assert.Equal((2, true), (few.GetProperty("candidates").GetArrayLength(), few.GetProperty("more").GetBoolean()));
        Assert.False((await MatchAsync("risograph mf935")).GetProperty("more").GetBoolean());
    }

    [Fact]
    public async Task A_scheme_and_a_category_leave_out_all_else()
    {
        var swan = await MatchAsync("Brother HL-L2310D", "&scheme=SVANEN");
        var angel = await MatchAsync("Brother HL-L2310D", "&scheme=blue-angel&category=it");
        var paint = await MatchAsync("risograph mf935", "&category=coatings");
        var number = await MatchAsync("3096 0032", "&scheme=eu-ecolabel");

        Assert.Equal("HL-L2310D", swan.GetProperty("chosen").GetProperty("product").Text("model"));
        Assert.Equal("HL-L2310D", angel.GetProperty("chosen").GetProperty("product").Text("model"));
        Assert.DoesNotContain("MF935", paint.GetProperty("candidates").EnumerateArray().Select(c => c.GetProperty("product")).Where(p => p.ValueKind != JsonValueKind.Null).Select(p => p.Text("model")));
        Assert.DoesNotContain("3096 0032", number.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "invalid", "q")]
    [InlineData("q=", "invalid", "q")]
    [InlineData("q=+++", "invalid", "q")]
    [InlineData("q=a%07b", "invalid", "q")]
    [InlineData("q=%ED%A0%80", "unreadable-request", "q")]
    [InlineData("q=a&scheme=nordic-swann", "unknown-scheme", "scheme")]
    [InlineData("q=a&category=it.imagin", "unknown-category", "category")]
    [InlineData("q=a&limit=0", "invalid", "limit")]
    [InlineData("q=a&limit=101", "invalid", "limit")]
    [InlineData("q=a&schema=cel", "unknown-parameter", "schema")]
    [InlineData("q=a&q=b", "repeated-parameter", "q")]
    public async Task What_cannot_be_asked_is_refused_by_its_member(string query, string code, string member)
    {
        var problem = await app.GetAsync("/v1/match?" + query);
        Assert.Equal(code, problem.Text("code"));
        Assert.Equal([member], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        if (code.StartsWith("unknown-s", StringComparison.Ordinal))
        {
            Assert.Contains("nordic-swan", problem.Texts("suggestions"));
        }
    }

    [Fact]
    public async Task A_text_beyond_the_limit_is_refused_with_the_limit_and_one_at_it_is_not()
    {
        using var at = await app.Client.GetAsync(new Uri("/v1/match?q=" + new string('9', 200), UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, at.StatusCode);
        foreach (var address in new[] { "/v1/match?q=", "/v1/products?q=" })
        {
            using var beyond = await app.Client.GetAsync(new Uri(address + new string('x', 10_000), UriKind.Relative)); // longer than an address may be at all
            Assert.Equal(HttpStatusCode.RequestUriTooLong, beyond.StatusCode);
            var problem = await app.GetAsync(address + new string('x', 7_000));
            Assert.Equal(("invalid", 400), (problem.Text("code"), problem.GetProperty("status").GetInt32()));
            Assert.Contains("200", problem.GetProperty("errors").GetProperty("q")[0].GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\u0301\u0301\u0301")]
    [InlineData("e\u0301co-mark")]
    [InlineData("\u202e\u0645\u0631\u062d\u0628\u0627 \u05d0\u05d1")]
    [InlineData("\ud83d\ude00\ud83d\ude00")]
    [InlineData("-")]
    [InlineData("' or 1=1 --")]
    [InlineData("%_!*")]
    [InlineData("\ufeff\u200b")]
    [InlineData("a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9")]
    public async Task Any_text_is_answered(string typed)
    {
        using var match = await app.Client.GetAsync(new Uri("/v1/match?q=" + Uri.EscapeDataString(typed), UriKind.Relative));
        using var products = await app.Client.GetAsync(new Uri("/v1/products?q=" + Uri.EscapeDataString(typed), UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (match.StatusCode, products.StatusCode));
    }

    [Fact]
    public async Task A_check_takes_nothing_from_it()
    {
        Assert.Equal("MF935", (await MatchAsync("Risogarph MF935")).GetProperty("chosen").GetProperty("product").Text("model"));
        Assert.Equal("unknown", (await app.GetAsync("/v1/check?recognisedBy=cel&brand=Risogarph&model=MF935&asOf=2019-11-01")).Text("outcome"));
    }

    [Fact]
    public async Task The_product_search_finds_the_same_and_orders_it_by_score()
    {
        var rows = await app.AllAsync("/v1/products?q=Risogarph+mf935&limit=1");

        Assert.Equal("MF935", rows[0].Text("model"));
        var scores = rows.Select(r => r.GetProperty("score").GetDouble()).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(rows.Count, rows.Texts("id").Distinct().Count());
        Assert.Equal((await MatchAsync("Risogarph mf935")).GetProperty("candidates")[0].GetProperty("score").GetDouble(), scores[0]);
        Assert.Contains("MF9350C", (await app.AllAsync("/v1/products?q=" + Uri.EscapeDataString("riso technology china"))).Texts("model"));
    }

    private Task<JsonElement> MatchAsync(string typed, string further = "") => app.GetAsync($"/v1/match?q={Uri.EscapeDataString(typed)}{further}");
}

public sealed class SqliteFindWrittenMatches(EmptySqliteRegistry app) : FindWrittenMatchesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlFindWrittenMatches(EmptyPostgreSqlRegistry app) : FindWrittenMatchesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>What is written is found at once, and what it was called before is not.</summary>
public abstract class FindWrittenMatchesTests(RegistryApp app)
{
    [Fact]
    public async Task A_write_is_found_at_once_and_what_it_replaced_is_not()
    {
        await app.FillAsync();
        await app.RegisterAsync(Certificate("W-1", products: Product("Fremont", "Quartz 77")) with { ValidUntil = Date("2024-06-30") });
        var before = await app.GetAsync("/v1/match?q=frmont+quartz+77");
        await app.RegisterAsync(Certificate("W-1", products: Product("Fremont", "Basalt 88")) with { Holder = "Zephyr Coatings" });
        var model = await app.GetAsync("/v1/match?q=fremont+basalt+88");
        var holder = await app.GetAsync("/v1/match?q=zephir+coatings");
        var gone = await app.GetAsync("/v1/match?q=painter");

        Assert.Equal("Quartz 77", before.GetProperty("candidates")[0].GetProperty("product").Text("model")); // expired, and on record
        Assert.Equal("Basalt 88", model.GetProperty("chosen").GetProperty("product").Text("model"));
        Assert.Contains("Basalt 88", holder.GetProperty("candidates").EnumerateArray().Select(c => c.GetProperty("product").Text("model")));
        Assert.DoesNotContain("Fremont", gone.ToString(), StringComparison.Ordinal);
        Assert.Equal(model.GetProperty("revision").GetInt64(), await app.RevisionAsync());
    }

    [Fact]
    public async Task A_name_that_was_redacted_finds_nothing_any_more()
    {
        await app.FillAsync();
        var written = await app.RegisterAsync(Certificate("R-1", products: Product("Obelisk", "Nine")) with { Holder = "Quentin Xylander" });
        Assert.NotEmpty((await app.GetAsync("/v1/match?q=quentin+xylandr")).GetProperty("candidates").EnumerateArray());

        await app.WithAsync<ChangeLog, bool>(log => log.WriteAsync(
            async write =>
            {
                await write.ExecuteAsync(
                    "update certificate set data = replace(data, 'Quentin Xylander', 'withheld'), find_holder = 'withheld' where id = @Id", new { written.Id });
                await write.AppendAsync(Actor.Registrar, "certificate-redacted", Subjects.OfCertificate(written.Id), new System.Text.Json.Nodes.JsonObject());
                return true;
            },
            default));

        Assert.Empty((await app.GetAsync("/v1/match?q=quentin+xylandr")).GetProperty("candidates").EnumerateArray());
        Assert.Null(app.Services.GetRequiredService<Snapshots>().HeldAt(written.Revision));
    }
}
