using EcoLabelRegistry.Checks.Lists;

namespace EcoLabelRegistry.Tests.Checks.Lists;

public sealed class AnswerInOrderTests
{
    [Fact]
    public async Task Pages_come_in_the_order_of_their_batches_whoever_is_ready_first_and_no_more_than_a_few_at_a_time()
    {
        var random = new Random(1);
        var (running, most) = (0, 0);
        var said = new List<byte>();
        await AnswerInOrder.RunAsync(
            Batches(200),
            async (batch, _) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Delay(random.Next(3), CancellationToken.None);
                Interlocked.Decrement(ref running);
                return batch.Answer();
            },
            (page, _) =>
            {
                said.AddRange(page.Written.Span);
                page.Dispose();
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), said);
        Assert.InRange(most, 1, Environment.ProcessorCount + 2);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("answer")]
    [InlineData("hand out")]
    public async Task The_first_failure_ends_it_and_leaves_nothing_behind(string where)
    {
        var made = new List<Batch>();
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => AnswerInOrder.RunAsync(
            Batches(int.MaxValue, made, failsAt: where == "read" ? 20 : null),
            (batch, _) => where == "answer" && batch.Number == 20 ? throw new InvalidDataException("answer") : Task.FromResult(batch.Answer()),
            (page, _) =>
            {
                var number = page.Written.Span[0];
                page.Dispose();
                return where == "hand out" && number == 20 ? throw new InvalidDataException("hand out") : ValueTask.CompletedTask;
            },
            CancellationToken.None));

        Assert.Equal(where, failure.Message);
        Assert.All(made, batch => Assert.True(batch.IsDisposed, $"batch {batch.Number}"));
    }

    [Fact]
    public async Task Whoever_goes_away_stops_it()
    {
        using var gone = new CancellationTokenSource();
        var made = new List<Batch>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AnswerInOrder.RunAsync(
            Batches(int.MaxValue, made),
            (batch, _) => Task.FromResult(batch.Answer()),
            async (page, _) =>
            {
                if (page.Written.Span[0] == 20)
                {
                    await gone.CancelAsync();
                }

                page.Dispose();
            },
            gone.Token));

        Assert.All(made, batch => Assert.True(batch.IsDisposed, $"batch {batch.Number}"));
    }

    private static async IAsyncEnumerable<Batch> Batches(int count, List<Batch>? made = null, int? failsAt = null)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            if (i == failsAt)
            {
                throw new InvalidDataException("read");
            }

            var batch = new Batch(i);
            made?.Add(batch);
            yield return batch;
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private sealed class Batch(int number) : IDisposable
    {
        public int Number => number;

        public bool IsDisposed { get; private set; }

        public Page Answer()
        {
            var page = new Page();
            page.Add((byte)number);
            return page;
        }

        public void Dispose() => IsDisposed = true;
    }
}
