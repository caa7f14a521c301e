using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcoLabelRegistry.Recognition.Tests.Oracle;

/// <summary>One question, what it is about, and the registry that it is asked of.</summary>
public sealed record RecognitionCase(PlainRegistry Registry, RecognitionSubject Subject, RecognitionQuestion Question)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new PartialDateAsText() },
    };

    public RecognitionAnswer ByEngine() => RecognitionEngine.Decide(Registry.ToGraph(), Subject, Question);

    public RecognitionAnswer ByOracle() => SlowRecognition.Decide(Registry, Subject, Question);

    public RecognitionCase On(DateOnly day) => this with { Question = Question with { AsOf = day } };

    /// <summary>The case as a person can rebuild it, when a law fails.</summary>
    public override string ToString() => "\n" + JsonSerializer.Serialize(new { Registry, Subject, Question }, Readable) + "\n";

    private sealed class PartialDateAsText : JsonConverter<PartialDate>
    {
        public override PartialDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            PartialDate.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, PartialDate value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
