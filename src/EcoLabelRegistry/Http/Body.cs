using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace EcoLabelRegistry.Http;

/// <summary>The JSON body of a request, read into a slice's record: <c>Body&lt;Request&gt; body</c>.</summary>
/// <remarks>
/// Read by <see cref="Json"/>, so that faults are named by member. The media type is judged by <see cref="Foundation"/> and not by
/// routing: a missing key is said before a wrong media type, and that before a wrong parameter.
/// </remarks>
public sealed class Body<T> : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : notnull
{
    private Body(T value)
    {
        Value = value;
    }

    /// <summary>The record.</summary>
    public T Value { get; }

    /// <inheritdoc />
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(await Json.ReadAsync<T>(context.Request, context.RequestAborted));

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new BodyMetadata(typeof(T)));
}

/// <summary>Says what body an endpoint takes.</summary>
public sealed record BodyMetadata(Type Type);
