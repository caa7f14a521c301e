namespace EcoLabelRegistry.Network;

/// <summary>A name as a drawing has it: whole, a longer one in two lines of smaller letters.</summary>
/// <param name="Lines">Its lines, one or two.</param>
/// <param name="Size">Size of its letters, in pixels.</param>
/// <remarks>
/// Nobody measures letters on a server, so that widths are estimated, and rather too wide than too narrow. Only a name that is longer than any on record would be cut, so that
/// one label cannot push a drawing out of every window.
/// </remarks>
internal sealed record DrawnName(IReadOnlyList<string> Lines, int Size)
{
    /// <summary>From here on signs are as wide as high: https://www.unicode.org/charts/PDF/U2E80.pdf.</summary>
    public const char FirstWide = '\u2E80';

    private const int OneLine = 13;
    private const int TwoLines = 11;
    private const double Broken = 15; // in heights of a letter: what fits beside a drawing in one line
    private const double Longest = 26;

    /// <summary>Its width at most, in pixels.</summary>
    public double Width => Lines.Max(WidthOf) * Size;

    /// <summary>Its height, in pixels.</summary>
    public double Height => Lines.Count * Size;

    /// <summary>A name as it is drawn.</summary>
    public static DrawnName Of(string name)
    {
        if (WidthOf(name) <= Broken)
        {
            return new([name], OneLine);
        }

        var half = WidthOf(name) / 2;
        var (best, off) = (0, double.MaxValue);
        for (var i = 1; i < name.Length; i++)
        {
            if ((name[i - 1] == ' ' || (name[i] >= FirstWide && name[i - 1] >= FirstWide && name[i] is not ('）' or '、' or '，') && name[i - 1] is not '（'))
                && Math.Abs(WidthOf(name[..i]) - half) is var distance && distance < off)
            {
                (best, off) = (i, distance);
            }
        }

        return new(best == 0 ? [Cut(name)] : [Cut(name[..best].TrimEnd()), Cut(name[best..])], TwoLines);
    }

    private static string Cut(string line)
    {
        var end = line.Length;
        while (WidthOf(line[..end]) > Longest)
        {
            end--;
        }

        return end == line.Length ? line : line[..(char.IsHighSurrogate(line[end - 1]) ? end - 1 : end)].TrimEnd() + "…";
    }

    // In heights of a letter; measured on the sans serif faces that browsers take for system-ui, and rounded up.
    private static double WidthOf(string text) => text.Sum(sign => sign switch
    {
        >= FirstWide => 1.02,
        'm' or 'w' or 'M' or 'W' or '—' or '…' => 0.95,
        >= 'A' and <= 'Z' => 0.72,
        'i' or 'j' or 'l' or 'f' or 't' or 'r' or 'I' or ' ' or '.' or ',' or '(' or ')' or '-' or '\'' or '/' or ':' => 0.4,
        _ => 0.62,
    });
}
