namespace EcoLabelRegistry.Recognition.Tests.Oracle;

/// <summary>Everything but certificates, as plain lists without any index.</summary>
public sealed record PlainRegistry(
    IReadOnlyList<Category> Categories,
    IReadOnlyList<Scheme> Schemes,
    IReadOnlyList<Standard> Standards,
    IReadOnlyList<Agreement> Agreements,
    IReadOnlyList<Policy> Policies)
{
    public RecognitionGraph ToGraph() => new(1, Categories, Schemes, Standards, Agreements, Policies);
}
