using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Who writes.</summary>
/// <param name="Code"><c>registrar</c>, <c>body:{code}</c>, <c>authority:{name}</c> or <c>anyone</c>, as the log keeps it.</param>
public sealed record Actor(string Code)
{
    private const string BodyPrefix = "body:";
    private const string AuthorityPrefix = "authority:";

    /// <summary>Manages bodies, categories, policies and keys, attests historical facts, and never signs.</summary>
    public static readonly Actor Registrar = new("registrar");

    /// <summary>Whoever shows no key: reads, and objects.</summary>
    public static readonly Actor Anyone = new("anyone");

    /// <summary>Who issued the key that the actor writes with, as the log names him; null where the proof of who writes is no key of this registry.</summary>
    public string? KeyIssuedBy { get; init; }

    /// <summary>Id of the key that the actor writes with; null for a key from configuration or another proof.</summary>
    public string? KeyId { get; init; }

    /// <summary>True for the registrar.</summary>
    public bool IsRegistrar => Code == Registrar.Code;

    /// <summary>Code of the label body that writes; null for anybody else.</summary>
    public string? LabelBody => Code.StartsWith(BodyPrefix, StringComparison.Ordinal) ? Code[BodyPrefix.Length..] : null;

    /// <summary>Name of the purchasing authority that writes, as its policies name it; null for anybody else.</summary>
    public string? Authority => Code.StartsWith(AuthorityPrefix, StringComparison.Ordinal) ? Code[AuthorityPrefix.Length..] : null;

    /// <summary>A label body.</summary>
    public static Actor OfBody(string code) => new(BodyPrefix + code);

    /// <summary>A purchasing authority.</summary>
    public static Actor OfAuthority(string name) => new(AuthorityPrefix + name);

    /// <summary>True when the scheme is on record and belongs to the actor's body.</summary>
    public bool Owns(RegistryAt registry, string? scheme) =>
        LabelBody is { } body && scheme is not null && registry.Schemes.GetValueOrDefault(scheme)?.Entry.Body == body;

    /// <summary>True when the scheme is on record and belongs to another body. Of one that is not on record nobody can say whose it is.</summary>
    public bool IsStrangerTo(RegistryAt registry, string? scheme) =>
        scheme is not null && registry.Schemes.ContainsKey(scheme) && !Owns(registry, scheme);

    /// <summary>Those of the schemes that the actor's body writes and signs for. The registrar signs for none.</summary>
    public IReadOnlyList<string> SchemesAmong(RegistryAt registry, IEnumerable<string> schemes) => [.. schemes.Where(s => Owns(registry, s))];
}
