namespace EcoLabelRegistry.Objections;

/// <summary>What somebody holds against a record, and what was answered, as recorded.</summary>
public sealed record ObjectionEntry
{
    /// <summary>Made when it was filed.</summary>
    public string? Id { get; init; }

    /// <summary>Address of the record.</summary>
    public string? About { get; init; }

    /// <summary>The objection; absent once it was removed by law.</summary>
    public string? Text { get; init; }

    /// <summary>How to reach who objects: for the body concerned and the registrar alone; absent where none was given, or it was removed by law.</summary>
    public string? Contact { get; init; }

    /// <summary>When it was filed, RFC 3339 in UTC.</summary>
    public string? At { get; init; }

    /// <summary>Who filed it, as the log names him: <c>anyone</c> without a key.</summary>
    public string? Actor { get; init; }

    /// <summary>The answer; absent while there is none.</summary>
    public ObjectionAnswer? Answer { get; init; }
}

/// <summary>What the body concerned, or the registrar, answered to an objection.</summary>
/// <param name="Text">The answer; null once it was removed by law.</param>
/// <param name="At">When, RFC 3339 in UTC.</param>
/// <param name="Actor">Who, as the log names him.</param>
public sealed record ObjectionAnswer(string? Text, string At, string Actor);
