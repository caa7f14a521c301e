using System.Data.Common;
using System.Globalization;

namespace EcoLabelRegistry.Http;

/// <summary>The newest revision that this server can answer at.</summary>
public delegate ValueTask<long> CurrentRevision(CancellationToken cancel);

/// <summary>Says on every answer which revision of the registry it is of, and keeps a reader from an older one than it has seen.</summary>
public sealed class Revisions(RequestDelegate next, CurrentRevision currentRevision)
{
    /// <summary>The revision that an answer is of.</summary>
    public const string Header = "Registry-Revision";

    /// <summary>The least revision that a reader takes an answer of.</summary>
    public const string MinHeader = "Registry-Min-Revision";

    // Servers on one database see each other's writes within a second.
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext http)
    {
        var current = await CurrentAsync(http.RequestAborted);
        if (current is { } revision)
        {
            Say(http.Response, revision);
        }

        var asked = http.Request.Headers[MinHeader];
        if (asked.Count > 0)
        {
            Demand(asked.ToString(), current);
        }

        await next(http);
    }

    /// <summary>Says which revision the answer is of, where a handler knows it exactly.</summary>
    public static void Say(HttpResponse response, long revision) => response.Headers[Header] = revision.ToString(CultureInfo.InvariantCulture);

    /// <summary>Says the revision of a write, unless the registry was further when the request came in.</summary>
    public static void SayAtLeast(HttpResponse response, long revision)
    {
        if (!long.TryParse(response.Headers[Header], NumberStyles.None, CultureInfo.InvariantCulture, out var said) || said < revision)
        {
            Say(response, revision);
        }
    }

    private static void Demand(string asked, long? current)
    {
        if (!long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var least))
        {
            throw Refusal.Invalid(MinHeader, new Message("fault.revision", asked));
        }

        if (current is null)
        {
            throw Refusal.Unavailable();
        }

        if (current < least)
        {
            throw new RefusalException(ProblemCode.RevisionNotReached, new Message("refusal.revision-not-reached", least, current)) { RetryAfter = Retry };
        }
    }

    // A lost database is the handler's to report: what needs none, such as the health of the process, is still answered.
    private async ValueTask<long?> CurrentAsync(CancellationToken cancel)
    {
        try
        {
            return await currentRevision(cancel);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            return null;
        }
    }
}
