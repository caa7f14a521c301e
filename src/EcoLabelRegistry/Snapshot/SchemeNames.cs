using EcoLabelRegistry.Products;
using EcoLabelRegistry.Schemes;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Finds a scheme by its code or an alias; an exact hit wins over a normalised one. Names are never guessed.</summary>
public sealed class SchemeNames
{
    private readonly Dictionary<string, string> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _normalised = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _called = new(StringComparer.Ordinal);

    /// <summary>Indexes the schemes of one revision.</summary>
    public SchemeNames(IEnumerable<SchemeEntry> schemes)
    {
        foreach (var scheme in schemes)
        {
            foreach (var name in (scheme.Aliases ?? []).Prepend(scheme.Code!))
            {
                _exact.TryAdd(name, scheme.Code!);
                Add(_normalised, ProductIdentity.FindKey(name), scheme.Code!);
            }

            foreach (var name in (scheme.Aliases ?? []).Concat(scheme.Names?.Values ?? []).Prepend(scheme.Code!))
            {
                Add(_called, ProductIdentity.FindKey(name), scheme.Code!);
            }
        }
    }

    /// <summary>Every code and alias, as recorded.</summary>
    public IEnumerable<string> All => _exact.Keys;

    /// <summary>Every scheme that the text can mean: one for an exact hit, several when a normalised one is ambiguous, none when unknown.</summary>
    public IReadOnlyCollection<string> Find(string text) =>
        _exact.TryGetValue(text, out var code) ? [code]
        : _normalised.TryGetValue(ProductIdentity.FindKey(text), out var codes) ? WithLostPlus(text, codes)
        : [];

    /// <summary>Schemes of which the code or an alias, normalised for finding, is this.</summary>
    internal IReadOnlyCollection<string> Named(string key) => _normalised.TryGetValue(key, out var codes) ? codes : [];

    /// <summary>Schemes that a text, normalised for finding, may speak of: by code, alias or name in any language. A help in a search; it decides nothing.</summary>
    internal IReadOnlyCollection<string> Called(string key) => _called.TryGetValue(key, out var codes) ? codes : [];

    private static void Add(Dictionary<string, SortedSet<string>> codesOf, string key, string code)
    {
        if (!codesOf.TryGetValue(key, out var codes))
        {
            codesOf[key] = codes = new SortedSet<string>(StringComparer.Ordinal);
        }

        codes.Add(code);
    }

    /// <summary>A plus sign that was not escaped in an address arrives as a blank: "SGLS " may be SGLS or SGLS+, and the two must stay apart.</summary>
    private SortedSet<string> WithLostPlus(string text, SortedSet<string> codes) =>
        text.EndsWith(' ') && _normalised.TryGetValue(ProductIdentity.FindKey(text) + "+", out var plus)
            ? new SortedSet<string>(codes.Union(plus, StringComparer.Ordinal), StringComparer.Ordinal)
            : codes;
}
