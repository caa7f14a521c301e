using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Products;

namespace EcoLabelRegistry.Matches;

/// <summary>What of a record was found.</summary>
public enum MatchField
{
    /// <summary>The number of a certificate, its own or a further one.</summary>
    Number,

    /// <summary>The model of a product.</summary>
    Model,

    /// <summary>The brand of a product.</summary>
    Brand,

    /// <summary>The holder of a certificate.</summary>
    Holder,

    /// <summary>The scheme that granted a certificate, by code, alias or name.</summary>
    Scheme,
}

/// <summary>A part of what was typed, and what it was found in.</summary>
/// <param name="Query">The part, as typed.</param>
/// <param name="Field">What it was found in.</param>
/// <param name="Text">The whole text of that, as recorded; of a scheme its code.</param>
/// <param name="Score">From 0 to 1: 1 for the same letters, whatever their case, width and punctuation.</param>
public sealed record MatchedPart(string Query, MatchField Field, string Text, double Score);

/// <summary>How well a record fits.</summary>
/// <param name="Score">From 0 to 1, in thousandths.</param>
/// <param name="Parts">What was found, in the order typed.</param>
/// <param name="IsSafe">True when nothing that tells two machines or two licences apart was guessed.</param>
internal sealed record RecordScore(double Score, IReadOnlyList<MatchedPart> Parts, bool IsSafe)
{
    /// <summary>True when a number of the certificate was found.</summary>
    public bool HasNumber => Parts.Any(p => p.Field == MatchField.Number);
}

/// <summary>Says how well one line of a certificate fits what was typed. Pure: no clock, no database, no culture.</summary>
/// <remarks>
/// Each word, or words that may be one number, is looked for in brand, model, number and holder; the division into such units that explains
/// most wins. A unit's score is 1 − cost / weight: slips cost what the letters weigh (digits most), and a number of which only a piece was
/// typed or stands there counts 0.7. The score is the weighted mean of the units, times 0.8 + 0.2 × the share that was typed of every text
/// in which anything was found. So whole texts give 1, and each word more of them tells two candidates apart.
/// </remarks>
internal static class ScoreMatch
{
    // A piece of a number: as one types on it grows whole, and MF935 is not MF9350.
    private const double PieceOfNumber = 0.7;

    private const double FromQuestion = 0.8;

    // Texts of one certificate that a unit is looked for in: a certificate may have thousands of further numbers.
    private const int MostNumbers = 50;

    private static readonly RecordScore Nothing = new(0, [], IsSafe: false);

    /// <summary>The score of a line of a certificate; 0 for less than what is worth showing.</summary>
    /// <param name="asked">What was typed.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="line">The line; null for the certificate alone.</param>
    public static RecordScore Of(AskedText asked, CertificateEntry certificate, ProductLineEntry? line)
    {
        var texts = TextsOf(certificate, line);
        var found = Find(asked, certificate.Scheme!, texts);
        var chosen = Divide(asked, found);
        if (chosen.Sum(hit => hit.Score * hit.Unit.Weight) < FindRecords.LeastScore * asked.Weight)
        {
            return Nothing; // what comes now can only take away
        }

        foreach (var hit in chosen)
        {
            hit.Text?.Cover(hit.Part);
        }

        var weighed = 0.0;
        var parts = new List<MatchedPart>(chosen.Count);
        var isExact = true;
        foreach (var hit in chosen)
        {
            var isPiece = hit.Text is { } text && text.LeavesPieceOf(hit.Part);
            var score = hit.Score * (isPiece ? PieceOfNumber : 1);
            weighed += score * hit.Unit.Weight;
            isExact &= !hit.Unit.IsCode || score == 1;
            parts.Add(new MatchedPart(
                hit.Unit.Text, hit.Text?.Field ?? MatchField.Scheme, hit.Text?.Raw ?? certificate.Scheme!, Math.Round(score, 3)));
        }

        var lost = asked.Words.Where((word, i) => word.IsCode && !chosen.Exists(hit => hit.Unit.First <= i && i <= hit.Unit.Last)).Any();
        var touched = texts.FindAll(t => t.Covered > 0);
        var (covered, whole) = (touched.Sum(t => t.Covered), touched.Sum(t => t.Weight));
        if (whole == 0)
        {
            return Nothing; // a scheme alone says nothing of a record
        }

        var fits = weighed / asked.Weight * (FromQuestion + ((1 - FromQuestion) * covered / whole));
        var isNamed = texts.Exists(t => t.Field is MatchField.Model or MatchField.Number && t.IsWhole);
        return new RecordScore(Math.Round(fits, 3), parts, isExact && !lost && isNamed);
    }

    private static List<SoughtText> TextsOf(CertificateEntry certificate, ProductLineEntry? line)
    {
        var texts = new List<SoughtText>(5);
        Add(MatchField.Number, certificate.Number);
        Add(MatchField.Model, line?.Model);
        Add(MatchField.Brand, line?.Brand);
        Add(MatchField.Holder, certificate.Holder);
        foreach (var other in (certificate.OtherNumbers ?? []).Take(MostNumbers))
        {
            Add(MatchField.Number, other);
        }

        return texts;

        void Add(MatchField field, string? raw)
        {
            if (raw is not null)
            {
                texts.Add(new SoughtText(field, raw, ProductIdentity.FindKey(raw)));
            }
        }
    }

