using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Http;

/// <summary>Reads a value from text. What is wrong is said with the text given and what would be right.</summary>
public delegate bool TextReader(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault);

/// <summary>How each type of value is read from text and described: those of the base library and of the domain here, all others by themselves (<see cref="ITextValue{TSelf}"/>).</summary>
public static class TextValues
{
    private static readonly ConcurrentDictionary<Type, Kind?> Kinds = new();

    /// <summary>How values of the type are read and described; null when they are not read from text.</summary>
    public static (TextReader Reader, ValueShape Shape)? For(Type type) =>
        Kinds.GetOrAdd(Nullable.GetUnderlyingType(type) ?? type, Find) is { } kind ? (kind.Reader, kind.Shape) : null;

    /// <summary>True for types that are a string in JSON and that the serializer does not know by itself.</summary>
    public static bool IsTextInJson(Type type) =>
        type != typeof(string) && type != typeof(bool) && type != typeof(int) && type != typeof(DateOnly) && For(type) is not null && Nullable.GetUnderlyingType(type) is null;

    /// <summary>The text that reads as the value.</summary>
    public static string Text(object value) => value switch
    {
        KnownAt { Revision: { } revision } => revision.ToString(CultureInfo.InvariantCulture),
        KnownAt { Instant: { } instant } => Instants.Text(instant),
        _ => value.ToString()!,
    };

    private static Kind? Find(Type type)
    {
        if (type == typeof(string))
        {
            return new(ReadString, new("string"));
        }

        if (type == typeof(bool))
        {
            return new(ReadBoolean, new("boolean", Example: "true"));
        }

        if (type == typeof(int))
        {
            return new(ReadInteger, new("integer", Format: "int32"));
        }

        if (type == typeof(DateOnly))
        {
            return new(ReadDate, new("string", Format: "date", Example: "2026-11-22"));
        }

        if (type == typeof(PartialDate))
        {
            return new(ReadPartialDate, new("string", Pattern: @"^\d{4}(-\d{2}(-\d{2})?)?$", Example: "2007-04"));
        }

        if (type == typeof(Gtin))
        {
            return new(ReadGtin, new("string", Example: "04006381333931"));
        }

        if (type == typeof(KnownAt))
        {
            return new(ReadKnownAt, new("string", Example: "2026-11-22T09:30:00Z"));
        }

        return type.IsEnum ? Make(nameof(OfCode), type)
            : type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITextValue<>)) ? Make(nameof(OfItself), type)
            : null;
    }

    private static Kind Make(string method, Type type) =>
        (Kind)typeof(TextValues).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, null)!;

    private static Kind OfCode<TMember>()
        where TMember : struct, Enum
    {
        return new(Read, new("string", OneOf: Code.All<TMember>()));

        static bool Read(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
        {
            var found = Code.TryParse<TMember>(text, out var member);
            (value, fault) = found ? ((object?)member, (Message?)null) : (null, new Message("fault.one-of", text, string.Join(", ", Code.All<TMember>())));
            return found;
        }
    }

    private static Kind OfItself<T>()
        where T : ITextValue<T>
    {
        return new(Read, T.Shape);

        static bool Read(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
        {
            var read = T.TryRead(text, out var own, out fault);
            value = read ? own : null;
            return read;
        }
    }

    private static bool ReadString(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
    {
        (value, fault) = (text, null);
        return true;
    }

    private static bool ReadBoolean(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
    {
        (value, fault) = text switch
        {
            "true" => (true, (Message?)null),
            "false" => (false, null),
            _ => ((object?)null, new Message("fault.one-of", text, "true, false")),
        };
        return value is not null;
    }

    private static bool ReadInteger(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
    {
        var read = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        (value, fault) = read ? ((object?)number, (Message?)null) : (null, new Message("fault.integer", text));
        return read;
    }

    private static bool ReadDate(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
    {
        var read = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        (value, fault) = read ? ((object?)date, (Message?)null) : (null, new Message("fault.date", text));
        return read;
    }

    private static bool ReadPartialDate(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
    {
        var read = PartialDate.TryParse(text, out var date);
        (value, fault) = read ? ((object?)date, (Message?)null) : (null, new Message("fault.partial-date", text));
        return read;
    }

    private static bool ReadGtin(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
    {
        fault = Gtin.Read(text, out var gtin) switch
        {
            null => null,
            { Kind: GtinFaultKind.NotDigits } => new Message("fault.gtin-not-digits", text),
            { Kind: GtinFaultKind.WrongLength } wrong => new Message("fault.gtin-length", text, wrong.Length),
            { Kind: GtinFaultKind.WrongCheckDigit } wrong => new Message("fault.gtin-check-digit", text, wrong.CheckDigit, wrong.Expected),
            { Kind: GtinFaultKind.NoGtinInLink } => new Message("fault.gtin-link", text),
        };
        value = fault is null ? gtin : null;
        return value is not null;
    }

    // A revision, or an instant of RFC 3339: its offset must be there, or the same text would mean two moments on two servers.
    // A '+' that was not escaped arrives as a blank.
    private static bool ReadKnownAt(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out Message? fault)
    {
        value = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? new KnownAt(revision, null)
            : Instants.TryRead(text.Replace(' ', '+'), out var instant) ? new KnownAt(null, instant)
            : null;
        fault = value is null ? new Message("fault.known-at", text) : null;
        return value is not null;
    }

    private sealed record Kind(TextReader Reader, ValueShape Shape);
}
