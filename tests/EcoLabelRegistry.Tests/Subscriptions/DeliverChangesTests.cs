using System.Globalization;
using System.Net;
using System.Text.Json;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Tests.Database;
using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Subscriptions;

public sealed class SqliteDeliverChanges(SqliteFeed app) : DeliverChangesTests(app), IClassFixture<SqliteFeed>;

public sealed class PostgreSqlDeliverChanges(PostgreSqlFeed app) : DeliverChangesTests(app), IClassFixture<PostgreSqlFeed>;

/// <summary>What is written is posted to whoever asked for it: signed, in order, again when it fails, and to the wrong address never.</summary>
public abstract class DeliverChangesTests(RegistryApp app)
{
    [Fact]
    public async Task An_entry_is_posted_as_the_log_has_it_and_signed()
    {
        await using var receiver = await Receiver.StartAsync();
        var key = await app.SchemeAsync("signed");
        var made = await app.WriteAsync("POST", "/v1/subscriptions", $$"""{ "url": "{{receiver.Address}}/hook", "filter": { "schemes": ["signed"] } }""", key);

        var revision = await PutAsync("signed");
        var post = Assert.Single(await receiver.WaitAsync(1));

        Assert.Equal("POST /hook application/json", $"{post.Method} {post.Path} {post.MediaType}");
        Assert.Equal((await app.GetAsync($"/v1/changes/{revision}")).ToString(), post.Json.ToString());
        Assert.Equal($"{made.Text("id")}-{revision}", post.Id);
        Assert.Equal(post.SignatureUnder(made.Text("secret")!), post.Signature);
        Assert.NotEqual(post.SignatureUnder("whsec_" + Convert.ToBase64String(new byte[32])), post.Signature);
        var sent = DateTimeOffset.FromUnixTimeSeconds(long.Parse(post.Timestamp, CultureInfo.InvariantCulture));
        Assert.InRange(sent, post.At.AddMinutes(-5), post.At);
    }

    [Fact]
    public async Task What_does_not_concern_a_subscriber_is_not_posted_to_him()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("heard");
        await app.SchemeAsync("unheard");
        await SubscribeAsync(receiver, "heard");

        await PutAsync("unheard");
        await PutAsync("heard");
        await PutAsync("unheard");
        await PutAsync("heard");

