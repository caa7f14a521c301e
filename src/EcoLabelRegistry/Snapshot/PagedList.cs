using System.Runtime.CompilerServices;

namespace EcoLabelRegistry.Snapshot;

/// <summary>A list that only grows, in pages, so that it is never copied. One thread at a time adds; any number read meanwhile, without a lock.</summary>
internal sealed class PagedList<T>
    where T : unmanaged
{
    private const int PageBits = 14;
    private const int PageLength = 1 << PageBits;

    private T[][] _pages = [];
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What it takes, in bytes.</summary>
    public long Bytes => (long)Volatile.Read(ref _pages).Length * PageLength * Unsafe.SizeOf<T>();

    /// <summary>The one at a place.</summary>
    public T this[int place] => Volatile.Read(ref _pages)[place >> PageBits][place & (PageLength - 1)];

    /// <summary>Adds one.</summary>
    public void Add(T item)
    {
        var place = _count;
        if (place >> PageBits == _pages.Length)
        {
            Volatile.Write(ref _pages, [.. _pages, new T[PageLength]]);
        }

        _pages[place >> PageBits][place & (PageLength - 1)] = item;
        Volatile.Write(ref _count, place + 1);
    }

    /// <summary>Those from a place to the end of its page, or to the end of the list; empty beyond it.</summary>
    public ReadOnlySpan<T> From(int place)
    {
        var count = Count;
        var start = place & (PageLength - 1);
        return place >= count ? [] : Volatile.Read(ref _pages)[place >> PageBits].AsSpan(start, Math.Min(PageLength - start, count - place));
    }
}
