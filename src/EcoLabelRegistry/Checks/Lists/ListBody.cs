using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>The body of a list as it comes in, as UTF-8, from a client that is waited for only so long.</summary>
internal sealed class ListBody
{
    /// <summary>How much is looked at to tell the encoding.</summary>
    public const int Looked = 64 * 1024;

    // Of UTF-16 a sixteenth at least is zeros, of Chinese too; up to a quarter of them may stand in the other place (the second byte of 一).
    private const int LeastZeros = 16;
    private const int MostStrays = 4;

    // What Shift_JIS, Big5 and their like make of the single bytes that they leave free.
    private const char FirstOwn = '\uF8F0';
    private const char LastOwn = '\uF8F8';

    // gb2312 and gbk, which are read as what they have grown into.
    private const int Gbk = 936;

    // Most encodings would put a question mark, or a letter that looks alike, in the place of bytes that are no text: then nobody could tell.
    private static readonly DecoderReplacementFallback NoText = new("\uFFFD");

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TimeSpan _patience;
    private readonly long _longest;
    private PipeReader _reader;

    /// <summary>Takes the body over. The server's own limit of its length gives way to ours: what it has refused cannot be read to its end any more.</summary>
    /// <param name="http">The request.</param>
    /// <param name="longest">Most bytes of a body that is read whole; null for any number.</param>
    /// <param name="patience">How long a client may send nothing.</param>
    /// <exception cref="RefusalException">It says itself that it is longer (413), or comes in an encoding of content (415).</exception>
    public ListBody(HttpContext http, long? longest, TimeSpan patience)
    {
        _patience = patience;
        _longest = longest ?? long.MaxValue;
        _reader = http.Request.BodyReader;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        AwaitedBody.LiftLeastRate(http);

        // An answer that the client does not read yet is no slow client: it may be sending still. Overflow gives up the ones that do neither.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (http.Request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal.UnsupportedMediaType($"Content-Encoding: {encoding}", ["Content-Encoding: identity"]);
        }

