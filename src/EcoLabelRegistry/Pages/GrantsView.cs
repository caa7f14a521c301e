using EcoLabelRegistry.Agreements;

namespace EcoLabelRegistry.Pages;

/// <summary>Directed lines of a text, as a page lists them.</summary>
/// <param name="Grants">The lines; judged ones say why they give nothing on the date.</param>
/// <param name="Page">The page that knows the names.</param>
/// <param name="Standards">Numbers of standards by id.</param>
public sealed record GrantsView(IEnumerable<GrantEntry> Grants, ReadingPage Page, IReadOnlyDictionary<string, string> Standards);
