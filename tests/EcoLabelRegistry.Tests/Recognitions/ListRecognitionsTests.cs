using System.Text;
using System.Text.Json;

namespace EcoLabelRegistry.Tests.Recognitions;

[Collection(SqliteReference.Name)]
public sealed class SqliteListRecognitions(SqliteRegistry app) : ListRecognitionsTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListRecognitions(PostgreSqlRegistry app) : ListRecognitionsTests(app);

public abstract class ListRecognitionsTests(RegistryApp app)
{
    [Fact]
    public async Task What_China_accepts_for_printers_is_listed_with_level_and_source_and_the_other_direction_differs()
    {
        var accepted = await ListAsync("recogniser=cel&category=it.imaging&asOf=2019-11-01");
        var accepting = await ListAsync("recognised=cel&category=it.imaging&asOf=2019-11-01");

        Assert.All(accepted, row => Assert.Equal("cel", row.Text("recogniser")));
        Assert.All(accepted, row => Assert.NotEmpty(row.Texts("sources", "title")));
        Assert.Contains("cel-ecomark-2005/cel-accepts-eco-mark-printers: common-criteria conditional whole", accepted.Select(Line));
        Assert.Contains("cel-ecomark-2005/cel-accepts-eco-mark-digital-duplicators: common-criteria conditional part", accepted.Select(Line));
        Assert.All(accepting, row => Assert.Equal("cel", row.Text("recognised")));
        Assert.Contains("green-seal", accepting.Texts("recogniser"));
        Assert.DoesNotContain("green-seal", accepted.Texts("recognised"));
    }

    [Fact]
    public async Task A_line_has_all_that_a_buyer_must_know_of_it()
    {
        var row = (await ListAsync("recogniser=cel&recognised=eco-mark&category=it.imaging.copier&asOf=2026-11-22"))
            .Single(r => r.Text("agreement") == "cel-ecomark-2005" && r.Text("grant") == "cel-accepts-eco-mark-copiers");

        Assert.Equal("中国环境标志", row.GetProperty("recogniserNames").Text("zh"));
        Assert.Equal(["it.imaging"], Strings(row, "categories"));
        Assert.Equal(["eco-mark-no-155"], row.Texts("standards", "id"));
        Assert.Equal([("cel-hj-424", "2017")], row.GetProperty("wanted").EnumerateArray().Select(w => (w.Text("standard")!, w.Text("edition")!)));
        Assert.Equal(["factory-outside-china", "document-required", "non-common-criteria", "agreement-standing-unconfirmed"], row.Texts("conditions", "code"));
        Assert.Equal(["CN"], Strings(row.GetProperty("conditions")[0], "excludeSiteCountries"));
        Assert.Equal(["label-still-required", "scheme-not-policy", "attested-by-registrar", "effective-date-unknown"], row.Texts("warnings", "code"));
        Assert.Equal(("2018-03-01", null), (row.Text("effectiveFrom"), row.Text("effectiveUntil")));
        Assert.Null(row.Text("policy"));
        Assert.Equal("目前仅适用于在中国境外工厂生产的产品。", (await app.GetAsync(
            "/v1/recognitions?recogniser=cel&recognised=eco-mark&category=it.imaging.copier", "zh")).Items()[0].Texts("conditions", "message")[0]);
    }

    [Fact]
    public async Task Every_step_that_an_answer_rests_on_is_listed_for_its_recogniser_category_and_date()
    {
        var steps = 0;
        foreach (var (recogniser, date) in new[] { ("cel", "2019-11-01"), ("geca", "2015-06-01"), ("sample-beta", "2022-01-01"), ("tw-type1-foreign", "2003-01-01") })
        {
            foreach (var certificate in (await app.GetAsync($"/v1/check?recognisedBy={recogniser}&scheme=eco-mark&certificate=17133003&asOf={date}")).GetProperty("paths").EnumerateArray())
            {
                var category = certificate.GetProperty("certificate").Text("category");
                var listed = (await ListAsync($"recogniser={recogniser}&category={category}&asOf={date}")).Select(r => $"{r.Text("agreement")}/{r.Text("grant")}");
                var first = certificate.GetProperty("steps")[0];
                Assert.Contains($"{first.Text("agreement")}/{first.Text("grant")}", listed);
                steps++;
            }
        }

        Assert.NotEqual(0, steps);
    }

    [Theory]
    [InlineData("recogniser=cel&category=it.imaging&asOf=2004-01-01")]
    [InlineData("recogniser=cel&recognised=sgls")]
    [InlineData("recogniser=sample-theta&category=paper")]
    [InlineData("recogniser=cel&recognised=sgls-plus")]
    [InlineData("recogniser=sample-alpha&recognised=sample-zeta&asOf=2022-07-01")]
    public async Task Nothing_is_listed_before_an_agreement_for_a_memorandum_for_what_is_kept_out_and_after_an_end(string filter) =>
        Assert.Empty(await ListAsync(filter));

    [Fact]
    public async Task A_level_that_gives_nothing_is_listed_when_it_is_asked_for()
    {
        var talks = await ListAsync("recogniser=cel&level=framework&asOf=2020-01-15");

        Assert.Equal(["green-crane", "sgls", "vitality-leaf"], talks.Texts("recognised"));
        Assert.All(talks, row => Assert.Null(row.Text("outcome")));
        Assert.All(await ListAsync("recogniser=cel&level=audit"), row => Assert.Equal("audit", row.Text("level")));
    }

