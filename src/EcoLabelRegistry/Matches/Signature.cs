using System.Numerics;

namespace EcoLabelRegistry.Matches;

/// <summary>Which pairs of neighbouring letters occur in a text, as 128 bits: what is asked for and a text that is it, or nearly, share most of theirs.</summary>
/// <remarks>
/// Of texts normalised for finding (<see cref="Products.ProductIdentity.FindKey(string)"/>). Chinese and Japanese need no words for it, and a slip of the
/// fingers costs two or three pairs of many. Nothing in it depends on the process, so that memory and database weigh a text alike. A bit may stand
/// for several pairs: it says which texts are worth a closer look, never what a text is.
/// </remarks>
/// <param name="Low">Bits 0 to 63.</param>
/// <param name="High">Bits 64 to 127.</param>
internal readonly record struct Signature(ulong Low, ulong High)
{
    private const char Start = '\u0001';
    private const char End = '\u0002';

    /// <summary>Half as wide, for short texts: numbers.</summary>
    public ulong Narrow => Low | High;

    /// <summary>A fixed, even order of texts that are equally near.</summary>
    public ulong Order => OrderOf(Low ^ BitOperations.RotateLeft(High, 29));

    /// <summary>The same order of narrow ones.</summary>
    public static ulong OrderOf(ulong bits)
    {
        bits = (bits ^ (bits >> 31)) * 0x7FB5_D329_728E_A185;
        bits = (bits ^ (bits >> 27)) * 0x81DA_DEF4_BC2D_D44D;
        return bits ^ (bits >> 33);
    }

    /// <summary>The signature of a text whose parts are kept apart by line breaks; where a part starts and ends is a pair too.</summary>
    public static Signature Of(ReadOnlySpan<char> key)
    {
        var signature = default(Signature);
        var before = Start;
        foreach (var letter in key)
        {
            if (letter == '\n')
            {
                signature |= OfPair(before, End);
                before = Start;
            }
            else
            {
                signature |= OfPair(before, letter);
                before = letter;
            }
        }

        return before == Start ? signature : signature | OfPair(before, End);
    }

    /// <summary>The bit of a pair.</summary>
    public static Signature OfPair(char first, char second)
    {
        var hash = (((uint)first << 16) | second) * 0x9E37_79B1u;
        hash = (hash ^ (hash >> 15)) * 0x85EB_CA6Bu;
        var bit = (int)(hash >> 25);
        return bit < 64 ? new(1ul << bit, 0) : new(0, 1ul << (bit - 64));
    }

    /// <summary>The bit of the pair that a text starts with.</summary>
    public static Signature OfStart(char first) => OfPair(Start, first);

    /// <summary>The bit of the pair that a text ends with.</summary>
    public static Signature OfEnd(char last) => OfPair(last, End);

    public static Signature operator |(Signature left, Signature right) => new(left.Low | right.Low, left.High | right.High);

    public static Signature operator &(Signature left, Signature right) => new(left.Low & right.Low, left.High & right.High);

    /// <summary>The bits of the left one that the right one lacks.</summary>
    public static Signature operator -(Signature left, Signature right) => new(left.Low & ~right.Low, left.High & ~right.High);
}

/// <summary>The pairs that are looked for, light and heavy ones: a pair with a digit, or of a script without blanks, tells more.</summary>
internal readonly record struct SignatureWeights(Signature Light, Signature Heavy)
{
    /// <summary>The greatest level that any text can reach.</summary>
    public const int Greatest = 256;

    /// <summary>How much of it a text has: 1 for a light pair, 2 for a heavy one.</summary>
    public int LevelOf(Signature text) =>
        BitOperations.PopCount(text.Low & Light.Low) + BitOperations.PopCount(text.High & Light.High)
        + (2 * (BitOperations.PopCount(text.Low & Heavy.Low) + BitOperations.PopCount(text.High & Heavy.High)));

    /// <summary>The same of a narrow signature.</summary>
    public int LevelOf(ulong narrow) => BitOperations.PopCount(narrow & Light.Narrow & ~Heavy.Narrow) + (2 * BitOperations.PopCount(narrow & Heavy.Narrow));

    /// <summary>What a text has that has all of it.</summary>
    public int Level => LevelOf(new Signature(ulong.MaxValue, ulong.MaxValue));

    /// <summary>The same of a narrow one.</summary>
    public int NarrowLevel => LevelOf(ulong.MaxValue);

    /// <summary>With one more pair; one that is heavy stays so.</summary>
    public SignatureWeights With(Signature pair, bool heavy) =>
        heavy ? new(Light - pair, Heavy | pair) : new((Light | pair) - Heavy, Heavy);
}
