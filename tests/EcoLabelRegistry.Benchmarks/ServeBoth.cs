using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>The whole service, and a bare endpoint that returns a constant, in one process: the limit that the service is measured against.</summary>
internal static class ServeBoth
{
    /// <summary>The registrar's key.</summary>
    public const string Key = "benchmark";

    /// <summary>Serves until its input ends.</summary>
    /// <param name="database">The registry.</param>
    /// <param name="port">Port of the service.</param>
    /// <param name="barePort">Port of the bare endpoint.</param>
    /// <param name="bodyFile">A file with the body that the bare endpoint returns; read when first asked, and again for <c>/reload</c>.</param>
    public static async Task<int> RunAsync(string database, string port, string barePort, string bodyFile)
    {
        var bare = await BareAsync(barePort, bodyFile);
        string[] args = [$"--urls=http://127.0.0.1:{port}", $"--Registry:Database={database}", "--Registry:Seed=none", "--Registry:AdminKey=" + Key];
        var service = Task.Run(() => typeof(RegistryOptions).Assembly.EntryPoint!.Invoke(null, [args]));
        var input = Task.Run(Console.In.ReadToEnd);
        await Task.WhenAny(service, input);
        await bare.StopAsync();
        Environment.Exit(0); // the service has no other owner than this process
        return 0;
    }

    private static async Task<WebApplication> BareAsync(string port, string bodyFile)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        byte[] body = [];
        app.MapGet("/reload", async () =>
        {
            body = await File.ReadAllBytesAsync(bodyFile);
            return body.Length;
        });
        app.MapGet("/v1/check", (HttpContext http) =>
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            return http.Response.Body.WriteAsync(body).AsTask();
        });
        await app.StartAsync();
        return app;
    }
}
