using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Answers batches on all cores and hands the pages out in the order of the batches. What is in flight is bounded, whatever the length of the list.</summary>
internal static class AnswerInOrder
{
    /// <summary>Runs to the end of the batches, or to the first failure of reading, answering or handing out; nothing is left running afterwards.</summary>
    /// <param name="batches">The batches, read one after the other; each is disposed when it is answered.</param>
    /// <param name="answer">Answers one batch; several run at a time.</param>
    /// <param name="handOut">Takes a page, one after the other; it disposes it.</param>
    /// <param name="cancel">Stops everything.</param>
    public static async Task RunAsync<TBatch>(
        IAsyncEnumerable<TBatch> batches, Func<TBatch, CancellationToken, Task<Page>> answer, Func<Page, CancellationToken, ValueTask> handOut, CancellationToken cancel)
        where TBatch : IDisposable
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var answering = Channel.CreateBounded<Task<Page>>(new BoundedChannelOptions(Environment.ProcessorCount) { SingleReader = true, SingleWriter = true });
        var handingOut = HandOutAsync();
        Exception? failure = null;
        try
        {
            await foreach (var batch in batches.WithCancellation(stop.Token))
            {
                await BeginAsync(batch);
            }
        }
        catch (Exception caught)
        {
            failure = caught;
            await stop.CancelAsync();
        }

        answering.Writer.Complete();
        await handingOut.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await LeaveNothingAsync();
        if (failure is not null && !(failure is OperationCanceledException && handingOut.IsFaulted))
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        await handingOut;

        async Task BeginAsync(TBatch batch)
        {
            try
            {
                await answering.Writer.WaitToWriteAsync(stop.Token);
            }
            catch
            {
                batch.Dispose();
                throw;
            }

            answering.Writer.TryWrite(Task.Run(() => AnswerAsync(batch), CancellationToken.None));
        }

        async Task<Page> AnswerAsync(TBatch batch)
        {
            using (batch)
            {
                return await answer(batch, stop.Token);
            }
        }

        async Task HandOutAsync()
        {
            try
            {
                await foreach (var page in answering.Reader.ReadAllAsync(stop.Token))
                {
                    await handOut(await page, stop.Token);
                }
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }

        async Task LeaveNothingAsync()
        {
            while (answering.Reader.TryRead(out var page))
            {
                await ((Task)page).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (page.IsCompletedSuccessfully)
                {
                    (await page).Dispose();
                }
            }
        }
    }
}
