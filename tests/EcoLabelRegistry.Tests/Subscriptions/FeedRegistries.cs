using System.Globalization;
using EcoLabelRegistry.Subscriptions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;

namespace EcoLabelRegistry.Tests.Subscriptions;

/// <summary>An empty registry on SQLite that delivers to loopback, and loses no time.</summary>
public sealed class SqliteFeed : SqliteRegistry
{
    protected override string Seed => "none";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseFeed();
    }
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class PostgreSqlFeed : PostgreSqlRegistry
{
    protected override string Seed => "none";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseFeed();
    }
}

/// <summary>A registry on SQLite that answers and delivers nothing: what delivers is started by the tests.</summary>
public sealed class SqliteWithoutDeliveries : SqliteRegistry
{
    protected override string Seed => "none";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseFeed().DeliverNothing();
    }
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class PostgreSqlWithoutDeliveries : PostgreSqlRegistry
{
    protected override string Seed => "none";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseFeed().DeliverNothing();
    }
}

/// <summary>One more server on the database of another.</summary>
public sealed class FurtherServer(RegistryApp first, int attempts, int timeoutSeconds) : RegistryApp
{
    public override string Database => first.Database;

    protected override string Seed => "none";

    public static async Task<FurtherServer> StartAsync(RegistryApp first, int attempts = 3, int timeoutSeconds = FeedSettings.Patience)
    {
        var server = new FurtherServer(first, attempts, timeoutSeconds);
        await server.InitializeAsync();
        return server;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseFeed(attempts, timeoutSeconds);
    }
}

internal static class FeedSettings
{
    /// <summary>Seconds that an attempt may take where none is to fail by them.</summary>
    public const int Patience = 60;

    public static IWebHostBuilder UseFeed(this IWebHostBuilder builder, int attempts = 3, int timeoutSeconds = Patience) => builder
        .UseSetting("Registry:Feed:HeartbeatSeconds", "0.2")
        .UseSetting("Registry:Webhooks:AllowPrivate", "true")
        .UseSetting("Registry:Webhooks:Attempts", attempts.ToString(CultureInfo.InvariantCulture))
        .UseSetting("Registry:Webhooks:FirstRetrySeconds", "0.05")
        .UseSetting("Registry:Webhooks:LongestRetrySeconds", "0.1")
        .UseSetting("Registry:Webhooks:TimeoutSeconds", timeoutSeconds.ToString(CultureInfo.InvariantCulture));

    public static void DeliverNothing(this IWebHostBuilder builder) => builder.ConfigureTestServices(services =>
        services.Remove(services.Single(service => service.ImplementationType == typeof(DeliverChanges))));
}
