using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Recognition;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace EcoLabelRegistry.Http;

/// <summary>Describes each operation from its slice: the comments of its class, the types of its parameters, body and answer.</summary>
public sealed class OperationDocs(XmlDocs docs) : IOperationFilter
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    // What any address may answer, whatever it is asked.
    private static readonly ProblemCode[] Everywhere =
        [ProblemCode.UnreadableRequest, ProblemCode.UnknownParameter, ProblemCode.RepeatedParameter, ProblemCode.Invalid, ProblemCode.TooManyRequests,
         ProblemCode.InternalError, ProblemCode.Unavailable, ProblemCode.RevisionNotReached];

    // What any address with a body may answer beside.
    private static readonly ProblemCode[] WithBody =
        [ProblemCode.UnreadableBody, ProblemCode.UnknownMember, ProblemCode.RepeatedMember, ProblemCode.RequestTimeout, ProblemCode.PayloadTooLarge,
         ProblemCode.UnsupportedMediaType];

    // What any address may answer that answers only to who shows a key, and what it may if it writes.
    private static readonly ProblemCode[] WithKey = [ProblemCode.Unauthorised, ProblemCode.Forbidden];
    private static readonly ProblemCode[] Writing = [ProblemCode.PreconditionFailed];
    private static readonly ProblemCode[] WritingOnce = [ProblemCode.IdempotencyKeyReused, ProblemCode.InProgress];

    private static readonly string[] None = [];

    /// <inheritdoc />
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var slice = Slice(context.MethodInfo);
        operation.OperationId = metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName ?? slice.Name;
        operation.Summary = metadata.OfType<IEndpointSummaryMetadata>().LastOrDefault()?.Summary ?? docs.Summary(slice);
        operation.Description = metadata.OfType<IEndpointDescriptionMetadata>().LastOrDefault()?.Description ?? docs.Remarks(slice) ?? operation.Summary;
        operation.Tags = new HashSet<OpenApiTagReference> { new(Tag(context.ApiDescription), context.Document) };

        var list = metadata.OfType<ParametersMetadata>().LastOrDefault()?.List;
        operation.Parameters = [.. list is null ? [] : Parameters(list, metadata.OfType<TriedWith>().LastOrDefault()?.Names ?? [], context), .. SharedParameters(context)];
        operation.RequestBody = Body(metadata, context);
        operation.Responses = Answers(metadata, context);
        foreach (var status in Codes(metadata, list, context).Distinct().Order().GroupBy(code => code.Status()).OrderBy(group => group.Key))
        {
            operation.Responses[Text(status.Key)] = Problem([.. status], context);
        }

        OpenApiSecurityRequirement key = new() { [new OpenApiSecuritySchemeReference(OpenApi.KeyScheme, context.Document)] = [] };
        operation.Security = NeedsKey(metadata) ? [key] : WelcomesKey(metadata) ? [[], key] : [[]]; // reading needs no key
    }

    /// <summary>The group of an operation: the folder of its slice.</summary>
    public static string Tag(ApiDescription operation)
    {
        var method = operation.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().First();
        var folder = Slice(method).Namespace!.Split('.')[^1];
        return folder == "Http" ? "Operation" : string.Concat(folder.Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
    }

    private static Type Slice(MethodInfo method)
    {
        var type = method.DeclaringType!;
        while (type.DeclaringType is { } outer && type.Name.StartsWith('<'))
        {
            type = outer;
        }

        return type;
    }

    private static IEnumerable<IOpenApiParameter> SharedParameters(OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var needsKey = NeedsKey(metadata);
        string[] shared = !IsContract(context) ? []
            : IsKept(context) ? ["AcceptLanguage", "MinRevision", "IfNoneMatch"]
            : IsRead(context) ? ["AcceptLanguage", "MinRevision"]
            : !needsKey && WelcomesKey(metadata) ? ["AcceptLanguage", "MinRevision", "IdempotencyKey"]
            : !needsKey ? ["AcceptLanguage", "MinRevision"]
            : IsPost(context) ? ["AcceptLanguage", "MinRevision", "IfMatch", "IdempotencyKey"]
            : ["AcceptLanguage", "MinRevision", "IfMatch"];
        return shared.Select(name => new OpenApiParameterReference(name, context.Document));
    }

    private static OpenApiRequestBody? Body(IList<object> metadata, OperationFilterContext context)
    {
        var examples = metadata.OfType<BodyExample>().ToList();
        var type = metadata.OfType<BodyMetadata>().LastOrDefault()?.Type;
        if (type is null && examples.Count == 0)
        {
            return null;
        }

        var content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal);
        if (type is not null)
        {
            content[Json] = new OpenApiMediaType { Schema = Schema(type, context) };
        }

        foreach (var example in examples)
        {
            content[example.MediaType] = Example(content.GetValueOrDefault(example.MediaType), example.MediaType, example.Text);
        }

        return new OpenApiRequestBody { Required = true, Content = content };
    }

    private static OpenApiMediaType Example(IOpenApiMediaType? form, string mediaType, string text) => new()
    {
        Schema = form?.Schema ?? new OpenApiSchema { Type = JsonSchemaType.String },
        Example = mediaType.EndsWith("json", StringComparison.Ordinal) && form is not null ? JsonNode.Parse(text) : text,
    };

    private static OpenApiResponses Answers(IList<object> metadata, OperationFilterContext context)
    {
        var answers = new OpenApiResponses();
        foreach (var answer in metadata.OfType<IProducesResponseTypeMetadata>())
        {
            answers[Text(answer.StatusCode)] = Answer(answer, metadata, context);
        }

        if (answers.Count == 0)
        {
            answers["200"] = Answer(new ProducesResponseTypeMetadata(StatusCodes.Status200OK), metadata, context);
        }

        if (IsKept(context))
        {
            answers["304"] = new OpenApiResponse { Description = "The answer that the client holds still holds.", Headers = Headers(context, Revisions.Header, "ETag") };
        }

        return answers;
    }

    private static IEnumerable<ProblemCode> Codes(IList<object> metadata, ParameterList? list, OperationFilterContext context)
    {
        if (!IsContract(context))
        {
            return metadata.OfType<DeclaredRefusals>().SelectMany(r => r.Codes);
        }

        var types = (list?.All.Select(p => p.Type) ?? [])
            .Concat(metadata.OfType<BodyMetadata>().Select(body => body.Type).OfType<Type>().SelectMany(ParameterTypes))
            .ToHashSet();
        return Everywhere
            .Concat(metadata.OfType<DeclaredRefusals>().SelectMany(r => r.Codes))
            .Concat(context.ApiDescription.RelativePath!.Contains('{', StringComparison.Ordinal) ? [ProblemCode.NotFound] : [])
            .Concat(types.Contains(typeof(Paging)) ? [ProblemCode.InvalidCursor] : [])
            .Concat(types.Contains(typeof(Snapshot.KnownAt)) ? [ProblemCode.NotYetKnown] : [])
            .Concat(NeedsKey(metadata) ? WithKey : [])
            .Concat(NeedsKey(metadata) && !IsRead(context) ? Writing : [])
            .Concat(WelcomesKey(metadata) ? [ProblemCode.Unauthorised] : [])
            .Concat((NeedsKey(metadata) || WelcomesKey(metadata)) && IsPost(context) ? WritingOnce : [])
            .Concat(metadata.OfType<BodyMetadata>().Any() || metadata.OfType<BodyExample>().Any() ? WithBody : []);
    }

    private static IEnumerable<Type> ParameterTypes(Type record) =>
        record.GetProperties().Select(p => Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType);

    private static bool IsContract(OperationFilterContext context) => context.ApiDescription.RelativePath!.StartsWith("v1/", StringComparison.Ordinal);

    private static bool NeedsKey(IList<object> metadata) => metadata.OfType<Keys.NeedsKey>().Any();

    private static bool WelcomesKey(IList<object> metadata) => metadata.OfType<Keys.WelcomesKey>().Any();

    private static bool IsPost(OperationFilterContext context) => HttpMethods.IsPost(context.ApiDescription.HttpMethod!);

    private static bool IsRead(OperationFilterContext context) => IsContract(context) && HttpMethods.IsGet(context.ApiDescription.HttpMethod!);

    private static bool IsKept(OperationFilterContext context) =>
        IsRead(context) && !context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<LiveAnswer>().Any();

    private static OpenApiResponse Answer(IProducesResponseTypeMetadata answer, IList<object> metadata, OperationFilterContext context)
    {
        var content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal);
        if (answer.Type is { } type && type != typeof(void))
        {
            content[Json] = new OpenApiMediaType { Schema = Schema(type, context) };
        }

        foreach (var example in metadata.OfType<AnswerExample>())
        {
            content[example.MediaType] = Example(content.GetValueOrDefault(example.MediaType), example.MediaType, example.Text);
        }

        var isPage = answer.Type is { IsGenericType: true } page && page.GetGenericTypeDefinition() == typeof(Page<>);
        return new OpenApiResponse
        {
            Description = answer.StatusCode switch
            {
                StatusCodes.Status201Created => "Created.",
                StatusCodes.Status503ServiceUnavailable => "The same, when the service cannot answer.",
                _ => "The answer.",
            },
            Headers = Headers(context, [Revisions.Header, "Content-Language", .. IsKept(context) ? ["ETag"] : None, .. isPage ? ["Link"] : None]),
            Content = content,
        };
    }

    private static OpenApiResponse Problem(IReadOnlyList<ProblemCode> codes, OperationFilterContext context)
    {
        var retries = codes[0].Status() is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests;
        return new OpenApiResponse
        {
            Description = string.Join(" · ", codes.Select(code => Resources.Texts.Of(code, Language.English))),
            Headers = Headers(context, [Revisions.Header, "Content-Language", .. retries ? ["Retry-After"] : None]),
            Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
            {
                [ProblemJson] = new OpenApiMediaType
                {
                    Schema = Schema(typeof(ProblemDocument), context),
                    Examples = codes.ToDictionary(
                        Code.Of, IOpenApiExample (code) => new OpenApiExampleReference(Code.Of(code), context.Document), StringComparer.Ordinal),
                },
            },
        };
    }

    private static Dictionary<string, IOpenApiHeader> Headers(OperationFilterContext context, params IEnumerable<string> names) =>
        names.ToDictionary(name => name, IOpenApiHeader (name) => new OpenApiHeaderReference(name, context.Document), StringComparer.Ordinal);

    private static IOpenApiSchema Schema(Type type, OperationFilterContext context) =>
        SchemaDocs.Bare(context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository));

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<IOpenApiParameter> Parameters(ParameterList list, IReadOnlyList<string> tried, OperationFilterContext context)
    {
        var record = list.Constructor.DeclaringType!;
        var inRoute = context.ApiDescription.RelativePath!;
        foreach (var (parameter, own) in list.All.Zip(list.Constructor.GetParameters()))
        {
            if (parameter.Type == typeof(Paging))
            {
                yield return new OpenApiParameterReference("Limit", context.Document);
                yield return new OpenApiParameterReference("Cursor", context.Document);
                continue;
            }

            var isInRoute = inRoute.Contains("{" + parameter.Name + "}", StringComparison.Ordinal);
            var example = (docs.Example(record, own) ?? parameter.Shape.Example ?? parameter.Shape.OneOf?[0]) is not { } text ? null
                : parameter.Shape.Type == "string" ? JsonValue.Create(text)
                : JsonNode.Parse(text);
            var isTried = isInRoute || parameter.IsRequired || tried.Contains(parameter.Name, StringComparer.Ordinal);
            var schema = parameter.Type.IsEnum ? Schema(parameter.Type, context) : SchemaDocs.Of(parameter.Shape);
            yield return new OpenApiParameter
            {
                Name = parameter.Name,
                In = isInRoute ? ParameterLocation.Path : ParameterLocation.Query,
                Required = isInRoute || parameter.IsRequired,
                Description = docs.Summary(record, own),
                Schema = isTried || example is null ? schema : SchemaDocs.With(schema, example),
                Example = isTried ? example : null,
            };
        }
    }
}
