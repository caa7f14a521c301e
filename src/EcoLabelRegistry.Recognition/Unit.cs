using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace EcoLabelRegistry.Recognition;

/// <summary>A unit of measure as a UCUM case-sensitive code: <c>g/L</c>, <c>mg/(m2.h)</c>, <c>[ppm]</c>, <c>Cel</c>.</summary>
/// <remarks>
/// The units that criteria use, not all of UCUM: base and derived SI units, prefixes, time, common imperial units, fractions,
/// temperatures, bel and pH. A code outside the subset does not parse, so nothing is ever converted on a guess.
/// Factors are exact fractions: 50 g/L and 50000 mg/L are the same number, without a tolerance.
/// Annotations in braces say what is counted and, as UCUM has it, change nothing: <c>g{Cu}/L</c> is <c>g/L</c>. Fractions of mass and of
/// volume are both plain numbers (<c>%</c>, <c>g/kg</c>, <c>mL/L</c>); a criterion keeps them apart by its basis.
/// One departure: the mole is a dimension of its own here (in UCUM it is a plain number), so that a count is never set beside an amount.
/// Source: The Unified Code for Units of Measure, version 2.1, tables 1 to 5.
/// </remarks>
public sealed class Unit
{
    /// <summary>Longest code read, in characters. Far above any real one; it bounds the work on a hostile text.</summary>
    public const int MaxLength = 100;

    private readonly Measure measure;

    private Unit(string code, Measure measure)
    {
        Code = code;
        this.measure = measure;
    }

    /// <summary>The code as given.</summary>
    public string Code { get; }

    /// <summary>Reads a UCUM code.</summary>
    /// <exception cref="FormatException">The text is no unit of the subset.</exception>
    public static Unit Parse(string code) =>
        TryParse(code, out var unit) ? unit : throw new FormatException($"'{code}' is not a unit known here. Units are UCUM codes such as 'g/L'.");

    /// <summary>Reads a UCUM code.</summary>
    /// <returns>False when the text is no unit of the subset.</returns>
    public static bool TryParse(string? code, [NotNullWhen(true)] out Unit? unit)
    {
        unit = null;
        if (string.IsNullOrEmpty(code) || code.Length > MaxLength || !new Reader(code).TryReadAll(out var measure))
        {
            return false;
        }

        unit = new Unit(code, measure);
        return true;
    }

    /// <summary>True when values in the two units can be converted into each other.</summary>
    public bool HasDimensionOf(Unit other) => measure.Dimension.AsSpan().SequenceEqual(other.measure.Dimension);

    /// <summary>Compares two values exactly, each in its own unit.</summary>
    /// <returns>Negative when the first is smaller, zero when equal, positive when larger.</returns>
    /// <exception cref="ArgumentException">The units are of different dimensions.</exception>
    public static int Compare(decimal first, Unit firstUnit, decimal second, Unit secondUnit) =>
        firstUnit.HasDimensionOf(secondUnit)
            ? Fraction.Order(firstUnit.InBase(first), secondUnit.InBase(second))
            : throw new ArgumentException($"'{firstUnit.Code}' and '{secondUnit.Code}' are of different dimensions.", nameof(secondUnit));

    /// <summary>Converts a value, rounded to what a decimal holds.</summary>
    /// <returns>False when the dimensions differ or the result is beyond a decimal.</returns>
    public bool TryConvert(decimal value, Unit to, out decimal converted)
    {
        converted = default;
        return HasDimensionOf(to) && ((InBase(value) - to.measure.Offset) / to.measure.Factor).TryToDecimal(out converted);
    }

    /// <inheritdoc/>
    public override string ToString() => Code;

    private Fraction InBase(decimal value) => (Fraction.Of(value) * measure.Factor) + measure.Offset;

