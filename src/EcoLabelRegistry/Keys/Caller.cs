using System.Reflection;
using EcoLabelRegistry.Changes;
using Microsoft.AspNetCore.Http.Metadata;

namespace EcoLabelRegistry.Keys;

/// <summary>Who sends the request, and what he demands of the record that he writes. An address that takes one needs a key.</summary>
/// <param name="Actor">Who.</param>
public sealed record Caller(Actor Actor) : IBindableFromHttpContext<Caller>, IEndpointParameterMetadataProvider
{
    /// <summary>What <c>If-Match</c> demands; null when it is absent.</summary>
    public Precondition? IfMatch { get; init; }

    /// <summary>Who sent the request; null when nobody has shown a key.</summary>
    public static Caller? Of(HttpContext http) => http.Features.Get<Caller>();

    /// <inheritdoc />
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Caller?>(Of(context)! with { IfMatch = Precondition.Read(context.Request) });

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new NeedsKey());
}

/// <summary>Marks an address that answers only to who shows a key.</summary>
public sealed class NeedsKey;
