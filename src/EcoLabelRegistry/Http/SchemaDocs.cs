using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace EcoLabelRegistry.Http;

/// <summary>Completes each schema: comments, what must be there, what may be null, the meaning of each code.</summary>
public sealed class SchemaDocs(XmlDocs docs, EndpointDataSource endpoints) : ISchemaFilter
{
    private readonly Lazy<HashSet<Type>> _sent = new(() => Sent(endpoints));

    /// <summary>The schema of a value that is read from text.</summary>
    public static OpenApiSchema Of(ValueShape shape) => new()
    {
        Type = shape.Type switch
        {
            "integer" => JsonSchemaType.Integer,
            "boolean" => JsonSchemaType.Boolean,
            _ => JsonSchemaType.String,
        },
        Format = shape.Format,
        Pattern = shape.Pattern,
        Enum = shape.OneOf is null ? null : [.. shape.OneOf.Select(code => (JsonNode)code)],
        Minimum = shape.Minimum?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Maximum = shape.Maximum?.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>A reference and nothing beside it: the generator repeats the description of the type where it is first used.</summary>
    public static IOpenApiSchema Bare(IOpenApiSchema schema) =>
        schema is OpenApiSchemaReference { Reference: { Id: { } id, HostDocument: var document } } ? new OpenApiSchemaReference(id, document) : schema;

    /// <summary>The schema with an example beside it.</summary>
    public static IOpenApiSchema With(IOpenApiSchema schema, JsonNode example)
    {
        switch (schema)
        {
            case OpenApiSchema own:
                own.Examples = [example];
                break;
            case OpenApiSchemaReference reference:
                reference.Examples = [example];
                break;
        }

        return schema;
    }

    /// <inheritdoc />
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema own)
        {
            return;
        }

        var type = Nullable.GetUnderlyingType(context.Type) ?? context.Type;
        if (context.MemberInfo is null && type.Assembly != typeof(string).Assembly)
        {
            own.Description = type.IsEnum ? Codes(type) : docs.Summary(type);
        }

        if (context.MemberInfo is null && own.Properties is { Count: > 0 } && Json.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } shape)
        {
            Complete(own, shape);
        }
    }

    private void Complete(OpenApiSchema schema, JsonTypeInfo shape)
    {
        schema.Required = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in shape.Properties.Where(p => schema.Properties!.ContainsKey(p.Name)))
        {
            // What is only ever answered has all its members, those without a value as null; what is sent may leave those out.
            if (member.IsRequired || (IsAlwaysWritten(member) && !_sent.Value.Contains(shape.Type)))
            {
                schema.Required.Add(member.Name);
            }

            var nullable = member.IsGetNullable && MayBeNull(member) && (!member.PropertyType.IsValueType || Nullable.GetUnderlyingType(member.PropertyType) is not null);
            var description = member.AttributeProvider is PropertyInfo property ? docs.Summary(property) : null;
            schema.Properties![member.Name] = Complete(schema.Properties[member.Name], nullable, description);
        }
    }

    private static bool IsAlwaysWritten(JsonPropertyInfo member) =>
        member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is not { Length: > 0 };

    // What is left out when it is null is never null; what is left out "by default" belongs to one of several forms of an answer, and may be null in its own.
    private static bool MayBeNull(JsonPropertyInfo member) =>
        IsAlwaysWritten(member)
        || member.AttributeProvider!.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingDefault }];

    // Every type that occurs in a body that a client sends.
    private static HashSet<Type> Sent(EndpointDataSource endpoints)
    {
        var sent = new HashSet<Type>();
        var open = new Stack<Type>(endpoints.Endpoints.SelectMany(e => e.Metadata.OfType<BodyMetadata>()).Select(body => body.Type).OfType<Type>());
        while (open.TryPop(out var type))
        {
            var shape = Json.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
            if (shape.Kind != JsonTypeInfoKind.None && sent.Add(shape.Type))
            {
                foreach (var inner in shape.ElementType is { } element ? [element] : shape.Properties.Select(p => p.PropertyType))
                {
                    open.Push(inner);
                }
            }
        }

        return sent;
    }

    private static IOpenApiSchema Complete(IOpenApiSchema member, bool nullable, string? description)
    {
        if (member is OpenApiSchema own)
        {
            own.Description = description ?? own.Description;
            own.Type = nullable ? own.Type | JsonSchemaType.Null : own.Type & ~JsonSchemaType.Null;
            return own;
        }

        member = Bare(member);
        return nullable ? new OpenApiSchema { OneOf = [member, new OpenApiSchema { Type = JsonSchemaType.Null }], Description = description }
            : description is null ? member
            : new OpenApiSchema { AllOf = [member], Description = description };
    }

    private string? Codes(Type list)
    {
        var text = new StringBuilder(docs.Summary(list));
        foreach (var name in Enum.GetNames(list))
        {
            text.Append("\n- `").Append(System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name)).Append('`');
            if (docs.Summary(list, name) is { } meaning)
            {
                text.Append(": ").Append(meaning);
            }
        }

        return text.ToString();
    }
}
