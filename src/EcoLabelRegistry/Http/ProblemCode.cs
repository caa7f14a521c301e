namespace EcoLabelRegistry.Http;

/// <summary>Why a request is refused (a closed list). Programs read the code, people the page at <c>/problems/{code}</c>.</summary>
/// <remarks>A "no" to a question is an answer, never a problem.</remarks>
public enum ProblemCode
{
    /// <summary>The request is not HTTP as it should be, or its text is not UTF-8.</summary>
    UnreadableRequest,

    /// <summary>The body is not what its media type says.</summary>
    UnreadableBody,

    /// <summary>A query parameter that does not exist here.</summary>
    UnknownParameter,

    /// <summary>A query parameter given twice.</summary>
    RepeatedParameter,

    /// <summary>A JSON member that does not exist here.</summary>
    UnknownMember,

    /// <summary>A JSON member given twice in one object.</summary>
    RepeatedMember,

    /// <summary>A parameter or member whose value is missing or not allowed.</summary>
    Invalid,

    /// <summary>What is asked about is not selected in exactly one of the ways allowed.</summary>
    InvalidSelector,

    /// <summary>A cursor of another list, or an altered one.</summary>
    InvalidCursor,

    /// <summary>No key, or none that is valid.</summary>
    Unauthorised,

    /// <summary>A valid key, whose owner may not do this.</summary>
    Forbidden,

    /// <summary>The address names nothing.</summary>
    NotFound,

    /// <summary>The address exists, not with this method.</summary>
    MethodNotAllowed,

    /// <summary>None of the media types accepted can be given.</summary>
    NotAcceptable,

    /// <summary>The request took too long to arrive.</summary>
    RequestTimeout,

    /// <summary>Several records fit, and none exactly.</summary>
    Ambiguous,

    /// <summary>Something of this name or number exists already.</summary>
    Taken,

    /// <summary>Not possible in the present state.</summary>
    NotPossible,

    /// <summary>An idempotency key that was used for another request.</summary>
    IdempotencyKeyReused,

    /// <summary>The first request under this idempotency key is still running.</summary>
    InProgress,

    /// <summary>The answer held a secret that is shown only once.</summary>
    KeyAlreadyShown,

    /// <summary>Another import of the same register is running.</summary>
    ImportRunning,

    /// <summary>A full register would withdraw more certificates than it may.</summary>
    TooManyWithdrawals,

    /// <summary>The record has changed since it was read.</summary>
    PreconditionFailed,

    /// <summary>The body is longer than is taken here.</summary>
    PayloadTooLarge,

    /// <summary>The media type is not taken here.</summary>
    UnsupportedMediaType,

    /// <summary>Nobody of this code can be asked to recognise.</summary>
    UnknownRecogniser,

    /// <summary>No scheme of this code or alias.</summary>
    UnknownScheme,

    /// <summary>No label body of this code.</summary>
    UnknownLabelBody,

    /// <summary>No category of this code.</summary>
    UnknownCategory,

    /// <summary>No standard of this id.</summary>
    UnknownStandard,

    /// <summary>No edition of this label in the standard.</summary>
    UnknownEdition,

    /// <summary>No agreement of this code.</summary>
    UnknownAgreement,

    /// <summary>No policy of this code.</summary>
    UnknownPolicy,

    /// <summary>No record of the registry has this address.</summary>
    UnknownResource,

    /// <summary>A revision or an instant that the registry has not reached.</summary>
    NotYetKnown,

    /// <summary>More requests than this client may make.</summary>
    TooManyRequests,

    /// <summary>A defect of the service.</summary>
    InternalError,

    /// <summary>The service cannot answer at the moment.</summary>
    Unavailable,

    /// <summary>This server has not seen the revision asked for yet.</summary>
    RevisionNotReached,
}

/// <summary>What HTTP says beside a code.</summary>
public static class ProblemCodes
{
    /// <summary>The status that goes with the code.</summary>
    public static int Status(this ProblemCode code) => code switch
    {
        ProblemCode.UnreadableRequest or ProblemCode.UnreadableBody
            or ProblemCode.UnknownParameter or ProblemCode.RepeatedParameter
            or ProblemCode.UnknownMember or ProblemCode.RepeatedMember
            or ProblemCode.Invalid or ProblemCode.InvalidSelector or ProblemCode.InvalidCursor => StatusCodes.Status400BadRequest,
        ProblemCode.Unauthorised => StatusCodes.Status401Unauthorized,
        ProblemCode.Forbidden => StatusCodes.Status403Forbidden,
        ProblemCode.NotFound => StatusCodes.Status404NotFound,
        ProblemCode.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        ProblemCode.NotAcceptable => StatusCodes.Status406NotAcceptable,
        ProblemCode.RequestTimeout => StatusCodes.Status408RequestTimeout,
        ProblemCode.Ambiguous or ProblemCode.Taken or ProblemCode.NotPossible
            or ProblemCode.IdempotencyKeyReused or ProblemCode.InProgress or ProblemCode.KeyAlreadyShown
            or ProblemCode.ImportRunning or ProblemCode.TooManyWithdrawals => StatusCodes.Status409Conflict,
        ProblemCode.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ProblemCode.PayloadTooLarge => StatusCodes.Status413PayloadTooLarge,
        ProblemCode.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        ProblemCode.UnknownRecogniser or ProblemCode.UnknownScheme or ProblemCode.UnknownLabelBody
            or ProblemCode.UnknownCategory or ProblemCode.UnknownStandard or ProblemCode.UnknownEdition
            or ProblemCode.UnknownAgreement or ProblemCode.UnknownPolicy or ProblemCode.UnknownResource
            or ProblemCode.NotYetKnown => StatusCodes.Status422UnprocessableEntity,
        ProblemCode.TooManyRequests => StatusCodes.Status429TooManyRequests,
        ProblemCode.InternalError => StatusCodes.Status500InternalServerError,
        ProblemCode.Unavailable or ProblemCode.RevisionNotReached => StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>The code for a status that the framework set by itself, such as the 404 of an address without a route.</summary>
    public static ProblemCode ForStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => ProblemCode.Unauthorised,
        StatusCodes.Status403Forbidden => ProblemCode.Forbidden,
        StatusCodes.Status404NotFound => ProblemCode.NotFound,
        StatusCodes.Status405MethodNotAllowed => ProblemCode.MethodNotAllowed,
        StatusCodes.Status406NotAcceptable => ProblemCode.NotAcceptable,
        StatusCodes.Status408RequestTimeout => ProblemCode.RequestTimeout,
        StatusCodes.Status412PreconditionFailed => ProblemCode.PreconditionFailed,
        StatusCodes.Status413PayloadTooLarge => ProblemCode.PayloadTooLarge,
        StatusCodes.Status415UnsupportedMediaType => ProblemCode.UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => ProblemCode.TooManyRequests,
        StatusCodes.Status503ServiceUnavailable => ProblemCode.Unavailable,
        < StatusCodes.Status500InternalServerError => ProblemCode.UnreadableRequest,
        _ => ProblemCode.InternalError,
    };
}
