using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;

namespace EcoLabelRegistry.Http;

/// <summary>The route and query parameters of a request, read into a slice's record: <c>Parameters&lt;Query&gt; parameters</c>.</summary>
/// <remarks>
/// Each parameter of the record's constructor is one of the route, if the route has it, else of the query, under its name in
/// camelCase. A nullable one may be absent. A parameter that the record does not have is refused, as is one given twice, one whose
/// value cannot be read, and text that is not UTF-8.
/// </remarks>
public sealed class Parameters<T> : IBindableFromHttpContext<Parameters<T>>, IEndpointParameterMetadataProvider
    where T : notnull
{
    private static readonly ParameterList List = ParameterList.Of(typeof(T));
    private static readonly Func<object?[], T> Make = Compile();

    private Parameters(T value)
    {
        Value = value;
    }

    /// <summary>The record.</summary>
    public T Value { get; }

    /// <inheritdoc />
    public static ValueTask<Parameters<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Parameters<T>?>(new(Make(List.Read(context.Request))));

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new ParametersMetadata(List));

    private static Func<object?[], T> Compile()
    {
        var values = Expression.Parameter(typeof(object?[]));
        var arguments = List.Constructor.GetParameters()
            .Select((p, i) => Expression.Convert(Expression.ArrayIndex(values, Expression.Constant(i)), p.ParameterType));
        return Expression.Lambda<Func<object?[], T>>(Expression.New(List.Constructor, arguments), values).Compile();
    }
}

/// <summary>Says which parameters an endpoint takes.</summary>
public sealed record ParametersMetadata(ParameterList List);

/// <summary>The parameters of a slice's record, in the order of its constructor.</summary>
public sealed class ParameterList
{
    private readonly FrozenDictionary<string, int> _places;

    private ParameterList(ConstructorInfo constructor)
    {
        Constructor = constructor;
        var nullability = new NullabilityInfoContext();
        All = [.. constructor.GetParameters().Select(p => Parameter.Of(p, nullability))];
        _places = All.Index().Where(p => p.Item.Type != typeof(Paging)).ToFrozenDictionary(p => p.Item.Name, p => p.Index, StringComparer.Ordinal);
        PagingPlace = All.ToList().FindIndex(p => p.Type == typeof(Paging));
    }

    /// <summary>No parameters at all.</summary>
    public static ParameterList None { get; } = Of(typeof(Nothing));

    /// <summary>Makes the record.</summary>
    public ConstructorInfo Constructor { get; }

    /// <summary>Every parameter; <see cref="Paging"/> stands for <c>limit</c> and <c>cursor</c>.</summary>
    public IReadOnlyList<Parameter> All { get; }

    private int PagingPlace { get; }

    /// <summary>The parameters of a record.</summary>
    public static ParameterList Of(Type record) =>
        new(record.GetConstructors().MaxBy(c => c.GetParameters().Length) ?? throw new ArgumentException($"{record} has no public constructor.", nameof(record)));

    /// <summary>Reads a request: one value for each parameter of the constructor.</summary>
    /// <exception cref="RefusalException">The request has a parameter too many, or a value that cannot be read.</exception>
    public object?[] Read(HttpRequest request)
    {
        var texts = new string?[All.Count];
        var route = request.RouteValues;
        string? limit = null;
        string? cursor = null;
        List<string>? unknown = null;
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            var name = QueryText.Decode(pair.EncodedName.Span, pair.EncodedName.ToString());
            if (PagingPlace >= 0 && name is Paging.LimitName or Paging.CursorName)
            {
                Give(ref name == Paging.LimitName ? ref limit : ref cursor, name, pair);
            }
            else if (_places.TryGetValue(name, out var place) && !route.ContainsKey(name))
            {
                Give(ref texts[place], name, pair);
            }
            else
            {
                (unknown ??= []).Add(name);
            }
        }

        if (unknown is not null)
        {
            throw UnknownParameters(unknown, Names(request));
        }

        var values = new object?[All.Count];
        List<Fault>? faults = null;
        for (var place = 0; place < values.Length; place++)
        {
            var parameter = All[place];
            if (place == PagingPlace)
            {
                continue;
            }

            if ((texts[place] ?? route.GetValueOrDefault(parameter.Name) as string) is not { } text)
            {
                values[place] = parameter.Default;
                if (parameter.IsRequired)
                {
                    (faults ??= []).Add(new(parameter.Name, new Message("fault.required")));
                }
            }
            else if (!parameter.Reader(text, out values[place], out var fault))
            {
                (faults ??= []).Add(new(parameter.Name, fault));
            }
        }

        if (PagingPlace >= 0)
        {
            values[PagingPlace] = Paging.Read(limit, cursor, request, ref faults);
        }

        return faults is null ? values : throw Refusal.Invalid(faults);
    }

    /// <summary>400: parameters that do not exist here.</summary>
    public static RefusalException UnknownParameters(IReadOnlyList<string> unknown, IReadOnlyList<string> known)
    {
        Fault[] faults = [.. unknown.Distinct(StringComparer.Ordinal).Select(name => new Fault(name, Unknown(name)))];
        return new(ProblemCode.UnknownParameter, faults[0].Message) { Faults = faults, Suggestions = NearMatches.Of(unknown[0], known) };

        Message Unknown(string name) => NearMatches.Of(name, known) is [var nearest, ..]
            ? new Message("fault.unknown-parameter-near", name, nearest)
            : known.Count == 0 ? new Message("fault.no-parameters", name)
            : new Message("fault.unknown-parameter", name, string.Join(", ", known));
    }

    private sealed record Nothing
    {
        public Nothing()
        {
        }
    }

    private static void Give(ref string? text, string name, QueryStringEnumerable.EncodedNameValuePair pair)
    {
        if (text is not null)
        {
            var fault = new Message("fault.repeated-parameter", name);
            throw new RefusalException(ProblemCode.RepeatedParameter, fault) { Faults = [new(name, fault)] };
        }

        text = QueryText.Decode(pair.EncodedValue.Span, name);
    }

    private List<string> Names(HttpRequest request)
    {
        var names = All.Where(p => p.Type != typeof(Paging) && !request.RouteValues.ContainsKey(p.Name)).Select(p => p.Name).ToList();
        if (PagingPlace >= 0)
        {
            names.AddRange([Paging.LimitName, Paging.CursorName]);
        }

        return names;
    }
}

/// <summary>One parameter of a slice.</summary>
/// <param name="Name">As in the address: camelCase.</param>
/// <param name="Type">Its type, without the question mark of a nullable one.</param>
/// <param name="IsRequired">True when it must be given.</param>
/// <param name="Default">Its value when absent.</param>
/// <param name="Reader">Reads it.</param>
/// <param name="Shape">Describes it.</param>
public sealed record Parameter(string Name, Type Type, bool IsRequired, object? Default, TextReader Reader, ValueShape Shape)
{
    /// <summary>A parameter of a record's constructor.</summary>
    internal static Parameter Of(ParameterInfo parameter, NullabilityInfoContext nullability)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type == typeof(Paging))
        {
            return new(name, type, IsRequired: false, null, null!, null!);
        }

        var (reader, shape) = TextValues.For(type)
            ?? throw new ArgumentException($"{parameter.Member.DeclaringType}: nothing reads a {type} from text.", nameof(parameter));
        var nullable = nullability.Create(parameter).WriteState == NullabilityState.Nullable;
        return new(name, type, !nullable && !parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null, reader, shape);
    }
}
