using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Certificates;

[Collection(SqliteReference.Name)]
public sealed class SqliteListCertificates(SqliteRegistry app) : ListCertificatesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListCertificates(PostgreSqlRegistry app) : ListCertificatesTests(app);

public abstract class ListCertificatesTests(RegistryApp app)
{
    [Theory]
    [InlineData("17 133 003")]
    [InlineData("17133003")]
    [InlineData(" 17-133-003")]
    [InlineData("１７ １３３ ００３")]
    public async Task A_number_is_found_however_it_is_written(string number)
    {
        var found = Assert.Single(await app.AllAsync($"/v1/certificates?scheme=eco-mark&asOf=2019-11-01&number={Uri.EscapeDataString(number)}"));

        Assert.Equal("17 133 003", found.Text("number"));
        Assert.Equal("valid", found.Text("standing"));
        Assert.True(found.GetProperty("unconfirmed").GetBoolean());
        Assert.Equal(["it.digital-duplicator"], found.Texts("categories"));
    }

    [Fact]
    public async Task A_scheme_is_named_by_code_or_alias_and_an_unknown_one_is_refused()
    {
        var byCode = await app.AllAsync("/v1/certificates?scheme=nordic-swan&asOf=2026-01-01");
        var byAlias = await app.AllAsync("/v1/certificates?scheme=SVANEN&asOf=2026-01-01");
        var unknown = await app.GetAsync("/v1/certificates?scheme=nordic-swam");

        Assert.NotEmpty(byCode);
        Assert.All(byCode, row => Assert.Equal("nordic-swan", row.Text("scheme")));
        Assert.Equal(byCode.Texts("id"), byAlias.Texts("id"));
        Assert.Equal("unknown-scheme", unknown.Text("code"));
        Assert.Contains("nordic-swan", unknown.Texts("suggestions"));
    }

