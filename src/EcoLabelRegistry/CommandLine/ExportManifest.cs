using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary><c>manifest.json</c> of an export: what it is, and what its files must be. It says nothing of when and where, so one registry has one export.</summary>
/// <param name="Format">Always <see cref="FormatName"/>.</param>
/// <param name="Version">Version of the format; see the README beside this file.</param>
/// <param name="Schema">The newest migration of the registry.</param>
/// <param name="Revision">Its newest revision.</param>
/// <param name="Head">The hash of its last entry.</param>
/// <param name="Tables">Its tables, in the order in which they are filled.</param>
internal sealed record ExportManifest(string Format, int Version, ExportSchema Schema, long Revision, string Head, IReadOnlyList<ExportTable> Tables)
{
    /// <summary>The file's name.</summary>
    public const string File = "manifest.json";

    /// <summary>What an export calls itself.</summary>
    public const string FormatName = "ecolabel-registry-export";

    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    private const long LongestFile = 1 << 20; // bytes

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Writes it, and waits until the disk has all of it.</summary>
    public async Task WriteAsync(string folder, CancellationToken cancel)
    {
        await using var stream = new FileStream(Path.Combine(folder, File), FileMode.CreateNew, FileAccess.Write);
        await JsonSerializer.SerializeAsync(stream, this, Options, cancel);
        await stream.WriteAsync("\n"u8.ToArray(), cancel);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads that of an export that this program can import.</summary>
    /// <exception cref="StartupException">There is none, or it is another's.</exception>
    public static async Task<ExportManifest> ReadAsync(string folder, CancellationToken cancel)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
        {
            throw new StartupException(new Message("command.no-manifest", folder));
        }

        ExportManifest? manifest;
        try
        {
            await using var stream = System.IO.File.OpenRead(path);
            manifest = stream.Length <= LongestFile ? await JsonSerializer.DeserializeAsync<ExportManifest>(stream, Options, cancel) : null;
        }
        catch (JsonException fault)
        {
            throw new StartupException(new Message("command.foreign-manifest-line", path, (fault.LineNumber ?? 0) + 1), fault);
        }

        if (manifest?.Format != FormatName)
        {
            throw new StartupException(new Message("command.foreign-manifest", path));
        }

        return manifest.Version == CurrentVersion ? manifest : throw new StartupException(new Message("command.newer-export", path, manifest.Version));
    }
}

/// <summary>How far the exported registry's schema had come.</summary>
/// <param name="Number">Number of its newest migration.</param>
/// <param name="Name">Name of it.</param>
internal sealed record ExportSchema(long Number, string Name);

/// <summary>One table of an export.</summary>
/// <param name="Table">Its name; its file is that with <c>.ndjson</c>.</param>
/// <param name="Rows">How many lines the file has.</param>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
internal sealed record ExportTable(string Table, long Rows, string Sha256);
