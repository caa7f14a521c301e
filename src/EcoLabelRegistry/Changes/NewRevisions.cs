using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Wakes whoever follows the log: at once for a write of this server, and for another's as soon as <see cref="FollowLog"/> sees it.</summary>
public sealed class NewRevisions(Registries registries)
{
    private int _listeners;

    /// <summary>How many listen.</summary>
    internal int Listeners => Volatile.Read(ref _listeners);

    /// <summary>Listens until it is disposed.</summary>
    public IDisposable Listen() => new Listener(this);

    /// <summary>Waits for a revision later than one.</summary>
    /// <param name="after">The revision that is known.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>False when none came in that time.</returns>
    public async Task<bool> WaitAsync(long after, TimeSpan atMost, CancellationToken cancel)
    {
        try
        {
            for (var next = registries.Next; registries.Revision <= after; next = registries.Next)
            {
                await next.WaitAsync(atMost, cancel);
            }

            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private sealed class Listener : IDisposable
    {
        private readonly NewRevisions _revisions;

        public Listener(NewRevisions revisions)
        {
            _revisions = revisions;
            Interlocked.Increment(ref revisions._listeners);
        }

        public void Dispose() => Interlocked.Decrement(ref _revisions._listeners);
    }
}
