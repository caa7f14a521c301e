using System.Text.Json;

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

    private static List<string?> Codes(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetProperty("code").GetString())];
}
