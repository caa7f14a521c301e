using System.Net;
using System.Net.Sockets;
using EcoLabelRegistry.Subscriptions;
using EcoLabelRegistry.Tests.Http;
using Microsoft.AspNetCore.Hosting;

namespace EcoLabelRegistry.Tests.Subscriptions;

public sealed class PublicAddressesTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.64.0.0", false)]
    [InlineData("100.127.255.255", false)]
    [InlineData("100.128.0.0", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.0", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:a00:1::1", false)]
    public void An_address_is_public_or_not(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddresses.IsPublic(IPAddress.Parse(address)));
}

public sealed class SqlitePublicDeliveries(SqliteStrictRegistry app) : PublicDeliveriesTests(app), IClassFixture<SqliteStrictRegistry>;

public sealed class PostgreSqlPublicDeliveries(PostgreSqlStrictRegistry app) : PublicDeliveriesTests(app), IClassFixture<PostgreSqlStrictRegistry>;

/// <summary>Nobody makes the service speak to its own network.</summary>
public abstract class PublicDeliveriesTests(RegistryApp app)
{
    [Theory]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("https://127.0.0.1:8443/hook")]
    [InlineData("https://2130706433/hook")]
    [InlineData("https://0x7f.1/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://[::ffff:10.0.0.1]/hook")]
    [InlineData("https://10.0.0.1/hook")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://100.64.0.1/hook")]
    [InlineData("https://[fd00::1]/hook")]
    [InlineData("https://localhost/hook")]
    [InlineData("https://inside.example/hook")]
    [InlineData("http://procurement.example/hook")]
    [InlineData("ftp://procurement.example/hook")]
    [InlineData("https://user:word@procurement.example/hook")]
    [InlineData("https://procurement.example/hook#part")]
    [InlineData("https://")]
    [InlineData("/hook")]
    [InlineData("")]
    public async Task An_address_that_may_not_be_delivered_to_is_refused(string url)
    {
        var before = await app.RevisionAsync();

        var problem = await app.RefusedAsync("POST", "/v1/subscriptions", $$"""{ "url": "{{url}}" }""", Writing.RegistrarKey, "invalid");

        Assert.True(problem.GetProperty("errors").TryGetProperty("url", out _), problem.ToString());
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task A_name_whose_address_has_become_a_private_one_is_not_connected_to()
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        await app.SchemeAsync("rebound");
        var made = await app.WriteAsync(
            "POST", "/v1/subscriptions",
            $$"""{ "url": "https://rebinding.example:{{((IPEndPoint)inside.LocalEndpoint).Port}}/hook", "filter": { "schemes": ["rebound"] } }""");

        await app.WriteAsync("PUT", "/v1/schemes/rebound", """{ "body": "rebound", "names": { "en": "Anew" } }""");

        var letter = await DeadLetterAsync(made.Text("id")!);
        Assert.Equal("address-refused", letter);
        Assert.False(inside.Pending());
    }

    private async Task<string?> DeadLetterAsync(string subscription)
    {
        for (var i = 0; i < 600; i++)
        {
            using var response = await app.Client.SendAsync("GET", $"/v1/subscriptions/{subscription}/deliveries?state=dead", null, Writing.RegistrarKey);
            if ((await response.JsonAsync()).Items() is [var letter])
            {
                return letter.Text("failure");
            }

            await Task.Delay(100);
        }

        return null;
    }
}

/// <summary>Names as an attacker sets them: one that leads inside, and one that does so only after it was looked at.</summary>
internal sealed class AttackersNames
{
    private int _asked;

    public Task<IPAddress[]> ResolveAsync(string host) => Task.FromResult<IPAddress[]>(host switch
    {
        "inside.example" => [IPAddress.Parse("192.168.0.10"), IPAddress.Parse("fd00::10")],
        "rebinding.example" => [Interlocked.Increment(ref _asked) == 1 ? IPAddress.Parse("8.8.8.8") : IPAddress.Loopback],
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ => throw new SocketException((int)SocketError.HostNotFound),
    });
}

/// <summary>A registry on SQLite that delivers to the public internet only.</summary>
public sealed class SqliteStrictRegistry : SqliteRegistry
{
    private readonly AttackersNames _names = new();

    protected override string Seed => "none";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseFeed().UseSetting("Registry:Webhooks:AllowPrivate", "false");
    }

    protected override Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel) => _names.ResolveAsync(host);
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class PostgreSqlStrictRegistry : PostgreSqlRegistry
{
    private readonly AttackersNames _names = new();

    protected override string Seed => "none";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseFeed().UseSetting("Registry:Webhooks:AllowPrivate", "false");
    }

    protected override Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel) => _names.ResolveAsync(host);
}
