using System.Data.Common;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Changes;

/// <summary>A request that writes. Whether its actor may is judged before its content is, and again under the write lock.</summary>
public interface IWriteRequest
{
    /// <summary>Who writes.</summary>
    Actor Actor { get; }

    /// <summary>Refuses who may not (403), and an address that names nothing (404).</summary>
    /// <remarks>Whose a thing is, is judged by the record as stored, then by the one written. What is missing or unknown in the latter is judged later.</remarks>
    /// <exception cref="RefusalException">The actor may not, or there is nothing to write to.</exception>
    ValueTask DemandAsync(IRegistryView view);
}

/// <summary>A request that writes, whose owner the records alone tell: nothing is asked of the database for it.</summary>
public interface IOwnedByRecords : IWriteRequest
{
    /// <summary>As <see cref="IWriteRequest.DemandAsync"/>.</summary>
    /// <exception cref="RefusalException">The actor may not, or there is nothing to write to.</exception>
    void Demand(RegistryAt registry);

    ValueTask IWriteRequest.DemandAsync(IRegistryView view)
    {
        Demand(view.Registry);
        return ValueTask.CompletedTask;
    }
}

/// <summary>The registry as a request sees it: while it is read, or under the write lock.</summary>
public interface IRegistryView
{
    /// <summary>The connection; everything asked through it belongs to <see cref="Transaction"/>.</summary>
    DbConnection Db { get; }

    /// <summary>The transaction.</summary>
    DbTransaction Transaction { get; }

    /// <summary>Everything but certificates.</summary>
    RegistryAt Registry { get; }
}

/// <summary>Refuses a write that is not its actor's to make, before a word of its content is judged.</summary>
public sealed class OwnershipBehavior<TRequest, TResponse>(ChangeLog log) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        request is IWriteRequest write ? JudgeAsync(write, next, cancellationToken) : next();

    private async Task<TResponse> JudgeAsync(IWriteRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancel)
    {
        await log.DemandAsync(request, cancel);
        return await next();
    }
}
