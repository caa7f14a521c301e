using System.Net.Sockets;
using EcoLabelRegistry.Database;
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

    /// <summary>Why the service cannot start, in one line that says what to do.</summary>
    public static string Explain(Exception failure) => Line(failure).ReplaceLineEndings(" ");

    private static string Line(Exception failure) => failure switch
    {
        StartupException known => known.Message,
        { InnerException: AddressInUseException } => $"{failure.Message.TrimEnd('.')}. Stop what listens there, or choose another address with --urls.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "This user may not listen on the address. Choose a port above 1023 with --urls.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "The address belongs to another machine. Choose one of this machine with --urls.",
        InvalidDataException configuration => $"{configuration.Message} Correct the configuration file.",
        FormatException address => $"{address.Message.TrimEnd('.')}. Write --urls as {DefaultAddress}.",
        _ => $"The service cannot start: {failure.GetType().Name}: {failure.Message}",
    };
}
