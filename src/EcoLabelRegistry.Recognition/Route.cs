namespace EcoLabelRegistry.Recognition;

/// <summary>A way from the recogniser to a certificate that may or may not hold: up to three grants, none for its own certificate.</summary>
/// <param name="First">The step of the recogniser; null for its own certificate.</param>
/// <param name="Second">The step after it.</param>
/// <param name="Third">The last step that is possible.</param>
internal readonly record struct Route(GrantLine? First = null, GrantLine? Second = null, GrantLine? Third = null)
{
    /// <summary>The most steps that a path has.</summary>
    public const int MaxSteps = 3;

    public int Count => First is null ? 0 : Second is null ? 1 : Third is null ? 2 : MaxSteps;

    public GrantLine this[int step] => step switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        _ => null,
    } ?? throw new ArgumentOutOfRangeException(nameof(step), step, "The route has fewer steps.");

    /// <summary>Step by step, by agreement and grant; where one ends first, it comes first.</summary>
    public static int Compare(in Route left, in Route right)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            if (GrantLine.Compare(left[i], right[i]) is var order and not 0)
            {
                return order;
            }
        }

        return left.Count.CompareTo(right.Count);
    }
}
