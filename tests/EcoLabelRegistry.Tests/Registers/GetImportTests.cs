using EcoLabelRegistry.Changes;
using static EcoLabelRegistry.Tests.Registers.RegisterCalls;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Registers;

public sealed class SqliteGetImport(EmptySqliteRegistry app) : GetImportTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlGetImport(EmptyPostgreSqlRegistry app) : GetImportTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class GetImportTests(RegistryApp app)
{
    [Fact]
    public async Task While_one_import_of_a_scheme_runs_a_second_is_refused_on_any_server_and_other_schemes_go_on()
    {
        var scheme = await app.NewSchemeAsync();
        var otherScheme = await app.NewSchemeAsync();
        await using var otherServer = new AnotherServer(app.Database);
        await otherServer.InitializeAsync();
        var body = new SlowBody();
        var first = app.SendAsync(HttpMethod.Put, scheme, body);
        body.Send(Row("A") + "\n");
        var id = (await WaitAsync(scheme, import => import.GetProperty("received").GetInt64() == 1)).Text("id");

        Assert.Contains(id!, (await app.PutAsync(scheme, Row("B")).RefusedAsync(409, "import-running")).Text("detail"), StringComparison.Ordinal);
        await app.PatchAsync(scheme, Row("B")).RefusedAsync(409, "import-running");
        await otherServer.PutAsync(scheme, Row("B")).RefusedAsync(409, "import-running");
        Assert.Equal("1/0/0/0", (await otherServer.PutAsync(otherScheme, Row("B")).TakenAsync()).Counts());
        Assert.Equal(("receiving", "full"), ((await otherServer.GetAsync($"/v1/imports/{id}")).Text("state"), (await app.GetAsync($"/v1/imports/{id}")).Text("kind")));

        body.Send(Row("C"));
        body.End();
        var answer = await first.TakenAsync();
        Assert.Equal("2/0/0/0", answer.Counts());
        Assert.Equal(id, answer.Text("import"));
        var done = await app.GetAsync($"/v1/imports/{id}");
        Assert.Equal(("done", "2/0/0/0", answer.GetProperty("revision").GetInt64()), (done.Text("state"), done.Counts(), done.GetProperty("revision").GetInt64()));
        Assert.Equal("0/0/2/0", (await otherServer.PutAsync(scheme, RowsOf("A", "C")).TakenAsync()).Counts());
    }

