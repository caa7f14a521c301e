using System.Text;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Tells by its first bytes in which form a list is, whatever its name says.</summary>
internal static class ListForm
{
    private static ReadOnlySpan<byte> OldWorkbook => [0xD0, 0xCF, 0x11, 0xE0];

    private static ReadOnlySpan<byte> Zip => "PK\u0003\u0004"u8;

    /// <summary>The media type under which the list is asked; CSV for every text that is neither XML nor JSON.</summary>
    /// <exception cref="RefusalException">It is a workbook of the old binary form, a document, a picture, or no text.</exception>
    public static string Of(ReadOnlySpan<byte> start)
    {
        if (FileKind.Of(start) is { } kind)
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.other-file", kind));
        }

        if (start.StartsWith(OldWorkbook))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.old-workbook"));
        }

        if (start.StartsWith(Zip))
        {
            return CheckMany.SheetType;
        }

        // UTF-16 of XML and JSON begins with its mark, or with a zero beside an ASCII letter.
        foreach (var letter in start)
        {
            switch (letter)
            {
                case 0 or 0xEF or 0xBB or 0xBF or 0xFF or 0xFE or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    continue;
                case (byte)'<':
                    return CheckMany.XmlType;
                case (byte)'{':
                    return CheckMany.JsonType;
            }

            break;
        }

        return HasControls(start) ? throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.no-list")) : CheckMany.CsvType;
    }

    /// <summary>True when the first bytes can be shown to a person: of a picture or a workbook they say nothing.</summary>
    public static bool IsText(ReadOnlySpan<byte> start) => FileKind.Of(start) is null && !start.StartsWith(OldWorkbook) && !start.StartsWith(Zip) && !HasControls(start);

    /// <summary>The first lines as a person can look at them: whatever is no text is a dot, and a long line is cut.</summary>
    /// <param name="start">The first bytes.</param>
    /// <param name="most">Most lines.</param>
    /// <param name="longest">Most letters of a line.</param>
    public static IReadOnlyList<string> FirstLines(ReadOnlySpan<byte> start, int most, int longest)
    {
        var text = EncodingOf(start).GetString(start).TrimStart('\uFEFF');
        return
        [
            .. text.Split('\n', most + 1).Take(most).Select(line => line.TrimEnd('\r'))
                .Select(line => line.Length > longest ? string.Concat(line.AsSpan(0, longest), "…") : line)
                .Select(line => string.Concat(line.Select(c => char.IsControl(c) && c != '\t' ? '·' : c))),
        ];
    }

    private static Encoding EncodingOf(ReadOnlySpan<byte> start)
    {
        try
        {
            return ListBody.Guess(start, isWhole: false);
        }
        catch (RefusalException)
        {
            return Encoding.Latin1;
        }
    }

    // A text has none of these; UTF-16 has zeros in every other place.
    private static bool HasControls(ReadOnlySpan<byte> start)
    {
        foreach (var letter in start)
        {
            if (letter is > 0 and < 9 or (> 13 and < 27) or (> 27 and < 32))
            {
                return !(start.StartsWith(Encoding.Unicode.Preamble) || start.StartsWith(Encoding.BigEndianUnicode.Preamble) || ListBody.Utf16(start) is not null);
            }
        }

        return false;
    }
}
