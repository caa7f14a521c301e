using System.Buffers;
using System.Runtime.InteropServices;
using EcoLabelRegistry.Matches;

namespace EcoLabelRegistry.Snapshot;

/// <summary>What certificates are called, as signatures: of each line its brand and model, of each certificate its numbers and its holder.</summary>
/// <remarks>
/// One thread at a time adds, row by row, each before the row itself is shown; a reader takes the count of rows first and sees all texts of those. A
/// search looks at all signatures, and there is no index to keep.
/// </remarks>
internal sealed class PackedTexts
{
    private const int NoHolder = -1;

    // An entry of the dictionary, its bucket and the signature in the list.
    private const int BytesOfHolder = 56;

    private readonly PagedList<Signature> _lines = new();
    private readonly PagedList<int> _rowsOfLines = new();
    private readonly PagedList<ulong> _numbers = new();
    private readonly PagedList<int> _rowsOfNumbers = new();
    private readonly PagedList<int> _holderOfRow = new();
    private readonly PagedList<Signature> _holders = new();
    private readonly Dictionary<Signature, int> _holderNumbers = [];

    /// <summary>What it takes, in bytes.</summary>
    public long Bytes => _lines.Bytes + _rowsOfLines.Bytes + _numbers.Bytes + _rowsOfNumbers.Bytes + _holderOfRow.Bytes + ((long)_holders.Count * BytesOfHolder);

    /// <summary>Adds the texts of the next row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="lines">Of each line that names a product.</param>
    /// <param name="numbers">Of each number.</param>
    /// <param name="holder">Of the holder; null where none is named.</param>
    public void Add(int row, ReadOnlySpan<Signature> lines, ReadOnlySpan<ulong> numbers, Signature? holder)
    {
        foreach (var line in lines)
        {
            _lines.Add(line);
            _rowsOfLines.Add(row);
        }

        foreach (var number in numbers)
        {
            _numbers.Add(number);
            _rowsOfNumbers.Add(row);
        }

        var place = NoHolder;
        if (holder is { } named)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_holderNumbers, named, out var isKnown);
            if (!isKnown)
            {
                known = _holders.Count;
                _holders.Add(named);
            }

            place = known;
        }

        _holderOfRow.Add(place);
    }

    /// <summary>Adds the texts of a row of another one.</summary>
    /// <param name="row">The row here.</param>
    /// <param name="other">The other one.</param>
    /// <param name="from">Where its next row begins there.</param>
    public void Add(int row, PackedTexts other, in Place from)
    {
        for (var i = from.Line; i < other._rowsOfLines.Count && other._rowsOfLines[i] == from.Row; i++)
        {
            _lines.Add(other._lines[i]);
            _rowsOfLines.Add(row);
        }

        for (var i = from.Number; i < other._rowsOfNumbers.Count && other._rowsOfNumbers[i] == from.Row; i++)
        {
            _numbers.Add(other._numbers[i]);
            _rowsOfNumbers.Add(row);
        }

        var holder = other._holderOfRow[from.Row];
        Add(row, [], [], holder == NoHolder ? null : other._holders[holder]);
    }

    /// <summary>Where the row after the one at a place begins.</summary>
    public Place Next(Place place)
    {
        var (line, number) = (place.Line, place.Number);
        while (line < _rowsOfLines.Count && _rowsOfLines[line] == place.Row)
        {
            line++;
        }

        while (number < _rowsOfNumbers.Count && _rowsOfNumbers[number] == place.Row)
        {
            number++;
        }

        return new(place.Row + 1, line, number);
    }

    /// <summary>Looks at the lines of the first rows.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="asked">What is looked for.</param>
    /// <param name="floor">The least level that is worth a look.</param>
    /// <param name="look">Takes a line: its row, its place among the named lines of the row, its level and its signature; gives the least level worth a look from now on.</param>
    public void LookAtLines(int rows, SignatureWeights asked, int floor, Func<int, int, int, Signature, int> look)
    {
        var (row, first) = (-1, 0);
        for (var at = 0; ;)
        {
            var owners = _rowsOfLines.From(at);
            var signatures = _lines.From(at);
            if (owners.Length == 0)
            {
                return;
            }

            for (var i = 0; i < owners.Length; i++)
            {
                if (owners[i] != row)
                {
                    (row, first) = (owners[i], at + i);
                    if (row >= rows)
                    {
                        return;
                    }
                }

                var level = asked.LevelOf(signatures[i]);
                if (level >= floor)
                {
                    floor = look(row, at + i - first, level, signatures[i]);
                }
            }

            at += owners.Length;
        }
    }

    /// <summary>Looks at the numbers of the first rows, as <see cref="LookAtLines"/> does at lines.</summary>
    public void LookAtNumbers(int rows, SignatureWeights asked, int floor, Func<int, int, ulong, int> look)
    {
        for (var at = 0; ;)
        {
            var owners = _rowsOfNumbers.From(at);
            var signatures = _numbers.From(at);
            for (var i = 0; i < owners.Length; i++)
            {
                var level = asked.LevelOf(signatures[i]);
                if (level >= floor)
                {
                    if (owners[i] >= rows)
                    {
                        return;
                    }

                    floor = look(owners[i], level, signatures[i]);
                }
            }

            if (owners.Length == 0)
            {
                return;
            }

            at += owners.Length;
        }
    }

    /// <summary>Looks at the holders of the first rows, as <see cref="LookAtLines"/> does at lines.</summary>
    public void LookAtHolders(int rows, SignatureWeights asked, int floor, Func<int, int, Signature, int> look)
    {
        var known = _holders.Count;
        var levels = ArrayPool<short>.Shared.Rent(known); // too large to make anew for each search
        for (var i = 0; i < known; i++)
        {
            levels[i] = (short)asked.LevelOf(_holders[i]);
        }

        for (var row = 0; row < rows;)
        {
            var holders = _holderOfRow.From(row);
            for (var i = 0; i < holders.Length && row + i < rows; i++)
            {
                // A holder that came after the levels were taken is of a row that the reader does not see.
                if (holders[i] is >= 0 and var holder && holder < known && levels[holder] >= floor)
                {
                    floor = look(row + i, levels[holder], _holders[holder]);
                }
            }

            row += Math.Max(1, holders.Length);
        }

        ArrayPool<short>.Shared.Return(levels);
    }

    /// <summary>Where a row begins.</summary>
    public readonly record struct Place(int Row, int Line, int Number);
}
