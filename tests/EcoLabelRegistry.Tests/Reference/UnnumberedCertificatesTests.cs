namespace EcoLabelRegistry.Tests.Reference;

[Collection(SqliteReference.Name)]
public sealed class SqliteUnnumberedCertificates(SqliteRegistry app) : UnnumberedCertificatesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlUnnumberedCertificates(PostgreSqlRegistry app) : UnnumberedCertificatesTests(app);

/// <summary>Certificates of which no source prints a number nor a product's name: the list of certificates is the way to them.</summary>
public abstract class UnnumberedCertificatesTests(RegistryApp app)
{
    [Fact]
    public async Task A_dealership_has_an_Eco_Mark()
    {
        var dealer = Assert.Single(await app.AllAsync("/v1/certificates?scheme=eco-mark&category=services.retail&asOf=2023-11-21"));

        Assert.Equal((null, "bmw-tokyo", "valid"), (dealer.Text("number"), dealer.Text("key"), dealer.Text("standing")));
        Assert.Equal(["services.retail"], dealer.Texts("categories"));
    }

    [Fact]
    public async Task A_suspension_leads_to_the_later_certificate_under_the_stricter_scheme()
    {
        var supplier = Assert.Single(await app.AllAsync("/v1/certificates?scheme=sgls&standing=suspended&holder=Universal&asOf=2019-05-16"));
        var shown = await app.GetAsync($"/v1/certificates/{supplier.Text("id")}");
        var related = Assert.Single(shown.GetProperty("products")[0].GetProperty("related").EnumerateArray());
        var later = await app.GetAsync($"/v1/certificates/{related.Text("id")}?asOf=2019-05-16");
        var before = await app.GetAsync($"/v1/certificates/{related.Text("id")}?asOf=2019-05-15");

        Assert.Equal(("sgls-plus", "app-2019"), (later.Text("scheme"), later.Text("key")));
        Assert.Equal(("not-yet-valid", "valid"), (before.Text("standing"), later.Text("standing")));
    }
}
