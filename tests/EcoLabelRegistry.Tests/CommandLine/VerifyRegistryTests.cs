using System.Globalization;
using System.Text;

namespace EcoLabelRegistry.Tests.CommandLine;

public sealed class SqliteVerifyRegistry(SmallSqliteRegistry app, SqliteDatabases databases) : VerifyRegistryTests(app, databases), IClassFixture<SmallSqliteRegistry>, IClassFixture<SqliteDatabases>
{
    [Fact]
    public async Task Where_there_is_no_file_none_is_made()
    {
        var database = await Databases.NewAsync();
        Assert.Equal(
            new Called(1, "", $"There is no registry at {SqliteDatabases.FileOf(database)}. Set Registry:Database to the registry's own file."), await Called.ProgramAsync("verify", Called.On(database)));
        Assert.False(File.Exists(SqliteDatabases.FileOf(database)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no database at all, though long enough to be one; no database at all, though long enough to be one; and so on")]
    public async Task A_file_that_is_no_database_is_told(string text)
    {
        var file = Databases.NewPath(".db");
        await File.WriteAllTextAsync(file, text);
        var called = await Called.WithAsync("verify", Called.On($"Data Source={file}"));
        Assert.Equal((1, ""), (called.ExitCode, called.Output));
        Assert.Equal(
            text.Length == 0 ? "The database is empty: it holds no registry yet." : "The database file is damaged or is no SQLite database. Restore a backup, or move the file away to start anew.", called.Error);
    }

    [Theory]
    [InlineData(":memory:")]
    [InlineData("file:registry.db")]
    public async Task A_database_that_is_no_plain_file_is_refused(string source) => Assert.StartsWith(
        "Registry:Database names no plain file", (await Called.WithAsync("verify", Called.On($"Data Source={source}"))).Error, StringComparison.Ordinal);

    [Fact]
    public async Task One_byte_of_the_file_changed_in_an_entry_is_found_at_its_revision()
    {
        var file = Databases.NewPath(".db");
        Assert.Equal(0, (await Called.WithAsync("backup", file, Called.On(App.Database))).ExitCode);
        var bytes = await File.ReadAllBytesAsync(file);
        var data = Encoding.UTF8.GetBytes((await App.ScalarAsync<string>("select data from change where revision = 8"))!);
        var at = bytes.AsSpan().IndexOf(data);
        Assert.True(at > 0);
        foreach (var offset in new[] { 0, data.Length / 2, data.Length - 1 })
        {
            var changed = bytes.ToArray();
            changed[at + offset] ^= 1;
            await File.WriteAllBytesAsync(file, changed);
            var called = await Called.WithAsync("verify", Called.On($"Data Source={file}"));
            Assert.Equal(1, called.ExitCode);
            Assert.Contains("NOT intact: revision 8 is", called.Output, StringComparison.Ordinal);
        }
    }
}

public sealed class PostgreSqlVerifyRegistry(SmallPostgreSqlRegistry app, PostgreSqlDatabases databases) : VerifyRegistryTests(app, databases), IClassFixture<SmallPostgreSqlRegistry>, IClassFixture<PostgreSqlDatabases>
{
    [Fact]
    public async Task A_server_that_cannot_be_reached_is_told() => Assert.Equal(
        new Called(1, "", "PostgreSQL cannot be reached. Check that it runs and that Host and Port in Registry:Database are right."),
        await Called.WithAsync("verify", Called.On("Host=127.0.0.1;Port=1;Username=x;Database=x")));

    [Fact]
    public async Task A_database_that_is_not_there_is_told() => Assert.Matches(
        "^PostgreSQL refused: database \"absent\" does not exist. Check ", (await Called.WithAsync("verify", Called.On(PostgreSqlRegistry.TestServer.Replace("Database=postgres", "Database=absent", StringComparison.Ordinal)))).Error);
}

/// <summary>The registry that the small one of these tests is has nine entries, the last of which is a register.</summary>
public abstract class VerifyRegistryTests(RegistryApp app, Databases databases)
{
    protected RegistryApp App => app;

    protected Databases Databases => databases;

    [Fact]
    public async Task The_program_proves_a_registry_that_a_service_runs_on_and_names_the_entry_that_was_changed()
    {
        var head = await app.ScalarAsync<string>("select hash from change where revision = 9");
        Assert.Equal(new Called(0, $"The change log is intact: revision 9, head {head}.", ""), await Called.ProgramAsync("verify", Called.On(app.Database)));

        foreach (var (revision, table, column) in new[] { (8, "change", "data"), (8, "change", "hash"), (7, "change", "at"), (3, "change", "actor"), (9, "change_item", "data") })
        {
            var condition = table == "change" ? string.Create(CultureInfo.InvariantCulture, $"revision = {revision}") : "place = 2";
            var kept = await app.ScalarAsync<string>($"select {column} from {table} where {condition}");
            await app.ExecuteAsync($"update {table} set {column} = substr({column}, 1, 9) || '~' || substr({column}, 11) where {condition}");

            var previous = await app.ScalarAsync<string>("select hash from change where revision = @Before", new { Before = revision - 1 });
            var called = revision == 3 ? await Called.ProgramAsync("verify", Called.On(app.Database)) : await Called.WithAsync("verify", Called.On(app.Database));
            Assert.Equal(
                new Called(1, $"The change log is NOT intact: revision {revision} is not as it was written; revision 9, head of what is intact {previous}.", ""), called);
            Assert.Equal(revision, (await app.GetAsync("/v1/changes/verify")).GetProperty("firstBad").GetInt32());

            await app.ExecuteAsync($"update {table} set {column} = @Kept where {condition}", new { Kept = kept });
        }

        Assert.Equal(0, (await Called.WithAsync("verify", Called.On(app.Database))).ExitCode);
    }

    [Fact]
    public async Task A_database_without_a_registry_is_told_and_stays_as_it_is()
    {
        var database = await databases.NewAsync();
        await Databases.ExecuteAsync(database, "create table customer (name text)");
        Assert.StartsWith("The database is not a registry of this program.", (await Called.WithAsync("verify", Called.On(database))).Error, StringComparison.Ordinal);

        await Databases.ExecuteAsync(database, "drop table customer");
        Assert.Equal(new Called(1, "", "The database is empty: it holds no registry yet."), await Called.WithAsync("verify", Called.On(database)));
        Assert.Equal(0, await databases.TablesAsync(database));
    }
}
