namespace EcoLabelRegistry.Recognition;

/// <summary>Compares territories, ISO 3166-1 (<c>GB</c>) or -2 (<c>GB-NIR</c>).</summary>
public static class Territories
{
    /// <summary>True when a certificate counts in the asked territory: its list is empty (everywhere), names it, or names the country it is a part of.</summary>
    /// <param name="territories">Where the certificate counts; null is not known and counts.</param>
    /// <param name="asked">The territory asked about. A part that is listed does not count for the whole country.</param>
    public static bool Include(IReadOnlyList<string>? territories, string asked)
    {
        if (territories is null or { Count: 0 })
        {
            return true;
        }

        for (var i = 0; i < territories.Count; i++)
        {
            var territory = territories[i];
            if (asked.StartsWith(territory, StringComparison.Ordinal) && (asked.Length == territory.Length || asked[territory.Length] == '-'))
            {
                return true;
            }
        }

        return false;
    }
}
