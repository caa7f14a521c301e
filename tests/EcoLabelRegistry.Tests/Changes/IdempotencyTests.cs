using System.Data.Common;
using System.Net;
using EcoLabelRegistry.Changes;
using Microsoft.Extensions.DependencyInjection;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteIdempotency(EmptySqliteRegistry app) : IdempotencyTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlIdempotency(EmptyPostgreSqlRegistry app) : IdempotencyTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>A POST that is sent again under its key is done once.</summary>
public abstract class IdempotencyTests(RegistryApp app)
{
    private const string Certificate = """{ "scheme": "once", "number": "N", "validFrom": "2024-01-01" }""";

    [Fact]
    public async Task The_same_request_gets_the_first_answer_again()
    {
        await app.SchemeAsync("once");
        using var first = await PostAsync("/v1/certificates", Certificate.Replace("\"N\"", "\"N-1\"", StringComparison.Ordinal), "same");
        var revision = await app.RevisionAsync();

        using var again = await PostAsync("/v1/certificates", Certificate.Replace("\"N\"", "\"N-1\"", StringComparison.Ordinal), "same");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(first.StatusCode, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(revision, await app.RevisionAsync());
    }

    [Fact]
    public async Task An_event_is_recorded_once_however_often_it_is_sent()
    {
        await app.SchemeAsync("once");
        var id = (await app.WriteAsync("POST", "/v1/certificates", Certificate.Replace("\"N\"", "\"N-2\"", StringComparison.Ordinal))).GetProperty("id").GetString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            PostAsync($"/v1/certificates/{id}/events", """{ "type": "suspended", "effective": "2025-01-01" }""", "event")));

        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, a.StatusCode.ToString()));
        Assert.Equal(1, await app.ScalarAsync<long>("select count(*) from change where type = 'certificate-suspended' and subject = @subject", new { subject = "/v1/certificates/" + id }));
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Another_request_under_the_same_key_is_refused()
    {
        await app.SchemeAsync("once");
        using var first = await PostAsync("/v1/certificates", Certificate, "reused");
        await app.RefusedAsync("POST", "/v1/certificates", Certificate.Replace("2024", "2025", StringComparison.Ordinal), Writing.RegistrarKey, "idempotency-key-reused", ("Idempotency-Key", "reused"));
        await app.RefusedAsync("POST", "/v1/label-bodies/once/keys", """{ "name": "x" }""", Writing.RegistrarKey, "idempotency-key-reused", ("Idempotency-Key", "reused"));
    }

    [Fact]
    public async Task Keys_of_two_callers_never_meet()
    {
        var key = await app.SchemeAsync("once");
        using var first = await PostAsync("/v1/certificates", Certificate.Replace("\"N\"", "\"N-3\"", StringComparison.Ordinal), "theirs");
        using var other = await app.Client.SendAsync("POST", "/v1/certificates", Certificate.Replace("\"N\"", "\"N-4\"", StringComparison.Ordinal), key, ("Idempotency-Key", "theirs"));
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    [Fact]
    public async Task A_refusal_is_given_again_although_it_would_be_none_now()
    {
        var body = """{ "scheme": "late", "number": "L-1", "validFrom": "2024-01-01" }""";
        var first = await app.RefusedAsync("POST", "/v1/certificates", body, Writing.RegistrarKey, "unknown-scheme", ("Idempotency-Key", "refused"));
        await app.SchemeAsync("late");

        var again = await app.RefusedAsync("POST", "/v1/certificates", body, Writing.RegistrarKey, "unknown-scheme", ("Idempotency-Key", "refused"));

        Assert.Equal(first.ToString(), again.ToString());
        await app.WriteAsync("POST", "/v1/certificates", body);
    }

    [Fact]
    public async Task Servers_that_refuse_the_same_request_at_once_keep_one_refusal_and_a_write_that_was_done_comes_before_it()
    {
        var request = new IdempotentRequest("registrar", "at-once", "digest");
        await using var db = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        var now = DateTimeOffset.UtcNow;
        await request.KeepAsync(db, null, now, 422, "first");
        await request.KeepAsync(db, null, now, 422, "second");
        Assert.Equal("first", (await request.FindAsync(db, null, now))!.Answer);

        await request.KeepAsync(db, null, now, null, "done");
        Assert.Equal(new IdempotentRequest.StoredAnswer("digest", null, "done"), await request.FindAsync(db, null, now));
        await request.KeepAsync(db, null, now, 422, "too late");
        Assert.Equal("done", (await request.FindAsync(db, null, now))!.Answer);
    }

    [Fact]
    public async Task A_secret_is_not_shown_twice()
    {
        await app.SchemeAsync("once");
        using var first = await PostAsync("/v1/label-bodies/once/keys", """{ "name": "secret" }""", "secret");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var keys = await app.ScalarAsync<long>("select count(*) from api_key");

        await app.RefusedAsync("POST", "/v1/label-bodies/once/keys", """{ "name": "secret" }""", Writing.RegistrarKey, "key-already-shown", ("Idempotency-Key", "secret"));

        Assert.Equal(keys, await app.ScalarAsync<long>("select count(*) from api_key"));
    }

    [Fact]
    public async Task After_a_day_a_key_may_be_used_anew()
    {
        await app.SchemeAsync("once");
        using var first = await PostAsync("/v1/certificates", Certificate.Replace("\"N\"", "\"N-5\"", StringComparison.Ordinal), "yesterday");
        await app.ExecuteAsync("update idempotent_answer set at = '2020-01-01T00:00:00.000000Z' where idempotency_key = 'yesterday'");
        using var other = await PostAsync("/v1/certificates", Certificate.Replace("\"N\"", "\"N-6\"", StringComparison.Ordinal), "yesterday");
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    [Theory]
    [InlineData("a b", 1)]
    [InlineData("k", 256)]
    public async Task A_key_that_is_none_is_refused(string key, int times)
    {
        await app.SchemeAsync("once");
        var problem = await app.RefusedAsync(
            "POST", "/v1/certificates", Certificate, Writing.RegistrarKey, "invalid", ("Idempotency-Key", string.Concat(Enumerable.Repeat(key, times))));
        Assert.True(problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
    }

    private Task<HttpResponseMessage> PostAsync(string address, string body, string key) =>
        app.Client.SendAsync("POST", address, body, Writing.RegistrarKey, ("Idempotency-Key", key));
}