    [Fact]
    public async Task A_policy_is_a_recogniser_when_it_is_asked()
    {
        var paint = Assert.Single(await ListAsync("recogniser=cn-18-coatings-decorative&asOf=2020-01-01"));
        Assert.Equal(("cel", "1", "full-product"), (paint.Text("recognised")!, paint.Text("grant")!, paint.Text("level")!));
        Assert.Equal((null, "cn-18-coatings-decorative"), (paint.Text("agreement"), paint.Text("policy")));
        Assert.DoesNotContain("scheme-not-policy", paint.Texts("warnings", "code"));
        Assert.NotEmpty(paint.Texts("sources", "title"));
        Assert.Empty(await ListAsync("recogniser=cn-18-coatings-decorative&asOf=2019-03-28"));
        Assert.All(await ListAsync("limit=1000"), row => Assert.NotNull(row.Text("agreement")));
    }

    [Fact]
    public async Task A_policy_that_accepts_what_a_scheme_recognises_lists_the_labels_that_this_leads_to()
    {
        var label = Assert.Single(await ListAsync("recogniser=tw-type1-foreign&asOf=2003-01-01"));

        Assert.Equal(("kel", "recognised", "proxy-verification"), (label.Text("recognised")!, label.Text("outcome")!, label.Text("level")!));
        Assert.Equal(("kel-twgm-2002", "twgm"), (label.GetProperty("through").Text("agreement")!, label.GetProperty("through").Text("recogniser")!));
        Assert.Equal("2002-09-13", label.Text("effectiveFrom"));
    }

    [Fact]
    public async Task A_body_stands_for_its_schemes()
    {
        var ofScheme = await ListAsync("recogniser=geca");
        var ofBody = await ListAsync("recogniser=body:geca");
        Assert.NotEmpty(ofBody);
        Assert.Equal(ofScheme.Select(Line), ofBody.Select(Line));
        Assert.Equal(["sgls"], (await ListAsync("recogniser=sec")).Texts("recogniser").Distinct());
    }

    [Fact]
    public async Task The_last_day_takes_account_of_what_is_agreed_and_of_what_has_happened()
    {
        var rows = await ListAsync("recogniser=sample-beta&recognised=sample-alpha&asOf=2022-01-01");
        Assert.Equal(("2024-12-31", "2024-12-31"), (Of("clothing").Text("effectiveUntil"), Of("clothing").Text("holdsUntil")));
        Assert.Equal(("2023", "2023-12-31"), (Of("lamps").Text("effectiveUntil"), Of("lamps").Text("holdsUntil")));
        var ended = Assert.Single(await ListAsync("recogniser=sample-alpha&recognised=sample-zeta&asOf=2020-01-01"));
        Assert.Equal((null, "2022-06-30"), (ended.Text("effectiveUntil"), ended.Text("holdsUntil")));

        JsonElement Of(string what) => rows.Single(r => r.Text("grant") == "beta-accepts-alpha-" + what);
    }

    [Fact]
    public async Task Read_page_by_page_it_is_the_whole_list_and_what_was_not_known_is_not_there()
    {
        var whole = await ListAsync("limit=1000&asOf=2020-01-01");
        var read = new List<string>();
        string? cursor = null;
        do
        {
            var page = await app.GetAsync($"/v1/recognitions?asOf=2020-01-01&limit=7{(cursor is null ? "" : "&cursor=" + cursor)}");
            read.AddRange(page.Items().Select(Line));
            cursor = page.Text("next");
        }
        while (cursor is not null);

        Assert.Equal(whole.Select(Line), read);
        Assert.Equal(read.Count, read.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(await ListAsync("asOf=2020-01-01&knownAt=0"));
    }

    [Fact]
    public async Task As_a_table_the_list_is_whole_and_opens_in_a_spreadsheet()
    {
        using var answer = await app.SendAsync("/v1/recognitions?asOf=2020-01-01", "text/csv", "zh");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var text = Encoding.UTF8.GetString(bytes);

        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        var lines = text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("recogniser,recogniser_name,recognised,recognised_name,level,outcome,", lines[0], StringComparison.Ordinal);
        Assert.Equal((await ListAsync("limit=1000&asOf=2020-01-01")).Count, lines.Length - 1);
        Assert.Contains(lines, line => line.StartsWith("cel,中国环境标志,eco-mark,", StringComparison.Ordinal));
        Assert.False(answer.Headers.Contains("Link"));
    }

    [Fact]
    public async Task A_table_with_a_limit_says_where_the_next_page_is()
    {
        using var answer = await app.SendAsync("/v1/recognitions?asOf=2020-01-01&limit=2", "text/csv");

        Assert.Equal(3, (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("rel=\"next\"", answer.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_there_is_not_is_refused_with_those_that_there_are()
    {
        using var answer = await app.SendAsync("/v1/recognitions", "application/pdf");
        Assert.Equal(406, (int)answer.StatusCode);
        Assert.Contains("application/json, text/csv", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Line(JsonElement row) =>
        $"{row.Text("agreement")}/{row.Text("grant")}: {row.Text("level")} {row.Text("outcome")} {row.Text("extent")}".TrimEnd();

    private static IEnumerable<string?> Strings(JsonElement row, string member) => row.GetProperty(member).EnumerateArray().Select(s => s.GetString());

    private async Task<List<JsonElement>> ListAsync(string filter)
    {
        var page = await app.GetAsync("/v1/recognitions?" + (filter.Contains("limit", StringComparison.Ordinal) ? filter : "limit=1000&" + filter));
        Assert.Null(page.Text("next"));
        return page.Items();
    }
}
