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
internal sealed class RawRows(byte[] rented, int length, int[] ends, bool endsInTooLong) : IDisposable
{
    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => rented.AsMemory(0, length);

    /// <summary>Where each row ends, its line break included.</summary>
    public IReadOnlyList<int> Ends => ends;

    /// <summary>True when one more row followed that was too long to be kept.</summary>
    public bool EndsInTooLong => endsInTooLong;

    /// <inheritdoc />
    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
}

/// <summary>Cuts a text into batches of whole rows as it comes in, without looking into them further than it must.</summary>
/// <remarks>
/// A line break ends a row unless it stands in a quoted cell. A quote opens one at the start of a cell, closes it unless it is doubled, and is a letter
/// anywhere else: as CsvHelper, which reads the cells, has it (a test compares the two). A row longer than allowed is let go up to its next line break.
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
    private bool _isQuoted;
    private bool _isLettingGo;
    private bool _isComplete;

    /// <param name="body">The text.</param>
    /// <param name="longest">Most bytes of a row.</param>
    /// <param name="hasQuotes">True for CSV; else every line break ends a row.</param>
    public CutRows(ListBody body, int longest, bool hasQuotes) => (_body, _longest, _hasQuotes) = (body, longest, hasQuotes);

    /// <summary>What separates the cells; until it is set, each of <c>,</c> <c>;</c> and tab may.</summary>
    public byte Separator { get; set; }

    /// <summary>The first row; null when there is none.</summary>
    /// <exception cref="RefusalException">It is too long, or the client sends nothing for too long.</exception>
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
            while (!isTooLong && _ends.Count < MostRows && TryCut())
            {
                isTooLong = _isLettingGo;
            }

            if (isTooLong || _ends.Count == MostRows || (_start >= MostBytes && _ends.Count > 0))
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
        var rows = new RawRows(_bytes, length, [.. _ends], endsInTooLong);
        var rest = _filled - _start;
        var next = ArrayPool<byte>.Shared.Rent(Math.Max(rest, 16 * 1024));
        _bytes.AsSpan(_start, rest).CopyTo(next);
        (_bytes, _filled, _seen, _start) = (next, rest, _seen - _start, 0);
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
        if ((end ?? _filled) - _start > _longest)
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
        (_start, _seen, _isQuoted) = (found, found, false);
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

    private int? FindEnd()
    {
        while (_seen < _filled)
        {
            var rest = _bytes.AsSpan(_seen, _filled - _seen);
            if (_isQuoted)
            {
                var quote = rest.IndexOf((byte)'"');
                if (quote < 0 || (_seen + quote + 1 == _filled && !_isComplete))
                {
                    _seen = quote < 0 ? _filled : _seen + quote;
                    break;
                }

                var isDoubled = _seen + quote + 1 < _filled && rest[quote + 1] == (byte)'"';
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
                    _isQuoted = at == _start || IsSeparator(_bytes[at - 1]);
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

    private bool IsSeparator(byte letter) => Separator != 0 ? letter == Separator : letter is (byte)',' or (byte)';' or (byte)'\t';
}
