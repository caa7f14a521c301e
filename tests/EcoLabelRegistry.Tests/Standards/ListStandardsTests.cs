using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Standards;

[Collection(SqliteReference.Name)]
public sealed class SqliteListStandards(SqliteRegistry app) : ListStandardsTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListStandards(PostgreSqlRegistry app) : ListStandardsTests(app);

public abstract class ListStandardsTests(RegistryApp app)
{

    [Fact]
    public async Task A_category_finds_standards_for_it_for_a_part_of_it_and_for_more_than_it()
    {
        var wide = await CodesAsync("category=coatings");
        var narrow = await CodesAsync("category=coatings.decorative");

        Assert.Contains("cel-hj-2537", wide);
        Assert.Contains("cel-hj-2537", narrow);
        Assert.DoesNotContain("cel-hj-2537", await CodesAsync("category=coatings.wood"));
        Assert.Superset(narrow.ToHashSet(), wide.ToHashSet());
        Assert.Equal(narrow, await CodesAsync("category=cpv:44810000-1"));
    }

    [Theory]
    [InlineData("cpv:44810000-")]
    [InlineData("cpv:44810000-x")]
    [InlineData("cpv:44810000-11")]
    [InlineData("cpv:44810000-1-1")]
    [InlineData("cpv:4481000-1")]
    public async Task A_class_that_is_not_written_as_one_is_refused(string category)
    {
        using var answer = await app.Client.GetAsync("/v1/standards?category=" + category);
        Assert.NotEmpty((await answer.ProblemAsync("invalid")).Errors("category"));
    }

    [Fact]
    public async Task A_standard_is_found_by_its_number_and_its_scheme_under_any_name()
    {
        Assert.Equal(["cel-hj-2537"], await CodesAsync("q=hj2537"));
        Assert.Equal(await CodesAsync("scheme=nordic-swan"), await CodesAsync("scheme=SVANEN"));
        Assert.NotEmpty(await CodesAsync("scheme=SVANEN"));
    }

    private async Task<List<string?>> CodesAsync(string filter) => (await app.GetAsync("/v1/standards?limit=1000&" + filter)).Items().Texts("id");
}