        Assert.Equal(["/v1/schemes/heard", "/v1/schemes/heard"], (await receiver.WaitAsync(2)).Select(post => post.Subject));
    }

    [Fact]
    public async Task An_authority_hears_of_the_products_on_its_list_and_nobody_sees_the_list()
    {
        await using var receiver = await Receiver.StartAsync();
        var body = await app.SchemeAsync("watched");
        await app.WriteAsync("PUT", "/v1/policies/watching", """{ "authority": "Watching City", "names": { "en": "Watching City" } }""");
        var authority = (await app.WriteAsync("POST", "/v1/policies/watching/keys", """{ "name": "purchasing" }""")).Text("key")!;
        var certificates = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var model in new[] { "Bought", "Other" })
        {
            certificates[model] = "/v1/certificates/" + (await app.WriteAsync(
                "POST", "/v1/certificates", $$"""{ "scheme": "watched", "number": "{{model}}", "validFrom": "2024-01-01", "products": [{ "brand": "Lamp", "model": "{{model}}" }] }""", body)).Text("id");
        }

        var list = $$"""{ "url": "{{receiver.Address}}/hook", "filter": { "products": ["{{EcoLabelRegistry.Products.ProductIdentity.IdOf("Lamp", "Bought")}}"] } }""";
        var made = await app.WriteAsync("POST", "/v1/subscriptions", list, authority);
        await app.WriteAsync("POST", certificates["Other"] + "/events", """{ "type": "suspended", "effective": "2025-01-01" }""", body);
        await app.WriteAsync("POST", certificates["Bought"] + "/events", """{ "type": "suspended", "effective": "2025-01-01" }""", body);

        var post = Assert.Single(await receiver.WaitAsync(1));
        Assert.Equal(("certificate-suspended", certificates["Bought"]), (post.Json.Text("type"), post.Subject));
        foreach (var stranger in new[] { body, Writing.RegistrarKey })
        {
            await app.RefusedAsync("GET", "/v1/subscriptions/" + made.Text("id"), null, stranger, "forbidden");
        }

        using var own = await app.Client.SendAsync("GET", "/v1/subscriptions", null, authority);
        Assert.Equal([made.Text("id")], (await own.JsonAsync()).Texts("items", "id"));
    }

    [Fact]
    public async Task Who_names_nothing_hears_of_everything_from_then_on()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("any");
        var made = await app.WriteAsync("POST", "/v1/subscriptions", $$"""{ "url": "{{receiver.Address}}/hook" }""");

        var revision = await PutAsync("any");

        Assert.Equal($"{made.Text("id")}-{revision}", Assert.Single(await receiver.WaitAsync(1)).Id);
        await app.WriteAsync("DELETE", $"/v1/subscriptions/{made.Text("id")}", null);
    }

    [Fact]
    public async Task A_failed_delivery_is_tried_again_under_its_id_and_the_next_waits_for_it()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("again");
        receiver.Answer = (n, _) => n <= 2 ? 500 : 200;
        var subscription = await SubscribeAsync(receiver, "again");

        var first = await PutAsync("again");
        var second = await PutAsync("again");

        Assert.Equal([first, first, first, second], (await receiver.WaitAsync(4)).Select(post => post.Json.GetProperty("revision").GetInt64()));
        Assert.Single(receiver.Received.Take(3).Select(post => post.Id).Distinct(StringComparer.Ordinal));
        var delivered = await DeliveriesAsync(subscription, "delivered", 2);
        Assert.Equal([3, 1], delivered.Select(d => d.GetProperty("attempts").GetInt32()));
        Assert.All(delivered, d => Assert.Equal(JsonValueKind.Null, d.GetProperty("failure").ValueKind));
        Assert.Empty(await DeliveriesAsync(subscription, "dead", 0));
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_a_dead_letter_that_can_be_redelivered()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("dead");
        receiver.Answer = (n, _) => n <= 3 ? 503 : 200;
        var subscription = await SubscribeAsync(receiver, "dead");

        var lost = await PutAsync("dead");
        var next = await PutAsync("dead");
        await receiver.WaitAsync(4);
        var letter = Assert.Single(await DeliveriesAsync(subscription, "dead", 1));
        await DeliveriesAsync(subscription, "delivered", 1);

        Assert.Equal((lost, "status", 503, 3), (
            letter.GetProperty("revision").GetInt64(), letter.Text("failure"), letter.GetProperty("status").GetInt32(), letter.GetProperty("attempts").GetInt32()));
        var answer = await app.WriteAsync("POST", $"/v1/subscriptions/{subscription}/deliveries/{lost}/redelivery", null);
        Assert.Equal("pending", answer.Text("state"));

        var posts = await receiver.WaitAsync(1);
        Assert.Equal([lost, lost, lost, next, lost], posts.Select(post => post.Json.GetProperty("revision").GetInt64()));
        Assert.Equal(posts[0].Id, posts[^1].Id);
        await DeliveriesAsync(subscription, "delivered", 2);
        Assert.Empty(await DeliveriesAsync(subscription, "dead", 0));
        await app.RefusedAsync("POST", $"/v1/subscriptions/{subscription}/deliveries/1/redelivery", null, Writing.RegistrarKey, "not-found");
    }

    [Fact]
    public async Task A_redelivery_that_is_sent_again_under_its_key_is_done_once()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("once-more");
        var subscription = await SubscribeAsync(receiver, "once-more");
        var revision = await PutAsync("once-more");
        await receiver.WaitAsync(1);
        await DeliveriesAsync(subscription, "delivered", 1);

        for (var i = 0; i < 2; i++)
        {
            using var response = await app.Client.SendAsync(
                "POST", $"/v1/subscriptions/{subscription}/deliveries/{revision}/redelivery", null, Writing.RegistrarKey, ("Idempotency-Key", "redeliver-once"));
            Assert.True(response.IsSuccessStatusCode);
            await DeliveriesAsync(subscription, "delivered", 1);
        }

        Assert.Equal(2, receiver.Received.Count);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("moved");
        receiver.Answer = (_, http) =>
        {
            http.Response.Headers.Location = "/target";
            return http.Request.Path == "/hook" ? 307 : 200;
        };
        var subscription = await SubscribeAsync(receiver, "moved");

        await PutAsync("moved");

        var letter = Assert.Single(await DeliveriesAsync(subscription, "dead", 1));
        Assert.Equal(("status", 307), (letter.Text("failure"), letter.GetProperty("status").GetInt32()));
        Assert.All(receiver.Received, post => Assert.Equal("/hook", post.Path));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_a_failure_too()
    {
        await app.SchemeAsync("gone");
        using var nobody = Wire.Bound(0);
        var made = await app.WriteAsync(
            "POST", "/v1/subscriptions", $$"""{ "url": "http://127.0.0.1:{{((IPEndPoint)nobody.LocalEndPoint!).Port}}/hook", "filter": { "schemes": ["gone"] } }""");
        await PutAsync("gone");

        var letter = Assert.Single(await DeliveriesAsync(made.Text("id")!, "dead", 1));
        Assert.Equal("unreachable", letter.Text("failure"));
        Assert.Equal(JsonValueKind.Null, letter.GetProperty("status").ValueKind);
    }

    [Fact]
    public async Task Who_has_ended_his_subscription_hears_no_more()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("ended");
        var subscription = await SubscribeAsync(receiver, "ended", "/ended");
        await PutAsync("ended");
        await receiver.WaitAsync(1);
        await app.WriteAsync("DELETE", $"/v1/subscriptions/{subscription}", null);

        await SubscribeAsync(receiver, "ended", "/other");
        await PutAsync("ended");
        await receiver.WaitAsync(1);

        Assert.Equal(["/ended", "/other"], receiver.Received.Select(post => post.Path));
        await app.RefusedAsync("GET", $"/v1/subscriptions/{subscription}", null, Writing.RegistrarKey, "not-found");
        Assert.Equal(0, await app.ScalarAsync<long>("select count(*) from delivery where subscription = @subscription", new { subscription }));
    }

    [Fact]
    public async Task The_lease_of_a_lost_server_is_respected_and_ends_by_itself()
    {
        await using var receiver = await Receiver.StartAsync();
        await app.SchemeAsync("leased");
        var subscription = await SubscribeAsync(receiver, "leased");
        var until = DateTimeOffset.UtcNow.AddSeconds(2);
        await app.ExecuteAsync(
            "update subscription set lease_holder = 'lost', lease_until = @until where id = @subscription", new { subscription, until = Change.Instant(until) });

        await PutAsync("leased");

        Assert.True(Assert.Single(await receiver.WaitAsync(1)).At >= until);
    }

    private async Task<string> SubscribeAsync(Receiver receiver, string scheme, string path = "/hook") => (await app.WriteAsync(
        "POST", "/v1/subscriptions", $$"""{ "url": "{{receiver.Address}}{{path}}", "filter": { "schemes": ["{{scheme}}"] } }""")).Text("id")!;

    private async Task<long> PutAsync(string scheme) => (await app.WriteAsync(
        "PUT", $"/v1/schemes/{scheme}", $$"""{ "body": "{{scheme}}", "names": { "en": "{{Guid.NewGuid()}}" } }""")).GetProperty("revision").GetInt64();

    /// <summary>The deliveries in a state, once there are so many and none is pending.</summary>
    private async Task<List<JsonElement>> DeliveriesAsync(string subscription, string state, int count)
    {
        for (var i = 0; ; i++)
        {
            var found = await ListAsync(state);
            if (found.Count >= count && (await ListAsync("pending")).Count == 0)
            {
                return found;
            }

            Assert.True(i < 600, $"{found.Count} of {count} deliveries are {state}.");
            await Task.Delay(100);
        }

        async Task<List<JsonElement>> ListAsync(string wanted)
        {
            using var response = await app.Client.SendAsync("GET", $"/v1/subscriptions/{subscription}/deliveries?state={wanted}", null, Writing.RegistrarKey);
            return (await response.JsonAsync()).Items();
        }
    }
}
