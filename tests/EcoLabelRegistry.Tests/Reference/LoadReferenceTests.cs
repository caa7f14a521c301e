using EcoLabelRegistry.Reference;

namespace EcoLabelRegistry.Tests.Reference;

public sealed class SqliteLoadReference(EmptySqliteRegistry app) : LoadReferenceTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlLoadReference(EmptyPostgreSqlRegistry app) : LoadReferenceTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class LoadReferenceTests(RegistryApp app)
{
    [Fact]
    public async Task Servers_that_start_at_once_on_one_empty_database_load_it_once_and_then_agree()
    {
        Assert.Equal(0, await app.RevisionAsync());
        var (first, second) = (new Twin(app.Database), new Twin(app.Database));
        try
        {
            await Task.WhenAll(Task.Run(first.InitializeAsync), Task.Run(second.InitializeAsync));

            var proof = await first.GetAsync("/v1/changes/verify");
            Assert.True(proof.GetProperty("valid").GetBoolean());
            Assert.Equal(proof.ToString(), (await second.GetAsync("/v1/changes/verify")).ToString());
            Assert.Single(first.Log.Entries.Concat(second.Log.Entries), entry => entry.Message.StartsWith("Reference registry loaded", StringComparison.Ordinal));
            Assert.Equal((await first.GetAsync("/v1/schemes/cel")).ToString(), (await app.GetAsync("/v1/schemes/cel")).ToString());

            var revision = await app.RevisionAsync();
            Assert.False(await first.WithAsync<LoadReference, bool>(reference => reference.RunAsync(CancellationToken.None)));
            Assert.Equal(revision, await app.RevisionAsync());
        }
        finally
        {
            await first.DisposeAsync();
            await second.DisposeAsync();
        }
    }

    /// <summary>One more server on a database that is another's.</summary>
    private sealed class Twin(string database) : RegistryApp
    {
        // SQLite's own limit for the wait; a slow machine must not decide the test. PostgreSQL is waited for without one.
        public override string Database => database.StartsWith("Data Source", StringComparison.Ordinal) ? database + ";Default Timeout=300" : database;
    }
}
