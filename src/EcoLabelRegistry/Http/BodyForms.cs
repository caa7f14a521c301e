using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Http;

/// <summary>The forms of a body that is read by its slice itself, as it arrives.</summary>
/// <param name="MediaTypes">Their media types.</param>
/// <param name="AnyCharset">True when the slice judges the character set; otherwise it is UTF-8.</param>
public sealed record BodyForms(IReadOnlyList<string> MediaTypes, bool AnyCharset = false)
{
    /// <summary>Refuses a body that says that it is in none of these forms, or in another character set.</summary>
    /// <exception cref="RefusalException">The media type is another, or is missing.</exception>
    public void Demand(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var given)
            || !MediaTypes.Any(type => given.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)))
        {
            throw Refusal.UnsupportedMediaType(request.ContentType, MediaTypes);
        }

        if (!AnyCharset && given.Charset.HasValue && !HeaderUtilities.RemoveQuotes(given.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusalException(ProblemCode.UnsupportedMediaType, new Message("refusal.charset", HeaderUtilities.RemoveQuotes(given.Charset).Value));
        }
    }
}
