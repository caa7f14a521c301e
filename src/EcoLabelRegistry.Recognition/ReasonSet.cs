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
        for (var rest = _bits; rest != 0; rest &= rest - 1)
        {
            reasons[next++] = (Reason)BitOperations.TrailingZeroCount(rest);
        }

        return reasons;
    }

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
}
