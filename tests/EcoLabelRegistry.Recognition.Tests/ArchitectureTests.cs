using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace EcoLabelRegistry.Recognition.Tests;

/// <summary>The engine is pure: others embed it, and the same arguments always give the same answer.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Engine = typeof(RecognitionEngine).Assembly;

    /// <summary>Whatever could read the world, wait for it, or differ from machine to machine.</summary>
    private static readonly string[] ForbiddenTypes =
    [
        "System.IO.", "System.Net.", "System.Data.", "System.Threading.", "System.Diagnostics.Process", "System.Diagnostics.Stopwatch",
        "System.Environment", "System.Random", "System.Console", "System.TimeProvider", "System.TimeZoneInfo",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Globalization.CultureInfo.get_CurrentCulture", "System.Globalization.CultureInfo.get_CurrentUICulture",
    ];

    [Fact]
    public void The_engine_references_only_the_base_library()
    {
        Assert.Empty(Outside(Engine));
        Assert.Contains("EcoLabelRegistry.Recognition", Outside(typeof(ArchitectureTests).Assembly));

        static IEnumerable<string> Outside(Assembly assembly) =>
            assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => !n.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_engine_has_no_input_output_clock_randomness_thread_or_culture()
    {
        Assert.Empty(Forbidden(Engine));

        // The rule sees what breaks it.
        Assert.Contains("System.DateTime.get_UtcNow", Forbidden(typeof(ArchitectureTests).Assembly));
        Assert.Contains("System.IO.Path", Forbidden(typeof(ArchitectureTests).Assembly));
        Assert.NotEqual(default, Impure.Now);
        Assert.NotEmpty(Impure.Folder);
    }

    [Fact]
    public void Everything_that_the_engine_shows_is_immutable()
    {
        Assert.Empty(Mutable(Engine.GetExportedTypes()));
        Assert.Equal(["Impure.Set", "Impure.Changes"], Mutable([typeof(Impure)]));
    }

    [Fact]
    public void The_engine_keeps_no_state_between_questions()
    {
        var kept = Engine.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => !f.IsInitOnly && !f.IsLiteral && !IsWrittenByTheCompiler(f));

        Assert.Empty(kept);
    }

    private static IEnumerable<string> Forbidden(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var types = metadata.TypeReferences.Select(h => Name(metadata, h));
        var members = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(m => m.Parent.Kind == HandleKind.TypeReference)
            .Select(m => $"{Name(metadata, (TypeReferenceHandle)m.Parent)}.{metadata.GetString(m.Name)}");
        return
        [
            .. types.Where(t => ForbiddenTypes.Any(f => t.StartsWith(f, StringComparison.Ordinal))),
            .. members.Where(m => ForbiddenMembers.Contains(m, StringComparer.Ordinal)),
        ];
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private static IEnumerable<string> Mutable(IEnumerable<Type> types)
    {
        const BindingFlags Public = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly;
        return types.SelectMany(type => type.GetProperties(Public)
            .Where(p => p.SetMethod is { IsPublic: true } set && !IsInit(set))
            .Select(p => $"{type.Name}.{p.Name}")
            .Concat(type.GetFields(Public)
                .Where(f => !f.IsInitOnly && !f.IsLiteral && !(type.IsEnum && f.Name == "value__"))
                .Select(f => $"{type.Name}.{f.Name}")));

        static bool IsInit(MethodInfo set) => set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
    }

    /// <summary>Delegates of lambdas that capture nothing are kept by the compiler.</summary>
    private static bool IsWrittenByTheCompiler(FieldInfo field) =>
        field.Name.Contains('<', StringComparison.Ordinal) || field.DeclaringType!.IsDefined(typeof(CompilerGeneratedAttribute));

    /// <summary>Breaks the rules, so that they are seen to fail.</summary>
    private sealed class Impure
    {
#pragma warning disable CA1051, MA0069, CA2211, S1104 // Public mutable state is what it is here for.
        public static int Changes;
#pragma warning restore CA1051, MA0069, CA2211, S1104

        public static DateTime Now => DateTime.UtcNow;

        public static string Folder => Path.GetTempPath();

        public static int Set
        {
            get => Changes;
            set => Changes = value;
        }
    }
}
