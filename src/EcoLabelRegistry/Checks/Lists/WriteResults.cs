using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Writes what became of a row as JSON: the single check's answer with the row's id in front, or its problem.</summary>
internal static class WriteResults
{
    /// <summary>Adds one result.</summary>
    public static void Add(Page page, string? id, RowAnswer row, Language language)
    {
        page.Add("{\"id\":"u8);
        Json.Append(page, id);
        if (row.Answered is { } answered)
        {
            // The answer is an object of its own bytes; its opening brace becomes the comma after the id.
            var brace = page.Length;
            Json.Append(page, answered.Write(language));
            page.Replace(brace, (byte)',');
            return;
        }

        if (row.Refusal is { } refusal)
        {
            page.Add(",\"problem\":"u8);
            Json.Append(page, ProblemDocument.Of(refusal, language, traceId: null));
        }
        else
        {
            page.Add(",\"accepted\":"u8);
            Json.Append(page, row.Accepted!.Select(a => Accepted(a, language)).ToList());
        }

        page.Add((byte)'}');
    }

    private static CheckMany.AcceptedScheme Accepted(AcceptedLabel accepted, Language language) => new(
        accepted.Recognised,
        accepted.Level,
        accepted.Outcome!.Value,
        accepted.Grant.Agreement?.Code,
        accepted.Grant.Policy?.Code,
        accepted.Grant.Grant.Id,
        accepted.HoldsUntil,
        [.. accepted.Warnings.Select(w => new AnsweredWarning(w, Texts.Of(w, language)))]);
}
