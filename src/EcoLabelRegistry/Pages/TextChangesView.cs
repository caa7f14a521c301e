using EcoLabelRegistry.Agreements;

namespace EcoLabelRegistry.Pages;

/// <summary>What a text changes of the one before, as a page lists it: the partial <c>_TextChanges</c>.</summary>
/// <param name="Earlier">The text before.</param>
/// <param name="Later">The text.</param>
/// <param name="Page">The page that knows the names.</param>
public sealed record TextChangesView(AgreementTextEntry Earlier, AgreementTextEntry Later, ReadingPage Page);
