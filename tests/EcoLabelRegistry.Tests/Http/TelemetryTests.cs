using System.Collections.Concurrent;
using System.Text;
using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Http;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Measurements_and_traces_of_requests_reach_the_collector()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = Build();
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(signal, _ => Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();

        await using (var service = Build(("Registry:Otlp:Endpoint", collector.Urls.Single()), ("Registry:Otlp:Protocol", "http")))
        {
            service.MapGet("/asked/{code}", (string code) => code);
            await service.StartAsync();
            using var client = new HttpClient();
            await client.GetStringAsync(service.Urls.Single() + "/asked/1");
            await service.StopAsync();
        }

        Assert.Contains("http.server.request.duration", received["metrics"], StringComparison.Ordinal);
        Assert.Contains("/asked/1", received["traces"], StringComparison.Ordinal);
        Assert.Contains("ecolabel-registry", received["traces"], StringComparison.Ordinal);
    }

    private static WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        if (settings.Length > 0)
        {
            builder.AddHttp();
        }

        return builder.Build();
    }
}
