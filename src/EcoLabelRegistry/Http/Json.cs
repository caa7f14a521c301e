using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using EcoLabelRegistry.Snapshot;
using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Http;

/// <summary>How the service reads and writes JSON: camelCase, codes in kebab-case, nothing unknown, nothing twice.</summary>
public static class Json
{
    /// <summary>The options; read-only.</summary>
    public static readonly JsonSerializerOptions Options = Make();

    private const string MediaType = "application/json";

    // Answers above this size give their buffer back instead of keeping it for the thread.
    private const int KeptBuffer = 1 << 20;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    [ThreadStatic]
    private static Utf8JsonWriter? _appender;

    /// <summary>Reads the body of a request, whose media type is judged by <see cref="DemandMediaType"/>.</summary>
    /// <exception cref="RefusalException">The body is no JSON, or does not fit <typeparamref name="T"/>; every fault is named with its member's path.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpRequest request, CancellationToken cancel)
        where T : notnull
    {
        using var body = new MemoryStream(request.ContentLength is { } length and < KeptBuffer ? (int)length : 0);
        await request.Body.CopyToAsync(body, cancel);
        return Read<T>(body.GetBuffer().AsMemory(0, (int)body.Length));
    }

    /// <summary>Reads a JSON text.</summary>
    /// <exception cref="RefusalException">It is no JSON, or does not fit <typeparamref name="T"/>; every fault is named with its member's path.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8)
        where T : notnull
    {
        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.body-utf8"));
        }

        T? value;
        try
        {
            value = JsonSerializer.Deserialize<T>(utf8.Span, Options);
        }
        catch (JsonException failure)
        {
            throw JsonFaults.Find(utf8, typeof(T)) ?? new(ProblemCode.UnreadableBody, new Message("fault.member", failure.Path), failure);
        }

        // Two things the serializer lets through: a null in a list, and a NUL in a text, which PostgreSQL does not store.
        // The bytes looked for are in most bodies harmless, so that the text itself decides.
        if ((utf8.Span.IndexOf("null"u8) >= 0 || utf8.Span.IndexOf("\\u0000"u8) >= 0) && JsonFaults.Find(utf8, typeof(T)) is { } found)
        {
            throw found;
        }

        return value ?? throw Refusal.Invalid("$", new Message("fault.expected-object"));
    }

    /// <summary>A value as JSON in UTF-8.</summary>
    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Adds a value to what is written already, as one of many.</summary>
    public static void Append<T>(IBufferWriter<byte> buffer, T value)
    {
        var writer = _appender ??= new Utf8JsonWriter(buffer, WriterOptions);
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, value, Options);
        writer.Flush();
    }

    /// <summary>Writes an answer: whole or not at all, with its length.</summary>
    public static async Task WriteAsync<T>(HttpResponse response, T value, string mediaType, CancellationToken cancel)
    {
        response.ContentType = mediaType;
        Buffer(response, value);
        await response.BodyWriter.FlushAsync(cancel);
    }

    // Serialised before the first byte leaves, so that a failure becomes a problem document and not half an answer.
    private static void Buffer<T>(HttpResponse response, T value)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(16 * 1024);
        var writer = _writer ??= new Utf8JsonWriter(buffer, WriterOptions);
        try
        {
            if (value is IWritesJson own)
            {
                own.WriteTo(writer);
            }
            else
            {
                JsonSerializer.Serialize(writer, value, Options);
            }

            writer.Flush();
            response.ContentLength = buffer.WrittenCount;
            response.BodyWriter.Write(buffer.WrittenSpan);
        }
        finally
        {
            writer.Reset();
            buffer.ResetWrittenCount();
            if (buffer.Capacity > KeptBuffer)
            {
                writer.Dispose();
                (_buffer, _writer) = (null, null);
            }
        }
    }

    /// <summary>Refuses a body that says that it is no JSON.</summary>
    /// <exception cref="RefusalException">The media type is another, or is missing.</exception>
    public static void DemandMediaType(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var given)
            || !(given.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase) || given.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            || given.SubTypeWithoutSuffix.EndsWith("-patch", StringComparison.OrdinalIgnoreCase) // says what changes, and would be taken for all there is
            || (given.Charset.HasValue && !HeaderUtilities.RemoveQuotes(given.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw Refusal.UnsupportedMediaType(request.ContentType, [MediaType]);
        }
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // Chinese stays readable; the answers are never part of an HTML page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            PropertyNameCaseInsensitive = false,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            NumberHandling = JsonNumberHandling.Strict,
            RespectNullableAnnotations = true,
            MaxDepth = 32,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { DemandWhatCannotBeNull } },
        };
        options.Converters.Add(new TextValueConverters());
        options.Converters.Add(new InstantConverter());
        options.MakeReadOnly();
        return options;
    }

    // A member that is neither nullable nor has a default must be there: a missing level must never read as the strongest.
    private static void DemandWhatCannotBeNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property is { Set: not null, AssociatedParameter: { HasDefaultValue: false, IsNullable: false } parameter }
                && Nullable.GetUnderlyingType(parameter.ParameterType) is null)
            {
                property.IsRequired = true;
            }
        }
    }

    /// <summary>Codes, and all that is read from text but has no JSON type of its own.</summary>
    private sealed class TextValueConverters : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => TextValues.IsTextInJson(typeToConvert);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => (JsonConverter)Activator.CreateInstance(
            (typeToConvert.IsEnum ? typeof(CodeConverter<>) : typeof(TextValueConverter<>)).MakeGenericType(typeToConvert))!;
    }

    private sealed class TextValueConverter<T> : JsonConverter<T>
        where T : notnull
    {
        private static readonly TextReader Reader = TextValues.For(typeof(T))!.Value.Reader;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Number when typeof(T) == typeof(KnownAt) => Encoding.UTF8.GetString(reader.ValueSpan), // a revision
                _ => throw new JsonException(),
            };
            return Reader(text, out var value, out _) ? (T)value : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(TextValues.Text(value));
    }

    private sealed class CodeConverter<TMember> : JsonConverter<TMember>
        where TMember : struct, Enum
    {
        public override TMember Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Recognition.Code.TryParse<TMember>(reader.GetString(), out var member) ? member : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, TMember value, JsonSerializerOptions options) => writer.WriteStringValue(JsonCode.Of(value));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, TMember value, JsonSerializerOptions options) => writer.WritePropertyName(JsonCode.Of(value));
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Instants.TryRead(reader.GetString()!, out var instant) ? instant : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Instants.Text(value));
    }
}

/// <summary>An answer that is asked for so often that it writes itself: the same bytes as the serializer's, which a test compares, in a third of the time.</summary>
public interface IWritesJson
{
    /// <summary>Writes it.</summary>
    void WriteTo(Utf8JsonWriter json);
}

/// <summary>The codes of closed lists, ready to be written.</summary>
internal static class JsonCode
{
    /// <summary>The code of a member.</summary>
    public static JsonEncodedText Of<TMember>(TMember member)
        where TMember : struct, Enum => List<TMember>.Codes[member];

    private static class List<TMember>
        where TMember : struct, Enum
    {
        public static readonly FrozenDictionary<TMember, JsonEncodedText> Codes =
            Enum.GetValues<TMember>().ToFrozenDictionary(m => m, m => JsonEncodedText.Encode(Recognition.Code.Of(m)));
    }
}
