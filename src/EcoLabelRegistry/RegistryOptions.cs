using System.Globalization;
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

    /// <summary>Who beside the registry's own keys says who a label body is.</summary>
    public OidcOptions Oidc { get; init; } = new();

    /// <summary>How much one client may ask.</summary>
    public RateLimitOptions RateLimit { get; init; } = new();

    /// <summary>How much may be objected to.</summary>
    public ObjectionOptions Objections { get; init; } = new();

    /// <summary>Where measurements and traces are sent.</summary>
    public OtlpOptions Otlp { get; init; } = new();

    /// <summary>What is held in memory.</summary>
    public SnapshotOptions Snapshot { get; init; } = new();

    /// <summary>What lists of questions may be.</summary>
    public ChecksOptions Checks { get; init; } = new();

    /// <summary>How registers are taken in.</summary>
    public RegistersOptions Registers { get; init; } = new();

    /// <summary>How the log is followed live.</summary>
    public FeedOptions Feed { get; init; } = new();

    /// <summary>How changes are delivered to subscribers.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>Reads the settings. A setting that does not exist stops the start: a misspelt one must not be dropped silently.</summary>
    /// <exception cref="StartupException">A setting does not exist, or has a value that it cannot have.</exception>
    public static RegistryOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        Demand(section, nameof(Database), nameof(AdminKey), nameof(Seed), nameof(Oidc), nameof(RateLimit), nameof(Objections), nameof(Otlp), nameof(Snapshot), nameof(Checks), nameof(Registers), nameof(Feed), nameof(Webhooks));
        Demand(section.GetSection(nameof(Oidc)), nameof(OidcOptions.Authority), nameof(OidcOptions.Audience), nameof(OidcOptions.Claim));
        Demand(section.GetSection(nameof(RateLimit)), nameof(RateLimitOptions.PerMinute), nameof(RateLimitOptions.PerMinuteWithKey));
        Demand(section.GetSection(nameof(Objections)), nameof(ObjectionOptions.PerMinute));
        Demand(section.GetSection(nameof(Otlp)), nameof(OtlpOptions.Endpoint), nameof(OtlpOptions.Protocol));
        Demand(section.GetSection(nameof(Snapshot)), nameof(SnapshotOptions.MaxMegabytes));
        Demand(
            section.GetSection(nameof(Checks)), nameof(ChecksOptions.MaxItems), nameof(ChecksOptions.MaxDocumentMegabytes), nameof(ChecksOptions.MaxUnpackedMegabytes),
            nameof(ChecksOptions.MaxColumns), nameof(ChecksOptions.MaxLineKilobytes), nameof(ChecksOptions.MaxOverflowMegabytes), nameof(ChecksOptions.StallSeconds));
        Demand(section.GetSection(nameof(Registers)), nameof(RegistersOptions.StallSeconds));
        Demand(section.GetSection(nameof(Feed)), nameof(FeedOptions.HeartbeatSeconds));
        Demand(
            section.GetSection(nameof(Webhooks)), nameof(WebhookOptions.AllowPrivate), nameof(WebhookOptions.Attempts),
            nameof(WebhookOptions.FirstRetrySeconds), nameof(WebhookOptions.LongestRetrySeconds),
            nameof(WebhookOptions.TimeoutSeconds), nameof(WebhookOptions.LeaseSeconds));
        var settings = new RegistryOptions();
        return settings with
        {
            Database = section[nameof(Database)] ?? settings.Database,
            AdminKey = string.IsNullOrWhiteSpace(section[nameof(AdminKey)]) ? null : section[nameof(AdminKey)],
            Seed = OneOf<Seed>(section, nameof(Seed)) ?? settings.Seed,
            Oidc = ReadOidc(section),
            RateLimit = new()
            {
                PerMinute = Number(section, $"{nameof(RateLimit)}:{nameof(RateLimitOptions.PerMinute)}"),
                PerMinuteWithKey = Number(section, $"{nameof(RateLimit)}:{nameof(RateLimitOptions.PerMinuteWithKey)}"),
            },
            Objections = new()
            {
                PerMinute = Number(section, $"{nameof(Objections)}:{nameof(ObjectionOptions.PerMinute)}") ?? settings.Objections.PerMinute,
            },
            Otlp = new()
            {
                Endpoint = Address(section, $"{nameof(Otlp)}:{nameof(OtlpOptions.Endpoint)}"),
                Protocol = OneOf<OtlpProtocol>(section, $"{nameof(Otlp)}:{nameof(OtlpOptions.Protocol)}"),
            },
            Snapshot = new()
            {
                MaxMegabytes = Megabytes(section, $"{nameof(Snapshot)}:{nameof(SnapshotOptions.MaxMegabytes)}") ?? settings.Snapshot.MaxMegabytes,
            },
            Checks = new()
            {
                MaxItems = Number(section, nameof(ChecksOptions.MaxItems), settings.Checks.MaxItems, 1_000_000),
                MaxDocumentMegabytes = Number(section, nameof(ChecksOptions.MaxDocumentMegabytes), settings.Checks.MaxDocumentMegabytes, 1024),
                MaxUnpackedMegabytes = Number(section, nameof(ChecksOptions.MaxUnpackedMegabytes), settings.Checks.MaxUnpackedMegabytes, 16 * 1024),
                MaxColumns = Number(section, nameof(ChecksOptions.MaxColumns), settings.Checks.MaxColumns, 16_384),
                MaxLineKilobytes = Number(section, nameof(ChecksOptions.MaxLineKilobytes), settings.Checks.MaxLineKilobytes, 64 * 1024),
                MaxOverflowMegabytes = Number(section, nameof(ChecksOptions.MaxOverflowMegabytes), settings.Checks.MaxOverflowMegabytes, 1024 * 1024),
                StallSeconds = Number(section, nameof(ChecksOptions.StallSeconds), settings.Checks.StallSeconds, 3600),
            },
            Registers = new()
            {
                StallSeconds = Number(section, nameof(Registers), nameof(RegistersOptions.StallSeconds), settings.Registers.StallSeconds, 3600),
            },
            Feed = new()
            {
                HeartbeatSeconds = Seconds(section, $"{nameof(Feed)}:{nameof(FeedOptions.HeartbeatSeconds)}") ?? settings.Feed.HeartbeatSeconds,
            },
            Webhooks = new()
            {
                AllowPrivate = IsTrue(section, $"{nameof(Webhooks)}:{nameof(WebhookOptions.AllowPrivate)}") ?? settings.Webhooks.AllowPrivate,
                Attempts = Count(section, $"{nameof(Webhooks)}:{nameof(WebhookOptions.Attempts)}") ?? settings.Webhooks.Attempts,
                FirstRetrySeconds = Seconds(section, $"{nameof(Webhooks)}:{nameof(WebhookOptions.FirstRetrySeconds)}") ?? settings.Webhooks.FirstRetrySeconds,
                LongestRetrySeconds = Seconds(section, $"{nameof(Webhooks)}:{nameof(WebhookOptions.LongestRetrySeconds)}") ?? settings.Webhooks.LongestRetrySeconds,
                TimeoutSeconds = Seconds(section, $"{nameof(Webhooks)}:{nameof(WebhookOptions.TimeoutSeconds)}") ?? settings.Webhooks.TimeoutSeconds,
                LeaseSeconds = Seconds(section, $"{nameof(Webhooks)}:{nameof(WebhookOptions.LeaseSeconds)}") ?? settings.Webhooks.LeaseSeconds,
            },
        };
    }

    private static OidcOptions ReadOidc(IConfigurationSection section)
    {
        var oidc = section.GetSection(nameof(Oidc));
        var read = new OidcOptions
        {
            Authority = Address(section, $"{nameof(Oidc)}:{nameof(OidcOptions.Authority)}"),
            Audience = oidc[nameof(OidcOptions.Audience)],
        };
        if (read.Authority is { Scheme: "http", IsLoopback: false })
        {
            throw new StartupException(new Message("start.provider-not-https", $"{section.Path}:Oidc:Authority", read.Authority));
        }

        if (read.Authority is not null && string.IsNullOrWhiteSpace(read.Audience))
        {
            throw new StartupException(new Message("start.provider-audience", $"{section.Path}:Oidc:Audience"));
        }

        return read with { Claim = oidc[nameof(OidcOptions.Claim)] is { Length: > 0 } claim ? claim : read.Claim };
    }

    private static int? Number(IConfigurationSection section, string key) =>
        string.IsNullOrEmpty(section[key]) ? null
        : int.TryParse(section[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new StartupException(new Message("start.setting-number", $"{section.Path}:{key}", section[key]));

    private static void Demand(IConfigurationSection section, params string[] known)
    {
        foreach (var given in section.GetChildren().Select(child => child.Key).Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)))
        {
            var near = NearMatches.Of(given, known);
            throw new StartupException(near.Count > 0
                ? new Message("start.misspelt-setting", $"{section.Path}:{given}", $"{section.Path}:{near[0]}")
                : new Message("start.no-setting", $"{section.Path}:{given}", string.Join(", ", known.Select(k => $"{section.Path}:{k}"))));
        }
    }

    private static TMember? OneOf<TMember>(IConfigurationSection section, string key)
        where TMember : struct, Enum =>
        string.IsNullOrEmpty(section[key]) ? null
        : Code.TryParse<TMember>(section[key]!.ToLowerInvariant(), out var member) ? member
        : throw new StartupException(new Message("start.setting-one-of", $"{section.Path}:{key}", section[key], string.Join(", ", Code.All<TMember>())));

    private static int? Megabytes(IConfigurationSection section, string key) =>
        string.IsNullOrEmpty(section[key]) ? null
        : int.TryParse(section[key], NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) ? megabytes
        : throw new StartupException(new Message("start.setting-megabytes", $"{section.Path}:{key}", section[key]));

    private static int Number(IConfigurationSection section, string name, int otherwise, int most) => Number(section, nameof(Checks), name, otherwise, most);

    private static int Number(IConfigurationSection section, string part, string name, int otherwise, int most)
    {
        var key = $"{part}:{name}";
        return string.IsNullOrEmpty(section[key]) ? otherwise
            : int.TryParse(section[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
            : throw new StartupException(new Message("start.setting-between", $"{section.Path}:{key}", section[key], most.ToString(CultureInfo.InvariantCulture)));
    }

    private static double? Seconds(IConfigurationSection section, string key) =>
        string.IsNullOrEmpty(section[key]) ? null
        : double.TryParse(section[key], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400 ? seconds
        : throw new StartupException(new Message("start.setting-seconds", $"{section.Path}:{key}", section[key]));

    private static int? Count(IConfigurationSection section, string key) =>
        string.IsNullOrEmpty(section[key]) ? null
        : int.TryParse(section[key], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 100 ? count
        : throw new StartupException(new Message("start.setting-between", $"{section.Path}:{key}", section[key], "100"));

    private static bool? IsTrue(IConfigurationSection section, string key) =>
        string.IsNullOrEmpty(section[key]) ? null
        : bool.TryParse(section[key], out var value) ? value
        : throw new StartupException(new Message("start.setting-one-of", $"{section.Path}:{key}", section[key], "true, false"));

    private static Uri? Address(IConfigurationSection section, string key) =>
        string.IsNullOrEmpty(section[key]) ? null
        : Uri.TryCreate(section[key], UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new StartupException(new Message("start.setting-address", $"{section.Path}:{key}", section[key]));
}

/// <summary>What an empty registry is filled with.</summary>
public enum Seed
{
    /// <summary>The reference registry that comes with the program.</summary>
    Reference,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>OpenID Connect: bearer tokens of an identity provider in the place of the registry's own keys.</summary>
public sealed record OidcOptions
{
    /// <summary>Address of the provider; its configuration is read below it. Absent, no tokens are taken.</summary>
    public Uri? Authority { get; init; }

    /// <summary>The audience that tokens are made for.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim that names the label body by its code.</summary>
    public string Claim { get; init; } = "label_body";
}

/// <summary>How many requests one client may make in a minute; absent, as many as it likes.</summary>
public sealed record RateLimitOptions
{
    /// <summary>Of one address, without a key.</summary>
    public int? PerMinute { get; init; }

    /// <summary>Of one caller who shows a key; the same as without unless given.</summary>
    public int? PerMinuteWithKey { get; init; }
}

/// <summary>How much may be objected to.</summary>
public sealed record ObjectionOptions
{
    /// <summary>Objections that one address files in a minute without a key. More than people write, and too few to fill a registry with.</summary>
    public int PerMinute { get; init; } = 60;
}

/// <summary>What is held in memory, so that a check asks no database.</summary>
public sealed record SnapshotOptions
{
    /// <summary>Most memory that certificates may take, in megabytes. A larger register stays in the database, and health says so; 0 leaves everything there.</summary>
    public int MaxMegabytes { get; init; } = 1024;
}

/// <summary>How the log is followed live.</summary>
public sealed record FeedOptions
{
    /// <summary>How often a stream on which nothing happens says that it is alive, in seconds.</summary>
    public double HeartbeatSeconds { get; init; } = 15;
}

/// <summary>How changes are delivered to subscribers.</summary>
public sealed record WebhookOptions
{
    /// <summary>May a delivery go to a private or loopback address, and without TLS? For a registry whose subscribers are in its own network.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>How often one entry is tried before it is a dead letter. The default, with the waits between, takes two and a half hours.</summary>
    public int Attempts { get; init; } = 12;

    /// <summary>The longest wait before the second attempt, in seconds; it doubles with each. A wait is drawn between half of it and all of it.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>What the wait never exceeds, in seconds.</summary>
    public double LongestRetrySeconds { get; init; } = 3600;

    /// <summary>How long one attempt may take, in seconds.</summary>
    public double TimeoutSeconds { get; init; } = 10;

    /// <summary>How long after the loss of a server the others leave its deliveries alone, in seconds.</summary>
    public double LeaseSeconds { get; init; } = 60;
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

/// <summary>How registers are taken in (<c>PUT</c> and <c>PATCH /v1/schemes/{code}/register</c>).</summary>
public sealed record RegistersOptions
{
    /// <summary>How long in seconds a client may send nothing of a register before it is given up.</summary>
    public int StallSeconds { get; init; } = 30;
}

/// <summary>What lists of questions (<c>POST /v1/checks</c>) may be. What is more is refused, or is a problem of its row; it is never cut silently.</summary>
public sealed record ChecksOptions
{
    /// <summary>Items of one JSON body. Lines of JSON and CSV are without limit.</summary>
    public int MaxItems { get; init; } = 10_000;

    /// <summary>Size in MiB of what is read whole before it is answered: JSON, a catalogue, a workbook.</summary>
    public int MaxDocumentMegabytes { get; init; } = 32;

    /// <summary>Size in MiB of what a workbook unpacks to; its shared texts, which are held in memory, may be an eighth of it.</summary>
    public int MaxUnpackedMegabytes { get; init; } = 512;

    /// <summary>Columns of a table.</summary>
    public int MaxColumns { get; init; } = 1_000;

    /// <summary>Size in KiB of one row of CSV or one line of JSON.</summary>
    public int MaxLineKilobytes { get; init; } = 1_024;

    /// <summary>Size in MiB of the temporary file of one request, in which answers wait for a client that sends everything before it reads.</summary>
    public int MaxOverflowMegabytes { get; init; } = 1_024;

    /// <summary>How long in seconds a client may neither send nor take anything before it is given up.</summary>
    public int StallSeconds { get; init; } = 30;
}
