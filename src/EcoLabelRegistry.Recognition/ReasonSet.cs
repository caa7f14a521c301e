using System.Numerics;

namespace EcoLabelRegistry.Recognition;

/// <summary>A set of reasons, read in the order of their list. No memory is allocated until it is listed.</summary>
internal readonly record struct ReasonSet
{
    private readonly uint _bits;

    private ReasonSet(uint bits) => _bits = bits;

    public bool IsEmpty => _bits == 0;

    public int Count => BitOperations.PopCount(_bits);

    public static ReasonSet Of(Reason reason) => new(1u << (int)reason);

    public static ReasonSet operator |(ReasonSet left, ReasonSet right) => new(left._bits | right._bits);

    public bool Contains(Reason reason) => (_bits & (1u << (int)reason)) != 0;

    public ReasonSet With(Reason reason) => new(_bits | (1u << (int)reason));

    /// <summary>Adds the reason unless what it asks for holds.</summary>
    public ReasonSet Unless(bool holds, Reason reason) => holds ? this : With(reason);

    /// <summary>The reasons, in the order of their list.</summary>
    public IReadOnlyList<Reason> ToList()
    {
        if (IsEmpty)
        {
            return [];
        }

        var reasons = new Reason[Count];
        var next = 0;
        foreach (var reason in this)
        {
            reasons[next++] = reason;
        }

        return reasons;
    }

    /// <summary>Goes through the reasons, in the order of their list, without memory.</summary>
    public Enumerator GetEnumerator() => new(_bits);

    /// <summary>Fewer reasons first; of as many, the set that has the reason which comes first in the list.</summary>
    public static int Compare(ReasonSet left, ReasonSet right)
    {
        if (left.Count != right.Count)
        {
            return left.Count.CompareTo(right.Count);
        }

        var differing = left._bits ^ right._bits;
        var first = differing & (~differing + 1);
        return differing == 0 ? 0 : (left._bits & first) != 0 ? -1 : 1;
    }

    /// <summary>Takes the reason that comes first away, one after the other.</summary>
    public struct Enumerator(uint rest)
    {
        private uint _rest = rest;

        public Reason Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest == 0)
            {
                return false;
            }

            Current = (Reason)BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
