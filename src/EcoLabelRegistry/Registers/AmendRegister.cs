using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using MediatR;

namespace EcoLabelRegistry.Registers;

/// <summary>Enters what is new in the register of a scheme or has changed: what it omits stays as it is.</summary>
/// <remarks>Forms, columns, limits and the answer are those of the whole register (<c>PUT</c>); nothing is withdrawn. One that was no longer listed and is named again is reinstated.</remarks>
public static class AmendRegister
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/schemes/{code}/register", HandleAsync)
        .TakesRegister();

    private static async Task<WriteReply<ImportRegister.Response>> HandleAsync(
        Parameters<Address> address, HttpRequest http, Caller caller, IMediator mediator, RegistryOptions settings, CancellationToken cancel)
    {
        var (code, onError) = address.Value;
        var imported = await mediator.Send(
            new ImportRegister.Request(code, RegisterBody.Rows(http, settings), ImportKind.Delta, onError, ImportRegister.DefaultMaxWithdraw, null, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(imported, imported.Revision);
    }

    /// <param name="Code" example="eco-mark">Code of the scheme.</param>
    /// <param name="OnError" example="skip">What becomes of the rows when some cannot be taken: all are refused, or the others are taken.</param>
    public sealed record Address(string Code, OnError OnError = OnError.Refuse);
}
