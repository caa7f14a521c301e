using System.Net;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using Npgsql;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteKnownAt(HurriedSqliteRegistry app) : KnownAtTests(app), IClassFixture<HurriedSqliteRegistry>;

public sealed class PostgreSqlKnownAt(HurriedPostgreSqlRegistry app) : KnownAtTests(app), IClassFixture<HurriedPostgreSqlRegistry>;

/// <summary>A registry that waits for a lock no longer than a second.</summary>
public sealed class HurriedSqliteRegistry : SqliteRegistry
{
    public override string Database => base.Database + ";Default Timeout=1";

    protected override string Seed => "none";
}

/// <summary>A registry that waits for a lock no longer than a second.</summary>
public sealed class HurriedPostgreSqlRegistry : PostgreSqlRegistry
{
    public override string Database => new NpgsqlConnectionStringBuilder(base.Database) { Options = "-c lock_timeout=1000" }.ConnectionString;

    protected override string Seed => "none";
}

public abstract class KnownAtTests(RegistryApp app)
{
    /// <summary>The write has its instant already: answered now, the question would have another answer after the commit.</summary>
    [Fact]
    public async Task A_moment_is_not_answered_while_a_write_of_an_earlier_moment_is_under_way()
    {
        await app.SendAsync(Category("before"));
        var earlier = (await app.GetAsync($"/v1/changes/{await app.RevisionAsync()}")).Text("at");
        await app.SendAsync(Category("between"));
        var written = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var write = Task.Run(() => app.WithAsync<ChangeLog, int>(log => log.WriteAsync(
            async w =>
            {
                var entry = new CategoryEntry { Code = "under-way", Names = Text("Under way") };
                await w.PutAsync(RecordKind.Category, "under-way", entry);
                written.SetResult();
                await goOn.Task;
                await w.AppendAsync(Actor.Registrar, "category-put", "/v1/categories/under-way", RecordJson.Node(entry));
                return 0;
            },
            CancellationToken.None)));
        await written.Task;
        var moment = Instants.Text(DateTimeOffset.UtcNow);
        var address = $"/v1/certificates?category=under-way&knownAt={moment}";

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(address));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/v1/certificates?category=between"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/v1/certificates?category=before&knownAt={earlier}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync($"/v1/certificates?category=between&knownAt={earlier}"));
        goOn.SetResult();
        await write;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(address));
    }

    private async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var response = await app.Client.GetAsync(address);
        return response.StatusCode;
    }
}
