using EcoLabelRegistry.Tests.Http;
using EcoLabelRegistry.Tests.Registers;

namespace EcoLabelRegistry.Tests.Certificates;

public sealed class SqliteRegisterCertificate(EmptySqliteRegistry app) : RegisterCertificateTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlRegisterCertificate(EmptyPostgreSqlRegistry app) : RegisterCertificateTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>What a certificate may become through a write.</summary>
public abstract class RegisterCertificateTests(RegistryApp app)
{
    [Fact]
    public async Task An_end_before_the_start_on_record_is_refused()
    {
        var scheme = await app.NewSchemeAsync();
        const string Confirmed = """, "number": "E", "confirmedOn": "2024-06-01" """;
        await WriteAsync(""", "number": "E", "validFrom": "2024-01-01", "products": [{ "brand": "B", "model": "M", "from": "2024-02-01" }]""");
        var before = await app.RowsAsync();

        Assert.Contains("2024-01-01", (await RefusedAsync(Confirmed + """, "validUntil": "2010-01-01" """)).Errors("validUntil"), StringComparison.Ordinal);
        Assert.Contains(
            "2024-02-01",
            (await RefusedAsync(Confirmed + """, "products": [{ "brand": "X", "model": "Y" }, { "brand": "B", "model": "M", "until": "2024-01-31" }]""")).Errors("products[1].until"),
            StringComparison.Ordinal);
        var rows = await app.PatchAsync(scheme, """
            { "number": "OTHER", "validFrom": "2024-01-01" }
            { "number": "E", "confirmedOn": "2024-06-01", "validUntil": "2010" }
            """).RefusedAsync(400, "invalid");
        var rejected = Assert.Single(rows.GetProperty("rejected").EnumerateArray());
        Assert.Equal((2, "invalid"), (rejected.GetProperty("line").GetInt32(), rejected.Text("code")));
        Assert.True(rejected.GetProperty("errors").TryGetProperty("validUntil", out _));
        Assert.Equal(before, await app.RowsAsync());

        // The year of the start may be its end; a renewal may begin after an end that is on record.
        await WriteAsync(Confirmed + """, "validUntil": "2024", "products": [{ "brand": "B", "model": "M", "until": "2024-02" }]""");
        await WriteAsync(""", "number": "E", "validFrom": "2026-01-01" """);
        await WriteAsync(""", "number": "E", "validFrom": "2026-01-01" """);

        Task<System.Text.Json.JsonElement> WriteAsync(string more) => app.WriteAsync("POST", "/v1/certificates", $$"""{ "scheme": "{{scheme}}"{{more}} }""");

        Task<System.Text.Json.JsonElement> RefusedAsync(string more) =>
            app.RefusedAsync("POST", "/v1/certificates", $$"""{ "scheme": "{{scheme}}"{{more}} }""", Writing.RegistrarKey, "invalid");
    }
}
