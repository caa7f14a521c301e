using System.Threading.Channels;
using Dapper;
using EcoLabelRegistry.Certificates;

namespace EcoLabelRegistry.Snapshot;

/// <summary>What a check needs, in memory at one revision, replaced as the log grows. Hands out the grounds of an answer.</summary>
/// <remarks>
/// Whoever asks gets memory when it is at least as new as anything that this server has shown or acknowledged, else the database: the same answer
/// either way. One thread at a time follows the log; nobody who reads waits for it.
/// </remarks>
public sealed class Snapshots(Registries registries, RegistryOptions settings, ILogger<Snapshots> logger) : IDisposable
{
    private const string CountAll = "select count(*) from certificate where recorded_until is null";

    private const string All = """
        select recorded_from as Revision, data
        from certificate
        where recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)
        """;

    // What was written since, and what an entry of the log names: a redaction changes a row in its place.
    private const string Since = """
        select c.recorded_from as Revision, c.data
        from certificate c
        where c.recorded_from > @After and c.recorded_from <= @Revision
        union all
        select c.recorded_from as Revision, c.data
        from change e
        join certificate c on c.id = substr(e.subject, @IdStart) and c.recorded_until is null
        where e.revision > @After and e.revision <= @Revision and e.subject like @Subjects and c.recorded_from <= @After
        order by Revision
        """;

    // A write waits so long for a follower that is busy with a long register; then the database answers until it is done.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private const int WorthCollecting = 100_000;

    // Whoever reads a search page by page finds the revision of its first page here, while others write.
    private const int KeptRecent = 64;

    private readonly SemaphoreSlim _oneFollower = new(1, 1);
    private readonly TextPool _texts = new();
    private Held? _held;
    private IReadOnlyList<(long Revision, HeldCertificates Certificates)> _recent = [];
    private PackedCertificates? _loading;

    /// <summary>What is the matter with it.</summary>
    public SnapshotState State { get; private set; } = settings.Snapshot.MaxMegabytes == 0 ? SnapshotState.Off : SnapshotState.Loading;

    /// <summary>The revision held; null while the database answers.</summary>
    public long? Revision => Volatile.Read(ref _held)?.Grounds.Revision;

    /// <summary>Certificates held, or loaded so far.</summary>
    public int Certificates => (Volatile.Read(ref _held)?.Certificates ?? Volatile.Read(ref _loading))?.Count ?? 0;

    /// <summary>Memory that certificates take, in bytes.</summary>
    public long Bytes => (Volatile.Read(ref _held)?.Certificates ?? Volatile.Read(ref _loading))?.Bytes ?? 0;

    private long MostBytes => settings.Snapshot.MaxMegabytes * 1024L * 1024L;

    /// <summary>The grounds of an answer: of now, or of the moment whose knowledge is asked for.</summary>
    /// <exception cref="Http.RefusalException">The moment lies in the future.</exception>
    public ValueTask<Grounds> OpenAsync(KnownAt? knownAt, CancellationToken cancel) =>
        knownAt is null && Volatile.Read(ref _held) is { } held && held.Grounds.Revision >= registries.Seen
            ? ValueTask.FromResult(held.Grounds)
            : ReadAsync(knownAt, cancel);

    /// <summary>The certificates at a revision, if they are in memory: those of the last few revisions are, until what was replaced is left behind.</summary>
    public ICertificates? HeldAt(long revision)
    {
        foreach (var (held, certificates) in Volatile.Read(ref _recent))
        {
            if (held == revision)
            {
                return certificates;
            }
        }

        return null;
    }

    /// <summary>Follows the log to the newest revision that this server knows of, and loads everything first. What fails is tried again with the next call.</summary>
    /// <returns>False when there is nothing to follow for.</returns>
    internal async Task<bool> FollowAsync(CancellationToken cancel)
    {
        if (State is SnapshotState.Off or SnapshotState.TooLarge)
        {
            return false;
        }

        await _oneFollower.WaitAsync(cancel);
        try
        {
            await CatchUpAsync(registries.Revision, cancel);
        }
        finally
        {
            _oneFollower.Release();
        }

        if (Volatile.Read(ref _held) is { Certificates.IsWorn: true })
        {
            await CompactAsync(cancel);
        }

        return true;
    }

