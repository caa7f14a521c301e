using Microsoft.AspNetCore.Http.Metadata;

namespace EcoLabelRegistry.Http;

/// <summary>The answer to a write: 201 with its address where something new came about, else 200; the body carries the resource's <c>revision</c>.</summary>
public sealed class WriteReply<T> : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult, IValueHttpResult<T>
{
    private readonly long _revision;
    private readonly string? _location;

    internal WriteReply(T body, long revision, string? location)
    {
        Value = body;
        _revision = revision;
        _location = location;
    }

    /// <inheritdoc />
    public T? Value { get; }

    /// <inheritdoc />
    public int? StatusCode => _location is null ? StatusCodes.Status200OK : StatusCodes.Status201Created;

    /// <inheritdoc />
    public static void PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder)
    {
        // A PUT makes or replaces; what a POST or DELETE does, its slice knows.
        var methods = builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
        if (!methods.Any(HttpMethods.IsDelete) && !methods.Any(HttpMethods.IsPatch))
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(T), ["application/json"]));
        }

        if (!methods.Any(HttpMethods.IsPost))
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        }
    }

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCode!.Value;
        response.Headers.Location = _location;
        Revisions.SayAtLeast(response, _revision);
        return Json.WriteAsync(response, Value, "application/json", httpContext.RequestAborted);
    }
}
