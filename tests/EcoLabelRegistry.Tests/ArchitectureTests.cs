using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;
using EcoLabelRegistry.Tests.Http;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EcoLabelRegistry.Tests;

/// <summary>How the house is built. Each rule is applied to something that breaks it as well, so that it is seen to fail.</summary>
[Collection(SqliteReference.Name)]
public sealed partial class ArchitectureTests(SqliteRegistry app)
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Assembly Service = typeof(Program).Assembly;

    /// <summary>Ends of names, and names of rooms, that say nothing of what a thing is. Alone, in a test, the service is the service.</summary>
    private static readonly string[] Banned =
        ["Manager", "Helper", "Helpers", "Service", "Services", "Repository", "Dto", "Common", "Shared", "Util", "Utils", "Utilities", "Impl"];

    private static IEnumerable<Type> Slices => Service.GetTypes().Where(IsSlice);

    private IEnumerable<Endpoint> Endpoints => app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>Those that write are tested by the life of what they write, which takes several of them.</summary>
    [Fact]
    public void Every_slice_that_anybody_may_read_has_tests_in_a_file_of_its_name()
    {
        var reading = Endpoints
            .Where(endpoint => endpoint is RouteEndpoint { RoutePattern.RawText: { } address } && address.StartsWith("/v1/", StringComparison.Ordinal))
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true && endpoint.Metadata.GetMetadata<NeedsKey>() is null)
            .SelectMany(SlicesOf).Where(IsSlice).Distinct().ToList();

        Assert.True(reading.Count > 20);
        Assert.Empty(Untested(reading));
        Assert.Equal(["ListShelves"], Untested([typeof(ListShelves)]));

        static IEnumerable<string> Untested(IEnumerable<Type> slices) => slices
            .Where(slice => !File.Exists(Path.Combine(Project.Root, "tests", "EcoLabelRegistry.Tests", slice.Namespace!.Split('.')[^1], slice.Name + "Tests.cs")))
            .Select(slice => slice.Name);
    }

    [Fact]
    public void Every_slice_is_mapped()
    {
        var mapped = Endpoints.SelectMany(SlicesOf).ToHashSet();

        Assert.DoesNotContain(Slices, slice => !mapped.Contains(slice));
        Assert.DoesNotContain(typeof(ListShelves), mapped);
    }

    /// <summary>What two slices share has a place of its own; a handler that calls another one's would hide a second request in the first.</summary>
    [Fact]
    public void Nobody_uses_the_handler_or_the_rules_of_another_slice()
    {
        Assert.Empty(Service.GetTypes().SelectMany(Foreign));
        Assert.Contains("Meddler uses ListShelves.Handler", Foreign(typeof(Meddler)));

        static IEnumerable<string> Foreign(Type type) => Used(type)
            .Where(used => used is { IsNested: true, Name: "Handler" or "Validator" } && Outermost(used) != Outermost(type))
            .Select(used => $"{type.Name} uses {used.DeclaringType!.Name}.{used.Name}")
            .Distinct(StringComparer.Ordinal);
    }

    [Fact]
    public void Every_request_has_one_handler()
    {
        Assert.Empty(Unhandled(Service.GetTypes()));
        Assert.Equal(["Orphan"], Unhandled([typeof(Orphan)]));

        static IEnumerable<string> Unhandled(IReadOnlyCollection<Type> types)
        {
            var handled = types.SelectMany(type => Closed(type, typeof(IRequestHandler<,>))).CountBy(contract => contract.GetGenericArguments()[0]).ToDictionary();
            return types.Where(type => !type.IsInterface && Closed(type, typeof(IRequest<>)).Any() && handled.GetValueOrDefault(type) != 1).Select(type => type.Name);
        }

        static IEnumerable<Type> Closed(Type type, Type contract) => type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == contract);
    }

    [Fact]
    public void No_name_says_nothing()
    {
        Assert.Empty(SayNothing([.. Service.GetTypes(), .. typeof(RecognitionEngine).Assembly.GetTypes(), .. typeof(Project).Assembly.GetTypes().Where(type => type != typeof(PaintManager))]));
        Assert.Equal(["PaintManager"], SayNothing([typeof(PaintManager)]));

        static IEnumerable<string> SayNothing(IEnumerable<Type> types) => types
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Namespace?.StartsWith(nameof(EcoLabelRegistry), StringComparison.Ordinal) == true)
            .Where(type => Banned.Any(name => type.Name.EndsWith(name, StringComparison.Ordinal) && type.Name != name) || type.Namespace!.Split('.').Intersect(Banned, StringComparer.Ordinal).Any())
            .Select(type => type.Name);
    }

    /// <summary>One without members is no way around a type but a word about it; and how answers are written asks whether one writes itself, whichever it is.</summary>
    [Fact]
    public void No_interface_has_one_implementation()
    {
        Assert.Equal(["IWritesJson"], Lonely(Service.GetTypes()));
        Assert.Equal(["ILonely"], Lonely([typeof(ILonely), typeof(Lonely)]));

        static IEnumerable<string> Lonely(IReadOnlyCollection<Type> types) => types
            .Where(type => type.IsInterface && type.GetMembers().Length > 0 && types.Count(other => other.GetInterfaces().Any(i => (i.IsGenericType ? i.GetGenericTypeDefinition() : i) == type)) < 2)
            .Select(type => type.Name);
    }

    /// <summary>The lists are found where their words are asked for, so that a new one needs no line here.</summary>
    [Fact]
    public void Every_member_of_a_list_that_is_put_into_words_has_them_in_both_languages()
    {
        var lists = Spoken(Service.GetTypes()).Concat([typeof(ProblemCode), typeof(Reason), typeof(Warning), typeof(ConditionCode)]).ToHashSet();

        Assert.Superset(new HashSet<Type> { typeof(Reason), typeof(Warning), typeof(ProblemCode) }, Spoken(Service.GetTypes()).ToHashSet());
        Assert.Empty(Wordless(lists));
        Assert.Equal(["tongue.silent"], Wordless(Spoken([typeof(Mute)])));

        static IEnumerable<Type> Spoken(IEnumerable<Type> types) => types.SelectMany(Members)
            .Where(member => member is MethodInfo { Name: nameof(Texts.Of) or nameof(Texts.Key), IsGenericMethod: true } && member.DeclaringType == typeof(Texts))
            .Select(member => ((MethodInfo)member).GetGenericArguments()[0])
            .Where(list => list.IsEnum);

        static IEnumerable<string> Wordless(IEnumerable<Type> lists) => lists.Distinct()
            .SelectMany(list => Enum.GetNames(list).Select(name =>
                $"{System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(list.Name)}.{System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name)}"))
            .Where(key => !Texts.In(Language.English).ContainsKey(key) || !Texts.In(Language.Chinese).ContainsKey(key));
    }

    [Fact]
    public void Every_room_has_a_README()
    {
        var rooms = Directory.EnumerateDirectories(Path.Combine(Project.Root, "src", "EcoLabelRegistry"))
            .Where(room => Path.GetFileName(room) != "wwwroot") // all in it is served; Pages/README.md tells of it
            .Where(room => Directory.EnumerateFiles(room, "*.cs*").Concat(Directory.EnumerateFiles(room, "*.resx")).Any())
            .Concat(Directory.EnumerateDirectories(Path.Combine(Project.Root, "src")));
        var empty = Directory.CreateTempSubdirectory("registry-room-").FullName;

        Assert.Empty(Without(rooms));
        Assert.Equal([empty], Without([empty]));
        Directory.Delete(empty);

        // The service's own is that of src/, which tells how both projects are built.
        static IEnumerable<string> Without(IEnumerable<string> rooms) =>
            rooms.Where(room => Path.GetFileName(room) != "EcoLabelRegistry" && !File.Exists(Path.Combine(room, "README.md")));
    }

    [Fact]
    public void What_a_README_of_the_code_names_is_there()
    {
        var files = new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Project.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        var texts = new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Project.Root, folder), "README.md", SearchOption.AllDirectories))
            .Append(Path.Combine(Project.Root, "README.md"))
            .Select(File.ReadAllText);

        Assert.Empty(texts.SelectMany(Missing));
        Assert.Equal(["NoSuchThing.cs"], Missing("Read `Http/Problems.cs` and `NoSuchThing.cs`."));

        IEnumerable<string> Missing(string text) => SourceFile().Matches(text).Select(match => match.Value).Where(name => !files.Contains(name));
    }

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+\.cs\b", RegexOptions.None, 1000)]
    private static partial Regex SourceFile();

    private static bool IsSlice(Type type) => type is { IsAbstract: true, IsSealed: true, IsNested: false, IsPublic: true }
        && type.Namespace != typeof(Foundation).Namespace
        && type.GetMethod("Map", [typeof(IEndpointRouteBuilder)]) is not null;

    private static IEnumerable<Type> SlicesOf(Endpoint endpoint) => endpoint.Metadata.OfType<MethodInfo>().Select(method => Outermost(method.DeclaringType!));

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } around)
        {
            type = around;
        }

        return type;
    }

    /// <summary>Every type that stands in the code or in the signatures of a type.</summary>
    private static IEnumerable<Type> Used(Type type) => Members(type)
        .Select(member => member as Type ?? member.DeclaringType)
        .Concat(type.GetFields(Own).Select(field => field.FieldType))
        .Concat(type.GetMethods(Own).SelectMany(method => method.GetParameters()).Concat(type.GetConstructors(Own).SelectMany(make => make.GetParameters())).Select(p => p.ParameterType))
        .OfType<Type>();

    /// <summary>Every member that the code of a type names.</summary>
    private static IEnumerable<MemberInfo> Members(Type type) => type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)).SelectMany(Members);

    private static List<MemberInfo> Members(MethodBase method)
    {
        var members = new List<MemberInfo>();
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var opcode = code[at] == 0xfe ? Opcodes[0xfe00 | code[at + 1]] : Opcodes[code[at]];
            at += opcode.Size;
            if (opcode.OperandType is OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok or OperandType.InlineField)
            {
                members.Add(method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!);
            }

            at += opcode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }

        return members;
    }

    private static readonly Dictionary<int, OpCode> Opcodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(opcode => (int)(ushort)opcode.Value);

#pragma warning disable CA1812 // What follows breaks the rules and is never made.
    private sealed class Meddler
    {
        public object Handler { get; } = new ListShelves.Handler(TimeProvider.System, new Stock());
    }

    private sealed record Orphan : IRequest<int>;

    private sealed class PaintManager;

    private interface ILonely
    {
        int Friends { get; }
    }

    private sealed class Lonely : ILonely
    {
        public int Friends => 0;
    }

    private enum Tongue
    {
        Silent,
    }

    private sealed class Mute
    {
        public string Say { get; } = Texts.Of(Tongue.Silent, Language.English);
    }
#pragma warning restore CA1812
}
