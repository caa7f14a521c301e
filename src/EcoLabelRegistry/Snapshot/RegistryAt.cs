using System.Collections.Immutable;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Everything but certificates, at one revision. Immutable: a reader that holds it sees one consistent registry for as long as it likes.</summary>
public sealed class RegistryAt
{
    /// <summary>The registry before its first write.</summary>
    public static readonly RegistryAt Empty = new();

    // Shared with every later revision that writes no record: most revisions write certificates.
    private readonly Lazy<RecognitionGraph> _graph;
    private readonly Lazy<SchemeNames> _schemeNames;

    private RegistryAt()
    {
        _graph = new(() => new RecognitionGraph(
            Revision,
            Categories.Values.Select(c => c.Entry.ToModel()),
            Schemes.Values.Select(s => s.Entry.ToModel()),
            Standards.Values.Select(s => s.Entry.ToModel()),
            Agreements.Values.Select(a => a.Entry.ToModel()),
            Policies.Values.Select(p => p.Entry.ToModel())));
        _schemeNames = new(() => new SchemeNames(Schemes.Values.Select(s => s.Entry)));
    }

    private RegistryAt(RegistryAt other)
        : this()
    {
        TakeRecords(other);
    }

    private RegistryAt(RegistryAt other, long revision)
    {
        TakeRecords(other);
        Revision = revision;
        (_graph, _schemeNames) = (other._graph, other._schemeNames);
    }

    /// <summary>The newest revision that it shows.</summary>
    public long Revision { get; private set; }

    /// <summary>Label bodies by code.</summary>
    public ImmutableSortedDictionary<string, Recorded<LabelBodyEntry>> LabelBodies { get; private set; } = None<LabelBodyEntry>();

    /// <summary>Categories by code.</summary>
    public ImmutableSortedDictionary<string, Recorded<CategoryEntry>> Categories { get; private set; } = None<CategoryEntry>();

    /// <summary>Schemes by code.</summary>
    public ImmutableSortedDictionary<string, Recorded<SchemeEntry>> Schemes { get; private set; } = None<SchemeEntry>();

    /// <summary>Standards by id.</summary>
    public ImmutableSortedDictionary<string, Recorded<StandardEntry>> Standards { get; private set; } = None<StandardEntry>();

    /// <summary>Agreements by code.</summary>
    public ImmutableSortedDictionary<string, Recorded<AgreementEntry>> Agreements { get; private set; } = None<AgreementEntry>();

    /// <summary>Policies by code.</summary>
    public ImmutableSortedDictionary<string, Recorded<PolicyEntry>> Policies { get; private set; } = None<PolicyEntry>();

    /// <summary>What the engine decides on; made when first asked for.</summary>
    public RecognitionGraph Graph => _graph.Value;

    /// <summary>Schemes by code or alias, as people and other systems write them.</summary>
    public SchemeNames SchemeNames => _schemeNames.Value;

    /// <summary>The registry after one more write of this version of a record.</summary>
    public RegistryAt With(RecordKind kind, string code, string data, long revision)
    {
        return kind switch
        {
            RecordKind.LabelBody => new(this) { Revision = revision, LabelBodies = Set(LabelBodies) },
            RecordKind.Category => new(this) { Revision = revision, Categories = Set(Categories) },
            RecordKind.Scheme => new(this) { Revision = revision, Schemes = Set(Schemes) },
            RecordKind.Standard => new(this) { Revision = revision, Standards = Set(Standards) },
            RecordKind.Agreement => new(this) { Revision = revision, Agreements = Set(Agreements) },
            RecordKind.Policy => new(this) { Revision = revision, Policies = Set(Policies) },
        };

        ImmutableSortedDictionary<string, Recorded<T>> Set<T>(ImmutableSortedDictionary<string, Recorded<T>> records) =>
            records.SetItem(code, new Recorded<T>(RecordJson.Read<T>(data), revision));
    }

    /// <summary>The same records at a later revision, which wrote none of them.</summary>
    public RegistryAt At(long revision) => revision == Revision ? this : new(this, revision);

    private void TakeRecords(RegistryAt other)
    {
        Revision = other.Revision;
        LabelBodies = other.LabelBodies;
        Categories = other.Categories;
        Schemes = other.Schemes;
        Standards = other.Standards;
        Agreements = other.Agreements;
        Policies = other.Policies;
    }

    private static ImmutableSortedDictionary<string, Recorded<T>> None<T>() =>
        ImmutableSortedDictionary.Create<string, Recorded<T>>(StringComparer.Ordinal);
}

/// <summary>A record and the revision that last wrote it.</summary>
public sealed record Recorded<T>(T Entry, long Revision);

/// <summary>The kinds of record that are kept as documents.</summary>
public enum RecordKind
{
    /// <summary>A label body.</summary>
    LabelBody,

    /// <summary>A category.</summary>
    Category,

    /// <summary>A scheme.</summary>
    Scheme,

    /// <summary>A standard with its editions.</summary>
    Standard,

    /// <summary>An agreement with its texts and events.</summary>
    Agreement,

    /// <summary>A purchasing policy.</summary>
    Policy,
}
