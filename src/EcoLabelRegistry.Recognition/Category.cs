namespace EcoLabelRegistry.Recognition;

/// <summary>One node of the registry's own neutral tree of product categories.</summary>
/// <param name="Code">Dotted code: <c>coatings.decorative</c>.</param>
/// <param name="Parent">The category above, or null at a root. The dots alone say nothing.</param>
public sealed record Category(string Code, string? Parent);
