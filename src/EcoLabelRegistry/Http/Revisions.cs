using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace EcoLabelRegistry.Http;

/// <summary>The newest revision that this server knows of. It looks for a newer one only when it knows none that is at least this.</summary>
public delegate ValueTask<long> CurrentRevision(long least, CancellationToken cancel);

/// <summary>Says on every answer which revision of the registry it is of, and keeps a reader from an older one than it has seen.</summary>
public sealed class Revisions(RequestDelegate next, CurrentRevision currentRevision)
{
    /// <summary>The revision that an answer is of.</summary>
    public const string Header = "Registry-Revision";

    /// <summary>The least revision that a reader takes an answer of.</summary>
    public const string MinHeader = "Registry-Min-Revision";

    private static Said _said = new(0, "0");

    public Task InvokeAsync(HttpContext http)
    {
        var asked = http.Request.Headers[MinHeader];
        if (asked.Count > 0)
        {
            return InvokeAsync(http, asked.ToString());
        }

        // A check asks no database, and its revision least of all: with nothing to look for, this is known at once.
        var current = currentRevision(0, http.RequestAborted);
        return current.IsCompletedSuccessfully ? Go(http, current.Result) : AwaitAsync(http, current);
    }

    /// <summary>Says which revision the answer is of, where a handler knows it exactly.</summary>
    public static void Say(HttpResponse response, long revision)
    {
        var said = Volatile.Read(ref _said);
        if (said.Revision != revision)
        {
            said = new Said(revision, revision.ToString(CultureInfo.InvariantCulture));
            Volatile.Write(ref _said, said);
        }

        response.Headers[Header] = said.Text;
    }

    /// <summary>Says the revision of a write, unless the registry was further when the request came in.</summary>
    public static void SayAtLeast(HttpResponse response, long revision)
    {
        if (!long.TryParse(response.Headers[Header], NumberStyles.None, CultureInfo.InvariantCulture, out var said) || said < revision)
        {
            Say(response, revision);
        }
    }

    private async Task AwaitAsync(HttpContext http, ValueTask<long> current) => await Go(http, await current);

    private async Task InvokeAsync(HttpContext http, string asked)
    {
        if (!long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var least))
        {
            Say(http.Response, await currentRevision(0, http.RequestAborted));
            throw Refusal.Invalid(MinHeader, new Message("fault.revision", asked));
        }

        var current = await currentRevision(least, http.RequestAborted);
        Say(http.Response, current);
        if (current < least)
        {
            throw Refusal.NotReached(least, current);
        }

        await next(http);
    }

    private Task Go(HttpContext http, long revision)
    {
        Say(http.Response, revision);
        return next(http);
    }

    // Thousands of answers are of one revision.
    private sealed record Said(long Revision, StringValues Text);
}
