using System.Text.Json;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Registers;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteSieveChanges(EmptySqliteRegistry app) : SieveChangesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlSieveChanges(EmptyPostgreSqlRegistry app) : SieveChangesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Which entries concern what.</summary>
public abstract class SieveChangesTests(RegistryApp app)
{
    private static readonly string Paint = ProductIdentity.IdOf("Brand", "Paint")!;
    private static readonly string Varnish = ProductIdentity.IdOf("Brand", "Varnish")!;

    [Fact]
    public async Task A_scheme_is_concerned_by_what_is_its_own_and_by_what_names_it()
    {
        await GivenAsync();
        Assert.Equal(
            ["/v1/agreements/alpha-beta", "/v1/certificates/beta", "/v1/label-bodies/bureau", "/v1/schemes/beta", "/v1/schemes/beta/register", "/v1/standards/beta-1"],
            await SubjectsAsync("schemes=beta"));
        Assert.Equal(["/v1/agreements/alpha-beta", "/v1/label-bodies/bureau", "/v1/schemes/alpha"], await SubjectsAsync("schemes=alpha"));
        Assert.Equal(["/v1/label-bodies/bureau", "/v1/schemes/gamma"], await SubjectsAsync("schemes=gamma"));
    }

    [Fact]
    public async Task An_agreement_is_concerned_by_itself()
    {
        await GivenAsync();
        Assert.Equal(["/v1/agreements/alpha-beta"], await SubjectsAsync("agreements=alpha-beta"));
    }

    [Fact]
    public async Task A_product_is_concerned_by_its_certificates_and_by_whom_they_are_of_but_by_no_other_certificate()
    {
        await GivenAsync();
        Assert.Equal(
            ["/v1/agreements/alpha-beta", "/v1/certificates/beta", "/v1/label-bodies/bureau", "/v1/schemes/beta", "/v1/standards/beta-1"],
            await SubjectsAsync("products=" + Paint));
        Assert.Equal(
            ["/v1/agreements/alpha-beta", "/v1/label-bodies/bureau", "/v1/schemes/beta", "/v1/schemes/beta/register", "/v1/standards/beta-1"],
            await SubjectsAsync("products=" + Varnish));
        Assert.Empty(await SubjectsAsync("products=p-00000000000000000000"));
    }

    [Fact]
    public async Task A_category_is_concerned_by_what_covers_it_or_lies_below_it()
    {
        await GivenAsync();
        string[] all =
        [
            "/v1/agreements/alpha-beta", "/v1/categories/coatings", "/v1/categories/coatings.decorative", "/v1/certificates/beta", "/v1/label-bodies/bureau",
            "/v1/schemes/beta", "/v1/schemes/beta/register", "/v1/standards/beta-1",
        ];
        Assert.Equal(all, await SubjectsAsync("categories=coatings"));
        Assert.Equal(all, await SubjectsAsync("categories=coatings.decorative"));
        Assert.Equal(["/v1/agreements/alpha-beta", "/v1/categories/furniture"], await SubjectsAsync("categories=furniture"));
    }

    [Fact]
    public async Task What_names_any_of_the_things_is_listed_once()
    {
        await GivenAsync();
        Assert.Equal(
            ["/v1/agreements/alpha-beta", "/v1/categories/furniture", "/v1/label-bodies/bureau", "/v1/schemes/gamma"],
            await SubjectsAsync("schemes=gamma&agreements=alpha-beta&categories=furniture"));
    }

    [Fact]
    public async Task What_an_entry_takes_away_is_heard_of()
    {
        await app.FillAsync();
        await app.SendAsync(SmallRegistry.Category("toys"));
        await app.SendAsync(SmallRegistry.Scheme("before"));
        await app.SendAsync(SmallRegistry.Scheme("after"));
        await PutAsync("Town", "before");
        var dropped = await PutAsync("Town", "after");
        var later = await PutAsync("Town hall", "after");

        Assert.Equal([dropped], (await app.AllAsync($"/v1/changes?after={dropped - 1}&schemes=before")).Select(Revision));
        Assert.Equal([dropped, later], (await app.AllAsync($"/v1/changes?after={dropped - 1}&schemes=after")).Select(Revision));

        async Task<long> PutAsync(string name, string scheme) => Revision(await app.WriteAsync(
            "PUT", "/v1/policies/fickle", $$"""{ "authority": "Town", "names": { "en": "{{name}}" }, "accepts": [{ "scheme": "{{scheme}}", "categories": ["toys"] }] }"""));
    }

    [Fact]
    public async Task A_list_is_the_same_page_by_page()
    {
        await GivenAsync();
        var whole = await app.AllAsync("/v1/changes?schemes=beta&limit=1000");
        Assert.Equal(whole.Select(Revision), (await app.AllAsync("/v1/changes?schemes=beta&limit=1")).Select(Revision));
        Assert.Equal(whole.Select(Revision).Order(), whole.Select(Revision));
    }

    private static long Revision(JsonElement entry) => entry.GetProperty("revision").GetInt64();

    /// <summary>The subjects of the entries that pass, each once; certificates by their scheme.</summary>
    private async Task<List<string>> SubjectsAsync(string filter) =>
    [
        .. (await app.AllAsync("/v1/changes?" + filter)).Select(entry => entry.Text("subject")!)
            .Select(subject => subject.StartsWith("/v1/certificates/", StringComparison.Ordinal) ? subject[..subject.LastIndexOf('-')] : subject)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    // One certificate for paint, written alone, and one for varnish, written as a register.
    private async Task GivenAsync()
    {
        await app.FillAsync();
        await app.SendAsync(SmallRegistry.Category("furniture"));
        await app.SendAsync(SmallRegistry.Scheme("gamma"));
        await app.SendAsync(new RegisterCertificate.Request(SmallRegistry.Certificate("B-1", "2024-01-01", SmallRegistry.Product("Brand", "Paint")), Actor.Registrar));
        await app.SendAsync(new ImportRegister.Request("beta", [SmallRegistry.Certificate("B-2", "2024-01-01", SmallRegistry.Product("Brand", "Varnish"))], null, Actor.Registrar));
    }
}
