namespace EcoLabelRegistry.Http;

/// <summary>The refusals that slices throw, one line each.</summary>
public static class Refusal
{
    // Rows whose faults stand among the errors too; all that are shown stand in the list of their own.
    private const int RowsNamed = 50;

    /// <summary>404: the address names a record that does not exist.</summary>
    /// <param name="thing">What kind of record.</param>
    /// <param name="code">The code or id given.</param>
    public static RefusalException NotFound(Thing thing, string code) =>
        new(ProblemCode.NotFound, new Message("refusal.not-found", Named(thing), code));

    /// <summary>422: the request names something that does not exist, and what resembles it is offered.</summary>
    /// <param name="thing">What kind of record.</param>
    /// <param name="member">The parameter or member that names it.</param>
    /// <param name="given">The code or id given.</param>
    /// <param name="known">Every code that would do; the nearest are offered.</param>
    public static RefusalException Unknown(Thing thing, string member, string given, IEnumerable<string> known) =>
        UnknownNear(thing, member, given, NearMatches.Of(given, known));

    /// <summary>422: the request names something that does not exist.</summary>
    /// <param name="thing">What kind of record.</param>
    /// <param name="member">The parameter or member that names it.</param>
    /// <param name="given">The code or id given.</param>
    /// <param name="near">Codes that may have been meant, likeliest first.</param>
    public static RefusalException UnknownNear(Thing thing, string member, string given, IReadOnlyList<string> near)
    {
        var detail = near.Count == 0
            ? new Message("refusal.unknown", Named(thing), given)
            : new Message("refusal.unknown-near", Named(thing), given, string.Join(", ", near));
        return new(CodeOf(thing), detail) { Faults = [new(member, detail)], Suggestions = near };
    }

    /// <summary>422: an address names no record of this registry.</summary>
    /// <param name="member">The parameter or member that names it.</param>
    /// <param name="given">The address given.</param>
    /// <param name="near">Addresses that may have been meant, likeliest first.</param>
    public static RefusalException UnknownResource(string member, string given, IReadOnlyList<string> near)
    {
        var detail = near.Count == 0
            ? new Message("refusal.unknown-resource", given)
            : new Message("refusal.unknown-resource-near", given, string.Join(", ", near));
        return new(ProblemCode.UnknownResource, detail) { Faults = [new(member, detail)], Suggestions = near };
    }

    /// <summary>409: several records fit what was asked for, and none exactly.</summary>
    /// <param name="given">The text asked for.</param>
    /// <param name="candidates">The records that fit; each is written as JSON.</param>
    public static RefusalException Ambiguous(string given, IReadOnlyList<object> candidates) =>
        new(ProblemCode.Ambiguous, new Message("refusal.ambiguous", given, candidates.Count)) { Candidates = candidates };

    /// <summary>400: one parameter or member is not as it should be.</summary>
    public static RefusalException Invalid(string member, Message message) =>
        new(ProblemCode.Invalid, new Message("refusal.invalid-member", member, message)) { Faults = [new(member, message)] };

    /// <summary>400: several parameters or members are not as they should be.</summary>
    public static RefusalException Invalid(IReadOnlyList<Fault> faults) => faults.Count == 1
        ? Invalid(faults[0].Member, faults[0].Message)
        : new(ProblemCode.Invalid, new Message("refusal.invalid", string.Join(", ", faults.Select(f => f.Member).Distinct(StringComparer.Ordinal)))) { Faults = faults };

    /// <summary>409: something of this code or number exists already.</summary>
    public static RefusalException Taken(string member, string code)
    {
        var detail = new Message("refusal.taken", code);
        return new(ProblemCode.Taken, detail) { Faults = [new(member, detail)] };
    }

    /// <summary>409: the name means another record already, by some spelling of it.</summary>
    /// <param name="member">The member that names.</param>
    /// <param name="name">The name given.</param>
    /// <param name="by">The address of the record that it means.</param>
    public static RefusalException Taken(string member, string name, string by)
    {
        var detail = new Message("refusal.taken-by", name, by);
        return new(ProblemCode.Taken, detail) { Faults = [new(member, detail)] };
    }

    /// <summary>409: not possible as the registry stands.</summary>
    public static RefusalException NotPossible(string member, Message message) =>
        new(ProblemCode.NotPossible, message) { Faults = [new(member, message)] };

    /// <summary>412: the record has changed since the client read it, or does not exist.</summary>
    /// <param name="revision">The revision that last wrote it; null while it does not exist.</param>
    public static RefusalException PreconditionFailed(long? revision) => new(
        ProblemCode.PreconditionFailed,
        revision is null ? new Message("refusal.precondition-failed-none") : new Message("refusal.precondition-failed", revision));

    /// <summary>401: no key, or none that is valid.</summary>
    /// <param name="text">Key of the text that says which.</param>
    public static RefusalException Unauthorised(string text) => new(ProblemCode.Unauthorised, new Message(text));

    /// <summary>403: the caller may not write this.</summary>
    /// <param name="address">What he wanted to write.</param>
    public static RefusalException Forbidden(string address) => new(ProblemCode.Forbidden, new Message("refusal.forbidden", address));

    /// <summary>409: the idempotency key was used for another request.</summary>
    public static RefusalException IdempotencyKeyReused(string key) => new(ProblemCode.IdempotencyKeyReused, new Message("refusal.idempotency-key-reused", key));

