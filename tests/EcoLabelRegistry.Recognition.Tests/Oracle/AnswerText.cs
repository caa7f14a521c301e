using System.Globalization;
using System.Text;

namespace EcoLabelRegistry.Recognition.Tests.Oracle;

/// <summary>Everything that can be seen of an answer, in its order, as text that two answers are compared by.</summary>
public static class AnswerText
{
    public static string Of(RecognitionAnswer answer)
    {
        var text = new StringBuilder();
        Line(text, $"outcome {answer.Outcome} until {answer.HoldsUntil:O}");
        foreach (var path in answer.Paths)
        {
            Line(text, $"path {Of(path)}");
        }

        foreach (var certificate in answer.Certificates)
        {
            Line(text, $"certificate {certificate.Certificate.Id} {certificate.Standing} period {Of(certificate.Period)}: {string.Join(' ', certificate.Reasons)}");
        }

        foreach (var reason in answer.Reasons)
        {
            Line(text, $"reason {reason.Reason} about {reason.Kind} {reason.Code}");
        }

        if (answer.Nearest is { } near)
        {
            Line(text, $"nearest {near.Certificate} {near.Agreement}{near.Policy}/{near.Grant}: {string.Join(' ', near.Reasons)}");
        }

        foreach (var coverage in answer.Coverage)
        {
            Line(text, $"coverage {coverage.Scheme} {coverage.Register} {coverage.AsOf}");
        }

        Line(text, $"warnings {string.Join(' ', answer.Warnings)}");
        return text.ToString();
    }

    public static string Of(RecognitionPath path)
    {
        var text = new StringBuilder();
        Line(text, $"{path.Outcome} {path.Level} {(path.Derived ? "derived " : string.Empty)}until {path.HoldsUntil:O} certificate {path.Certificate.Id} period {Of(path.Period)} category {path.Category}");
        foreach (var step in path.Steps)
        {
            Line(text, $"  step {step.Agreement}{step.Policy}/{step.Grant} {step.Recogniser} accepts {step.Recognised} {step.Level}");
        }

        foreach (var condition in path.Conditions)
        {
            Line(text, $"  condition {condition.Code} {condition.Criterion?.Ref} {condition.Standard} {condition.Edition} {condition.Comparison?.Result} {condition.Comparison?.Why} {condition.Comparison?.Held?.Ref} {condition.Stated?.Code} about {condition.About}");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Of(CertificatePeriod? period) => $"{period?.From}|{period?.FirstConfirmedOn}|{period?.Until}|{period?.Standard}|{period?.Edition}|{period?.Tier}";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