    /// <summary>Follows a write of this server, so that the next question sees it. A failure is the follower's to mend: until then the database answers.</summary>
    internal async Task FollowOwnAsync(long revision)
    {
        if (Volatile.Read(ref _held) is null || !await _oneFollower.WaitAsync(Patience))
        {
            return;
        }

        try
        {
            await CatchUpAsync(revision, CancellationToken.None);
        }
        catch (Exception failure)
        {
            logger.LogWarning(failure, "The snapshot did not follow revision {Revision}", revision);
        }
        finally
        {
            _oneFollower.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _oneFollower.Dispose();

    private async ValueTask<Grounds> ReadAsync(KnownAt? knownAt, CancellationToken cancel) => new(await registries.ReadAsync(knownAt, cancel));

    private async Task CatchUpAsync(long least, CancellationToken cancel)
    {
        var held = Volatile.Read(ref _held);
        if (held is not null && held.Grounds.Revision >= least)
        {
            return;
        }

        await using var reading = await registries.ReadAsync(null, cancel);
        var next = held is null ? await LoadAsync(reading, cancel) : await FollowAsync(reading, held);
        Hold(next);
        State = next is null ? SnapshotState.TooLarge : SnapshotState.Held;
        if (next is null)
        {
            logger.LogWarning("The certificates take more memory than Registry:Snapshot:MaxMegabytes ({Megabytes}) allows. The database answers.", settings.Snapshot.MaxMegabytes);
        }
    }

    private async Task<Held?> FollowAsync(Reading reading, Held held)
    {
        const string subject = "/v1/certificates/";
        var generation = held.Generation + 1;
        var pack = new PackCertificate(_texts);
        var parameters = new { After = held.Grounds.Revision, reading.Revision, IdStart = subject.Length + 1, Subjects = subject + "%" };
        await foreach (var row in reading.Db.QueryUnbufferedAsync<CertificateRow>(Since, parameters, reading.Transaction))
        {
            pack.Pack(row.Entry(), row.Revision);
            held.Certificates.Put(pack.Bytes, pack.Keys, pack.Names, generation);
            if (row.Revision <= held.Grounds.Revision)
            {
                Volatile.Write(ref _recent, []); // changed in its place: no earlier generation may show what it was
            }
        }

        return held.Certificates.Bytes > MostBytes ? null : Show(reading.Registry, held.Certificates, generation);
    }

    /// <summary>Loads everything: one thread reads, the others take the documents apart.</summary>
    /// <returns>Null when it takes more memory than it may.</returns>
    private async Task<Held?> LoadAsync(Reading reading, CancellationToken cancel)
    {
        const int batch = 512;
        var count = await reading.Db.ExecuteScalarAsync<long>(CountAll, transaction: reading.Transaction);
        var certificates = new PackedCertificates((int)Math.Min(count, int.MaxValue), _texts);
        _loading = certificates;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var rows = Channel.CreateBounded<List<CertificateRow>>(4 * Environment.ProcessorCount);
        var packers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => PackAsync(rows.Reader, certificates, stop), CancellationToken.None)).ToList();
        try
        {
            var next = new List<CertificateRow>(batch);
            await foreach (var row in reading.Db.QueryUnbufferedAsync<CertificateRow>(All, new { reading.Revision }, reading.Transaction).WithCancellation(stop.Token))
            {
                next.Add(row);
                if (next.Count == batch)
                {
                    await rows.Writer.WriteAsync(next, stop.Token);
                    next = new List<CertificateRow>(batch);
                }
            }

            await rows.Writer.WriteAsync(next, stop.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // A packer stopped the reading: it failed, or there is no room.
        }
        finally
        {
            rows.Writer.Complete();
            await Task.WhenAll(packers);
            _loading = null;
        }

        if (count > WorthCollecting)
        {
            // The documents that were taken apart weigh more than what is kept of them, and nothing else would give their memory back for hours.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        return certificates.Bytes > MostBytes ? null : Show(reading.Registry, certificates, 1);
    }

    private async Task PackAsync(ChannelReader<List<CertificateRow>> batches, PackedCertificates certificates, CancellationTokenSource stop)
    {
        try
        {
            var pack = new PackCertificate(_texts);
            var packed = new List<(byte[] Bytes, (FoundBy By, uint Hash)[] Keys, PackedNames Names)>();
            await foreach (var batch in batches.ReadAllAsync(stop.Token))
            {
                packed.Clear();
                foreach (var row in batch)
                {
                    pack.Pack(row.Entry(), row.Revision);
                    packed.Add((pack.Bytes.ToArray(), pack.Keys.ToArray(), pack.Names));
                }

                lock (certificates)
                {
                    foreach (var (bytes, keys, names) in packed)
                    {
                        certificates.Put(bytes, keys, names, 1);
                    }

                    if (certificates.Bytes > MostBytes)
                    {
                        stop.Cancel();
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The reading says why.
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    /// <summary>Leaves behind what was replaced. The long part goes on beside writes, the short one between two.</summary>
    private async Task CompactAsync(CancellationToken cancel)
    {
        var began = Volatile.Read(ref _held)!;
        var move = began.Certificates.Compacted(began.Generation);
        await _oneFollower.WaitAsync(cancel);
        try
        {
            if (Volatile.Read(ref _held) is { } held && held.Certificates == began.Certificates)
            {
                Hold(Show(held.Grounds.Registry, held.Certificates.Moved(move, held.Generation), held.Generation));
            }
        }
        finally
        {
            _oneFollower.Release();
        }
    }

    private void Hold(Held? next)
    {
        var before = Volatile.Read(ref _held);
        Volatile.Write(ref _held, next);
        Volatile.Write(ref _recent, next is null ? [] :
        [
            (next.Grounds.Revision, new HeldCertificates(next.Certificates, next.Generation)),
            .. before?.Certificates == next.Certificates ? _recent.Where(r => r.Revision != next.Grounds.Revision).Take(KeptRecent - 1) : [],
        ]);
    }

    // What a question would otherwise be the first to wait for is made before anybody can ask.
    private static Held Show(RegistryAt registry, PackedCertificates certificates, uint generation)
    {
        _ = registry.Graph;
        _ = registry.SchemeNames;
        return new Held(new Grounds(registry, new HeldCertificates(certificates, generation)), certificates, generation);
    }

    private sealed record Held(Grounds Grounds, PackedCertificates Certificates, uint Generation);
}

/// <summary>How the snapshot stands.</summary>
public enum SnapshotState
{
    /// <summary>Being loaded; the database answers.</summary>
    Loading,

    /// <summary>In memory.</summary>
    Held,

    /// <summary>Larger than it may be; the database answers.</summary>
    TooLarge,

    /// <summary>Switched off; the database answers.</summary>
    Off,
}