    /// <summary>What a unit is worth: value × factor + offset in base units.</summary>
    private readonly record struct Measure(int[] Dimension, Fraction Factor, Fraction Offset)
    {
        public static Measure Number(Fraction factor) => new(new int[Dimensions], factor, Fraction.Zero);

        public Measure Times(Measure other, int sign)
        {
            var dimension = new int[Dimensions];
            for (var i = 0; i < Dimensions; i++)
            {
                dimension[i] = Dimension[i] + (sign * other.Dimension[i]);
            }

            return new(dimension, sign > 0 ? Factor * other.Factor : Factor / other.Factor, Fraction.Zero);
        }

        public Measure Power(int exponent) => new([.. Dimension.Select(d => d * exponent)], Factor.Power(exponent), Fraction.Zero);

        public Measure Scaled(Fraction by) => new(Dimension, Factor * by, Fraction.Zero);
    }

    private const int Dimensions = 14;

    // Places in the dimension vector. Those after the mole are arbitrary units, which UCUM converts into nothing else.
    private const int Length = 0, Time = 1, Mass = 2, Angle = 3, Temperature = 4, Charge = 5, Luminosity = 6, Amount = 7;
    private const int Level = 8, SoundPressureLevel = 9, Acidity = 10, BiologicalActivity = 11, Colonies = 12, Information = 13;