        if (http.Request.ContentLength > _longest)
        {
            throw Refusal.PayloadTooLarge();
        }
    }

    /// <summary>True when the bytes are not the client's own but were made of another encoding: U+FFFD then stands for what was none.</summary>
    public bool IsTranscoded { get; private set; }

    /// <summary>The encoding that the client's text was found to be in.</summary>
    public Encoding Encoding { get; private set; } = Encoding.UTF8;

    /// <summary>What has come in already, if anything.</summary>
    public bool TryRead(out ReadResult read) => _reader.TryRead(out read);

    /// <summary>Waits for more.</summary>
    /// <exception cref="RefusalException">The client sends nothing for too long.</exception>
    public async ValueTask<ReadResult> ReadAsync(CancellationToken cancel)
    {
        var reading = _reader.ReadAsync(cancel);
        if (reading.IsCompleted)
        {
            return await reading;
        }

        var slow = reading.AsTask();
        try
        {
            return await slow.WaitAsync(_patience, cancel);
        }
        catch (TimeoutException)
        {
            _reader.CancelPendingRead();
            await ((Task)slow).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (slow.IsCompletedSuccessfully)
            {
                _reader.AdvanceTo((await slow).Buffer.Start); // the server still ends the request by it
            }

            throw Refusal.RequestTimeout();
        }
    }

    /// <summary>Marks what was taken and what was looked at.</summary>
    public void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _reader.AdvanceTo(consumed, examined);

    /// <summary>The whole body.</summary>
    /// <exception cref="RefusalException">The client sends nothing for too long (408), or more than it may (413).</exception>
    public async Task<byte[]> WholeAsync(CancellationToken cancel)
    {
        var whole = new ArrayBufferWriter<byte>();
        await CopyAsync(segment => whole.Write(segment.Span), cancel);
        return whole.WrittenSpan.ToArray();
    }

    /// <summary>The whole body in a temporary file.</summary>
    /// <exception cref="RefusalException">The client sends nothing for too long (408), or more than it may (413).</exception>
    public async Task<FileStream> InFileAsync(CancellationToken cancel)
    {
        var file = TemporaryFile.Create();
        try
        {
            await CopyAsync(segment => file.Write(segment.Span), cancel);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Finds the encoding and makes UTF-8 of it: by the byte order mark, else by the <c>charset</c> of the media type, else by the first 64 KiB.</summary>
    /// <exception cref="RefusalException">No such character set is known (415), or the text is in none of those that are told apart (400).</exception>
    public async Task DecodeAsync(string? contentType, CancellationToken cancel)
    {
        var named = Named(contentType);
        var read = await ReadAsync(cancel);
        while (read is { IsCompleted: false, Buffer.Length: < Looked } && (named is null || read.Buffer.Length < 4))
        {
            AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await ReadAsync(cancel);
        }

        var start = read.Buffer.Slice(0, Math.Min(Looked, read.Buffer.Length)).ToArray();
        var isWhole = read.IsCompleted && start.Length == read.Buffer.Length;
        AdvanceTo(read.Buffer.Start, read.Buffer.Start);
        var (encoding, mark) = Mark(start) ?? (named ?? Guess(start, isWhole), 0);
        Encoding = encoding;
        if (mark > 0)
        {
            read = await ReadAsync(cancel);
            AdvanceTo(read.Buffer.GetPosition(mark), read.Buffer.GetPosition(mark));
        }

        if (encoding.CodePage != Encoding.UTF8.CodePage)
        {
            IsTranscoded = true;
            _reader = PipeReader.Create(
                Encoding.CreateTranscodingStream(_reader.AsStream(), encoding, Encoding.UTF8),
                new StreamPipeReaderOptions(bufferSize: 64 * 1024, minimumReadSize: 16 * 1024));
        }
    }

    /// <summary>The encoding of a text that says nothing of it.</summary>
    /// <exception cref="RefusalException">It is none of those that are told apart.</exception>
    internal static Encoding Guess(ReadOnlySpan<byte> start, bool isWhole)
    {
        if (Utf16(start) is { } utf16)
        {
            return utf16;
        }

        foreach (var encoding in new[] { Strict, Chinese(throws: true) })
        {
            if (Decodes(encoding, start, isWhole))
            {
                return encoding.CodePage == Encoding.UTF8.CodePage ? Encoding.UTF8 : Chinese(throws: false);
            }
        }

        throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.encoding"));
    }

    /// <summary>UTF-16 without a mark, by its zeros; null for any other text.</summary>
    /// <remarks>One byte of each Latin letter, digit, separator and line break is zero in it, always the same one of the two. Other texts have a stray zero at most.</remarks>
    internal static Encoding? Utf16(ReadOnlySpan<byte> start)
    {
        var zeros = start.Count((byte)0);
        var even = 0;
        for (var i = 0; zeros > 0 && i < start.Length; i += 2)
        {
            even += start[i] == 0 ? 1 : 0;
        }

        return zeros < 2 || zeros * LeastZeros < start.Length || Math.Min(even, zeros - even) * MostStrays > zeros ? null
            : even * 2 > zeros ? Encoding.BigEndianUnicode
            : Encoding.Unicode;
    }

    /// <summary>The character set that a media type names, as browsers understand the name; null when it names none. What is no text in it becomes U+FFFD.</summary>
    /// <exception cref="RefusalException">It is not known here.</exception>
    internal static Encoding? Named(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.Charset.HasValue)
        {
            return null;
        }

        var name = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ReplacementFallback, NoText)
                ?? Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, NoText);
            return encoding.CodePage == Gbk ? Chinese(throws: false) : encoding;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            throw Refusal.UnsupportedMediaType(contentType, ["charset=utf-8", "charset=utf-16", "charset=gb18030"]);
        }
    }

    /// <summary>Refuses a document that has bytes which are no text in the character set that it names.</summary>
    /// <exception cref="RefusalException">It has (400).</exception>
    internal static void DemandText(byte[] document, Encoding? named)
    {
        if (named is not null && named.CodePage != Encoding.UTF8.CodePage && named.GetString(document) is var text
            && (text.Contains('\uFFFD', StringComparison.Ordinal) || text.AsSpan().ContainsAnyInRange(FirstOwn, LastOwn)))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.body-encoding", named.WebName));
        }
    }

    /// <summary>True for UTF-8 that was made of text alone: bytes that were none have become U+FFFD, or what the code page has for them.</summary>
    internal static bool IsText(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("\uFFFD"u8) >= 0)
        {
            return false;
        }

        var own = "\uF8F0"u8;
        for (var at = utf8.IndexOf(own[..2]); at >= 0 && at + 2 < utf8.Length; at = utf8.IndexOf(own[..2]))
        {
            if (utf8[at + 2] >= own[2] && utf8[at + 2] <= own[2] + LastOwn - FirstOwn)
            {
                return false;
            }

            utf8 = utf8[(at + 2)..];
        }

        return true;
    }

    private static (Encoding Encoding, int Length)? Mark(ReadOnlySpan<byte> start) =>
        start.StartsWith(Encoding.UTF8.Preamble) ? (Encoding.UTF8, 3)
        : start.StartsWith(Encoding.Unicode.Preamble) ? (Encoding.Unicode, 2)
        : start.StartsWith(Encoding.BigEndianUnicode.Preamble) ? (Encoding.BigEndianUnicode, 2)
        : start.StartsWith(Chinese(throws: false).GetBytes("\uFEFF")) ? (Chinese(throws: false), 4)
        : null;

    private static Encoding Chinese(bool throws) => throws
        ? CodePagesEncodingProvider.Instance.GetEncoding("gb18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!
        : CodePagesEncodingProvider.Instance.GetEncoding("gb18030", EncoderFallback.ReplacementFallback, NoText)!;

    // A letter that the stretch cuts in two is not held against it.
    private static bool Decodes(Encoding encoding, ReadOnlySpan<byte> start, bool isWhole)
    {
        try
        {
            var decoder = encoding.GetDecoder();
            decoder.GetCharCount(start, flush: isWhole);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private async Task CopyAsync(Action<ReadOnlyMemory<byte>> take, CancellationToken cancel)
    {
        var length = 0L;
        while (true)
        {
            var read = await ReadAsync(cancel);
            length += read.Buffer.Length;
            if (length > _longest)
            {
                AdvanceTo(read.Buffer.End, read.Buffer.End);
                throw Refusal.PayloadTooLarge();
            }

            foreach (var segment in read.Buffer)
            {
                take(segment);
            }

            AdvanceTo(read.Buffer.End, read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
