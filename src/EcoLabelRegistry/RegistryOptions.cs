using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry;

/// <summary>The settings of the service: the section <c>Registry</c> of its configuration, <c>Registry__…</c> in the environment.</summary>
public sealed record RegistryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Registry";

    /// <summary>Where the registry is kept: <c>Data Source=…</c> is SQLite, <c>Host=…</c> PostgreSQL.</summary>
    public string Database { get; init; } = "Data Source=data/registry.db";

    /// <summary>The registrar's key; without one, a key is made at first start.</summary>
    public string? AdminKey { get; init; }

    /// <summary>What an empty registry is filled with.</summary>
    public Seed Seed { get; init; } = Seed.Reference;

    /// <summary>Where measurements and traces are sent.</summary>
    public OtlpOptions Otlp { get; init; } = new();

    /// <summary>Reads the settings. A setting that does not exist stops the start: a misspelt one must not be dropped silently.</summary>
    /// <exception cref="StartupException">A setting does not exist, or has a value that it cannot have.</exception>
    public static RegistryOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        Demand(section, nameof(Database), nameof(AdminKey), nameof(Seed), nameof(Otlp));
        Demand(section.GetSection(nameof(Otlp)), nameof(OtlpOptions.Endpoint), nameof(OtlpOptions.Protocol));
        var settings = new RegistryOptions();
        return settings with
        {
            Database = section[nameof(Database)] ?? settings.Database,
            AdminKey = string.IsNullOrWhiteSpace(section[nameof(AdminKey)]) ? null : section[nameof(AdminKey)],
            Seed = OneOf<Seed>(section, nameof(Seed)) ?? settings.Seed,
            Otlp = new()
            {
                Endpoint = Address(section, $"{nameof(Otlp)}:{nameof(OtlpOptions.Endpoint)}"),
                Protocol = OneOf<OtlpProtocol>(section, $"{nameof(Otlp)}:{nameof(OtlpOptions.Protocol)}"),
            },
        };
    }

    private static void Demand(IConfigurationSection section, params string[] known)
    {
        foreach (var given in section.GetChildren().Select(child => child.Key).Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)))
        {
            var near = NearMatches.Of(given, known);
            throw new StartupException(near.Count > 0
                ? $"{section.Path}:{given} is no setting. Did you mean {section.Path}:{near[0]}?"
                : $"{section.Path}:{given} is no setting. Remove it; the settings are {string.Join(", ", known.Select(k => $"{section.Path}:{k}"))}.");
        }
    }

    private static TMember? OneOf<TMember>(IConfigurationSection section, string key)
        where TMember : struct, Enum =>
        string.IsNullOrEmpty(section[key]) ? null
        : Code.TryParse<TMember>(section[key]!.ToLowerInvariant(), out var member) ? member
        : throw new StartupException($"{section.Path}:{key} is '{section[key]}'. Set it to one of: {string.Join(", ", Code.All<TMember>())}.");

    private static Uri? Address(IConfigurationSection section, string key) =>
        string.IsNullOrEmpty(section[key]) ? null
        : Uri.TryCreate(section[key], UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new StartupException($"{section.Path}:{key} is '{section[key]}'. Set it to an address such as http://localhost:4317.");
}

/// <summary>What an empty registry is filled with.</summary>
public enum Seed
{
    /// <summary>The reference registry that comes with the program.</summary>
    Reference,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>Where measurements and traces are sent. The exporter's own environment variables (<c>OTEL_EXPORTER_OTLP_…</c>) stand in for what is not set.</summary>
public sealed record OtlpOptions
{
    /// <summary>Address of the collector.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How it is spoken to.</summary>
    public OtlpProtocol? Protocol { get; init; }
}

/// <summary>The two ways of OTLP.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC, port 4317 by custom.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP, port 4318 by custom.</summary>
    Http,
}
