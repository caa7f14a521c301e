using System.Net;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Tests.Http;
using EcoLabelRegistry.Tests.Registers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Keys;

public sealed class SqliteOwnership(EmptySqliteRegistry app) : OwnershipTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlOwnership(EmptyPostgreSqlRegistry app) : OwnershipTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Nobody writes, signs or reads the keys for another: tried at every address that needs a key.</summary>
public abstract class OwnershipTests(RegistryApp app)
{
    /// <summary>What a stranger tries at each address. An address that is missing here fails the test below.</summary>
    private static readonly Dictionary<string, (string Address, string? Body)[]> Attempts = new(StringComparer.Ordinal)
    {
        ["PUT /v1/categories/{code}"] = [("/v1/categories/mine", """{ "names": { "en": "x" } }""")],
        ["PUT /v1/label-bodies/{code}"] = [
            ("/v1/label-bodies/mine", """{ "names": { "en": "x" } }"""),
            ("/v1/label-bodies/stranger", """{ "names": { "en": "x" } }""")],
        ["PUT /v1/schemes/{code}"] = [
            ("/v1/schemes/mine", """{ "body": "mine", "names": { "en": "x" } }"""),
            ("/v1/schemes/mine", """{ "body": "stranger", "names": { "en": "x" } }"""),
            ("/v1/schemes/new", """{ "body": "mine", "names": { "en": "x" } }""")],
        ["PUT /v1/standards/{id}"] = [
            ("/v1/standards/mine-1", """{ "scheme": "mine", "number": "1" }"""),
            ("/v1/standards/mine-1", """{ "scheme": "stranger", "number": "1" }"""),
            ("/v1/standards/new-1", """{ "scheme": "mine", "number": "1" }""")],
        ["PUT /v1/policies/{code}"] = [("/v1/policies/city", """{ "authority": "City", "names": { "en": "x" } }"""), ("/v1/policies/new", "{}")],
        ["POST /v1/certificates"] = [("/v1/certificates", """{ "scheme": "mine", "number": "9", "validFrom": "2024-01-01" }""")],
        ["POST /v1/certificates/{id}/events"] = [("/v1/certificates/{certificate}/events", """{ "type": "withdrawn", "effective": "2024-01-01" }""")],
        ["PUT /v1/schemes/{code}/register"] = [("/v1/schemes/mine/register", """{ "number": "9", "validFrom": "2024-01-01" }""")],
        ["PATCH /v1/schemes/{code}/register"] = [("/v1/schemes/mine/register", """{ "number": "9", "validFrom": "2024-01-01" }""")],
        ["POST /v1/agreements"] = [
            ("/v1/agreements", Agreement("theirs")),
            ("/v1/agreements", Agreement("attested", """ "attested": true, "sources": [{ "title": "x" }], """))],
        ["POST /v1/agreements/{code}/signatures"] = [("/v1/agreements/mine-other/signatures", "{}")],
        ["POST /v1/agreements/{code}/events"] = [
            ("/v1/agreements/mine-other/events", """{ "type": "terminated", "effective": "2024-01-01" }"""),
            ("/v1/agreements/mine-other/events", """{ "type": "suspended", "effective": "2024-01-01", "party": "mine" }""")],
        ["POST /v1/agreements/{code}/amendments"] = [("/v1/agreements/mine-other/amendments", """{ "effectiveFrom": "2024-01-01" }""")],
        ["POST /v1/agreements/{code}/accessions"] = [
            ("/v1/agreements/mine-other/accessions", """{ "scheme": "third", "effective": "2024-01-01" }""")],
        ["POST /v1/label-bodies/{code}/keys"] = [("/v1/label-bodies/mine/keys", """{ "name": "x" }""")],
        ["GET /v1/label-bodies/{code}/keys"] = [("/v1/label-bodies/mine/keys", null)],
        ["DELETE /v1/label-bodies/{code}/keys/{id}"] = [("/v1/label-bodies/mine/keys/{key}", null)],
        ["POST /v1/policies/{code}/keys"] = [("/v1/policies/city/keys", """{ "name": "x" }""")],
        ["GET /v1/policies/{code}/keys"] = [("/v1/policies/city/keys", null)],
        ["DELETE /v1/policies/{code}/keys/{id}"] = [("/v1/policies/city/keys/0123456789abcdef", null)],
        ["POST /v1/objections/{id}/answer"] = [("/v1/objections/{objection}/answer", """{ "text": "x" }""")],
        ["POST /v1/certificates/{id}/redactions"] = [("/v1/certificates/{certificate}/redactions", """{ "members": ["holder"], "reason": "x" }""")],
        ["POST /v1/agreements/{code}/redactions"] = [("/v1/agreements/mine-other/redactions", """{ "members": ["signatories"], "reason": "x" }""")],
        ["POST /v1/objections/{id}/redactions"] = [("/v1/objections/{objection}/redactions", """{ "members": ["text"], "reason": "x" }""")],
        ["POST /v1/subscriptions"] = [], // anybody with a key may, for himself
        ["GET /v1/subscriptions"] = [], // one's own
        ["GET /v1/subscriptions/{id}"] = [("/v1/subscriptions/{subscription}", null)],
        ["DELETE /v1/subscriptions/{id}"] = [("/v1/subscriptions/{subscription}", null)],
        ["GET /v1/subscriptions/{id}/deliveries"] = [("/v1/subscriptions/{subscription}/deliveries", null)],
        ["POST /v1/subscriptions/{id}/deliveries/{revision}/redelivery"] = [("/v1/subscriptions/{subscription}/deliveries/1/redelivery", null)],
    };

