using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Matches;

/// <summary>Where to look.</summary>
/// <param name="Scheme">Code of the only scheme whose certificates are looked at; null for all.</param>
/// <param name="Categories">Codes of the only categories of lines that are looked at; null for all.</param>
public sealed record SearchScope(string? Scheme, IReadOnlySet<string>? Categories)
{
    /// <summary>Everywhere.</summary>
    public static readonly SearchScope Everywhere = new(null, null);

    /// <summary>Certificates of a scheme, lines in a category or below it; null for all.</summary>
    public static SearchScope Of(RegistryAt registry, string? scheme, string? category) => new(
        scheme,
        category is null ? null : registry.Categories.Keys.Where(own => registry.Graph.IsWithin(own, category)).ToHashSet(StringComparer.Ordinal));

    /// <summary>True when a line of this category is looked at.</summary>
    public bool Takes(string? category) => Categories is null || (category is not null && Categories.Contains(category));
}

/// <summary>What is called nearly as what was typed, as its signature tells: to be looked at closely.</summary>
/// <param name="Lines">Lines whose brand and model are near, each as its place on its certificate.</param>
/// <param name="Certificates">Certificates whose number or holder is near.</param>
/// <param name="IsCut">True when there are more in which every word may occur than are taken.</param>
public sealed record NearTexts(IReadOnlyList<(RecordedCertificate Certificate, int Place)> Lines, IReadOnlyList<RecordedCertificate> Certificates, bool IsCut)
{
    /// <summary>Most lines that are looked at closely.</summary>
    internal const int MostLines = 400;

    /// <summary>Most certificates that are looked at closely for their number.</summary>
    internal const int MostNumbers = 150;

    /// <summary>Most certificates of the schemes that are named that are looked at closely for their number.</summary>
    internal const int MostNamed = 100;

    /// <summary>Most certificates that are looked at closely for their holder.</summary>
    internal const int MostHolders = 200;

    // Of less, nothing is left once it is looked at closely.
    private const int LeastShare = 6;

    // Of a number beside its scheme: whose scheme it is costs a look into the row.
    private const int LeastShareNamed = 3;

    /// <summary>The least level of a number of a scheme that is named that is worth a closer look.</summary>
    internal static int FloorNamed(int level) => Math.Max(1, level / LeastShareNamed);

    /// <summary>The least level that is worth a closer look.</summary>
    internal static int Floor(int level) => Math.Max(1, level / LeastShare);

    /// <summary>True when texts were left out in which every word may occur.</summary>
    internal static bool CutsWhole<TLine, TNumber, THolder>(AskedText asked, Shortlist<TLine> lines, Shortlist<TNumber> numbers, Shortlist<THolder> holders) =>
        Reaches(lines.Cut, asked.Inner.Level) || Reaches(numbers.Cut, asked.Inner.NarrowLevel) || Reaches(holders.Cut, asked.Inner.Level);

    private static bool Reaches(int cut, int level) => cut > 0 && cut >= level;
}
