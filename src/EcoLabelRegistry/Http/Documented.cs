using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;

namespace EcoLabelRegistry.Http;

/// <summary>What a slice adds to its own description; the rest is read from its types and their comments.</summary>
public static class Documented
{
    /// <summary>An answer as a client sees it. A test reads it back as the type that the slice declares.</summary>
    public static TBuilder WithExample<TBuilder>(this TBuilder endpoint, string json)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AnswerExample("application/json", json));

    /// <summary>A body as a client sends it. A test reads it back as the type that the slice declares.</summary>
    public static TBuilder WithBodyExample<TBuilder>(this TBuilder endpoint, string json)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new BodyExample("application/json", json));

    /// <summary>Where nothing new comes about, a POST answers 200 with the same body.</summary>
    public static TBuilder AlsoUpdates<TBuilder, T>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));

    /// <summary>The address itself always exists: a PUT to it answers 200, never 201.</summary>
    public static TBuilder NeverCreates<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Finally(built =>
        {
            foreach (var created in built.Metadata.OfType<IProducesResponseTypeMetadata>().Where(m => m.StatusCode == StatusCodes.Status201Created).ToList())
            {
                built.Metadata.Remove(created);
            }
        });
        return endpoint;
    }

    /// <summary>Another form of the answer, chosen by <c>Accept</c>.</summary>
    public static TBuilder AlsoAnswers<TBuilder>(this TBuilder endpoint, string mediaType, string example)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AnswerExample(mediaType, example));

    /// <summary>Another form of the body, told by <c>Content-Type</c>.</summary>
    public static TBuilder AlsoTakes<TBuilder>(this TBuilder endpoint, string mediaType, string example)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new BodyExample(mediaType, example));

    /// <summary>The forms of the body, told by <c>Content-Type</c>; as JSON it is a <typeparamref name="T"/>. Any other is refused (415).</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, params string[] mediaTypes) =>
        endpoint.WithMetadata(new BodyMetadata(typeof(T), mediaTypes, AnyCharset: true));

    /// <summary>
    /// Optional parameters whose examples make one question together with those that must be given: the pages to try the API out fill
    /// in these. An example of any other stands in its schema, where no page takes it for a value.
    /// </summary>
    public static TBuilder IsTriedWith<TBuilder>(this TBuilder endpoint, params string[] parameters)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new TriedWith(parameters));

    /// <summary>Answers what changes without a revision (<see cref="Reply.Live{T}(T)"/>): it has no <c>ETag</c>, and is never a 304.</summary>
    public static TBuilder IsLive<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new LiveAnswer());

    /// <summary>Why this address refuses a request, beside what every address does.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params ProblemCode[] codes)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new DeclaredRefusals(codes));
}

/// <summary>An example of an answer.</summary>
public sealed record AnswerExample(string MediaType, string Text);

/// <summary>An example of a body.</summary>
public sealed record BodyExample(string MediaType, string Text);

/// <summary>The optional parameters of a first question.</summary>
public sealed record TriedWith(IReadOnlyList<string> Names);

/// <summary>Says that an answer is kept by nobody.</summary>
public sealed record LiveAnswer;

/// <summary>Why an address refuses a request.</summary>
public sealed record DeclaredRefusals(IReadOnlyList<ProblemCode> Codes);

/// <summary>A true example of each problem.</summary>
public static class ProblemExamples
{
    /// <summary>The example as JSON.</summary>
    public static JsonNode Of(ProblemCode code) =>
        System.Text.Json.JsonSerializer.SerializeToNode(
            ProblemDocument.Of(Refused(code), Language.English, "4bf92f3577b34da6a3ce929d0e0e4736"), Json.Options)!;

