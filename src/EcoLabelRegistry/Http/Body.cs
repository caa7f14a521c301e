using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

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

/// <summary>Says what body an endpoint takes, and in which forms.</summary>
/// <param name="Type">What it is as JSON; null where no form of it is JSON of one shape.</param>
/// <param name="MediaTypes">The forms of a body that is read by its slice itself, as it arrives; null for JSON alone.</param>
/// <param name="AnyCharset">True when the slice judges the character set; otherwise it is UTF-8.</param>
public sealed record BodyMetadata(Type? Type, IReadOnlyList<string>? MediaTypes = null, bool AnyCharset = false)
{
    /// <summary>Refuses a body that says that it is in none of these forms, or in another character set.</summary>
    /// <exception cref="RefusalException">The media type is another, or is missing.</exception>
    public void Demand(HttpRequest request)
    {
        if (MediaTypes is null)
        {
            Json.DemandMediaType(request);
            return;
        }

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
