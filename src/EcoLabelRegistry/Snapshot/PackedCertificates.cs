using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Every certificate, packed, with what it is found by. It grows while readers read: each sees its own generation, and no lock.</summary>
/// <remarks>
/// One thread at a time writes. A row is never changed but for the generation that replaced it; a reader takes the rows that stood
/// at its own. What was replaced stays until <see cref="Compacted"/> leaves it behind.
/// </remarks>
internal sealed class PackedCertificates
{
    /// <summary>For how many hashes at a time memory is touched ahead.</summary>
    public const int MostAhead = 64;

    private const int ChunkBytes = 1 << 20;
    private const int PageBits = 14;
    private const int PageRows = 1 << PageBits;

    private readonly PackedIndex[] _indexes;
    private readonly Func<int, Certificate, CertificateEntry> _entryOf;
    private byte[][] _chunks = [];
    private Row[][] _pages = [];
    private int _chunk = -1;
    private int _used;
    private int _count;
    private int _replaced;
    private long _bytes;

    /// <summary>Makes an empty one.</summary>
    /// <param name="expected">How many certificates are expected.</param>
    /// <param name="texts">The texts that they share.</param>
    public PackedCertificates(int expected, TextPool texts)
    {
        _indexes = [.. Enum.GetValues<FoundBy>().Select(_ => new PackedIndex(expected))];
        _entryOf = (row, model) => ReadCertificate.Entry(BytesOf(row), texts, model);
        Texts = texts;
    }

    /// <summary>The texts that the certificates share.</summary>
    public TextPool Texts { get; }

    /// <summary>What they are called, for whoever does not know it exactly.</summary>
    public PackedTexts Called { get; } = new();

    /// <summary>Rows so far, of any generation.</summary>
    public int Rows => Volatile.Read(ref _count);

    /// <summary>Certificates that stand.</summary>
    public int Count => Volatile.Read(ref _count) - Volatile.Read(ref _replaced);

    /// <summary>True when so much was replaced that leaving it behind is worth the work.</summary>
    public bool IsWorn => _replaced > Math.Max(10_000, Count / 16);

    /// <summary>What it takes, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes) + Texts.Bytes + Called.Bytes + _indexes.Sum(i => i.Bytes);

    /// <summary>Puts a certificate in the place of the one with its id.</summary>
    /// <param name="packed">The certificate.</param>
    /// <param name="keys">Hashes of what it is found by, that of its id first.</param>
    /// <param name="names">What it is called.</param>
    /// <param name="generation">The generation that shows it.</param>
    public void Put(ReadOnlySpan<byte> packed, ReadOnlySpan<(FoundBy By, uint Hash)> keys, in PackedNames names, uint generation)
    {
        var same = Same(packed, keys[0].Hash);
        if (same >= 0)
        {
            if (BytesOf(same).SequenceEqual(packed))
            {
                return;
            }

            Volatile.Write(ref RowOf(same).Until, generation);
            _replaced++;
        }

        Called.Add(_count, names.Lines.Span, names.Numbers.Span, names.Holder);
        var row = Append(packed, generation);
        foreach (var (by, hash) in keys)
        {
            _indexes[(int)by].Add(hash, row);
        }
    }

    /// <summary>The rows that may be found so, of any generation.</summary>
    public PackedIndex.Rows Find(FoundBy by, uint hash) => _indexes[(int)by].Find(hash);

    /// <summary>Touches what <see cref="Find"/> and <see cref="BytesOf"/> will read for some hashes, <see cref="MostAhead"/> at most.</summary>
    /// <remarks>
    /// Each step of a lookup waits for memory that the step before it names. Here the same step is taken for all of them before the next one, so that the processor has
    /// many such reads under way at once.
    /// </remarks>
    public void Touch(FoundBy by, ReadOnlySpan<uint> hashes)
    {
        Span<int> rows = stackalloc int[MostAhead];
        var found = 0;
        foreach (var hash in hashes)
        {
            var newest = Find(by, hash);
            if (newest.MoveNext())
            {
                rows[found++] = newest.Current;
            }
        }

        rows = rows[..found];
        foreach (var row in rows)
        {
            Volatile.Read(ref RowOf(row).Length);
        }

        foreach (var row in rows)
        {
            var bytes = BytesOf(row);
            Volatile.Read(in bytes[0]);
            Volatile.Read(in bytes[^1]);
        }
    }

    /// <summary>True when the row stood at the generation.</summary>
    public bool StoodAt(int row, uint generation)
    {
        ref var at = ref RowOf(row);
        return at.From <= generation && Volatile.Read(ref at.Until) is var until && (until == 0 || until > generation);
    }

    /// <summary>The packed certificate of a row.</summary>
    public ReadOnlySpan<byte> BytesOf(int row)
    {
        ref var at = ref RowOf(row);
        return Volatile.Read(ref _chunks)[at.Chunk].AsSpan(at.Start, at.Length);
    }