    [Fact]
    public async Task Imports_are_listed_newest_first_and_an_answer_that_has_changed_is_never_taken_from_a_cache()
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, RowsOf("A")).TakenAsync();
        using var list = await app.Client.GetAsync($"/v1/imports?scheme={scheme}");
        await app.PatchAsync(scheme, RowsOf("A")).TakenAsync(); // no revision is made

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/imports?scheme={scheme}");
        again.Headers.IfNoneMatch.Add(list.Headers.ETag!);
        using var second = await app.Client.SendAsync(again);
        Assert.Equal(200, (int)second.StatusCode);
        Assert.Equal(["delta", "full"], (await app.AllAsync($"/v1/imports?scheme={scheme}&limit=1")).Texts("kind"));
        Assert.Equal("not-found", (await app.GetAsync("/v1/imports/nowhere")).Text("code"));
        Assert.Equal("unknown-scheme", (await app.GetAsync("/v1/imports?scheme=nowhere")).Text("code"));
    }

    [Fact]
    public async Task The_turn_of_a_server_that_crashed_is_not_for_ever()
    {
        var scheme = await app.NewSchemeAsync();
        var id = await LeaveTurnAsync(scheme, DateTimeOffset.UtcNow);
        await app.PutAsync(scheme, Row("A")).RefusedAsync(409, "import-running");
        Assert.Equal("receiving", (await app.GetAsync($"/v1/imports/{id}")).Text("state"));

        await app.ExecuteAsync("update register_import set seen_at = @At where id = @Id", new { Id = id, At = Change.Instant(DateTimeOffset.UtcNow.AddSeconds(-31)) });
        Assert.Equal("interrupted", (await app.GetAsync($"/v1/imports/{id}")).Text("state"));
        Assert.Equal("1/0/0/0", (await app.PutAsync(scheme, Row("A")).TakenAsync()).Counts());
        Assert.Equal("interrupted", (await app.GetAsync($"/v1/imports/{id}")).Text("state"));
    }

    [Fact]
    public async Task Who_lost_the_turn_without_knowing_changes_nothing()
    {
        var scheme = await app.NewSchemeAsync();
        var before = await app.RowsAsync();
        var body = new SlowBody();
        var first = app.SendAsync(HttpMethod.Put, scheme, body);
        body.Send(Row("A") + "\n");
        var id = (await WaitAsync(scheme, import => import.Text("state") == "receiving")).Text("id");

        // As if the server had been stopped for so long that another import took the turn.
        await app.ExecuteAsync("update register_import set ended_at = seen_at, state = 'interrupted' where id = @Id", new { Id = id });
        body.End();

        await first.RefusedAsync(409, "import-running");
        Assert.Equal(before, await app.RowsAsync());
        Assert.Equal("interrupted", (await app.GetAsync($"/v1/imports/{id}")).Text("state"));
    }

    [Fact]
    public async Task What_is_written_while_the_rows_are_judged_is_not_lost()
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, RowsOf("A", "B", "C", "D", "E", "F")).TakenAsync();
        var body = new SlowBody();
        var import = app.SendAsync(HttpMethod.Put, scheme, body);
        body.Send(RowsOf("A", "B", "C", "D", "E") + "\n");
        await WaitAsync(scheme, i => i.Text("state") == "receiving");

        // While somebody holds the write lock, the rows are judged against what stood before, and then wait for it.
        await app.WithAsync<ChangeLog, int>(async log =>
        {
            await log.BatchAsync(
                async () =>
                {
                    await app.RegisterAsync(Certificate("NEW") with { Scheme = scheme, Standard = null });
                    await app.RegisterAsync(Certificate("E") with { Scheme = scheme, Standard = null, Holder = "Another" });
                    body.Send(Row("NEW"));
                    body.End();
                    await WaitingAsync(log);
                },
                CancellationToken.None);
            return 0;
        });

        Assert.Equal("0/2/4/1", (await import.TakenAsync()).Counts());
        Assert.Equal("Painter Ltd", (await app.CertificateAsync(scheme, "E")).Text("holder"));
        Assert.Equal(2, (await app.CertificateAsync(scheme, "NEW")).GetProperty("periods").GetArrayLength());
        Assert.Equal(1, await app.ScalarAsync<long>(
            "select count(*) from certificate where id = @Id and recorded_until is null", new { Id = EcoLabelRegistry.Products.ProductIdentity.CertificateId(scheme, "NEW", null) }));
        Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task A_broken_connection_leaves_the_old_register_and_gives_the_turn_back()
    {
        var scheme = await app.NewSchemeAsync();
        await app.PutAsync(scheme, RowsOf("OLD")).TakenAsync();
        var before = await app.RowsAsync();
        var body = new SlowBody();
        var sent = app.SendAsync(HttpMethod.Put, scheme, body, "?maxWithdraw=100");
        body.Send(Row("NEW") + "\n");
        await WaitAsync(scheme, import => import.Text("state") == "receiving");

        body.Break();

        await Assert.ThrowsAnyAsync<Exception>(() => sent);
        await WaitAsync(scheme, import => import.Text("state") == "interrupted");
        Assert.Equal(before, await app.RowsAsync());
        await app.PutAsync(scheme, RowsOf("OLD")).TakenAsync();
    }

    private static async Task WaitingAsync(ChangeLog log)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (log.Waiting == 0)
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task<string> LeaveTurnAsync(string scheme, DateTimeOffset seen)
    {
        var id = Guid.CreateVersion7().ToString();
        await app.ExecuteAsync(
            """
            insert into register_import (id, scheme, kind, actor, state, version, started_at, seen_at, received, checked, created, updated, unchanged, withdrawn, rejected)
            values (@Id, @Scheme, 'full', 'registrar', 'receiving', 1, @At, @At, 0, 0, 0, 0, 0, 0, 0)
            """,
            new { Id = id, Scheme = scheme, At = Change.Instant(seen) });
        return id;
    }

    private async Task<System.Text.Json.JsonElement> WaitAsync(string scheme, Func<System.Text.Json.JsonElement, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var items = (await app.GetAsync($"/v1/imports?scheme={scheme}&limit=1")).Items();
            if (items.Count > 0 && holds(items[0]))
            {
                return items[0];
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
