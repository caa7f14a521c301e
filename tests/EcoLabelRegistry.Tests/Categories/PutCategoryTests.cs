using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Categories;

public sealed class SqlitePutCategory(EmptySqliteRegistry app) : PutCategoryTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlPutCategory(EmptyPostgreSqlRegistry app) : PutCategoryTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>What is said of codes that are none.</summary>
public abstract class PutCategoryTests(RegistryApp app)
{
    [Theory]
    [InlineData("cpv", "3012", "en", "30120000-6")]
    [InlineData("cpv", "30120000-6\\n", "en", "eight digits")]
    [InlineData("cpv", "3012", "zh", "八位数字")]
    [InlineData("unspsc", "4410150", "en", "eight digits")]
    [InlineData("unspsc", "44101501-6", "zh", "八位数字")]
    public async Task A_code_of_another_classification_is_refused_with_what_to_write(string list, string code, string language, string expected)
    {
        var body = $$"""{ "names": { "en": "X" }, "codes": { "{{list}}": ["{{code}}"] } }""";

        var problem = await app.RefusedAsync("PUT", "/v1/categories/coded", body, Writing.RegistrarKey, "invalid", ("Accept-Language", language));

        Assert.Contains(expected, problem.Errors($"codes.{list}[0]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_with_a_line_break_behind_it_is_none()
    {
        var body = """{ "names": { "en": "X" }, "parent": "x\n" }""";
        Assert.Contains("no category code", (await app.RefusedAsync("PUT", "/v1/categories/broken", body, Writing.RegistrarKey, "invalid")).Errors("parent"), StringComparison.Ordinal);
    }
}
