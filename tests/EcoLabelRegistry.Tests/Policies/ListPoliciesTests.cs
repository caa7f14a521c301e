namespace EcoLabelRegistry.Tests.Policies;

[Collection(SqliteReference.Name)]
public sealed class SqliteListPolicies(SqliteRegistry app) : ListPoliciesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListPolicies(PostgreSqlRegistry app) : ListPoliciesTests(app);

public abstract class ListPoliciesTests(RegistryApp app)
{
    [Fact]
    public async Task A_policy_is_found_by_the_label_that_a_line_in_force_accepts_for_the_category()
    {
        Assert.Contains("cn-18-coatings-decorative", await CodesAsync("accepts=cel&category=coatings&asOf=2020-01-01"));
        Assert.DoesNotContain("cn-18-coatings-decorative", await CodesAsync("accepts=cel&category=coatings&asOf=2019-03-28"));
        Assert.DoesNotContain("cn-18-coatings-decorative", await CodesAsync("accepts=cel&category=furniture&asOf=2020-01-01"));
        Assert.DoesNotContain("cn-18-coatings-decorative", await CodesAsync("accepts=geca&category=coatings&asOf=2020-01-01"));
        Assert.Contains("cn-18-coatings-decorative", await CodesAsync("jurisdiction=CN&asOf=2010-01-01"));
    }

    [Fact]
    public async Task A_policy_that_accepts_what_a_scheme_recognises_is_found_by_the_labels_that_this_leads_to()
    {
        Assert.Equal(["tw-type1-foreign"], await CodesAsync("accepts=kel&jurisdiction=TW&asOf=2003-01-01"));
        Assert.Empty(await CodesAsync("accepts=kel&jurisdiction=TW&asOf=2002-09-12"));
    }

    private async Task<List<string?>> CodesAsync(string filter) => (await app.GetAsync("/v1/policies?limit=1000&" + filter)).Items().Texts("code");
}
