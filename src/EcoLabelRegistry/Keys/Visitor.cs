using System.Reflection;
using EcoLabelRegistry.Changes;
using Microsoft.AspNetCore.Http.Metadata;

namespace EcoLabelRegistry.Keys;

/// <summary>Who sends a request that anybody may send: a caller, if he shows a key.</summary>
/// <param name="Caller">Who, when a key was shown.</param>
/// <param name="Client">Who is counted where something is counted: the caller, else the address.</param>
public sealed record Visitor(Caller? Caller, string Client) : IBindableFromHttpContext<Visitor>, IEndpointParameterMetadataProvider
{
    /// <summary>As the log names him.</summary>
    public Actor Actor => Caller?.Actor ?? Actor.Anyone;

    /// <inheritdoc />
    public static ValueTask<Visitor?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Visitor?>(new(Caller.Of(context), RateLimits.Client(context)));

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new WelcomesKey());
}

/// <summary>Marks an address that answers anybody, and notes who he is or tells him more when he shows a key.</summary>
public sealed class WelcomesKey;
