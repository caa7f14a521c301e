using System.Globalization;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.CommandLine;

public sealed class BackupRegistryTests(SmallSqliteRegistry app, SqliteDatabases databases) : IClassFixture<SmallSqliteRegistry>, IClassFixture<SqliteDatabases>
{
    private static int _written;

    [Fact]
    public async Task Backups_of_a_registry_that_is_being_written_are_each_of_one_revision()
    {
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await app.RegisterAsync(Certificate(string.Create(CultureInfo.InvariantCulture, $"W-{Interlocked.Increment(ref _written)}"), products: Product("Acme", "Written")));
            }
        });

        for (var i = 0; i < 4; i++)
        {
            var file = databases.NewPath(".db");
            var before = await app.RevisionAsync();
            var called = i == 0 ? await Called.ProgramAsync("backup", file, Called.On(app.Database)) : await Called.WithAsync("backup", file, Called.On(app.Database));
            var after = await app.RevisionAsync();

            Assert.Equal((0, ""), (called.ExitCode, called.Error));
            var copy = $"Data Source={file}";
            var revision = await Databases.ScalarAsync<long>(copy, "select revision from registry");
            Assert.InRange(revision, before, after);
            Assert.Equal($"Backed up to {file}: revision {revision}, head {await Databases.ScalarAsync<string>(copy, "select hash from change order by revision desc limit 1")}.", called.Output);
            Assert.Equal(0, (await Called.WithAsync("verify", Called.On(copy))).ExitCode);
            Assert.Equal(revision, await Databases.ScalarAsync<long>(copy, "select max(recorded_from) from certificate"));
        }

        await enough.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task What_was_redacted_is_not_in_a_backup()
    {
        const string Secret = "Somebody Whose Name Must Go";
        await app.ExecuteAsync("create table gone as select @Secret as name", new { Secret });
        await app.ExecuteAsync("drop table gone");
        var file = databases.NewPath(".db");

        Assert.Equal(0, (await Called.WithAsync("backup", file, Called.On(app.Database))).ExitCode);

        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_its_owner_can_read_a_backup()
    {
        var file = databases.NewPath(".db");
        Assert.Equal(0, (await Called.WithAsync("backup", file, Called.On(app.Database))).ExitCode);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task What_is_there_is_never_overwritten()
    {
        var file = databases.NewPath(".db");
        await File.WriteAllTextAsync(file, "kept");
        foreach (var taken in new[] { file, databases.Folder, app.Database["Data Source=".Length..] })
        {
            Assert.Equal(new Called(1, "", $"{taken} is there already, and nothing is overwritten. Choose another name, or move it away."), await Called.WithAsync("backup", taken, Called.On(app.Database)));
        }

        Assert.Equal("kept", await File.ReadAllTextAsync(file));
        AssertNothingUnfinished();
    }

    [Fact]
    public async Task Without_a_folder_for_it_there_is_no_backup() => Assert.Equal(
        new Called(1, "", $"There is no folder {databases.Folder}/nowhere. Make it first."),
        await Called.WithAsync("backup", Path.Combine(databases.Folder, "nowhere", "b.db"), Called.On(app.Database)));

    [Fact]
    public async Task Without_a_registry_there_is_no_backup()
    {
        var (database, file) = (await databases.NewAsync(), databases.NewPath(".db"));
        Assert.StartsWith("There is no registry at ", (await Called.WithAsync("backup", file, Called.On(database))).Error, StringComparison.Ordinal);
        await Databases.ExecuteAsync(database, "create table customer (name text)");
        Assert.StartsWith("The database is not a registry of this program.", (await Called.WithAsync("backup", file, Called.On(database))).Error, StringComparison.Ordinal);
        Assert.StartsWith("backup copies a registry on SQLite", (await Called.WithAsync("backup", file, Called.On("Host=h"))).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        AssertNothingUnfinished();
    }

    [Fact]
    public async Task A_registry_whose_log_was_changed_by_hand_is_not_backed_up()
    {
        var (first, second) = (databases.NewPath(".db"), databases.NewPath(".db"));
        Assert.Equal(0, (await Called.WithAsync("backup", first, Called.On(app.Database))).ExitCode);
        await Databases.ExecuteAsync($"Data Source={first}", "update change set actor = 'body:bureau' where revision = 5");

        var called = await Called.WithAsync("backup", second, Called.On($"Data Source={first}"));

        Assert.Equal(new Called(1, "", "The change log was changed by hand: revision 5 is not as it was written. Restore a backup."), called);
        Assert.False(File.Exists(second));
        AssertNothingUnfinished();
    }

    [Fact]
    public async Task A_disk_that_is_full_is_told_and_nothing_is_left()
    {
        var file = databases.NewPath(".db");
        var called = await Called.ProgramWithFilesUpToAsync(40, "backup", file, Called.On(app.Database));
        Assert.Equal((1, ""), (called.ExitCode, called.Output));
        Assert.Contains("Check that there is room on the disk.", called.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', called.Error);
        Assert.False(File.Exists(file));
        AssertNothingUnfinished();
    }

    [Fact]
    public async Task A_backup_that_is_killed_is_whole_or_not_there()
    {
        foreach (var milliseconds in new[] { 200, 500, 900, 1500 })
        {
            var file = databases.NewPath(".db");
            await Called.KillAsync(milliseconds, "backup", file, Called.On(app.Database));
            if (File.Exists(file))
            {
                Assert.Equal(0, (await Called.WithAsync("restore", file, Called.On(await databases.NewAsync()))).ExitCode);
            }
        }

        Array.ForEach(Unfinished(), File.Delete);
    }

    private void AssertNothingUnfinished() => Assert.Empty(Unfinished());

    private string[] Unfinished() => Directory.GetFileSystemEntries(databases.Folder, "*unfinished*");
}
