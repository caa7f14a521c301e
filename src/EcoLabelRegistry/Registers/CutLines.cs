using System.Text;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Registers;

/// <summary>Cuts a body into lines, or into the records of CSV, whose quoted cells may hold line breaks. Memory is bounded by the longest line.</summary>
/// <remarks>Blank lines are passed over. A line that is too long is passed over too, and said to be so; what follows is read on.</remarks>
/// <param name="body">The body.</param>
/// <param name="quotes">True for CSV.</param>
internal sealed class CutLines(Stream body, bool quotes)
{
    /// <summary>The longest line, or record of CSV, in bytes.</summary>
    public const int Longest = 4 << 20;

    private const int ReadAhead = 1 << 16;

    private byte[] _buffer = new byte[ReadAhead];
    private int _start;
    private int _end;
    private bool _isEnded;
    private bool _hasBegun;
    private long _nextLine = 1;

    /// <summary>The line without its end.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>Its number in the body, from 1; of a record of several lines, that of the first.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong with the line as such; <see cref="Current"/> is empty then.</summary>
    public Message? Fault { get; private set; }

    /// <summary>What stands between the cells of CSV, and opens a quoted one when a quotation mark follows it. Until the header is read, each of the three that are possible.</summary>
    public byte[] Delimiters { get; set; } = [(byte)',', (byte)';', (byte)'\t'];

    /// <summary>Goes on to the next line that is not blank.</summary>
    /// <returns>False at the end of the body.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            await BeginAsync(cancel);
        }

        while (await NextAsync(cancel))
        {
            if (Fault is not null || Current.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return true;
            }
        }

        return false;
    }

    // UTF-8 alone is taken; the other encodings that a byte order mark tells are refused by name.
    private async ValueTask BeginAsync(CancellationToken cancel)
    {
        while (_end < 3 && await FillAsync(cancel))
        {
        }

        var first = _buffer.AsSpan(0, _end);
        if (first.StartsWith(Encoding.UTF8.Preamble))
        {
            _start = Encoding.UTF8.Preamble.Length;
        }
        else if (first.StartsWith(Encoding.Unicode.Preamble) || first.StartsWith(Encoding.BigEndianUnicode.Preamble))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("refusal.charset", "UTF-16"));
        }
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancel)
    {
        (Current, Fault, Line) = (default, null, _nextLine);
        var cut = new Cut();
        for (var scanned = 0; ;)
        {
            var found = FindEnd(_buffer.AsSpan(_start, _end - _start), scanned, ref cut);
            if (found >= 0)
            {
                Take(found, found + 1, found > Longest ? new Message("fault.line-too-long", Longest) : null);
                _nextLine++;
                return true;
            }

            scanned = _end - _start;
            if (scanned > Longest)
            {
                Fault = new Message("fault.line-too-long", Longest);
                await PassOverAsync(scanned, cancel);
                return true;
            }

            if (!await FillAsync(cancel))
            {
                if (scanned == 0)
                {
                    return false;
                }

                Take(scanned, scanned, cut.IsQuoted ? new Message("fault.quote-open") : null);
                return true;
            }
        }
    }

    private void Take(int length, int withItsEnd, Message? fault)
    {
        var line = _buffer.AsMemory(_start, length);
        Current = fault is not null ? default : line.Span.EndsWith("\r"u8) ? line[..^1] : line;
        Fault = fault;
        _start += withItsEnd;
    }

    private int FindEnd(ReadOnlySpan<byte> text, int from, ref Cut cut)
    {
        if (!quotes)
        {
            var end = text[from..].IndexOf((byte)'\n');
            return end < 0 ? -1 : from + end;
        }

        for (var at = from; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny((byte)'\n', (byte)'"');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (text[at] == '"')
            {
                // A quotation mark opens a cell at its start only; elsewhere it is a letter like any other. A doubled one closes and opens again.
                if (cut.IsQuoted)
                {
                    (cut.IsQuoted, cut.ClosedAt) = (false, at);
                }
                else if (at == 0 || Delimiters.AsSpan().Contains(text[at - 1]) || (cut.ClosedAt == at - 1 && cut.ClosedAt >= 0))
                {
                    cut.IsQuoted = true;
                }
            }
            else if (cut.IsQuoted)
            {
                _nextLine++;
            }
            else
            {
                return at;
            }
        }

        return -1;
    }

    // To the end of the line of the text, whatever is quoted: a mark that is never closed must not swallow the rest of the body.
    private async ValueTask PassOverAsync(int from, CancellationToken cancel)
    {
        for (var at = from; ;)
        {
            var end = _buffer.AsSpan(_start + at, _end - _start - at).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _start += at + end + 1;
                _nextLine++;
                return;
            }

            (_start, _end, at) = (0, 0, 0);
            if (!await FillAsync(cancel))
            {
                return;
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (_isEnded)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_buffer.Length - _end < ReadAhead / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await body.ReadAsync(_buffer.AsMemory(_end), cancel);
        _end += read;
        _isEnded = read == 0;
        return read > 0;
    }

    private struct Cut
    {
        public Cut()
        {
        }

        public bool IsQuoted { get; set; }

        public int ClosedAt { get; set; } = -1;
    }
}
