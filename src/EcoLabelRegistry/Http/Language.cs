using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace EcoLabelRegistry.Http;

/// <summary>A language in which the service writes. Names, titles and the words of sources stay as recorded.</summary>
public sealed class Language : ITextValue<Language>
{
    /// <summary>English: the answer to whoever asks for neither.</summary>
    public static readonly Language English = new("en", "en");

    /// <summary>Simplified Chinese; whoever asks for another Chinese reads it more easily than English.</summary>
    public static readonly Language Chinese = new("zh-Hans", "zh");

    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    private Language(string tag, string member)
    {
        Tag = tag;
        Member = member;
        Culture = CultureInfo.GetCultureInfo(tag);
    }

    /// <inheritdoc />
    public static ValueShape Shape { get; } = new("string", Example: "zh-Hans", OneOf: ["en", "zh-Hans"]);

    /// <summary>The language of the request that is being answered.</summary>
    public static Language Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? Chinese : English;

    /// <summary>The language that the locale of the environment names, for whoever reads the program's own lines: <c>LC_ALL</c>, else <c>LC_MESSAGES</c>, else <c>LANG</c>.</summary>
    public static Language OfEnvironment
    {
        get
        {
            var locale = LocaleVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
            return Primary((locale ?? string.Empty).Split('_', '.')[0]) == "zh" ? Chinese : English;
        }
    }

    /// <summary>As <c>Content-Language</c> has it.</summary>
    public string Tag { get; }

    /// <summary>Its member in <c>names</c>, <c>titles</c> and the like.</summary>
    public string Member { get; }

    /// <summary>Its culture, for the texts only; dates and numbers are written alike in every language.</summary>
    public CultureInfo Culture { get; }

    /// <summary>The language that <c>Accept-Language</c> prefers; weights count, and of equal ones the first.</summary>
    public static Language Preferred(StringValues acceptLanguage)
    {
        if (acceptLanguage.Count == 0)
        {
            return English;
        }

        var (best, weight) = (English, 0.0);
        foreach (var range in acceptLanguage.SelectMany(header => (header ?? string.Empty).Split(',')))
        {
            if (!StringWithQualityHeaderValue.TryParse(range, out var asked))
            {
                continue;
            }

            // "*" stands for what no other range names, which here is English unless English is named.
            var language = Primary(asked.Value) switch { "zh" => Chinese, "en" or "*" => English, _ => null };
            if (language is not null && (asked.Quality ?? 1) > weight)
            {
                (best, weight) = (language, asked.Quality ?? 1);
            }
        }

        return best;
    }

    /// <summary>The text of this language among those of a record; else the English one, else the first by tag. Null when there is none.</summary>
    public string? Of(IReadOnlyDictionary<string, string>? texts) =>
        texts is null ? null
        : texts.TryGetValue(Member, out var own) || texts.TryGetValue(Tag, out own) || texts.TryGetValue(English.Member, out own) ? own
        : texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value).FirstOrDefault();

    /// <inheritdoc />
    public static bool TryRead(string text, [NotNullWhen(true)] out Language? value, [NotNullWhen(false)] out Message? fault)
    {
        value = Primary(text) switch { "zh" => Chinese, "en" => English, _ => null };
        fault = value is null ? new Message("fault.one-of", text, "en, zh-Hans") : null;
        return value is not null;
    }

    /// <inheritdoc />
    public override string ToString() => Tag;

    private static string Primary(string range) => range.Split('-')[0].ToLowerInvariant();
}
