using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Http;

/// <summary>Answers with what a client needs to keep them: the revision, an <c>ETag</c>, and 304 when it has the answer already.</summary>
public static class Reply
{
    /// <summary>Something computed from the registry as a whole: a check, a standing of today. It may change with every revision and every day.</summary>
    /// <param name="body">What is answered.</param>
    /// <param name="revision">The registry's revision that it was computed at.</param>
    /// <param name="own">The revision that last wrote the record shown, if it is one.</param>
    public static Reply<T> Computed<T>(T body, long revision, long? own = null) => new(body, new(revision, own, IsComputed: true));

    /// <summary>A page of a list.</summary>
    /// <param name="page">The page.</param>
    /// <param name="own">What tells its rows apart from earlier ones, where they change without a revision.</param>
    public static Reply<Page<TRow>> Computed<TRow>(Page<TRow> page, long? own = null) => new(page, new(page.Revision, own, IsComputed: true)) { Next = page.Next };

    /// <summary>A record that shows only what was written into it. It changes when it is written again.</summary>
    /// <param name="body">What is answered.</param>
    /// <param name="revision">The registry's revision that it was read at.</param>
    /// <param name="own">The revision that last wrote it.</param>
    public static Reply<T> Recorded<T>(T body, long revision, long own) => new(body, new(revision, own, IsComputed: false));

    /// <summary>Something that changes without a revision, such as how a delivery goes. Nobody keeps it.</summary>
    public static Reply<T> Live<T>(T body) => new(body, null);

    /// <summary>A page of a list of such things.</summary>
    public static Reply<Page<TRow>> Live<TRow>(Page<TRow> page) => new(page, null) { Next = page.Next };

    /// <summary>What a write came to.</summary>
    /// <param name="body">What is answered.</param>
    /// <param name="revision">The revision that the write made.</param>
    /// <param name="location">The address of what came about; null when nothing new did.</param>
    public static WriteReply<T> Wrote<T>(T body, long revision, string? location = null) => new(body, revision, location);

    /// <summary>Something other than JSON, computed from the registry as a whole.</summary>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="revision">The registry's revision that it was computed at.</param>
    /// <param name="write">Writes it.</param>
    public static IResult Written(string mediaType, long revision, Func<PipeWriter, CancellationToken, Task> write) =>
        new WrittenReply(mediaType, new(revision, null, IsComputed: true), null, write);

    /// <summary>A page of a list as something other than JSON.</summary>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="page">The page.</param>
    /// <param name="write">Writes it.</param>
    public static IResult Written<TRow>(string mediaType, Page<TRow> page, Func<PipeWriter, CancellationToken, Task> write) =>
        new WrittenReply(mediaType, new(page.Revision, null, IsComputed: true), page.Next, write);

    /// <summary>Says where the next page is.</summary>
    internal static void SayNext(HttpContext http, string? cursor)
    {
        if (cursor is not null)
        {
            http.Response.Headers.Link = $"<{NextAddress(http.Request, cursor)}>; rel=\"next\"";
        }
    }

    // The same address with the cursor put in, relative to the host, so that it holds behind a proxy too.
    private static string NextAddress(HttpRequest request, string next)
    {
        var address = $"{request.PathBase}{request.Path}?";
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (!pair.EncodedName.Span.SequenceEqual(Paging.CursorName))
            {
                address += $"{pair.EncodedName}={pair.EncodedValue}&";
            }
        }

        return $"{address}{Paging.CursorName}={next}";
    }

    private sealed class WrittenReply(string mediaType, EntityTag tag, string? next, Func<PipeWriter, CancellationToken, Task> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            SayNext(httpContext, next);
            if (tag.IsHeldBy(httpContext, mediaType))
            {
                return Task.CompletedTask;
            }

            httpContext.Response.ContentType = mediaType.StartsWith("text/", StringComparison.Ordinal) ? mediaType + "; charset=utf-8" : mediaType;
            return write(httpContext.Response.BodyWriter, httpContext.RequestAborted);
        }
    }
}

/// <summary>An answer in JSON.</summary>
public sealed class Reply<T> : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult, IValueHttpResult<T>
{
    private readonly EntityTag? _tag;

    internal Reply(T body, EntityTag? tag)
    {
        Value = body;
        _tag = tag;
    }

    /// <inheritdoc />
    public T? Value { get; }

    /// <inheritdoc />
    public int? StatusCode => StatusCodes.Status200OK;

    internal string? Next { get; init; }

    /// <inheritdoc />
    public static void PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        Reply.SayNext(httpContext, Next);
        if (_tag is null)
        {
            httpContext.Response.Headers.CacheControl = "no-store";
        }

        return _tag?.IsHeldBy(httpContext, "application/json") == true
            ? Task.CompletedTask
            : Json.WriteAsync(httpContext.Response, Value, "application/json", httpContext.RequestAborted);
    }
}

/// <summary>What tells two answers of one address apart.</summary>
/// <param name="Revision">The registry's revision.</param>
/// <param name="Own">The revision that last wrote the record shown; it comes first, so that <c>If-Match</c> can read it back.</param>
/// <param name="IsComputed">True when the answer depends on the whole registry and on the day.</param>
internal readonly record struct EntityTag(long Revision, long? Own, bool IsComputed)
{
    /// <summary>Puts the tag and the revision on the answer, and makes it a 304 when the client holds it. What is asked in a body has no tag: nothing tells one question from another.</summary>
    public bool IsHeldBy(HttpContext http, string mediaType)
    {
        var response = http.Response;
        Revisions.Say(response, Revision);
        if (HttpMethods.IsPost(http.Request.Method))
        {
            response.Headers.CacheControl = "no-store";
            return false;
        }

        var tag = Text(http, mediaType);
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "no-cache"; // keep it, and ask each time whether it still holds
        if (http.Request.Headers.IfNoneMatch is not { Count: > 0 } held || !Holds(held, tag))
        {
            return false;
        }

        response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static bool Holds(StringValues held, string tag) =>
        EntityTagHeaderValue.TryParseList(held!, out var tags)
        && tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Tag.Equals(tag, StringComparison.Ordinal));

    private string Text(HttpContext http, string mediaType)
    {
        var media = mediaType.AsSpan(mediaType.IndexOf('/', StringComparison.Ordinal) + 1);
        var day = AsOf.Today(http.RequestServices.GetRequiredService<TimeProvider>());
        var language = Language.Current.Tag;
        return (Own, IsComputed) switch
        {
            ({ } own, true) => string.Create(CultureInfo.InvariantCulture, $"\"r{own}.c{Revision}.{day:yyyyMMdd}.{language}.{media}\""),
            (null, _) => string.Create(CultureInfo.InvariantCulture, $"\"c{Revision}.{day:yyyyMMdd}.{language}.{media}\""),
            ({ } own, false) => string.Create(CultureInfo.InvariantCulture, $"\"r{own}.{language}.{media}\""),
        };
    }
}
