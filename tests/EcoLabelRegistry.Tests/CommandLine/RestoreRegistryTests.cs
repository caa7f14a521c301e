using Dapper;
using EcoLabelRegistry.Database;
using Microsoft.Data.Sqlite;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.CommandLine;

public sealed class RestoreRegistryTests(SmallSqliteRegistry app, SqliteDatabases databases) : IClassFixture<SmallSqliteRegistry>, IClassFixture<SqliteDatabases>
{
    private const int Seed = 20261125;

    [Fact]
    public async Task A_backup_brings_back_the_registry_as_it_was_and_what_came_later_is_gone()
    {
        var (first, second, database) = (databases.NewPath(".db"), databases.NewPath(".db"), await databases.NewAsync());
        Assert.Equal(0, (await Called.WithAsync("backup", first, Called.On(app.Database))).ExitCode);
        var revision = await Databases.ScalarAsync<long>($"Data Source={first}", "select revision from registry");

        Assert.StartsWith($"Restored to {SqliteDatabases.FileOf(database)}: revision {revision}, head ", (await Called.ProgramAsync("restore", first, Called.On(database))).Output, StringComparison.Ordinal);
        await ServiceOn.WhileAsync(database, async later =>
        {
            await later.RegisterAsync(Certificate("LATER", products: Product("Acme", "Later")));
            Assert.Equal(revision + 1, await later.RevisionAsync());
            Assert.Equal(0, (await Called.WithAsync("backup", second, Called.On(database))).ExitCode);
        });

        var before = await File.ReadAllBytesAsync(SqliteDatabases.FileOf(database));
        var refused = await Called.WithAsync("restore", first, Called.On(database));
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("is a registry that is not empty (table change has rows). Back it up, then add --replace to replace it.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(SqliteDatabases.FileOf(database)));

        Assert.Equal(0, (await Called.WithAsync("restore", first, "--replace", Called.On(database))).ExitCode);
        await ServiceOn.WhileAsync(database, async again =>
        {
            Assert.Equal(revision, await again.RevisionAsync());
            Assert.Equal("unknown", (await again.GetAsync("/v1/check?recognisedBy=alpha&brand=Acme&model=Later")).Text("outcome"));
            await again.RegisterAsync(Certificate("OTHER"));
        });

        Assert.Equal(0, (await Called.WithAsync("restore", second, "--replace", Called.On(database))).ExitCode);
        Assert.Equal(0, (await Called.WithAsync("verify", Called.On(database))).ExitCode);
        Assert.Equal(0, await Databases.ScalarAsync<long>(database, "select count(*) from certificate where find_number = 'other'"));
    }

    [Fact]
    public async Task A_registry_without_a_revision_is_replaced_unasked_and_a_folder_that_is_not_there_is_made()
    {
        var backup = await BackupAsync();
        var nowhere = $"Data Source={Path.Combine(databases.NewPath(), "new", "registry.db")}";
        Assert.Equal(0, (await Called.WithAsync("restore", backup, Called.On(nowhere))).ExitCode);

        var empty = await databases.NewAsync();
        await ServiceOn.WhileAsync(empty, _ => Task.CompletedTask);

        Assert.Equal(0, (await Called.WithAsync("restore", backup, Called.On(empty))).ExitCode);
        Assert.True(await Databases.ScalarAsync<long>(empty, "select revision from registry") > 0);
    }

    [Fact]
    public async Task While_a_service_has_the_registry_open_it_is_not_replaced_even_if_nobody_asks_it_anything()
    {
        var backup = await BackupAsync();
        var before = await app.RevisionAsync();
        SqliteConnection.ClearAllPools(); // as after some minutes without a request

        var called = await Called.ProgramAsync("restore", backup, "--replace", Called.On(app.Database));

        Assert.Equal((1, ""), (called.ExitCode, called.Output));
        Assert.EndsWith("is in use. Stop the service and whatever else has it open, then restore.", called.Error, StringComparison.Ordinal);
        Assert.Equal(before, await app.RevisionAsync());
    }

    [Fact]
    public async Task While_another_program_has_the_registry_open_it_is_not_replaced()
    {
        var (backup, database) = (await BackupAsync(), await databases.NewAsync());
        Assert.Equal(0, (await Called.WithAsync("restore", backup, Called.On(database))).ExitCode);
        await using (var db = new SqliteConnection(database + ";Pooling=false"))
        {
            await db.OpenAsync();
            await db.ExecuteAsync("pragma journal_mode = wal; select count(*) from change");
            Assert.EndsWith("is in use. Stop the service and whatever else has it open, then restore.", (await Called.WithAsync("restore", backup, "--replace", Called.On(database))).Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await Called.WithAsync("restore", backup, "--replace", Called.On(database))).ExitCode);
    }

    [Fact]
    public async Task A_service_does_not_start_while_its_registry_is_being_replaced()
    {
        var database = await databases.NewAsync();
        using (RegistryFile.HoldAlone(SqliteDatabases.FileOf(database)))
        {
            var called = await Called.ProgramAsync("--urls", "http://127.0.0.1:0", Called.On(database));
            Assert.Equal(new Called(1, "", $"The registry {SqliteDatabases.FileOf(database)} is being replaced at this moment. Start again when that is done."), called);
        }
    }

    [Fact]
    public async Task One_changed_byte_anywhere_is_damage()
    {
        var backup = await BackupAsync();
        var bytes = await File.ReadAllBytesAsync(backup);
        var sealedPart = bytes.Length - 100; // the line at the end has some words before its hash, which are nobody's data
        var random = new Random(Seed);
        foreach (var place in Enumerable.Range(0, 40).Select(_ => random.Next(sealedPart)).Append(bytes.Length - 10))
        {
            var changed = bytes.ToArray();
            changed[place] ^= (byte)(1 << random.Next(8));
            await AssertRefusedAsync(changed, $"byte {place}");
        }
    }

    [Fact]
    public async Task A_backup_that_is_cut_off_is_damaged()
    {
        var bytes = await File.ReadAllBytesAsync(await BackupAsync());
        foreach (var length in new[] { 1, 15, 100, 4096, 5000, bytes.Length / 2, bytes.Length - 4096, bytes.Length - 200, bytes.Length - 100 })
        {
            await AssertRefusedAsync(bytes[..length], $"{length} bytes");
        }
    }

    [Theory]
    [InlineData("", "holds no registry of this program. The registry was left as it is.")]
    [InlineData("text that is no database, and long enough to be read as the header of one, which has a hundred bytes to fill", "is damaged, or no backup of a registry.")]
    [InlineData("create table customer (name text)", "holds no registry of this program. The registry was left as it is.")]
    public async Task What_is_no_backup_of_a_registry_is_refused(string content, string line)
    {
        var file = databases.NewPath(".db");
        if (content.StartsWith("create", StringComparison.Ordinal))
        {
            await Databases.ExecuteAsync($"Data Source={file}", content);
        }
        else
        {
            await File.WriteAllTextAsync(file, content);
        }

        await AssertRefusedAsync(file, line);
    }

    [Theory]
    [InlineData("insert into schema_migration values (9999, '9999_add_future', 'x', 'x')", "was made by another, newer version of this program (migration 9999, 9999_add_future). Restore it with that version.")]
    [InlineData("update schema_migration set checksum = 'edited' where number = 2", "was made by another, newer version of this program (migration 2, 0002_create_registry). Restore it with that version.")]
    [InlineData("update registry set format = 'other'", "holds no registry of this program. The registry was left as it is.")]
    [InlineData("update change set data = replace(data, 'Painter', 'Pointer') where revision = 8", "has a change log that was changed by hand: revision 8 is not as it was written. The registry was left as it is; use another backup.")]
    [InlineData("delete from change_item where place = 2", "has a change log that was changed by hand: revision 9 is not as it was written. The registry was left as it is; use another backup.")]
    [InlineData("update record set data = replace(data, 'Paint', 'Point') where kind = 'category'", "is damaged, or no backup of a registry. The registry was left as it is; use another backup.")]
    public async Task A_backup_that_was_changed_by_hand_is_refused(string byHand, string line)
    {
        var backup = await BackupAsync();
        await Databases.ExecuteAsync($"Data Source={backup}", byHand);
        await AssertRefusedAsync(backup, line);
    }

    [Fact]
    public async Task A_copy_that_the_command_did_not_make_is_restored_as_far_as_it_can_be_proven_and_that_is_said()
    {
        var copy = databases.NewPath(".db");
        await app.ExecuteAsync("vacuum into @Copy", new { Copy = copy });

        var called = await Called.WithAsync("restore", copy, Called.On(await databases.NewAsync()));

        Assert.Equal(0, called.ExitCode);
        Assert.EndsWith("The file was not made by the command backup: its log and its structure were proven, the rest was not.", called.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_or_in_use_or_the_registry_itself_is_no_backup()
    {
        var database = await databases.NewAsync();
        Assert.Equal(new Called(1, "", $"There is no file {databases.Folder}/absent."), await Called.WithAsync("restore", Path.Combine(databases.Folder, "absent"), Called.On(database)));
        Assert.Equal(new Called(1, "", $"There is no file {databases.Folder}."), await Called.WithAsync("restore", databases.Folder, Called.On(database)));

        var live = SqliteDatabases.FileOf(app.Database);
        Assert.StartsWith($"{live} is the registry itself.", (await Called.WithAsync("restore", live, Called.On(app.Database))).Error, StringComparison.Ordinal);
        Assert.StartsWith($"{live} is a registry in use,", (await Called.WithAsync("restore", live, Called.On(database))).Error, StringComparison.Ordinal);
        var crashed = await CrashedAsync(await BackupAsync());
        Assert.StartsWith($"{crashed} is a registry in use, or one that a crash left", (await Called.WithAsync("restore", crashed, Called.On(database))).Error, StringComparison.Ordinal);
        Assert.StartsWith("restore replaces a registry on SQLite", (await Called.WithAsync("restore", live, Called.On("Host=h"))).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(SqliteDatabases.FileOf(database)));
    }

    [Fact]
    public async Task A_database_of_another_program_is_never_replaced()
    {
        var (backup, database) = (await BackupAsync(), await databases.NewAsync());
        await Databases.ExecuteAsync(database, "create table customer (name text)");
        Assert.StartsWith("The database is not a registry of this program.", (await Called.WithAsync("restore", backup, "--replace", Called.On(database))).Error, StringComparison.Ordinal);
        Assert.Equal(1, await databases.TablesAsync(database));
    }

    [Fact]
    public async Task A_damaged_registry_is_replaced_when_that_is_asked()
    {
        var (backup, database) = (await BackupAsync(), await databases.NewAsync());
        var file = SqliteDatabases.FileOf(database);
        var bytes = await File.ReadAllBytesAsync(backup);
        bytes.AsSpan(0, 4096).Fill(7);
        await File.WriteAllBytesAsync(file, bytes);
        await File.WriteAllTextAsync(file + "-wal", "what was not in the file yet");

        Assert.Equal(new Called(1, "", $"{file} is damaged, or no registry at all. Add --replace to replace it, or move it away."), await Called.WithAsync("restore", backup, Called.On(database)));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file));
        Assert.Equal(0, (await Called.WithAsync("restore", backup, "--replace", Called.On(database))).ExitCode);
        Assert.False(File.Exists(file + "-wal"));
        Assert.Equal(0, (await Called.WithAsync("verify", Called.On(database))).ExitCode);
    }

    [Fact]
    public async Task What_a_crash_left_beside_the_registry_is_not_played_back_into_the_one_restored()
    {
        var backup = await BackupAsync();
        var file = await CrashedAsync(backup);

        Assert.Equal(0, (await Called.WithAsync("restore", backup, "--replace", Called.On($"Data Source={file}"))).ExitCode);

        Assert.False(File.Exists(file + "-wal"));
        Assert.Equal(0, (await Called.WithAsync("verify", Called.On($"Data Source={file}"))).ExitCode);
        Assert.Equal(await File.ReadAllBytesAsync(file), (await File.ReadAllBytesAsync(backup))[..(int)new FileInfo(file).Length]);
    }

    [Fact]
    public async Task A_restore_that_is_killed_leaves_the_old_registry_or_the_new_one()
    {
        var (old, database) = (await BackupAsync(), await databases.NewAsync());
        await app.RegisterAsync(Certificate("NEWER-" + Guid.NewGuid()));
        var newer = await BackupAsync();
        var revision = await Databases.ScalarAsync<long>($"Data Source={newer}", "select revision from registry");
        foreach (var milliseconds in new[] { 200, 500, 900, 1500 })
        {
            Assert.Equal(0, (await Called.WithAsync("restore", old, "--replace", Called.On(database))).ExitCode);
            await Called.KillAsync(milliseconds, "restore", newer, "--replace", Called.On(database));
            Assert.Equal(0, (await Called.WithAsync("verify", Called.On(database))).ExitCode);
            Assert.InRange(await Databases.ScalarAsync<long>(database, "select revision from registry"), revision - 1, revision);
        }
    }

    /// <summary>A registry as the loss of power leaves it: the newest write is in the -wal file alone.</summary>
    private async Task<string> CrashedAsync(string backup)
    {
        var (open, crashed) = (databases.NewPath(".db"), databases.NewPath(".db"));
        Assert.Equal(0, (await Called.WithAsync("restore", backup, Called.On($"Data Source={open}"))).ExitCode);
        await using var db = new SqliteConnection($"Data Source={open};Pooling=false");
        await db.OpenAsync();
        await db.ExecuteAsync("pragma journal_mode = wal; update registry set revision = revision + 1");
        File.Copy(open, crashed);
        File.Copy(open + "-wal", crashed + "-wal");
        Assert.True(new FileInfo(crashed + "-wal").Length > 0);
        return crashed;
    }

    private async Task<string> BackupAsync()
    {
        var file = databases.NewPath(".db");
        Assert.Equal(0, (await Called.WithAsync("backup", file, Called.On(app.Database))).ExitCode);
        return file;
    }

    private async Task AssertRefusedAsync(byte[] backup, string what)
    {
        var file = databases.NewPath(".db");
        await File.WriteAllBytesAsync(file, backup);
        var called = await AssertRefusedAsync(file, "");
        Assert.True(called.Error.Length > 0, what);
    }

    private async Task<Called> AssertRefusedAsync(string backup, string line)
    {
        var database = await databases.NewAsync();
        var called = await Called.WithAsync("restore", backup, Called.On(database));
        Assert.Equal((1, ""), (called.ExitCode, called.Output));
        Assert.StartsWith(backup, called.Error, StringComparison.Ordinal);
        Assert.Contains(line, called.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.GetFiles(databases.Folder, Path.GetFileName(SqliteDatabases.FileOf(database)) + "*"), left => !left.EndsWith(".lock", StringComparison.Ordinal));
        return called;
    }
}
