namespace EcoLabelRegistry.Snapshot;

/// <summary>The moment whose knowledge is asked for: a revision, or an instant. Neither is now.</summary>
public readonly record struct KnownAt(long? Revision, DateTimeOffset? Instant);
