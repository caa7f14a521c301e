using System.Numerics;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Finds rows by the 32-bit hash of a key. What is found is a candidate: the row itself tells whether it has the key.</summary>
/// <remarks>
/// One thread at a time adds, any number find meanwhile, without a lock: a slot is one word, written last. A row that was added is never taken
/// out; whether it still counts, its revisions tell. A hash has one slot, so that a key that many rows share (a product named
/// "N/A") makes a chain and no crowd.
/// </remarks>
internal sealed class PackedIndex
{
    private const uint IsChain = 0x8000_0000;
    private const int End = -1;

    // A slot: hash above, below it the row + 1, or the number of the newest link with IsChain. Empty: 0.
    private ulong[] _slots;
    private int _used;

    // A link: the row above, the number of the next link below.
    private ulong[] _links = [];
    private int _linked;

    /// <summary>Makes an empty index.</summary>
    /// <param name="expected">How many keys are expected.</param>
    public PackedIndex(int expected)
    {
        _slots = new ulong[Math.Max(256, (int)Math.Min((long)expected * 3 / 2, Array.MaxLength))];
    }

    /// <summary>What it takes, in bytes.</summary>
    public long Bytes => sizeof(ulong) * ((long)_slots.Length + _links.Length);

    /// <summary>Adds a row under a hash.</summary>
    public void Add(uint hash, int row)
    {
        var slots = _slots;
        if ((long)_used * 10 > (long)slots.Length * 8)
        {
            slots = Grow();
        }

        ref var slot = ref Find(slots, hash);
        if (slot == 0)
        {
            _used++;
            Volatile.Write(ref slot, ((ulong)hash << 32) | ((uint)row + 1));
            return;
        }

        var below = (uint)slot;
        var next = (below & IsChain) != 0 ? (int)(below & ~IsChain) : Link((int)below - 1, End);
        Volatile.Write(ref slot, ((ulong)hash << 32) | IsChain | (uint)Link(row, next));
    }

    /// <summary>The rows under a hash, the newest first.</summary>
    public Rows Find(uint hash)
    {
        var slots = Volatile.Read(ref _slots);
        var below = (uint)Volatile.Read(ref Find(slots, hash));
        return below == 0 ? new Rows([], End, End)
            : (below & IsChain) == 0 ? new Rows([], (int)below - 1, End)
            : new Rows(Volatile.Read(ref _links), End, (int)(below & ~IsChain));
    }

    /// <summary>Adds what another index has, each row under its new number; a negative one is left out.</summary>
    /// <param name="other">The other index.</param>
    /// <param name="numberOf">New number of a row.</param>
    public void AddAll(PackedIndex other, Func<int, int> numberOf)
    {
        var rows = new List<int>();
        foreach (ref readonly var slot in Volatile.Read(ref other._slots).AsSpan())
        {
            var word = Volatile.Read(in slot);
            var hash = (uint)(word >> 32);
            if (((uint)word & IsChain) == 0)
            {
                if (word != 0 && numberOf((int)(uint)word - 1) is >= 0 and var only)
                {
                    Add(hash, only);
                }

                continue;
            }

            rows.Clear();
            foreach (var row in new Rows(Volatile.Read(ref other._links), End, (int)((uint)word & ~IsChain)))
            {
                if (numberOf(row) is >= 0 and var number)
                {
                    rows.Add(number);
                }
            }

            for (var i = rows.Count - 1; i >= 0; i--)
            {
                Add(hash, rows[i]); // the newest last, so that it comes first again
            }
        }
    }

    // The slot that has the hash, else the empty one where it belongs. The place grows with the hash, so that any length serves.
    private static ref ulong Find(ulong[] slots, uint hash)
    {
        var place = (int)(((ulong)hash * (ulong)slots.Length) >> 32);
        while (true)
        {
            ref var slot = ref slots[place];
            var word = Volatile.Read(ref slot);
            if (word == 0 || (uint)(word >> 32) == hash)
            {
                return ref slot;
            }

            place = place + 1 == slots.Length ? 0 : place + 1;
        }
    }

    private ulong[] Grow()
    {
        var more = new ulong[(int)Math.Min((long)_slots.Length * 3 / 2, Array.MaxLength)];
        foreach (var word in _slots)
        {
            if (word != 0)
            {
                Find(more, (uint)(word >> 32)) = word;
            }
        }

        Volatile.Write(ref _slots, more);
        return more;
    }

    private int Link(int row, int next)
    {
        if (_linked == _links.Length)
        {
            var more = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)_linked + 64)];
            _links.CopyTo(more, 0);
            Volatile.Write(ref _links, more);
        }

        _links[_linked] = ((ulong)(uint)row << 32) | (uint)next;
        return _linked++;
    }

    /// <summary>The rows under one hash.</summary>
    public struct Rows(ulong[] links, int only, int next)
    {
        private int _next = next;
        private int _only = only;

        /// <summary>The row.</summary>
        public int Current { get; private set; } = End;

        public readonly Rows GetEnumerator() => this;

        /// <summary>Goes on to the next row.</summary>
        public bool MoveNext()
        {
            if (_only != End)
            {
                (Current, _only) = (_only, End);
                return true;
            }

            if (_next == End)
            {
                return false;
            }

            var link = links[_next];
            (Current, _next) = ((int)(link >> 32), (int)(uint)link);
            return true;
        }
    }
}
