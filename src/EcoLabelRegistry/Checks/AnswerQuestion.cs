using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Checks;

/// <summary>From what a question found to its answer: what a single check and each row of a list have in common, so that they cannot differ.</summary>
internal static class AnswerQuestion
{
    /// <summary>Finds what is asked about on these grounds, and decides.</summary>
    /// <exception cref="RefusalException">The scheme is unknown, or several records fit and none exactly.</exception>
    public static async ValueTask<Answered> AnswerAsync(Grounds grounds, Selector selector, RecognitionQuestion question) =>
        Decide(grounds.Registry, question, await FindSubject.FindAsync(grounds, selector));

    /// <summary>Decides on what was found.</summary>
    public static Answered Decide(RegistryAt registry, RecognitionQuestion question, Found found) =>
        new(registry, question, found, RecognitionEngine.Decide(registry.Graph, found.Subject, question));
}

/// <summary>A question decided: codes and values. Words come when it is written.</summary>
/// <param name="Registry">The registry that it was asked of.</param>
/// <param name="Question">The question.</param>
/// <param name="Found">What it concerns.</param>
/// <param name="Answer">What the engine says.</param>
internal sealed record Answered(RegistryAt Registry, RecognitionQuestion Question, Found Found, RecognitionAnswer Answer)
{
    /// <summary>The answer as a client reads it.</summary>
    public CheckAnswer Write(Language language) => WriteAnswer.Write(Registry, Question, Found, Answer, language);
}
