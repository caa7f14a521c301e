namespace EcoLabelRegistry.Changes;

/// <summary>Writers in a row, first come, first served. One loop runs them; who comes while none does has to start it.</summary>
internal sealed class WriterQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<Writer> _waiting = [];
    private bool _isRunning;

    /// <summary>How many wait, those included that have given up since.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Puts a writer at the end of the row.</summary>
    /// <returns>False when nobody runs the row: whoever called has to.</returns>
    public bool Enter(Writer writer)
    {
        lock (_gate)
        {
            _waiting.Enqueue(writer);
            var isRunning = _isRunning;
            _isRunning = true;
            return isRunning;
        }
    }

    /// <summary>The next writer that has not given up; null when nobody waits.</summary>
    /// <param name="isLast">Whether the loop ends if nobody waits.</param>
    public Writer? Next(bool isLast)
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (next.TryBegin())
                {
                    return next;
                }
            }

            _isRunning = !isLast;
            return null;
        }
    }
}

/// <summary>One who writes, from the moment when he takes his place in the row.</summary>
/// <param name="writes">What he does when it is his turn.</param>
/// <param name="isAlone">Shares his commit with nobody.</param>
/// <param name="cancel">Ends the wait for a turn, and for the writers of other servers.</param>
internal sealed class Writer(Func<Task> writes, bool isAlone, CancellationToken cancel)
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hasBegunOrGivenUp;

    /// <summary>Shares his commit with nobody.</summary>
    public bool IsAlone => isAlone;

    /// <summary>Waits on PostgreSQL for other writers as long as it takes; else not longer than any command may take.</summary>
    public bool IsPatient { get; init; }

    /// <summary>Needs the turn alone, and neither a revision nor a transaction.</summary>
    public bool IsBeside { get; init; }

    /// <summary>Ends the wait.</summary>
    public CancellationToken Cancel => cancel;

    /// <summary>What he does when it is his turn.</summary>
    public Func<Task> Writes => writes;

    /// <summary>Why he was refused, once he was.</summary>
    public Exception? Refused { get; set; }

    /// <summary>Waits until what was written is durable, or was refused. A turn once begun is not given up.</summary>
    public async Task DoneAsync()
    {
        await using var _ = cancel.UnsafeRegister(
            (state, token) =>
            {
                var writer = (Writer)state!;
                if (writer.TryBegin())
                {
                    writer._done.SetCanceled(token);
                }
            },
            this);
        await _done.Task;
    }

    /// <summary>Begins the turn, or gives it up: whoever is first.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _hasBegunOrGivenUp, 1) == 0;

    /// <summary>Runs what is his to run as if he did it himself, though it is the loop that does.</summary>
    public Task RunAsync(Func<Task> run)
    {
        if (_context is null)
        {
            return run();
        }

        var running = Task.CompletedTask;
        ExecutionContext.Run(_context, _ => running = run(), null);
        return running;
    }

    /// <summary>Says that it is over. A refusal goes before a failure of the commit.</summary>
    public void End(Exception? failure)
    {
        if ((Refused ?? failure) is { } thrown)
        {
            _done.SetException(thrown);
        }
        else
        {
            _done.SetResult();
        }
    }
}
