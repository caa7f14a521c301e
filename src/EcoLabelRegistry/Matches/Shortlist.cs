using System.Runtime.InteropServices;

namespace EcoLabelRegistry.Matches;

/// <summary>The texts that are worth a closer look: those of the highest levels, as many as there is room for. Where more are equally near, a fixed order chooses.</summary>
/// <remarks>What is in it at the end depends on what was added, never on the order in which it was, so that memory and database give the same.</remarks>
/// <typeparam name="T">What stands for a text.</typeparam>
internal sealed class Shortlist<T>(int most)
{
    private readonly List<Entry>?[] _levels = new List<Entry>?[SignatureWeights.Greatest + 1];
    private readonly ulong[] _lastOrders = Enumerable.Repeat(ulong.MaxValue, SignatureWeights.Greatest + 1).ToArray();
    private int _count;

    /// <summary>The lowest level for which there may still be room.</summary>
    public int Least { get; private set; } = 1;

    /// <summary>The highest level at which something was left out; 0 when nothing was.</summary>
    public int Cut { get; private set; }

    /// <summary>False when a text of this level and order is left out for certain.</summary>
    public bool Takes(int level, ulong order) => level >= Least && order <= _lastOrders[level];

    /// <summary>Adds a text.</summary>
    /// <param name="level">How much of what is asked for it has.</param>
    /// <param name="order">Its place among those of one level.</param>
    /// <param name="id">Its place among those of one order.</param>
    /// <param name="line">Its place among those of one id.</param>
    /// <param name="item">What stands for it.</param>
    public void Add(int level, ulong order, ulong id, int line, T item)
    {
        if (!Takes(level, order))
        {
            LeaveOut(level);
            return;
        }

        var entries = _levels[level] ??= [];
        entries.Add(new(order, id, line, item));
        _count++;
        if (entries.Count >= 2 * most)
        {
            CutBack(entries, level, most);
            _lastOrders[level] = entries[^1].Order;
        }

        while (Least < level && _count - (_levels[Least]?.Count ?? 0) >= most)
        {
            if (_levels[Least] is { Count: > 0 } dropped)
            {
                _count -= dropped.Count;
                LeaveOut(Least);
            }

            _levels[Least++] = null;
        }
    }

    /// <summary>Notes that a text of this level was not added.</summary>
    public void LeaveOut(int level) => Cut = Math.Max(Cut, level);

    /// <summary>What is in it: the highest levels first, each in its order.</summary>
    public List<T> Take()
    {
        var taken = new List<T>(most);
        for (var level = _levels.Length - 1; level >= Least; level--)
        {
            if (_levels[level] is { Count: > 0 } entries)
            {
                CutBack(entries, level, most - taken.Count);
                taken.AddRange(entries.Select(e => e.Item));
            }
        }

        return taken;
    }

    private void CutBack(List<Entry> entries, int level, int room)
    {
        CollectionsMarshal.AsSpan(entries).Sort(Entry.Compare);
        if (entries.Count > room)
        {
            _count -= entries.Count - room;
            entries.RemoveRange(room, entries.Count - room);
            LeaveOut(level);
        }
    }

    private readonly record struct Entry(ulong Order, ulong Id, int Line, T Item)
    {
        public static int Compare(Entry left, Entry right)
        {
            var compared = left.Order.CompareTo(right.Order);
            compared = compared != 0 ? compared : left.Id.CompareTo(right.Id);
            return compared != 0 ? compared : left.Line.CompareTo(right.Line);
        }
    }
}
