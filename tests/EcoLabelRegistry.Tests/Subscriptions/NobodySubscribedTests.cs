using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Subscriptions;

public sealed class SqliteNobodySubscribed(EmptySqliteRegistry app) : NobodySubscribedTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlNobodySubscribed(EmptyPostgreSqlRegistry app) : NobodySubscribedTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class NobodySubscribedTests(RegistryApp app)
{
    [Fact]
    public async Task A_registry_without_subscriptions_has_nothing_to_complain_of()
    {
        await Task.Delay(TimeSpan.FromSeconds(2)); // deliveries are looked for twice a second, and at once at the start

        // The service's own: the web server warns when the machine is slow.
        Assert.DoesNotContain(app.Log.Entries, e => e.Level >= LogLevel.Warning && e.Category.StartsWith("EcoLabelRegistry", StringComparison.Ordinal));
    }
}