    /// <summary>Where each unit is found best; null where it is not.</summary>
    /// <remarks>Of texts that it is found in equally well, it is taken to be of the one that most of what was typed is found in, then of the one that it is most of.</remarks>
    private static Hit?[] Find(AskedText asked, string scheme, List<SoughtText> texts)
    {
        var found = new Hit?[asked.Units.Count];
        var parts = new (FindInText.Part? Part, double Score)[found.Length, texts.Count];
        foreach (var (i, unit) in asked.Units.Index())
        {
            if (unit.Schemes is not null)
            {
                found[i] = unit.Schemes.Contains(scheme, StringComparer.Ordinal) ? new Hit(unit, null, default, 1) : null;
                continue;
            }

            var best = 0.0;
            foreach (var (j, text) in texts.Index())
            {
                if (FindInText.Find(unit.Key, unit.IsCode, text.Key, (unit.Pairs & text.Pairs) != default) is { } part && (unit.First == unit.Last || part.Cost == 0 || text.Field == MatchField.Number))
                {
                    // The same letters elsewhere, where they stand whole, come first.
                    parts[i, j] = (part, 1 - (part.Cost / (2.0 * unit.Weight)) - (FindInText.CutsNumber(part, text.Key) ? 0.001 : 0));
                    best = Math.Max(best, parts[i, j].Score);
                }
            }

            for (var j = 0; unit.First == unit.Last && j < texts.Count; j++)
            {
                texts[j].Found += parts[i, j].Part is not null && parts[i, j].Score == best ? unit.Weight : 0;
            }
        }

        foreach (var (i, unit) in asked.Units.Index())
        {
            var best = -1;
            for (var j = 0; j < texts.Count; j++)
            {
                if (parts[i, j].Part is not null && (best < 0 || IsBetter(j, best)))
                {
                    best = j;
                }
            }

            if (best >= 0)
            {
                var part = parts[i, best].Part!.Value;
                found[i] = new Hit(unit, texts[best], part, 1 - (part.Cost / (2.0 * unit.Weight)));
            }

            bool IsBetter(int j, int than)
            {
                var (one, other) = (parts[i, j], parts[i, than]);
                return one.Score != other.Score ? one.Score > other.Score
                    : texts[j].Found != texts[than].Found ? texts[j].Found > texts[than].Found
                    : one.Part!.Value.Length * texts[than].Key.Length > other.Part!.Value.Length * texts[j].Key.Length;
            }
        }

        return found;
    }

    /// <summary>The division into units that explains most; of equal ones that with the fewest.</summary>
    private static List<Hit> Divide(AskedText asked, Hit?[] found)
    {
        var best = new (double Value, int Hits, int Unit)[asked.Words.Count + 1];
        var at = 0;
        for (var end = 1; end <= asked.Words.Count; end++)
        {
            best[end] = best[end - 1] with { Unit = -1 };
            for (; at < asked.Units.Count && asked.Units[at].Last == end - 1; at++)
            {
                if (found[at] is { } hit)
                {
                    var before = best[hit.Unit.First];
                    var value = before.Value + (hit.Score * hit.Unit.Weight);
                    if (value > best[end].Value || (value == best[end].Value && before.Hits + 1 < best[end].Hits))
                    {
                        best[end] = (value, before.Hits + 1, at);
                    }
                }
            }
        }

        var chosen = new List<Hit>();
        for (var end = asked.Words.Count; end > 0;)
        {
            if (best[end].Unit < 0)
            {
                end--;
                continue;
            }

            var hit = found[best[end].Unit]!;
            chosen.Add(hit);
            end = hit.Unit.First;
        }

        chosen.Reverse();
        return chosen;
    }

    private sealed record Hit(AskedText.Unit Unit, SoughtText? Text, FindInText.Part Part, double Score);

    /// <summary>A text of the record, and which of its letters were found.</summary>
    private sealed class SoughtText(MatchField inField, string raw, string key)
    {
        private readonly bool[] _covered = new bool[key.Length];

        public MatchField Field => inField;

        public string Raw => raw;

        public string Key => key;

        /// <summary>Weight of the words that are found in it as well as in any other text.</summary>
        public int Found { get; set; }

        /// <summary>The pairs of letters in it.</summary>
        public Signature Pairs { get; } = Signature.Of(key);

        public int Weight
        {
            get
            {
                var weight = 0;
                foreach (var letter in key)
                {
                    weight += AskedText.WeightOf(letter, isCode: false);
                }

                return weight;
            }
        }

        public int Covered
        {
            get
            {
                var weight = 0;
                for (var i = 0; i < key.Length; i++)
                {
                    weight += _covered[i] ? AskedText.WeightOf(key[i], isCode: false) : 0;
                }

                return weight;
            }
        }

        public bool IsWhole => key.Length > 0 && Array.TrueForAll(_covered, c => c);

        public void Cover(FindInText.Part part) => _covered.AsSpan(part.Start, part.Length).Fill(true);

        /// <summary>True when a number goes on beyond what was found of it, and no other word found the rest.</summary>
        public bool LeavesPieceOf(FindInText.Part part) =>
            (FindInText.CutsNumberAt(part.Start, key) && !_covered[part.Start - 1]) || (FindInText.CutsNumberAt(part.End, key) && !_covered[part.End]);
    }
}
