using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Checks.Lists;

public sealed class SqliteAskItem(EmptySqliteRegistry app) : AskItemTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlAskItem(EmptyPostgreSqlRegistry app) : AskItemTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class AskItemTests(RegistryApp app)
{
    [Theory]
    [InlineData("TEN,Kay,X1.0", false)]
    [InlineData("TEN,KAY,x1-0", false)] // no product is written so: the one on the certificate is meant
    [InlineData("TEN,Kay,X10", true)] // this one is, and it is not on the certificate
    [InlineData("TEN,Kay,", false)]
    [InlineData("TEN,Kay,X11", true)]
    [InlineData("BARE,Kay,X10", true)]
    public async Task What_stands_beside_a_certificate_is_the_product_that_it_names_exactly(string row, bool isMismatch)
    {
        await app.FillAsync();
        await app.RegisterAsync(Certificate("TEN", products: Product("Kay", "X1.0")));
        await app.RegisterAsync(Certificate("ELEVEN", products: Product("Kay", "X10")));
        await app.RegisterAsync(Certificate("BARE"));

        var rows = await (await app.PostAsync("?recognisedBy=alpha&scheme=beta", Listed.Csv, "certificate,brand,model\n" + row)).RowsAsync();

        Assert.Equal("yes", rows.Cell(1, "answer"));
        Assert.Equal(isMismatch, rows.Cell(1, "warnings").Contains("selector-mismatch", StringComparison.Ordinal));
    }
}
