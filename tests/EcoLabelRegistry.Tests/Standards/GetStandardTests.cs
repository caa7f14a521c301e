namespace EcoLabelRegistry.Tests.Standards;

[Collection(SqliteReference.Name)]
public sealed class SqliteGetStandard(SqliteRegistry app) : GetStandardTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlGetStandard(PostgreSqlRegistry app) : GetStandardTests(app);

public abstract class GetStandardTests(RegistryApp app)
{
    [Theory]
    [InlineData("2013-07-11", null)]
    [InlineData("2013-07-12", "3.1")]
    [InlineData("2015-10-25", "3.1")]
    [InlineData("2015-10-26", "3.2")]
    [InlineData("2021-09-07", "4.0")]
    public async Task The_edition_in_force_is_that_of_the_date(string date, string? edition)
    {
        var standard = await app.GetAsync($"/v1/standards/green-seal-gs-11?asOf={date}");
        Assert.Equal(edition, standard.Text("editionInForce"));
        Assert.Equal(["3.1", "3.2", "4.0"], standard.Texts("editions", "edition"));
    }

    [Fact]
    public async Task A_renumbered_document_is_followed_to_its_successor() =>
        Assert.Equal(["cel-hj-2537"], (await app.GetAsync("/v1/standards/cel-hj-t-201")).GetProperty("successors").EnumerateArray().Select(s => s.GetString()));

    [Fact]
    public async Task A_standard_that_is_not_on_record_is_not_found_nor_one_that_was_not_yet()
    {
        Assert.Equal("not-found", (await app.GetAsync("/v1/standards/no-such")).Text("code"));
        Assert.Equal("not-found", (await app.GetAsync("/v1/standards/green-seal-gs-11?knownAt=1")).Text("code"));
    }
}