    private static readonly FrozenDictionary<string, int> Prefixes = new (string Prefix, int Power)[]
    {
        ("Y", 24), ("Z", 21), ("E", 18), ("P", 15), ("T", 12), ("G", 9), ("M", 6), ("k", 3), ("h", 2), ("da", 1),
        ("d", -1), ("c", -2), ("m", -3), ("u", -6), ("n", -9), ("p", -12), ("f", -15), ("a", -18), ("z", -21), ("y", -24),
    }.ToFrozenDictionary(p => p.Prefix, p => p.Power, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Atom> Atoms = DefineAtoms();

    /// <summary>One symbol. Metric ones take prefixes; those with an offset stand alone (20 °C twice is not 40 °C).</summary>
    private sealed record Atom(Measure Measure, bool Metric);

    private static FrozenDictionary<string, Atom> DefineAtoms()
    {
        var atoms = new Dictionary<string, Atom>(StringComparer.Ordinal);

        void Base(string symbol, int place, bool metric = true)
        {
            var dimension = new int[Dimensions];
            dimension[place] = 1;
            atoms.Add(symbol, new(new(dimension, Fraction.One, Fraction.Zero), metric));
        }

        void Number(string symbol, decimal value, bool metric = false) => atoms.Add(symbol, new(Measure.Number(Fraction.Of(value)), metric));

        // Each definition is written in symbols that stand above it, as in the tables of UCUM.
        void Derived(string symbol, decimal value, string of, bool metric = false)
        {
            if (!new Reader(of, atoms).TryReadAll(out var measure))
            {
                throw new InvalidOperationException($"'{of}' defines '{symbol}' and cannot be read.");
            }

            atoms.Add(symbol, new(measure.Scaled(Fraction.Of(value)), metric));
        }

        Base("m", Length);
        Base("s", Time);
        Base("g", Mass);
        Base("rad", Angle);
        Base("K", Temperature);
        Base("C", Charge);
        Base("cd", Luminosity);
        Base("mol", Amount);
        Base("B", Level);
        Base("B[SPL]", SoundPressureLevel);
        Base("[pH]", Acidity, metric: false);
        Base("[iU]", BiologicalActivity);
        atoms.Add("[IU]", atoms["[iU]"]);
        Base("[CFU]", Colonies, metric: false);
        Base("bit", Information);

        Number("10*", 10);
        Number("10^", 10);
        Number("%", 0.01m);
        Number("[ppth]", 0.001m);
        Number("[ppm]", 0.000_001m);
        Number("[ppb]", 0.000_000_001m);
        Number("[pptr]", 0.000_000_000_001m);

        Derived("sr", 1, "rad2", metric: true);
        Derived("Hz", 1, "s-1", metric: true);
        Derived("N", 1, "kg.m/s2", metric: true);
        Derived("Pa", 1, "N/m2", metric: true);
        Derived("J", 1, "N.m", metric: true);
        Derived("W", 1, "J/s", metric: true);
        Derived("A", 1, "C/s", metric: true);
        Derived("V", 1, "J/C", metric: true);
        Derived("F", 1, "C/V", metric: true);
        Derived("Ohm", 1, "V/A", metric: true);
        Derived("S", 1, "Ohm-1", metric: true);
        Derived("Wb", 1, "V.s", metric: true);
        Derived("T", 1, "Wb/m2", metric: true);
        Derived("H", 1, "Wb/A", metric: true);
        Derived("lm", 1, "cd.sr", metric: true);
        Derived("lx", 1, "lm/m2", metric: true);
        Derived("Bq", 1, "s-1", metric: true);
        Derived("Gy", 1, "J/kg", metric: true);
        Derived("Sv", 1, "J/kg", metric: true);
        Derived("kat", 1, "mol/s", metric: true);
        Derived("By", 8, "bit", metric: true);

        Derived("l", 1, "dm3", metric: true);
        Derived("L", 1, "l", metric: true);
        Derived("ar", 100, "m2", metric: true);
        Derived("t", 1_000, "kg", metric: true);
        Derived("bar", 100_000, "Pa", metric: true);
        Derived("atm", 101_325, "Pa");
        Derived("cal_th", 4.184m, "J", metric: true);
        Derived("cal", 1, "cal_th", metric: true);
        Derived("[Cal]", 1, "kcal_th");

        Derived("min", 60, "s");
        Derived("h", 60, "min");
        Derived("d", 24, "h");
        Derived("wk", 7, "d");
        // UCUM's plain year and month are the mean Julian ones.
        Derived("a_j", 365.25m, "d");
        Derived("a", 1, "a_j");
        Derived("a_t", 365.24219m, "d");
        Derived("a_g", 365.2425m, "d");
        Derived("mo_j", 30.4375m, "d");
        Derived("mo", 1, "mo_j");

        Derived("[in_i]", 2.54m, "cm");
        Derived("[ft_i]", 12, "[in_i]");
        Derived("[yd_i]", 3, "[ft_i]");
        Derived("[mi_i]", 5_280, "[ft_i]");
        Derived("[nmi_i]", 1_852, "m");
        Derived("[mil_i]", 0.001m, "[in_i]");
        Derived("[sin_i]", 1, "[in_i]2");
        Derived("[sft_i]", 1, "[ft_i]2");
        Derived("[syd_i]", 1, "[yd_i]2");
        Derived("[cin_i]", 1, "[in_i]3");
        Derived("[cft_i]", 1, "[ft_i]3");
        Derived("[cyd_i]", 1, "[yd_i]3");
        Derived("[ft_us]", 1_200, "m/3937");
        Derived("[acr_us]", 43_560, "[ft_us]2");
        Derived("[gal_us]", 231, "[in_i]3");
        Derived("[qt_us]", 0.25m, "[gal_us]");
        Derived("[pt_us]", 0.5m, "[qt_us]");
        Derived("[foz_us]", 0.0625m, "[pt_us]");
        Derived("[gal_br]", 4.54609m, "l");
        Derived("[gr]", 64.79891m, "mg");
        Derived("[lb_av]", 7_000, "[gr]");
        Derived("[oz_av]", 0.0625m, "[lb_av]");
        Derived("[ston_av]", 2_000, "[lb_av]");
        Derived("[lton_av]", 2_240, "[lb_av]");
        Derived("[lbf_av]", 9.80665m, "[lb_av].m/s2");
        Derived("[psi]", 1, "[lbf_av]/[in_i]2");
        Derived("[HP]", 550, "[ft_i].[lbf_av]/s");
        Derived("[Btu_IT]", 1.05505585262m, "kJ");
        Derived("[Btu_th]", 1.05435m, "kJ");
        Derived("[Btu]", 1, "[Btu_th]");

        var kelvin = atoms["K"].Measure;
        var fahrenheit = new Fraction(5, 9);
        atoms.Add("Cel", new(kelvin with { Offset = Fraction.Of(273.15m) }, Metric: false));
        atoms.Add("[degF]", new(kelvin with { Factor = fahrenheit, Offset = Fraction.Of(459.67m) * fahrenheit }, Metric: false));
        atoms.Add("[degR]", new(kelvin with { Factor = fahrenheit }, Metric: false));

        return atoms.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Reads one code from left to right: terms of components joined by <c>.</c> and <c>/</c>, which bind alike.</summary>
    private ref struct Reader(string code, IReadOnlyDictionary<string, Atom>? known = null)
    {
        // A length to the ninth or a unit per its 30th power is a slip of the pen, and large powers cost time.
        private const int MaxExponent = 30;

        private readonly IReadOnlyDictionary<string, Atom> atoms = known ?? Atoms;
        private int at;

        public bool TryReadAll(out Measure measure) => TryReadTerm(out measure) && at == code.Length;

        private readonly bool Next(char expected) => at < code.Length && code[at] == expected;

        private bool TryReadTerm(out Measure term)
        {
            term = Measure.Number(Fraction.One);
            var sign = 1;
            if (Next('/'))
            {
                sign = -1;
                at++;
            }

            for (var first = true; ; first = false)
            {
                if (!TryReadComponent(out var component))
                {
                    return false;
                }

                var alone = first && sign > 0 && !Next('.') && !Next('/');
                if (!alone && !component.Offset.IsZero)
                {
                    return false;
                }

                term = alone ? component : term.Times(component, sign);
                if (!Next('.') && !Next('/'))
                {
                    return true;
                }

                sign = Next('/') ? -1 : 1;
                at++;
            }
        }

        private bool TryReadComponent(out Measure component)
        {
            component = Measure.Number(Fraction.One);
            if (Next('('))
            {
                at++;
                if (!TryReadTerm(out component) || !Next(')'))
                {
                    return false;
                }

                at++;
                return true;
            }

            if (Next('{'))
            {
                return TrySkipAnnotation();
            }

            var start = at;
            if (at < code.Length && char.IsAsciiDigit(code[at]) && !IsPowerOfTen())
            {
                // A number of up to nine digits: "10.min".
                while (at < code.Length && char.IsAsciiDigit(code[at]))
                {
                    at++;
                }

                if (at - start > 9)
                {
                    return false;
                }

                var number = int.Parse(code.AsSpan(start, at - start), CultureInfo.InvariantCulture);
                component = Measure.Number(new Fraction(number, 1));
                return number > 0 && (!Next('{') || TrySkipAnnotation());
            }

            if (!TryReadSymbol(out component) || !TryReadExponent(out var exponent))
            {
                return false;
            }

            if (exponent is { } power)
            {
                if (!component.Offset.IsZero)
                {
                    return false;
                }

                component = component.Power(power);
            }

            return !Next('{') || TrySkipAnnotation();
        }

        private readonly bool IsPowerOfTen() =>
            code.AsSpan(at).StartsWith("10*", StringComparison.Ordinal) || code.AsSpan(at).StartsWith("10^", StringComparison.Ordinal);

        private bool TryReadSymbol(out Measure measure)
        {
            var end = at;
            if (IsPowerOfTen())
            {
                end += 3;
            }
            else
            {
                while (end < code.Length && (char.IsAsciiLetter(code[end]) || code[end] is '%' or '_' or '['))
                {
                    if (code[end] == '[')
                    {
                        var close = code.IndexOf(']', end);
                        if (close < 0)
                        {
                            break;
                        }

                        end = close;
                    }

                    end++;
                }
            }

            var symbol = code[at..end];
            at = end;
            if (atoms.TryGetValue(symbol, out var atom))
            {
                measure = atom.Measure;
                return true;
            }

            for (var length = 1; length <= 2 && length < symbol.Length; length++)
            {
                if (Prefixes.TryGetValue(symbol[..length], out var power) && atoms.TryGetValue(symbol[length..], out atom) && atom.Metric)
                {
                    measure = atom.Measure.Scaled(new Fraction(10, 1).Power(power));
                    return true;
                }
            }

            measure = default;
            return false;
        }

        private bool TryReadExponent(out int? exponent)
        {
            exponent = null;
            var start = at;
            if (Next('-') || Next('+'))
            {
                at++;
            }

            var digits = at;
            while (at < code.Length && char.IsAsciiDigit(code[at]))
            {
                at++;
            }

            if (at == start)
            {
                return true;
            }

            if (at == digits || at - digits > 2)
            {
                return false;
            }

            exponent = int.Parse(code.AsSpan(start, at - start), CultureInfo.InvariantCulture);
            return Math.Abs(exponent.Value) <= MaxExponent;
        }

        private bool TrySkipAnnotation()
        {
            var close = code.IndexOfAny(['{', '}'], at + 1);
            if (close < 0 || code[close] != '}')
            {
                return false;
            }

            at = close + 1;
            return true;
        }
    }

    /// <summary>An exact fraction, always reduced, with a positive denominator.</summary>
    private readonly struct Fraction
    {
        public static readonly Fraction Zero = new(0, 1);
        public static readonly Fraction One = new(1, 1);

        private readonly BigInteger numerator;
        private readonly BigInteger denominator;

        public Fraction(BigInteger numerator, BigInteger denominator)
        {
            var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
            this.numerator = numerator / divisor;
            this.denominator = denominator / divisor;
        }

        public bool IsZero => numerator.IsZero;

        public static Fraction Of(decimal value)
        {
            Span<int> bits = stackalloc int[4];
            decimal.GetBits(value, bits);
            var mantissa = (new BigInteger((uint)bits[2]) << 64) | (new BigInteger((uint)bits[1]) << 32) | (uint)bits[0];
            return new(bits[3] < 0 ? -mantissa : mantissa, BigInteger.Pow(10, (bits[3] >> 16) & 0xFF));
        }

        public static Fraction operator +(Fraction a, Fraction b) =>
            new((a.numerator * b.denominator) + (b.numerator * a.denominator), a.denominator * b.denominator);

        public static Fraction operator -(Fraction a, Fraction b) =>
            new((a.numerator * b.denominator) - (b.numerator * a.denominator), a.denominator * b.denominator);

        public static Fraction operator *(Fraction a, Fraction b) => new(a.numerator * b.numerator, a.denominator * b.denominator);

        public static Fraction operator /(Fraction a, Fraction b) => new(a.numerator * b.denominator, a.denominator * b.numerator);

        public Fraction Power(int exponent) => exponent >= 0
            ? new(BigInteger.Pow(numerator, exponent), BigInteger.Pow(denominator, exponent))
            : new(BigInteger.Pow(denominator, -exponent), BigInteger.Pow(numerator, -exponent));

        public static int Order(Fraction a, Fraction b) => (a.numerator * b.denominator).CompareTo(b.numerator * a.denominator);

        public bool TryToDecimal(out decimal value)
        {
            // Rounded to the 28 places that a decimal can hold; the cast fails when the integer part is too large for one.
            var scale = BigInteger.Pow(10, 28);
            var scaled = BigInteger.DivRem(numerator * scale * 2, denominator, out _);
            var rounded = (scaled + scaled.Sign) / 2;
            var whole = BigInteger.DivRem(rounded, scale, out var rest);
            var limit = (BigInteger)decimal.MaxValue;
            if (BigInteger.Abs(whole) >= limit)
            {
                value = default;
                return false;
            }

            value = (decimal)whole + ((decimal)rest / 10_000_000_000_000_000_000_000_000_000m);
            return true;
        }
    }
}
