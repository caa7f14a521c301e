using System.Text.Encodings.Web;
using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Html;

namespace EcoLabelRegistry.Pages;

/// <summary>What is wrong with a form, at its head: each fault by the label of its field, which it leads to, in the order of the page.</summary>
/// <remarks>
/// It stands before the fields and is written after them, when the page as a whole is: only then is it known what each field is called there, so that no label has to be
/// said in two places.
/// </remarks>
/// <param name="page">The page.</param>
/// <param name="words">What the page says.</param>
public sealed class FaultSummary(WritingPage page, Words words) : IHtmlContent
{
    /// <inheritdoc />
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        foreach (var (field, message) in page.Faults.OrderBy(fault => page.PlaceOf(fault.Key)))
        {
            writer.Write("<li>");
            if (page.LabelOf(field) is { } label)
            {
                writer.Write("<a href=\"#");
                encoder.Encode(writer, FormField.IdOf(field));
                writer.Write("\">");
                encoder.Encode(writer, label);
                writer.Write("</a>");
                encoder.Encode(writer, words.Colon);
            }
            else if (field.Length > 0)
            {
                // No field of the page fills it, so that its own name is all there is to say.
                writer.Write("<code>");
                encoder.Encode(writer, field);
                writer.Write("</code>");
                encoder.Encode(writer, words.Colon);
            }

            encoder.Encode(writer, message.In(Language.Current));
            writer.Write("</li>\n");
        }
    }
}
