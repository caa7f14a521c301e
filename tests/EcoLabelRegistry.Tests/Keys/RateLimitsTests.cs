using System.Globalization;
using System.Net;
using EcoLabelRegistry.Tests.Http;

namespace EcoLabelRegistry.Tests.Keys;

/// <summary>So many requests a minute for each client, more for one with a key. What is counted is in memory, so that one engine shows it.</summary>
public sealed class RateLimitsTests(RateLimitsTests.Limited app) : IClassFixture<RateLimitsTests.Limited>
{
    [Fact]
    public async Task A_client_is_told_what_is_left_and_then_when_to_come_back()
    {
        var statuses = new List<HttpStatusCode>();
        HttpResponseMessage last = null!;
        for (var i = 0; i < 12; i++)
        {
            last = await app.Client.GetAsync("/v1/schemes");
            statuses.Add(last.StatusCode);
            if (i == 0)
            {
                Assert.Equal("\"minute\";q=5;w=60", last.Headers.GetValues("RateLimit-Policy").Single());
                Assert.Equal("\"minute\";r=4", last.Headers.GetValues("RateLimit").Single());
            }
        }

        // A minute may begin in between.
        Assert.InRange(statuses.Count(s => s == HttpStatusCode.OK), 5, 10);
        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.Equal("\"minute\";r=0", last.Headers.GetValues("RateLimit").Single());
        Assert.InRange(int.Parse(last.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 60);
        await last.ProblemAsync("too-many-requests");

        using var health = await app.Client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        using var caller = await app.Client.SendAsync("GET", "/v1/schemes", null, Writing.RegistrarKey);
        Assert.Equal(HttpStatusCode.OK, caller.StatusCode);
        Assert.Equal("\"minute\";q=50;w=60", caller.Headers.GetValues("RateLimit-Policy").Single());
    }

    public sealed class Limited : SqliteRegistry
    {
        protected override string Seed => "none";

        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Registry:RateLimit:PerMinute"] = "5",
            ["Registry:RateLimit:PerMinuteWithKey"] = "50",
        };
    }
}
