using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using MediatR;

namespace EcoLabelRegistry.Registers;

/// <summary>Enters the whole register of a scheme: what it omits is withdrawn.</summary>
/// <remarks>
/// A certificate that is valid, suspended or not yet begun and that the register omits is withdrawn from that day (<c>no-longer-listed</c>); one that has
/// expired is left alone. One that is listed again is reinstated; a suspension goes on. At most <c>maxWithdraw</c> per cent of the valid certificates are
/// withdrawn; a register that would withdraw more is refused whole, so that a truncated one wipes nothing. Repeating a register changes nothing.
///
/// The body is a certificate a line, in JSON (<c>application/x-ndjson</c>) or as CSV (<c>text/csv</c>: comma, semicolon or tab; a header), in UTF-8 with or
/// without a byte order mark, of any length. Columns of CSV, in any order, blank cells being absent: <c>number</c> or <c>key</c>, <c>scheme</c>, <c>holder</c>, <c>standard</c>,
/// <c>edition</c>, <c>tier</c>, <c>validFrom</c>, <c>validUntil</c>, <c>confirmedOn</c>, <c>lastAudit</c>, <c>issuedBy</c>, <c>otherNumbers</c>, <c>territories</c> (<c>*</c> is everywhere), <c>siteCountries</c>,
/// <c>notes</c>, <c>sample</c>; of its product line <c>brand</c>, <c>model</c>, <c>gtins</c>, <c>category</c>, <c>from</c>, <c>until</c>, <c>name.en</c>, <c>name.zh</c> and other languages; of an event <c>event</c>, <c>eventEffective</c>,
/// <c>eventReason</c>. Rows of one number are lines of one certificate, wherever they stand; what they say of the certificate must agree. Several numbers, territories or
/// countries in a cell are parted by semicolons, several GTINs by semicolons, commas, slashes or blanks.
///
/// Limits: a line of 4 MiB, 200 columns, 10,000 product lines and 4 MiB for one certificate; unless set up otherwise, 30 seconds without a byte.
///
/// Either all rows are taken or none, unless <c>onError=skip</c>: then the good ones are. A certificate whose row is rejected is not withdrawn; while a
/// rejected line does not tell which certificate it is of, none is (<c>withheld</c>). One import of a scheme runs at a time; how far it is, is
/// shown at <c>/v1/imports?scheme=</c> from its start. The log has one entry for it, and its rows at <c>/v1/changes/{revision}/items</c>.
/// </remarks>
public static class ReplaceRegister
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/schemes/{code}/register", HandleAsync)
        .TakesRegister()
        .Refuses(ProblemCode.TooManyWithdrawals);

    private static async Task<WriteReply<ImportRegister.Response>> HandleAsync(
        Parameters<Address> address, HttpRequest http, Caller caller, IMediator mediator, RegistryOptions settings, CancellationToken cancel)
    {
        var (code, onError, maxWithdraw) = address.Value;
        var imported = await mediator.Send(
            new ImportRegister.Request(code, RegisterBody.Rows(http, settings), ImportKind.Full, onError, maxWithdraw, null, caller.Actor, caller.IfMatch), cancel);
        return Reply.Wrote(imported, imported.Revision);
    }

    /// <param name="Code" example="eco-mark">Code of the scheme.</param>
    /// <param name="OnError" example="skip">What becomes of the register when rows cannot be taken: it is refused, or the others are taken.</param>
    /// <param name="MaxWithdraw" example="20">Most of the valid certificates that may be withdrawn, in per cent, from 0 to 100.</param>
    public sealed record Address(string Code, OnError OnError = OnError.Refuse, int MaxWithdraw = ImportRegister.DefaultMaxWithdraw);
}