    /// <summary>409: the first request under the key is still running.</summary>
    public static RefusalException InProgress(string key) =>
        new(ProblemCode.InProgress, new Message("refusal.in-progress", key)) { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>409: the request is a repeated one whose answer held a secret.</summary>
    public static RefusalException KeyAlreadyShown() => new(ProblemCode.KeyAlreadyShown, new Message("refusal.key-already-shown"));

    /// <summary>400 or 422: a list has rows that cannot be taken, and nothing was changed.</summary>
    /// <param name="gravest">The code of what stops a client soonest.</param>
    /// <param name="received">Rows received.</param>
    /// <param name="refused">How many of them cannot be taken.</param>
    /// <param name="first">The first of these.</param>
    public static RefusalException OfRows(ProblemCode gravest, long received, long refused, IReadOnlyList<RejectedRow> first) =>
        new(gravest, new Message("refusal.rows", refused, received, first[0].Line, first[0].Message))
        {
            Faults = [.. first.Take(RowsNamed).SelectMany(row =>
                row.Errors?.SelectMany(e => e.Value.Select(text => new Fault($"lines[{row.Line}].{e.Key}", new Message("verbatim", text))))
                ?? [new Fault($"lines[{row.Line}]", new Message("verbatim", row.Message))])],
            Rejected = first,
            RejectedTotal = refused,
        };

    /// <summary>415: the media type is not taken here.</summary>
    public static RefusalException UnsupportedMediaType(string? given, IReadOnlyList<string> taken) => new(
        ProblemCode.UnsupportedMediaType,
        new Message(given is null ? "refusal.no-media-type" : "refusal.unsupported-media-type", string.Join(", ", taken), given));

    /// <summary>422: the moment asked for lies in the future.</summary>
    /// <param name="revision">The newest revision.</param>
    public static RefusalException NotYetKnown(long revision)
    {
        var detail = new Message("refusal.not-yet-known", revision);
        return new(ProblemCode.NotYetKnown, detail) { Faults = [new("knownAt", detail)] };
    }

    /// <summary>503: this server has not seen a revision yet. Servers on one database see each other's writes within a second.</summary>
    /// <param name="asked">The revision asked for.</param>
    /// <param name="current">The newest that it knows.</param>
    public static RefusalException NotReached(long asked, long current) =>
        new(ProblemCode.RevisionNotReached, new Message("refusal.revision-not-reached", asked, current)) { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>503: what is needed for an answer cannot be reached at the moment.</summary>
    public static RefusalException Unavailable() =>
        new(ProblemCode.Unavailable, new Message("refusal.unavailable")) { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>413: the body is longer than is taken.</summary>
    public static RefusalException PayloadTooLarge() => new(ProblemCode.PayloadTooLarge, new Message("refusal.payload-too-large"));

    /// <summary>408: the client sent nothing for too long.</summary>
    public static RefusalException RequestTimeout() => new(ProblemCode.RequestTimeout, new Message("refusal.request-timeout"));

    private static Message Named(Thing thing) => new(Resources.Texts.Key(thing));

    private static ProblemCode CodeOf(Thing thing) => thing switch
    {
        Thing.Recogniser => ProblemCode.UnknownRecogniser,
        Thing.Scheme => ProblemCode.UnknownScheme,
        Thing.LabelBody => ProblemCode.UnknownLabelBody,
        Thing.Category => ProblemCode.UnknownCategory,
        Thing.Standard => ProblemCode.UnknownStandard,
        Thing.Edition => ProblemCode.UnknownEdition,
        Thing.Agreement => ProblemCode.UnknownAgreement,
        Thing.Policy => ProblemCode.UnknownPolicy,
        Thing.Certificate or Thing.Product or Thing.Change or Thing.Problem or Thing.ApiKey or Thing.Import or Thing.Subscription or Thing.Delivery
            or Thing.Objection =>
            throw new ArgumentOutOfRangeException(nameof(thing), thing, "Asked for in a question, a missing one is an answer, not a refusal."),
    };
}

/// <summary>What an address or a code can name.</summary>
public enum Thing
{
    /// <summary>Whoever can be asked to recognise: a scheme, a policy, a label body.</summary>
    Recogniser,

    /// <summary>A scheme.</summary>
    Scheme,

    /// <summary>A label body.</summary>
    LabelBody,

    /// <summary>A category.</summary>
    Category,

    /// <summary>A standard.</summary>
    Standard,

    /// <summary>An edition of a standard.</summary>
    Edition,

    /// <summary>An agreement.</summary>
    Agreement,

    /// <summary>A purchasing policy.</summary>
    Policy,

    /// <summary>A certificate.</summary>
    Certificate,

    /// <summary>A product.</summary>
    Product,

    /// <summary>An entry of the change log.</summary>
    Change,

    /// <summary>A problem of the closed list.</summary>
    Problem,

    /// <summary>A key of a label body or an authority.</summary>
    ApiKey,

    /// <summary>An import of a register.</summary>
    Import,

    /// <summary>Who is told of changes, and where.</summary>
    Subscription,

    /// <summary>An entry of the change log on its way to a subscriber.</summary>
    Delivery,

    /// <summary>What somebody holds against a record.</summary>
    Objection,
}
