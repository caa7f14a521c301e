namespace EcoLabelRegistry.Matches;

/// <summary>Finds in a text the part that something typed comes nearest to.</summary>
internal static class FindInText
{
    // What costs more than this share of its own weight is something else.
    private const double MostCost = 0.4;

    // Longer texts are looked through to here; names of holders are bounded by 500.
    private const int LongestText = 512;

    /// <summary>A part of a text, and what it costs to turn what was typed into it.</summary>
    /// <param name="Start">Where the part starts.</param>
    /// <param name="End">Where it ends, not included.</param>
    /// <param name="Cost">0 for the same letters; in units of two for an ordinary letter.</param>
    internal readonly record struct Part(int Start, int End, int Cost)
    {
        /// <summary>Letters in it.</summary>
        public int Length => End - Start;
    }

    /// <summary>The nearest part; null when none is near. Of equally near ones the first, but one that cuts no number apart comes before one that does.</summary>
    /// <param name="typed">What was typed, normalised for finding.</param>
    /// <param name="isCode">True when each letter of it matters.</param>
    /// <param name="text">The text, normalised for finding.</param>
    /// <param name="sharePairs">False when the two share no pair of letters: then nothing but the letters themselves is near.</param>
    public static Part? Find(ReadOnlySpan<char> typed, bool isCode, ReadOnlySpan<char> text, bool sharePairs = true)
    {
        if (text.Length == 0)
        {
            return null;
        }

        Part? first = null;
        for (var from = 0; from <= text.Length - typed.Length && text[from..].IndexOf(typed, StringComparison.Ordinal) is >= 0 and var at; from += at + 1)
        {
            var part = new Part(from + at, from + at + typed.Length, 0);
            first ??= part;
            if (!CutsNumber(part, text))
            {
                return part;
            }
        }

        return first is not null || !sharePairs ? first : Nearly(typed, isCode, text.Length > LongestText ? text[..LongestText] : text);
    }

    /// <summary>True when the part is a piece of a number: 935 of 9350, and 314 of 2356314 for A314 as well.</summary>
    public static bool CutsNumber(Part part, ReadOnlySpan<char> text) => CutsNumberAt(part.Start, text) || CutsNumberAt(part.End, text);

    /// <summary>True when a number of the text goes on across this place.</summary>
    public static bool CutsNumberAt(int place, ReadOnlySpan<char> text) => place > 0 && place < text.Length && char.IsDigit(text[place - 1]) && char.IsDigit(text[place]);

    /// <summary>What it costs to put a letter in, to leave it out or to replace it.</summary>
    private static int CostOf(char letter, bool isCode) => char.IsDigit(letter) ? 6 : 2 * AskedText.WeightOf(letter, isCode);

    // Sellers: the least cost of turning the first i letters typed into a part of the text that ends at j, with neighbours swapped as one slip.
    private static Part? Nearly(ReadOnlySpan<char> typed, bool isCode, ReadOnlySpan<char> text)
    {
        var weight = 0;
        foreach (var letter in typed)
        {
            weight += 2 * AskedText.WeightOf(letter, isCode);
        }

        var most = (int)(weight * MostCost);
        var width = text.Length + 1;
        Span<Cell> beforeLast = stackalloc Cell[width];
        Span<Cell> last = stackalloc Cell[width];
        Span<Cell> current = stackalloc Cell[width];
        for (var j = 0; j < width; j++)
        {
            last[j] = new(0, (short)j);
        }

        var leastBefore = 0;
        for (var i = 1; i <= typed.Length; i++)
        {
            var letter = typed[i - 1];
            var own = CostOf(letter, isCode);
            current[0] = new(last[0].Cost + own, 0);
            var least = current[0].Cost;
            for (var j = 1; j < width; j++)
            {
                var other = text[j - 1];
                var replaced = letter == other ? last[j - 1] : last[j - 1].Plus(Math.Max(own, CostOf(other, isCode)));
                var best = Cheaper(Cheaper(replaced, last[j].Plus(own)), current[j - 1].Plus(CostOf(other, isCode)));
                if (i > 1 && j > 1 && letter != other && letter == text[j - 2] && typed[i - 2] == other)
                {
                    best = Cheaper(best, beforeLast[j - 2].Plus(Math.Max(own, CostOf(other, isCode))));
                }

                current[j] = best;
                least = Math.Min(least, best.Cost);
            }

            if (least > most && leastBefore > most)
            {
                return null;
            }

            leastBefore = least;
            var free = beforeLast;
            beforeLast = last;
            last = current;
            current = free;
        }

        // Of equally cheap parts the one that is as long as what was typed: a swap is no letter left out.
        var end = 0;
        for (var j = 1; j < width; j++)
        {
            end = last[j].Cost < last[end].Cost || (last[j].Cost == last[end].Cost && Off(last[j], j, typed.Length) < Off(last[end], end, typed.Length)) ? j : end;
        }

        return last[end].Cost <= most && last[end].Start < end ? new Part(last[end].Start, end, last[end].Cost) : null;
    }

    private static int Off(Cell cell, int end, int length) => Math.Abs(end - cell.Start - length);

    private static Cell Cheaper(Cell left, Cell right) => right.Cost < left.Cost ? right : left;

    private readonly record struct Cell(int Cost, short Start)
    {
        public Cell Plus(int cost) => new(Cost + cost, Start);
    }
}