    [Theory]
    [InlineData("riso")]
    [InlineData("RISO kagaku")]
    [InlineData("kagaku riso")]
    [InlineData("ＲＩＳＯ")]
    [InlineData("理想科学")]
    public async Task A_holder_is_found_by_words_of_its_name(string holder)
    {
        var found = await app.AllAsync($"/v1/certificates?holder={Uri.EscapeDataString(holder)}");

        Assert.Contains("17 133 003", found.Texts("number"));
        Assert.All(found, row => Assert.Contains("RISO", row.Text("holder"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("' or 1=1 --")]
    public async Task What_means_something_to_the_database_means_nothing_in_a_holder(string holder) =>
        Assert.DoesNotContain("17 133 003", (await app.AllAsync($"/v1/certificates?scheme=eco-mark&holder=x{Uri.EscapeDataString(holder)}")).Texts("number"));

    [Fact]
    public async Task Standing_is_that_of_the_date()
    {
        var valid = await app.AllAsync("/v1/certificates?scheme=energy-star&standing=valid&asOf=2019-01-01&limit=1000");
        var notYet = await app.AllAsync("/v1/certificates?scheme=energy-star&standing=not-yet-valid&asOf=2019-01-01&limit=1000");
        var all = await app.AllAsync("/v1/certificates?scheme=energy-star&limit=1000");

        Assert.All(valid, row => Assert.True(string.CompareOrdinal(row.Text("validFrom"), "2019-01-01") <= 0));
        Assert.All(notYet, row => Assert.True(string.CompareOrdinal(row.Text("validFrom"), "2019-01-01") > 0));
        Assert.NotEmpty(valid);
        Assert.NotEmpty(notYet);
        Assert.Equal(all.Count, valid.Count + notYet.Count);
    }

    [Fact]
    public async Task A_category_is_that_of_a_line_or_lies_above_it()
    {
        var imaging = await app.AllAsync("/v1/certificates?category=it.imaging&limit=1000");

        Assert.Contains(imaging, row => row.Texts("categories").Contains("it.imaging"));
        Assert.Contains(imaging, row => row.Texts("categories").Contains("it.digital-duplicator"));
        Assert.DoesNotContain(imaging, row => row.Text("scheme") == "energy-star");
        Assert.Equal("unknown-category", (await app.GetAsync("/v1/certificates?category=it.imagin")).Text("code"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("standing=valid&asOf=2026-01-01")]
    [InlineData("category=appliance.clothes-washer")]
    public async Task Pages_add_up_to_the_whole_list_in_the_order_of_scheme_and_id(string filter)
    {
        var whole = await app.AllAsync($"/v1/certificates?{filter}&limit=1000".Replace("?&", "?", StringComparison.Ordinal));
        var pages = await app.AllAsync($"/v1/certificates?{filter}&limit=7".Replace("?&", "?", StringComparison.Ordinal));

        Assert.True(whole.Count > 100);
        Assert.Equal(whole.Texts("id"), pages.Texts("id"));
        var keys = whole.Select(row => (row.Text("scheme")!, row.Text("id")!)).ToList();
        Assert.Equal(keys.OrderBy(k => k.Item1, StringComparer.Ordinal).ThenBy(k => k.Item2, StringComparer.Ordinal), keys);
    }

    [Fact]
    public async Task A_page_says_where_the_next_one_is()
    {
        using var response = await app.Client.GetAsync("/v1/certificates?scheme=energy-star&limit=1");

        Assert.StartsWith("</v1/certificates?scheme=energy-star&limit=1&cursor=", Assert.Single(response.Headers.GetValues("Link")), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.ETag);
    }

    [Theory]
    [InlineData("standing=fine", "invalid")]
    [InlineData("asOf=2026-02-30", "invalid")]
    [InlineData("limit=0", "invalid")]
    [InlineData("holders=riso", "unknown-parameter")]
    [InlineData("cursor=abc", "invalid-cursor")]
    [InlineData("knownAt=999999", "not-yet-known")]
    public async Task What_cannot_be_asked_is_refused(string query, string code) => Assert.Equal(code, (await app.GetAsync("/v1/certificates?" + query)).Text("code"));
}

public sealed class SqliteListWrittenCertificates(EmptySqliteRegistry app) : ListWrittenCertificatesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlListWrittenCertificates(EmptyPostgreSqlRegistry app) : ListWrittenCertificatesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class ListWrittenCertificatesTests(RegistryApp app)
{
    [Fact]
    public async Task A_list_read_to_its_end_is_of_one_revision_whatever_is_written_meanwhile()
    {
        await app.FillAsync();
        foreach (var i in Enumerable.Range(0, 10))
        {
            await app.RegisterAsync(Certificate($"P-{i}", products: Product("Acme", $"Page {i}")));
        }

        const string Address = "/v1/certificates?holder=painter&limit=3&standing=valid";
        var first = await app.GetAsync(Address);
        var known = await app.RevisionAsync();
        await app.RegisterAsync(Certificate("P-10"));
        foreach (var row in first.GetProperty("items").EnumerateArray())
        {
            await app.SendAsync(new RecordCertificateEvent.Request(row.Text("id")!, new(CertificateEventType.Withdrawn, Date("2024-01-01")), Actor.Registrar));
        }

        var rest = await app.AllAsync(Address, first.Text("next"));
        Assert.Equal(7, rest.Count);
        Assert.All(rest, row => Assert.True(row.GetProperty("revision").GetInt64() <= known));
        Assert.Equal(8, (await app.AllAsync(Address)).Count);
    }

    [Fact]
    public async Task Further_numbers_and_numbers_of_earlier_versions_are_found_at_their_revision()
    {
        await app.FillAsync();
        await app.RegisterAsync(Certificate("N-1") with { OtherNumbers = ["OLD/7"] });
        var with = await app.RevisionAsync();
        await app.RegisterAsync(Certificate("N-1") with { OtherNumbers = ["NEW/8"] });

        Assert.Equal(["N-1"], (await app.AllAsync("/v1/certificates?number=new8")).Texts("number"));
        Assert.Empty(await app.AllAsync("/v1/certificates?number=old7"));
        Assert.Equal(["N-1"], (await app.AllAsync($"/v1/certificates?number=old7&knownAt={with}")).Texts("number"));
    }

    [Fact]
    public async Task A_line_that_is_off_on_the_date_gives_no_category_while_another_is_on()
    {
        await app.FillAsync();
        await app.SendAsync(Category("cleaning"));
        await app.RegisterAsync(Certificate("C-1", products: [Product("Acme", "Off", "cleaning") with { Until = Date("2024-06-30") }, Product("Acme", "On")]));

        Assert.Single(await app.AllAsync("/v1/certificates?category=cleaning&asOf=2024-06-30"));
        Assert.Empty(await app.AllAsync("/v1/certificates?category=cleaning&asOf=2024-07-01"));
        Assert.Equal(2, Assert.Single(await app.AllAsync("/v1/certificates?number=c1&asOf=2024-06-30")).GetProperty("products").GetInt32());
        Assert.Equal(1, Assert.Single(await app.AllAsync("/v1/certificates?number=c1&asOf=2024-07-01")).GetProperty("products").GetInt32());
    }
}
