namespace EcoLabelRegistry.Pages;

/// <summary>What a limit refers to, as the source names it.</summary>
public sealed record Terms(string? Basis, string? Definition, string? Method);
