namespace EcoLabelRegistry.Tests.Policies;

[Collection(SqliteReference.Name)]
public sealed class SqliteGetPolicy(SqliteRegistry app) : GetPolicyTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlGetPolicy(PostgreSqlRegistry app) : GetPolicyTests(app);

public abstract class GetPolicyTests(RegistryApp app)
{
    [Theory]
    [InlineData("2019-03-28", false)]
    [InlineData("2019-03-29", true)]
    public async Task A_line_says_whether_it_is_in_force_on_the_date(string date, bool inForce)
    {
        var line = (await app.GetAsync($"/v1/policies/cn-18-coatings-decorative?asOf={date}")).GetProperty("accepts")[0];
        Assert.Equal(("1", inForce), (line.Text("grant")!, line.GetProperty("inForce").GetBoolean()));
    }

    [Fact]
    public async Task A_line_that_accepts_what_a_scheme_recognises_says_so_and_names_no_scheme_of_its_own()
    {
        var line = (await app.GetAsync("/v1/policies/tw-type1-foreign?asOf=2026-01-01")).GetProperty("accepts")[0];

        Assert.Null(line.Text("scheme"));
        Assert.Equal("twgm", line.Text("recognisedBy"));
        Assert.True(line.GetProperty("reciprocal").GetBoolean());
    }

    [Fact]
    public async Task A_policy_that_is_not_on_record_is_not_found() => Assert.Equal("not-found", (await app.GetAsync("/v1/policies/no-such")).Text("code"));
}
