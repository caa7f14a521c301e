using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using System.Text.Json;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Resources;

/// <summary>Every text of the service that a person reads, by key and language: <c>Texts.resx</c> and <c>Pages.resx</c>, each with its <c>.zh-Hans.resx</c>.</summary>
public static class Texts
{
    // What a client sent is repeated in the answer, but not by the megabyte.
    private const int LongestValue = 400;

    // Texts.resx has what programs are answered and pages share; Pages.resx what only the pages say.
    private static readonly ResourceManager[] Resources =
        [new("EcoLabelRegistry.Resources.Texts", typeof(Texts).Assembly), new("EcoLabelRegistry.Resources.Pages", typeof(Texts).Assembly)];

    private static readonly FrozenDictionary<string, string> English = Load(CultureInfo.InvariantCulture);
    private static readonly FrozenDictionary<string, string> Chinese = Load(Language.Chinese.Culture);

    /// <summary>Every text of a language.</summary>
    public static IReadOnlyDictionary<string, string> In(Language language) => language == Language.Chinese ? Chinese : English;

    /// <summary>The text with this key.</summary>
    /// <exception cref="KeyNotFoundException">No text has the key.</exception>
    public static string Of(string key, Language language) => In(language)[key];

    /// <summary>The text with this key, its placeholders filled; messages among the values are written in the same language.</summary>
    public static string Of(string key, Language language, params ReadOnlySpan<object?> values)
    {
        var filled = new object?[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            filled[i] = values[i] switch
            {
                Message message => message.In(language),
                DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateTimeOffset instant => Instants.Text(instant),
                string { Length: > LongestValue } text => string.Concat(text.AsSpan(0, LongestValue), "…"),
                var value => value,
            };
        }

        return string.Format(CultureInfo.InvariantCulture, Of(key, language), filled);
    }

    /// <summary>The text of a member of a closed list; its key is the list's name and the member's code: <c>reason.no-agreement</c>.</summary>
    public static string Of<TMember>(TMember member, Language language)
        where TMember : struct, Enum =>
        (language == Language.Chinese ? List<TMember>.Chinese : List<TMember>.English)[member];

    /// <summary>The key of a member's text.</summary>
    public static string Key<TMember>(TMember member)
        where TMember : struct, Enum => List<TMember>.Prefix + Code.Of(member);

    private static FrozenDictionary<string, string> Load(CultureInfo culture) =>
        Resources.SelectMany(resources => resources.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>())
            .ToFrozenDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);

    private static class List<TMember>
        where TMember : struct, Enum
    {
        public static readonly string Prefix = JsonNamingPolicy.KebabCaseLower.ConvertName(typeof(TMember).Name) + ".";
        public static readonly FrozenDictionary<TMember, string> English = In(Language.English);
        public static readonly FrozenDictionary<TMember, string> Chinese = In(Language.Chinese);

        private static FrozenDictionary<TMember, string> In(Language language) =>
            Enum.GetValues<TMember>().ToFrozenDictionary(m => m, m => Texts.Of(Prefix + Code.Of(m), language));
    }
}
