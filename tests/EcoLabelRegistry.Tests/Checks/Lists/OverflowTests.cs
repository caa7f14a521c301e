using System.IO.Pipelines;
using EcoLabelRegistry.Checks.Lists;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Tests.Checks.Lists;

public sealed class OverflowTests
{
    private const int Size = 100_000;

    [Theory]
    [InlineData(0)] // reads from the start
    [InlineData(150)] // reads when half is written
    [InlineData(300)] // reads when all is written
    public async Task A_client_gets_every_byte_in_order_whenever_it_begins_to_read(int readsAfter)
    {
        var client = new Pipe();
        await using var overflow = new Overflow(client.Writer, 100L << 20, TimeSpan.FromMinutes(1), CancellationToken.None);
        var reading = readsAfter == 0 ? ReadAsync(client.Reader) : null;
        for (var i = 0; i < 300; i++)
        {
            await overflow.AddAsync(Numbered(i), CancellationToken.None);
            reading ??= i == readsAfter - 1 ? ReadAsync(client.Reader) : null;
        }

        overflow.AllIsIn();
        await overflow.AddAsync(Numbered(300), CancellationToken.None);
        await overflow.FinishAsync();
        await client.Writer.CompleteAsync();

        var read = await reading!;
        Assert.Equal(301 * Size, read.Length);
        Assert.All(Enumerable.Range(0, 301), i => Assert.True(read.AsSpan(i * Size, Size).IndexOfAnyExcept((byte)i) < 0, $"page {i}"));
    }

    [Fact]
    public async Task A_full_file_waits_for_a_client_that_reads_slowly_and_gives_up_one_that_does_not()
    {
        var slow = new Pipe();
        await using (var overflow = new Overflow(slow.Writer, 1 << 20, TimeSpan.FromMinutes(1), CancellationToken.None))
        {
            var reading = ReadAsync(slow.Reader, pause: TimeSpan.FromMilliseconds(1));
            for (var i = 0; i < 100; i++)
            {
                await overflow.AddAsync(Numbered(i), CancellationToken.None);
            }

            await overflow.FinishAsync();
            await slow.Writer.CompleteAsync();
            Assert.Equal(100 * Size, (await reading).Length);
        }

        await using var given = new Overflow(new Pipe().Writer, 1 << 20, TimeSpan.FromMilliseconds(200), CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<RefusalException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await given.AddAsync(Numbered(i), CancellationToken.None);
            }
        });
        Assert.Equal(ProblemCode.RequestTimeout, refusal.ProblemCode);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_after_all_is_in_is_given_up()
    {
        await using var overflow = new Overflow(new Pipe().Writer, 100L << 20, TimeSpan.FromMilliseconds(200), CancellationToken.None);
        for (var i = 0; i < 30; i++)
        {
            await overflow.AddAsync(Numbered(i), CancellationToken.None);
        }

        await Assert.ThrowsAsync<RefusalException>(overflow.FinishAsync);
    }

    [Fact]
    public async Task A_client_that_goes_away_frees_the_file()
    {
        using var gone = new CancellationTokenSource();
        var overflow = new Overflow(new Pipe().Writer, 100L << 20, TimeSpan.FromMinutes(1), gone.Token);
        for (var i = 0; i < 50; i++)
        {
            await overflow.AddAsync(Numbered(i), CancellationToken.None);
        }

        Assert.True(overflow.IsSpilling);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(overflow.FinishAsync);
        await overflow.DisposeAsync();
        Assert.False(overflow.IsSpilling);
    }

    private static Page Numbered(int number)
    {
        var page = new Page();
        page.GetSpan(Size)[..Size].Fill((byte)number);
        page.Advance(Size);
        return page;
    }

    private static async Task<byte[]> ReadAsync(PipeReader reader, TimeSpan pause = default)
    {
        using var all = new MemoryStream();
        while (true)
        {
            var read = await reader.ReadAsync();
            foreach (var segment in read.Buffer)
            {
                all.Write(segment.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return all.ToArray();
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause);
            }
        }
    }
}
