namespace EcoLabelRegistry.Tests.Categories;

[Collection(SqliteReference.Name)]
public sealed class SqliteGetCategory(SqliteRegistry app) : GetCategoryTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlGetCategory(PostgreSqlRegistry app) : GetCategoryTests(app);

public abstract class GetCategoryTests(RegistryApp app)
{
    [Fact]
    public async Task A_category_says_where_it_stands_and_what_other_classifications_call_it()
    {
        var category = await app.GetAsync("/v1/categories/it.digital-duplicator");

        Assert.Equal("it.imaging", category.Text("parent"));
        Assert.Contains("30121430-6", category.GetProperty("codes").Texts("cpv"));
        Assert.Contains("速印机", category.GetProperty("names").Text("zh"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_of_another_classification_is_no_address() =>
        Assert.Equal("not-found", (await app.GetAsync("/v1/categories/cpv:30121430-6")).Text("code"));
}
