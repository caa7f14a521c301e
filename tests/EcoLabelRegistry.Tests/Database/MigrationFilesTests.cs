using EcoLabelRegistry.Database;

namespace EcoLabelRegistry.Tests.Database;

public sealed class MigrationFilesTests
{
    private static readonly List<string> Files =
        [.. Directory.GetFiles(Path.Combine(Project.Root, "db", "migrations")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_file_is_named_by_its_number_a_verb_and_a_noun() =>
        Assert.All(Files, file => Assert.Matches(@"^\d{4}_[a-z]+_[a-z]+(_[a-z]+)*(\.sqlite|\.postgresql)?\.sql$", file));

    [Fact]
    public void Numbers_have_no_gap_and_none_is_given_twice()
    {
        var names = Files.Select(Name).Distinct(StringComparer.Ordinal).ToList();

        Assert.Equal(Enumerable.Range(1, names.Count).Select(number => $"{number:0000}"), names.Select(name => name[..4]));
    }

    [Fact]
    public void Where_the_engines_differ_there_is_a_file_for_each_and_none_for_both() => Assert.All(Files.GroupBy(Name, StringComparer.Ordinal), files =>
        Assert.Contains(string.Join(' ', files), new[] { files.Key + ".sql", $"{files.Key}.postgresql.sql {files.Key}.sqlite.sql" }));

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public void The_program_carries_every_migration_in_order(Engine engine)
    {
        var migrations = Migrations.For(engine);

        Assert.Equal(Files.Select(Name).Distinct(StringComparer.Ordinal), migrations.Select(m => m.Name));
        Assert.Equal(Enumerable.Range(1, migrations.Count).Select(number => (long)number), migrations.Select(m => m.Number));
    }

    [Fact]
    public void A_migration_has_one_checksum_whatever_the_line_ends_of_its_file() =>
        Assert.All(Migrations.For(Engine.Sqlite), migration => Assert.DoesNotContain("\r", migration.Sql, StringComparison.Ordinal));

    private static string Name(string file) => file.Split('.')[0];
}
