using System.Runtime.InteropServices;
using System.Text.Json;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Reads items of JSON, each for itself: what is wrong with one is its own problem.</summary>
internal static class ReadItems
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Json.Options.MaxDepth };

    /// <summary>A JSON text as a document, to be disposed.</summary>
    /// <exception cref="RefusalException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, Options);
        }
        catch (JsonException)
        {
            throw JsonFaults.Find(utf8, typeof(CheckMany.Request)) ?? new(ProblemCode.UnreadableBody, new Message("fault.body-empty"));
        }
    }

    /// <summary>The defaults and the items of a body.</summary>
    /// <exception cref="RefusalException">The body itself, its defaults or the number of its items are not as they should be.</exception>
    public static (CheckMany.Defaults? Defaults, AskedItem[] Items) Read(JsonElement root, int mostItems)
    {
        var isObject = root.ValueKind == JsonValueKind.Object;
        if (!isObject || !root.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array || root.EnumerateObject().Any(IsStray)
            || root.EnumerateObject().CountBy(m => m.Name, StringComparer.Ordinal).Any(m => m.Value > 1))
        {
            // The faults of the body are found by its type; those of the items are not the body's.
            var body = isObject ? WithoutItems(root) : JsonMarshal.GetRawUtf8Value(root).ToArray();
            throw JsonFaults.Find(body, typeof(CheckMany.Request)) ?? Refusal.Invalid("items", new Message("fault.expected-list"));
        }

        if (items.GetArrayLength() > mostItems)
        {
            throw Refusal.Invalid("items", new Message("fault.too-many", mostItems));
        }

        var defaults = root.TryGetProperty("defaults", out var given) && given.ValueKind != JsonValueKind.Null ? ReadDefaults(given) : null;
        return (defaults, [.. items.EnumerateArray().Select(item => Read(JsonMarshal.GetRawUtf8Value(item).ToArray()))]);
    }

    /// <summary>One item.</summary>
    public static AskedItem Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var item = Json.Read<CheckMany.Item>(utf8);
            return new(item.Id, item, null);
        }
        catch (RefusalException refusal)
        {
            return new(IdOf(utf8), null, refusal);
        }
    }

    private static bool IsStray(JsonProperty member) => member.Name is not ("defaults" or "items");

    private static CheckMany.Defaults ReadDefaults(JsonElement given)
    {
        try
        {
            return Json.Read<CheckMany.Defaults>(JsonMarshal.GetRawUtf8Value(given).ToArray());
        }
        catch (RefusalException refusal)
        {
            Fault[] faults = [.. refusal.Faults.Select(f => f with { Member = "defaults." + f.Member })];
            throw new RefusalException(refusal.ProblemCode, refusal.ProblemCode == ProblemCode.Invalid ? Refusal.Invalid(faults).Detail : refusal.Detail) { Faults = faults };
        }
    }

    private static byte[] WithoutItems(JsonElement root)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                if (member is { Name: "items", Value.ValueKind: JsonValueKind.Array })
                {
                    writer.WriteStartArray();
                    writer.WriteEndArray();
                }
                else
                {
                    member.Value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    // The client's own number of a bad item, so that it is found again.
    private static string? IdOf(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var item = JsonDocument.Parse(utf8, Options);
            return item.RootElement.ValueKind == JsonValueKind.Object && item.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                ? id.GetString()
                : null;
        }
        catch (Exception none) when (none is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
