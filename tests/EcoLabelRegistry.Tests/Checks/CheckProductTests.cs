using System.Text.Json;
using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Checks;

[Collection(SqliteReference.Name)]
public sealed class SqliteCheckProduct(SqliteRegistry app) : CheckProductTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlCheckProduct(PostgreSqlRegistry app) : CheckProductTests(app);

public abstract class CheckProductTests(RegistryApp app)
{
    private const string Flagship = "/v1/check?recognisedBy=cel&scheme=eco-mark&certificate=";

    [Theory]
    [InlineData("17 133 003")]
    [InlineData("17133003")]
    [InlineData(" 17-133-003")]
    [InlineData("１７ １３３ ００３")]
    public async Task The_first_certificate_used_between_Japan_and_China_is_partly_accepted_however_its_number_is_written(string number)
    {
        var answer = await app.GetAsync(Flagship + Uri.EscapeDataString(number) + "&asOf=2019-11-01");

        Assert.Equal("partly", answer.GetProperty("answer").GetString());
        Assert.Equal("conditional", answer.GetProperty("outcome").GetString());
        var path = answer.GetProperty("paths")[0];
        Assert.Equal("cel-ecomark-2005", path.GetProperty("steps")[0].GetProperty("agreement").GetString());
        Assert.Equal("common-criteria", path.GetProperty("level").GetString());
        var conditions = Codes(path.GetProperty("conditions"));
        Assert.Contains("factory-outside-china", conditions);
        Assert.Contains("document-required", conditions);
        Assert.Contains("criteria-not-held", conditions);
        Assert.Contains("certificate-standing-unconfirmed", conditions);
    }

    [Fact]
    public async Task What_is_asked_in_a_body_is_answered_whatever_the_client_holds()
    {
        const string Question = """{ "recognisedBy": "cel", "scheme": "eco-mark", "certificate": "17133003" }""";
        using var answer = await app.Client.SendAsync("POST", "/v1/check", Question, null, ("If-None-Match", "*"));

        Assert.Null(answer.Headers.ETag);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.NotEmpty((await answer.JsonAsync()).GetProperty("answer").GetString()!);
    }

    [Fact]
    public async Task Asked_for_a_day_before_the_agreement_the_answer_is_no_and_says_that_it_was_not_yet_effective()
    {
        var answer = await app.GetAsync(Flagship + "17133003&asOf=2004-06-30");

        Assert.Equal("no", answer.GetProperty("answer").GetString());
        var reasons = Codes(answer.GetProperty("reasons"));
        Assert.Contains("agreement-not-yet-effective", reasons);
        Assert.Contains("certificate-not-yet-valid", reasons);
    }

    [Theory]
    [InlineData("SGLS%2B", "unknown")]
    [InlineData("SGLS", "unknown")]
    [InlineData("sgls-plus", "unknown")]
    [InlineData("SGLS+", "ambiguous")] // arrives as "SGLS "
    public async Task A_scheme_and_its_stricter_sub_scheme_stay_apart_even_when_the_plus_sign_is_lost(string scheme, string expected)
    {
        var answer = await app.GetAsync($"/v1/check?recognisedBy=cel&scheme={scheme}&certificate=no-such-number");

        Assert.Equal(expected, answer.GetProperty(expected == "ambiguous" ? "code" : "answer").GetString());
    }

    [Theory]
    [InlineData("brand=risograph&model=mf-935")]
    [InlineData("brand=RISO GRAPH&model=ＭＦ９３５")]
    [InlineData("product=p-93fc56e22692c3490803")]
    [InlineData("scheme=ecomark&certificate=17133003")]
    [InlineData("scheme=eco-mark&certificate=17133003&brand=RISOGRAPH&model=MF935")]
    public async Task Each_way_to_ask_about_the_product_has_the_same_answer(string subject)
    {
        var answer = await app.GetAsync($"/v1/check?recognisedBy=cel&asOf=2019-11-01&{subject}");

        Assert.Equal("partly", answer.GetProperty("answer").GetString());
        Assert.Equal("p-93fc56e22692c3490803", answer.GetProperty("product").GetProperty("id").GetString());
        Assert.Contains("factory-outside-china", Codes(answer.GetProperty("paths")[0].GetProperty("conditions")));
    }

    [Theory]
    [InlineData("brand=RISOGRAPH&model=MF936")]
    [InlineData("gtin=4006381333931")]
    [InlineData("gtin=https%3A%2F%2Fid.gs1.org%2F01%2F04006381333931%2F21%2F1")]
    public async Task A_real_certificate_for_another_product_is_found_out(string beside)
    {
        var answer = await app.GetAsync($"{Flagship}17133003&asOf=2019-11-01&{beside}");

        Assert.Equal("not-certified", answer.GetProperty("outcome").GetString());
        Assert.Equal(["product-not-on-certificate"], Codes(answer.GetProperty("reasons")));
    }

    [Theory]
    [InlineData("cel", "cel", "scheme")]
    [InlineData("geca", "geca", "scheme")]
    [InlineData("body:geca", "geca", "body")]
    [InlineData("cec", "cec", "body")]
    [InlineData("tw-type1-foreign", "tw-type1-foreign", "policy")]
    public async Task A_recogniser_is_a_scheme_else_a_policy_else_a_body_unless_the_body_is_forced(string asked, string code, string kind)
    {
        var recogniser = (await app.GetAsync($"/v1/check?recognisedBy={asked}&product=none")).GetProperty("recogniser");

        Assert.Equal((code, kind), (recogniser.GetProperty("code").GetString()!, recogniser.GetProperty("kind").GetString()!));
        Assert.NotEmpty(recogniser.GetProperty("names").GetProperty("zh").GetString()!);
    }

    [Fact]
    public async Task A_question_as_JSON_has_the_answer_of_the_same_question_in_the_address_and_the_idempotency_key_changes_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/check");
        request.Headers.AcceptLanguage.ParseAdd("zh");
        request.Headers.Add("Idempotency-Key", "1");
        request.Content = new StringContent(
            """{ "recognisedBy": "cel", "scheme": "eco-mark", "certificate": "17133003", "asOf": "2019-11-01", "minLevel": "evidence" }""", null, "application/json");
        using var posted = await app.Client.SendAsync(request);

        Assert.Equal((await app.GetAsync(Flagship + "17133003&asOf=2019-11-01&minLevel=evidence", "zh")).ToString(), await posted.Content.ReadAsStringAsync());
        Assert.Equal(["zh-Hans"], posted.Content.Headers.ContentLanguage);
    }

    [Theory]
    [InlineData("JP", "yes", "certified")]
    [InlineData("DE", "no", "not-certified")]
    public async Task A_notebook_of_the_real_ENERGY_STAR_list_counts_in_its_markets_alone(string territory, string expected, string outcome)
    {
        var answer = await app.GetAsync($"/v1/check?recognisedBy=energy-star&brand=DELL&model=Vostro 3582&asOf=2020-06-01&territory={territory}");

        Assert.Equal((expected, outcome), (answer.GetProperty("answer").GetString()!, answer.GetProperty("outcome").GetString()!));
        Assert.Equal(expected == "yes" ? [] : ["territory-out-of-scope"], Codes(answer.GetProperty("reasons")));
    }

    private static List<string?> Codes(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetProperty("code").GetString())];
}
