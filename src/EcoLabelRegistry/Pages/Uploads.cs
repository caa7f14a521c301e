using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Registers;
using MediatR;

namespace EcoLabelRegistry.Pages;

/// <summary>Imports that were begun at a page: once the file is here they go on, whatever becomes of the browser. What came of them is read as of any import.</summary>
public sealed class Uploads(IMediator mediator, IHostApplicationLifetime life, ILogger<Uploads> log)
{
    /// <summary>Begins an import. It ends by itself, or with the service.</summary>
    public Task<ImportRegister.Response> Begin(ImportRegister.Request request)
    {
        var running = Task.Run(() => mediator.Send(request, life.ApplicationStopping));
        _ = NoteAsync(running, request);
        return running;
    }

    // The request that began it may be gone when it fails.
    private async Task NoteAsync(Task running, ImportRegister.Request request)
    {
        try
        {
            await running;
        }
        catch (RefusalException refusal)
        {
            log.LogInformation("Import {Import} of {Scheme} refused, {Code}", request.Import, request.Scheme, Code.Of(refusal.ProblemCode));
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            log.LogInformation("Import {Import} of {Scheme} interrupted: {Cause}", request.Import, request.Scheme, failure.Message);
        }
#pragma warning disable CA1031 // nobody else is left to whom it could be said
        catch (Exception failure)
#pragma warning restore CA1031
        {
            log.LogError(failure, "Import {Import} of {Scheme} failed", request.Import, request.Scheme);
        }
    }
}
