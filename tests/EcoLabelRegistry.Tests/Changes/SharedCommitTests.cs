using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Snapshot;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteSharedCommit(EmptySqliteRegistry app) : SharedCommitTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlSharedCommit(EmptyPostgreSqlRegistry app) : SharedCommitTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Writes that wait for each other share a commit; each still stands or falls alone.</summary>
public abstract class SharedCommitTests(RegistryApp app)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public Task Writes_that_wait_for_each_other_commit_together_and_a_refused_one_is_undone_alone() => WithLogAsync(async log =>
    {
        var before = await app.RevisionAsync();
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = WriteAsync(log, "shared-first", async () =>
        {
            entered.SetResult();
            await go.Task.WaitAsync(Patience);
        });
        await entered.Task.WaitAsync(Patience);

        long revisionSeenBySecond = -1;
        var second = WriteAsync(log, "shared-second", async () => revisionSeenBySecond = await app.RevisionAsync());
        var refused = WriteAsync(log, "shared-refused", () => throw new FormatException("refused"));
        using var cancel = new CancellationTokenSource();
        var given = WriteAsync(log, "shared-given-up", () => Task.CompletedTask, cancel: cancel.Token);
        var third = WriteAsync(log, "shared-third", () => Task.CompletedTask);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(first.IsCompleted || second.IsCompleted || refused.IsCompleted || third.IsCompleted);
        go.SetResult();

        Assert.Equal([before + 1, before + 2, before + 3], await Task.WhenAll(first, second, third).WaitAsync(Patience));
        await Assert.ThrowsAsync<FormatException>(() => refused);
        Assert.Equal(before, revisionSeenBySecond); // the first was written, and not yet committed
        Assert.Equal(before + 3, await app.RevisionAsync());
        Assert.Equal(
            ["/v1/categories/shared-first", "/v1/categories/shared-second", "/v1/categories/shared-third"],
            (await app.AllAsync($"/v1/changes?after={before}&limit=1000")).Texts("subject"));
        Assert.Equal("not-found", (await app.GetAsync("/v1/categories/shared-refused")).Text("code"));
        Assert.Equal("not-found", (await app.GetAsync("/v1/categories/shared-given-up")).Text("code"));
        await AssertChainAsync();
    });

    [Fact]
    public Task A_write_that_follows_a_refused_one_stands_on_what_stood_before_it() => WithLogAsync(async log =>
    {
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var refused = WriteAsync(log, "first-refused", async () =>
        {
            entered.SetResult();
            await go.Task.WaitAsync(Patience);
            throw new FormatException("refused");
        });
        await entered.Task.WaitAsync(Patience);
        var before = await app.RevisionAsync();
        var next = WriteAsync(log, "after-refused", () => Task.CompletedTask);
        go.SetResult();

        await Assert.ThrowsAsync<FormatException>(() => refused);
        Assert.Equal(before + 1, await next.WaitAsync(Patience));
        await AssertChainAsync();
    });

    [Fact]
    public Task A_long_write_and_a_batch_share_their_commit_with_nobody() => WithLogAsync(async log =>
    {
        var before = await app.RevisionAsync();
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = WriteAsync(log, "alone-first", async () =>
        {
            entered.SetResult();
            await go.Task.WaitAsync(Patience);
        });
        await entered.Task.WaitAsync(Patience);
        long seenByLong = -1, seenByBatch = -1, seenAfter = -1;
        var alone = WriteAsync(log, "alone-long", async () => seenByLong = await app.RevisionAsync(), isLong: true);
        var batch = log.BatchAsync(
            async () =>
            {
                seenByBatch = await app.RevisionAsync();
                await WriteAsync(log, "alone-batch", () => Task.CompletedTask);
            },
            CancellationToken.None);
        var after = WriteAsync(log, "alone-after", async () => seenAfter = await app.RevisionAsync());
        go.SetResult();
        await Task.WhenAll(first, alone, batch, after).WaitAsync(Patience);

        Assert.Equal((before + 1, before + 2, before + 3), (seenByLong, seenByBatch, seenAfter));
        await AssertChainAsync();
    });

    [Fact]
    public Task Writers_that_give_up_at_any_moment_leave_nothing_open() => WithLogAsync(async log =>
    {
        var random = new Random(20261125);
        var before = await app.RevisionAsync();
        var acknowledged = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            using var cancel = new CancellationTokenSource();
            if (i % 2 == 0)
            {
                cancel.CancelAfter(TimeSpan.FromMilliseconds(random.Next(0, 20)));
            }

            try
            {
                await WriteAsync(log, $"storm-{i}", () => i % 5 == 0 ? throw new FormatException("refused") : Task.CompletedTask, cancel: cancel.Token);
                Interlocked.Increment(ref acknowledged);
            }
            catch (Exception failure) when (failure is FormatException or OperationCanceledException)
            {
                // Refused, or gone.
            }
        }))).WaitAsync(Patience);

        Assert.True(acknowledged >= 40, $"only {acknowledged} were acknowledged"); // those that neither gave up nor were refused
        Assert.Equal(before + acknowledged, await app.RevisionAsync());
        Assert.Equal(before + acknowledged + 1, await WriteAsync(log, "storm-last", () => Task.CompletedTask).WaitAsync(Patience));
        await AssertChainAsync();
    });

    private static Task<long> WriteAsync(ChangeLog log, string code, Func<Task> meanwhile, bool isLong = false, CancellationToken cancel = default) => log.WriteAsync(
        async write =>
        {
            await write.PutAsync(RecordKind.Category, code, new CategoryEntry { Code = code, Names = Text(code) });
            await meanwhile();
            await write.AppendAsync(Actor.Registrar, "category-put", "/v1/categories/" + code, new System.Text.Json.Nodes.JsonObject());
            return write.Revision;
        },
        cancel,
        isLong);

    private async Task AssertChainAsync() => Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());

    private Task<int> WithLogAsync(Func<ChangeLog, Task> test) => app.WithAsync<ChangeLog, int>(async log =>
    {
        await test(log);
        return 0;
    });
}
