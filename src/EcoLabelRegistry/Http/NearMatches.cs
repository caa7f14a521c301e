namespace EcoLabelRegistry.Http;

/// <summary>What a misspelt word may have meant.</summary>
public static class NearMatches
{
    private const int Offered = 3;

    // Longer texts are no misspelling of a code, and the distance costs their product.
    private const int Longest = 64;

    /// <summary>The words that resemble the one given, nearest first, at most three; of equally near ones the ordinally first.</summary>
    public static IReadOnlyList<string> Of(string given, IEnumerable<string> known)
    {
        var word = given.Trim().ToLowerInvariant();
        if (word.Length is 0 or > Longest)
        {
            return [];
        }

        return [.. known
            .Distinct(StringComparer.Ordinal)
            .Select(candidate => (Candidate: candidate, Distance: Rank(word, candidate.ToLowerInvariant())))
            .Where(found => found.Distance is not null)
            .OrderBy(found => found.Distance)
            .ThenBy(found => found.Candidate, StringComparer.Ordinal)
            .Take(Offered)
            .Select(found => found.Candidate)];
    }

    // A third of the letters may differ. After all of these come the words that begin with the one given, or it with them, and those
    // that it is a part of between hyphens or dots: "ecolabel" of "eu-ecolabel".
    private static int? Rank(string word, string candidate)
    {
        var allowed = Math.Max(1, Math.Max(word.Length, candidate.Length) / 3);
        if (candidate.Length <= Longest && Distance(word, candidate) is var distance && distance <= allowed)
        {
            return distance;
        }

        var (shorter, longer) = word.Length < candidate.Length ? (word, candidate) : (candidate, word);
        return shorter.Length >= 3 && (longer.StartsWith(shorter, StringComparison.Ordinal) || longer.Split('-', '.').Contains(shorter, StringComparer.Ordinal))
            ? Longest + longer.Length - shorter.Length
            : null;
    }

    /// <summary>How many letters must be put in, left out, replaced or swapped with their neighbour (optimal string alignment).</summary>
    internal static int Distance(string left, string right)
    {
        var (beforeLast, last, current) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(last[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[right.Length];
    }
}
