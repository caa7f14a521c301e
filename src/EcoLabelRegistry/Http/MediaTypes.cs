using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Http;

/// <summary>Chooses among the forms in which one address can answer.</summary>
public static class MediaTypes
{
    /// <summary>The media type that <c>Accept</c> prefers; without one, the first offered.</summary>
    /// <exception cref="RefusalException">None of those offered is accepted.</exception>
    public static string Choose(HttpContext http, params ReadOnlySpan<string> offered)
    {
        http.Response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.Accept);
        var accept = http.Request.Headers.Accept;
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            return offered[0];
        }

        var (best, weight) = ((string?)null, 0.0);
        foreach (var mediaType in offered)
        {
            var quality = Quality(ranges, new MediaTypeHeaderValue(mediaType));
            if (quality > weight)
            {
                (best, weight) = (mediaType, quality);
            }
        }

        return best ?? throw new RefusalException(
            ProblemCode.NotAcceptable, new Message("refusal.not-acceptable", accept.ToString(), string.Join(", ", offered.ToArray())));
    }

    // The most specific range that fits decides, whatever its weight: "text/csv;q=0, */*" is everything but CSV.
    private static double Quality(IList<MediaTypeHeaderValue> ranges, MediaTypeHeaderValue offered) => ranges
        .Where(offered.IsSubsetOf)
        .OrderByDescending(range => (range.MatchesAllTypes ? 0 : 2) + (range.MatchesAllSubTypes ? 0 : 1))
        .Select(range => range.Quality ?? 1)
        .FirstOrDefault(0);
}
