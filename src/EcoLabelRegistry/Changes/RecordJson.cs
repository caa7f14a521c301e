using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EcoLabelRegistry.Changes;

/// <summary>How entries are written as JSON, in the database and over HTTP alike: camelCase, codes in kebab-case, nothing unknown.</summary>
public static class RecordJson
{
    /// <summary>The options; read-only.</summary>
    public static readonly JsonSerializerOptions Options = Make();

    private static readonly JsonSerializerOptions ForPeople = new(Options) { WriteIndented = true };

    /// <summary>The entry as JSON text.</summary>
    public static string Text<T>(T entry) => JsonSerializer.Serialize(entry, Options);

    /// <summary>The entry as JSON text for people.</summary>
    public static string Indented(object entry) => JsonSerializer.Serialize(entry, entry.GetType(), ForPeople);

    /// <summary>The entry as a tree.</summary>
    public static JsonNode Node<T>(T entry) => JsonSerializer.SerializeToNode(entry, Options)!;

    /// <summary>Reads an entry that this program wrote.</summary>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options)!;

    // As over HTTP, but what is absent is left out: a version is read back for as long as the registry lives, and most members are absent.
    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(Http.Json.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        options.MakeReadOnly();
        return options;
    }
}
