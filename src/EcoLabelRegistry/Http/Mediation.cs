using System.Reflection;
using FluentValidation;
using FluentValidation.Results;
using MediatR;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EcoLabelRegistry.Http;

/// <summary>Finds every handler and validator of an assembly.</summary>
public static class Mediation
{
    /// <summary>Registers the mediator, the handlers and the validators.</summary>
    public static IServiceCollection AddMediation(this IServiceCollection services, Assembly assembly)
    {
        Validation.Configure();
        services.TryAddTransient<ServiceFactory>(provider => provider.GetRequiredService);
        services.TryAddTransient<IMediator, Mediator>();
        services.TryAddEnumerable(ServiceDescriptor.Transient(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>)));
        foreach (var type in assembly.GetTypes().Where(t => t is { IsAbstract: false, IsGenericTypeDefinition: false }))
        {
            foreach (var contract in type.GetInterfaces().Where(i => i.IsGenericType))
            {
                var kind = contract.GetGenericTypeDefinition();
                if (kind == typeof(IRequestHandler<,>))
                {
                    services.AddTransient(contract, type);
                }
                else if (kind == typeof(IValidator<>))
                {
                    services.AddSingleton(contract, type);
                }
            }
        }

        return services;
    }
}

/// <summary>Every request is valid before its handler sees it.</summary>
public sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        List<Fault>? faults = null;
        foreach (var validator in validators)
        {
            foreach (var failure in validator.Validate(request).Errors)
            {
                (faults ??= []).Add(ValidationBehavior.Fault(failure));
            }
        }

        return faults is null ? next() : throw Refusal.Invalid(faults);
    }
}

/// <summary>What a broken rule says.</summary>
public static class ValidationBehavior
{
    /// <summary>The fault, in a text of ours or in the library's.</summary>
    public static Fault Fault(ValidationFailure failure) =>
        new(failure.PropertyName, failure.CustomState as Message ?? new Message("verbatim", failure.ErrorMessage));
}
