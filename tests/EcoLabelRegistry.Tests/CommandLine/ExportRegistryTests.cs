using System.Text.Json;

namespace EcoLabelRegistry.Tests.CommandLine;

public sealed class SqliteExportRegistry(SmallSqliteRegistry app, SqliteDatabases databases) : ExportRegistryTests(app, databases), IClassFixture<SmallSqliteRegistry>, IClassFixture<SqliteDatabases>;

public sealed class PostgreSqlExportRegistry(SmallPostgreSqlRegistry app, PostgreSqlDatabases databases) : ExportRegistryTests(app, databases), IClassFixture<SmallPostgreSqlRegistry>, IClassFixture<PostgreSqlDatabases>;

public abstract class ExportRegistryTests(RegistryApp app, Databases databases)
{
    [Fact]
    public async Task An_export_lists_its_files_with_their_rows_and_says_the_same_each_time()
    {
        var (first, second) = (databases.NewPath(), databases.NewPath());
        Directory.CreateDirectory(second); // an empty folder is as good as none
        var head = await app.ScalarAsync<string>("select hash from change where revision = 9");

        var called = await Called.ProgramAsync("export", first, Called.On(app.Database));
        Assert.Equal(0, (await Called.WithAsync("export", second + "/", Called.On(app.Database))).ExitCode);

        var manifest = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(first, "manifest.json")));
        Assert.Equal("ecolabel-registry-export", manifest.Text("format"));
        Assert.Equal(9, manifest.GetProperty("revision").GetInt64());
        Assert.Equal(head, manifest.Text("head"));
        var rows = 0L;
        foreach (var table in manifest.GetProperty("tables").EnumerateArray())
        {
            var count = await app.ScalarAsync<long>("select count(*) from " + table.Text("table"));
            Assert.Equal(count, table.GetProperty("rows").GetInt64());
            Assert.Equal(count, File.ReadLines(Path.Combine(first, table.Text("table") + ".ndjson")).Count());
            rows += count;
        }

        Assert.True(rows > 20);
        Assert.Equal(new Called(0, $"Exported to {first}: {rows} rows, revision 9, head {head}.", ""), called);
        await AssertSameFilesAsync(first, second);
        AssertNothingUnfinished();
    }

    [Fact]
    public async Task A_row_is_a_JSON_object_with_its_columns_and_a_check()
    {
        var folder = databases.NewPath();
        Assert.Equal(0, (await Called.WithAsync("export", folder, Called.On(app.Database))).ExitCode);

        var entry = JsonElement.Parse(File.ReadLines(Path.Combine(folder, "change.ndjson")).ElementAt(7));

        Assert.Equal(["revision", "at", "actor", "type", "subject", "data", "salts", "digest", "previous_hash", "hash", "check"], entry.EnumerateObject().Select(m => m.Name));
        Assert.Equal(8, entry.GetProperty("revision").GetInt64());
        Assert.Equal(await app.ScalarAsync<string>("select data from change where revision = 8"), entry.Text("data"));
        Assert.Matches("^[0-9a-f]{16}$", entry.Text("check")!);
        Assert.Contains("漆", File.ReadLines(Path.Combine(folder, "product_line.ndjson")).First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_is_never_overwritten()
    {
        var (full, file) = (databases.NewPath(), databases.NewPath());
        Directory.CreateDirectory(full);
        await File.WriteAllTextAsync(Path.Combine(full, "other"), "kept");
        await File.WriteAllTextAsync(file, "kept");
        foreach (var taken in new[] { full, file })
        {
            Assert.Equal(new Called(1, "", $"{taken} is there already, and nothing is overwritten. Choose another name, or move it away."), await Called.WithAsync("export", taken, Called.On(app.Database)));
        }

        Assert.Equal(["other"], Directory.GetFileSystemEntries(full).Select(Path.GetFileName));
        AssertNothingUnfinished();
    }

    [Fact]
    public async Task Where_nothing_can_be_written_that_is_told()
    {
        var file = databases.NewPath();
        await File.WriteAllTextAsync(file, "no folder");
        Assert.Equal(new Called(1, "", $"There is no folder {file}. Make it first."), await Called.WithAsync("export", Path.Combine(file, "export"), Called.On(app.Database)));
        if (OperatingSystem.IsLinux())
        {
            Assert.StartsWith("A file cannot be read or written: ", (await Called.WithAsync("export", "/proc/export", Called.On(app.Database))).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_registry_whose_log_was_changed_by_hand_is_not_exported()
    {
        var folder = databases.NewPath();
        await app.ExecuteAsync("update change set subject = subject || '0' where revision = 4");
        var called = await Called.WithAsync("export", folder, Called.On(app.Database));
        await app.ExecuteAsync("update change set subject = substr(subject, 1, length(subject) - 1) where revision = 4");

        Assert.Equal(new Called(1, "", "The change log was changed by hand: revision 4 is not as it was written. Restore a backup."), called);
        Assert.False(Directory.Exists(folder));
        AssertNothingUnfinished();
    }

    internal static async Task AssertSameFilesAsync(string expected, string actual)
    {
        var names = Directory.GetFiles(expected).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        Assert.True(names.Count > 5);
        Assert.Equal(names, Directory.GetFiles(actual).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            var wanted = await File.ReadAllBytesAsync(Path.Combine(expected, name!));
            var bytes = await File.ReadAllBytesAsync(Path.Combine(actual, name!));
            Assert.True(bytes.AsSpan().SequenceEqual(wanted), $"{name} differs.");
        }
    }

    private void AssertNothingUnfinished() => Assert.Empty(Directory.GetFileSystemEntries(databases.Folder, "*unfinished*"));
}
