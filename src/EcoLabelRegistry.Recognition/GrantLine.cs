namespace EcoLabelRegistry.Recognition;

/// <summary>A grant through all texts of its agreement, or a line of a policy, which is a full-product grant of its own.</summary>
internal sealed class GrantLine
{
    private readonly Grant?[] _byText;
    private readonly PathStep?[] _stepByText;
    private MappingStaleness?[]? _mappingByText;
    private GrantStretch? _stretch;

    /// <summary>A grant, as each text of the agreement has it; null where a text has not.</summary>
    public GrantLine(Agreement agreement, Grant?[] byText)
    {
        var any = byText.First(g => g is not null)!;
        (Agreement, Id, Recogniser, Recognised) = (agreement, any.Id, any.Recogniser, any.Recognised);
        _byText = byText;
        _stepByText = [.. byText.Select(g => g is null ? null : new PathStep(agreement.Code, null, g.Id, g.Recogniser, g.Recognised, g.Level))];
    }

    /// <summary>A line of a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="line">The line.</param>
    /// <param name="place">Its place in the policy, counted from 1.</param>
    public GrantLine(Policy policy, PolicyLine line, string place)
    {
        var recognised = line.Scheme ?? line.RecognisedBy ?? throw new ArgumentException("A policy's line names a scheme or recognisedBy.", nameof(line));
        (Policy, PolicyLine, Id, Recogniser, Recognised) = (policy, line, place, policy.Code, recognised);
        _byText = [new Grant(place, policy.Code, recognised, Level.FullProduct)
        {
            Categories = line.Categories,
            Standards = line.Standards,
            MinTier = line.MinTier,
            From = line.From,
            Until = line.Until,
            Conditions = line.Conditions,
        }];
        _stepByText = [new PathStep(null, policy.Code, place, policy.Code, recognised, Level.FullProduct)];
    }

    /// <summary>The agreement; null for a policy's line.</summary>
    public Agreement? Agreement { get; }

    /// <summary>The policy; null for an agreement's grant.</summary>
    public Policy? Policy { get; }

    /// <summary>What only a policy's line can say; null for an agreement's grant.</summary>
    public PolicyLine? PolicyLine { get; }

    public string Id { get; }

    public string Recogniser { get; }

    public string Recognised { get; }

    /// <summary>True when some text lets the recogniser rely on what its partner recognises.</summary>
    public bool MayGoOnward => Array.Exists(_byText, g => g is { OnwardMaxHops: > 0 });

    /// <summary>The grant as a text has it; null when the text has none.</summary>
    public Grant? InText(int text) => text >= 0 && text < _byText.Length ? _byText[text] : null;

    public PathStep StepInText(int text) => _stepByText[text]!;

    /// <summary>How far the mapping of the grant in a text has been left behind. It is worked out when it is first asked for, at most once for each thread.</summary>
    public MappingStaleness MappingInText(int text, RecognitionGraph graph) =>
        (_mappingByText ??= new MappingStaleness?[_byText.Length])[text] ??= MappingStaleness.Of(_byText[text]!, graph);

    /// <summary>The days around one on which the grant stands as on that day. The stretch asked about last is remembered: most questions are about today.</summary>
    public GrantStretch Around(DateOnly day)
    {
        var known = _stretch;
        return known is not null && known.Has(day) ? known : _stretch = GrantStretch.Around(this, day);
    }

    /// <summary>Adds the days on which the line itself, in any text, may begin or end.</summary>
    public void AddChanges(ref NextChange next)
    {
        foreach (var grant in _byText)
        {
            next.Begins(grant?.From);
            next.Ends(grant?.Until);
        }
    }

    /// <summary>By agreement, then grant, ordinally.</summary>
    public static int Compare(GrantLine left, GrantLine right)
    {
        var order = string.CompareOrdinal(left.Agreement?.Code, right.Agreement?.Code);
        order = order != 0 ? order : string.CompareOrdinal(left.Policy?.Code, right.Policy?.Code);
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }
}
