namespace EcoLabelRegistry.Recognition;

/// <summary>The values that a criterion lets through, as an interval on the scale of its parameter.</summary>
/// <param name="Low">Lower bound; null when there is none.</param>
/// <param name="High">Upper bound; null when there is none.</param>
/// <param name="FromZero">True when the criterion is about being there at all, so that less than nothing cannot be meant.</param>
internal readonly record struct AllowedValues(AllowedValues.Bound? Low, AllowedValues.Bound? High, bool FromZero = false)
{
    /// <summary>The values that the criterion allows; null when it states no limit, an impossible one, or one that is no quantity.</summary>
    public static AllowedValues? Of(Criterion criterion)
    {
        // A unit that UCUM does not know has been found to be the same text on both sides, so the plain numbers compare.
        var unit = Unit.TryParse(criterion.Unit, out var known) ? known : null;
        Bound? At(decimal? value, bool included) => value is { } number ? new Bound(number, unit, included) : null;

        var included = At(criterion.Limit, included: true);
        var excluded = At(criterion.Limit, included: false);
        AllowedValues? values = criterion.Comparator switch
        {
            Comparator.Absent => new(Bound.Nothing, Bound.Nothing, FromZero: true),
            Comparator.Present => new(Bound.Nothing with { Included = false }, null, FromZero: true),
            _ when criterion.Limit is null => null,
            Comparator.AtMost => new(null, included),
            Comparator.Below => new(null, excluded),
            Comparator.AtLeast or Comparator.Frequency or Comparator.Points => new(included, null),
            Comparator.Above => new(excluded, null),
            Comparator.Equal => new(included, included),
            Comparator.Between when criterion.LimitMax is not null => new(included, At(criterion.LimitMax, included: true)),
            Comparator.BetweenExclusive when criterion.LimitMax is not null => new(excluded, At(criterion.LimitMax, included: false)),

            // The limit of "not detected" is the method's detection limit.
            Comparator.NotDetected => new(Bound.Nothing, excluded, FromZero: true),
            _ => null,
        };
        return values is { IsEmpty: false } ? values : null;
    }

    /// <summary>How the held values stand to the wanted ones; null when they leave nothing to compare.</summary>
    public Comparison? StandsTo(AllowedValues wanted)
    {
        var (held, asked) = (this, wanted);
        if (FromZero || wanted.FromZero)
        {
            var fromZero = new AllowedValues(Bound.Nothing, null);
            (held, asked) = (held.And(fromZero), asked.And(fromZero));
        }

        return held.IsEmpty || asked.IsEmpty ? null
            : !held.IsWithin(asked) ? Comparison.FallsShort
            : asked.IsWithin(held) ? Comparison.Meets
            : Comparison.Exceeds;
    }

    /// <summary>The values that both allow.</summary>
    public AllowedValues And(AllowedValues other) => new(
        Low is { } low && other.Low is { } otherLow ? (Bound.StartsLater(low, otherLow) ? low : otherLow) : Low ?? other.Low,
        High is { } high && other.High is { } otherHigh ? (Bound.EndsEarlier(high, otherHigh) ? high : otherHigh) : High ?? other.High,
        FromZero || other.FromZero);

    private bool IsEmpty => Low is { } low && High is { } high
        && Bound.Order(low, high) is var order && (order > 0 || (order == 0 && !(low.Included && high.Included)));

    private bool IsWithin(AllowedValues other) =>
        (other.Low is not { } otherLow || (Low is { } low && !Bound.StartsLater(otherLow, low)))
        && (other.High is not { } otherHigh || (High is { } high && !Bound.EndsEarlier(otherHigh, high)));

    /// <summary>One end of the interval.</summary>
    /// <param name="Value">The number.</param>
    /// <param name="Unit">Its unit; null takes the unit of what it is set beside, as zero does.</param>
    /// <param name="Included">True when the number itself is allowed.</param>
    internal readonly record struct Bound(decimal Value, Unit? Unit, bool Included)
    {
        public static readonly Bound Nothing = new(0, null, Included: true);

        public static int Order(Bound one, Bound other) => one.Unit is { } unit && other.Unit is { } otherUnit
            ? Unit.Compare(one.Value, unit, other.Value, otherUnit)
            : one.Value.CompareTo(other.Value);

        /// <summary>As lower bounds: the first lets less through.</summary>
        public static bool StartsLater(Bound one, Bound other) =>
            Order(one, other) is var order && (order > 0 || (order == 0 && !one.Included && other.Included));

        /// <summary>As upper bounds: the first lets less through.</summary>
        public static bool EndsEarlier(Bound one, Bound other) =>
            Order(one, other) is var order && (order < 0 || (order == 0 && !one.Included && other.Included));
    }
}
