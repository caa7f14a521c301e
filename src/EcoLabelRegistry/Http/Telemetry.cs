using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EcoLabelRegistry.Http;

/// <summary>Sends what ASP.NET Core, Kestrel, the runtime and Npgsql measure to an OpenTelemetry collector, when one is configured.</summary>
public sealed class Telemetry : IHostedService, IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly MeterProvider? _meters;
    private readonly TracerProvider? _traces;

    public Telemetry(RegistryOptions settings, IConfiguration configuration)
    {
        if (settings.Otlp.Endpoint is null && string.IsNullOrEmpty(configuration[EndpointVariable]))
        {
            return;
        }

        // Method and path are left to an instrumentation package by default; without one, ASP.NET Core writes them itself.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);
        var resource = ResourceBuilder.CreateDefault()
            .AddService("ecolabel-registry", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3));
        _meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
            .AddOtlpExporter(exporter => Configure(exporter, settings.Otlp, "metrics"))
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(exporter => Configure(exporter, settings.Otlp, "traces"))
            .Build();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is left: a measurement is sent once a minute, and a short run would lose its only one.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        const int milliseconds = 3000;
        _meters?.ForceFlush(milliseconds);
        _traces?.ForceFlush(milliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _meters?.Dispose();
        _traces?.Dispose();
    }

    private static void Configure(OtlpExporterOptions exporter, OtlpOptions otlp, string signal)
    {
        if (otlp.Protocol is { } protocol)
        {
            exporter.Protocol = protocol == OtlpProtocol.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        }

        // The exporter adds the signal's path to an address from its own environment variable, not to one that is given here.
        if (otlp.Endpoint is { } endpoint)
        {
            exporter.Endpoint = exporter.Protocol == OtlpExportProtocol.HttpProtobuf
                ? new Uri($"{endpoint.ToString().TrimEnd('/')}/v1/{signal}")
                : endpoint;
        }
    }
}
