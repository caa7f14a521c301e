namespace EcoLabelRegistry.Tests.Categories;

[Collection(SqliteReference.Name)]
public sealed class SqliteListCategories(SqliteRegistry app) : ListCategoriesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListCategories(PostgreSqlRegistry app) : ListCategoriesTests(app);

public abstract class ListCategoriesTests(RegistryApp app)
{
    [Theory]
    [InlineData("parent=it.imaging", "it.digital-duplicator it.imaging.copier it.imaging.multifunction it.imaging.printer")]
    [InlineData("q=复印机&parent=it", "it.imaging")]
    [InlineData("q=30121430", "it.digital-duplicator")]
    public async Task Filters_narrow_the_list(string filter, string codes) =>
        Assert.Equal(codes, string.Join(' ', (await app.GetAsync("/v1/categories?" + filter)).Items().Texts("code")));
}
