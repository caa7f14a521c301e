using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Hands pages to a client that may read nothing until it has sent everything: what it does not take yet waits in memory, then in a temporary file, both bounded.</summary>
/// <remarks>
/// While rows still come in, a page is never a reason to stop reading them until the file is full, so that a client that sends first and reads
/// afterwards is never waited for. Once all rows are in, such a client is reading, and it sets the pace. A client that neither sends nor reads for a
/// while, and one that reads nothing with the file full, is given up.
/// </remarks>
internal sealed class Overflow : IAsyncDisposable
{
    private const int InMemory = 1 << 20;
    private const int Portion = 32 * 1024;

    private readonly PipeWriter _client;
    private readonly long _longest;
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _more = new(0);
    private readonly SemaphoreSlim _less = new(0);
    private readonly Lock _gate = new();
    private readonly Queue<Page> _pages = [];
    private readonly Task _pumping;
    private int _held;
    private FileStream? _file;
    private long _written;
    private long _read;
    private long _taken;
    private bool _isLast;
    private long _allInAt;
    private bool _isClosed;
    private bool _isDisposed;

    /// <summary>Begins to hand out.</summary>
    /// <param name="client">The answer's body.</param>
    /// <param name="longest">Most bytes that the temporary file takes.</param>
    /// <param name="patience">How long a client may take nothing while nothing else moves.</param>
    /// <param name="cancel">The client has gone.</param>
    public Overflow(PipeWriter client, long longest, TimeSpan patience, CancellationToken cancel)
    {
        (_client, _longest, _patience) = (client, longest, patience);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _pumping = PumpAsync();
    }

    /// <summary>True once anything was handed out: what fails from then on cannot be answered any more.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>True while there is a temporary file.</summary>
    internal bool IsSpilling => _file is { SafeFileHandle.IsClosed: false };

    /// <summary>Says that all rows have come in: from now on the client is waited for.</summary>
    public void AllIsIn()
    {
        lock (_gate)
        {
            (_isLast, _allInAt) = (true, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Takes a page, and disposes it when it is no longer needed.</summary>
    /// <exception cref="RefusalException">The client takes nothing, and there is no room left.</exception>
    public async ValueTask AddAsync(Page page, CancellationToken cancel)
    {
        while (true)
        {
            long taken;
            bool toFile;
            lock (_gate)
            {
                if (_read == _written)
                {
                    if (_written > 0)
                    {
                        (_read, _written) = (0, 0);
                        _file!.SetLength(0);
                    }

                    if (_held < InMemory)
                    {
                        _pages.Enqueue(page);
                        _held += page.Length;
                        Signal(_more);
                        return;
                    }
                }

                toFile = !_isLast && _written + page.Length <= _longest;
                taken = _taken;
            }

            if (_pumping.IsCompleted)
            {
                page.Dispose();
                await _pumping;
                throw new OperationCanceledException();
            }

            if (toFile)
            {
                await SpillAsync(page, cancel);
                return;
            }

            if (!await _less.WaitAsync(_patience, cancel) && taken == Interlocked.Read(ref _taken))
            {
                page.Dispose();
                throw NotRead();
            }
        }
    }

    /// <summary>Waits until the client has taken everything.</summary>
    public async Task FinishAsync()
    {
        lock (_gate)
        {
            _allInAt = _isLast ? _allInAt : Stopwatch.GetTimestamp();
            (_isLast, _isClosed) = (true, true);
        }

        Signal(_more);
        await _pumping;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync();
        await _pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var page in _pages)
        {
            page.Dispose();
        }

        if (_file is not null)
        {
            await _file.DisposeAsync();
        }

        _more.Dispose();
        _less.Dispose();
        _stop.Dispose();
    }

    // Each has one waiter, who looks at the state again: one signal is as good as many.
    private static void Signal(SemaphoreSlim waiter)
    {
        if (waiter.CurrentCount == 0)
        {
            waiter.Release();
        }
    }

    private async Task SpillAsync(Page page, CancellationToken cancel)
    {
        using (page)
        {
            _file ??= TemporaryFile.Create();
            await RandomAccess.WriteAsync(_file.SafeFileHandle, page.Written, _written, cancel);
            lock (_gate)
            {
                _written += page.Length;
                Signal(_more);
            }
        }
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            Page? page;
            long unread;
            bool isClosed;
            lock (_gate)
            {
                _pages.TryDequeue(out page);
                (unread, isClosed) = (_written - _read, _isClosed);
            }

            HasBegun |= page is not null || unread > 0;
            if (page is not null)
            {
                var length = page.Length;
                using (page)
                {
                    for (var at = 0; at < length; at += Portion)
                    {
                        _client.Write(page.Written.Span.Slice(at, Math.Min(Portion, length - at)));
                        await FlushAsync();
                    }
                }

                lock (_gate)
                {
                    _held -= length;
                }

                Signal(_less);
            }
            else if (unread > 0)
            {
                var portion = _client.GetMemory(Portion)[..(int)Math.Min(Portion, unread)];
                var got = await RandomAccess.ReadAsync(_file!.SafeFileHandle, portion, _read, _stop.Token);
                _client.Advance(got);
                await FlushAsync();
                lock (_gate)
                {
                    _read += got;
                }

                Signal(_less);
            }
            else if (isClosed)
            {
                return;
            }
            else
            {
                await _more.WaitAsync(_stop.Token);
            }
        }
    }

    private async ValueTask FlushAsync()
    {
        var flushing = _client.FlushAsync(_stop.Token);
        var flushed = flushing.IsCompleted ? await flushing : await WaitAsync(flushing.AsTask());
        Interlocked.Increment(ref _taken);
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new OperationCanceledException("The client has gone.");
        }
    }

    private async Task<FlushResult> WaitAsync(Task<FlushResult> flushing)
    {
        while (true)
        {
            try
            {
                return await flushing.WaitAsync(_patience, _stop.Token);
            }
            catch (TimeoutException)
            {
                lock (_gate)
                {
                    if (_isLast && Stopwatch.GetElapsedTime(_allInAt) >= _patience)
                    {
                        throw NotRead();
                    }
                }
            }
        }
    }

    private static RefusalException NotRead() => new(ProblemCode.RequestTimeout, new Message("refusal.answer-not-read"));
}

/// <summary>A file that nobody else sees and that is gone when it is closed, whatever ends the request.</summary>
internal static class TemporaryFile
{
    private const int Buffer = 64 * 1024;

    /// <summary>Makes one in the folder for temporary files (<c>TMPDIR</c>).</summary>
    public static FileStream Create()
    {
        var path = Path.Combine(Path.GetTempPath(), "registry-" + Path.GetRandomFileName());
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = Buffer,
        });
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // the open file stays, and not even a crash leaves it behind
        }

        return file;
    }
}
