using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Some whole rows of a text, as they came in.</summary>
/// <param name="rented">The bytes, of the pool.</param>
/// <param name="length">How many of them.</param>
/// <param name="ends">Where each row ends, its line break included.</param>
/// <param name="endsInTooLong">True when one more row followed that was too long to be kept.</param>
/// <param name="endsInOpenQuote">True when the last of the rows opens a quoted cell that is never closed.</param>
internal sealed class RawRows(byte[] rented, int length, int[] ends, bool endsInTooLong, bool endsInOpenQuote) : IDisposable
{
    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => rented.AsMemory(0, length);

    /// <summary>Where each row ends, its line break included.</summary>
    public IReadOnlyList<int> Ends => ends;

    /// <summary>True when one more row followed that was too long to be kept.</summary>
    public bool EndsInTooLong => endsInTooLong;

    /// <summary>True when the last of the rows opens a quoted cell that is never closed; its line break is left out, since it would be a part of the cell.</summary>
    public bool EndsInOpenQuote => endsInOpenQuote;

    /// <inheritdoc />
    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
}

/// <summary>Cuts a text into batches of whole rows as it comes in, without looking into them further than it must.</summary>
/// <remarks>
/// A line break ends a row unless it stands in a quoted cell. A quote opens one at the start of a cell, closes it unless it is doubled, and is a letter
/// anywhere else: as CsvHelper, which reads the cells, has it (a test compares the two). A row longer than allowed is let go up to its next line break.
/// One stray mark must not swallow the rows behind it: a quote ends its row at the first line break behind it, and what follows is read as rows, when it is not closed within what a row may
/// be, or only by a mark behind a line break with a letter at its back, which no cell ends with. What was looked through for nothing has no single mark in it, so that nothing is looked through a third time.
/// </remarks>
internal sealed class CutRows
{
    private const int MostRows = 512;
    private const int MostBytes = 256 * 1024;
    private static readonly SearchValues<byte> Marks = SearchValues.Create("\"\r\n"u8);
    private static readonly SearchValues<byte> Breaks = SearchValues.Create("\r\n"u8);

    private readonly ListBody _body;
    private readonly int _longest;
    private readonly bool _hasQuotes;
    private readonly List<int> _ends = [];
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _filled;
    private int _seen;
    private int _start;
    private int _firstBreak;
    private bool _isQuoted;
    private bool _isOpen;
    private bool _isLettingGo;
    private bool _isComplete;

    /// <param name="body">The text.</param>
    /// <param name="longest">Most bytes of a row.</param>
    /// <param name="hasQuotes">True for CSV; else every line break ends a row.</param>
    public CutRows(ListBody body, int longest, bool hasQuotes) => (_body, _longest, _hasQuotes) = (body, longest, hasQuotes);

    /// <summary>What separates the cells; until it is set, each of <c>,</c> <c>;</c> and tab may.</summary>
    public byte Separator { get; set; }

