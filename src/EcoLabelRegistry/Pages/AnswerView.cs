using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Standards;

namespace EcoLabelRegistry.Pages;

/// <summary>An answer as a person reads it.</summary>
/// <param name="Evidence">The answer and what it rests on.</param>
/// <param name="Question">The question, with its date and revision.</param>
/// <param name="IsEarlier">True when it was asked for an earlier day or revision than the newest.</param>
public sealed record AnswerView(GatherEvidence.Response Evidence, CheckProduct.Request Question, bool IsEarlier)
{
    public CheckAnswer Answer => Evidence.Answer;

    /// <summary>What was asked about, and whom.</summary>
    public static string Title(GatherEvidence.Response evidence, Words words) =>
        words["answer.title", words.Of(evidence.Answer.Answer), words.Name(evidence.Answer.Recogniser.Names, evidence.Answer.Recogniser.Code)];

    /// <summary>What was asked about, in words.</summary>
    public string Asked(Words words) =>
        Answer.Product is { } product ? $"{product.Brand} {product.Model}"
        : Question.Certificate is { } number ? $"{Scheme(Answer.Certificates is [{ Scheme: var scheme }, ..] ? scheme : Question.Scheme!, words)} {number}"
        : Question.Gtin is { } gtin ? $"GTIN {gtin.Digits}"
        : Question.Brand is not null ? $"{Question.Brand} {Question.Model}"
        : Question.Product!;

    /// <summary>The name of a label; its code where it is none of those concerned.</summary>
    public string Scheme(string code, Words words) => words.Name(Evidence.Schemes.GetValueOrDefault(code)?.Names, code);

    /// <summary>The name of whoever accepts in a step: a label, or the policy that was asked.</summary>
    public string Accepting(AnsweredStep step, Words words) =>
        step.Policy is { } policy && step.Recogniser == policy ? words.Name(Evidence.Policies.GetValueOrDefault(policy)?.Names, policy) : Scheme(step.Recogniser, words);

    /// <summary>The title of what a step rests on.</summary>
    public string Instrument(AnsweredStep step, Words words) =>
        step.Agreement is { } code ? words.Name(Evidence.Agreements.GetValueOrDefault(code)?.Title, code)
        : words.Name(Evidence.Policies.GetValueOrDefault(step.Policy!)?.Names, step.Policy!);

    /// <summary>The number of a standard with its edition.</summary>
    public string? Standard(string? id, string? edition) =>
        id is null ? null : $"{Evidence.Standards.GetValueOrDefault(id)?.Number ?? id} {edition}".Trim();

    /// <summary>A criterion as recorded.</summary>
    public CriterionEntry? Criterion(string? standard, string? edition, string? reference) =>
        standard is null || reference is null ? null
        : Evidence.Standards.GetValueOrDefault(standard)?.Editions?.FirstOrDefault(e => e.Edition == edition)?.Criteria?.FirstOrDefault(c => c.Ref == reference);

    /// <summary>Every source that the answer rests on, with what it is the source of.</summary>
    public IEnumerable<(string Of, string Address, Source Source)> Sources(Words words) =>
        Evidence.Agreements.Where(a => Answer.Paths.SelectMany(p => p.Steps).Any(s => s.Agreement == a.Key) || Answer.Nearest?.Agreement == a.Key)
            .SelectMany(a => From(words.Name(a.Value.Title, a.Key), Places.Agreement(a.Key), a.Value.Sources))
            .Concat(Evidence.Policies.SelectMany(p => From(
                words.Name(p.Value.Names, p.Key), Places.Policy(p.Key), [.. p.Value.Sources ?? [], .. p.Value.Accepts.SelectMany(l => l.Sources ?? [])])))
            .Concat(Evidence.Certificates.SelectMany(c => From(
                $"{Scheme(c.Value.Scheme, words)} {c.Value.Number}".Trim(), Places.Certificate(c.Key), c.Value.Sources)))
            .Concat(Evidence.Standards.SelectMany(s => From(Standard(s.Key, null)!, Places.Standard(s.Key), s.Value.Sources)))
            .DistinctBy(s => (s.Of, s.Source.Title, s.Source.Address))
            .Take(Most);

    // The evidence file has every source; a page of more would be read by nobody.
    private const int Most = 40;

    private static IEnumerable<(string Of, string Address, Source Source)> From(string of, string address, IReadOnlyList<Source>? sources) =>
        (sources ?? []).Select(s => (of, address, s));
}
