using EcoLabelRegistry.Recognitions;

namespace EcoLabelRegistry.Pages;

/// <summary>Grants in force, to be shown by whom they name on one side.</summary>
/// <param name="Rows">The grants.</param>
/// <param name="ByRecognised">True to group by who is accepted, false by who accepts.</param>
/// <param name="On">The page that they are shown on: it knows the names of categories.</param>
public sealed record Recognised(IReadOnlyList<ListRecognitions.Row> Rows, bool ByRecognised, ReadingPage On);
