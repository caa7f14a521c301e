using System.Net.Sockets;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration.Memory;

namespace EcoLabelRegistry;

/// <summary>What holds unless it is configured otherwise, and what is said when the service cannot start.</summary>
public static class Start
{
    private const string DefaultAddress = "http://localhost:5080";

    // In code and not in a file, so that the published program runs from any folder. The lowest of all sources: each can be overridden.
    private static readonly Dictionary<string, string?> Defaults = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Error", // a snapshot that is loading or too large: Snapshots says it once, and not at each probe
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager"] = "Error", // warns of what Pages/README.md has decided
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None", // a failed start is said in one line, by Program.cs
    };

    /// <summary>Address, and logs as one JSON object a line with the trace id that problem documents carry.</summary>
    public static WebApplicationBuilder AddDefaults(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        ((IConfigurationBuilder)configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        if (configuration["urls"] is null && configuration["http_ports"] is null && configuration["https_ports"] is null
            && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        return builder;
    }

    /// <summary>Why the program cannot do what it was started for, in one line that says what to do.</summary>
    public static string Explain(Exception failure, Language language) => Line(failure).In(language).ReplaceLineEndings(" ");

    /// <summary>What the process ends with: 2 when it was called wrongly, else 1.</summary>
    public static int ExitCode(Exception failure) => (failure as StartupException)?.ExitCode ?? 1;

    private static Message Line(Exception failure) => failure switch
    {
        StartupException known => known.Text,
        { InnerException: AddressInUseException } => new Message("start.address-in-use", failure.Message.TrimEnd('.')),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => new Message("start.address-refused"),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => new Message("start.address-elsewhere"),
        InvalidDataException configuration => new Message("start.configuration-file", configuration.Message),
        FormatException address => new Message("start.no-address", address.Message.TrimEnd('.'), DefaultAddress),
        _ => new Message("start.failed", failure.GetType().Name, failure.Message),
    };
}
