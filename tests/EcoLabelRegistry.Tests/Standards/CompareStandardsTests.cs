using System.Text.Json;

namespace EcoLabelRegistry.Tests.Standards;

[Collection(SqliteReference.Name)]
public sealed class SqliteCompareStandards(SqliteRegistry app) : CompareStandardsTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlCompareStandards(PostgreSqlRegistry app) : CompareStandardsTests(app);

public abstract class CompareStandardsTests(RegistryApp app)
{
    private const string Gs11 = "green-seal-gs-11";
    private const string Hj2537 = "cel-hj-2537";
    private const string EuPaints = "eu-ecolabel-2014-312-eu";

    [Theory]
    [InlineData(Gs11, EuPaints, "heldEdition=3.1", "4-t3-voc-a", "different-method")]
    [InlineData(EuPaints, Gs11, "wantedEdition=3.1", "VOC-flat", "different-method")]
    [InlineData(Gs11, EuPaints, "asOf=2014-01-01", "4-t3-voc-a", "different-method")]
    [InlineData(Gs11, EuPaints, "asOf=2026-11-22", "4-t3-voc-a", "not-stated")]
    [InlineData(Gs11, Hj2537, "heldEdition=3.1", "VOC-int", "not-stated")]
    [InlineData(EuPaints, Hj2537, "asOf=2026-11-22", "VOC-int", "not-stated")]
    [InlineData(Hj2537, EuPaints, "asOf=2026-11-22", "4-t3-voc-a", "not-stated")]
    public async Task Limits_of_volatile_compounds_that_are_measured_or_stated_differently_are_not_comparable(
        string held, string wanted, string also, string reference, string why)
    {
        var row = Row(await CompareAsync(held, wanted, also), reference);

        Assert.Equal(("not-comparable", why), (row.Text("result")!, row.Text("why")!));
        Assert.Equal("voc-content", row.GetProperty("held").Text("parameter"));
        Assert.NotEqual("", row.Text("message"));
    }

    [Fact]
    public async Task Equal_numbers_prove_nothing_when_the_methods_differ()
    {
        var row = Row(await CompareAsync(Gs11, EuPaints, "heldEdition=3.1"), "4-t3-voc-f");

        Assert.Equal((50, 50), (row.GetProperty("wanted").GetProperty("limit").GetDecimal(), row.GetProperty("held").GetProperty("limit").GetDecimal()));
        Assert.Equal("not-comparable", row.Text("result"));
    }

    [Fact]
    public async Task A_standard_meets_itself_and_says_so_in_counts_per_area_and_never_in_one_score()
    {
        var matrix = await CompareAsync("green-seal-gs-11", "green-seal-gs-11", "heldEdition=3.1&wantedEdition=3.1");

        Assert.All(matrix.GetProperty("criteria").EnumerateArray(), row => Assert.Equal("meets", row.Text("result")));
        var area = Assert.Single(matrix.GetProperty("areas").EnumerateArray());
        Assert.Equal(("voc-content", 6), (area.Text("aspect")!, area.GetProperty("meets").GetInt32()));
        Assert.Equal(
            ["held", "wanted", "asOf", "criteria", "areas", "notes", "revision"], matrix.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task What_is_held_as_an_excerpt_is_said_of_each_side()
    {
        var matrix = await CompareAsync(Gs11, EuPaints, "asOf=2026-11-22");

        Assert.Equal(["criteria-incomplete", "criteria-incomplete"], matrix.Texts("notes", "code"));
        Assert.Equal([Gs11, EuPaints], matrix.Texts("notes", "standard"));
        Assert.Contains("excerpt", matrix.Texts("notes", "message")[0], StringComparison.Ordinal);
        var chinese = await app.GetAsync($"/v1/standards/compare?held={Gs11}&wanted={EuPaints}", "zh");
        Assert.Contains("部分指标", chinese.Texts("notes", "message")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_edition_that_is_not_in_force_or_not_known_nothing_is_concluded()
    {
        var matrix = await CompareAsync(Gs11, EuPaints, "asOf=2013-01-01");

        Assert.Null(matrix.GetProperty("held").Text("edition"));
        Assert.All(matrix.GetProperty("criteria").EnumerateArray(), row => Assert.Equal("not-stated", row.Text("why")));
        Assert.Equal(["criteria-not-held", "criteria-incomplete"], matrix.Texts("notes", "code"));
        Assert.Empty((await CompareAsync(EuPaints, Gs11, "asOf=2013-01-01")).GetProperty("criteria").EnumerateArray());
    }

    [Fact]
    public async Task An_edition_that_the_standard_does_not_have_is_refused_with_those_that_it_has()
    {
        var problem = await CompareAsync(Gs11, EuPaints, "heldEdition=3.3");
        Assert.Equal("unknown-edition", problem.Text("code"));
        Assert.Contains("3.2", problem.GetProperty("suggestions").EnumerateArray().Select(s => s.GetString()));
    }

    private Task<JsonElement> CompareAsync(string held, string wanted, string also) =>
        app.GetAsync($"/v1/standards/compare?held={held}&wanted={wanted}&{also}");

    private static JsonElement Row(JsonElement matrix, string reference) =>
        matrix.GetProperty("criteria").EnumerateArray().Single(row => row.GetProperty("wanted").Text("ref") == reference);
}
