namespace EcoLabelRegistry.Pages;

/// <summary>The second step of a form: what was typed, unseen, and the button that confirms.</summary>
/// <param name="Page">The page.</param>
/// <param name="Does">What the button does.</param>
/// <param name="IsTyped">True when there are fields to go back to.</param>
public sealed record ConfirmView(WritingPage Page, string Does, bool IsTyped = true);
