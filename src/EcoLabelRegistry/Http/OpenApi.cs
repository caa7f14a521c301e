using System.Text.Json.Nodes;
using EcoLabelRegistry.Recognition;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace EcoLabelRegistry.Http;

/// <summary>The contract for programs at <c>/openapi/v1.json</c>, and pages to try it out at <c>/swagger</c>.</summary>
public static class OpenApi
{
    /// <summary>The name of the one way of showing who one is.</summary>
    public const string KeyScheme = "key";

    private const string Document = "v1";

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["Agreements"] = "Who recognises whom, on what terms, since when.",
        ["Categories"] = "The registry's own tree of product categories.",
        ["Certificates"] = "What schemes have certified.",
        ["Changes"] = "The log of every write.",
        ["Checks"] = "The main question: is it certified under a label that is recognised?",
        ["Keys"] = "With which label bodies, authorities and the registrar write.",
        ["Label bodies"] = "The organisations behind the schemes.",
        ["Matches"] = "What somebody may have meant, slips and all.",
        ["Network"] = "Schemes and the grants between them as a graph.",
        ["Objections"] = "What anybody holds against a record, and what the body concerned answers.",
        ["Operation"] = "For those who run the service.",
        ["Policies"] = "The labels that purchasing authorities accept.",
        ["Products"] = "What is bought.",
        ["Recognitions"] = "Which labels are accepted by whom, for what, on a date.",
        ["Redactions"] = "The removal of personal data, as the law may demand.",
        ["Registers"] = "Many certificates of one scheme at once, and how far their imports are.",
        ["Schemes"] = "Eco-label programmes.",
        ["Subscriptions"] = "Where changes are delivered as they happen.",
        ["Standards"] = "The criteria of the schemes, and how they compare.",
    };

    /// <summary>Registers what makes the contract out of the slices.</summary>
    public static IServiceCollection AddOpenApi(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(_ => new JsonSerializerDataContractResolver(Json.Options));
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "Eco-label recognition registry",
                Version = Document,
                Description = "Is a product certified under an eco-label that is recognised by another label or by a purchasing policy, for its category, on a date?",
                License = new OpenApiLicense { Name = "Apache-2.0", Url = new Uri("https://www.apache.org/licenses/LICENSE-2.0") },
                Contact = new OpenApiContact { Name = "The operator of this registry" },
            });
            swagger.AddServer(new OpenApiServer { Url = "/", Description = "This server." });
            swagger.AddSecurityDefinition(KeyScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key of a label body, of an authority or of the registrar. Writing needs one, reading none.",
            });
            swagger.CustomSchemaIds(SchemaId);
            swagger.TagActionsBy(operation => [OperationDocs.Tag(operation)]);
            swagger.OrderActionsBy(operation => $"{operation.RelativePath} {operation.HttpMethod}");
            swagger.SupportNonNullableReferenceTypes();
            foreach (var type in new[] { typeof(PartialDate), typeof(AsOf), typeof(Snapshot.KnownAt), typeof(Gtin), typeof(Language), typeof(Keys.KeyExpiry) })
            {
                swagger.MapType(type, () => SchemaDocs.Of(TextValues.For(type)!.Value.Shape));
            }

            var docs = new XmlDocs();
            swagger.SchemaFilter<SchemaDocs>(docs);
            swagger.OperationFilter<OperationDocs>(docs);
            swagger.DocumentFilter<SharedDocs>();
        });
        return services;
    }

    /// <summary>Serves the contract and the pages. All that the pages need comes from here.</summary>
    public static WebApplication UseOpenApi(this WebApplication app)
    {
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase), document => document.UseSwagger(swagger =>
        {
            swagger.RouteTemplate = "openapi/{documentName}.json";
            swagger.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        }));
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal), pages =>
        {
            pages.Use((http, next) =>
            {
                // The package's page sets styles by script and shows pictures that it carries in its style sheet.
                http.Response.Headers.ContentSecurityPolicy =
                    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
                return next(http);
            });
            pages.UseSwaggerUI(ui =>
            {
                ui.DocumentTitle = "Eco-label recognition registry";
                ui.SwaggerEndpoint($"/openapi/{Document}.json", "Version 1");
                ui.ConfigObject.ValidatorUrl = null;
            });
        });
        return app;
    }

    /// <summary>The name of a type in the contract: its slice and its own, <c>CheckProductResponse</c>; of a page, that of its row, <c>ListSchemesRowPage</c>.</summary>
    public static string SchemaId(Type type)
    {
        if (type.IsGenericType)
        {
            return string.Concat(type.GetGenericArguments().Select(SchemaId)) + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        }

        return type.DeclaringType is { } slice ? SchemaId(slice) + type.Name : type.Name;
    }

    /// <summary>What all operations share: headers, the parameters of paging, an example of each problem.</summary>
    internal sealed class SharedDocs : IDocumentFilter
    {
        public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
        {
            var components = swaggerDoc.Components ??= new OpenApiComponents();
            components.Parameters = new Dictionary<string, IOpenApiParameter>(StringComparer.Ordinal)
            {
                ["AcceptLanguage"] = Header("Accept-Language", "Language of the messages that the service itself writes: English or Simplified Chinese.", "string", "zh-Hans"),
                ["MinRevision"] = Header(Revisions.MinHeader, "Least revision of the registry that the reader takes an answer of; 503 when this server has not reached it.", "integer", 412),
                ["IfNoneMatch"] = Header("If-None-Match", "The `ETag` of an answer that the client holds; 304 when it still holds.", "string", "\"c412.20261122.en.json\""),
                ["IfMatch"] = Header("If-Match", "The `revision` that the record's body carried, or the `ETag` of an answer that showed it; 412 when it was written again since.", "string", "\"412\""),
                ["IdempotencyKey"] = Header(Changes.IdempotentWrites.Header, "Makes a repeated request harmless: for 24 hours it is answered as the first one was. Printable ASCII, up to 255.", "string", "7f4c2d9a-5b1e-4c7a-9d2f-3e8b6a1c0d94"),
                ["Limit"] = Query(Paging.LimitName, "Most rows of a page.", new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = $"{Paging.MaxLimit}",
                    Default = Paging.DefaultLimit,
                    Examples = [Paging.DefaultLimit],
                }),
                ["Cursor"] = Query(
                    Paging.CursorName,
                    "Where the page before ended, as its `next` says. Bound to the address and the other parameters.",
                    new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["E3aNgZg3wwDZWyI3NzIiLCIyMDI2LTExLTIyIiwibnNmLXN1c3RhaW4iXQ"] }),
            };
            components.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                [Revisions.Header] = new OpenApiHeader { Description = "The revision of the registry that the answer is of.", Schema = Of("integer"), Example = 412 },
                ["ETag"] = new OpenApiHeader { Description = "Tells this answer from others of the same address.", Schema = Of("string"), Example = "\"c412.20261122.en.json\"" },
                ["Content-Language"] = new OpenApiHeader { Description = "Language of the messages that the service itself writes.", Schema = Of("string"), Example = "en" },
                ["Link"] = new OpenApiHeader { Description = "Address of the next page, while there is one.", Schema = Of("string"), Example = "</v1/schemes?limit=50&cursor=abc>; rel=\"next\"" },
                ["Retry-After"] = new OpenApiHeader { Description = "Seconds after which to try again.", Schema = Of("integer"), Example = 5 },
            };
            var refused = swaggerDoc.Paths.Values
                .SelectMany(path => path.Operations!.Values)
                .SelectMany(operation => operation.Responses!.Values)
                .SelectMany(response => response.Content?.Values.SelectMany(form => form.Examples?.Keys ?? []) ?? [])
                .ToHashSet(StringComparer.Ordinal);
            components.Examples = Enum.GetValues<ProblemCode>().Where(code => refused.Contains(Code.Of(code))).ToDictionary(
                Code.Of,
                IOpenApiExample (code) => new OpenApiExample { Summary = Resources.Texts.Of(code, Language.English), Value = ProblemExamples.Of(code) },
                StringComparer.Ordinal);
            swaggerDoc.Tags = context.ApiDescriptions.Select(OperationDocs.Tag).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => new OpenApiTag { Name = name, Description = Tags.GetValueOrDefault(name) }).ToHashSet();
        }

        private static OpenApiSchema Of(string type) => new() { Type = type == "integer" ? JsonSchemaType.Integer : JsonSchemaType.String };

        private static OpenApiParameter Header(string name, string description, string type, JsonNode example) =>
            new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = SchemaDocs.With(Of(type), example) };

        private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
            new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };
    }
}
