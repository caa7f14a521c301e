using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Who writes.</summary>
/// <param name="Code"><c>registrar</c>, <c>body:{code}</c> or <c>authority:{name}</c>, as the log keeps it.</param>
public sealed record Actor(string Code)
{
    private const string Body = "body:";

    /// <summary>Manages bodies, categories, policies and keys, attests historical facts, and never signs.</summary>
    public static readonly Actor Registrar = new("registrar");

    /// <summary>True for the registrar.</summary>
    public bool IsRegistrar => this == Registrar;

    /// <summary>Code of the label body that writes; null for anybody else.</summary>
    public string? LabelBody => Code.StartsWith(Body, StringComparison.Ordinal) ? Code[Body.Length..] : null;

    /// <summary>A label body.</summary>
    public static Actor OfBody(string code) => new(Body + code);

    /// <summary>Those of the schemes that the actor's body writes and signs for. The registrar signs for none.</summary>
    public IReadOnlyList<string> SchemesAmong(RegistryAt registry, IEnumerable<string> schemes) =>
        LabelBody is { } body ? [.. schemes.Where(s => registry.Schemes.GetValueOrDefault(s)?.Entry.Body == body)] : [];
}
