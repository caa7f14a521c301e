using Dapper;
using EcoLabelRegistry.Products;

namespace EcoLabelRegistry.Snapshot;

/// <summary>The words of a search. They help to find a code; what a thing is, its code alone tells.</summary>
public sealed class SearchWords
{
    private readonly List<string> _keys;

    /// <summary>Takes a text apart at its blanks; none finds everything. What finding drops, such as a hyphen alone, is no word.</summary>
    public SearchWords(string? text)
    {
        _keys = [.. (text ?? string.Empty).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => ProductIdentity.FindKey("x" + word) != "x").Select(ProductIdentity.FindKey)];
    }

    /// <summary>True when there is no word, and everything is found.</summary>
    public bool IsEmpty => _keys.Count == 0;

    /// <summary>True when each word occurs in one of the texts, whatever its case, width and punctuation.</summary>
    public bool AreIn(params IEnumerable<string?> texts)
    {
        if (_keys.Count == 0)
        {
            return true;
        }

        var keys = texts.OfType<string>().Select(ProductIdentity.FindKey).ToList();
        return _keys.TrueForAll(word => keys.Exists(key => key.Contains(word, StringComparison.Ordinal)));
    }

    /// <summary>The same of a column that holds find keys, as conditions to add to a query; <see cref="AddTo"/> gives their parameters.</summary>
    public string Sql(string column) => string.Concat(_keys.Select((_, i) => FormattableString.Invariant($"\nand {column} like @Word{i} escape '!'")));

    /// <summary>Adds the parameters of <see cref="Sql"/>.</summary>
    public void AddTo(DynamicParameters parameters)
    {
        foreach (var (i, word) in _keys.Index())
        {
            var literal = word.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
            parameters.Add(FormattableString.Invariant($"Word{i}"), $"%{literal}%");
        }
    }
}