    private static RefusalException Refused(ProblemCode code) => code switch
    {
        ProblemCode.UnreadableRequest => WithFault(code, "brand", new Message("fault.utf8")),
        ProblemCode.UnreadableBody => new(code, new Message("fault.body-json", 3, 14, 32)),
        ProblemCode.UnknownParameter => ParameterList.UnknownParameters(["recognizedBy"], ["recognisedBy", "gtin", "asOf"]),
        ProblemCode.RepeatedParameter => WithFault(code, "gtin", new Message("fault.repeated-parameter", "gtin")),
        ProblemCode.UnknownMember => WithFault(code, "recognizedBy", new Message("fault.unknown-member-near", "recognizedBy", "recognisedBy")),
        ProblemCode.RepeatedMember => WithFault(code, "gtin", new Message("fault.repeated-member", "gtin")),
        ProblemCode.Invalid => Refusal.Invalid("asOf", new Message("fault.date", "2026-02-30")),
        ProblemCode.InvalidCursor => WithFault(code, "cursor", new Message("fault.cursor")),
        ProblemCode.NotFound => Refusal.NotFound(Thing.Scheme, "cell"),
        ProblemCode.MethodNotAllowed => new(code, new Message("refusal.method-not-allowed", "DELETE", "GET")),
        ProblemCode.NotAcceptable => new(code, new Message("refusal.not-acceptable", "image/png", "application/json, text/csv")),
        ProblemCode.RequestTimeout => new(code, new Message("refusal.request-timeout")),
        ProblemCode.Ambiguous => Refusal.Ambiguous(
            "17133003", [new { scheme = "eco-mark", number = "17 133 003" }, new { scheme = "eco-mark", number = "17-133-003" }]),
        ProblemCode.Unauthorised => Refusal.Unauthorised("refusal.wrong-key"),
        ProblemCode.Forbidden => Refusal.Forbidden("/v1/schemes/geca"),
        ProblemCode.Taken => Refusal.Taken("code", "cel-ecomark-2005"),
        ProblemCode.IdempotencyKeyReused => Refusal.IdempotencyKeyReused("7f4c2d9a"),
        ProblemCode.InProgress => Refusal.InProgress("7f4c2d9a"),
        ProblemCode.KeyAlreadyShown => Refusal.KeyAlreadyShown(),
        ProblemCode.ImportRunning => new(code, new Message("refusal.import-running", "019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a")),
        ProblemCode.TooManyWithdrawals => new(code, new Message("refusal.too-many-withdrawals", 300, 1000, 312, 20)),
        ProblemCode.PreconditionFailed => Refusal.PreconditionFailed(412),
        ProblemCode.PayloadTooLarge => new(code, new Message("refusal.payload-too-large")),
        ProblemCode.UnsupportedMediaType => Refusal.UnsupportedMediaType("text/plain", ["application/json"]),
        ProblemCode.UnknownRecogniser => Refusal.Unknown(Thing.Recogniser, "recognisedBy", "cle", ["cel"]),
        ProblemCode.UnknownScheme => Refusal.Unknown(Thing.Scheme, "scheme", "eco-mrak", ["eco-mark"]),
        ProblemCode.UnknownLabelBody => Refusal.Unknown(Thing.LabelBody, "body", "gecca", ["geca"]),
        ProblemCode.UnknownCategory => Refusal.Unknown(Thing.Category, "category", "it.imagin", ["it.imaging"]),
        ProblemCode.UnknownStandard => Refusal.Unknown(Thing.Standard, "held", "gs-111", ["gs-11"]),
        ProblemCode.UnknownEdition => Refusal.Unknown(Thing.Edition, "heldEdition", "2013", ["2014"]),
        ProblemCode.UnknownAgreement => Refusal.Unknown(Thing.Agreement, "agreement", "cel-ecomark", ["cel-ecomark-2005"]),
        ProblemCode.UnknownPolicy => Refusal.Unknown(Thing.Policy, "policy", "tw-gpp", ["tw-gp"]),
        ProblemCode.UnknownResource => Refusal.UnknownResource("about", "/v1/agreements/cel-ecomark", ["/v1/agreements/cel-ecomark-2005"]),
        ProblemCode.NotYetKnown => Refusal.NotYetKnown(412),
        ProblemCode.InternalError => new(code, new Message("refusal.internal-error")),
        ProblemCode.Unavailable => Refusal.Unavailable(),
        ProblemCode.RevisionNotReached => new(code, new Message("refusal.revision-not-reached", 413, 412)),
        ProblemCode.InvalidSelector => WithFault(code, "model", new Message("fault.brand-and-model")),
        ProblemCode.NotPossible or ProblemCode.TooManyRequests => new(code, new Message(Resources.Texts.Key(code) + ".explanation")),
    };

    private static RefusalException WithFault(ProblemCode code, string member, Message message) => new(code, message) { Faults = [new(member, message)] };
}
