using EcoLabelRegistry.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace EcoLabelRegistry.Tests.Subscriptions;

public sealed class SqliteDeliveringServers(SqliteWithoutDeliveries app) : DeliveringServersTests(app), IClassFixture<SqliteWithoutDeliveries>;

public sealed class PostgreSqlDeliveringServers(PostgreSqlWithoutDeliveries app) : DeliveringServersTests(app), IClassFixture<PostgreSqlWithoutDeliveries>;

/// <summary>Servers come and go, and several share one database: every entry is delivered, in order, by one of them.</summary>
public abstract class DeliveringServersTests(RegistryApp app)
{
    [Fact]
    public async Task What_was_not_delivered_before_a_restart_is_delivered_after_it()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("restart");
        receiver.Answer = (_, _) => 500;
        var subscription = await SubscribeAsync(receiver, "restart");
        var before = await PutAsync(app, "restart");
        await using (var server = await FurtherServer.StartAsync(app, attempts: 100))
        {
            await receiver.WaitAsync(2);
        }

        var meanwhile = await PutAsync(app, "restart");
        var tried = receiver.Received.Count;
        var counted = await AttemptsAsync(subscription, before);
        Assert.True(counted > 0);
        receiver.Answer = (_, _) => 200;
        await using (var server = await FurtherServer.StartAsync(app, attempts: 100))
        {
            while (receiver.Received.Count < tried + 2)
            {
                await receiver.WaitAsync(1);
            }
        }

        var posts = receiver.Received.ToList();
        Assert.All(posts[..(tried + 1)], post => Assert.Equal($"{subscription}-{before}", post.Id));
        Assert.Equal([$"{subscription}-{meanwhile}"], posts[(tried + 1)..].Select(post => post.Id));
        Assert.Equal(counted + 1, await AttemptsAsync(subscription, before)); // what was tried before the restart counts after it
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_tried_again()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("slow");
        receiver.Answer = (n, _) => n == 1 ? null : 200;
        var subscription = await SubscribeAsync(receiver, "slow");
        var revision = await PutAsync(app, "slow");

        await using var server = await FurtherServer.StartAsync(app, attempts: 100, timeoutSeconds: 1);
        var posts = await receiver.WaitAsync(2);

        Assert.All(posts, post => Assert.Equal($"{subscription}-{revision}", post.Id));
        Assert.Contains(server.Log.Entries, e => e.Message.StartsWith($"Delivery {subscription}-{revision} failed (timeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_servers_one_delivers_each_entry_in_order()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("pair");
        var subscription = await SubscribeAsync(receiver, "pair");
        await using var one = await FurtherServer.StartAsync(app);
        await using var other = await FurtherServer.StartAsync(app);

        var written = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            written.Add($"{subscription}-{await PutAsync(i % 2 == 0 ? one : other, "pair")}");
        }

        await receiver.WaitAsync(20);
        Assert.Equal(written, receiver.Received.Select(post => post.Id));
    }

    [Fact]
    public async Task Something_called_off_while_the_service_goes_on_is_no_end_of_deliveries()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("called-off");
        var subscription = await SubscribeAsync(receiver, "called-off");
        var revision = await PutAsync(app, "called-off");
        using var deliver = ActivatorUtilities.CreateInstance<DeliverChanges>(app.Services, new CallingOff());
        await deliver.StartAsync(CancellationToken.None);
        try
        {
            Assert.Equal($"{subscription}-{revision}", Assert.Single(await receiver.WaitAsync(1)).Id);
            Assert.False(deliver.ExecuteTask!.IsCompleted);
        }
        finally
        {
            await deliver.StopAsync(CancellationToken.None);
        }
    }

    private Task<long> AttemptsAsync(string subscription, long revision) =>
        app.ScalarAsync<long>("select attempts from delivery where subscription = @subscription and revision = @revision", new { subscription, revision });

    private async Task<string> SubscribeAsync(Receiver receiver, string scheme) => (await app.WriteAsync(
        "POST", "/v1/subscriptions", $$"""{ "url": "{{receiver.Address}}/hook", "filter": { "schemes": ["{{scheme}}"] } }""")).Text("id")!;

    private static async Task<long> PutAsync(RegistryApp server, string scheme) => (await server.WriteAsync(
        "PUT", $"/v1/schemes/{scheme}", $$"""{ "body": "{{scheme}}", "names": { "en": "{{Guid.NewGuid()}}" } }""")).GetProperty("revision").GetInt64();

    /// <summary>A clock that calls off whatever asks it first, as a database does whose command was called off.</summary>
    private sealed class CallingOff : TimeProvider
    {
        private int _asked;

        public override DateTimeOffset GetUtcNow() => Interlocked.Increment(ref _asked) == 1 ? throw new OperationCanceledException() : base.GetUtcNow();
    }
}