    /// <summary>The certificate of a row: what a decision needs of it, and what an answer shows of it when that is asked for.</summary>
    public RecordedCertificate Read(int row)
    {
        var model = ReadCertificate.Model(BytesOf(row), Texts, out var revision);
        return new(model, revision, _entryOf, row);
    }

    /// <summary>The same certificates without what was replaced. Others may write here meanwhile; what they wrote, <see cref="Moved"/> adds.</summary>
    public Move Compacted(uint generation)
    {
        var move = new Move(this, new PackedCertificates(Count, Texts), new int[Volatile.Read(ref _count)]);
        move.AddRows(0, move.Numbers.Length, generation);
        foreach (var by in Enum.GetValues<FoundBy>())
        {
            move.To._indexes[(int)by].AddAll(_indexes[(int)by], row => row < move.Numbers.Length ? move.Numbers[row] : -1);
        }

        return move;
    }

    /// <summary>Ends a move while nobody writes: what came and what was replaced since it began.</summary>
    public PackedCertificates Moved(Move move, uint generation)
    {
        var began = move.Numbers.Length;
        for (var row = 0; row < began; row++)
        {
            if (move.Numbers[row] is >= 0 and var number && RowOf(row).Until != 0)
            {
                move.To.RowOf(number).Until = generation;
                move.To._replaced++;
            }
        }

        move.Numbers = new int[_count];
        move.AddRows(began, _count, generation);
        foreach (var by in Enum.GetValues<FoundBy>())
        {
            move.To._indexes[(int)by].AddAll(_indexes[(int)by], row => row >= began ? move.Numbers[row] : -1);
        }

        return move.To;
    }

    private int Same(ReadOnlySpan<byte> packed, uint hash)
    {
        var newest = Find(FoundBy.Id, hash);
        while (newest.MoveNext())
        {
            if (RowOf(newest.Current).Until == 0 && ReadCertificate.HaveSameId(BytesOf(newest.Current), packed, Texts))
            {
                return newest.Current;
            }
        }

        return -1;
    }

    private int Append(ReadOnlySpan<byte> packed, uint generation)
    {
        if (_chunk < 0 || _used + packed.Length > _chunks[_chunk].Length)
        {
            var chunk = new byte[Math.Max(ChunkBytes, packed.Length)];
            Volatile.Write(ref _chunks, [.. _chunks, chunk]);
            (_chunk, _used) = (_chunk + 1, 0);
            _bytes += chunk.Length;
        }

        var row = _count;
        if (row >> PageBits == _pages.Length)
        {
            Volatile.Write(ref _pages, [.. _pages, new Row[PageRows]]);
            _bytes += PageRows * Row.Bytes;
        }

        packed.CopyTo(_chunks[_chunk].AsSpan(_used));
        RowOf(row) = new Row { Chunk = _chunk, Start = _used, Length = packed.Length, From = generation };
        _used += packed.Length;
        Volatile.Write(ref _count, row + 1);
        return row;
    }

    private ref Row RowOf(int row) => ref Volatile.Read(ref _pages)[row >> PageBits][row & (PageRows - 1)];

    /// <summary>A move into a new place, under way.</summary>
    internal sealed class Move(PackedCertificates from, PackedCertificates to, int[] numbers)
    {
        /// <summary>The new place.</summary>
        public PackedCertificates To => to;

        /// <summary>New number of each row that there was when it began; −1 for what was replaced.</summary>
        public int[] Numbers { get; set; } = numbers;

        private PackedTexts.Place _place;

        /// <summary>Moves the rows that stand.</summary>
        public void AddRows(int first, int end, uint generation)
        {
            for (var row = first; row < end; row++)
            {
                if (Volatile.Read(ref from.RowOf(row).Until) == 0)
                {
                    to.Called.Add(to._count, from.Called, _place);
                    Numbers[row] = to.Append(from.BytesOf(row), generation);
                }
                else
                {
                    Numbers[row] = -1;
                }

                _place = from.Called.Next(_place);
            }
        }
    }

    private struct Row
    {
        public const int Bytes = 5 * sizeof(int);

        public int Chunk;
        public int Start;
        public int Length;

        // The generations that show it: from the first on, and no longer from the second on; 0 while it stands.
        public uint From;
        public uint Until;
    }
}

/// <summary>What a certificate is called, as signatures.</summary>
/// <param name="Lines">Of each line that names a product, in their order: its brand and model.</param>
/// <param name="Numbers">Of its number, then of each further one.</param>
/// <param name="Holder">Of its holder; null where none is named.</param>
internal readonly record struct PackedNames(ReadOnlyMemory<Matches.Signature> Lines, ReadOnlyMemory<ulong> Numbers, Matches.Signature? Holder);
