namespace EcoLabelRegistry.Changes;

/// <summary>Writers in a row: one has the turn, first come, first served. Who ends a turn learns whether another has it now.</summary>
/// <remarks>A turn once given is taken, even by one whose caller has gone meanwhile: what is handed on with it is never left lying.</remarks>
internal sealed class WriterQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private bool _isTaken;

    /// <summary>Waits for a turn.</summary>
    /// <param name="cancel">Ends the wait, and only the wait.</param>
    public async Task EnterAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        await using var _ = cancel.UnsafeRegister((state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn);
        await turn.Task;
    }

    /// <summary>Gives the turn to the next, if anybody waits.</summary>
    /// <returns>False when nobody does: the turn is still one's own.</returns>
    public bool TryPass()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult())
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Ends the turn.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _isTaken = TryPass();
        }
    }
}
