using System.Globalization;
using System.Text;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;
using EcoLabelRegistry.Standards;

namespace EcoLabelRegistry.Pages;

/// <summary>What a page says, in the language of the request: texts, names of records, dates, numbers, units.</summary>
public sealed class Words
{
    // UCUM codes whose customary sign differs from the code. Source: the column "print symbol" of https://ucum.org/ucum.
    private static readonly (string Code, string Sign)[] Signs =
    [
        ("[ppm]", "ppm"), ("[ppb]", "ppb"), ("[pH]", "pH"), ("[sft_i]", "ft²"), ("Cel", "°C"), ("ug", "µg"), ("um", "µm"), ("10*", "10^"),
        ("m2", "m²"), ("m3", "m³"), ("cm2", "cm²"), ("cm3", "cm³"), (".", "·"),
    ];

    // Not countries of ISO 3166, or named here as the labels of the registry name them.
    private static readonly Dictionary<string, string> OwnNames = new(StringComparer.Ordinal)
    {
        ["EU"] = "labels.eu",
        ["UN"] = "labels.un",
        ["HK"] = "labels.hk",
        ["MO"] = "labels.mo",
        ["TW"] = "labels.tw",
    };

    /// <summary>The language of the request.</summary>
    public Language Language => Language.Current;

    /// <summary>What stands between a name and what it names.</summary>
    public string Colon => Language == Language.Chinese ? "：" : ": ";

    /// <summary>What stands between the members of a list.</summary>
    public string Comma => Language == Language.Chinese ? "、" : ", ";

    /// <summary>What stands between longer members of a list.</summary>
    public string Semicolon => Language == Language.Chinese ? "；" : "; ";

    /// <summary>The text with this key.</summary>
    public string this[string key] => Texts.Of(key, Language);

    /// <summary>The text with this key, its placeholders filled.</summary>
    public string this[string key, params object?[] values] => Texts.Of(key, Language, values);

    /// <summary>The text of a member of a closed list.</summary>
    public string Of<TMember>(TMember member)
        where TMember : struct, Enum => Texts.Of(member, Language);

    /// <summary>A record's name; its code where it has none.</summary>
    public string Name(IReadOnlyDictionary<string, string>? names, string code) => Language.Of(names) ?? code;

    /// <summary>Who wrote something, as the log names him: a label body by its code, an authority by its name.</summary>
    public string Actor(string actor) => new Actor(actor) switch
    {
        { IsRegistrar: true } => this["session.registrar"],
        { LabelBody: { } body } => body,
        { Authority: { } authority } => authority,
        _ => actor == Changes.Actor.Anyone.Code ? this["objections.anyone"] : actor,
    };

    /// <summary>A day: 1 November 2019, 2019年11月1日.</summary>
    public string Date(DateOnly day) => Write(day, Language == Language.Chinese ? "yyyy年M月d日" : "d MMMM yyyy");

    /// <summary>A day, a month or a year, as exactly as it is known.</summary>
    public string Date(PartialDate date) =>
        date.IsDay ? Date(date.FirstDay)
        : date.FirstDay.Month == date.LastDay.Month ? Write(date.FirstDay, Language == Language.Chinese ? "yyyy年M月" : "MMMM yyyy")
        : Write(date.FirstDay, Language == Language.Chinese ? "yyyy年" : "yyyy");

    /// <summary>An instant of the log, to the minute, in UTC.</summary>
    public string Instant(string at) => DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
        ? $"{Date(DateOnly.FromDateTime(instant.UtcDateTime))} {instant.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC"
        : at;

    /// <summary>A number; both languages group thousands by a comma and write the decimals behind a point.</summary>
    public string Number(decimal number) => number.ToString("#,0.############", CultureInfo.InvariantCulture);

    /// <summary>A UCUM code as people write it: g/L, µg/m³; what stands in braces says what is counted.</summary>
    public string Unit(string? code)
    {
        if (code is null)
        {
            return "";
        }

        var text = new StringBuilder(code);
        foreach (var (own, sign) in Signs)
        {
            text.Replace(own, sign);
        }

        return text.Replace("{", "").Replace("}", "").ToString();
    }

    /// <summary>A country by its name in the language of the page; a code that has none stays.</summary>
    public string Country(string code)
    {
        if (OwnNames.TryGetValue(code, out var key))
        {
            return this[key];
        }

        try
        {
            var country = new RegionInfo(code); // refuses what is none
            return Language == Language.Chinese ? ChineseName(code) : country.EnglishName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }

    // The platform has Chinese names of countries only inside the names of cultures: 中文（简体，日本）.
    private static string ChineseName(string code)
    {
        var name = CultureInfo.GetCultureInfo("zh-Hans-" + code).NativeName;
        var start = name.LastIndexOf('，') + 1;
        return start > 0 && name.EndsWith('）') ? name[start..^1] : code;
    }

    /// <summary>A type of environmental label after ISO 14020.</summary>
    public string IsoType(string type) => type switch
    {
        "I" => this["labels.iso-i"],
        "I-like" => this["labels.iso-i-like"],
        "II" => this["labels.iso-ii"],
        "III" => this["labels.iso-iii"],
        _ => this["labels.iso-none"],
    };

    /// <summary>What a criterion demands, in its own unit.</summary>
    public string Limit(CriterionEntry criterion) =>
        Limit(criterion.Comparator ?? Comparator.ByReference, criterion.Limit, criterion.LimitMax, criterion.OneOf, criterion.Unit);

    /// <summary>What a criterion demands, in its own unit: at most 50 g/L.</summary>
    public string Limit(Comparator comparator, decimal? limit, decimal? limitMax, IReadOnlyList<string>? oneOf, string? unit)
    {
        string Value(decimal? value) => value is null ? "" : $"{Number(value.Value)} {Unit(unit)}".TrimEnd();
        return (comparator, limit) switch
        {
            (Comparator.AtMost, not null) => "≤ " + Value(limit),
            (Comparator.Below, not null) => "< " + Value(limit),
            (Comparator.AtLeast, not null) => "≥ " + Value(limit),
            (Comparator.Above, not null) => "> " + Value(limit),
            (Comparator.Equal, not null) => "= " + Value(limit),
            (Comparator.Between or Comparator.BetweenExclusive, not null) when limitMax is not null => $"{Number(limit.Value)} – {Value(limitMax)}",
            (Comparator.OneOf, _) when oneOf is { Count: > 0 } => string.Join(", ", oneOf),
            (Comparator.NotDetected or Comparator.Points or Comparator.Frequency, not null) => $"{Of(comparator)} ({Value(limit)})",
            (Comparator.AtMost or Comparator.Below or Comparator.AtLeast or Comparator.Above or Comparator.Equal or Comparator.Between or Comparator.BetweenExclusive, _) =>
                this["criterion.no-limit", Of(comparator)],
            _ => Of(comparator),
        };
    }

    private string Write(DateOnly day, string format) => day.ToString(format, Language == Language.Chinese ? CultureInfo.InvariantCulture : Language.Culture);
}