    /// <summary>The first row; null when there is none.</summary>
    /// <exception cref="RefusalException">It is too long, a quoted cell of it is never closed, or the client sends nothing for too long.</exception>
    public async Task<byte[]?> FirstAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (TryCut())
            {
                if (_isLettingGo)
                {
                    throw TooLong(_longest);
                }

                if (_isOpen)
                {
                    throw QuoteOpen();
                }

                var row = _bytes[..Body(0, _ends[0])];
                _bytes.AsSpan(_ends[0], _filled - _ends[0]).CopyTo(_bytes);
                (_filled, _seen, _start) = (_filled - _ends[0], 0, 0);
                _ends.Clear();
                if (row.Length > 0)
                {
                    return row;
                }
            }
            else if (_isComplete)
            {
                return null;
            }
            else
            {
                await FillAsync(cancel);
            }
        }
    }

    /// <summary>400: a row whose quoted cell is never closed.</summary>
    public static RefusalException QuoteOpen() => new(ProblemCode.UnreadableBody, new Message("fault.quote-open"));

    /// <summary>413: a row that is longer than is taken here.</summary>
    public static RefusalException TooLong(int longest) => new(ProblemCode.PayloadTooLarge, new Message("refusal.line-too-long", longest));

    /// <summary>The rows that follow. What has come in is passed on before more is waited for.</summary>
    public async IAsyncEnumerable<RawRows> AllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            if (_isLettingGo)
            {
                LetGo();
            }

            var isTooLong = false;
            while (!isTooLong && !_isOpen && _ends.Count < MostRows && TryCut())
            {
                isTooLong = _isLettingGo;
            }

            if (isTooLong || _isOpen || _ends.Count == MostRows || (_start >= MostBytes && _ends.Count > 0))
            {
                yield return Take(isTooLong);
            }
            else if (_isComplete)
            {
                if (_ends.Count > 0)
                {
                    yield return Take(endsInTooLong: false);
                }

                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = [];
                yield break;
            }
            else if (_body.TryRead(out var read))
            {
                Fill(read);
            }
            else
            {
                if (_ends.Count > 0)
                {
                    yield return Take(endsInTooLong: false);
                }

                await FillAsync(cancel);
            }
        }
    }

    /// <summary>Length of a row without its line break.</summary>
    private int Body(int start, int end)
    {
        while (end > start && _bytes[end - 1] is (byte)'\r' or (byte)'\n')
        {
            end--;
        }

        return end;
    }

    private async ValueTask FillAsync(CancellationToken cancel) => Fill(await _body.ReadAsync(cancel));

    private void Fill(ReadResult read)
    {
        foreach (var segment in read.Buffer)
        {
            if (_bytes.Length - _filled < segment.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_filled + segment.Length, _bytes.Length * 2));
                _bytes.AsSpan(0, _filled).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }

            segment.Span.CopyTo(_bytes.AsSpan(_filled));
            _filled += segment.Length;
        }

        _body.AdvanceTo(read.Buffer.End, read.Buffer.End);
        _isComplete = read.IsCompleted;
    }

    /// <summary>Everything up to the last whole row, in a buffer of its own; the rest stays.</summary>
    private RawRows Take(bool endsInTooLong)
    {
        var length = _ends.Count > 0 ? _ends[^1] : 0;
        if (_isOpen)
        {
            _ends[^1] = length = Body(_ends.Count > 1 ? _ends[^2] : 0, length);
        }

        var rows = new RawRows(_bytes, length, [.. _ends], endsInTooLong, _isOpen);
        var rest = _filled - _start;
        var next = ArrayPool<byte>.Shared.Rent(Math.Max(rest, 16 * 1024));
        _bytes.AsSpan(_start, rest).CopyTo(next);
        (_bytes, _filled, _seen, _start, _firstBreak, _isOpen) = (next, rest, _seen - _start, 0, _firstBreak == 0 ? 0 : _firstBreak - _start, false);
        _ends.Clear();
        return rows;
    }

    /// <summary>Finds the end of the next row in what has come in. True, too, when the row is too long; it is then let go.</summary>
    private bool TryCut()
    {
        if (_isLettingGo)
        {
            return false; // its end has not come in yet
        }

        var end = FindEnd();
        if (_isQuoted && _firstBreak > 0 && (end is not null || _filled > Limit))
        {
            (end, _isOpen) = (_firstBreak, true);
        }
        else if (!_isOpen && (end ?? _filled) > Limit)
        {
            (_isLettingGo, _isQuoted) = (true, false);
            _start = _seen = _start + _longest;
            return true;
        }

        if (end is not { } found)
        {
            return false;
        }

        _ends.Add(found);
        _isOpen |= _isQuoted;
        (_start, _seen, _firstBreak, _isQuoted) = (found, found, 0, false);
        return true;
    }

    /// <summary>Drops what belongs to a row that is too long, up to its line break if that has come in. No whole row stands before it.</summary>
    private void LetGo()
    {
        var found = _bytes.AsSpan(_start, _filled - _start).IndexOfAny(Breaks);
        var at = found < 0 ? _filled : _start + found;
        if (found >= 0 && (_bytes[at] == (byte)'\n' || at + 1 < _filled))
        {
            at += _bytes[at] == (byte)'\r' && _bytes[at + 1] == (byte)'\n' ? 2 : 1;
            _isLettingGo = false;
        }
        else if (_isComplete)
        {
            (at, _isLettingGo) = (_filled, false);
        }

        _bytes.AsSpan(at, _filled - at).CopyTo(_bytes);
        (_filled, _seen, _start) = (_filled - at, 0, 0);
    }

    /// <summary>Where the row must have ended: nothing behind it is judged, however much has come in, so that the same text is always cut alike.</summary>
    private long Limit => _start + (long)_longest;

    private int? FindEnd()
    {
        while (_seen < _filled && _seen < Limit)
        {
            var rest = _bytes.AsSpan(_seen, _filled - _seen);
            if (_isQuoted)
            {
                var quote = _firstBreak == 0 ? rest.IndexOfAny(Marks) : rest.IndexOf((byte)'"');
                if (quote < 0 || _seen + quote >= Limit || (_seen + quote + 1 == _filled && !_isComplete && rest[quote] != (byte)'\n'))
                {
                    _seen = quote < 0 ? _filled : _seen + quote;
                    break;
                }

                if (rest[quote] != (byte)'"')
                {
                    _seen += quote + (rest[quote] == (byte)'\r' && quote + 1 < rest.Length && rest[quote + 1] == (byte)'\n' ? 2 : 1);
                    _firstBreak = _seen;
                    continue;
                }

                var isDoubled = _seen + quote + 1 < _filled && rest[quote + 1] == (byte)'"';
                if (!isDoubled && _firstBreak > 0 && quote + 1 < rest.Length && !EndsCell(rest[quote + 1]))
                {
                    (_isQuoted, _isOpen) = (false, true);
                    return _firstBreak;
                }

                _isQuoted = isDoubled;
                _seen += quote + (isDoubled ? 2 : 1);
                continue;
            }

            var mark = rest.IndexOfAny(_hasQuotes ? Marks : Breaks);
            if (mark < 0)
            {
                _seen = _filled;
                break;
            }

            var at = _seen + mark;
            switch (rest[mark])
            {
                case (byte)'"':
                    (_isQuoted, _firstBreak) = (at == _start || IsSeparator(_bytes[at - 1]), 0);
                    _seen = at + 1;
                    break;
                case (byte)'\n':
                    return at + 1;
                case var _ when at + 1 < _filled:
                    return at + (rest[mark + 1] == (byte)'\n' ? 2 : 1);
                case var _ when _isComplete:
                    return at + 1;
                default:
                    _seen = at; // the line feed of this line break may follow
                    return null;
            }
        }

        return _isComplete && _filled > _start ? _filled : null;
    }

    private bool EndsCell(byte letter) => letter is (byte)'\r' or (byte)'\n' or (byte)' ' || IsSeparator(letter);

    private bool IsSeparator(byte letter) => Separator != 0 ? letter == Separator : letter is (byte)',' or (byte)';' or (byte)'\t';
}