    [Fact]
    public async Task A_stranger_is_refused_at_every_address_that_needs_a_key()
    {
        var (stranger, names) = await GivenAsync();
        var addresses = Addresses();
        Assert.Equal(addresses, Attempts.Keys.Order(StringComparer.Ordinal));
        var before = await app.RevisionAsync();

        foreach (var address in addresses)
        {
            foreach (var (path, body) in Attempts[address])
            {
                var method = address[..address.IndexOf(' ', StringComparison.Ordinal)];
                var at = names.Aggregate(path, (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal));
                using var response = await app.Client.SendAsync(method, at, body, stranger, MediaTypeOf(path));
                Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{method} {at}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                await response.ProblemAsync("forbidden");
                Assert.Contains(app.Log.Entries, e =>
                    e.Level == LogLevel.Warning && e.Message.StartsWith($"{method} {at} refused, forbidden: body:stranger", StringComparison.Ordinal));

                using var anonymous = await app.Client.SendAsync(method, at, body, null, MediaTypeOf(path));
                await anonymous.ProblemAsync("unauthorised");
            }
        }

        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task The_registrar_never_signs_nor_acts_for_a_party()
    {
        await GivenAsync();
        await app.RefusedAsync("POST", "/v1/agreements/mine-other/signatures", "{}", Writing.RegistrarKey, "forbidden");
        await app.RefusedAsync("POST", "/v1/agreements", Agreement("by-registrar"), Writing.RegistrarKey, "forbidden");
        await app.RefusedAsync("POST", "/v1/agreements/mine-other/amendments", """{ "effectiveFrom": "2024-01-01" }""", Writing.RegistrarKey, "forbidden");
        await app.RefusedAsync("POST", "/v1/agreements/mine-other/events", """{ "type": "suspended", "effective": "2024-01-01" }""", Writing.RegistrarKey, "forbidden");
        await app.RefusedAsync("POST", "/v1/agreements/mine-other/accessions", """{ "scheme": "third", "effective": "2024-01-01" }""", Writing.RegistrarKey, "forbidden");
    }

    [Theory]
    [InlineData("PUT", "/v1/schemes/mine", "text/plain", "x", 401)]
    [InlineData("PUT", "/v1/schemes/mine", null, "{", 401)]
    public async Task Who_asks_is_judged_before_what_he_sends(string method, string address, string? mediaType, string body, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = mediaType is null ? null : new(mediaType);
        using var response = await app.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task What_he_sends_is_parsed_before_whose_it_is_and_that_before_what_it_says()
    {
        var (stranger, _) = await GivenAsync();
        await app.RefusedAsync("PUT", "/v1/schemes/mine", "{", stranger, "unreadable-body");
        await app.RefusedAsync("PUT", "/v1/schemes/mine", """{ "colour": "green" }""", stranger, "unknown-member");
        await app.RefusedAsync("PUT", "/v1/schemes/mine", """{ "names": {}, "tiers": ["a", "a"] }""", stranger, "forbidden");
        await app.RefusedAsync("PUT", "/v1/schemes/mine", """{ "names": {}, "body": "nobody" }""", Writing.RegistrarKey, "invalid");
        await app.RefusedAsync("POST", "/v1/certificates/none/events", "{}", Writing.RegistrarKey, "not-found");
    }

    [Fact]
    public async Task What_another_server_has_just_written_makes_nobody_a_stranger_here()
    {
        await using var another = new AnotherServer(app.Database);
        await another.InitializeAsync();
        for (var i = 0; i < 5; i++)
        {
            var key = await another.SchemeAsync($"elsewhere-{i}"); // of which this server's memory knows nothing yet
            await app.WriteAsync("POST", "/v1/certificates", $$"""{ "scheme": "elsewhere-{{i}}", "number": "1", "validFrom": "2024-01-01" }""", key);
        }
    }

    /// <summary>A register is rows; all else is one document.</summary>
    private static (string Name, string Value)[] MediaTypeOf(string path) =>
        path.EndsWith("/register", StringComparison.Ordinal) ? [("Content-Type", "application/x-ndjson")] : [];

    private static string Agreement(string code, string member = "") => $$"""
        { "code": "{{code}}", "title": { "en": "x" }, "kind": "multilateral", "parties": ["mine", "other"], {{member}} "effectiveFrom": "2020-01-01" }
        """;

    private async Task<(string Key, Dictionary<string, string> Names)> GivenAsync()
    {
        var mine = await app.SchemeAsync("mine");
        await app.SchemeAsync("other");
        await app.SchemeAsync("third");
        var stranger = await app.SchemeAsync("stranger");
        await app.WriteAsync("PUT", "/v1/standards/mine-1", """{ "scheme": "mine", "number": "1" }""", mine);
        await app.WriteAsync("PUT", "/v1/policies/city", """{ "authority": "City", "names": { "en": "City" } }""");
        var certificate = await app.WriteAsync("POST", "/v1/certificates", """{ "scheme": "mine", "number": "1", "validFrom": "2024-01-01" }""", mine);
        var key = await app.WriteAsync("POST", "/v1/label-bodies/mine/keys", """{ "name": "kept" }""", mine);
        var subscription = await app.WriteAsync("POST", "/v1/subscriptions", """{ "url": "https://mine.example/hook" }""", mine);
        var objection = await app.WriteAsync("POST", "/v1/objections", """{ "about": "/v1/schemes/mine", "text": "x" }""");
        using var existing = await app.Client.GetAsync("/v1/agreements/mine-other");
        if (existing.StatusCode == HttpStatusCode.NotFound)
        {
            await app.WriteAsync("POST", "/v1/agreements", Agreement("mine-other"), mine);
        }

        return (stranger, new(StringComparer.Ordinal)
        {
            ["{certificate}"] = certificate.GetProperty("id").GetString()!,
            ["{key}"] = key.GetProperty("id").GetString()!,
            ["{objection}"] = objection.GetProperty("id").GetString()!,
            ["{subscription}"] = subscription.GetProperty("id").GetString()!,
        });
    }

    private List<string> Addresses() =>
    [
        .. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<NeedsKey>() is not null)
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"))
            .Order(StringComparer.Ordinal),
    ];
}
