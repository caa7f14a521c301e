using System.Numerics;

namespace EcoLabelRegistry.Recognition;

/// <summary>A set of warnings, read in the order of their list. No memory is allocated until it is listed.</summary>
internal struct WarningSet
{
    private uint _bits;

    public void Add(in WarningSet others) => _bits |= others._bits;

    public void AddIf(bool applies, Warning warning) => _bits |= applies ? 1u << (int)warning : 0;

    /// <summary>The warnings, in the order of their list.</summary>
    public readonly IReadOnlyList<Warning> ToList()
    {
        if (_bits == 0)
        {
            return [];
        }

        var warnings = new Warning[BitOperations.PopCount(_bits)];
        var next = 0;
        for (var rest = _bits; rest != 0; rest &= rest - 1)
        {
            warnings[next++] = (Warning)BitOperations.TrailingZeroCount(rest);
        }

        return warnings;
    }
}
