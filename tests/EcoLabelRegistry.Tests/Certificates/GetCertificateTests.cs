using System.Net;
using System.Text.Json;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Certificates;

[Collection(SqliteReference.Name)]
public sealed class SqliteGetCertificate(SqliteRegistry app) : GetCertificateTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlGetCertificate(PostgreSqlRegistry app) : GetCertificateTests(app);

public abstract class GetCertificateTests(RegistryApp app)
{
    [Fact]
    public async Task A_certificate_shows_its_periods_its_products_and_the_same_machine_across_the_border()
    {
        var id = (await app.AllAsync("/v1/certificates?scheme=eco-mark&number=17133003"))[0].Text("id");
        var shown = await app.GetAsync($"/v1/certificates/{id}?asOf=2019-11-01");

        Assert.Equal("2019-11-01", shown.Text("asOf"));
        Assert.Equal("valid", shown.Text("standing"));
        Assert.Equal("2019-10-25", Assert.Single(shown.GetProperty("periods").EnumerateArray()).Text("firstConfirmedOn"));
        Assert.StartsWith("https://", shown.GetProperty("sources")[0].Text("address"), StringComparison.Ordinal);
        var line = Assert.Single(shown.GetProperty("products").EnumerateArray());
        Assert.Equal(("RISOGRAPH", "MF935", true), (line.Text("brand"), line.Text("model"), line.GetProperty("listed").GetBoolean()));
        Assert.Equal("MF935", (await app.GetAsync($"/v1/products/{line.Text("product")}")).Text("model"));
        var related = Assert.Single(line.GetProperty("related").EnumerateArray());
        Assert.Equal(("cel", "MF9350C"), (related.Text("scheme"), related.Text("model")));
        Assert.Equal("riso-mf9350c", (await app.GetAsync($"/v1/certificates/{related.Text("id")}")).Text("key"));
    }

    [Fact]
    public async Task Before_the_first_report_the_same_certificate_is_not_yet_valid()
    {
        var id = (await app.AllAsync("/v1/certificates?scheme=eco-mark&number=17133003"))[0].Text("id");

        Assert.Equal("not-yet-valid", (await app.GetAsync($"/v1/certificates/{id}?asOf=2019-10-24")).Text("standing"));
    }

    [Fact]
    public async Task An_id_that_nothing_has_is_not_found()
    {
        using var response = await app.Client.GetAsync("/v1/certificates/eco-mark-00000000000000000000");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("not-found", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Text("code"));
    }
}

public sealed class SqliteGetWrittenCertificate(EmptySqliteRegistry app) : GetWrittenCertificateTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlGetWrittenCertificate(EmptyPostgreSqlRegistry app) : GetWrittenCertificateTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class GetWrittenCertificateTests(RegistryApp app)
{
    [Fact]
    public async Task Every_revision_of_a_certificate_reads_back_as_it_was()
    {
        await app.FillAsync();
        var first = await app.RegisterAsync(Certificate("V-1") with { ValidUntil = Date("2024-12-31") });
        var second = await app.RegisterAsync(Certificate("V-1", "2025-01-01") with { ValidUntil = Date("2026-12-31") });
        var third = await app.SendAsync(
            new RecordCertificateEvent.Request(first.Id, new(CertificateEventType.Suspended, Date("2025-03-01"), "Fees unpaid"), Actor.Registrar));

        var address = $"/v1/certificates/{first.Id}?asOf=2025-06-01";
        var now = await app.GetAsync(address);
        Assert.Equal(("suspended", third.Revision), (now.Text("standing"), now.GetProperty("revision").GetInt64()));
        Assert.Equal("Fees unpaid", Assert.Single(now.GetProperty("events").EnumerateArray()).Text("reason"));
        Assert.Equal("2025-01-01", now.GetProperty("period").Text("validFrom"));
        Assert.Equal(2, now.GetProperty("periods").GetArrayLength());
        Assert.Equal("valid", (await app.GetAsync($"{address}&knownAt={second.Revision}")).Text("standing"));
        Assert.Equal("expired", (await app.GetAsync($"{address}&knownAt={first.Revision}")).Text("standing"));
        Assert.Equal("not-found", (await app.GetAsync($"{address}&knownAt={first.Revision - 1}")).Text("code"));
        Assert.Equal("valid", (await app.GetAsync($"/v1/certificates/{first.Id}?asOf=2024-06-01")).Text("standing"));
    }

    [Fact]
    public async Task A_certificate_says_when_its_next_audit_is_due()
    {
        await app.FillAsync();
        await app.SendAsync(new PutScheme.Request(new SchemeEntry { Code = "audited", Body = "bureau", Names = Text("Audited"), SurveillanceMonths = 12 }, Actor.Registrar));
        var written = await app.RegisterAsync(new CertificateBody { Scheme = "audited", Number = "A-1", ValidFrom = Date("2024-01-01"), LastAudit = Date("2024-06") });

        var onTheDay = (await app.GetAsync($"/v1/certificates/{written.Id}?asOf=2025-06-30")).GetProperty("surveillance");
        var dayAfter = (await app.GetAsync($"/v1/certificates/{written.Id}?asOf=2025-07-01")).GetProperty("surveillance");
        Assert.Equal(("2024-06", 12, "2025-06-30"), (onTheDay.Text("lastAudit"), onTheDay.GetProperty("intervalMonths").GetInt32(), onTheDay.Text("dueBy")));
        Assert.False(onTheDay.GetProperty("overdue").GetBoolean());
        Assert.True(dayAfter.GetProperty("overdue").GetBoolean());
    }

    [Fact]
    public async Task The_answer_that_a_client_holds_still_holds_until_the_registry_is_written()
    {
        await app.FillAsync();
        var written = await app.RegisterAsync(Certificate("E-1"));
        using var first = await app.Client.GetAsync($"/v1/certificates/{written.Id}?asOf=2025-01-01");
        Assert.Equal(HttpStatusCode.NotModified, await AskAgainAsync());
        await app.RegisterAsync(Certificate("E-2"));
        Assert.Equal(HttpStatusCode.OK, await AskAgainAsync());

        async Task<HttpStatusCode> AskAgainAsync()
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/certificates/{written.Id}?asOf=2025-01-01");
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var response = await app.Client.SendAsync(again);
            return response.StatusCode;
        }
    }
}
