using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EcoLabelRegistry.Http;

/// <summary>The comments of the code, as the compiler writes them beside each assembly: what they say of a type is what integrators read.</summary>
public sealed partial class XmlDocs
{
    private readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> _members = new();

    /// <summary>The summary of a type.</summary>
    public string? Summary(Type type) => Text(Member(type)?.Element("summary"));

    /// <summary>The remarks on a type.</summary>
    public string? Remarks(Type type) => Text(Member(type)?.Element("remarks"));

    /// <summary>The comment on a member of a record: that of the parameter of its constructor, else that of the property.</summary>
    public string? Summary(PropertyInfo property) =>
        Text(Parameter(property.DeclaringType!, property.Name))
        ?? Text(Member(property.DeclaringType!, $"P:{Name(property.DeclaringType!)}.{property.Name}")?.Element("summary"));

    /// <summary>The comment on a member of a closed list.</summary>
    public string? Summary(Type list, string member) => Text(Member(list, $"F:{Name(list)}.{member}")?.Element("summary"));

    /// <summary>The comment on a parameter of a record's constructor.</summary>
    public string? Summary(Type record, ParameterInfo parameter) => Text(Parameter(record, parameter.Name!));

    /// <summary>The example in the comment on a parameter: its attribute <c>example</c>.</summary>
    public string? Example(Type record, ParameterInfo parameter) => (string?)Parameter(record, parameter.Name!)?.Attribute("example");

    // Beside the assembly; one of the base library has none there.
    private static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal)
            : [];
    }

    private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? comment)
    {
        if (comment is null)
        {
            return null;
        }

        var text = string.Concat(comment.Nodes().Select(node => node switch
        {
            XText words => words.Value,
            XElement { Name.LocalName: "see" or "seealso" } see => Reference(see),
            XElement { Name.LocalName: "paramref" } name => $"`{Camel((string)name.Attribute("name")!)}`",
            XElement element => $"`{element.Value}`",
            _ => string.Empty,
        }));
        text = Blanks().Replace(text, " ").Trim();
        return text.Length == 0 ? null : text;
    }

    private static string Reference(XElement see)
    {
        var target = (string?)see.Attribute("cref") ?? string.Empty;
        return $"`{Camel(target[(target.LastIndexOf('.') + 1)..])}`";
    }

    private static string Camel(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();

    // The comment of a positional record stands on its type; the compiler repeats the parameters on the constructor.
    private XElement? Parameter(Type record, string parameter) =>
        Member(record)?.Elements("param").FirstOrDefault(p => (string?)p.Attribute("name") == parameter);

    private XElement? Member(Type type) => Member(type, "T:" + Name(type));

    private XElement? Member(Type type, string id) => _members.GetOrAdd(type.Assembly, Load).GetValueOrDefault(id);
}
