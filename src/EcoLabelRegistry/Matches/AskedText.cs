using EcoLabelRegistry.Products;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Matches;

/// <summary>What somebody typed, taken apart: its words, what of it may belong together, the schemes that it names, and the pairs of letters to look for.</summary>
public sealed class AskedText
{
    /// <summary>Longest text taken, in UTF-16 code units.</summary>
    public const int Longest = 200;

    // Groups of a number or model that is written with blanks: GS 11 45 2.
    private const int MostJoined = 6;

    // Words of a scheme's name.
    private const int MostWordsOfScheme = 8;

    private AskedText(IReadOnlyList<Word> words, IReadOnlyList<Unit> units)
    {
        Words = words;
        Units = units;
        (Pairs, Inner) = PairsOf(words);
        Weight = words.Sum(w => w.Weight);
        Schemes = units.SelectMany(u => u.Schemes ?? []).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Its words, normalised for finding; what finding drops, such as a hyphen alone, is no word.</summary>
    internal IReadOnlyList<Word> Words { get; }

    /// <summary>What is looked for as one: each word, words that may be one number or model, words that name a scheme. By last word, then by first.</summary>
    internal IReadOnlyList<Unit> Units { get; }

    /// <summary>The pairs of letters that are looked for.</summary>
    internal SignatureWeights Pairs { get; }

    /// <summary>Those that every text has in which all words occur.</summary>
    internal SignatureWeights Inner { get; }

    /// <summary>Weight of all words.</summary>
    internal int Weight { get; }

    /// <summary>Codes of the schemes that it may name.</summary>
    internal IReadOnlySet<string> Schemes { get; }

    /// <summary>Takes a text apart.</summary>
    /// <param name="text">The text.</param>
    /// <param name="schemes">Schemes by what they are called.</param>
    public static AskedText Of(string text, SchemeNames schemes)
    {
        var words = new List<Word>();
        foreach (var (start, end) in Cut(text))
        {
            var raw = text[start..end];
            if (ProductIdentity.FindKey("x" + raw) != "x")
            {
                words.Add(new Word(start, end, ProductIdentity.FindKey(raw)));
            }
        }

        var units = new List<Unit>();
        for (var last = 0; last < words.Count; last++)
        {
            for (var first = Math.Max(0, last + 1 - MostWordsOfScheme); first <= last; first++)
            {
                var joined = string.Concat(words.Skip(first).Take(last + 1 - first).Select(w => w.Key));
                var raw = text[words[first].Start..words[last].End];
                var weight = words.Skip(first).Take(last + 1 - first).Sum(w => w.Weight);
                if (schemes.Called(joined) is { Count: > 0 } called)
                {
                    units.Add(new Unit(first, last, raw, joined, weight, called));
                }

                if (first == last || (last - first < MostJoined && words.Skip(first).Take(last + 1 - first).All(w => w.IsCode)))
                {
                    units.Add(new Unit(first, last, raw, joined, weight, null) { IsCode = words[first].IsCode });
                }
            }
        }

        return new AskedText(words, units);
    }

    /// <summary>True for letters of scripts without blanks between words.</summary>
    public static bool IsUnspaced(char letter) => letter is (>= '\u2E80' and <= '\uA4CF') or (>= '\uAC00' and <= '\uD7A3') or (>= '\uF900' and <= '\uFAFF')
        or (>= '\uFF65' and <= '\uFFDC') or (>= '\uD840' and <= '\uD8BF');

    // At blanks and commas, and where the script changes: 理想MF9350C is two words.
    private static IEnumerable<(int Start, int End)> Cut(string text)
    {
        var start = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (IsGap(letter))
            {
                if (start >= 0)
                {
                    yield return (start, i);
                }

                start = -1;
            }
            else if (start < 0)
            {
                start = i;
            }
            else if (char.IsLetterOrDigit(letter) && char.IsLetterOrDigit(text[i - 1]) && IsUnspaced(letter) != IsUnspaced(text[i - 1]))
            {
                yield return (start, i);
                start = i;
            }
        }

        if (start >= 0)
        {
            yield return (start, text.Length);
        }
    }

    private static bool IsGap(char letter) => char.IsWhiteSpace(letter) || letter is ',' or ';' or ':' or '"' or '|' or '、' or '，' or '；' or '：';

    private static (SignatureWeights Pairs, SignatureWeights Inner) PairsOf(IReadOnlyList<Word> words)
    {
        var (pairs, inner) = (default(SignatureWeights), default(SignatureWeights));
        foreach (var (i, word) in words.Index())
        {
            // Words may stand for themselves or be parts of one: both their ends and what joins them are looked for, lightly.
            pairs = pairs.With(Signature.OfStart(word.Key[0]), heavy: false).With(Signature.OfEnd(word.Key[^1]), heavy: false);
            if (i > 0)
            {
                pairs = pairs.With(Signature.OfPair(words[i - 1].Key[^1], word.Key[0]), heavy: false);
            }
        }

        foreach (var word in words)
        {
            for (var i = 1; i < word.Key.Length; i++)
            {
                var (first, second) = (word.Key[i - 1], word.Key[i]);
                var heavy = char.IsDigit(first) || char.IsDigit(second) || IsUnspaced(second);
                pairs = pairs.With(Signature.OfPair(first, second), heavy);
            }
        }

        foreach (var word in words)
        {
            for (var i = 1; i < word.Key.Length; i++)
            {
                var pair = Signature.OfPair(word.Key[i - 1], word.Key[i]);
                inner = inner.With(pair, (pair & pairs.Heavy) != default);
            }
        }

        return (pairs, inner);
    }

    /// <summary>A word.</summary>
    internal sealed record Word
    {
        public Word(int start, int end, string key)
        {
            (Start, End, Key) = (start, end, key);
            IsCode = key.Any(char.IsDigit) || (key.Length <= 3 && !key.Any(IsUnspaced));
            Weight = key.Sum(letter => WeightOf(letter, IsCode));
        }

        /// <summary>Where it starts in the text.</summary>
        public int Start { get; }

        /// <summary>Where it ends there.</summary>
        public int End { get; }

        /// <summary>Normalised for finding.</summary>
        public string Key { get; }

        /// <summary>True when it has a digit, or is as short as an abbreviation: another letter in it names another thing.</summary>
        public bool IsCode { get; }

        /// <summary>How much it counts.</summary>
        public int Weight { get; }
    }

    /// <summary>How much a letter counts: twice in a code, and in scripts in which it says twice as much.</summary>
    public static int WeightOf(char letter, bool isCode) => isCode || char.IsDigit(letter) || IsUnspaced(letter) ? 2 : 1;

    /// <summary>Words that are looked for as one.</summary>
    /// <param name="First">The first word.</param>
    /// <param name="Last">The last word.</param>
    /// <param name="Text">As it was typed.</param>
    /// <param name="Key">The words joined, normalised for finding.</param>
    /// <param name="Weight">How much it counts.</param>
    /// <param name="Schemes">Codes of the schemes that are called so; null for anything else.</param>
    internal sealed record Unit(int First, int Last, string Text, string Key, int Weight, IReadOnlyCollection<string>? Schemes)
    {
        /// <summary>True when each letter of it matters.</summary>
        public bool IsCode { get; init; }

        /// <summary>The pairs of letters in it.</summary>
        public Signature Pairs { get; } = PairsIn(Key);

        private static Signature PairsIn(string key)
        {
            var pairs = default(Signature);
            for (var i = 1; i < key.Length; i++)
            {
                pairs |= Signature.OfPair(key[i - 1], key[i]);
            }

            return pairs;
        }
    }
}
