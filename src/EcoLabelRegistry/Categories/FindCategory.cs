using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Categories;

/// <summary>Finds the category that a code means: the registry's own, or one of another classification.</summary>
public static class FindCategory
{
    private const string Cpv = "cpv:";
    private const string Unspsc = "unspsc:";

    /// <summary>Code of the category.</summary>
    /// <remarks>A class of another classification means the category mapped to it, or the one category that lies below it. It never means a wider one.</remarks>
    /// <exception cref="RefusalException">None is meant (422), or several are (409).</exception>
    public static string Find(RegistryAt registry, string member, string text)
    {
        if (text.StartsWith(Cpv, StringComparison.Ordinal))
        {
            // The check digit after the hyphen adds nothing; zeros at the end stand for everything below.
            var code = text[Cpv.Length..];
            return Mapped(registry, member, text, code is [.., '-', >= '0' and <= '9'] ? code[..^2] : code, c => (c.Cpv ?? []).Select(code => code.Split('-')[0]), '0', 2);
        }

        if (text.StartsWith(Unspsc, StringComparison.Ordinal))
        {
            return Mapped(registry, member, text, text[Unspsc.Length..], c => c.Unspsc ?? [], '0', 2);
        }

        registry.Categories.RequireKnown(member, text);
        return text;
    }

    private static void RequireKnown<T>(
        this System.Collections.Immutable.ImmutableSortedDictionary<string, Recorded<T>> categories, string member, string text)
    {
        if (!categories.ContainsKey(text))
        {
            throw Refusal.Unknown(Thing.Category, member, text, categories.Keys);
        }
    }

    private static string Mapped(
        RegistryAt registry, string member, string text, string code, Func<CategoryCodes, IEnumerable<string>> codesOf, char filler, int least)
    {
        if (code.Length != 8 || !code.All(char.IsAsciiDigit))
        {
            throw Refusal.Invalid(member, new Message("fault.classification", text));
        }

        var exact = Where(c => c == code);
        if (exact.Count == 0)
        {
            var stem = code.TrimEnd(filler).PadRight(least, filler);
            exact = Tops(registry, Where(c => c.StartsWith(stem, StringComparison.Ordinal)));
        }

        return exact switch
        {
            [] => throw Refusal.Unknown(Thing.Category, member, text, registry.Categories.Keys),
            [var one] => one,
            _ => throw Refusal.Ambiguous(text, [.. exact.Select(c => new { Category = c })]),
        };

        List<string> Where(Func<string, bool> matches) =>
            [.. registry.Categories.Values.Where(c => c.Entry.Codes is { } codes && codesOf(codes).Any(matches)).Select(c => c.Entry.Code!)];
    }

    /// <summary>Those that lie below none of the others.</summary>
    private static List<string> Tops(RegistryAt registry, IReadOnlyCollection<string> codes)
    {
        var all = codes.ToHashSet(StringComparer.Ordinal);
        return [.. codes.Where(code => !Above(code).Any(all.Contains))];

        IEnumerable<string> Above(string code)
        {
            for (var at = registry.Categories[code].Entry.Parent; at is not null; at = registry.Categories[at].Entry.Parent)
            {
                yield return at;
            }
        }
    }
}
