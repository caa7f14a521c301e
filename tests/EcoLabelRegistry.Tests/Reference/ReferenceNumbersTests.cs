using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcoLabelRegistry.Tests.Reference;

/// <summary>The numbers that READMEs state of the reference registry, counted in its files.</summary>
public sealed partial class ReferenceNumbersTests
{
    private static readonly string Folder = Path.Combine(Project.Root, "db", "reference");

    public static TheoryData<string, string> Files
    {
        get
        {
            var files = new TheoryData<string, string>();
            foreach (Match row in FileRow().Matches(File.ReadAllText(Path.Combine(Folder, "README.md"))))
            {
                files.Add(row.Groups["file"].Value, row.Groups["holds"].Value);
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_holds_what_its_README_says(string file, string holds) => Assert.Equal(Count(file), holds);

    [Fact]
    public void The_README_names_every_file()
    {
        var named = Files.Select(row => (string)row[0]);
        var files = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Except(["README.md"]);

        Assert.Equal(files.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("real schemes")]
    [InlineData("standards")]
    [InlineData("criteria")]
    [InlineData("agreements")]
    [InlineData("directed grants")]
    [InlineData("purchasing policies")]
    [InlineData("real certificates")]
    public void The_README_of_the_project_states_the_number_of(string what)
    {
        var stated = StatedNumber().Matches(File.ReadAllText(Path.Combine(Project.Root, "README.md")).ReplaceLineEndings(" ")).Where(m => m.Groups["what"].Value == what);

        Assert.Equal(Number(what), int.Parse(Assert.Single(stated).Groups["number"].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_README_beside_the_files_states_the_number_of_real_schemes() =>
        Assert.Contains($" {Number("real schemes")} real schemes,", File.ReadAllText(Path.Combine(Folder, "README.md")), StringComparison.Ordinal);

    private static int Number(string what) => what switch
    {
        "real schemes" => Items("schemes.json").Count(s => (string?)s["kind"] != "criteria-set"),
        "standards" => Items("standards.json").Count,
        "criteria" => Criteria("standards.json"),
        "agreements" => Items("agreements.json").Count,
        "directed grants" => Parts(Items("agreements.json"), "grants").Count,
        "purchasing policies" => Items("policies.json").Count,
        "real certificates" => Items("certificates.json").Count,
        _ => throw new InvalidOperationException($"Nobody counts {what}."),
    };

    private static string Count(string file)
    {
        if (file.EndsWith(".csv", StringComparison.Ordinal))
        {
            return $"{File.ReadLines(Path.Combine(Folder, file)).Count() - 1} rows"; // no cell of these lists goes over a line
        }

        var items = Items(file);
        var kind = Path.GetFileNameWithoutExtension(file);
        return kind switch
        {
            "standards" => $"{items.Count} standards, {Parts(items, "editions").Count} editions, {Criteria(file)} criteria",
            "agreements" => $"{items.Count} agreements, {Parts(items, "grants").Count} grants",
            "policies" => $"{items.Count} policies, {Parts(items, "accepts").Count} lines",
            _ => $"{items.Count} {kind.Replace('-', ' ')}",
        };
    }

    private static int Criteria(string file) => Parts(Parts(Items(file), "editions"), "criteria").Count;

    private static List<JsonObject> Items(string file) => [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!.AsArray().Select(i => i!.AsObject())];

    private static List<JsonObject> Parts(IEnumerable<JsonObject> items, string member) => [.. items.SelectMany(i => i[member]?.AsArray() ?? []).Select(p => p!.AsObject())];

    [GeneratedRegex(@"^\| `(?<file>[a-z0-9/.-]+\.(json|csv))` \| .* \| (?<holds>[^|]+) \|\r?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex FileRow();

    [GeneratedRegex("(?<number>[0-9]+) (?<what>real schemes|standards|criteria|agreements|directed grants|purchasing policies|real certificates)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StatedNumber();
}
