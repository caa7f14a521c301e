using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Tests.Http;

/// <summary>The HTTP foundation on a real socket, with slices of its own and no registry behind them.</summary>
#pragma warning disable CA1001 // xunit disposes of it by DisposeAsync
public sealed class Shop : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly LogCollector _log = new();
    private WebApplication? _app;

    public HttpClient Http { get; private set; } = null!;

    public Stock Stock { get; } = new();

    public IEnumerable<Microsoft.AspNetCore.Http.Endpoint> Endpoints => _app!.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public ClockOfTests Clock { get; } = new();

    public IReadOnlyCollection<LogEntry> Log => _log.Entries;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(_log).SetMinimumLevel(LogLevel.Information);
        builder.AddHttp();
        builder.Services.AddMediation(typeof(Shop).Assembly);
        builder.Services.AddSingleton(Stock);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<CurrentRevision>((_, _) => ValueTask.FromResult(Stock.Revision));
        _app = builder.Build();
        _app.UseHttp();
        CheckLiveness.Map(_app);
        CheckReadiness.Map(_app);
        ProblemPages.Map(_app);
        var v1 = _app.MapV1();
        ListShelves.Map(v1);
        ShowShelf.Map(v1);
        PutUpShelf.Map(v1);
        ReadOutShelf.Map(v1);
        await _app.StartAsync();
        Http = new HttpClient
        {
            BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        _log.Dispose();
    }

    /// <summary>Closes the shop: when it returns, every request is over and has been logged.</summary>
    public Task CloseAsync() => _app!.StopAsync();

    /// <summary>Sends bytes as they are, which no HTTP client would, and reads the answer to its end.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Http.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.ReplaceLineEndings("\r\n")));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}

/// <summary>A clock that stands still until it is set.</summary>
public sealed class ClockOfTests : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 23, 59, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>What a client sees of an answer.</summary>
public static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using var body = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        return body.RootElement.Clone();
    }

    /// <summary>The answer as a problem document; fails when it is none of this code, or lacks what each must have.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, string code)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.JsonAsync();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal("/problems/" + code, problem.GetProperty("type").GetString());
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.NotEmpty(response.Content.Headers.ContentLanguage);
        return problem;
    }

    /// <summary>True for an operation of the contract that asks for a key.</summary>
    public static bool NeedsKey(this JsonElement operation) => operation.GetProperty("security").EnumerateArray().All(way => way.EnumerateObject().Any());

    public static string Errors(this JsonElement problem, string member) =>
        string.Join(" ", problem.GetProperty("errors").GetProperty(member).EnumerateArray().Select(e => e.GetString()));
}
