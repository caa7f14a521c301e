using EcoLabelRegistry.Checks;

namespace EcoLabelRegistry.Pages;

/// <summary>One way from a certificate to whoever was asked, as a person reads it.</summary>
/// <param name="In">The answer that it belongs to.</param>
/// <param name="Path">The way.</param>
/// <param name="Place">Its place in the answer, from 0.</param>
public sealed record PathView(AnswerView In, AnsweredPath Path, int Place);
