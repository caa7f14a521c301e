using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EcoLabelRegistry.Http;

/// <summary>Finds out what is wrong with a JSON text that does not fit its type: every fault, with its path, in words for a person.</summary>
/// <remarks>The serializer stops at the first fault and speaks of .NET types. It is asked first all the same: only a text that it refuses is walked again here.</remarks>
internal sealed class JsonFaults
{
    // An answer that lists more helps nobody.
    private const int Most = 50;

    private readonly List<(ProblemCode Code, Fault Fault)> _found = [];

    /// <summary>The refusal of a text that does not fit the type; null when nothing is found.</summary>
    public static RefusalException? Find(ReadOnlyMemory<byte> utf8, Type type)
    {
        if (utf8.Span.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return new(ProblemCode.UnreadableBody, new Message("fault.body-empty"));
        }

        JsonDocument text;
        try
        {
            text = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = Json.Options.MaxDepth });
        }
        catch (JsonException failure)
        {
            return new(
                ProblemCode.UnreadableBody,
                new Message("fault.body-json", failure.LineNumber + 1, failure.BytePositionInLine + 1, Json.Options.MaxDepth),
                failure);
        }

        using (text)
        {
            var faults = new JsonFaults();
            faults.Walk(text.RootElement, type, string.Empty);
            return faults.Refusal();
        }
    }

    // The refusal has the code of what stops a client soonest; all faults are listed.
    private RefusalException? Refusal()
    {
        if (_found.Count == 0)
        {
            return null;
        }

        var (code, first) = _found.MinBy(f => f.Code);
        Fault[] faults = [.. _found.Select(f => f.Fault)];
        return code == ProblemCode.Invalid ? Http.Refusal.Invalid(faults) : new(code, first.Message) { Faults = faults };
    }

    private void Add(string path, Message message, ProblemCode code = ProblemCode.Invalid)
    {
        if (_found.Count < Most)
        {
            _found.Add((code, new(path.Length == 0 ? "$" : path, message)));
        }
    }

    private void Walk(JsonElement value, Type type, string path)
    {
        var underlying = Nullable.GetUnderlyingType(type) ?? type;
        var shape = Json.Options.GetTypeInfo(underlying);
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                WalkObject(value, shape, path);
                break;
            case JsonTypeInfoKind.Dictionary when value.ValueKind == JsonValueKind.Object:
                WalkDictionary(value, shape, path);
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                foreach (var (place, item) in value.EnumerateArray().Index())
                {
                    WalkNullable(item, shape.ElementType!, nullable: false, $"{path}[{place}]");
                }

                break;
            case JsonTypeInfoKind.None:
                WalkValue(value, underlying, path);
                break;
            default:
                Add(path, new Message(shape.Kind == JsonTypeInfoKind.Enumerable ? "fault.expected-list" : "fault.expected-object"));
                break;
        }
    }

    private void WalkNullable(JsonElement value, Type type, bool nullable, string path)
    {
        if (value.ValueKind != JsonValueKind.Null)
        {
            Walk(value, type, path);
        }
        else if (!nullable)
        {
            Add(path, new Message("fault.null"));
        }
    }

    private void WalkObject(JsonElement value, JsonTypeInfo shape, string path)
    {
        var members = shape.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null).ToDictionary(p => p.Name, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var given in value.EnumerateObject())
        {
            var inside = Join(path, given.Name);
            if (!seen.Add(given.Name))
            {
                Add(inside, new Message("fault.repeated-member", given.Name), ProblemCode.RepeatedMember);
            }
            else if (members.TryGetValue(given.Name, out var member))
            {
                WalkNullable(given.Value, member.PropertyType, member.IsSetNullable, inside);
            }
            else
            {
                var message = NearMatches.Of(given.Name, members.Keys) is [var nearest, ..]
                    ? new Message("fault.unknown-member-near", given.Name, nearest)
                    : new Message("fault.unknown-member", given.Name, string.Join(", ", members.Keys));
                Add(inside, message, ProblemCode.UnknownMember);
            }
        }

        foreach (var missing in members.Values.Where(m => m.IsRequired && !seen.Contains(m.Name)))
        {
            Add(Join(path, missing.Name), new Message("fault.required"));
        }
    }

    private void WalkDictionary(JsonElement value, JsonTypeInfo shape, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var given in value.EnumerateObject())
        {
            var inside = Join(path, given.Name);
            if (!seen.Add(given.Name))
            {
                Add(inside, new Message("fault.repeated-member", given.Name), ProblemCode.RepeatedMember);
            }

            if (given.Name.Contains('\0', StringComparison.Ordinal))
            {
                Add(inside, new Message("fault.nul"));
            }

            WalkNullable(given.Value, shape.ElementType!, nullable: false, inside);
        }
    }

    private void WalkValue(JsonElement value, Type type, string path)
    {
        var expected = type switch
        {
            _ when type == typeof(JsonElement) || typeof(System.Text.Json.Nodes.JsonNode).IsAssignableFrom(type) => null,
            _ when type == typeof(bool) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "fault.expected-truth",
            _ when type == typeof(int) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _) ? null : "fault.expected-integer",
            _ when type == typeof(long) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? null : "fault.expected-integer",
            _ when type == typeof(decimal) => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out _) ? null : "fault.expected-number",
            _ when type == typeof(double) => value.ValueKind == JsonValueKind.Number ? null : "fault.expected-number",
            _ when type == typeof(Snapshot.KnownAt) && value.ValueKind == JsonValueKind.Number => null,
            _ => value.ValueKind == JsonValueKind.String ? null : "fault.expected-text",
        };
        if (expected is not null)
        {
            Add(path, new Message(expected));
        }
        else if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            WalkText(value, type, path);
        }
    }

    private void WalkText(JsonElement value, Type type, string path)
    {
        string text;
        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            Add(path, new Message("fault.surrogate"));
            return;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            Add(path, new Message("fault.nul"));
        }
        else if (type == typeof(DateTimeOffset))
        {
            if (!Instants.TryRead(text, out _))
            {
                Add(path, new Message("fault.instant", text));
            }
        }
        else if (value.ValueKind == JsonValueKind.String || type == typeof(Snapshot.KnownAt))
        {
            if (TextValues.For(type) is { } kind && !kind.Reader(text, out _, out var fault))
            {
                Add(path, fault);
            }
        }
    }

    // A member's name that would blur the path is written as it would be in a script: names["zh-Hans"].
    private static string Join(string path, string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? path.Length == 0 ? name : path + "." + name
        : $"{path}[{JsonSerializer.Serialize(name, Json.Options)}]";
}
